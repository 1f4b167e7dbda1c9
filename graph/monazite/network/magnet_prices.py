"""Rare-earth magnets in the trade of all metal magnets: tonnes by value.

Customs code 8505.11 weighs all metal magnets: about twice what the rare-earth ones weigh, at nearly
their value. So value decides. Where a flow has a weight, it is taken as a mixture of rare-earth
magnets at what their seller is paid for them and of cheap ones:

    tonnes = (value - weight x price of others) / (price of the seller - price of others)

Rare-earth magnets are never more than the flow weighs, nor less than none. Where a flow has no
weight, tonnes = value x rare-earth share of value / price of the seller. What a seller is paid is
an assumption with a range, times the price level of the year: one number for all that it sells.
Three cases are worked out: the least (dear rare-earth magnets), the middle, and the most (cheap
ones, and the value all theirs).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.network.trade import Flow
from monazite.result import Value
from monazite.triples.records import QueryRecord

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


@dataclass(frozen=True)
class MagnetPrices(Value):
    """What turns the value of metal magnets into tonnes of rare-earth ones, each low, middle, high.

    Attributes:
        sellers: dollars a kilogram of rare-earth magnets by code of the seller; other sellers
            stand under the empty text.
        levels: prices of a year over those of the year of reference, by year.
        cheap: dollars a kilogram of metal magnets without rare earths.
        share: part of the value of metal magnets that is of rare-earth ones, 0 to 1.
        own_make: part of what a market sells that it makes itself, 0 to 1, where no row says what
            it makes.
        rows: keys of the assumptions, by what they speak of.
    """

    sellers: Mapping[str, Three]
    levels: Mapping[int, Three]
    cheap: Three
    share: Three
    own_make: Three
    rows: Mapping[str | int, str]

    def tonnes(self, flow: Flow, year: int) -> Three:
        """Return the rare-earth magnets in a flow: the least, the middle, the most.

        >>> prices = MagnetPrices(
        ...     {"": (40, 50, 60)}, {2024: (1, 1, 1)}, (2, 4, 6), (.8, .9, 1), (0, 0, 1), {}
        ... )
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
        """Return what the seller of a flow is paid in the year of reference."""
        return self.sellers.get(flow.exporter, self.sellers[_OTHERS])

    def assumed(self, flows: Iterable[Flow], year: int, *, made: bool) -> set[str]:
        """Return the rows of the assumptions that what a market uses rests on."""
        sellers = {flow.exporter if flow.exporter in self.sellers else _OTHERS for flow in flows}
        keys: tuple[str | int, ...] = (*sorted(sellers), year, _CHEAP, _SHARE)
        return {self.rows[key] for key in (keys if made else (*keys, _OWN_MAKE))}

    def ranges(self) -> dict[str, Three]:
        """Return every number with its range, by the row of its assumption."""
        return {row: self._number(key) for key, row in self.rows.items()}

    def at(self, values: Mapping[str, float]) -> MagnetPrices:
        """Return the same with other middle numbers, inside the same ranges.

        >>> one = {"": (40.0, 50.0, 60.0)}, {}, (2, 4, 6), (0.8, 0.9, 1), (0, 0, 1), {"": "a/x"}
        >>> MagnetPrices(*one).at({"a/x": 44.0, "a/y": 1.0}).sellers
        {'': (40.0, 44.0, 60.0)}
        """
        found: dict[str | int, Three] = {}
        for key, row in self.rows.items():
            low, middle, high = self._number(key)
            found[key] = (low, values.get(row, middle), high)
        return replace(
            self,
            sellers={place: found.get(place, each) for place, each in self.sellers.items()},
            levels={year: found.get(year, each) for year, each in self.levels.items()},
            cheap=found.get(_CHEAP, self.cheap),
            share=found.get(_SHARE, self.share),
            own_make=found.get(_OWN_MAKE, self.own_make),
        )

    def _number(self, key: str | int) -> Three:
        if isinstance(key, int):
            return self.levels[key]
        named = {_CHEAP: self.cheap, _SHARE: self.share, _OWN_MAKE: self.own_make}
        return named[key] if key in named else self.sellers[key]


def _mixed(value: float, weight: float, dear: float, cheap: float) -> float:
    """Tonnes of the dear one in a mixture of two, by value and weight."""
    return min(weight, max(0.0, value - weight * cheap) / (dear - cheap))


def to_prices(answers: Iterable[QueryRecord]) -> MagnetPrices | None:
    """Convert answers of the query ``network-magnet-prices``."""
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
        rows[_NAMES.get(kind) or (int(key) if key.isdecimal() else key)] = answer.row()
    sellers = found["magnet-unit-value"]
    levels = {int(year): level for year, level in found["magnet-price-level"].items()}
    cheap = found["other-magnet-unit-value"].get("")
    share, own_make = (
        found[kind].get("") for kind in ("rare-earth-value-share", "sold-of-own-make")
    )
    if cheap is None or share is None or own_make is None:
        return None
    if _OTHERS not in sellers or not levels:
        return None
    least = min(low for low, _, _ in sellers.values()) * min(low for low, _, _ in levels.values())
    if least <= cheap[MOST]:
        return None
    return MagnetPrices(sellers, levels, cheap, share, own_make, rows)
