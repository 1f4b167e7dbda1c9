"""The rows about one element that networks and findings are worked out from, queried once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from math import fsum
from typing import Any, TypeVar

from monazite.core.errors import NotKnownError
from monazite.core.results import Frozen, Percentiles, Struct
from monazite.data.iris import local_name
from monazite.model.network import shares
from monazite.model.network.trade import Flow, MagnetPrices, to_flows, to_prices
from monazite.store.cards import RowMarks
from monazite.store.names import Entity, find_entity
from monazite.store.queries import QueryRecord, ask, ask_of_rows
from monazite.store.store import Store

COMPARABLE = {
    "mine": {"reo"},
    "separation": {"reo", "element", "oxide"},
    "metal": {"metal"},
    "alloy": {"alloy"},
    "magnet": {"magnet", "magnet-blank", "magnet-finished"},
}
"""Bases that a stage's sites may be counted in; only equal bases are set side by side."""
OUTPUT, NAMEPLATE = "actual-output", "nameplate"


class SiteFigure(Struct):
    """One annual figure of a facility."""

    facility: str
    stage: str
    kind: str
    year: int
    tonnes: float
    basis: str
    materials: frozenset[str]
    row: str


class Site(Struct):
    """A facility at a stage, with its operators and the rows that say so."""

    facility: str
    label: str
    label_zh: str | None
    country: str
    country_label: str
    stage: str
    operators: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]


def to_sites(answers: Iterable[QueryRecord], *, named: bool = True) -> list[Site]:
    """Convert answers of the query ``network-sites`` to sites, one a facility and stage."""
    grouped: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["facility"], answer["stage"]].append(answer)
    sites = []
    for _, group in sorted(grouped.items()):
        first = group[0]
        zh = sorted({answer["labelZh"] for answer in group} - {""})
        operators = {
            (answer["operator"], answer["operatorLabel"])
            for answer in group
            if answer["operator"] and (named or answer.flag("dated"))
        }
        sites.append(
            first.to(
                Site,
                label_zh=zh[0] if zh else None,
                operators=tuple(sorted(operators)),
                rows=tuple(sorted({answer.row() for answer in group})),
            )
        )
    return sites


def to_site_figures(answers: Iterable[QueryRecord]) -> list[SiteFigure]:
    """Convert answers of the query ``network-capacity`` to figures, one a row."""
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["row"]].append(answer)
    figures = []
    for _, group in sorted(grouped.items()):
        first = group[0]
        tonnes = first.maybe_number("tonnes")
        if tonnes is None:
            tonnes = first.maybe_number("low")  # a range counts with its lower end
        if tonnes is not None:
            figures.append(
                first.to(
                    SiteFigure,
                    tonnes=tonnes,
                    materials=frozenset(answer["material"] for answer in group),
                )
            )
    return figures


def site_quantity(
    figures: Iterable[SiteFigure], facility: str, stage: str, year: int, basis: str
) -> SiteFigure | None:
    """Choose the figure of a site: output of the year, of a neighbouring year, then nameplate."""
    mine = [
        figure
        for figure in figures
        if (figure.facility, figure.stage, figure.basis) == (facility, stage, basis)
    ]
    outputs = [f for f in mine if f.kind == OUTPUT and abs(f.year - year) <= 1]
    if outputs:
        return min(outputs, key=lambda f: (abs(f.year - year), -f.tonnes, f.row))
    plates = [f for f in mine if f.kind == NAMEPLATE and f.year <= year]
    return max(plates, key=lambda f: (f.year, f.tonnes, f.row), default=None)


ALL_RARE_EARTHS, MAGNET_RARE_EARTHS = "treo", "mree"
Derived = TypeVar("Derived")
UNDATED_FROM = 2024  # before this year an undated operator is not named


DrawnShares = Callable[[tuple[str, ...], int, Mapping[str, float]], Mapping[str, Percentiles]]
"""What was drawn of shares and indices for element chains and a year in which they are these; empty
where nothing was drawn for them. A share is called ``mine/CHN``, and the index of its stage, with
the rest of the world as many or as one more country, ``mine`` and ``mine/``."""


