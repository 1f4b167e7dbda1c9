"""Cuts: the sets of countries at stages, and of known sites, that separate a market.

The smallest sets are minimum cuts (Ford and Fulkerson 1956). All minimal sets of up to ``k`` things
come from a branching search: while too much flows, each pool that carries it is tried in turn and
excluded from later branches. A bound on the trials stops it. The market is served before others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from math import comb, fsum
from typing import ClassVar, NamedTuple

from monazite.analysis.concentration.shares import first_row
from monazite.analysis.cuts.disjoint_routes import (
    RouteNet,
    Structure,
    find_structure,
    pool_arc,
    route_net,
    route_solver,
)
from monazite.analysis.cuts.routes import SINK, SOURCE, UNCAPPED, Arc, FlowSolver, demand_of
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import LossNotKnownError
from monazite.core.formats import NOT_KNOWN, bounded_percent, counted, grouped, percent
from monazite.core.results import Result, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import CUT_SIZE, CUT_SIZES, LEFT, LEFTS
from monazite.model.assumptions import assumption_rows, assumptions_in
from monazite.model.contingencies.failure_points import ModelYear
from monazite.model.network.attributes import Network, about
from monazite.model.wording import figure_word, yes
from monazite.store.names import named


class _ToldSet(NamedTuple):
    """A set that is told, with why it is."""

    what: str
    found: CutSet


def _sets(cuts: Cuts) -> Iterable[_ToldSet]:
    """Every set that is told, with why it is."""
    if cuts.fewest is not None:
        yield _ToldSet("fewest, nothing arrives", cuts.fewest)
    if cuts.least is not None:
        yield _ToldSet("least supply, nothing arrives", cuts.least)
    for found in cuts.worst:
        if found not in cuts.sets:
            yield _ToldSet(f"{counted(len(found.members), 'thing')}, leaves least", found)
    for found in cuts.sets:
        yield _ToldSet(f"up to {cuts.k}, leaves at most {percent_cell(cuts.left)}", found)


def _set_table(of: str, cuts: Cuts) -> Table:
    sets, remarks = [*_sets(cuts)], [*cuts.notes]
    resting = ", ".join(assumption.row for assumption in cuts.assumptions)
    assumed = (f"Quantities rest on {resting}.",) if resting else ()
    basis = next((each.basis for each in cuts.structure.standings), "")
    if sets:
        remarks.append("Supply: what those of one stage make together, of the world's output.")
    if cuts.worst and not cuts.sets and cuts.complete:
        remarks.append(f"No set of up to {cuts.k} leaves at most {percent_cell(cuts.left)}.")
    columns = (
        Column("what", "what"),
        Column("what would have to stop", "found.labels", " + ".join),
        Column("things", lambda told: len(told.found.members), right=True, spare=2),
        Column("supply", lambda told: _supply(told.found), right=True, spare=1),
        Column("figure", lambda told: figure_word(told.found.figure, basis)),
        Column("still arrives", "found.left", percent_cell, right=True),
        Column("row", "found.rows", first_row, full=True),
    )
    heading, details = f"{of}: what cuts the market off", (*remarks[2:], *assumed)
    return table(heading, sets, columns, remarks[:2], details=details)


def _supply(found: CutSet) -> str:
    """What the members make; shares of several stages are of different wholes, and no sum."""
    if len({member.partition("/")[0] for member in found.members}) > 1:
        return ""
    return bounded_percent(found.supply, found.figure, narrow=True)


_STANDING = (
    Column("what", "label"),
    Column("share", lambda x: bounded_percent(x.share, x.figure, narrow=True), right=True),
    Column("figure", lambda x: figure_word(x.figure, x.basis)),
    Column("sole", "dominator", yes),
    Column("in a smallest cut", "in_minimum_cut", yes),
    Column("routes left", "routes_without", right=True),
    Column("coverage", "coverage", percent_cell, right=True, spare=2),
    Column("year", lambda x: x.year or NOT_KNOWN, right=True, spare=3),
    Column("id", "id", spare=1),
    Column("row", "rows", first_row, full=True),
)


BOUND = 20_000  # trials after which a search for sets stops


class CutSet(Struct):
    """Things that fail together."""

    members: tuple[str, ...]  #: their ids
    labels: tuple[str, ...]  #: their names
    supply: float  #: what they make, each as a share of the world's supply at its stage, summed
    figure: str  #: what of these shares is not measured of the element alone
    left: float  #: the part of what reached the market, 0 to 1, that still arrives
    rows: tuple[str, ...]  #: that say what they make


class Cuts(Result):
    """What separates one market from one element, and what each node is to the routes."""

    records_key = "sets"
    _json = (
        "element market structure cuts.fewest cuts.least cuts.sets cuts.worst cuts.k cuts.left "
        "cuts.bound cuts.complete cuts.assumptions cuts.notes"
    )
    _parts: ClassVar = {"cuts": "Sets of things without which little arrives"}

    element: str
    market: str
    market_label: str
    structure: Structure  #: what every country at a stage, and every known site, is to the routes
    #: a set of the fewest countries at stages after which nothing arrives; None if no set of named
    #: countries does it
    fewest: CutSet | None
    least: CutSet | None  #: such a set that makes the least supply; None likewise
    sets: tuple[CutSet, ...]  #: all minimal sets of up to ``k`` things that leave at most ``left``
    #: for each size up to ``k`` a set that leaves least, as long as one more thing takes more
    worst: tuple[CutSet, ...]
    k: int  #: how many things a set may have at most
    left: float  #: the part of the base, 0 to 1, that may still arrive
    bound: int  #: trials after which the search stops
    complete: bool  #: False where these did not suffice

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The sets that cut the market off."""
        return tuple(asdict(found) for found in self.sets)

    def content(self) -> dict[str, object]:
        """Return what ``--format json`` prints: shares and parts 0 to 1, null is not known."""
        return {**super().content(), "fix": None}  # which ``cuts --fix`` asks for

    def tables(self) -> list[Table]:
        """Return the sets that cut the market off, and what stands on its routes."""
        of, structure = f"{self.element} for {named(self.market_label)}", self.structure
        remarks = list(structure.notes)
        if structure.routes is not None:
            remarks.insert(0, f"Routes that share no country: {structure.routes}.")
        shown = [each for each in structure.standings if not each.left_out]
        heading = f"{of}: what stands between the mines and the market"
        return [_set_table(of, self), table(heading, shown, _STANDING, remarks, long=True)]

    def csv_tables(self) -> list[Table]:
        """Return the sets as one table of plain values."""
        names = (
            "what members=found.members labels=found.labels supply=found.supply left=found.left "
            "rows=found.rows figure=found.figure"
        )
        return [bare_table(_sets(self), names, digits=6, seps={"labels": "; "})]

    def headline(self) -> str:
        """Return what was cut off, and in how many ways."""
        return (
            f"{self.element} for {self.market}: {len(self.sets)} sets of up to {self.k} that leave "
            f"at most {percent(self.left)}"
        )


