"""The folder that keeps the stores: named by content, written beside and renamed.

Beside a store lie texts by their keys: who wants a few reads these alone. Their index says where
the text of each key stands, with checksums of the texts and of itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

from monazite.core.cache import Kept
from monazite.core.errors import BadFileError, UnreadableError
from monazite.core.locks import Lock, remove, remove_leftovers
from monazite.core.package import ontology_folder

READY = "complete"
_KEPT = {"store": 3, "view": 8}
_UNFINISHED = re.compile("(building|removed|copy)-[0-9a-f]{32}")  # copy: of versions up to 0.2
_FINISHED = re.compile("(store|view)-[0-9a-f]{32}")
_ANSWERS = re.compile("answers-[0-9a-f]{32}")
_WRITERS = (
    *(f"store/{name}.py" for name in ("quads", "chunks", "cache", "names")),
    *("store/opening.py", "store/derived_triples.py", "analysis/rule_lines.py"),
    *("model/facilities/*.py", "analysis/policies/*.py"),
)  # modules that say what is written to a store
_SETTLED = 2 * 10**9  # nanoseconds: a file changed within a tick of the clock keeps its stamp
SMALL = 1 << 18  # bytes up to which a file is hashed at each opening
INDEX = ".places"  # the end of the name of an index, which is hashed at each opening
WRITE_ERRORS = (OSError, RuntimeError)  # of the system and the engine


def cache_folder() -> Path:
    """Return the folder that keeps the stores; ``MONAZITE_CACHE`` names another."""
    chosen = os.environ.get("MONAZITE_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("monazite")


def content_hash(ontology: Path, data: Path | None = None) -> str:
    """Return the hash of all that a store is built from: tables, shapes, schemes, this code."""
    import pyoxigraph

    digest = hashlib.sha256(f"pyoxigraph {pyoxigraph.__version__}".encode())
    package = Path(__file__).resolve().parents[1]
    code = [*package.glob("data/*.py"), *(file for name in _WRITERS for file in package.glob(name))]
    files = [*sorted(code), ontology / "monazite.ttl"]
    files += [*ontology.glob("dataset.ttl"), *ontology.glob("alignments.ttl")]
    for part in ("shapes/*.ttl", "schemes/*.ttl", "direct/*.rq"):
        files += sorted(ontology.glob(part))
    tables = _tables_digest(ontology, data, keep=True)
    shipped = ontology == ontology_folder()
    return files_digest(files, f"{digest.hexdigest()} {tables}", stamped=shipped, keep=True)


def tables_hash(ontology: Path, data: Path | None = None) -> str:
    """Return a short hash of the tables alone, by which a reader tells two editions apart."""
    return _tables_digest(ontology, data)[:12]


def _tables_digest(ontology: Path, data: Path | None, *, keep: bool = False) -> str:
    """The hash of the tables; the reader's own are few, and hashed each time."""
    from monazite.data.own_files import find_own_files, table_files

    own = [] if data is None else [*find_own_files(data).tables]
    shipped = ontology == ontology_folder()
    ours = files_digest(table_files(ontology), stamped=shipped, keep=keep)
    return files_digest(own, ours) if own else ours


def files_digest(
    files: list[Path], begin: str = "", *, stamped: bool = False, keep: bool = False
) -> str:
    """Return the hash of some files, by their names and what is in them, or by their stamps."""
    try:
        if not stamped:
            return _hash_files(begin, files)
        stamps = tuple(
            (
                str(file),
                *(each.st_size, each.st_mtime_ns, each.st_ctime_ns),
                each.st_ino,
                each.st_dev,
            )
            for file, each in ((file, file.stat()) for file in files)
        )
        return _digest_of(begin, stamps, keep)
    except OSError as error:
        raise UnreadableError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except BadFileError as error:
        raise UnreadableError(f"The tables cannot be read: {error}.") from None


@lru_cache(maxsize=8)
def _digest_of(begin: str, stamps: tuple[tuple[Any, ...], ...], keep: bool) -> str:
    """Hash some files, a tenth of a command's time: the hash is kept with the stamps of all."""
    question = f"{begin}\n{stamps}"
    kept = Kept(cache_folder() / "monazite-hashes")
    found = kept.read(question) if os.name == "posix" else None  # elsewhere stamps tell too little
    if found is not None:
        return found.decode("ascii")
    hashed = _hash_files(begin, [Path(name) for name, *_ in stamps])
    last = max((max(each[2:4]) for each in stamps), default=0)
    if keep and last < time.time_ns() - _SETTLED:
        kept.keep(question, hashed.encode("ascii"))
    return hashed


