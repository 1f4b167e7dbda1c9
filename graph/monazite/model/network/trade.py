"""Trade between countries as arcs between stages, in tonnes; that of magnets split by value.

A flow is *feed* for separation where its exporter mines, its importer separates, and the exporter
separates nothing or ships it cheaper than ``trade-code-split``; of metals only what is cheaper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from math import fsum
from operator import attrgetter

from monazite.core.results import Struct, Value
from monazite.data.parameters import METAL, MINE, SEPARATION
from monazite.model.network.shares import REST, WORLD
from monazite.store.queries import QueryRecord


class Flow(Struct):
    """One annual flow of one customs code."""

    code: str
    exporter: str
    importer: str
    total: bool
    tonnes: float | None
    usd: float | None
    percent: float | None
    row: str
    reconciled: bool = False

    @property
    def unit_value(self) -> float | None:
        """Dollars a kilogram, where both numbers are there."""
        return self.usd / self.tonnes / 1000 if self.usd and self.tonnes else None


class TradeArc(Struct):
    """Goods from one country's stage to another country's next stage."""

    from_stage: str
    exporter: str
    to_stage: str
    importer: str
    tonnes: float
    rows: tuple[str, ...]


def to_flows(answers: Iterable[QueryRecord]) -> list[Flow]:
    """Convert answers of the query ``network-trade`` of one year to flows."""
    flows = [answer.to(Flow) for answer in answers]
    once: dict[tuple[str, str, str], str] = {}
    reconciled = sorted(
        filter(attrgetter("reconciled"), flows),
        key=lambda x: ((x.tonnes is None) + (x.usd is None), x.usd or 0.0, x.tonnes or 0.0, x.row),
    )
    for flow in reconciled:
        once.setdefault((flow.code, flow.exporter, flow.importer), flow.row)
    chosen = {*once.values()}
    return [flow for flow in flows if flow.row in chosen or not flow.reconciled]


def trade_arcs(
    flows: Iterable[Flow],
    routes: Mapping[str, Sequence[tuple[str, str]]],
    countries: Mapping[str, set[str]],
    split_usd: float,
) -> list[TradeArc]:
    """Turn flows between countries into arcs between stages."""
    tonnes: dict[tuple[str, str, str, str], float] = defaultdict(float)
    rows: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for flow in flows:
        if flow.total or not flow.tonnes:
            continue
        pairs = routes.get(flow.code, [])
        of_metals = any(from_stage == METAL for from_stage, _ in pairs)
        cheap = flow.unit_value is not None and flow.unit_value < split_usd
        only_feed = all(from_stage == MINE for from_stage, _ in pairs)
        feed = only_feed or ((cheap or not of_metals) and _is_feed(flow, countries, cheap))
        for from_stage, to_stage in pairs:
            if feed == (from_stage == MINE):
                arc = (from_stage, flow.exporter, to_stage, flow.importer)
                tonnes[arc] += flow.tonnes
                rows[arc].append(flow.row)
    return [TradeArc(*arc, tonnes[arc], tuple(sorted(rows[arc]))) for arc in sorted(tonnes)]


def _is_feed(flow: Flow, countries: Mapping[str, set[str]], cheap: bool) -> bool:
    mining, separating = countries.get(MINE, set()), countries.get(SEPARATION, set())
    if flow.exporter in separating:
        return flow.exporter in mining and flow.importer in separating and cheap
    mines = bool({flow.exporter, REST} & mining)
    return mines and bool({flow.importer, REST} & separating)


class MarketMix(Value):
    """From where a market takes its magnets in a year."""

    year: int  #: of the rows
    #: part of each seller, 0 to 1; the market itself where it makes magnets
    shares: Mapping[str, float]
    rest: float  #: part of sellers that no row names
    tonnes: float  #: magnets in all
    basis: str  #: what the numbers are, and how they were found
    rows: tuple[str, ...]  #: all rows used
    remarks: tuple[str, ...] = ()  #: what one has to know before relying on it, in sentences
    low: float | None = None  #: the least the tonnes may be; None where no range is known
    high: float | None = None  #: the most they may be

    def ranges(self) -> Mapping[str, tuple[float, float, float]]:
        """Return the assumed numbers that the mix rests on: least, value and most, by their row."""
        return {}

    def at(self, values: Mapping[str, float]) -> MarketMix:  # noqa: ARG002 - rows assume nothing
        """Return the mix with other values of what is assumed; the same where nothing is."""
        return self


def market_mix(flows: Iterable[Flow], market: str, year: int) -> MarketMix | None:
    """Return the magnet imports of a market by country, in tonnes, else dollars at a unit value."""
    flows = list(flows)
    inflows = [flow for flow in flows if flow.importer == market and flow.exporter != "WLD"]
    in_tonnes = {flow.exporter: flow for flow in inflows if flow.tonnes}
    in_usd = {flow.exporter: flow for flow in inflows if flow.usd}
    sold = (x for x in flows if x.exporter == "CHN" and x.importer == "WLD")
    priced = (flow for flow in sold if flow.unit_value is not None)
    price = min(priced, key=lambda flow: flow.row, default=None)
    totals = [flow for flow in flows if flow.importer == market and flow.exporter == "WLD"]
    if in_usd and price is not None and len(in_usd) > len(in_tonnes):
        numbers = {place: flow.usd or 0.0 for place, flow in in_usd.items()}
        listed = list(in_usd.values())
        total = _total(inflows, totals, numbers, "usd")
        scale, basis = 1 / (price.unit_value or 1) / 1000, "import value, all metal magnets"
        extra = [price.row]
    else:
        numbers = {place: flow.tonnes or 0.0 for place, flow in in_tonnes.items()}
        listed = list(in_tonnes.values())
        total = _total(inflows, totals, numbers, "tonnes")
        scale, basis, extra = 1.0, "magnets, tonnes", []
    if not numbers or (total is None and len(numbers) < 2):
        return None
    whole = max(total or 0.0, fsum(numbers.values()))
    rows = [flow.row for flow in (*listed, *totals)] + extra
    rows += [flow.row for flow in inflows if flow.percent is not None]
    return MarketMix(
        year=year,
        shares={place: number / whole for place, number in sorted(numbers.items())},
        rest=max(0.0, 1 - fsum(numbers.values()) / whole),
        tonnes=whole * scale,
        basis=basis,
        rows=tuple(sorted(set(rows))),
    )


def _total(
    inflows: list[Flow], totals: list[Flow], numbers: Mapping[str, float], unit: str
) -> float | None:
    for flow in totals:
        value: float | None = getattr(flow, unit)
        if value:
            return value
    for flow in inflows:
        if unit == "usd" and flow.percent and flow.exporter in numbers:
            return numbers[flow.exporter] / (flow.percent / 100)
    return None


LEAST, MIDDLE, MOST = 0, 1, 2
CASES = (LEAST, MIDDLE, MOST)
_OTHERS = ""
_CHEAP, _SHARE, _OWN_MAKE = "cheap", "share", "own make"
_NAMES = {
    "other-magnet-unit-value": _CHEAP,
    "rare-earth-value-share": _SHARE,
    "sold-of-own-make": _OWN_MAKE,
}
Three = tuple[float, float, float]
_NONE: Three = (0.0, 0.0, 0.0)


class OwnOutput(Struct):
    """Magnets made in a year, in tonnes; ``reconciled`` ones are finished magnets."""

    tonnes: float
    year: int
    rows: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    reconciled: bool = False


class MagnetPrices(Value):
    """What turns the value of metal magnets into tonnes of rare-earth ones: low, middle, high.

    By seller dollars a kilogram in the year of reference ("" for others), by year its prices over
    those, ``cheap`` dollars a kilogram of magnets without rare earths, and two parts from 0 to 1:
    ``share``, the rare-earth part of the value, and ``own make``, what a market makes of its sales.
    """

    numbers: Mapping[str | int, Three]
    rows: Mapping[str | int, str]  # keys of the assumptions

    def tonnes(self, flow: Flow, year: int) -> Three:
        """Return the rare-earth magnets in a flow: the least, the middle, the most."""
        low, middle, high = (
            a * b for a, b in zip(self.seller(flow.exporter), self.numbers[year], strict=True)
        )
        value = (flow.usd or 0.0) / 1000
        if not flow.tonnes:
            parts = zip(self.numbers[_SHARE], (high, middle, low), strict=True)
            return three(value * share / price for share, price in parts)
        weight, cheap = flow.tonnes, self.numbers[_CHEAP]
        most = min(weight, value / low)
        mid = min(most, _mixed(value, weight, middle, cheap[MIDDLE]))
        return min(mid, _mixed(value, weight, high, cheap[MOST])), mid, most

    def seller(self, place: str) -> Three:
        """Return what a seller is paid in the year of reference."""
        return self.numbers.get(place, self.numbers[_OTHERS])

    def assumed(self, flows: Iterable[Flow], year: int, *, made: bool) -> set[str]:
        """Return the rows of the assumptions that what a market uses rests on."""
        sellers = {flow.exporter if flow.exporter in self.numbers else _OTHERS for flow in flows}
        keys: tuple[str | int, ...] = (*sorted(sellers), year, _CHEAP, _SHARE)
        return {self.rows[key] for key in (keys if made else (*keys, _OWN_MAKE))}

    def ranges(self) -> dict[str, Three]:
        """Return every number with its range, by the row of its assumption."""
        return {row: self.numbers[key] for key, row in self.rows.items()}

    def at(self, values: Mapping[str, float]) -> MagnetPrices:
        """Return the same with other middle numbers, inside the same ranges."""
        numbers = {
            key: (low, values.get(self.rows[key], middle), high)
            for key, (low, middle, high) in self.numbers.items()
        }
        return replace(self, numbers=numbers)


def _mixed(value: float, weight: float, dear: float, cheap: float) -> float:
    return min(weight, max(0.0, value - weight * cheap) / (dear - cheap))


def to_prices(answers: Iterable[QueryRecord]) -> MagnetPrices | None:
    """Convert answers of the query ``network-magnet-prices``."""
    numbers: dict[str | int, Three] = {}
    rows: dict[str | int, str] = {}
    sellers: list[float] = []
    levels: list[float] = []
    for answer in answers:
        kind = answer["property"]
        scale = 0.01 if answer["unit"] == "percent" else 1.0
        low, middle, high = (answer.number(end) * scale for end in ("low", "value", "high"))
        if not 0 <= low <= middle <= high:
            return None
        of_year = kind == "magnet-price-level"
        key = int(answer["subject"]) if of_year else _NAMES.get(kind, answer["seller"])
        numbers[key], rows[key] = (low, middle, high), answer.row()
        if kind not in _NAMES:
            (levels if of_year else sellers).append(low)
    if not {_OTHERS, *_NAMES.values()} <= numbers.keys() or not levels:
        return None
    if min(sellers) * min(levels) <= numbers[_CHEAP][MOST]:
        return None
    return MagnetPrices(numbers, rows)


class Purchases(Value):
    """What a market buys and sells of rare-earth magnets in a year."""

    inwards: Mapping[str, Three]
    outwards: Mapping[str, Three]
    inside: Three  # tonnes between members of the market, which count as neither
    flows: tuple[Flow, ...]

    @property
    def bought(self) -> dict[str, Three]:
        """Tonnes from each seller, less what goes to it, in the three cases."""
        return {
            place: _less(each, self.outwards.get(place)) for place, each in self.inwards.items()
        }

    @property
    def both_ways(self) -> dict[str, float]:
        """Tonnes that go out to each place and back, which are counted once."""
        return {
            place: min(each[MIDDLE], self.outwards.get(place, _NONE)[MIDDLE])
            for place, each in self.inwards.items()
        }

    def all_bought(self, case: int) -> float:
        """Return what is bought of all sellers, net, in tonnes."""
        return fsum(tonnes[case] for tonnes in self.bought.values())

    def all_sold(self, case: int) -> float:
        """Return what is sold to all buyers, less what comes from them, in tonnes."""
        sold = (_less(each, self.inwards.get(place)) for place, each in self.outwards.items())
        return fsum(tonnes[case] for tonnes in sold)

    def from_places(self, places: Set[str], case: int = MIDDLE) -> float:
        """Return what some sellers send, what comes back to them included, in tonnes."""
        return fsum(self.inwards[place][case] for place in sorted(places & self.inwards.keys()))

    def used(self, case: int, own: float | None, own_make: Three) -> float:
        """Return what the market uses: what it makes and buys, less what it sells."""
        sold = self.all_sold(MOST - case)  # the most is used where the least is sold
        if own is None:
            sold *= 1 - own_make[case]
        return max(0.0, (own or 0.0) + self.all_bought(case) - sold)


def to_purchases_by_value(
    flows: Iterable[Flow], prices: MagnetPrices, members: frozenset[str], year: int
) -> Purchases:
    """Split by value what a country, or an area as one, buys and sells."""
    inwards: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    outwards: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    inside, used = [0.0, 0.0, 0.0], []
    for flow in flows:
        buys, sells = flow.importer in members, flow.exporter in members
        if not (buys or sells) or flow.total:
            continue
        used.append(flow)
        if buys and sells:
            sums = inside
        else:
            sums = inwards[flow.exporter] if buys else outwards[flow.importer]
        for case, tonnes in enumerate(prices.tonnes(flow, year)):
            sums[case] += tonnes
    return Purchases(
        inwards={place: three(inwards[place]) for place in sorted(inwards)},
        outwards={place: three(outwards[place]) for place in sorted(outwards)},
        inside=three(inside),
        flows=tuple(used),
    )


def _less(one: Three, other: Three | None) -> Three:
    """What is left of one after the other: least less most, most less least."""
    other = other or _NONE
    return three(max(0.0, one[case] - other[MOST - case]) for case in CASES)


def three(numbers: Iterable[float]) -> Three:
    """Return three numbers as a tuple."""
    least, middle, most = numbers
    return least, middle, most


class MagnetTrade(Value):
    """What the use of magnets in a market is worked out from."""

    flows: tuple[Flow, ...]  # metal magnets that it buys and sells in a year
    prices: MagnetPrices
    members: frozenset[str]
    market: str
    year: int
    made: OwnOutput | None = None

    def purchases(self) -> Purchases:
        """Return what the market buys and sells."""
        return to_purchases_by_value(self.flows, self.prices, self.members, self.year)

    def assumed(self) -> set[str]:
        """Return the keys of the assumptions that the split of these flows rests on."""
        return self.prices.assumed(self.flows, self.year, made=self.made is not None)

    def mix(self) -> TradedMix | None:
        """Return from where the market takes its magnets; what it sells is its own first."""
        found, made, own_make = self.purchases(), self.made, self.prices.numbers[_OWN_MAKE]
        own = low = high = None if made is None else made.tonnes
        if made is not None and made.low is not None and made.high is not None:
            low, high = made.low, made.high
        used = found.used(MIDDLE, own, own_make)
        if used <= 0:
            return None
        at_home = max(0.0, (own or 0.0) - found.all_sold(MIDDLE))
        bought = found.all_bought(MIDDLE)
        kept = (used - at_home) / bought if bought else 0.0
        tonnes = {place: kept * each[MIDDLE] for place, each in found.bought.items()}
        tonnes[self.market] = at_home
        return TradedMix(
            year=self.year,
            shares={place: each / used for place, each in sorted(tonnes.items()) if each > 0},
            rest=0.0,
            tonnes=used,
            basis="rare-earth magnets by the value of traded metal magnets",
            rows=(
                *sorted({flow.row for flow in found.flows}),
                *(() if made is None else made.rows),
                *sorted(self.assumed()),
            ),
            low=found.used(LEAST, low, own_make),
            high=found.used(MOST, high, own_make),
            trade=self,
        )


class TradedMix(MarketMix):
    """From where a market takes its magnets by trade split by value; it can be split otherwise."""

    trade: MagnetTrade | None = None

    def ranges(self) -> dict[str, Three]:
        """Return the numbers of the split with their ranges, by the row of the assumption."""
        if self.trade is None:
            return {}
        assumed = self.trade.assumed()
        return {row: each for row, each in self.trade.prices.ranges().items() if row in assumed}

    def at(self, values: Mapping[str, float]) -> MarketMix:
        """Return the mix with other numbers of the split, inside the same ranges."""
        if self.trade is None or values.keys().isdisjoint(self.ranges()):
            return self
        found = replace(self.trade, prices=self.trade.prices.at(values)).mix()
        return self if found is None else replace(found, remarks=self.remarks)


def of_magnets(flows: Iterable[Flow], codes: Iterable[str]) -> list[Flow]:
    """Return the reconciled flows of magnets between countries: they alone may be added up."""
    known = set(codes)
    return [
        flow
        for flow in flows
        if flow.reconciled and flow.code in known and WORLD not in (flow.exporter, flow.importer)
    ]
