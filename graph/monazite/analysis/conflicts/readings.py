"""Rows as readings of a fact: what is spoken of, on what terms, what is said, and by whom.

Two agree where both can be true: a number stands for all that rounds to it, a partial date for all
its days, a point for its surroundings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from math import asin, cos, inf, radians, sin, sqrt

from monazite.core.formats import grouped
from monazite.core.results import Struct
from monazite.data.columns import Column
from monazite.data.dates import date_bounds
from monazite.data.iris import SCHEME, local_name
from monazite.data.reader import Cell, Row
from monazite.data.sameness import Sameness, SourceAttribution

NOISE = 0.002  # numbers that differ by less than this part agree: converting leaves that much
COARSEST = 0.05  # zeros at the end of a number are no rounding of more than this part of it


class PrintedValue:
    """What a row says: without an order, and equal or not, where a kind does not say otherwise."""

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest that it may mean."""
        return 0.0, 0.0

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether both can be true."""
        return self == other


class PrintedNumber(Struct, PrintedValue):
    """A number in its base unit, or a range; a bound on one side is open on the other."""

    value: float | None
    low: float
    high: float
    step: float = 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest printed."""
        return self.low, self.high

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether a number both would round to exists, or the ranges share one."""
        assert isinstance(other, PrintedNumber)
        if self.low <= other.high and other.low <= self.high:
            return True
        gap = max(self.low - other.high, other.low - self.high)
        return gap < max((self.step + other.step) / 2, NOISE * min(_sizes(self, other)))


def read_number(texts: Sequence[str], factor: float = 1.0) -> PrintedNumber:
    """Read the cells of a value, its low and its high end, of which some may be empty."""
    value, low, high = (*texts, "", "")[:3]
    printed = [text for text in (value, low, high) if text]
    numbers = [float(text) * factor for text in printed]
    step = max(map(_step, printed), default=0.0) * factor
    if value:
        return PrintedNumber(numbers[0], min(numbers), max(numbers), step)
    return PrintedNumber(None, numbers[0] if low else -inf, numbers[-1] if high else inf, step)


def _step(text: str) -> float:
    """What the last digit of a printed number counts; two digits at least are meant."""
    _, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    if exponent < 0 or not any(digits):
        return float(10.0**exponent)
    written = "".join(map(str, digits))
    zeros = min(len(written) - len(written.rstrip("0")), max(len(written) - 2, 0))
    step = float(10**zeros)
    return min(step, COARSEST * float(written)) if zeros else step


class PrintedDate(Struct, PrintedValue):
    """A partial date, as ISO days of its first and last day."""

    first: str
    last: str

    @property
    def ends(self) -> tuple[float, float]:
        """The days as ordinals."""
        days = (date.fromisoformat(self.first), date.fromisoformat(self.last))
        return float(days[0].toordinal()), float(days[1].toordinal())

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether one day may be meant by both."""
        assert isinstance(other, PrintedDate)
        return self.first <= other.last and other.first <= self.last


class PrintedName(Struct, PrintedValue):
    """Who or what is named."""

    text: str


class PrintedPoint(Struct, PrintedValue):
    """A point in degrees, and how many kilometres off the thing may lie."""

    latitude: float
    longitude: float
    within: float

    def agrees(self, other: PrintedValue) -> bool:
        """Tell whether one thing may lie near both points."""
        assert isinstance(other, PrintedPoint)
        return kilometres(self, other) <= self.within + other.within