class Facts(Struct):
    """Rows about one element or group, up to one day."""

    store: Store  #: the rows
    element: Entity  #: the element or group
    date: str  #: an ISO day; later rows are left out
    drawn: DrawnShares | None = None  #: of shares with the release, where these are all its rows

    @property
    def symbol(self) -> str:
        """The element's symbol, or the group's name."""
        return self.element.id if self.element.is_a("ChemicalElement") else self.element.label

    @property
    def title(self) -> str:
        """The element's name as a title, or the group's name with its members."""
        if self.element.is_a("ChemicalElement"):
            return self.element.label.capitalize()
        return f"{self.element.label} ({', '.join(sorted(self.members))})"

    @property
    def year(self) -> int:
        """The last full year up to the date."""
        year, month_and_day = int(self.date[:4]), self.date[5:]
        return year if month_and_day == "12-31" else year - 1

    def ask(self, query: str, **given: str) -> tuple[QueryRecord, ...]:
        """Answer a named query."""
        return ask(self.store, query, **given)

    def derive(self, key: Hashable, work: Callable[[], Derived]) -> Derived:
        """Return what was worked out of these rows before, or work it out."""
        return self.store.derive(key, work)

    @cached_property
    def stages(self) -> tuple[tuple[str, str], ...]:
        """Codes and labels of the stages, in order."""
        return tuple((answer["stage"], answer["label"]) for answer in self.ask("network-stages"))

    @cached_property
    def members(self) -> frozenset[str]:
        """Symbols of the element, or of the members of the group."""
        return frozenset(
            answer["member"] for answer in self.ask("network-members", element=self.element.id)
        )

    def figures(self, element: str) -> tuple[shares.OutputFigure, ...]:
        """Return national output of the materials that stand for an element or group."""
        ranks = {
            (answer["stage"], answer["material"]): answer["rank"]
            for answer in self.ask("network-materials", element=element)
        }
        all_output, of_material, sharing_row = self.store.derive(
            "output by material", self._output_by_material
        )
        places = sorted(place for key in ranks for place in of_material.get(key, ()))
        answers = []
        for answer in (all_output[place] for place in places):
            stage, sharing = answer["stage"], sharing_row[answer["row"]]
            rank = ranks[stage, local_name(answer["material"])]
            if answer.year() > self.year:
                continue
            alone = all((stage, material) in ranks for material in sharing)
            if not alone and (answer["tonnes"] or answer["tonnesLow"] or answer["tonnesHigh"]):
                continue
            joint = ";".join(sorted(sharing)) if len(sharing) > 1 else ""
            answers.append(answer.beside(rank=rank, joint=joint))
        return tuple(shares.to_figures(answers, self.preferences))

    def _output_by_material(
        self,
    ) -> tuple[tuple[QueryRecord, ...], dict[tuple[str, str], list[int]], dict[str, set[str]]]:
        """National output, its places by stage and material, and the materials of each row."""
        answers = self.ask("network-shares")
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        sharing: dict[str, set[str]] = defaultdict(set)
        for place, answer in enumerate(answers):
            material = local_name(answer["material"])
            places[answer["stage"], material].append(place)
            sharing[answer["row"]].add(material)
        return answers, places, sharing

    @cached_property
    def preferences(self) -> shares.Preferences:
        """What decides between rows that speak of the same share."""
        return shares.read_preferences(self.ask("network-preferences"))

    @property
    def marks(self) -> RowMarks:
        """What the numbers of rows of all tables are, where they are not measured, by row."""
        return self.store.derive("row marks", lambda: RowMarks(self.store))

    @cached_property
    def magnet_figures(self) -> tuple[shares.OutputFigure, ...]:
        """National figures that speak for the magnet rare earths, for the tonnage of a stage."""
        return self.figures(MAGNET_RARE_EARTHS)

    @cached_property
    def own_figures(self) -> tuple[shares.OutputFigure, ...]:
        """National figures that speak for the element."""
        return self.figures(self.element.id)

    @cached_property
    def splits(self) -> Mapping[str, shares.Split]:
        """The stages that rows split into countries, in order."""
        found = {}
        for stage, _ in self.stages:
            split = shares.split_stage(self.own_figures, stage, self.year)
            if split is not None:
                found[stage] = split
        if not found:
            lack = "Missing: output by country, or its part in ore; add your figures with --data."
            if len(self.members) > 1:
                lack = f"Ask for one of its elements: -e {min(self.members)}."
            raise NotKnownError(
                f"{self.title}: we found no country shares up to {self.year}; losses are not known."
                f" {lack} What is recorded: monazite show {self.element.id}."
            )
        return Frozen(found)

    @cached_property
    def all_rare_earths(self) -> Mapping[str, shares.Split]:
        """The same stages for all rare earths together, for tonnage and average mix."""
        figures = self.figures(ALL_RARE_EARTHS)
        splits = {stage: shares.split_stage(figures, stage, self.year) for stage, _ in self.stages}
        return Frozen({stage: split for stage, split in splits.items() if split is not None})

    @cached_property
    def materials(self) -> Mapping[str, frozenset[str]]:
        """Materials that speak for the element, by stage."""
        answers = self.ask("network-materials", element=self.element.id)
        return _grouped(answers, "stage", "material")

    @cached_property
    def oxide_factor(self) -> float | None:
        """Kilograms of oxide per kilogram of the element, the mean over a group."""
        factors = {
            answer["element"]: answer.number("factor") for answer in self.ask("network-factors")
        }
        found = [factors[symbol] for symbol in sorted(self.members) if symbol in factors]
        return fsum(found) / len(found) if found else None

    @cached_property
    def routes(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Pairs of stages that each customs code joins."""
        found: dict[str, list[tuple[str, str]]] = {}
        for answer in self.ask("network-routes"):
            found.setdefault(answer["code"], []).append((answer["from"], answer["to"]))
        return Frozen({code: tuple(pairs) for code, pairs in found.items()})

    def trade_year(
        self,
        codes: set[str],
        importer: str | None = None,
        *,
        reconciled: bool = False,
        until: int | None = None,
    ) -> int | None:
        """Return the newest year with trade under some codes; only reconciled flows add up."""

        def work() -> Mapping[str, set[int]]:
            found: dict[str, set[int]] = defaultdict(set)
            if importer is None or reconciled:
                answers = self.ask("network-trade-years")
                answers = tuple(a for a in answers if importer in (None, a["importer"]))
            else:  # what is not reconciled may be long
                answers = self.ask("network-import-years", market=importer)
            for answer in answers:
                found[answer["code"]].add(answer.year())
            return found

        last = min(self.year, until or self.year)
        known = self.derive(("trade years", importer, reconciled), work)
        years = (year for code in codes for year in known.get(code, ()) if year <= last)
        return max(years, default=None)

    def flows(self, year: int) -> list[Flow]:
        """Return the trade of one year."""
        return list(
            self.store.derive(
                ("flows", year), lambda: tuple(to_flows(self.ask("network-trade", year=str(year))))
            )
        )

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Facilities by stage, less those whose first event comes after the date."""
        first: dict[str, str] = {}
        for answer in self.ask("network-events"):
            known = first.setdefault(answer["facility"], answer["earliest"])
            first[answer["facility"]] = min(known, answer["earliest"])
        answers = self.ask("network-sites", date=self.date)
        there = [a for a in answers if first.get(a["facility"], self.date) <= self.date]
        return tuple(to_sites(there, named=self.year >= UNDATED_FROM))

    @cached_property
    def site_figures(self) -> tuple[SiteFigure, ...]:
        """Annual output and nameplate of facilities."""
        return tuple(to_site_figures(self.ask("network-capacity", date=f"{self.year}-12-31")))

    @cached_property
    def links(self) -> tuple[QueryRecord, ...]:
        """Supply links that hold on the date."""
        return self.ask("network-links", date=self.date)

    @cached_property
    def assumptions(self) -> Mapping[str, QueryRecord]:
        """Method assumptions by property."""
        return Frozen({answer["property"]: answer for answer in self.ask("network-assumptions")})

    def assumed(self, name: str) -> float:
        """Return the value of a method assumption."""
        if name not in self.assumptions:
            raise NotKnownError(
                f"The network needs the assumption {name}, which the data used leave out; "
                "without it trade says nothing of one element."
            )
        return self.assumptions[name].number("value")

    @cached_property
    def areas(self) -> Mapping[str, frozenset[str]]:
        """Countries of each area that statistics count as one, by code of the area."""
        return _grouped(self.ask("network-area-members"), "area", "country")

    @cached_property
    def magnet_prices(self) -> MagnetPrices | None:
        """What turns the value of traded metal magnets into tonnes; None where a view lacks it."""
        return to_prices(self.ask("network-magnet-prices"))

    @cached_property
    def country_labels(self) -> Mapping[str, str]:
        """Names of countries and aggregates by code."""
        places = ask(self.store, "network-places")
        return Frozen({place["id"]: place["label"] for place in places})


def _grouped(answers: Iterable[QueryRecord], key: str, value: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for answer in answers:
        found.setdefault(answer[key], set()).add(answer[value])
    return Frozen({name: frozenset(values) for name, values in found.items()})


def read_facts(store: Store, element: str, date: str, drawn: DrawnShares | None = None) -> Facts:
    """Return the rows about an element or group, found by its name."""
    found = find_entity(store, element, "ChemicalElement", "ElementGroup", what="element")
    return store.derive(
        ("facts", found.iri, date, drawn is None), lambda: Facts(store, found, date, drawn)
    )


Found = TypeVar("Found")


class RevisedFacts(Facts):
    """Facts that keep the answers to queries, with some rows left out."""

    without: frozenset[str] = frozenset()
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def less(self, rows: Iterable[str]) -> RevisedFacts:
        """Return the facts with more rows left out; answers are reused."""
        return replace(self, without=self.without.union(rows))

    def about(self, element: str) -> RevisedFacts:
        """Return the facts about another element or group, with the same rows left out."""
        found = self._keep(
            ("entity", element), lambda: read_facts(self.store, element, self.date).element
        )
        return replace(self, element=found)

    def ask(self, query: str, **given: str) -> tuple[QueryRecord, ...]:
        """Answer a named query without the rows that are left out."""
        asked = super().ask
        found = self._keep((query, *sorted(given.items())), lambda: asked(query, **given))
        if not self.without:
            return found
        return tuple(a for a in found if "row" not in a or a.row() not in self.without)

    def derive(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """Return what was worked out of the rows that are left; of all, any facts may have it."""
        if not self.without:
            return super().derive(key, work)
        return self._keep(("derived", self.without, key), work)

    def figures(self, element: str) -> tuple[shares.OutputFigure, ...]:
        """Return national output, without the rows that are left out."""
        whole = Facts(self.store, self.element, self.date)
        found = self._keep(("figures", element), lambda: whole.figures(element))
        return tuple(figure for figure in found if figure.row not in self.without)

    def flows(self, year: int) -> list[Flow]:
        """Return the trade of one year, without the rows that are left out."""
        whole = Facts(self.store, self.element, self.date)
        return [flow for flow in whole.flows(year) if flow.row not in self.without]

    def _keep(self, key: tuple[Any, ...], find: Callable[[], Found]) -> Found:
        if key not in self._kept:
            self._kept[key] = find()
        found: Found = self._kept[key]
        return found


def record(facts: Facts) -> RevisedFacts:
    """Return facts that keep their answers, from which rows can be left out."""
    return RevisedFacts(facts.store, facts.element, facts.date)


def table_of(row: str) -> str:
    """Return the table of a row."""
    return row.partition("/")[0]


def tiers_of(facts: Facts, rows: Iterable[str] | None = None) -> dict[str, int]:
    """Return the worst tier that a view must admit to keep each row."""
    found = {}
    for answer in ask_of_rows(facts.store, "network-tiers", rows):
        kept = "worst" if answer["all"].endswith("joint") else "best"
        found[answer.row()] = answer.integer(kept)
    return found
