"""Kill builds at random moments and damage the kept stores in every way: all must heal.

The suite does a few of each (``tests/store/test_healing.py``). By hand, with counts:

    python tests/kill_and_damage.py            a small ontology, 100 kills, every damage
    python tests/kill_and_damage.py --shipped  the shipped tables, 20 kills
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from monazite.core.errors import KeptStoreWarning
from monazite.core.package import ontology_folder
from monazite.data.filters import Filters
from monazite.store.cache import is_sound, is_whole
from monazite.store.opening import open_store
from tests.conftest import write_small_ontology

TIER = Filters(tier=1)  # The view that is damaged beside the store
ASK = """
import sys
from pathlib import Path
from monazite.data.filters import Filters
from monazite.store.opening import open_store
for filters in (None, Filters(tier=1)):
    len(list(open_store(Path(sys.argv[1]), filters=filters).quads()))
"""
"""Builds a store and a view of it, in a process of its own."""

Damage = Callable[[Path], object]


def flip(place: float) -> Damage:
    """Change one bit of a file, at a share of its length; its size stays."""

    def do(file: Path) -> None:
        content = bytearray(file.read_bytes())
        content[min(len(content) - 1, int(place * len(content)))] ^= 4
        file.write_bytes(content)

    return do


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def extend(file: Path) -> None:
    with file.open("ab") as out:
        out.write(b"\n")


def blank(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def to_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def to_dead_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


FILES: dict[str, Damage] = {
    "a bit at the beginning": flip(0.0),
    "a bit in the middle": flip(0.5),
    "a bit at the end": flip(1.0),
    "cut": cut,
    "extended": extend,
    "empty": lambda file: file.write_bytes(b""),
    "blank": blank,
    "gone": Path.unlink,
    "a folder": to_folder,
    "a dead link": to_dead_link,
}
"""What can happen to one file."""


def flip_blocks(folder: Path) -> None:
    """Change a bit in each block of the engine's files; their sizes stay."""
    for file in folder.glob("*.sst"):
        content = bytearray(file.read_bytes())
        for place in range(0, len(content), 512):
            content[place] ^= 4
        file.write_bytes(content)


def swap(folder: Path) -> None:
    first, second = sorted(folder.glob("*.sst"), key=lambda file: file.stat().st_size)[-2:]
    first.rename(folder / "aside")
    second.rename(first)
    (folder / "aside").rename(second)


def change_number(name: str, old: str, new: str) -> Damage:
    def do(folder: Path) -> None:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        changed = re.sub(old, new, text, count=1)
        assert changed != text
        file.write_text(changed, encoding="utf-8")

    return do


def change_extent(folder: Path) -> None:
    """Let a store say that it holds other rows than it does."""
    file = folder / "extent.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**content, "rows": content["rows"] + 1}), encoding="utf-8")


def to_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder", encoding="utf-8")


