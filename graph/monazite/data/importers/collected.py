"""What a reader takes of a source: rows by table, what it leaves out and why, and faults.

The rows fill a folder of tables of one's own, to which nobody else wrote.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from monazite.core import errors
from monazite.core.files import is_part, replace_folder, restore_folder
from monazite.core.formats import NOT_KNOWN, counted, escaped, grouped, visible, without_exponent
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.core.tables import safe_cell
from monazite.data.bounds import ROWS, SMALLER, Budget, csv_records, utf8_text
from monazite.data.importers.source_file import SourceFile, SourceRecord, read_records
from monazite.data.own_files import read_file, rows_of

if TYPE_CHECKING:
    from monazite.data.columns import Schema

EDITIONS = ("hs1992", "hs1996", "hs2002", "hs2007", "hs2012", "hs2017", "hs2022")  # of the HS
OTHER_GOODS = "lines of other goods"  # why lines are left out, as of the next ones


class CodedGoods(Struct):
    """Ids of rows of codes that a code of a source stands under; several share one number."""

    codes: tuple[str, ...]
    basis: str
    note: str = ""


class GoodsCodes:
    """The codes that are taken, and what they stand under."""

    def __init__(self, wanted: Iterable[str] = ()) -> None:
        home = ontology_folder()
        chosen = tuple(digits_in(each) for each in wanted)
        if not all(len(each) >= 6 for each in chosen):
            raise errors.UnknownNameError(
                "A customs code has six digits or more; write it as --code 850511."
            )
        goods = rows_of(home / "imports" / "goods.csv")
        self._taken = chosen or tuple(row["digits"] for row in goods)
        self._four = {each[:4] for each in self._taken}
        self._known = {
            (row["system"], digits_in(row["notation"])): row["id"]
            for row in rows_of(home / "tables" / "codes.csv")
        }
        self._stands = {
            (row["system"], row["digits"]): row
            for row in rows_of(home / "imports" / "correspondences.csv")
        }
        self.own: dict[str, dict[str, str]] = {}

    def takes(self, digits: str) -> bool:
        """Tell whether a code is one of those taken, or a part of one."""
        return digits.startswith(self._taken)

    def may_hide(self, code: str) -> bool:
        """Tell whether a code with letters hides goods of a heading that is taken."""
        return not code.isdigit() and code[:4] in self._four

    def stand(self, system: str, digits: str, description: str) -> CodedGoods:
        """Return what a code stands under; what has no row of codes gets one of its own."""
        stands = self._stands.get((system, digits))
        beside = (stands["code"],) if stands and stands["code"] else ()
        basis = stands["basis"] if stands and stands["basis"] else "gross-weight"
        known = self._known.get((system, digits))
        if known is not None:
            return CodedGoods((*beside, known), basis)
        if beside and _is_edition(system):
            return CodedGoods(beside, basis, f"printed under {system}, the same digits there")
        one = f"{system}-{digits}"
        note = f"whether it holds the same goods as hs2022-{digits[:6]} is not known"
        if not _is_edition(system):
            note = f"a part of {digits[:6]} in the nomenclature of the source"
        self.own[one] = {
            "id": one,
            "notation": f"{digits[:4]}.{digits[4:6]}{digits[6:] and '.'}{digits[6:]}",
            "system": system,
            "description": description or NOT_KNOWN,
            "note": note[:1].upper() + note[1:],
        }
        return CodedGoods((*beside, one), basis, note if _is_edition(system) else "")


def digits_in(code: str) -> str:
    """Return a code without points and blanks."""
    return re.sub(r"[ .\xa0]", "", code)


def _is_edition(system: str) -> bool:
    return re.fullmatch(r"hs[0-9]{4}", system) is not None


_MISSING = {"", "-", "--", "—", "–", "..", "...", "NA", "N/A", "n.a.", "nan", "NaN", "NULL", "null"}
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
)
_MOST = Decimal(10) ** 18


def number_of(text: str, *, negative: bool = False) -> Decimal | None:
    """Return a number, or None where the cell says that there is none."""
    plain = text.strip().replace("\xa0", "")
    if number_is_missing(text):
        return None
    if not _NUMBER.fullmatch(plain):
        raise errors.BadCellError(f'"{text}" is not a number', "write digits and one point")
    found = Decimal(plain.replace(",", ""))
    if found < 0 and not negative:
        raise errors.BadCellError(f"{plain} is below nothing", "check the line at its source")
    if abs(found) >= _MOST:
        raise errors.BadCellError(f'"{text}" has too many digits', "check the number and its unit")
    return found


def number_is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no number."""
    return text.strip().replace("\xa0", "") in _MISSING


