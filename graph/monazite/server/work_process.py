"""A worker's own process: it opens views, and does what it is sent, one work after the other."""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import sys
import time
import traceback
import warnings
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from monazite.core import errors
from monazite.core.limited_process import limit_memory, raise_walls, stop_after
from monazite.data.filters import Filters
from monazite.view.opening import load
from monazite.view.view import View

DONE, REFUSED, FAILED = 0, 1, 2
"""How work ended: with an answer, with an error of Monazite, by a fault of ours."""
HEAD = struct.Struct(">BdQ")
"""Stands before what is answered: how work ended, the seconds that this process has had a
processor, and the length of what follows."""
PASSED_ON = ("QueryError", "UnknownNameError", "NotKnownError", "LimitError", "MonaziteError")
"""The errors that are raised again before the door; each of the others is one of these there."""
VIEWS = 4  # views that a worker keeps open


def main() -> int:
    """Work until nobody sends any more."""
    task = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when work ends
    warnings.simplefilter("ignore")
    gc.set_threshold(200_000, 50, 100)  # as for commands: rows live to the end
    missing = raise_walls(task["parent"])

    @lru_cache(maxsize=VIEWS)
    def open_again(filters: Filters) -> View:
        asked = {name: getattr(filters, name) for name in ("valid", "known", "tier", "without")}
        return load(**asked, data=task["data"], ontology=Path(task["ontology"]), hold=False)

    try:
        open_again(_filters(task["filters"])).store.hold()
    except errors.MonaziteError as error:
        _refuse(answers, error)
        return 1
    limit_memory(task["memory"])
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # why it could not start is all that is read there
    _answer(answers, DONE, json.dumps(missing).encode())
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        stop_after(asked["seconds"])
        try:
            work = getattr(import_module(asked["module"]), asked["name"])
            view = open_again(_filters(asked["filters"]))
            answer = work(view, asked["given"])
        except errors.MonaziteError as error:
            _refuse(answers, error)
        except (MemoryError, RecursionError):
            return 1
        except Exception as error:  # noqa: BLE001 - a fault ends a request, not the server
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            said = f"{type(error).__name__}: {error} ({place})"
            _answer(answers, FAILED, said.encode())
        else:
            _answer(answers, DONE, answer)
        stop_after(None)
    return 0


def _filters(words: dict[str, Any]) -> Filters:
    return Filters(**{**words, "without": tuple(words["without"])})


def _refuse(answers: BinaryIO, error: errors.MonaziteError) -> None:
    kinds = [each.__name__ for each in type(error).__mro__]
    kind = next(each for each in kinds if each in PASSED_ON)
    _answer(answers, REFUSED, json.dumps([kind, str(error)]).encode())


def _answer(answers: BinaryIO, how: int, content: bytes) -> None:
    head = HEAD.pack(how, time.process_time(), len(content))
    answers.write(head + content)  # at once: who reads is woken once
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
