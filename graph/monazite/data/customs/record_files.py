"""The files of a reader's records: found by a pattern, hashed, and read by what they name."""

from __future__ import annotations

import csv
import glob
import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import field
from functools import cache
from io import BufferedReader
from itertools import islice
from pathlib import Path
from threading import Event

from monazite.core.errors import UnknownNameError, UnreadableError, did_you_mean
from monazite.core.files import kind_of
from monazite.core.formats import escaped, first_rows, grouped, in_brief
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.own_files import rows_of, which_import

CSV, PARQUET = "csv", "parquet"


class ColumnFile(Struct):
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


_REQUIRED = ("code", "exporter", "importer", "date", "kg")
COLUMNS = {
    "code": "hs hscode hs6 commodity commoditycode productcode tariffcode cmdcode",
    "exporter": "origin from exportercountry exportcountry countryoforigin origincountry "
    "exporteriso exporteriso3",
    "importer": "destination to importercountry importcountry countryofdestination "
    "destinationcountry importeriso importeriso3",
    "date": "day year period yearmonth shipmentdate arrivaldate exportdate importdate",
    "kg": "kilograms kilogrammes netkg grosskg weightkg netweightkg grossweightkg quantitykg "
    "netwgt",
    "usd": "dollars valueusd usdvalue fobusd cifusd valuefobusd valuecifusd",
    "seller": "shipper supplier consignor exportername sellername",
    "buyer": "consignee customer importername buyername",
    "system": "nomenclature classification classificationcode hsedition",
}
"""What a record may say, and the words that people head it with.

A weight is in kilograms and a value in dollars, or is not taken.
"""
_NO_UNIT = {
    "kg": ("weight", "netweight", "grossweight", "quantity", "qty", "tonnes", "tons"),
    "usd": ("value", "tradevalue", "primaryvalue", "amount", "fob", "cif", "price"),
}


def read_choices(chosen: Sequence[str]) -> dict[str, str]:
    """Return what a reader told of the columns, ``NAME=HEADER`` each."""
    found: dict[str, str] = {}
    for each in chosen:
        name, equals, header = each.partition("=")
        if not equals or name not in COLUMNS or not header:
            fix = did_you_mean(name, COLUMNS) or f"columns are {', '.join(COLUMNS)}."
            raise UnknownNameError(
                f'A column is told as NAME=HEADER, such as "kg=Net weight", not "{each}"; {fix}'
            )
        if name in found:
            raise UnknownNameError(f"Two headers are told for {name}; tell one.")
        found[name] = header
    return found


