"""The files of a reader's records: found by a pattern, told apart by their headers, hashed."""

from __future__ import annotations

import csv
import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import islice
from pathlib import Path
from threading import Event

from monazite.core.errors import UnreadableError
from monazite.core.files import kind_of
from monazite.core.formats import escaped, first_rows, grouped, in_brief
from monazite.data.bounds import wrong_line

CSV, PARQUET = "csv", "parquet"


@dataclass(frozen=True)
class ColumnFile:
    """A file of columns, what its header says, and the types where the file tells them."""

    path: Path
    kind: str
    columns: tuple[str, ...]
    separator: str = ","
    types: tuple[str, ...] = ()

    @property
    def form(self) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
        """What files that are read together have in common: engines type all by one of them."""
        return self.kind, self.columns, self.separator, self.types

    def type_of(self, column: str) -> str:
        """The type of a column, as DuckDB names it; empty where the file tells none."""
        return dict(zip(self.columns, self.types, strict=True))[column] if self.types else ""


MOST = 100_000  # files of one run
_HEAD, _PIECE = 1 << 16, 1 << 20
_SEPARATORS = ",;\t|"
_PATTERN = frozenset("*?[]{}")


def find_files(patterns: Sequence[str]) -> list[Path]:
    """Return the files that patterns name, each once, sorted, without links."""
    found: dict[Path, None] = {}
    for pattern in patterns:
        named = [each for path in _expanded(pattern) for each in _files_of(path)]
        if not named:
            raise UnreadableError(
                f'"{escaped(pattern)}" names no file; name files that end in .csv or .parquet, '
                "such as 'records/*.parquet'."
            )
        found |= dict.fromkeys(named)
    if len(found) > MOST:
        raise UnreadableError(
            f"{grouped(len(found))} files are more than {grouped(MOST)}; sum them in parts."
        )
    return sorted(found)


def passed_over(patterns: Sequence[str], files: Sequence[Path]) -> Iterator[str]:
    """Say what the folders that patterns name hold beside the files that are read."""
    read = {*files, *(parent for file in files for parent in file.parents)}
    folders = {path for pattern in patterns for path in _expanded(pattern) if path.is_dir()}
    for folder in sorted(folders):
        inside = sorted(each for each in folder.iterdir() if each.name[0] not in "._")
        others = [each for each in inside if Path(os.path.realpath(each)) not in read]
        if others:
            names = [escaped(each.name) + ("/" if each.is_dir() else "") for each in others]
            yield (
                f"{escaped(folder.name or str(folder))} holds {first_rows(names, 3)}, not read: a "
                "folder stands for its own files that end in .csv or .parquet; name others too."
            )


def _expanded(pattern: str) -> Iterator[Path]:
    """The paths that a pattern names; a name that is there is no pattern."""
    if "\0" in pattern or not pattern:
        return
    if os.path.lexists(pattern):
        yield Path(pattern)
        return
    names = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - patterns may be absolute
    for name in islice(names, MOST + 1):
        if not Path(name).name.startswith((".", "_")):
            yield Path(name)


def _files_of(path: Path) -> Iterator[Path]:
    shown = escaped(str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            inside = [each for each in path.iterdir() if not each.name.startswith((".", "_"))]
            for each in sorted(inside):
                if each.suffix.lower()[1:] in (CSV, PARQUET):
                    yield from _files_of(each)
            return
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "its links lead back"
        raise UnreadableError(f"{shown} cannot be read: {reason}.") from None
    if not stat.S_ISREG(mode):
        raise UnreadableError(f"{shown} is {kind_of(mode)} and no file of records.")
    if _PATTERN & {*str(real)}:
        what = "its path has one of * ? [ ] { }, which engines take for a pattern"
        raise UnreadableError(f"{shown}: {what}; rename it.")
    yield real


_ColumnsOf = Callable[[Path], Iterable[tuple[str, str]]]


def read_headers(files: Sequence[Path], columns_of: _ColumnsOf) -> list[ColumnFile]:
    """Return files with their columns; what a file is, its first bytes say, and not its name."""
    found = [_read_header(file, columns_of) for file in files]
    for file in found:
        first: dict[str, str] = {}
        for name in file.columns:
            if (other := first.get(name.casefold())) is not None:  # to engines, kg and KG are one
                raise UnreadableError(
                    f'{escaped(str(file.path))} has two columns "{in_brief(other, 80)}" and '
                    f'"{in_brief(name, 80)}", which engines take for one; rename one.'
                )
            first[name.casefold()] = name
    return found


def _read_header(file: Path, columns_of: _ColumnsOf) -> ColumnFile:
    with _open(file) as opened:
        head = opened.read(_HEAD)
    if head[:4] == b"PAR1" or file.suffix.lower() == f".{PARQUET}":
        told = [*columns_of(file)]
        columns, types = (tuple(each[at] for each in told) for at in (0, 1))
        return ColumnFile(file, PARQUET, columns, types=types)
    shown = escaped(str(file))
    try:
        line = head.partition(b"\n")[0].rstrip(b"\r").decode("utf-8-sig")
    except UnicodeDecodeError:
        what = "is no Parquet, and no CSV in UTF-8; save it as one of them."
        raise UnreadableError(f"{shown} {what}") from None
    separator = max(_SEPARATORS, key=line.count)
    try:
        columns = tuple(next(csv.reader([line], delimiter=separator), []))
    except csv.Error:
        raise UnreadableError(
            f"{shown} ends its lines with a carriage return alone; save it with the line ends of "
            "Unix or Windows."
        ) from None
    if not any(columns) or "\0" in line:
        raise UnreadableError(f"{shown} has no header; the first line names the columns.")
    return ColumnFile(file, CSV, columns, separator)


def check_utf8(files: Sequence[ColumnFile]) -> None:
    """Refuse CSV that is no UTF-8: Spark puts another sign for each such byte, and says nothing."""
    for file in (each.path for each in files if each.kind == CSV):
        if line := wrong_line(file, "utf-8"):
            what = f"line {grouped(line)} is no UTF-8; save it as UTF-8."
            raise UnreadableError(f"{escaped(str(file))} cannot be read: {what}")


def _open(file: Path) -> BufferedReader:
    try:
        return file.open("rb")
    except OSError as error:
        raise UnreadableError(f"{escaped(str(file))} cannot be read: {error.strerror}.") from None


@contextmanager
def hashed_beside(files: Sequence[Path]) -> Iterator[Callable[[], dict[Path, str]]]:
    """Hash files while something else is done; it ends when that does."""
    ended = Event()
    with ThreadPoolExecutor(1) as beside:
        hashes = beside.submit(lambda: {file: _hash_of(file, ended) for file in files})
        try:
            yield hashes.result
        finally:
            ended.set()


def _hash_of(file: Path, ended: Event) -> str:
    found, piece = hashlib.sha256(), memoryview(bytearray(_PIECE))
    with _open(file) as opened:
        while not ended.is_set() and (length := opened.readinto(piece)):
            found.update(piece[:length])
    return found.hexdigest()


def hash_of_all(hashes: Mapping[Path, str]) -> str:
    """Return one SHA-256 of files, by their names and contents."""
    told = "".join(f"{own}  {file.name}\n" for file, own in sorted(hashes.items()))
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()


def same_files(hashes: Mapping[Path, str]) -> Iterator[tuple[Path, Path]]:
    """Yield files whose bytes are those of another one, with that one."""
    first: dict[str, Path] = {}
    for file, own in sorted(hashes.items()):
        if own in first:
            yield first[own], file
        else:
            first[own] = file