def to_link(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("nowhere")


def lock_up(folder: Path) -> None:
    """Take the permission to read all files; root reads them all the same."""
    for file in folder.iterdir():
        file.chmod(0)


def clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def half_remove(folder: Path) -> None:
    """Leave what a removal leaves that was broken off."""
    for file in sorted(folder.iterdir())[::2]:
        file.unlink()


FOLDERS: dict[str, Damage] = {
    "two files swapped": swap,
    "a changed extent": change_extent,
    "a foreign file": lambda folder: (folder / "000099.sst").write_bytes(b"foreign"),
    "a foreign log": lambda folder: (folder / "000099.log").write_bytes(b"foreign"),
    "a file for the folder": to_file,
    "a dead link for the folder": to_link,
    "an empty folder": clear,
    "half removed": half_remove,
    "locked up": lock_up,
    "garbage in complete": lambda folder: (folder / "complete").write_bytes(b"\xff\x00{"),
    "only line ends in complete": lambda folder: (folder / "complete").write_bytes(b"\n\n"),
}
"""What can happen to a whole folder."""
BASE_ONLY: dict[str, Damage] = {
    "a number in rows.nq": change_number("rows.nq", '"1200"', '"9200"'),
    "a number in index.json": change_number("index.json", r'"lengths":\[(\d)', r'"lengths":[9'),
}
"""What can happen to what views are chosen from."""


def damages(folder: Path) -> Iterator[tuple[str, Damage]]:
    """Yield every damage to a folder, with its name; logs are written by whoever reads."""
    for file in sorted(folder.iterdir()):
        if file.name.startswith("LOG"):
            continue
        whole = (
            {"extended", "gone", "a folder", "a dead link"} if not file.stat().st_size else FILES
        )
        for what in sorted(whole):
            yield f"{file.name}: {what}", partial(_damage_file, file.name, what)
    yield from FOLDERS.items()
    if folder.name.startswith("store-"):
        yield from BASE_ONLY.items()


def _damage_file(name: str, what: str, folder: Path) -> None:
    FILES[what](folder / name)


class Kept:
    """A cache with a store and a view of it, to be damaged: both must answer as before."""

    def __init__(self, ontology: Path, cache: Path) -> None:
        os.environ["MONAZITE_CACHE"] = str(cache)
        self.ontology, self.cache, self.aside = ontology, cache, cache.with_name("aside")
        self.right = self.ask()
        shutil.rmtree(self.aside, ignore_errors=True)
        shutil.copytree(cache, self.aside)

    def ask(self) -> tuple[object, ...]:
        """Return all triples of the store and of the view, and how many facts they are."""
        for answers in self.cache.glob("answers-*"):
            shutil.rmtree(answers)
        found: list[object] = []
        for filters in (None, TIER):
            store = open_store(self.ontology, filters=filters)
            rows = store.select("SELECT ?s ?p ?o { ?s ?p ?o }")
            found += [{str(row) for row in rows}, store.extent, store.has_graph("x:nowhere")]
            store.wait()
        return tuple(found)

    def folders(self) -> list[Path]:
        return sorted(self.cache.glob("store-*")) + sorted(self.cache.glob("view-*"))

    def restore(self) -> None:
        shutil.rmtree(self.cache)
        shutil.copytree(self.aside, self.cache)

    def damage(self, folder: Path, do: Damage) -> bool:
        """Damage a folder and ask twice; tell whether a word was said, and the second time none."""
        self.restore()
        do(folder)
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always", KeptStoreWarning)
            assert self.ask() == self.right, "the answer is wrong"
            first = len(found)
            assert all("damaged and is built anew" in str(each.message) for each in found)
            assert self.ask() == self.right, "the second answer is wrong"
            assert len(found) == first, "it was not healed"
        assert all(map(is_whole, self.folders()))
        assert self.names().keys() == {"store", "view"}
        return first > 0

    def names(self) -> Counter[str]:
        """Return how many of a kind lie in the cache, but for answers, which are bound to none."""
        names = (each.name.partition("-")[0] for each in self.cache.iterdir())
        return Counter(name for name in names if name not in {"answers", "monazite"})


def kill(ontology: Path, cache: Path, seconds: float) -> Counter[str]:
    """Kill a process after some seconds, wherever it is; return what it left in the cache."""
    command = [sys.executable, "-c", ASK, str(ontology)]
    with subprocess.Popen(command, env={**os.environ, "MONAZITE_CACHE": str(cache)}) as process:
        time.sleep(seconds)
        process.kill()
    left = Counter(each.name.partition("-")[0] for each in cache.glob("*"))
    for kind in ("store", "view"):
        for folder in cache.glob(f"{kind}-*"):
            assert is_sound(folder), f"{folder} is half-written"
            shutil.rmtree(folder)  # so that the next process builds again
    return left


def seconds_of_a_build(ontology: Path, cache: Path) -> float:
    started = time.monotonic()
    command = [sys.executable, "-c", ASK, str(ontology)]
    subprocess.run(command, env={**os.environ, "MONAZITE_CACHE": str(cache)}, check=True)
    shutil.rmtree(cache)
    return time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipped", action="store_true", help="the shipped tables, not a few")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ontology = ontology_folder() if asked.shipped else write_small_ontology(folder / "small")
        longest = seconds_of_a_build(ontology, folder / "killed")
        left: Counter[str] = Counter()
        for _ in range(asked.kills):
            left += kill(ontology, folder / "killed", rng.uniform(0, 1.1 * longest))
        kept = Kept(ontology, folder / "killed")
        assert kept.names() == {"store": 1, "view": 1}, kept.names()
        sys.stdout.write(
            f"{asked.kills} kills within {longest:.1f} s; they left {dict(left)}; all gone" + "\n"
        )
        counts: Counter[str] = Counter()
        for place in kept.folders():
            for name, do in [*damages(place)]:
                healed = kept.damage(place, do)
                counts["healed with a word" if healed else "not read, answered right"] += 1
                if not healed:
                    sys.stdout.write(f"  not read: {place.name.partition('-')[0]} {name}" + "\n")
        sys.stdout.write(f"{counts.total()} damages: {dict(counts)}" + "\n")


if __name__ == "__main__":
    main()
