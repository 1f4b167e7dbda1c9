"""Fuzz for minutes or hours: ``python tests/fuzz/run.py --minutes 60 [TARGET ...]``.

Coverage leads where atheris runs (``pip install -e '.[fuzz]'``), hypothesis elsewhere. Each target
runs in a process of its own, one after the other. ``--inputs`` ends each after so many whatever
the clock, the same each time. The corpus and the finds lie in a folder outside of the repository,
and the next run begins with them. Exit 1 if there is a find.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import mmap
import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.target import Target

ROOT = Path(__file__).parents[2]
FOLDER = Path(tempfile.gettempdir()) / "monazite-fuzz"
KEPT = 3  # Inputs of one find that are kept
STUCK = 300  # Seconds after which an input is given up, and its process with it
MEMORY = 4096  # MiB that a process may take
SEEDS, LENGTHS = 200, (30, 100, 300, 1000, 3000)
"""Inputs of chance that a run begins with, beside the good ones and its corpus; their bytes."""
LONGEST = 8192  # Bytes that choose an input
BATCH = 2_000  # Inputs after which hypothesis begins anew


TARGETS = {
    **dict.fromkeys(("bills", "imports", "records", "scenarios"), "files"),
    **dict.fromkeys(("houses", "keys", "templates"), "houses"),
    **dict.fromkeys(("descriptions", "documents", "explorers", "pages"), "pages"),
    **dict.fromkeys(("drawings", "filters", "headers", "names"), "queries"),
    **dict.fromkeys(("parameters", "queries", "texts"), "queries"),
    **dict.fromkeys(("cells", "contributions", "dates", "releases"), "tables"),
    **dict.fromkeys(("tables", "workbooks"), "tables"),
    **dict.fromkeys(("arguments", "commands"), "words"),
}
"""The targets and their modules, imported late: a fuzzer first sees to what they import."""
PARTS = {
    **dict.fromkeys(("arguments", "drawings", "houses", "keys"), 1),
    **dict.fromkeys(("commands", "imports", "records", "scenarios", "templates"), 3),
    **dict.fromkeys(("bills", "cells", "pages", "tables", "workbooks"), 4),
    "queries": 5,
}
"""Parts of the time of a long run; two for the others."""


def make(name: str, folder: Path) -> Target:
    made: Target = getattr(import_module(f"tests.fuzz.{TARGETS[name]}"), name)(folder)
    return made


@dataclass
class Tally:
    """What was tried of a target, and the finds by where they were made."""

    target: str
    engine: str
    seconds: float = 0.0
    inputs: int = 0
    finds: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        each = self.inputs / self.seconds if self.seconds else 0
        words = f"{self.target:12} {self.engine:10} {self.inputs:>10,} {each:>7,.0f}/s"
        return f"{words} {sum(self.finds.values()):>7,} in {len(self.finds)} places"


def main() -> int:
    sys.path[0] = str(ROOT)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(sorted(TARGETS)))
    parser.add_argument("--minutes", type=float, default=10.0, help="Of all targets together.")
    parser.add_argument("--inputs", type=int, default=0, help="Of each target at most.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="Of the corpus and the finds.")
    parser.add_argument("--seed", type=int, default=0, help="Of what is tried.")
    parser.add_argument("--engine", choices=("atheris", "hypothesis"), default=None)
    parser.add_argument("--alone", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    unknown = sorted({*asked.targets} - {*TARGETS})
    if unknown:
        parser.error(
            f"there is no target {', '.join(unknown)}; there are {', '.join(sorted(TARGETS))}"
        )
    if asked.alone:
        run_alone(asked)
        return 0
    engine = asked.engine or ("atheris" if find_spec("atheris") else "hypothesis")
    if engine == "hypothesis":
        print("Without coverage: pip install -e '.[fuzz]' adds atheris, where it runs.")
    names = asked.targets or sorted(TARGETS)
    parts = sum(PARTS.get(name, 2) for name in names)
    tallies = []
    for name in names:
        seconds = 60 * asked.minutes * PARTS.get(name, 2) / parts
        tallies.append(run_target(name, engine, seconds, asked))
        print(tallies[-1].line(), flush=True)
    finds = sum(len(tally.finds) for tally in tallies)
    print(f"{sum(tally.inputs for tally in tallies):,} inputs, finds in {finds} places")
    for tally in tallies:
        for place, count in tally.finds.items():
            print(f"{tally.target}: {count:,} times {place}")
    if finds:
        print(f"The inputs are in {asked.folder}/TARGET/finds.")
    return 1 if finds else 0


def run_target(name: str, engine: str, seconds: float, asked: argparse.Namespace) -> Tally:
    """Run a target in a process; one that breaks off is a find, and another goes on for it."""
    home = asked.folder.resolve() / name
    for part in ("corpus", "finds"):
        (home / part).mkdir(parents=True, exist_ok=True)
    whole = Tally(name, engine)
    end, seed = time.monotonic() + seconds, asked.seed
    while (left := end - time.monotonic()) > 1:
        (home / "tally.json").unlink(missing_ok=True)
        words = [sys.executable, __file__, name, "--alone", str(left), "--seed", str(seed)]
        words += ["--folder", str(asked.folder.resolve()), "--inputs", str(asked.inputs)]
        words += ["--engine", engine]
        environ = {**os.environ, "PYTHONHASHSEED": "0"}
        with (home / "log.txt").open("ab") as log:
            done = subprocess.run(words, stdout=log, stderr=log, cwd=home, env=environ, check=False)
        tally = home / "tally.json"
        if tally.exists():
            found = Tally(**json.loads(tally.read_text(encoding="utf-8")))
            whole.inputs += found.inputs
            whole.seconds += found.seconds
            for place, count in found.finds.items():
                whole.finds[place] = whole.finds.get(place, 0) + count
        if done.returncode == 0:
            break
        place = f"the process broke off with {done.returncode}; see {home / 'log.txt'}"
        whole.finds[place] = whole.finds.get(place, 0) + 1
        current = home / "current"
        if current.exists():
            current.replace(home / "finds" / f"broke-off-{whole.finds[place]}.bin")
        seed += 1
        if whole.inputs == 0:
            break  # it cannot begin
    return whole


def run_alone(asked: argparse.Namespace) -> None:
    name, engine = asked.targets[0], asked.engine
    run = Run(asked.folder / name, Tally(name, engine), asked.inputs)
    with tempfile.TemporaryDirectory(prefix="monazite-fuzz-") as scratch:
        os.environ["MONAZITE_CACHE"] = str(Path(scratch) / "cache")
        with covered(engine):
            target = make(name, Path(scratch))
            run.begin(asked.alone)
            if engine == "atheris":
                run_with_atheris(target, run, asked.seed)
            else:
                run_with_hypothesis(target, run, asked.seed)
        run.write()


@contextlib.contextmanager
def covered(engine: str) -> Iterator[None]:
    """What is imported here counts which of its lines an input reaches."""
    if engine != "atheris":
        yield
        return
    import atheris

    with atheris.instrument_imports(include=["monazite"]):  # some are imported late
        yield


class Run:
    """A run of one target: it counts inputs, keeps finds, and knows when it is over."""

    def __init__(self, home: Path, tally: Tally, inputs: int) -> None:
        self.home, self.tally, self.inputs = home, tally, inputs
        self.begin(0)
        (home / "current").write_bytes(b"\0" * LONGEST)
        with (home / "current").open("r+b") as file:
            self._current = mmap.mmap(file.fileno(), LONGEST)

    def begin(self, seconds: float) -> None:
        """Start the clock: what was imported is not the time of an input."""
        self._begun = self._written = time.monotonic()
        self._end = self._begun + seconds

    @property
    def is_over(self) -> bool:
        """Whether time or inputs are out; the tally is written now and then."""
        now = time.monotonic()
        if now - self._written > 5:
            self.write()
            self._written = now
        return now > self._end or 0 < self.inputs <= self.tally.inputs

    def write(self) -> None:
        self.tally.seconds = time.monotonic() - self._begun
        beside = self.home / "tally.part"
        beside.write_text(json.dumps(asdict(self.tally)), encoding="utf-8")
        beside.replace(self.home / "tally.json")

    def remember(self, data: bytes) -> None:
        """Keep the bytes of the input where they outlive this process."""
        self._current.seek(0)
        self._current.write(data[:LONGEST].ljust(LONGEST, b"\0"))

    def find(self, error: BaseException, given: object, data: bytes) -> None:
        place = place_of(error)
        count = self.tally.finds[place] = self.tally.finds.get(place, 0) + 1
        if count > KEPT:
            return
        file = self.home / "finds" / sha256(f"{place}{count}".encode()).hexdigest()[:16]
        trace = "".join(traceback.format_exception(error))
        file.with_suffix(".txt").write_text(f"{given!a}\n\n{trace}", "utf-8", "backslashreplace")
        if data:
            file.with_suffix(".bin").write_bytes(data)
            (self.home / "corpus" / file.name).write_bytes(data)


def place_of(error: BaseException) -> str:
    """What was raised, and where: the last line of ours, without what differs by the input."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT)
        and "site-packages" not in frame.filename
        and frame.name not in {"require", "check_timed", "holds"}
    ]
    last = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    what = str(error).partition(":")[0][:80] if type(error).__name__ == "FindError" else ""
    file = Path(last.filename)
    name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file.name
    return f"{type(error).__name__} {what} at {name}:{last.lineno}"


