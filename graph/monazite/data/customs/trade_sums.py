"""The yearly sums of a reader's records: what was found, and how it is shown."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from monazite.core.columns import Column, table
from monazite.core.files import write_new_folder
from monazite.core.formats import (
    counted,
    first_rows,
    grouped,
    in_brief,
    one_or_many,
    reveal,
    without_exponent,
)
from monazite.core.formats import tonnes as in_tonnes
from monazite.core.results import Result
from monazite.core.tables import Table, safe_cell
from monazite.data.customs.record_files import new_firm, read_names

_SHOWN = 12


_SUM = "code exporter importer year months count weighed tonnes? valued usd?"


@dataclass(frozen=True, slots=True)
class RecordSum:
    """What some records add up to, in whole grams and cents, which no order of adding changes."""

    _json = _SUM

    code: str  #: id of the customs code
    exporter: str  #: code of the country
    importer: str  #: code of the country
    year: int  #: of the dates
    count: int  #: how many records it sums
    grams: int
    weighed: int  #: how many of them say a weight
    cents: int
    valued: int  #: how many of them say a value in dollars
    seller: str = ""  #: name of the firm, as the records say it
    buyer: str = ""  #: name of the firm, as the records say it
    #: those that have records; empty where all twelve have, or a date names none
    months: tuple[int, ...] = ()

    @property
    def tonnes(self) -> str:
        """Their weight in tonnes, an exact decimal number; empty where no record says one."""
        return _scaled(self.grams, 6) if self.weighed else ""

    @property
    def kilograms(self) -> str:
        """The weight as the records say it; blank where none does."""
        return _scaled(self.grams, 3) if self.weighed else ""

    @property
    def usd(self) -> str:
        """Their value in US dollars, an exact decimal number; empty where no record says one."""
        return _scaled(self.cents, 2) if self.valued else ""

    @property
    def is_whole(self) -> bool:
        """Whether every record says a weight."""
        return self.weighed == self.count


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records that stand in no sum, and why: nothing of the tables has the name that they say."""

    _json = "why name count tonnes"

    why: str  #: why
    name: str  #: what no table names, as the records say it
    count: int  #: how many records
    grams: int

    @property
    def tonnes(self) -> str:
        """Their weight in tonnes, an exact decimal number."""
        return _scaled(self.grams, 6)


class TradeSums(Result, repr=False):
    """Records of customs, or of bills of lading, as yearly sums."""

    records_key = "sums"
    _json = (
        "source files sha256 count sums "
        f"firms(seller,buyer,{_SUM.replace(' ', ',')}) left_out notes"
    )

    source: str  #: id of the source that the sums name
    files: tuple[str, ...]  #: names of the files, sorted
    sha256: str  #: SHA-256 of the files, by their names and contents
    publisher: str  #: who the source says has published them
    count: int  #: how many records there are
    sums: tuple[RecordSum, ...]  #: by code, exporter, importer and year, sorted
    firms: tuple[RecordSum, ...] = ()  #: the same by seller and buyer, where the records say both
    left_out: tuple[LeftOut, ...] = ()  #: what stands in no sum, most records first

    def headline(self) -> str:
        """Return how many records were summed to how many sums."""
        records = counted(self.count, "record")
        files = counted(len(self.files), "file")
        return f"{records} of {files} in {counted(len(self.sums), 'yearly sum')}"

    def to_dict(self) -> dict[str, object]:
        """Return what ``content`` returns: records of one's own are asked of no view."""
        return self.content()

    def tables(self) -> list[Table]:
        """Return the sums by code and year, and what was left out."""
        return [self._by_year(), *self._left(len(self.left_out))]

    def short_tables(self) -> list[Table]:
        """Return the same, of what was left out the most alone."""
        return [self._by_year(), *self._left(_SHOWN)]

    def csv_tables(self) -> list[Table]:
        """Return all sums, a line each."""
        keys = ("code", "exporter", "importer", "year", "count", "tonnes", "usd")
        rows = [
            [*(str(getattr(each, key)) for key in keys), ";".join(map(_month, each.months))]
            for each in self.sums
        ]
        return [Table("", (*keys, "months"), rows)]

    def _by_year(self) -> Table:
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for each in self.sums:
            line = found[each.code, f"{each.year}{' in part' if each.months else ''}"]
            for place, number in enumerate((1, each.count, each.grams, each.cents)):
                line[place] += number
        rows = [
            [*key, grouped(pairs), grouped(count), _tonnes(grams), dollars if cents else ""]
            for key, (pairs, count, grams, cents) in sorted(found.items())
            for dollars in [grouped(round(Decimal(cents).scaleb(-2)))]
        ]
        columns = ("code", "year", "pairs of countries", "records", "tonnes", "US dollars")
        return Table(self.headline(), columns, rows, remarks=self.notes, right=columns[1:])

    def _left(self, most: int) -> list[Table]:
        hidden = len(self.left_out) - most
        remarks = (f"{grouped(hidden)} others; --full names them.",) if hidden > 0 else ()
        columns = (
            Column("why", "why"),
            Column("name", lambda each: in_brief(each.name, 60) or "(blank)"),
            Column("records", "count", grouped, right=True),
            Column("tonnes", "grams", _tonnes, right=True),
        )
        shown = self.left_out[:most]
        return [table("Records that stand in no sum", shown, columns, remarks)] if shown else []