def plain(number: Decimal) -> str:
    """Return a number as a cell has it: no exponent, no zeros at its end."""
    text = without_exponent(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


NO_PLACE = "lines of places that are no country here"


class NamedPlace(Struct):
    """A country, or an area, whose trade is a sum."""

    id: str
    is_area: bool
    note: str = ""


class NamedPlaces:
    """Countries and areas by what sources call them."""

    def __init__(self) -> None:
        home = ontology_folder()
        self._by_code: dict[tuple[str, str], NamedPlace] = {}
        self._by_name: dict[str, NamedPlace] = {}
        for table, is_area in (("areas", True), ("countries", False)):
            for row in rows_of(home / "tables" / f"{table}.csv"):
                place = NamedPlace(row["id"], is_area)
                self._by_code["iso", row["id"]] = place
                if row.get("iso2"):
                    self._by_code["iso", row["iso2"]] = place
                for name in filter(None, (row["name"], *row["names"].split(";"))):
                    self._by_name[_folded(name.partition("@")[0])] = place
        for row in rows_of(home / "imports" / "places.csv"):
            known = self._by_code["iso", row["country"]]
            place = NamedPlace(known.id, known.is_area, row["note"])
            if row["system"] == "name":
                self._by_name[_folded(row["code"])] = place
            else:
                self._by_code[row["system"], row["code"]] = place

    def coded(self, system: str, code: str) -> NamedPlace | None:
        """Return the place of a code, in the words of a system first, of ISO else."""
        found = self._by_code.get((system, code.strip().upper()))
        return found or self._by_code.get(("iso", code.strip().upper()))

    def only(self, system: str, code: str) -> NamedPlace | None:
        """Return the place of a code of a system that knows no other."""
        return self._by_code.get((system, code.strip()))

    def named(self, name: str) -> NamedPlace | None:
        """Return the place of a name; the mark of a footnote at its end is passed over."""
        plain = _folded(name)
        unmarked = re.sub(r"(?<=[^\W\d_])\s?[0-9,]+$", "", plain).strip()
        last = plain[:-1].strip() if plain[-1:] == "e" else plain
        found = (self._by_name.get(each) for each in (plain, unmarked, last))
        return next(filter(None, found), None)


def _folded(name: str) -> str:
    return " ".join(name.replace("\xa0", " ").replace("’", "'").split()).casefold().rstrip(".")


T = TypeVar("T")
Cells = dict[str, str]
_LONGEST_KEY = 80
_DIGEST = 12
REPEATED = "lines that repeat one that is taken, cell for cell"
TOLD_AGAIN = "lines that tell a flow again with the same numbers"
TOO_MANY = f"more than {grouped(ROWS)} rows would be written, and no more are read"


@dataclass
class Collected:
    """What was taken of the files of one import."""

    places: NamedPlaces
    goods: GoodsCodes
    edition: str = ""  # of the HS, where the reader of the command line named one
    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    units: str = ""  # how numbers were brought to another unit
    faults: errors.Faults = field(default_factory=errors.Faults)
    published: str = ""
    release: str = ""  # its name, where the file says so
    _at_hand: SourceRecord | None = field(default=None, init=False)
    _is_repeat: bool | None = field(default=None, init=False)
    _lines: set[bytes] = field(default_factory=set, init=False)
    _flow_lines: dict[tuple[str | int, ...], tuple[str, tuple[Decimal | None, ...]]] = field(
        default_factory=dict, init=False
    )

    def take_up(self, record: SourceRecord | None) -> None:
        """Say of which record is what is taken from now on."""
        self._at_hand, self._is_repeat = record, None

    def repeats(self) -> bool:
        """Tell whether the record at hand says what one says that was taken, and count it if so."""
        if self._at_hand is None:
            return False
        if self._is_repeat is None:
            said = repr(sorted(self._at_hand.cells.items())).encode("utf-8", "surrogatepass")
            line = hashlib.blake2b(said, digest_size=16).digest()
            self._is_repeat = line in self._lines
            self._lines.add(line)
            if self._is_repeat:
                self.leave(REPEATED)
        return self._is_repeat

    def tells_again(
        self, record: SourceRecord, flow: tuple[str | int, ...], numbers: tuple[Decimal | None, ...]
    ) -> bool:
        """Tell whether a line tells a flow that was taken; with other numbers that is a fault."""
        if self.repeats():
            return True
        told = (f"{record.place}:{record.line}", numbers)
        other = self._flow_lines.setdefault(flow, told)
        if other is told:
            return False
        if other[1] == numbers:
            self.leave(TOLD_AGAIN)
        else:
            what = f"{other[0]} tells the same flow with other numbers"
            self.wrong(record, what, "leave the line that holds, and take the other out")
        return True

    def add(self, table: str, key: str, cells: Cells) -> str:
        """Take a row that repeats none; one whose key is taken gets a number behind it."""
        if self.repeats():
            return ""
        rows = self.rows.setdefault(table, {})
        chosen, count = key_of(key), 2
        while chosen in rows:
            chosen, count = f"{key_of(key)}-{count}", count + 1
        rows[chosen] = cells
        if len(rows) > ROWS:
            raise errors.BadFileError(TOO_MANY, SMALLER)
        return chosen

    def leave(self, why: str, count: int = 1) -> None:
        """Count lines that are left out."""
        if count:
            self.left_out[why] += count

    def wrong(self, record: SourceRecord, what: str, fix: str) -> None:
        """Take a fault of a record."""
        self.faults.append(errors.Fault(record.place, record.line, what, fix, kind=fix))

    def records(self, sources: Iterable[SourceFile], *needed: str) -> Iterator[SourceRecord]:
        """Yield the records of files."""
        for source in sources:
            for record in read_records(source, needed, self.faults):
                self.take_up(record)
                yield record
            self.take_up(None)

    def number(
        self, record: SourceRecord, column: str, *, negative: bool = False
    ) -> Decimal | None:
        """Return a number of a record; what is none is a fault, and not known."""
        return self.tried(record, column, lambda: number_of(record.text(column), negative=negative))

    def tried(self, record: SourceRecord, column: str, read: Callable[[], T]) -> T | None:
        """Return what a cell says, or take a fault of it."""
        try:
            return read()
        except errors.BadCellError as bad:
            self.wrong(record, f'in column "{column}", {bad.what}', bad.fix)
            return None

    def year(self, record: SourceRecord, column: str) -> int | None:
        """Return the year of a record, or take a fault of it."""
        text = record.text(column).partition(".")[0]
        if re.fullmatch(r"(19|20)[0-9]{2}", text):
            return int(text)
        self.wrong(record, f'in column "{column}", "{record.text(column)}" is no year', "write it")
        return None

    def period(
        self, record: SourceRecord, form: str, fix: str, other: str
    ) -> tuple[int, int] | None:
        """Return year and month of a record, or take a fault of it; a year has the month 0."""
        text = record.text("period", other)
        found = re.fullmatch(form, text)
        if found is None:
            self.wrong(record, f'"{text}" is no period', fix)
            return None
        return int(found[1]), 0 if found[2] in {None, "52"} else int(found[2])


def key_of(text: str) -> str:
    """Return a text as the key of a row: letters, digits, points and hyphens."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")
    return plain[:_LONGEST_KEY].rstrip("-.") or "row"


def whole_key(text: str, *more: str) -> str:
    """Return an id as the key of a row that no other id has: what folds has a hash behind it."""
    folded = key_of(text).lower()
    if folded == text:
        return folded
    said = "\n".join((text, *more)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(said).hexdigest()[:_DIGEST]
    return f"{folded[: _LONGEST_KEY - _DIGEST - 1].rstrip('-.')}-{digest}"


def as_note(*notes: str) -> str:
    """Return notes as one, each once, in their order.

    >>> as_note("weight estimated", "", "weight estimated", "two ports")
    'Weight estimated; two ports'
    """
    text = "; ".join(dict.fromkeys(filter(None, notes)))
    return text[:1].upper() + text[1:]


FACTS = {
    "baci": ("exporter", "importer", "code", "year"),
    "governance": ("country", "indicator", "year"),
    "production": ("country", "stage", "material", "year", "series"),
    "production_totals": ("area", "stage", "material", "year", "series"),
    "reserves": ("country", "year", "series"),
    "reserve_totals": ("area", "year", "series"),
    "identifiers": ("entity", "scheme", "value"),
}  # tables of which two rows would be added up or answer twice, and what makes their fact
_FLOW = ("exporter", "importer", "code", "year", "period_from", "period_until")
_FLOWS = ("trade", "trade_totals")
"""Compared with other imports alone: what is shipped of a flow is often of a part of its goods."""
_PART = Decimal("0.005")  # two numbers that differ by less are one, rounded


def shipped_facts(table: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Return the rows of a shipped table by what makes their fact."""
    rows = rows_of(ontology_folder() / "tables" / f"{table}.csv") if table in FACTS else ()
    return {fact: row for row in rows for fact in facts_of(table, row)}


def differs(table: str, cells: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two rows of one fact say different numbers, or one of them says none."""
    columns = ("usd", "tonnes") if table == "baci" else ("value",)
    return any(_apart(cells.get(name, ""), other.get(name, "")) for name in columns)


def facts_of(table: str, cells: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return what a row of an import says: a flow its weight and its value, others one fact."""
    columns = FACTS.get(table) or (_FLOW if table in _FLOWS else ())
    fact = tuple(cells.get(name, "") for name in columns)
    if table not in _FLOWS:
        return [fact] if fact else []
    measures = (cells.get("unit", ""), "usd" if cells.get("value_usd") else "")
    return [(*fact, measure) for measure in measures if measure]


def _apart(one: str, other: str) -> bool:
    if one == other:
        return False
    try:
        first, second = Decimal(one), Decimal(other)
    except InvalidOperation:
        return True
    return abs(first - second) > _PART * max(abs(first), abs(second))


VIA = "monazite import"  # what ``via`` says of the sources of imports, which marks their folders
_SOURCES = "sources"
Rows = dict[str, dict[str, dict[str, str]]]  # cells by table and by key


class OwnFolder:
    """The tables of a folder that imports fill."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder, self._schema = folder, schema
        self.rows: Rows = {}
        restore_folder(folder)
        if not os.path.lexists(folder):
            return
        name = escaped(str(folder))
        if not folder.is_dir():
            raise errors.UnreadableError(f"{name} is no folder; name another place with -o DIR.")
        files = sorted(each for each in folder.iterdir() if not is_part(each))
        if not files:
            return
        self._read(files)
        sources = self.rows.get(_SOURCES, {})
        if not sources or not all(row["via"].startswith(VIA) for row in sources.values()):
            raise self._refusal("sources that no import wrote")

    def _refusal(self, what: str) -> errors.UnreadableError:
        return errors.UnreadableError(
            f"{escaped(str(self.folder))} holds {what}; name a folder of its own with -o DIR."
        )

    def _read(self, files: list[Path]) -> None:
        for file in files:
            refusal = self._refusal(f"{escaped(file.name)}, which no import wrote")
            table = self._schema.tables.get(file.stem)
            if table is None or file.suffix != ".csv" or not file.is_file():
                raise refusal
            try:
                (_, header), *lines = csv_records(utf8_text(read_file(file)), Budget())
                place = header.index(table.key_column)
            except (OSError, errors.BadFileError, ValueError):
                raise refusal from None
            self.rows[file.stem] = {
                fields[place]: dict(zip(header, fields, strict=False)) for _, fields in lines
            }

    def take(self, rows: Rows, source: str) -> None:
        """Put rows of a source in the place of those that it had."""
        for table, held in [*self.rows.items()]:
            kept = {key: _without(row, source) for key, row in held.items()}
            self.rows[table] = {key: row for key, row in kept.items() if row}
        self.rows.get(_SOURCES, {}).pop(source, None)
        for table, new in rows.items():
            held = self.rows.setdefault(table, {})
            known = {x: row["source"] for row in held.values() for x in facts_of(table, row)}
            twice = [] if table == "codes" else [held[key]["source"] for key in new if key in held]
            for row in new.values():
                twice += [known[fact] for fact in facts_of(table, row) if fact in known][:1]
            if twice:
                stand = counted(len(twice), f"row of {table} stands", f"rows of {table} stand")
                raise errors.UnreadableError(
                    f"{stand} in {escaped(str(self.folder))} already, of {twice[0]}: they would "
                    "count twice; import into another folder, or take that one out first."
                )
            for key, row in new.items():
                if there := held.get(key):  # one row of two imports, by both of their sources
                    sources = {*row["source"].split(";"), *there["source"].split(";")}
                    row = min(row, there, key=lambda each: each["source"])
                    row = {**row, "source": ";".join(sorted(sources))}
                held[key] = row

    def write(self) -> None:
        """Write the tables beside the folder, and put them in its place."""
        files = {}
        for name, rows in sorted(self.rows.items()):
            if rows:
                shape, out = self._schema.tables[name], io.StringIO()
                columns = (column.name for column in shape.columns)
                header = sorted(columns, key=lambda column: column != shape.key_column)
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(header)
                for key, row in sorted(rows.items()):
                    cells = {**row, shape.key_column: key}
                    texts = (cells.get(column, "") for column in header)
                    writer.writerow(  # no cell runs in a spreadsheet
                        [x if x.startswith("'") else safe_cell(visible(x)) for x in texts]
                    )
                files[f"{name}.csv"] = out.getvalue().encode()
        replace_folder(self.folder, files)


def _without(row: dict[str, str], source: str) -> dict[str, str]:
    """A row without a source; nothing where it was the only one."""
    if "source" not in row:
        return row
    left = [each for each in row["source"].split(";") if each != source]
    return {**row, "source": ";".join(left)} if left else {}
