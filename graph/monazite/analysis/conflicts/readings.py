"""Rows as readings of a fact: what is spoken of, on what terms, what is said, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from monazite.analysis.conflicts.values import (
    PrintedDate,
    PrintedName,
    PrintedPoint,
    PrintedValue,
    read_number,
)
from monazite.core.formats import grouped
from monazite.data.columns import Column
from monazite.data.dates import date_bounds
from monazite.data.iris import SCHEME, local_name
from monazite.data.reader import Cell, Row
from monazite.data.roots import SourceAttribution
from monazite.data.sameness import ComparedColumns, Sameness

PARTIAL = SCHEME + "basis/partial"
SHARE = SCHEME + "unit/percent"
ALL_GOODS = "in whatever goods"
_YEAR = len("2024")

Fact = tuple[tuple[str, str], ...]
"""What a row speaks of: columns and the IRIs or words in them."""


@dataclass(frozen=True)
class Reading:
    """What one row says of a fact.

    Only readings of equal unit (in its base), basis, definition and period contradict each other,
    and none that is ``special``: *partial*, or an event that *repeats*.
    """

    row: str
    table: str
    fact: Fact
    labels: tuple[str, ...]
    unit: str
    basis: tuple[str, ...]
    defined: tuple[str, ...]
    period: tuple[str, ...]
    printed: PrintedValue
    text: str
    sources: tuple[SourceAttribution, ...]
    line: str
    mentions: frozenset[str] = frozenset()
    special: str = ""

    @property
    def roots(self) -> frozenset[str]:
        """The sources that say it in the end."""
        return frozenset(source.root for source in self.sources)

    @property
    def author(self) -> str:
        """Who says it: whose edition its series is, else the publisher of its best source."""
        return self.line or (self.sources[0].author if self.sources else "")

    @property
    def known(self) -> str:
        """Since when: the newest date of its sources."""
        return max((source.known for source in self.sources), default="")


def to_readings(
    rows: Iterable[Row], sameness: Sameness, sources: Mapping[str, SourceAttribution]
) -> list[Reading]:
    """Return the rows that say something, in the order of the tables."""
    readers = (
        _Reader(x, sameness.rules[x.table], sameness) for x in rows if x.table in sameness.rules
    )
    found = (reader.read(sources) for reader in readers)
    return _by_occurrence([reading for reading in found if reading is not None], sameness)


class _Reader:
    """Reads one row by the rule of its table."""

    def __init__(self, row: Row, rule: ComparedColumns, sameness: Sameness) -> None:
        self._row, self._rule, self._sameness = row, rule, sameness
        self._concepts = sameness.concepts
        self._unit = self._iri(rule.unit)
        self._basis = self._iri(rule.basis)
        self._period = tuple(self._texts(rule.period))

    def read(self, sources: Mapping[str, SourceAttribution]) -> Reading | None:
        printed, text = self._printed()
        if printed is None:
            return None
        row, rule = self._row, self._rule
        fact, defined, goods = self._fact()
        series = self._iri(rule.series)
        cited = [cell.text for cell in row.cells.get("source", ())]
        return Reading(
            row=f"{row.table}/{row.key}",
            table=row.table,
            fact=fact,
            labels=tuple(self._labels(rule.fact)),
            unit=self._in_base()[0],
            basis=(self._basis, *goods),
            defined=defined + tuple(self._texts(rule.defined)),
            period=self._period,
            printed=printed,
            text=text,
            sources=tuple(sorted(sources[name] for name in cited if name in sources)),
            line=self._concepts.one(self._concepts.broader(series), "editionsOf"),
            mentions=frozenset(x.iri for at in rule.fact for x in self._cells(at) if x.iri),
            special="partial" if self._concepts.broader(self._basis) == PARTIAL else "",
        )

    def _in_base(self) -> tuple[str, float]:
        """The base of the unit, and the factor to it; tonnes per year of one year are tonnes."""
        said = {*filter(None, self._period)}
        of_year = len(said) == 1 and len(said.pop()) == _YEAR
        if of_year and self._sameness.schema.tables[self._row.table].time == "period":
            return self._concepts.in_base_of_year(self._unit)
        return self._concepts.in_base(self._unit)

    def _iri(self, column: str) -> str:
        cells = self._row.cells.get(column, ()) if column else ()
        return cells[0].iri if cells else ""

    def _cells(self, column: Column) -> Sequence[Cell]:
        return self._row.cells.get(column.name, ())

    def _texts(self, columns: Iterable[Column]) -> Iterator[str]:
        """The cells of some columns, each as one text, blank ones too."""
        for column in columns:
            yield ";".join(sorted(cell.text for cell in self._cells(column)))

    def _labels(self, columns: Iterable[Column]) -> Iterator[str]:
        for column in columns:
            if cells := self._cells(column):
                yield ", ".join(self._sameness.label(c.iri) if c.iri else c.text for c in cells)

    def _fact(self) -> tuple[Fact, tuple[str, ...], tuple[str, ...]]:
        """What the row speaks of, with what the words for it move to the terms.

        A stage counts as that of the chain; where a basis counts contents in whatever goods, they
        do not matter; a share of a thing is also one of a broader thing, on another basis.
        """
        fact: list[tuple[str, str]] = []
        defined: list[str] = []
        goods: list[str] = []
        share = self._unit == SHARE
        any_goods = self._concepts.one(self._basis, "whateverTheGoods") == "true"
        for column in self._rule.fact:
            keys = sorted(cell.iri or cell.text for cell in self._cells(column))
            if len(keys) == 1 and (stage := self._concepts.one(keys[0], "pipelineStage")):
                defined.append(keys[0])
                keys = [stage]
            elif len(keys) == 1 and self._is_goods(column):
                if share:
                    goods.append(keys[0])
                    keys = [self._widest(keys[0])]
                elif any_goods and not self._sameness.linked(keys[0], "element"):
                    defined.append(keys[0])
                    keys = [ALL_GOODS]
            fact.append((column.name, ";".join(keys)))
        return tuple(fact), tuple(defined), tuple(goods)

    def _widest(self, iri: str) -> str:
        """The broadest thing above one, itself where none is."""
        seen = {iri}
        while (above := self._sameness.linked(iri, "broader")) and above[0] not in seen:
            iri = above[0]
            seen.add(iri)
        return iri

    def _is_goods(self, column: Column) -> bool:
        return any(local_name(name) == "Material" for name in column.classes)

    def _printed(self) -> tuple[PrintedValue | None, str]:
        texts = [[self._row.text(name) for name in group] for group in self._rule.says]
        what = self._rule.says_what
        if what == "place":
            if not all(group[0] for group in texts):
                return None, ""
            precision = self._iri(self._rule.precision)
            within = float(self._concepts.one(precision, "withinKilometres") or 0)
            latitude, longitude = (group[0] for group in texts)
            point = PrintedPoint(float(latitude), float(longitude), within)
            return point, f"{latitude}, {longitude}"
        group = next(filter(any, texts), None)
        if group is None:
            return None, ""
        if what == "date":
            return PrintedDate(*date_bounds(group[0])), group[0]
        if what == "name":
            iri = self._iri(self._rule.says[0][0])
            return PrintedName(group[0]), self._sameness.label(iri) if iri else group[0]
        return self._number(group)

    def _number(self, group: list[str]) -> tuple[PrintedValue, str]:
        value, low, high = (*group, "", "")[:3]
        _, factor = self._in_base()
        ends = [grouped(Decimal(end)) if end else "" for end in (value, low, high)]
        span = f"{ends[1] or 'up'} to {ends[2]}" if high else f"from {ends[1]}" if low else ""
        text = f"{ends[0]} ({span})" if value and span else ends[0] or span
        return read_number(group, factor), f"{text} {local_name(self._unit)}".strip()


def _by_occurrence(readings: list[Reading], sameness: Sameness) -> list[Reading]:
    """Tell dated events of one kind apart: an event that can repeat is another fact each time."""
    histories: dict[Fact, list[tuple[str, Reading]]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for reading in readings:
        kind = _kind(reading)
        if kind:
            kinds[reading.row] = kind
            histories[_thing(reading, kind)].append((kind, reading))
    return [
        _placed(reading, kind, histories[_thing(reading, kind)], sameness) if kind else reading
        for reading in readings
        for kind in [kinds.get(reading.row, "")]
    ]


def _kind(reading: Reading) -> str:
    """The kind of the event that a dated reading tells; an event is a concept among its columns."""
    if not isinstance(reading.printed, PrintedDate):
        return ""
    events = [value for _, value in reading.fact if value.startswith(SCHEME)]
    return events[-1] if events else ""


def _thing(reading: Reading, kind: str) -> Fact:
    """What an event happened to."""
    return tuple(pair for pair in reading.fact if pair[1] != kind)


def _placed(
    reading: Reading, kind: str, history: list[tuple[str, Reading]], sameness: Sameness
) -> Reading:
    concepts = sameness.concepts
    printed = reading.printed
    assert isinstance(printed, PrintedDate)
    how_often = concepts.one(kind, "happens")
    if how_often == "once":
        return reading
    if how_often == "once a state":
        state = concepts.one(kind, "stateAfter")
        between = sum(
            isinstance(other.printed, PrintedDate) and other.printed.last < printed.first
            for other_kind, other in history
            if concepts.one(other_kind, "stateAfter") not in ("", state)
            if other.defined == reading.defined or not (any(other.defined) and any(reading.defined))
        )
        return replace(reading, fact=(*reading.fact, ("after other states", str(between))))
    return replace(reading, fact=(*reading.fact, ("year", printed.first[:4])), special="repeats")