def find_cuts(
    network: Network,
    model: ModelYear | None = None,
    *,
    k: int = CUT_SIZE,
    left: float = LEFT,
    bound: int = BOUND,
) -> Cuts:
    """Return the sets of countries at stages and known sites that cut a market off."""
    CUT_SIZES.check(k)
    LEFTS.check(left)
    net = route_net(network, model)
    search = _CutSearch(net, left, bound)
    known = search.base > 0
    sets = sorted(search.minimal(k), key=lambda s: (len(s.members), s.left, -s.supply, s.members))
    worst = tuple(search.worst(k))
    rows = assumption_rows(network) if known and model is None else ()
    fewest = _smallest(net, search, by_supply=False) if known else None
    return Cuts(
        element=about(network).element,
        market=about(network).market,
        market_label=about(network).market_label,
        structure=find_structure(network, model),
        fewest=fewest,
        least=_smallest(net, search, by_supply=True) if known else None,
        sets=tuple(sets),
        worst=worst,
        k=k,
        left=left,
        bound=bound,
        complete=search.complete,
        assumptions=assumptions_in(network, rows),
        notes=(*_unknown(model), *_notes(network, net, search, fewest)),
    )


def _smallest(net: RouteNet, search: _CutSearch, *, by_supply: bool) -> CutSet | None:
    """A minimum cut of named countries; the rest of the world and arcs cannot be cut."""
    solver = route_solver(net.graph)
    nobody = {*net.unnamed}
    capacities: dict[Arc, int] = {
        pool_arc(pool): UNCAPPED if pool in nobody else capacity if by_supply else 1
        for pool, capacity in net.capacities.items()
        if pool_arc(pool) in solver.arcs
    }
    cut = solver.minimum_cut(capacities)
    if cut.value >= UNCAPPED:
        return None
    pools = [
        tail.removesuffix(" in")
        for tail, head in capacities
        if tail in cut.source_side and head not in cut.source_side
    ]
    assert sum(capacities[pool_arc(pool)] for pool in pools) == cut.value, "max-flow is min-cut"
    index_of = {candidate.id: index for index, candidate in enumerate(search.candidates)}
    return search.cut_set(sorted(index_of[pool] for pool in pools))


