"""The element content of traded goods, by the kind that the rules of ``trade`` give a flow.

Ore holds oxide x assay. Compounds hold the assay x an assumed mix; dear ones from who separates no
heavy rare earths mostly Pr and Nd. Dear metal is mostly Nd and Pr. The unit value over the price
of the oxide bounds a share from above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from math import fsum

from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly, total
from monazite.model.network.shares import REST, WORLD, OutputFigure
from monazite.model.network.trade import Flow, trade_arcs

HEAVY = frozenset({"Tb", "Dy"})
WEIGHED = {"oxide", "element", "metal", "reo", "magnet", "magnet-blank"}  # bases of a whole year


class Output(Struct):
    """Output of an element, with the year it is of and how it was found."""

    amount: Amount
    how: str
    year: int
    printed: Amount | None = None  # as wide as its rivals; None without a row


Content = Callable[[str, str, str], Amount]  # by material, basis and country
Fulfilled = Callable[[str], Amount | None]  # made over expected
FORECAST = "forecast"


def national_output(
    figures: Iterable[OutputFigure],
    stage: str,
    year: int,
    content: Content,
    drawn: Mapping[str, Amount] | None = None,
    fulfilled: Fulfilled = lambda _: None,
) -> dict[str, Output]:
    """Return the output of an element at a stage, by country."""
    grouped: dict[str, list[OutputFigure]] = defaultdict(list)
    for figure in figures:
        whole = figure.basis in WEIGHED and figure.tonnes[0] is not None and not figure.total
        if figure.stage == stage and whole and abs(figure.year - year) <= 1:
            grouped[figure.place].append(figure)
    found = {}
    for place, group in sorted(grouped.items()):
        made = _best(group, year, content, drawn or {}, fulfilled)
        if made is not None:
            found[place] = made
    return found


def _best(
    group: list[OutputFigure],
    year: int,
    content: Content,
    drawn: Mapping[str, Amount],
    fulfilled: Fulfilled,
) -> Output | None:
    order = {year: 0, year - 1: 1, year + 1: 2}
    chosen = min(
        group, key=lambda each: (order[each.year], each.rank, each.preference, each.tier, each.row)
    )
    own = _held(chosen, content)
    amount = _printed(chosen) * own
    if not amount.high and chosen.tonnes[0]:
        return None  # nothing says what the material holds
    rivals = [
        (_printed(each), _held(each, content))
        for each in group
        if each.year == chosen.year and each.rank == chosen.rank and each.basis == chosen.basis
    ]
    same = [each.times(held.value / own.value) for each, held in rivals if held.value and own.value]
    printed = _widest(_printed(chosen), [_printed(chosen), *same])
    contained = (
        printed.at(drawn) * own
        if printed.name in drawn
        else _widest(amount, [each * held for each, held in rivals])
    )
    part = fulfilled(_material(chosen)) if chosen.kind == FORECAST else None
    return Output(contained * (part or exactly(1.0)), "rows", chosen.year, printed)


def _widest(amount: Amount, others: Iterable[Amount]) -> Amount:
    found = list(others)
    low, high = min(each.low for each in found), max(each.high for each in found)
    return replace(amount, low=low, high=high)


def _held(figure: OutputFigure, content: Content) -> Amount:
    return content(_material(figure), figure.basis, figure.place)


def _material(figure: OutputFigure) -> str:
    return figure.material.rsplit("/", 1)[-1]


def _printed(figure: OutputFigure) -> Amount:
    value, low, high = figure.tonnes
    assert value is not None
    ends = [end for end in (value, low, high) if end is not None]
    return Amount(value, min(ends), max(ends), (figure.row,))


NDPR = ("Nd", "Pr")
NDFEB = "ndfeb-magnet"
HEAVY_SEPARATION = "heavy separation"  # a key of `countries`
REO = "reo"  # All rare earths of an ore together, weighed as oxide


class ElementFlow(Struct):
    """The trade of an element between two countries inside the product of a stage."""

    _json = (
        "stage from=exporter to=importer weight=gross usd_per_kg=unit_value figure "
        "value=amount.value low=amount.low high=amount.high rows=amount.rows "
        "assumptions=amount.assumptions"
    )

    stage: str  #: whose product the goods are
    exporter: str  #: code of the country that sells, or ``ROW``
    importer: str  #: code of the country that buys, or ``ROW``
    amount: Amount  #: tonnes of the element
    gross: float  #: tonnes of the goods
    unit_value: float | None  #: dollars a kilogram of the goods; None where a value is not known
    #: what the tonnes rest on that is not measured of the element alone, such as forecast; empty
    #: where all is
    figure: str = ""


class TradeContent(Struct):
    """Classifies flows of trade by stage, and gives their element content."""

    chemistry: Chemistry
    routes: Mapping[str, Sequence[tuple[str, str]]]
    countries: Mapping[str, set[str]]
    prices: Mapping[str, Amount]
    # decided before
    stages: dict[Flow, str | None] = field(default_factory=dict, compare=False, repr=False)

    def about(self, element: str) -> TradeContent:
        """Return what decides how much of an element goods hold, and no more."""
        together = {*NDPR, *HEAVY}
        elements = {element} | (together if element in together else set())
        known = self.chemistry.about(elements)
        return replace(
            self,
            chemistry=replace(known, assays=known.about({element}).assays),
            prices={x: price for x, price in self.prices.items() if x in elements},
        )

    def stage_of(self, flow: Flow) -> str | None:
        """Return the stage whose product a flow is."""
        if flow not in self.stages:
            split, alone = self.split, [replace(flow, total=False)]
            known = (self.routes, self.countries)
            arcs = [] if split is None else trade_arcs(alone, *known, split.value)
            self.stages[flow] = arcs[0].from_stage if arcs else None
        return self.stages[flow]

    @property
    def split(self) -> Amount | None:
        """Dollars a kilogram under which a code of feed and compounds is feed."""
        return self.chemistry.of("trade-code-split", "HS 2846.90 trade")

    def share_of(self, flow: Flow, stage: str, element: str) -> Amount | None:
        """Return the mass fraction of an element in the goods of a flow."""
        if stage == MINE:
            content = self.chemistry.of("reo-content", flow.code, REO)
            if element == REO:
                return content
            found = self.chemistry.in_oxide(flow.exporter, element)
            return None if content is None else content * found
        if element == REO:
            return None
        if stage == SEPARATION:
            return self._in_compounds(flow, element)
        if stage == METAL:
            return self._in_metal(flow, element)
        return self.chemistry.of("element-per-magnet", NDFEB, element)

    def _in_compounds(self, flow: Flow, element: str) -> Amount | None:
        """By the exporter's mix; of what magnets hold, by price and by who separates what."""
        factor = self.chemistry.of("trade-element-mix", "traded feed and compounds")
        if factor is None:
            return None
        mix = self.chemistry.oxide_share(flow.exporter, element)
        most, rows = self._bought(flow, element)
        if element in HEAVY:
            if flow.exporter not in self.countries.get(HEAVY_SEPARATION, ()):
                return NOTHING
            share = Amount(min(mix.value, most), 0.0, most, (*mix.rows, *rows), mix.assumptions)
        elif element in NDPR and (magnets := self._for_magnets(flow, element)) is not None:
            share = magnets
            if share.low == 0:  # cheap: what the exporter's ore gives, or none
                share = replace(share, value=min(mix.value, share.high))
        else:
            share = mix * factor
            value = min(share.value, most)
            share = Amount(
                value,
                min(share.low, value),
                max(value, min(share.high, most)),
                tuple(sorted({*share.rows, *rows})),
                share.assumptions,
            )
        return share / self.chemistry.factors[element]

    def _bought(self, flow: Flow, element: str) -> tuple[float, tuple[str, ...]]:
        price, paid = self.prices.get(element), flow.unit_value
        if price is None or paid is None:
            return 1.0, ()
        return min(1.0, paid / price.low), price.rows

    def _for_magnets(self, flow: Flow, element: str, worth: float = 1.0) -> Amount | None:
        """Oxide of Nd or Pr in a tonne of compounds, by what was paid for it."""
        dear = self.chemistry.of("ndpr-unit-value", "compounds")
        part = self.chemistry.of(
            "ndpr-of-value", "compounds of a country that separates no heavy rare earths"
        )
        split = self.chemistry.of("praseodymium-in-ndpr", "traded praseodymium and neodymium")
        prices = [self.prices[each] for each in NDPR if each in self.prices]
        if dear is None or part is None or split is None or not prices or flow.unit_value is None:
            return None
        own = (
            split
            if element == "Pr"
            else Amount(1 - split.value, 1 - split.high, 1 - split.low, (), split.assumptions)
        )
        most = min(1.0, flow.unit_value / (worth * prices[0].low))
        least = most * part.low
        all_kinds = flow.exporter in self.countries.get(HEAVY_SEPARATION, ())
        if flow.unit_value < dear.value or all_kinds:
            least = 0.0
        return Amount(
            most * part.value * own.value,
            least * own.low,
            most * own.high,
            prices[0].rows,
            tuple(sorted({*part.assumptions, *dear.assumptions, *split.assumptions})),
        )

    def _in_metal(self, flow: Flow, element: str) -> Amount | None:
        """Neodymium and praseodymium as far as the price reaches; heavy ones by the recipe."""
        loss = self.chemistry.of("stage-yield", METAL)
        if loss is None or flow.unit_value is None or element not in {*NDPR, *HEAVY}:
            return None
        if element in NDPR:
            worth = (self.chemistry.factors["Nd"] / loss).value
            share = self._for_magnets(flow, element, worth)
            if share is not None and share.low == 0:  # cheap metal may hold none at all
                share = replace(share, value=share.value / 2)
            return share
        price = self.prices.get(element)
        recipe = self.chemistry.of("element-per-magnet", NDFEB, element)
        if price is None or recipe is None:
            return None
        most = min(1.0, flow.unit_value / (self.chemistry.factors[element].value * price.low))
        held = 0.0
        if flow.exporter in self.countries.get(HEAVY_SEPARATION, ()):
            both = [self._in_metal(flow, each) for each in NDPR]
            whole = [self.chemistry.of("element-per-magnet", NDFEB, each) for each in NDPR]
            light = fsum(each.value for each in both if each is not None)
            held = light * recipe.value / (fsum(each.value for each in whole if each) or 1.0)
        return Amount(min(held, most), 0.0, most, price.rows, recipe.assumptions)


