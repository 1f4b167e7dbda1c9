"""What a reader takes of a source: rows by table, what it leaves out and why, and faults."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeVar

from monazite.errors import BadCellError, BadFileError, Fault, Faults
from monazite.imports.goods import GoodsCodes
from monazite.imports.numbers import number_of
from monazite.imports.places import NamedPlaces
from monazite.imports.source_file import SourceFile, SourceRecord, read_records
from monazite.rows.bounds import ROWS, SMALLER

T = TypeVar("T")
Cells = dict[str, str]
_NOT_KEY = re.compile(r"[^A-Za-z0-9.]+")
_LONGEST_KEY = 80
_DIGEST = 12
REPEATED = "lines that repeat one that is taken, cell for cell"
TOLD_AGAIN = "lines that tell a flow again with the same numbers"
"""Why lines are left out."""
TOO_MANY = f"more than {ROWS:,} rows would be written, and no more are read"


class _FlowLine(NamedTuple):
    """Where a flow is told, and its numbers."""

    place: str
    line: int
    numbers: tuple[Decimal | None, ...]


@dataclass
class Collected:
    """What was taken of the files of one import.

    Attributes:
        edition: of the HS, where the reader of the command line named one.
        units: how numbers were brought to another unit, which the row of the source says too.
        release: name of the release, where the file says so.
    """

    places: NamedPlaces
    goods: GoodsCodes
    edition: str = ""
    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    units: str = ""
    faults: Faults = field(default_factory=Faults)
    published: str = ""
    release: str = ""
    _at_hand: SourceRecord | None = field(default=None, init=False)
    _is_repeat: bool | None = field(default=None, init=False)
    _lines: set[bytes] = field(default_factory=set, init=False)
    _told: dict[tuple[str | int, ...], _FlowLine] = field(default_factory=dict, init=False)

    def take_up(self, record: SourceRecord | None) -> None:
        """Say of which record is what is taken from now on."""
        self._at_hand, self._is_repeat = record, None

    def repeats(self) -> bool:
        """Tell whether the record at hand says what one says that was taken, and count it if so.

        Only what is taken is remembered: files of all goods are long.
        """
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
        """Tell whether a line tells of a flow that a line that was taken tells of.

        It is for sources that have one line for a flow: other numbers are a fault of the file, and
        the same ones are counted.
        """
        if self.repeats():
            return True
        told = _FlowLine(record.place, record.line, numbers)
        other = self._told.setdefault(flow, told)
        if other is told:
            return False
        if other.numbers == numbers:
            self.leave(TOLD_AGAIN)
        else:
            what = f"{other.place}:{other.line} tells the same flow with other numbers"
            self.wrong(record, what, "leave the line that holds, and take the other out")
        return True

    def add(self, table: str, key: str, cells: Cells) -> str:
        """Take a row of a record that repeats none; one whose key is taken gets a number behind it."""
        if self.repeats():
            return ""
        rows = self.rows.setdefault(table, {})
        chosen, count = key_of(key), 2
        while chosen in rows:
            chosen, count = f"{key_of(key)}-{count}", count + 1
        rows[chosen] = cells
        if len(rows) > ROWS:
            raise BadFileError(TOO_MANY, SMALLER)
        return chosen

    def leave(self, why: str, count: int = 1) -> None:
        """Count lines that are left out."""
        self.left_out[why] += count

    def wrong(self, record: SourceRecord, what: str, fix: str) -> None:
        """Take a fault of a record."""
        self.faults.append(Fault(record.place, record.line, what, fix, kind=fix))

    def records(
        self,
        source: SourceFile,
        *needed: str,
        sheets: Callable[[str], bool] = lambda _: True,
    ) -> Iterator[SourceRecord]:
        """Yield the records of a file."""
        for record in read_records(source, needed, self.faults, sheets):
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
        except BadCellError as bad:
            self.wrong(record, f'in column "{column}", {bad.what}', bad.fix)
            return None

    def year(self, record: SourceRecord, column: str) -> int | None:
        """Return the year of a record, or take a fault of it."""
        text = record.text(column).partition(".")[0]
        if re.fullmatch(r"(19|20)[0-9]{2}", text):
            return int(text)
        self.wrong(record, f'in column "{column}", "{record.text(column)}" is no year', "write it")
        return None


def key_of(text: str) -> str:
    """Return a text as the key of a row: letters, digits, points and hyphens.

    >>> key_of("chn-usa 8505.11/2024")
    'chn-usa-8505.11-2024'
    """
    plain = _NOT_KEY.sub("-", text).strip("-.")
    return plain[:_LONGEST_KEY].rstrip("-.") or "row"


def whole_key(text: str, *more: str) -> str:
    """Return an id as the key of a row that no other id has: what folds has a hash behind it.

    >>> whole_key("ftm-nk-abc1"), whole_key("ftm-NK-aBc1"), whole_key("ftm-NK-AbC1")
    ('ftm-nk-abc1', 'ftm-nk-abc1-9d6fda010adc', 'ftm-nk-abc1-b134ac15a89b')
    """
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


def in_words(counts: Counter[str]) -> Iterable[str]:
    """Yield what was left out, the most first.

    >>> list(in_words(Counter({"lines of other goods": 1200})))
    ['1,200 lines of other goods']
    """
    for why, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield f"{count:,} {why}"
