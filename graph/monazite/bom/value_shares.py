"""Which part of the value of a piece its rare earths make up, by prices on record.

Prices of the last two years, an oxide per kilogram of its element; the lowest and the highest are
the ends of a range. A share of value is not a share of mass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import fsum

from monazite.analysis.rules.weighing import Between, Case, value_shares
from monazite.bom.bill import Bill
from monazite.bom.decisions import ASKED
from monazite.bom.lines import NO_CONTENT, NO_MASS, TO_BE_ASKED, ExposedLine
from monazite.core.results import Struct, Value
from monazite.data.parameters import MAGNET
from monazite.store.queries import ask
from monazite.store.store import Store

YEARS = 2  # how old a price may be on the day
NO_VALUE, NO_RATE = "the bill gives no value of the piece", "no rate of exchange to the dollar"
NO_PRICE = f"no price on record in the {YEARS} years before the day"
_OPEN = {TO_BE_ASKED, NO_CONTENT, NO_MASS}
_KILO = 1_000.0
_BEYOND = 1e30  # dollars for a kilogram that nothing costs, but numbers of a bill may give


class ElementPrice(Value):
    """Prices of an element on record, in dollars for a kilogram of it."""

    low: float
    high: float
    since: str
    until: str
    rows: tuple[str, ...]


class ValueShare(Value):
    """The value of an element in a line by the value of the piece."""

    sheet_row: int
    name: str  #: of the part, as the line shows it
    element: str  #: symbol
    low: float | None  #: part of the value of a piece, 0 to 1; None where it is not known
    high: float | None  #: the most; None where it is not known
    #: dollars for a kilogram of the element, the least on record; None without any
    price_low: float | None
    price_high: float | None  #: the most; None without any
    since: str  #: first date of the prices, as printed
    until: str  #: last date of the prices
    not_known: str  #: why it is not known; empty where it is
    rows: tuple[str, ...]  #: of the prices
    beyond: bool = False  #: whether it would cost more than the piece; the share is then 1 at most


def read_prices(store: Store, day: str) -> dict[str, ElementPrice]:
    """Return the prices of each rare earth of the last years before a day."""
    factors = {row["element"]: row for row in ask(store, "network-factors")}
    oldest = f"{int(day[:4]) - YEARS}{day[4:]}"
    told: dict[str, list[tuple[str, str, float, float, set[str]]]] = defaultdict(list)
    for row in ask(store, "bill-prices"):
        if row["latest"] < oldest or row["earliest"] > day:
            continue
        numbers = map(row.maybe_number, ("value", "low", "high"))
        ends = [each for each in numbers if each is not None]
        factor, rows = 1.0, {row.row()}
        if row["step"] == "separation":  # the price of an oxide
            known = factors.get(row["element"])
            if known is None:
                continue
            factor = known.number("factor")
            rows.add(known.row())
        if ends:
            place = (row["earliest"], row["date"], min(ends) * factor, max(ends) * factor, rows)
            told[row["element"]].append(place)
    prices = {}
    for element, found in told.items():
        _, dates, lows, highs, behind = zip(*sorted(found, key=lambda x: x[:4]), strict=True)
        keys = tuple(sorted(set().union(*behind)))
        prices[element] = ElementPrice(min(lows), max(highs), dates[0], dates[-1], keys)
    return prices


class Valuation(Struct):
    """Works out shares of value, of lines and of what they are built into."""

    prices: Mapping[str, ElementPrice]
    dollars: Mapping[str, float]  # for one unit of a currency, by its code
    bill: Bill
    lines: Sequence[ExposedLine]  # of the bill as they are shown, in its order

    def shares(self) -> tuple[ValueShare, ...]:
        """Return the share of each element in the value of each line that holds it."""
        return tuple(share for line in self.lines for share in self._of_line(line))

    def _of_line(self, line: ExposedLine) -> Iterable[ValueShare]:
        worth, why = self._dollars_of(line)
        content = {
            x.element: Between(x.percent_low / 100, x.percent_high / 100) for x in line.grams
        }
        told = self._in_value(content, line.mass, worth)
        for each in line.grams:
            price, share = self.prices.get(each.element), told.get(each.element)
            own = (line.sheet_row, line.name, each.element)
            if price is None:
                yield ValueShare(*own, None, None, None, None, "", "", why or NO_PRICE, ())
                continue
            prices, days = (price.low, price.high), (price.since, price.until)
            if share is None:
                yield ValueShare(*own, None, None, *prices, *days, why or NO_PRICE, price.rows)
                continue
            costs = (line.mass or 0.0) / _KILO * each.percent_high / 100 * price.high
            ends, beyond = (share.low, share.high), costs > (worth or 0.0)
            yield ValueShare(*own, *ends, *prices, *days, "", price.rows, beyond)

    def _dollars_of(self, line: ExposedLine) -> tuple[float | None, str]:
        """What a piece costs in dollars, or why that is not known."""
        if not line.value:
            return None, NO_VALUE
        rate = 1.0 if line.currency == "USD" else self.dollars.get(line.currency)
        return (None, NO_RATE) if rate is None else (line.value * rate, "")

    def _in_value(
        self, content: Mapping[str, Between], mass: float | None, worth: float | None
    ) -> Mapping[str, Between]:
        if not worth or not mass:
            return {}
        prices = {name: Between(each.low, each.high) for name, each in self.prices.items()}
        kilogram = worth / mass * _KILO
        if not 1 / _BEYOND < kilogram < _BEYOND:
            return {}
        return value_shares(content, prices, Between(kilogram, kilogram))

    def of_case(self, place: int, case: Case) -> Mapping[str, Between]:
        """Return the shares of value in what crosses a border, as far as it is known."""
        line = self.lines[place]
        if case.shipped_as == frozenset({MAGNET}) or not self.bill.lines[place].above:
            return self._in_value(case.content, line.mass, self._dollars_of(line)[0])
        return {}

    @cached_property
    def of_product(self) -> Mapping[str, Between]:
        """The shares of value in the whole product; its value may not be known."""
        tops = [place for place, one in enumerate(self.bill.lines) if not one.above]
        worth = self._dollars_of(self.lines[tops[0]])[0] if len(tops) == 1 else None
        if not worth:
            return {}
        unknown = any(line.not_known in _OPEN or line.decision == ASKED for line in self.lines)
        found: dict[str, Between] = {}
        for element, price in sorted(self.prices.items()):
            held = [x for line in self.lines for x in line.grams if x.element == element]
            low = fsum(x.low for x in held) / _KILO * price.low / worth
            high = fsum(x.high for x in held) / _KILO * price.high / worth
            if held:
                found[element] = Between(min(low, 1.0), 1.0 if unknown else min(high, 1.0))
        return found