def kilometres(one: PrintedPoint, other: PrintedPoint) -> float:
    """Return the great-circle distance of two points by the haversine formula."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))  # the radius of the Earth


def apart(ours: Sequence[PrintedValue], theirs: Sequence[PrintedValue]) -> bool:
    """Tell whether two sides contradict each other; one that says several means all between."""
    if any(one.agrees(other) for one in ours for other in theirs):
        return False
    if not isinstance(ours[0], (PrintedNumber, PrintedDate)):
        return True
    ends = ([end for printed in side for end in printed.ends] for side in (ours, theirs))
    (low, high), (bottom, top) = ((min(each), max(each)) for each in ends)
    return low > top or bottom > high


def difference(printed: Sequence[PrintedValue]) -> tuple[float | None, str]:
    """Return how far apart the two are that disagree most, and in what; None for names."""
    pairs = list(combinations(printed, 2))
    if isinstance(printed[0], PrintedPoint):
        points = [each for each in printed if isinstance(each, PrintedPoint)]
        far = max((kilometres(*pair) for pair in combinations(points, 2)), default=0.0)
        return round(far, 1), "kilometres"
    if isinstance(printed[0], PrintedDate):
        return max((_gap(*pair) for pair in pairs), default=0.0), "days"
    if not isinstance(printed[0], PrintedNumber):
        return None, ""
    return max((gap / max(_sizes(*x)) for x in pairs if (gap := _gap(*x))), default=0.0), "part"


def _gap(one: PrintedValue, other: PrintedValue) -> float:
    """How far the nearest ends of two ranges lie apart; nothing where they overlap."""
    (low, high), (bottom, top) = one.ends, other.ends
    return max(0.0, low - top, bottom - high)


def _sizes(one: PrintedValue, other: PrintedValue) -> list[float]:
    return [abs(end) for end in (*one.ends, *other.ends) if abs(end) != inf]


PARTIAL = SCHEME + "basis/partial"
SHARE = SCHEME + "unit/percent"
_YEAR = len("2024")

Fact = tuple[tuple[str, str], ...]
"""What a row speaks of: columns and the IRIs or words in them."""


class Reading(Struct):
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
    found = [_Reader(x, sameness).read(sources) for x in rows if x.table in sameness.rules]
    return _by_occurrence([reading for reading in found if reading is not None], sameness)


class _Reader:
    """Reads one row by the rule of its table."""

    def __init__(self, row: Row, sameness: Sameness) -> None:
        self._row, self._rule, self._sameness = row, sameness.rules[row.table], sameness
        rule, self._concepts = self._rule, sameness.concepts
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
            elif len(keys) == 1 and "Material" in map(local_name, column.classes):
                if share:
                    goods.append(keys[0])
                    keys = [self._widest(keys[0])]
                elif any_goods and not self._sameness.linked(keys[0], "element"):
                    defined.append(keys[0])
                    keys = ["in whatever goods"]
            fact.append((column.name, ";".join(keys)))
        return tuple(fact), tuple(defined), tuple(goods)

    def _widest(self, iri: str) -> str:
        """The broadest thing above one, itself where none is."""
        seen = {iri}
        while (above := self._sameness.linked(iri, "broader")) and above[0] not in seen:
            iri = above[0]
            seen.add(iri)
        return iri

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
        value, low, high = (*group, "", "")[:3]
        ends = [grouped(Decimal(end)) if end else "" for end in (value, low, high)]
        span = f"{ends[1] or 'up'} to {ends[2]}" if high else f"from {ends[1]}" if low else ""
        text = f"{ends[0]} ({span})" if value and span else ends[0] or span
        return read_number(group, self._in_base()[1]), f"{text} {local_name(self._unit)}".strip()


def _by_occurrence(readings: list[Reading], sameness: Sameness) -> list[Reading]:
    """Tell dated events of one kind apart: an event that can repeat is another fact each time."""
    histories: dict[Fact, list[tuple[str, Reading]]] = defaultdict(list)
    events: dict[str, tuple[str, str, list[tuple[str, Reading]]]] = {}
    for reading in readings:
        kinds = [value for _, value in reading.fact if value.startswith(SCHEME)]
        if isinstance(reading.printed, PrintedDate) and kinds:
            kind = kinds[-1]  # an event is a concept among the columns of a dated reading
            history = histories[tuple(pair for pair in reading.fact if pair[1] != kind)]
            state = sameness.concepts.one(kind, "stateAfter")
            events[reading.row] = (sameness.concepts.one(kind, "happens"), state, history)
            history.append((state, reading))
    return [_placed(x, *events[x.row]) if x.row in events else x for x in readings]


def _placed(
    reading: Reading, how_often: str, state: str, history: Iterable[tuple[str, Reading]]
) -> Reading:
    """An event as a fact of its own among those of the same thing, where it can repeat."""
    assert isinstance(reading.printed, PrintedDate)
    first = reading.printed.first
    if how_often == "once":
        return reading
    if how_often == "once a state":
        between = sum(
            isinstance(other.printed, PrintedDate) and other.printed.last < first
            for other_state, other in history
            if other_state not in ("", state)
            if other.defined == reading.defined or not (any(other.defined) and any(reading.defined))
        )
        return replace(reading, fact=(*reading.fact, ("after other states", str(between))))
    return replace(reading, fact=(*reading.fact, ("year", first[:4])), special="repeats")