def find_columns(file: Path, header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each column of the records that a file has."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for name, words in COLUMNS.items():
        if name in chosen:
            named = [each for each in header if each == chosen[name]]
        else:
            exact = [each for each in header if _bare(each) == name]
            named = exact or [each for each in header if _bare(each) in words.split()]
        if len(named) > 1:
            shown = " and ".join(f'"{each}"' for each in named)
            faults.append(f"{shown} may both be {name}: take --column {name}=HEADER")
        elif named:
            found[name] = named[0]
        elif name in chosen:
            faults.append(f'it has no column "{chosen[name]}"')
        elif name in _REQUIRED:
            like = next((each for each in header if _bare(each) in _NO_UNIT.get(name, ())), "")
            hint = f' ("{like}" says no unit: if it is kilograms, take --column "kg={like}")'
            faults.append(f"it has no column {name}{hint if like else ''}")
    if faults:
        has = in_brief(", ".join(header), 200)
        said = f"{escaped(str(file))} is no file of customs records"
        if told := which_import(file):
            raise UnreadableError(f"{said}: {told}.")
        raise UnreadableError(f"{said}: {'; '.join(faults)}. Its columns: {has}.")
    return found


def unread_values(header: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """Return the headers of values whose currency they do not say."""
    return [] if "usd" in columns else [each for each in header if _bare(each) in _NO_UNIT["usd"]]


def _bare(header: str) -> str:
    return re.sub(r"[\W_]+", "", header).casefold()


_SIX = 6  # digits that codes of the Harmonized System have everywhere
_CODE = re.compile(r"[0-9]+(?:[. -]+[0-9]+)*")


class KnownNames(Struct):
    """The names that the tables have, folded, with the id that each stands for."""

    codes: dict[tuple[str, str], str]
    countries: dict[str, str]
    firms: dict[str, str]
    longest: dict[str, int] = field(default_factory=dict)

    @property
    def systems(self) -> str:
        """Nomenclatures of the codes, as a sentence lists them."""
        return ", ".join(sorted(self.longest))

    def check_system(self, system: str | None) -> str:
        """Return the nomenclature that a reader told, or nothing."""
        found = "" if system is None else fold_system(system)
        if system is not None and found not in self.longest:
            raise UnknownNameError(
                f'There is no nomenclature "{system}" with codes of ours; there are {self.systems}.'
            )
        return found

    def code(self, text: str, system: str) -> str | None:
        """Return the id of a code in a nomenclature, which may stand before it.

        A national code is taken by its first six digits where its nomenclature has no more. What
        says more than digits, with points, blanks or hyphens between them, is no code: the rest
        may name another nomenclature.
        """
        before, dash, after = text.rpartition("-")
        if dash and fold_system(before) in self.longest:
            system, text = fold_system(before), after
        if not _CODE.fullmatch(text.strip()):
            return None
        digits = re.sub(r"\D", "", text)
        if self.longest.get(system) == _SIX:
            digits = digits[:_SIX]
        return self.codes.get((system, digits))

    def country(self, text: str) -> str | None:
        """Return the id of a country by its code of two or three letters, or its name."""
        return self.countries.get(fold(text))

    def firm(self, text: str) -> str | None:
        """Return the id of a firm by one of its names, letter for letter but for their case."""
        return self.firms.get(fold(text))


def names_system(text: str, names: KnownNames) -> bool:
    """Tell whether a code names its nomenclature."""
    before, dash, _ = text.rpartition("-")
    return bool(dash) and fold_system(before) in names.longest


def fold(text: str) -> str:
    """Return a name as it is compared."""
    return " ".join(text.casefold().split())


def fold_system(text: str) -> str:
    """Return the name of a nomenclature as it is compared."""
    return re.sub(r"[^a-z0-9-]", "", text.casefold())


def new_firm(name: str) -> str:
    """Return an id for a firm that the tables do not have."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40].strip("-")
    digits = 6 if name.isascii() else 16  # of a hash, which says what letters leave out
    own = hashlib.sha256(fold(name).encode(errors="surrogatepass")).hexdigest()[:digits]
    return "-".join(filter(None, ("firm", slug, own)))


@cache
def read_names() -> KnownNames:
    """Read what the shipped tables name."""
    codes_file, countries_file, firms_file = (
        ontology_folder() / "tables" / f"{name}.csv"
        for name in ("codes", "countries", "organisations")
    )

    def names_of(row: Mapping[str, str], *more: str) -> Iterator[str]:
        for name in (*more, row["name"], *row["names"].split(";")):
            if folded := fold(re.sub(r"@[a-z]{2}$", "", name)):
                yield folded

    codes: dict[tuple[str, str], str] = {}
    longest: dict[str, int] = defaultdict(int)
    for row in rows_of(codes_file):
        digits = re.sub(r"\D", "", row["notation"])
        codes[row["system"], digits] = row["id"]
        longest[row["system"]] = max(longest[row["system"]], len(digits))
    countries: dict[str, str] = {}
    for row in rows_of(countries_file):
        for name in names_of(row, row["id"], row["iso2"]):
            countries.setdefault(name, row["id"])
    firms: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(firms_file):
        for name in names_of(row):
            firms[name].add(row["id"])
    alone = {name: next(iter(ids)) for name, ids in firms.items() if len(ids) == 1}
    return KnownNames(codes, countries, alone, dict(longest))