def _scaled(units: int, places: int) -> str:
    """Whole units as an exact decimal number, without noughts at its end."""
    text = without_exponent(Decimal(units).scaleb(-places))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _month(number: int) -> str:
    return f"{number:02}"


def _tonnes(grams: int) -> str:
    return in_tonnes(grams / 1e6) if grams else ""


_SOURCE = "id publisher title kind tier licence note"
_TRADE = (
    "row exporter importer code year period_from period_until kind figure_kind value value_low "
    "unit unit_as_printed basis value_usd value_as_printed source note"
)
_FIRMS = "id name kind country source note"
_LINKS = (
    "row supplier customer kind value value_low unit unit_as_printed basis material_as_printed "
    "value_as_printed valid_from valid_until source note"
)


def to_tables(sums: TradeSums) -> dict[str, bytes]:
    """Return sums as CSV files by name: their source, trade, and links between firms."""
    links, firms = _firms(sums)
    names = [reveal(file) for file in sums.files]
    records, files_read = counted(sums.count, "record"), counted(len(names), "file")
    source = {
        "id": sums.source,
        "publisher": safe_cell(" ".join(reveal(sums.publisher).split()) or "own records"),
        "title": f"Customs or shipment records: {first_rows(names)}",
        "kind": "data",
        "tier": "2",
        "licence": "own records, not stated",
        "note": f"{records} in {files_read}; sha256 of names and contents {sums.sha256}",
    }
    made = {
        "sources.csv": (_SOURCE, [source]),
        "trade.csv": (_TRADE, [_trade(each, sums.source) for each in sums.sums]),
        "organisations.csv": (_FIRMS, firms),
        "supply_links.csv": (_LINKS, links),
    }
    files = {}
    for name, (header, rows) in made.items():
        if rows:
            out = io.StringIO()
            writer = csv.DictWriter(out, header.split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            files[name] = out.getvalue().encode()
    return files


def write_sums(sums: TradeSums, folder: Path) -> int:
    """Write sums as tables to a new or empty folder."""
    files = to_tables(sums)
    write_new_folder(folder, files)
    return sum(content.count(b"\n") - 1 for content in files.values())


def _trade(each: RecordSum, source: str) -> dict[str, str]:
    key = f"{source}-{each.exporter}-{each.importer}-{each.code}-{each.year}"
    first, last = _span(each) if each.months else ("", "")
    return {
        "row": f"{key}{'-part' if each.months else ''}".lower(),
        "period_from": first,
        "period_until": last,
        "exporter": each.exporter,
        "importer": each.importer,
        "code": each.code,
        "year": str(each.year),
        "kind": "quantity",
        "value_usd": each.usd if each.valued == each.count else "",
        "source": source,
        "note": _note(each),
        "figure_kind": "derived" if each.is_whole else "derived;lower-bound",
        **_weight(each),
    }


def _span(each: RecordSum) -> tuple[str, str]:
    """The year, or its first and last month of which there are records."""
    told = [f"{each.year}-{month:02}" for month in each.months] or [str(each.year)]
    return told[0], told[-1]


def _weight(each: RecordSum) -> dict[str, str]:
    if not each.weighed:
        return {"value": "", "value_low": ""}
    return {
        "value": each.tonnes if each.is_whole else "",
        "value_low": "" if each.is_whole else each.tonnes,
        "unit": "t",
        "unit_as_printed": "kg",
        "basis": "gross-weight",
        "value_as_printed": each.kilograms,
    }


def _note(each: RecordSum) -> str:
    said = [f"sum of {each.count} {one_or_many(each.count, 'record', 'records')}, kg / 1000"]
    if each.months:
        said.append(f"months {', '.join(map(_month, each.months))} alone")
    if not each.is_whole:
        said.append(f"{each.count - each.weighed} of them without a weight")
    if each.valued not in (0, each.count):
        said.append(f"{each.valued} of them with a value, {each.usd} dollars together")
    return "; ".join(said)


def _firms(sums: TradeSums) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Links between firms, and rows of those that the tables do not have."""
    links: list[dict[str, str]] = []
    new: dict[str, tuple[str, set[str]]] = {}
    for each in sums.firms:
        ends: list[str] = []
        for name, country in ((each.seller, each.exporter), (each.buyer, each.importer)):
            known = read_names().firm(name)
            if known is None:
                known = new_firm(name)
                new.setdefault(known, (name, set()))[1].add(country)
            ends.append(known)
        supplier, customer = ends
        key = "-".join((sums.source, *ends, each.exporter, each.importer, each.code))
        first, last = _span(each)
        link = {
            "row": f"{key}-{each.year}".lower(),
            "supplier": supplier,
            "customer": customer,
            "kind": "shipment",
            "material_as_printed": each.code,
            "valid_from": first,
            "valid_until": last,
            "source": sums.source,
            "note": f"{each.exporter} to {each.importer}; {_note(each)}",
            **_weight(each),
        }
        links += [link] if supplier != customer else []
    firms = []
    for key, (name, countries) in sorted(new.items()):
        several = f", which name several countries for it: {', '.join(sorted(countries))}"
        alone = "" if len(countries) > 1 else next(iter(countries))
        firms.append(
            {
                "id": key,
                "name": safe_cell(reveal(name)),
                "kind": "company",
                "country": alone,
                "source": sums.source,
                "note": f"named in these records alone{'' if alone else several}",
            }
        )
    return links, firms