def traded_goods(flows: Iterable[Flow], goods: TradeContent, element: str) -> list[ElementFlow]:
    """Return the trade of one element, by stage and pair of countries."""
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
    traded = []
    for key, parts in sorted(found.items()):
        gross = fsum(flow.tonnes or 0.0 for _, flow in parts)
        usd = fsum(flow.usd or 0.0 for _, flow in parts)
        known = gross and all(flow.usd is not None for _, flow in parts)
        price = usd / gross / 1000 if known else None
        traded.append(ElementFlow(*key, total(amount for amount, _ in parts), gross, price))
    return traded


def _countable(flows: list[Flow]) -> Iterator[Flow]:
    """Leave out what counts a tonne twice."""
    reconciled = {flow.code for flow in flows if flow.reconciled}
    single = {flow.code for flow in flows if WORLD not in (flow.exporter, flow.importer)}
    sums = []  # China's magnets for all others, as pairs are printed for few countries
    for flow in flows:
        if flow.code.endswith("850511"):
            sums += [flow] if (flow.exporter, flow.importer) == ("CHN", WORLD) else []
        elif flow.code in reconciled:
            if flow.reconciled:
                yield flow
        elif WORLD not in (flow.exporter, flow.importer) or flow.code not in single:
            yield flow
    if sums:
        yield max(sums, key=lambda flow: (flow.tonnes or 0.0, flow.row))
