"""Facts with some rows left out, or with another number: a stand-in for a view of such rows.

A view without a row is a store without the row's graph. The network asks the store only through
the answers of named queries, and each answer tells its row; so leaving out the answers of a row
leaves out what the row says, without a new store. The one query that tells no rows, which years
have trade, is counted from the rows behind it. Rules and identity stay: they are in every view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from monazite.network.facts import ALL_RARE_EARTHS, MAGNET_RARE_EARTHS, Facts
from monazite.network.shares import Figure, Split, split_stage
from monazite.network.sites import Site, SiteFigure
from monazite.network.trade import Flow
from monazite.triples.answers import to_answer

TRADE = frozenset({"baci", "trade", "trade_totals"})
OUTPUT = frozenset({"production", "production_totals"})
_PLACES = frozenset({"operations", "facility_events"})
CLAIMS = OUTPUT | TRADE | _PLACES | {"capacity", "supply_links", "yields"}
"""Tables whose rows are left out for their tier; assumptions and rules are in every view."""
_TRADE_ROWS = """PREFIX mz: <https://w3id.org/monazite/ns#>
SELECT DISTINCT ?code ?year ?importer ?reconciled ?row WHERE {
  { SELECT DISTINCT ?commodity { ?route a mz:TradeRoute ; mz:tradeCode ?commodity } }
  VALUES (?class ?reconciled) {
    (mz:BaciFlow true) (mz:TradeFlow false) (mz:TradeTotal false)
  }
  ?row a ?class ; mz:tradeCode ?commodity ; mz:year ?year ; mz:importer ?to ; mz:exporter ?from .
  FILTER(?class = mz:BaciFlow || NOT EXISTS { ?row mz:periodFrom ?begin })
  ?commodity mz:id ?code . ?to mz:id ?importer .
}"""
_TIERS = """PREFIX mz: <https://w3id.org/monazite/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?row (MIN(?tier) AS ?best) (MAX(?tier) AS ?worst) (SAMPLE(?joint) AS ?all) WHERE {
  ?row prov:wasDerivedFrom ?source . ?source mz:tier/skos:notation ?tier .
  OPTIONAL { ?row mz:attribution ?joint }
} GROUP BY ?row"""
_YEAR_OF_TRADE = ("code", "year", "importer", "reconciled")


def table_of(row: str) -> str:
    """Return the table of a row.

    >>> table_of("production/chn-mine-2024")
    'production'
    """
    return row.partition("/")[0]


@dataclass(frozen=True)
class RecordedFacts(Facts):
    """Facts that keep every answer, for many revisions to be made of them."""

    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def _keep(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:  # noqa: ANN401 - any answer
        if key not in self._kept:
            self._kept[key] = find()
        return self._kept[key]

    def ask(self, query: str, **given: str) -> list[dict[str, str]]:
        """Answer a named query, once."""
        asked = super().ask
        found: list[dict[str, str]] = self._keep(
            (query, tuple(sorted(given.items()))), lambda: asked(query, **given)
        )
        return found

    def figures(self, element: str) -> list[Figure]:
        """National figures that speak for an element or group, read once."""
        read = super().figures
        found: list[Figure] = self._keep(("figures", element), lambda: read(element))
        return found

    def flows(self, year: int) -> list[Flow]:
        """Flows of one year, read once."""
        read = super().flows
        found: list[Flow] = self._keep(("flows", year), lambda: read(year))
        return found

    def flows_read(self) -> list[tuple[int, Flow]]:
        """The flows of the years that have been asked for, with their year."""
        years = sorted(key[1] for key in self._kept if key[0] == "flows")
        return [(year, flow) for year in years for flow in self.flows(year)]

    def trade_year(
        self, codes: set[str], importer: str | None = None, *, reconciled: bool = False
    ) -> int | None:
        """The newest year with flows of some codes, found once."""
        find = super().trade_year
        found: int | None = self._keep(
            ("trade year", frozenset(codes), importer, reconciled),
            lambda: find(codes, importer, reconciled=reconciled),
        )
        return found

    def rows_of_trade_year(
        self, codes: set[str], importer: str | None = None, *, reconciled: bool = False
    ) -> frozenset[str]:
        """The rows by which the newest year with flows of some codes is the newest."""
        year = self.trade_year(codes, importer, reconciled=reconciled)

        def find() -> frozenset[str]:
            found: set[str] = set()
            for entry, rows in self.rows_of_years.items():
                code, of, taker, sort = entry
                fits = code in codes and of == str(year) and importer in (None, taker)
                if fits and (sort == "true" or not reconciled):
                    found |= rows
            return frozenset(found)

        kept: frozenset[str] = self._keep(
            ("rows of the trade year", frozenset(codes), importer, reconciled), find
        )
        return kept

    @cached_property
    def tiers(self) -> Mapping[str, int]:
        """The tier that a view must let in to keep a row: its best, its worst if all are joint."""
        found = {}
        for answer in to_answer(self.store.select(_TIERS)).dicts():
            row = answer["row"].removeprefix("row/")
            if table_of(row) in CLAIMS:
                joint = answer["all"].endswith("joint")
                found[row] = int(answer["worst" if joint else "best"])
        return found

    @cached_property
    def stages_of_rows(self) -> Mapping[str, frozenset[str]]:
        """For each row of output the stages that it speaks of."""
        found: dict[str, frozenset[str]] = defaultdict(frozenset)
        elements = (self.element.id, MAGNET_RARE_EARTHS, ALL_RARE_EARTHS)
        for figure in (figure for element in elements for figure in self.figures(element)):
            found[figure.row] |= {figure.stage}
        return found

    @cached_property
    def years_of_trade(self) -> Mapping[str, list[tuple[str, ...]]]:
        """For each row of trade the entries of the years of trade that it stands behind."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for answer in to_answer(self.store.select(_TRADE_ROWS)).dicts():
            row = answer["row"].removeprefix("row/")
            found[row].append(tuple(answer[name] for name in _YEAR_OF_TRADE))
        return found

    @cached_property
    def rows_of_years(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """For each entry of the years of trade the rows behind it."""
        found: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for row, entries in self.years_of_trade.items():
            for entry in entries:
                found[entry].add(row)
        return {entry: frozenset(rows) for entry, rows in found.items()}


@dataclass(frozen=True)
class RevisedFacts(Facts):
    """Facts as a view without some rows gives them, or as if some rows said another number.

    ``numbers`` gives rows the value they would print: tonnes or percent, the assumption's value.
    What no changed row can touch is taken from the facts that were recorded.
    """

    base: RecordedFacts
    without: frozenset[str] = frozenset()
    numbers: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset(map(table_of, (*self.without, *self.numbers)))

    def ask(self, query: str, **given: str) -> list[dict[str, str]]:
        """Answer a named query without the rows that are left out."""
        found = self.base.ask(query, **given)
        if not self.without:
            return found
        return [a for a in found if a.get("row", "").removeprefix("row/") not in self.without]

    def figures(self, element: str) -> list[Figure]:
        """National figures that speak for an element or group, less those left out."""
        found = self.base.figures(element)
        if not self._tables & OUTPUT:
            return found
        return [self._figure(figure) for figure in found if figure.row not in self.without]

    def _figure(self, figure: Figure) -> Figure:
        number = self.numbers.get(figure.row)
        if number is None:
            return figure
        if figure.is_share:
            return replace(figure, percent=(number, *figure.percent[1:]))
        return replace(figure, tonnes=(number, *figure.tonnes[1:]))

    @cached_property
    def own_figures(self) -> list[Figure]:
        """National figures that speak for the element."""
        return self.figures(self.element.id) if self._tables & OUTPUT else self.base.own_figures

    @cached_property
    def splits(self) -> dict[str, Split]:
        """The stages that rows split into countries, in order."""
        return self._resplit(self.own_figures, self.base.splits) or super().splits

    @cached_property
    def all_rare_earths(self) -> dict[str, Split]:
        """The same stages for all rare earths together."""
        return self._resplit(self.figures(ALL_RARE_EARTHS), self.base.all_rare_earths)

    def _resplit(self, figures: list[Figure], base: dict[str, Split]) -> dict[str, Split]:
        """Split the stages anew of which a changed row speaks."""
        if not self._tables & OUTPUT:
            return base
        found = {}
        for stage, _ in self.stages:
            changed = stage in self._changed_stages
            split = split_stage(figures, stage, self.year) if changed else base.get(stage)
            if split is not None:
                found[stage] = split
        return found

    @cached_property
    def _changed_stages(self) -> frozenset[str]:
        known = self.base.stages_of_rows
        return frozenset().union(*(known[row] for row in (*self.without, *self.numbers)))

    def flows(self, year: int) -> list[Flow]:
        """Flows of one year, less those left out."""
        found = self.base.flows(year)
        if not self._tables & TRADE:
            return found
        return [self._flow(flow) for flow in found if flow.row not in self.without]

    def _flow(self, flow: Flow) -> Flow:
        number = self.numbers.get(flow.row)
        return flow if number is None else replace(flow, tonnes=number)

    def trade_year(
        self, codes: set[str], importer: str | None = None, *, reconciled: bool = False
    ) -> int | None:
        """The newest year up to the last full one with flows of some codes."""
        rows = self.base.rows_of_trade_year(codes, importer, reconciled=reconciled)
        if rows <= self.without:
            return super().trade_year(codes, importer, reconciled=reconciled)
        return self.base.trade_year(codes, importer, reconciled=reconciled)

    @cached_property
    def _gone_years(self) -> frozenset[tuple[str, ...]]:
        """Entries of the years of trade that no row is left behind."""
        rows = [row for row in self.without if table_of(row) in TRADE]
        entries = {entry for row in rows for entry in self.base.years_of_trade.get(row, ())}
        return frozenset(e for e in entries if self.base.rows_of_years[e] <= self.without)

    @cached_property
    def _trade_years(self) -> list[dict[str, str]]:
        found = self.base.ask("network-trade-years")
        gone = self._gone_years
        return [a for a in found if tuple(a[name] for name in _YEAR_OF_TRADE) not in gone]

    @cached_property
    def magnet_figures(self) -> list[Figure]:
        """National figures that speak for the magnet rare earths."""
        if self._tables & OUTPUT:
            return self.figures(MAGNET_RARE_EARTHS)
        return self.base.magnet_figures

    @cached_property
    def country_labels(self) -> Mapping[str, str]:
        """Names of countries and aggregates by code: identity, which no revision changes."""
        return self.base.country_labels

    @cached_property
    def sites(self) -> list[Site]:
        """Facilities by stage, less those whose rows are left out."""
        return super().sites if self._tables & _PLACES else self.base.sites

    @cached_property
    def site_figures(self) -> list[SiteFigure]:
        """Annual output and nameplate of facilities."""
        found = [f for f in self.base.site_figures if f.row not in self.without]
        numbers = self.numbers
        return [replace(f, tonnes=numbers[f.row]) if f.row in numbers else f for f in found]

    @cached_property
    def assumptions(self) -> dict[str, dict[str, str]]:
        """Method assumptions by property, with the value that stands in."""
        return {name: self._assumption(answer) for name, answer in super().assumptions.items()}

    def _assumption(self, answer: dict[str, str]) -> dict[str, str]:
        number = self.numbers.get(answer["row"].removeprefix("row/"))
        return answer if number is None else {**answer, "value": repr(number)}


def record(facts: Facts) -> RecordedFacts:
    """Return facts that keep their answers.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> facts = record(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> row = facts.splits["separation"].shares["CHN"].rows[0]
    >>> revised = RevisedFacts(facts.store, facts.element, facts.date, facts, frozenset({row}))
    >>> row in revised.splits["separation"].rows
    False
    """
    return RecordedFacts(facts.store, facts.element, facts.date)
