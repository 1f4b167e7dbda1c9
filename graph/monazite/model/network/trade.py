"""Trade between countries as arcs between stages, in tonnes.

A flow is *feed* for separation where its exporter mines, its importer separates, and the exporter
separates nothing or ships it cheaper than ``trade-code-split``; of metals only what is cheaper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from operator import attrgetter

from monazite.core.results import Value
from monazite.data.parameters import METAL, MINE, SEPARATION
from monazite.model.network.shares import REST
from monazite.store.queries import QueryRecord


@dataclass(frozen=True)
class Flow:
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


@dataclass(frozen=True)
class TradeArc:
    """Goods from one country's stage to another country's next stage."""

    from_stage: str
    exporter: str
    to_stage: str
    importer: str
    tonnes: float
    rows: tuple[str, ...]


def to_flows(answers: Iterable[QueryRecord]) -> list[Flow]:
    """Convert answers of the query ``network-trade`` of one year to flows."""
    flows = [
        Flow(
            code=answer["code"],
            exporter=answer["exporter"],
            importer=answer["importer"],
            total=answer.flag("total"),
            tonnes=answer.maybe_number("tonnes"),
            usd=answer.maybe_number("usd"),
            percent=answer.maybe_number("percent"),
            row=answer.row(),
            reconciled=answer.flag("reconciled"),
        )
        for answer in answers
    ]
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


@dataclass(frozen=True)
class MarketMix(Value):
    """From where a market takes its magnets in a year.

    Attributes:
        year: of the rows.
        shares: part of each seller, 0 to 1; the market itself where it makes magnets.
        rest: part of sellers that no row names.
        tonnes: magnets in all.
        basis: what the numbers are, and how they were found.
        rows: all rows used.
        remarks: what one has to know before relying on it, in sentences.
        low: the least the tonnes may be; None where no range is known.
        high: the most they may be.
    """

    year: int
    shares: Mapping[str, float]
    rest: float
    tonnes: float
    basis: str
    rows: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

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
    price = _unit_value(flows)
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


def _unit_value(flows: Iterable[Flow]) -> Flow | None:
    found = [
        flow
        for flow in flows
        if flow.exporter == "CHN" and flow.importer == "WLD" and flow.unit_value is not None
    ]
    return min(found, key=lambda flow: flow.row, default=None)


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
