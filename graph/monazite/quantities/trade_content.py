"""The element content of traded goods.

Customs codes weigh goods and mix stages. A flow is ore, compounds or metal by the rules of
``trade`` (unit value, who mines, who separates). What it holds follows from its kind:

* ore: weight x oxide in the weight (assumption) x the exporter's assay;
* compounds: weight x the exporter's assay x the assumption on the mix of traded goods;
* metal: as much neodymium and praseodymium as the price allows, and the other elements of the
  average magnet in proportion; of elements that no magnet holds nothing is known.

No kilogram carries more of an element than its price buys: the unit value over the price of the
oxide of that year bounds the share from above. Where the year has no price there is no bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from monazite.network.shares import REST, WORLD
from monazite.network.trade import Flow, trade_arcs
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.quantities.amount import Amount, exactly, total
from monazite.quantities.chemistry import Chemistry

NDPR = ("Nd", "Pr")
NDFEB = "ndfeb-magnet"


@dataclass(frozen=True)
class ElementFlow:
    """The trade of an element between two countries inside the product of a stage.

    Attributes:
        stage: whose product the goods are.
        exporter: code of the country that sells, or ``ROW``.
        importer: code of the country that buys, or ``ROW``.
        amount: tonnes of the element.
        gross: tonnes of the goods.
        unit_value: dollars a kilogram of the goods; None where a value is not known.
    """

    stage: str
    exporter: str
    importer: str
    amount: Amount
    gross: float
    unit_value: float | None


@dataclass(frozen=True)
class TradeContent:
    """Classifies flows of trade by stage, and gives their element content.

    Attributes:
        chemistry: composition of ores and goods.
        routes: pairs of stages that each customs code joins.
        countries: countries that mine and that separate, by stage.
        prices: dollars per kilogram of the oxide, by element.
    """

    chemistry: Chemistry
    routes: Mapping[str, Sequence[tuple[str, str]]]
    countries: Mapping[str, set[str]]
    prices: Mapping[str, Amount]

    def stage_of(self, flow: Flow) -> str | None:
        """Return the stage whose product a flow is.

        Args:
            flow: trade of one customs code between two countries.

        Returns:
            The code of the stage; None where the code joins no stages, or the assumption on the
            unit value is left out.
        """
        if flow not in self._stages:
            self._stages[flow] = self._stage_of(flow)
        return self._stages[flow]

    @cached_property
    def _stages(self) -> dict[Flow, str | None]:
        """What was decided before: it is the same for every element."""
        return {}

    def _stage_of(self, flow: Flow) -> str | None:
        split = self.chemistry.of("trade-code-split", "HS 2846.90 trade")
        if split is None:
            return None
        arcs = trade_arcs([flow], self.routes, self.countries, split.value)
        return arcs[0].from_stage if arcs else None

    def share_of(self, flow: Flow, stage: str, element: str) -> Amount | None:
        """Return the mass fraction of an element in the goods of a flow.

        Args:
            flow: trade of one customs code between two countries.
            stage: whose product it is, as ``stage_of`` gives it.
            element: symbol.

        Returns:
            Tonnes of the element in a tonne of goods; None where no row or assumption gives it.
        """
        if stage == MINE:
            content = self.chemistry.of("reo-content", flow.code, "reo")
            found = self.chemistry.in_oxide(flow.exporter, element)
            return None if content is None else content * found
        if stage == SEPARATION:
            return self._in_compounds(flow, element)
        if stage == METAL:
            return self._in_metal(flow, element)
        return self.chemistry.of("element-per-magnet", NDFEB, element)

    def _in_compounds(self, flow: Flow, element: str) -> Amount | None:
        factor = self.chemistry.of("trade-element-mix", "traded feed and compounds")
        if factor is None:
            return None
        share = self.chemistry.oxide_share(flow.exporter, element) * factor
        return self._within_price(flow, share, element) / self.chemistry.factors[element]

    def _within_price(self, flow: Flow, share: Amount, element: str) -> Amount:
        price, paid = self.prices.get(element), flow.unit_value
        most = 1.0 if price is None or paid is None else min(1.0, paid / price.low)
        rows = () if price is None else price.rows
        value = min(share.value, most)
        return Amount(
            value,
            min(share.low, value),
            max(value, min(share.high, most)),
            tuple(sorted({*share.rows, *rows})),
            share.assumptions,
        )

    def _in_metal(self, flow: Flow, element: str) -> Amount | None:
        """Neodymium and praseodymium as far as the price reaches; the rest by the recipe."""
        recipe = {
            each: self.chemistry.of("element-per-magnet", NDFEB, each) for each in (*NDPR, element)
        }
        loss = self.chemistry.of("stage-yield", METAL)
        prices = [self.prices[each] for each in NDPR if each in self.prices]
        known = [part for part in recipe.values() if part is not None]
        if len(known) < len(recipe) or loss is None or not prices or flow.unit_value is None:
            return None
        metal = (prices[0] * self.chemistry.factors["Nd"] / loss).value
        most = min(1.0, flow.unit_value / metal)
        both = total(part for each, part in recipe.items() if each in NDPR and part)
        own = recipe[element]
        assert own is not None
        share = most * (own / both).value
        low = share / 2 if most >= 0.5 else 0.0  # cheap metal may hold none at all
        return Amount(share, low, share, prices[0].rows, own.assumptions)


def traded_goods(flows: Iterable[Flow], goods: TradeContent, element: str) -> list[ElementFlow]:
    """Return the trade of one element, by stage and pair of countries.

    Args:
        flows: flows of one year. Where a reconciled flow of a code is there, it alone counts; a
            sum over all origins counts only for a code of which no single origin is printed.
        goods: what decides what a flow is and holds.
        element: symbol of the element.

    Returns:
        The flows, in tonnes of the element, by stage, exporter and importer.
    """
    found: dict[tuple[str, str, str], list[tuple[Amount, Flow]]] = {}
    for flow in _countable(list(flows)):
        stage = MAGNET if flow.code.endswith("850511") else goods.stage_of(flow)
        share = None if stage is None else goods.share_of(flow, stage, element)
        if stage is None or share is None or not flow.tonnes:
            continue
        exporter = REST if flow.exporter == WORLD else flow.exporter
        importer = REST if flow.importer == WORLD else flow.importer
        amount = share * exactly(flow.tonnes, flow.row)
        found.setdefault((stage, exporter, importer), []).append((amount, flow))
    return [
        ElementFlow(
            *key,
            amount=total(amount for amount, _ in parts),
            gross=fsum(flow.tonnes or 0.0 for _, flow in parts),
            unit_value=_unit_value([flow for _, flow in parts]),
        )
        for key, parts in sorted(found.items())
    ]


def _unit_value(flows: list[Flow]) -> float | None:
    tonnes = fsum(flow.tonnes or 0.0 for flow in flows)
    if not tonnes or any(flow.usd is None for flow in flows):
        return None
    return fsum(flow.usd or 0.0 for flow in flows) / tonnes / 1000


def _countable(flows: list[Flow]) -> Iterator[Flow]:
    """Leave out what counts a tonne twice."""
    reconciled = {flow.code for flow in flows if flow.reconciled}
    single = {flow.code for flow in flows if WORLD not in (flow.exporter, flow.importer)}
    magnets: list[Flow] = []
    for flow in flows:
        if flow.code.endswith("850511"):
            magnets.append(flow)
        elif flow.code in reconciled:
            if flow.reconciled:
                yield flow
        elif WORLD not in (flow.exporter, flow.importer) or flow.code not in single:
            yield flow
    yield from _largest_magnet_total(magnets)


def _largest_magnet_total(flows: list[Flow]) -> Iterator[Flow]:
    """China's magnets for all others: the widest sum, as pairs are printed for few countries."""
    sums = [flow for flow in flows if flow.exporter == "CHN" and flow.importer == WORLD]
    if sums:
        yield max(sums, key=lambda flow: (flow.tonnes or 0.0, flow.row))