def _hash_files(begin: str, files: Iterable[Path]) -> str:
    from monazite.data.own_files import read_file

    digest = hashlib.sha256(begin.encode())
    for file in files:
        content = read_file(file)
        digest.update(os.fsencode(file.name) + f" {len(content)} ".encode() + content)
    return digest.hexdigest()[:32]


def is_whole(folder: Path) -> bool:
    """Tell whether a folder was finished, has every file it had then, and may be opened.

    What is small is hashed here, 0.5 ms. The blocks of the engine carry checksums, which it checks
    as it reads them, and rows are hashed where they are read: hashing all of 85 MB at each opening
    would cost a lookup a fifth more.
    """
    return _is_as_written(folder, SMALL)


def is_sound(folder: Path) -> bool:
    """Tell whether every byte of a folder is as it was written: hash all of it."""
    return _is_as_written(folder, None)


def read_checked(folder: Path, name: str) -> bytes:
    """Read a file of a finished folder."""
    if not is_whole(folder):
        raise ValueError(f"{folder} is not what was written")
    content = (folder / name).read_bytes()
    if not is_content_of(folder, name, content):
        raise ValueError(f"{name} is not what was written")
    return content


def is_content_of(folder: Path, name: str, content: bytes) -> bool:
    """Tell whether a content is what was written to a file of a finished folder."""
    digest, _ = _read_ready(folder)[name]
    return hashlib.sha256(content).hexdigest() == digest


def _is_as_written(folder: Path, most: int | None) -> bool:
    try:
        with os.scandir(folder) as found:
            files = {each.name: each.stat(follow_symlinks=False) for each in found}
        if not all(stat.S_ISREG(each.st_mode) for each in files.values()):
            return False  # a pipe would be waited for, a link leads elsewhere
        sizes = {name: each.st_size for name, each in files.items() if _is_listed(name)}
        ready = _read_ready(folder)
        if sizes != {name: size for name, (_, size) in ready.items()}:
            return False
        return all(
            _hash_file(folder / name) == digest
            for name, (digest, size) in ready.items()
            if most is None or size <= most or name.endswith(INDEX)
        )
    except (OSError, ValueError):
        return False


def _is_listed(name: str) -> bool:
    """Whether a file is one that was written: a reader may add to the logs."""
    return name != READY and not name.startswith("LOG")


def _read_ready(folder: Path) -> dict[str, tuple[str, int]]:
    """Hash and size of each file, by name."""
    name, *lines = (folder / READY).read_text(encoding="ascii").splitlines()
    if name != folder.name:
        raise ValueError(f"{folder} is a copy of {name}")
    cells = [line.split(" ", 2) for line in lines]
    return {name: (digest, int(size)) for digest, size, name in cells}


