"""The rows of one year from which ledgers are worked out, read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import field, replace
from statistics import mean
from typing import Any, TypeVar

from monazite.core.results import Struct
from monazite.data.parameters import MINE, SEPARATION
from monazite.model import trade_content
from monazite.model.chemistry import Amount, Chemistry
from monazite.model.network.facts import ALL_RARE_EARTHS, MAGNET_RARE_EARTHS, Facts, read_facts
from monazite.model.network.shares import OutputFigure
from monazite.model.network.trade import Flow
from monazite.model.reconciliation.ledger import Ledger, scrap_of
from monazite.store.queries import QueryRecord

Part = TypeVar("Part")
LAST = 3  # parts kept of one name: of the year as it is, and with doubts


class KeptParts:
    """The last parts of each name, each with what it was made of."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[tuple[tuple[object, ...], Any]]] = {}

    def of(self, name: Hashable, made_of: tuple[object, ...], make: Callable[[], Part]) -> Part:
        """Return a part; nobody may change it."""
        known = self._known.setdefault(name, [])
        for place, (of, _) in enumerate(known):
            if of == made_of:
                known.insert(0, known.pop(place))
                break
        else:
            known.insert(0, (made_of, make()))
            del known[LAST:]
        found: Part = known[0][1]
        return found


class YearRows(Struct):
    """Rows of one year about an element or the members of a group."""

    year: int
    members: Mapping[str, Facts]
    ore_figures: Sequence[OutputFigure]  # national figures of all rare earths together, for ore
    routes: Mapping[str, Sequence[tuple[str, str]]]
    countries: Mapping[str, set[str]]
    prices: Mapping[str, Amount]
    flows: list[Flow]
    scrap: tuple[QueryRecord, ...]
    heavy: tuple[OutputFigure, ...] = ()
    site_output: tuple[QueryRecord, ...] = ()  # of plants, by year and quarter
    area: str = ""  # a market of several countries, such as the European Union
    area_members: frozenset[str] = frozenset()
    # what was worked out of these rows before, and of those that differ by some
    parts: KeptParts = field(default_factory=KeptParts, compare=False, repr=False)

    def ledgers(
        self, chemistry: Chemistry, drawn: Mapping[str, Amount] | None = None
    ) -> list[Ledger]:
        """Return one ledger for each member that has an oxide factor."""
        return [
            self._ledger(member, facts, chemistry, drawn or {})
            for member, facts in self.members.items()
            if member in chemistry.factors
        ]

    def _ledger(
        self, element: str, facts: Facts, chemistry: Chemistry, drawn: Mapping[str, Amount]
    ) -> Ledger:
        """The ledger of an element; the one of before, where all that it is made of is the same."""
        figures, traded = facts.own_figures, self.traded(chemistry, element)
        scrap = scrap_of(self.scrap, chemistry, element)
        rows = {each.row for each in (*figures, *self.ore_figures)}
        moved = {name: amount for name, amount in drawn.items() if name in rows}
        known = chemistry.about(
            {element, *(x for each in figures for x in _members(each, chemistry))}
        )

        def make() -> Ledger:
            ledger = Ledger(
                element=element,
                figures=figures,
                chemistry=chemistry,
                year=self.year,
                ore_figures=self.ore_figures,
                traded=traded,
                scrap=scrap,
                drawn=moved,
            )
            return ledger if ledger.magnet else self._of_users(ledger)

        area = self.area, self.area_members
        made_of = (figures, self.ore_figures, known, traded, scrap, moved, self.year, area)
        return self.parts.of(("ledger", element), made_of, make)

    def _goods(self, chemistry: Chemistry) -> trade_content.TradeContent:
        heavy = {
            figure.place
            for figure in self.heavy
            if figure.year in (self.year, self.year - 1) and len(_members(figure, chemistry)) == 1
        }
        countries = {**self.countries, trade_content.HEAVY_SEPARATION: heavy}
        goods = trade_content.TradeContent(chemistry, self.routes, countries, self.prices)
        decides: tuple[object, ...] = (goods.split, self.routes, countries)
        stages: dict[Flow, str | None] = self.parts.of("stages", decides, dict)
        return replace(goods, stages=stages)

    def traded(self, chemistry: Chemistry, element: str) -> list[trade_content.ElementFlow]:
        """Return what crosses borders of an element, or of the oxide of ores (``REO``)."""
        goods = self._goods(chemistry)
        return self.parts.of(
            ("traded", element),
            (self.flows, goods.about(element)),
            lambda: trade_content.traded_goods(self.flows, goods, element),
        )

    def _of_users(self, ledger: Ledger) -> Ledger:
        """Oxide that is used as it is: sold by who separates it, bought by countries or an area."""
        makers = {place for place, made in ledger.separated.items() if made.amount.value}
        within = self.area_members
        traded = [
            replace(flow, importer=self.area if flow.importer in within else flow.importer)
            for flow in ledger.traded
            if flow.stage != SEPARATION or flow.exporter in makers
        ]
        return replace(ledger, traded=traded)


def _members(figure: OutputFigure, chemistry: Chemistry) -> frozenset[str]:
    return chemistry.materials.get(figure.material.rsplit("/", 1)[-1], frozenset())


def read_year_rows(facts: Facts, year: int, market: str = "") -> YearRows:
    """Read the rows of a year about an element or group."""
    of_ore = read_facts(facts.store, ALL_RARE_EARTHS, facts.date).own_figures
    of_magnets = read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date).own_figures
    together = facts.areas.get(market, frozenset())  # a country is one by itself
    return YearRows(
        year=year,
        members={
            member: read_facts(facts.store, member, facts.date) for member in sorted(facts.members)
        },
        ore_figures=of_ore,
        routes=facts.routes,
        countries={
            MINE: {figure.place for figure in of_ore if figure.stage == MINE},
            SEPARATION: {figure.place for figure in of_magnets if _is_separated(figure)},
        },
        prices=_prices(facts, year),
        flows=facts.flows(year),
        scrap=facts.ask("balance-scrap", year=str(year)),
        heavy=tuple(
            figure
            for element in sorted(trade_content.HEAVY)
            for figure in read_facts(facts.store, element, facts.date).own_figures
            if _is_separated(figure)
        ),
        site_output=facts.ask("balance-site-output", year=str(year)),
        area=market if together else "",
        area_members=together,
    )


def _is_separated(figure: OutputFigure) -> bool:
    return figure.stage == SEPARATION and not figure.total and bool(figure.tonnes[0])


def _prices(facts: Facts, year: int) -> dict[str, Amount]:
    found: dict[str, list[tuple[float, str]]] = {}
    for answer in facts.ask("balance-prices", year=str(year)):
        pair = answer.number("price"), answer.row()
        found.setdefault(answer["element"], []).append(pair)
    amounts = {}
    for element, pairs in found.items():
        prices, rows = zip(*pairs, strict=True)
        amounts[element] = Amount(mean(prices), min(prices), max(prices), tuple(sorted(rows)))
    return amounts