@dataclass
class _CutSearch:
    """Asks, set by set, what still reaches the market; a set is the indices of its candidates."""

    net: RouteNet
    left: float
    bound: int
    spent: int = 0
    complete: bool = True

    def __post_init__(self) -> None:
        self.candidates = self.net.things
        self._solver = FlowSolver(self.net.graph, SOURCE, SINK)
        self.base = self._solver.minimum_cut(demand_of(self._solver, UNCAPPED)).value
        self._demand = demand_of(self._solver, self.base)
        self._limit = int(self.left * self.base)
        self._candidates_at: dict[Arc, list[int]] = defaultdict(list)
        for index, candidate in enumerate(self.candidates):
            for pool in candidate.hits:
                self._candidates_at[pool_arc(pool)].append(index)

    def cut_set(self, failed: list[int]) -> CutSet:
        """Return some candidates as a set, with what they leave."""
        candidates = [self.candidates[index] for index in failed]
        return CutSet(
            members=tuple(each.id for each in candidates),
            labels=tuple(each.label for each in candidates),
            supply=fsum(each.share for each in candidates),
            figure=" and ".join(sorted({each.figure for each in candidates} - {""})),
            left=self._flow_without(failed) / self.base,
            rows=tuple(dict.fromkeys(row for each in candidates for row in each.rows)),
        )

    def minimal(self, k: int) -> Iterable[CutSet]:
        """Yield every minimal set of up to ``k`` things that leaves no more than may be left."""
        if self.base <= 0:
            return
        for failed in self._branch([], frozenset(), k):
            if all(self._carrying([c for c in failed if c != one]) for one in failed):
                yield self.cut_set(sorted(failed))

    def worst(self, k: int) -> Iterable[CutSet]:
        """Yield for each size a set that leaves least, while one more thing takes more."""
        least = self.base
        for size in range(1, k + 1):
            sets = comb(len(self.candidates), size)
            if self.base <= 0 or not sets:
                return
            if self.spent + sets > self.bound:
                self.complete = False
                return
            self.spent += sets
            indices = range(len(self.candidates))
            failed = min(combinations(indices, size), key=self._flow_without)
            if self._flow_without(failed) >= least:
                return
            least = self._flow_without(failed)
            yield self.cut_set(list(failed))

    def _flow_without(self, failed: Sequence[int]) -> int:
        return self._solver.minimum_cut({**self._demand, **self._capacities(failed)}).value

    def _branch(self, failed: list[int], excluded: frozenset[int], k: int) -> Iterable[list[int]]:
        """Yield the sets that leave no more than may be left and contain some failed candidates."""
        if self.spent >= self.bound:
            self.complete = False
            return
        self.spent += 1
        carrying = self._carrying(failed)
        if not carrying:
            yield failed
        elif len(failed) < k:
            choices = {index for arc in carrying for index in self._candidates_at.get(arc, ())}
            for index in sorted(choices):
                if index not in excluded and index not in failed:
                    yield from self._branch([*failed, index], excluded, k)
                    excluded |= {index}

    def _carrying(self, failed: Sequence[int]) -> list[Arc]:
        """The arcs of a flow of more than may be left, none if there is no such flow."""
        changed = {**self._demand, **self._capacities(failed)}
        found = self._solver.minimum_cut(changed, cutoff=self._limit)
        return list(found.flow) if found.value > self._limit else []

    def _capacities(self, failed: Sequence[int]) -> Mapping[Arc, int]:
        """What is left of the pools that some candidates hit."""
        parts: dict[str, float] = defaultdict(float)
        for index in failed:
            for pool, part in self.candidates[index].hits.items():
                parts[pool] = min(1.0, parts[pool] + part)
        return {
            pool_arc(pool): round(self.net.capacities[pool] * (1 - part))
            for pool, part in parts.items()
        }


def _unknown(model: ModelYear | None) -> Iterable[str]:
    """Why what is lost is not known, where the use of the element is not."""
    try:
        if model is not None:
            model.chain.check_use(model.names)
    except LossNotKnownError as unknown:
        yield str(unknown)


def _notes(
    network: Network, net: RouteNet, search: _CutSearch, fewest: CutSet | None
) -> Iterable[str]:
    label = about(network).market_label
    if search.base <= 0:
        yield f"What cuts {named(label)} off is not known: no records reach it."
        return
    yield (
        f"Rule of allocation: what is left serves {named(label)} before all others, by flows of "
        "that year alone; chokepoints cuts all buyers alike, and lets others spare."
    )
    if fewest is None:
        yield (
            "No set of named countries cuts the market off: "
            "a route runs over the rest of the world alone."
        )
    elif net.unnamed:
        yield "The rest of the world is not one country: no set holds it."
    if net.remainders:
        yield net.remainders
    if not search.complete:
        yield f"The search stopped after {grouped(search.bound)} trials: there may be more sets."