def _hash_file(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def answers_of(folder: Path) -> Path:
    """Return where the answers of a store, or of a view of it, are kept."""
    return folder.with_name(f"answers-{folder.name.partition('-')[2]}")


def mark_used(folder: Path) -> None:
    """Say that a folder was used now: what was not used for longest is forgotten first."""
    with suppress(OSError):  # a cache that cannot be written is read all the same
        os.utime(folder)


class Building:
    """A folder that is filled beside its place and renamed; whoever renames first wins."""

    def __init__(self, place: Path) -> None:
        self._place = place
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(_ours(place.parent, _UNFINISHED))
            while True:  # somebody may take it for a leftover before it is locked
                self.folder = place.parent / f"building-{os.urandom(16).hex()}"
                self.folder.mkdir(mode=0o700)
                self._hold = Lock(self.folder)
                if not self._hold.lost:
                    break
                self._hold.release()
        except OSError as error:
            raise UnreadableError(
                f"The cache folder {place.parent} cannot be written ({error.strerror}); "
                "name another in MONAZITE_CACHE, or use --no-cache."
            ) from None

    def finish(self) -> None:
        """Put the folder in its place."""
        files = sorted(file for file in self.folder.iterdir() if _is_listed(file.name))
        lines = [f"{_hash_file(file)} {file.stat().st_size} {file.name}\n" for file in files]
        text = "".join([f"{self._place.name}\n", *lines])
        (self.folder / READY).write_text(text, encoding="ascii")
        _swap(self.folder, self._place)
        _forget_old(self._place)

    def drop(self) -> None:
        """Remove what is not in its place."""
        remove(self.folder)
        self._hold.release()

    def refusal(self, error: Exception) -> UnreadableError:
        """Say why the store is not kept."""
        reason = getattr(error, "strerror", None) or error
        return UnreadableError(
            f"The store cannot be written to {self._place.parent} ({reason}); "
            "make room, name another folder in MONAZITE_CACHE, or use --no-cache."
        )


def keep(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside its place and rename it; whoever renames first wins."""
    building = Building(folder)
    try:
        fill(building.folder)
        building.finish()
    except WRITE_ERRORS as error:
        raise building.refusal(error) from None
    finally:
        building.drop()


def discard(folder: Path) -> bool:
    """Take a folder out of its place and remove it; tell whether the place is free."""
    aside = folder.with_name(f"removed-{os.urandom(16).hex()}")
    try:
        folder.rename(aside)  # at once, so that nobody sees half of it
    except FileNotFoundError:
        return True
    except OSError:  # a cache that cannot be written, or Windows while a file of it is open
        return False
    remove(aside)
    return True


def _swap(beside: Path, folder: Path) -> None:
    """Rename a folder to its place, where another, or something damaged, may stand."""
    for pause in (0.0, 0.1, 0.5, 1.0):
        time.sleep(pause)
        if is_whole(folder):
            return
        try:
            discard(folder)
            beside.rename(folder)
        except OSError as error:
            last = error
        else:
            return
    raise last


def _forget_old(folder: Path) -> None:
    """Keep the few of a kind that were used last; readers of a removed one are not disturbed."""
    kind = folder.name.partition("-")[0]
    found = _ours(folder.parent, _FINISHED)
    stores = sorted((each for each in found if each.name.startswith(kind)), key=_modified)
    for old in stores[: -_KEPT[kind]]:
        if old != folder:
            discard(old)
    kept = {answers_of(each) for each in _ours(folder.parent, _FINISHED)}
    for answers in _ours(folder.parent, _ANSWERS):
        if (
            answers not in kept and _modified(answers) < time.time() - 3600
        ):  # whose store lies in memory only
            discard(answers)


def _ours(parent: Path, names: re.Pattern[str]) -> list[Path]:
    return [each for each in parent.iterdir() if names.fullmatch(each.name)]


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0


_COLUMNS = 4  # numbers of an entry: hash of the key, where its text begins, its bytes, its checksum
_WORD = 8


class Packing:
    """Writes texts one after the other, and remembers where each stands."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._end = 0
        self._entries: list[tuple[int, int, int, int]] = []

    def write(self, key: str, text: bytes) -> int:
        """Write the text of a key, and return its length in bytes."""
        size = self._out.write(text)
        self._entries.append((_hash(key), self._end, size, crc32(text)))
        self._end += size
        return size

    def write_index(self, file: Path) -> None:
        """Write where each text stands: whole columns, the hashes in their order."""
        columns = zip(*sorted(self._entries), strict=True)
        content = array("Q", chain.from_iterable(columns)).tobytes()
        file.write_bytes(array("Q", [crc32(content)]).tobytes() + content)


class KeyedFile:
    """Texts that were packed, by their keys."""

    def __init__(self, texts: Path, index: Path) -> None:
        self._texts, self._index = texts, index

    def read(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the texts of some keys; a key that was not packed has none."""
        places = {key: place for key in keys if (place := self._place(key))}
        if not places:
            return {}
        found = {}
        with self._texts.open("rb", buffering=0) as opened:
            for key, (begin, length, checksum) in places.items():
                opened.seek(begin)
                found[key] = opened.read(length)
                if crc32(found[key]) != checksum:
                    raise OSError(f"{self._texts} is not what was written")
        return found

    @cached_property
    def _entries(self) -> memoryview:
        content = memoryview(self._index.read_bytes())
        entries = content[_WORD:]
        if content[:_WORD] != array("Q", [crc32(entries)]).tobytes():
            raise OSError(f"{self._index} is not what was written")
        return entries.cast("Q")

    def _place(self, key: str) -> tuple[int, int, int] | None:
        entries, wanted = self._entries, _hash(key)
        count = len(entries) // _COLUMNS
        place = bisect_left(entries, wanted, 0, count)
        if place == count or entries[place] != wanted:
            return None
        return entries[place + count], entries[place + 2 * count], entries[place + 3 * count]


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:_WORD], "big")
