"""The yearly sums of a reader's records: what was found, and how it is shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from monazite.result import Result
from monazite.safe_text import counted, in_brief, tonnes
from monazite.tables import Table

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class RecordSum:
    """What some records add up to, in whole grams and cents, which no order of adding changes.

    Attributes:
        code: id of the customs code.
        exporter: code of the country.
        importer: code of the country.
        year: of the dates.
        count: how many records there are.
        grams: of those that say a weight.
        weighed: how many say one.
        cents: dollars of those that say a value, in hundredths.
        valued: how many say one.
        seller: name of the firm, where the sum is of a pair of firms.
        buyer: name of the firm.
        months: of the year, of which there are records at all; none where all twelve have some,
            or a date names no month.
    """

    code: str
    exporter: str
    importer: str
    year: int
    count: int
    grams: int
    weighed: int
    cents: int
    valued: int
    seller: str = ""
    buyer: str = ""
    months: tuple[int, ...] = ()

    @property
    def tonnes(self) -> str:
        """The weight in tonnes, exactly; blank where no record says one.

        >>> RecordSum("hs2022-850511", "CHN", "USA", 2024, 2, 1_500_000, 2, 0, 0).tonnes
        '1.5'
        """
        return _scaled(self.grams, 6) if self.weighed else ""

    @property
    def kilograms(self) -> str:
        """The weight as the records say it; blank where none does."""
        return _scaled(self.grams, 3) if self.weighed else ""

    @property
    def usd(self) -> str:
        """The value in dollars, exactly; blank where no record says one."""
        return _scaled(self.cents, 2) if self.valued else ""

    @property
    def is_whole(self) -> bool:
        """Whether every record says a weight."""
        return self.weighed == self.count


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records that stand in no sum, and why: nothing of the tables has the name that they say."""

    why: str
    name: str
    count: int
    grams: int


@dataclass(frozen=True, repr=False)
class TradeSums(Result):
    """Records of customs, or of bills of lading, as yearly sums.

    Attributes:
        source: id of the source that the sums name.
        files: names of the files, sorted.
        sha256: of the files, by their names and contents.
        publisher: who the source says has published them.
        count: how many records there are.
        sums: by code, exporter, importer and year, sorted.
        firms: the same by seller and buyer, where the records say both.
        left_out: what stands in no sum, most records first.
    """

    records_key: ClassVar[str] = "sums"

    source: str
    files: tuple[str, ...]
    sha256: str
    publisher: str
    count: int
    sums: tuple[RecordSum, ...]
    firms: tuple[RecordSum, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def headline(self) -> str:
        """Return how many records were summed to how many sums."""
        records = counted(self.count, "record")
        files = counted(len(self.files), "file")
        return f"{records} of {files} in {counted(len(self.sums), 'yearly sum')}"

    def to_dict(self) -> dict[str, object]:
        """Return what ``content`` returns: records of one's own are asked of no view.

        Returns:
            The keys of ``content()``.
        """
        return self.content()

    def content(self) -> dict[str, object]:
        """Return the sums as records: weights and values as exact decimal texts."""
        return {
            "source": self.source,
            "files": list(self.files),
            "sha256": self.sha256,
            "count": self.count,
            "sums": [_record(each) for each in self.sums],
            "firms": [
                {"seller": each.seller, "buyer": each.buyer, **_record(each)} for each in self.firms
            ],
            "left_out": [
                {"why": each.why, "name": each.name, "count": each.count}
                | {"tonnes": _scaled(each.grams, 6)}
                for each in self.left_out
            ],
            "notes": list(self.notes),
        }

    def tables(self) -> list[Table]:
        """Return the sums by code and year, and what was left out."""
        return [self._by_year(), *self._left(len(self.left_out))]

    def short_tables(self) -> list[Table]:
        """Return the same, of what was left out the most alone."""
        return [self._by_year(), *self._left(_SHOWN)]

    def csv_tables(self) -> list[Table]:
        """Return all sums, a line each."""
        columns = ("code", "exporter", "importer", "year", "count", "tonnes", "usd", "months")
        rows = [
            [
                *(each.code, each.exporter, each.importer, str(each.year)),
                *(str(each.count), each.tonnes, each.usd),
                ";".join(f"{month:02}" for month in each.months),
            ]
            for each in self.sums
        ]
        return [Table("", columns, rows)]

    def _by_year(self) -> Table:
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for each in self.sums:
            line = found[each.code, f"{each.year}{' in part' if each.months else ''}"]
            for place, number in enumerate((1, each.count, each.grams, each.cents)):
                line[place] += number
        rows = [
            [code, year, f"{pairs:,}", f"{count:,}", _in_tonnes(grams), _in_dollars(cents)]
            for (code, year), (pairs, count, grams, cents) in sorted(found.items())
        ]
        columns = ("code", "year", "pairs of countries", "records", "tonnes", "US dollars")
        return Table(self.headline(), columns, rows, remarks=self.notes, right=columns[1:])

    def _left(self, most: int) -> list[Table]:
        if not self.left_out:
            return []
        rows = [
            [
                *(each.why, in_brief(each.name, 60) or "(blank)"),
                *(f"{each.count:,}", _in_tonnes(each.grams)),
            ]
            for each in self.left_out[:most]
        ]
        hidden = len(self.left_out) - len(rows)
        remarks = (f"{hidden:,} others; --full names them.",) if hidden else ()
        columns = ("why", "name", "records", "tonnes")
        heading = "Records that stand in no sum"
        return [Table(heading, columns, rows, remarks=remarks, right=columns[2:])]


def _record(each: RecordSum) -> dict[str, object]:
    return {
        "code": each.code,
        "exporter": each.exporter,
        "importer": each.importer,
        "year": each.year,
        "months": list(each.months),
        "count": each.count,
        "weighed": each.weighed,
        "tonnes": each.tonnes or None,
        "valued": each.valued,
        "usd": each.usd or None,
    }


def _scaled(units: int, places: int) -> str:
    """Whole units as an exact decimal number, without noughts at its end."""
    text = f"{Decimal(units).scaleb(-places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_tonnes(grams: int) -> str:
    return tonnes(grams / 1e6) if grams else ""


def _in_dollars(cents: int) -> str:
    return f"{round(Decimal(cents).scaleb(-2)):,}" if cents else ""