def run_with_atheris(target: Target, run: Run, seed: int) -> None:
    """Let coverage lead; libFuzzer ends the process itself."""
    import atheris

    choose = target.of_bytes()

    def one(data: bytes) -> None:
        run.remember(data)
        try:
            run.tally.inputs += choose(data)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is a find
            run.tally.inputs += 1
            run.find(error, target.last, data)
        if run.is_over:
            run.write()
            os._exit(0)

    seeds = run.home / "seeds"
    seeds.mkdir(exist_ok=True)
    chance = random.Random(seed)
    good = [b"\0" + data for data in target.seeds]
    good += [b"\xff" + chance.randbytes(chance.choice(LENGTHS)) for _ in range(SEEDS)]
    for number, data in enumerate(good):
        (seeds / f"{number}").write_bytes(data)
    (run.home / "words").write_text("".join(map(as_hex, target.words)), encoding="ascii")
    words = [f"-dict={run.home}/words"] if target.words else []  # it refuses an empty one
    words += [f"-seed={seed + 1}", f"-timeout={STUCK}", f"-rss_limit_mb={MEMORY}"]
    words += [f"-max_len={LONGEST}", "-len_control=0", f"-artifact_prefix={run.home}/finds/"]
    atheris.Setup([sys.argv[0], *words, str(run.home / "corpus"), str(seeds)], one)
    atheris.Fuzz()


def as_hex(word: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def run_with_hypothesis(target: Target, run: Run, seed: int) -> None:
    from hypothesis import Phase
    from hypothesis import seed as seeded

    limit_memory()

    def one(given: object) -> None:
        if run.is_over:
            return
        run.remember(repr(given).encode("utf-8", "backslashreplace"))
        run.tally.inputs += 1
        try:
            target.check_timed(given)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is a find
            run.find(error, given, b"")

    while not run.is_over:
        law: Callable[[], None] = target.law(
            one, database=None, max_examples=BATCH, phases=[Phase.generate]
        )
        seeded(seed)(law)()
        seed += 1


def limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))


if __name__ == "__main__":
    sys.exit(main())
