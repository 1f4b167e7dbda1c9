"""Working parts of the explorer out ahead, in a process for each core, for the cache."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from monazite.core.limited_process import python_child
from monazite.core.results import Struct
from monazite.view.explorer_parts import at_tier, card_parts, element_part, is_kept

if TYPE_CHECKING:
    from monazite import View

FEW = 3
"""So many parts are worked out by the process that asks: another takes seconds to begin."""


class AheadPart(Struct):
    """A part of the explorer: an element at a tier, or cards; one family goes to one process."""

    tier: int | None
    asked: tuple[str, ...]
    family: str = ""


def work_ahead(view: View, parts: Sequence[AheadPart], share: Callable[[float], object]) -> None:
    """Have parts worked out and kept that are not, by as many processes as there are cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if not view.cached or view.reasoned or (cores or 1) < 2:
        return
    view.store.wait()  # it must lie in the cache for others to open it
    missing = [part for part in parts if not is_kept(at_tier(view, part.tier), part.asked)]
    if len(missing) <= FEW:
        return
    waiting: queue.SimpleQueue[list[AheadPart]] = queue.SimpleQueue()
    for family in _families(missing):
        waiting.put(family)
    lock, done = threading.Lock(), len(parts) - len(missing)

    def say() -> None:
        nonlocal done
        with lock:
            done += 1
            share(done / len(parts))

    with _processes(view, min(cores or 1, len(missing), 8)) as processes:
        threads = [
            threading.Thread(target=_feed, args=(process, waiting, say), daemon=True)
            for process in processes
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _families(parts: Iterable[AheadPart]) -> list[list[AheadPart]]:
    """Parts that go to one process, the largest families first."""
    found: dict[tuple[object, ...], list[AheadPart]] = {}
    for part in parts:
        key = (part.tier, part.family) if part.family else (part.tier, *part.asked)
        found.setdefault(key, []).append(part)
    return sorted(found.values(), key=len, reverse=True)


def _feed(
    process: subprocess.Popen[str],
    waiting: queue.SimpleQueue[list[AheadPart]],
    say: Callable[[], None],
) -> None:
    """Give a process one part after the other."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(queue.Empty, OSError, ValueError):
        while True:
            for part in waiting.get_nowait():
                process.stdin.write(json.dumps([part.tier, part.asked]) + "\n")
                process.stdin.flush()
                if not process.stdout.readline():
                    return  # it broke off
                say()


@contextmanager
def _processes(view: View, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    data = None if view.data is None else str(view.data)
    filters = {"valid": view.filters.valid, "known": view.known, "tier": view.tier}
    told = {**filters, "without": list(view.without), "data": data, "ontology": str(view.ontology)}
    command, environment = python_child(__name__, json.dumps(told))
    started = [
        subprocess.Popen(  # noqa: S603 - our own module, words we made
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        for _ in range(count)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def serve(view_words: str, lines: IO[str], answers: IO[str]) -> None:
    """Work parts out, as a process that :func:`work_ahead` has started."""
    from monazite import load

    asked = json.loads(view_words)
    view = load(**{**asked, "without": tuple(asked["without"])})
    seen = {}
    for line in lines:
        tier, (kind, *names) = json.loads(line)
        if tier not in seen:
            seen[tier] = at_tier(view, tier)
        if kind == "cards":
            card_parts(seen[tier], names)
        else:
            element_part(seen[tier], names[0], names[1:])
        answers.write("kept\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.stdin, sys.stdout)
