"""Rare-earth magnets in the trade of all metal magnets: tonnes by value.

Customs code 8505.11 weighs all metal magnets: about twice what the rare-earth ones weigh, at nearly
their value. So value decides. Where a flow has a weight, it is taken as a mixture of rare-earth
magnets at what their seller is paid for them and of cheap ones:

    tonnes = (value - weight x price of others) / (price of the seller - price of others)

Rare-earth magnets are never more than the flow weighs, nor less than none. Where a flow has no
weight, tonnes = value x rare-earth share of value / price of the seller. What a seller is paid is
an assumption with a range, times the price level of the year. Three cases are worked out: the least
(dear rare-earth magnets), the middle, and the most (cheap ones, and the value all theirs).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import fsum

from monazite.network.shares import WORLD
from monazite.network.trade import Flow, MarketMix
from monazite.result import Value
from monazite.triples.records import QueryRecord

LEAST, MIDDLE, MOST = 0, 1, 2
CASES = (LEAST, MIDDLE, MOST)
_OTHERS = ""
Three = tuple[float, float, float]


@dataclass(frozen=True)
class MagnetPrices(Value):
    """What turns the value of metal magnets into tonnes of rare-earth ones, each low, middle, high.

    Attributes:
        sellers: dollars a kilogram of rare-earth magnets by code of the seller; other sellers
            stand under the empty text.
        levels: prices of a year over those of the year of reference, by year.
        cheap: dollars a kilogram of metal magnets without rare earths.
        share: part of the value of metal magnets that is of rare-earth ones, 0 to 1.
        rows: keys of the assumptions, by what they speak of.
    """

    sellers: Mapping[str, Three]
    levels: Mapping[int, Three]
    cheap: Three
    share: Three
    rows: Mapping[str | int, str]

    def tonnes(self, flow: Flow, year: int) -> Three:
        """Return the rare-earth magnets in a flow: the least, the middle, the most.

        Args:
            flow: metal magnets of all kinds; of one without a value nothing is known, and 0 counts.
            year: of the flow; it has a price level.

        Returns:
            Tonnes.

        >>> prices = MagnetPrices({"": (40, 50, 60)}, {2024: (1, 1, 1)}, (2, 4, 6), (.8, .9, 1), {})
        >>> mixed = Flow("m", "A", "B", False, 100.0, 2_700_000, None, "baci/a")
        >>> prices.tonnes(mixed, 2024)[1]  # 27 dollars a kilogram: half of the weight
        50.0
        """
        low, middle, high = (
            a * b for a, b in zip(self.seller(flow), self.levels[year], strict=True)
        )
        value = (flow.usd or 0.0) / 1000
        if not flow.tonnes:
            parts = zip(self.share, (high, middle, low), strict=True)
            least, mid, most = (value * share / price for share, price in parts)
            return least, mid, most
        weight = flow.tonnes
        most = min(weight, value / low)
        mid = min(most, _mixed(value, weight, middle, self.cheap[MIDDLE]))
        return min(mid, _mixed(value, weight, high, self.cheap[MOST])), mid, most

    def seller(self, flow: Flow) -> Three:
        """Return what the seller of a flow is paid in the year of reference.

        Args:
            flow: of magnets.

        Returns:
            Dollars a kilogram.
        """
        return self.sellers.get(flow.exporter, self.sellers[_OTHERS])

    def assumed(self, flows: Iterable[Flow], year: int) -> set[str]:
        """Return the rows of the assumptions that tonnes of some flows rest on.

        Args:
            flows: of magnets.
            year: of the flows.

        Returns:
            Row keys.
        """
        sellers = {flow.exporter if flow.exporter in self.sellers else _OTHERS for flow in flows}
        keys: tuple[str | int, ...] = (*sorted(sellers), year, "cheap", "share")
        return {self.rows[key] for key in keys}


def _mixed(value: float, weight: float, dear: float, cheap: float) -> float:
    """Tonnes of the dear one in a mixture of two, by value and weight."""
    return min(weight, max(0.0, value - weight * cheap) / (dear - cheap))


def to_prices(answers: Iterable[QueryRecord]) -> MagnetPrices | None:
    """Convert answers of the query ``network-magnet-prices``.

    Args:
        answers: of the query.

    Returns:
        The prices; None where the view leaves one of them out that every split needs, or a range
        is not in order.
    """
    found: dict[str, dict[str, Three]] = defaultdict(dict)
    rows: dict[str | int, str] = {}
    for answer in answers:
        kind = answer["property"]
        scale = 0.01 if answer["unit"] == "percent" else 1.0
        low, middle, high = (answer.number(end) * scale for end in ("low", "value", "high"))
        if not 0 <= low <= middle <= high:
            return None
        key = answer["subject"] if kind == "magnet-price-level" else answer["seller"]
        found[kind][key] = (low, middle, high)
        name = {"other-magnet-unit-value": "cheap", "rare-earth-value-share": "share"}.get(kind)
        rows[name or (int(key) if key.isdecimal() else key)] = answer.row()
    sellers = found["magnet-unit-value"]
    levels = {int(year): level for year, level in found["magnet-price-level"].items()}
    cheap = found["other-magnet-unit-value"].get("")
    share = found["rare-earth-value-share"].get("")
    if cheap is None or share is None or _OTHERS not in sellers or not levels:
        return None
    least = min(low for low, _, _ in sellers.values()) * min(low for low, _, _ in levels.values())
    return MagnetPrices(sellers, levels, cheap, share, rows) if least > cheap[MOST] else None


@dataclass(frozen=True)
class Purchases(Value):
    """What a market buys and sells of rare-earth magnets in a year, net of each other.

    Of goods that go both ways between two places only the difference counts: blanks that go out
    and finished magnets that come back are one magnet, not two.

    Attributes:
        bought: tonnes from each seller, net, in the three cases.
        sold: tonnes to each buyer, net, in the three cases.
        both_ways: tonnes that go out to each place and back, which are counted once.
        inside: tonnes between members of the market, which count as neither.
        flows: what this was read from.
    """

    bought: Mapping[str, Three]
    sold: Mapping[str, Three]
    both_ways: Mapping[str, float]
    inside: Three
    flows: tuple[Flow, ...]

    def all_bought(self, case: int) -> float:
        """Return what is bought of all sellers, in tonnes.

        Args:
            case: ``LEAST``, ``MIDDLE`` or ``MOST``.
        """
        return fsum(tonnes[case] for tonnes in self.bought.values())

    def all_sold(self, case: int) -> float:
        """Return what is sold to all buyers, in tonnes.

        Args:
            case: ``LEAST``, ``MIDDLE`` or ``MOST``.
        """
        return fsum(tonnes[case] for tonnes in self.sold.values())

    def from_places(self, places: Set[str]) -> float:
        """Return what some sellers send, what comes back to them included: the middle, in tonnes.

        Args:
            places: codes of countries.
        """
        return fsum(
            self.bought[place][MIDDLE] + self.both_ways[place]
            for place in sorted(places & self.bought.keys())
        )

    def used(self, case: int, own: float | None) -> float:
        """Return what the market uses: what it makes and buys, less what it sells.

        Args:
            case: ``LEAST``, ``MIDDLE`` or ``MOST``.
            own: tonnes that it makes; where no row gives them (None), what it sells is taken out of
                what it buys, but for the most, where it makes all that itself.

        Returns:
            Tonnes, no less than none.
        """
        sold = 0.0 if own is None and case == MOST else self.all_sold(case)
        return max(0.0, (own or 0.0) + self.all_bought(case) - sold)


def to_net_purchases(
    flows: Iterable[Flow], prices: MagnetPrices, members: frozenset[str], year: int
) -> Purchases:
    """Net what a country, or an area as one, buys and sells.

    Args:
        flows: metal magnets of one year between countries.
        prices: what turns them into tonnes.
        members: the country, or those of the area.
        year: the year.

    Returns:
        What it buys and sells.

    >>> prices = MagnetPrices({"": (10, 10, 10)}, {2024: (1, 1, 1)}, (2, 2, 2), (1, 1, 1), {})
    >>> out = Flow("m", "A", "B", False, 50.0, 500_000, None, "baci/out")
    >>> back = Flow("m", "B", "A", False, 30.0, 300_000, None, "baci/back")
    >>> loop = to_net_purchases([out, back], prices, frozenset("A"), 2024)
    >>> loop.bought["B"][1], loop.sold["B"][1]
    (0.0, 20.0)
    """
    inwards: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    outwards: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    inside, used = [0.0, 0.0, 0.0], []
    for flow in flows:
        buys, sells = flow.importer in members, flow.exporter in members
        if not (buys or sells) or flow.total:
            continue
        used.append(flow)
        for case, tonnes in enumerate(prices.tonnes(flow, year)):
            if buys and sells:
                inside[case] += tonnes
            elif buys:
                inwards[flow.exporter][case] += tonnes
            else:
                outwards[flow.importer][case] += tonnes
    places = sorted({*inwards, *outwards})
    return Purchases(
        bought={place: _less(inwards[place], outwards[place]) for place in places},
        sold={place: _less(outwards[place], inwards[place]) for place in places},
        both_ways={place: min(inwards[place][MIDDLE], outwards[place][MIDDLE]) for place in places},
        inside=_three(inside),
        flows=tuple(used),
    )


def _less(one: Iterable[float], other: Iterable[float]) -> Three:
    """What is left of one after the other, in each case."""
    return _three(max(0.0, a - b) for a, b in zip(one, other, strict=True))


def _three(numbers: Iterable[float]) -> Three:
    least, middle, most = numbers
    return least, middle, most


def to_mix(
    purchases: Purchases, own: float | None, market: str, year: int, beside: Iterable[str]
) -> MarketMix | None:
    """Return from where a market takes its magnets, by what it buys, sells and makes.

    What it sells is its own first, then what it buys, of each seller alike.

    Args:
        purchases: what it buys and sells.
        own: tonnes that it makes; None is not known.
        market: its code.
        year: of the trade.
        beside: keys of the rows of its output and of the assumptions, which follow those of trade.

    Returns:
        The mix, with the range of its tonnes; None where it sells all that it buys or makes.
    """
    used = purchases.used(MIDDLE, own)
    if used <= 0:
        return None
    at_home = max(0.0, (own or 0.0) - purchases.all_sold(MIDDLE))
    bought = purchases.all_bought(MIDDLE)
    kept = (used - at_home) / bought if bought else 0.0
    tonnes = {place: kept * each[MIDDLE] for place, each in purchases.bought.items()}
    tonnes[market] = at_home
    ends = [purchases.used(case, own) for case in CASES]
    return MarketMix(
        year=year,
        shares={place: each / used for place, each in sorted(tonnes.items()) if each > 0},
        rest=0.0,
        tonnes=used,
        basis="rare-earth magnets by the value of traded metal magnets",
        rows=(*sorted({flow.row for flow in purchases.flows}), *beside),
        low=min(ends),
        high=max(ends),
    )


def of_magnets(flows: Iterable[Flow], codes: Iterable[str]) -> list[Flow]:
    """Return the reconciled flows of magnets between countries: they alone may be added up.

    Args:
        flows: of one year.
        codes: customs codes of magnets.
    """
    known = set(codes)
    return [
        flow
        for flow in flows
        if flow.reconciled and flow.code in known and WORLD not in (flow.exporter, flow.importer)
    ]
