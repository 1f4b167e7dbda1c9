"""Cuts: the sets of countries at stages, and of known sites, that separate a market.

The smallest sets by max-flow: pools are split into in and out, and only pools of named countries
may be cut; a minimum cut is then a set of the fewest pools (each pool has capacity one) or the set
with the least supply (each pool has its share of the world's as capacity). The capacity of the cut
is checked against the value of the flow.

All minimal sets of up to ``k`` things by a branching search: as long as more than what may be left
still flows, one of the pools that carry the flow must fail as well; each is tried in turn, and
those tried before are excluded from the later branches, so that every minimal set is met exactly
once. The set of each size that leaves least is found by trying all. A bound on the trials stops
either search, and the result says so. The market is served before all others: what is left is
then the most that can be.

References:
    L. R. Ford and D. R. Fulkerson, Maximal flow through a network, Canadian Journal of
    Mathematics 8 (1956), 399-404.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from math import comb, fsum
from typing import ClassVar

from monazite.findings.assumptions import assumption_rows, assumptions_in
from monazite.findings.events.failure_points import Candidate, ModelYear
from monazite.findings.routes.capacities import SINK, SOURCE, demand_of
from monazite.findings.routes.disjoint_routes import pool_arc, route_solver
from monazite.findings.routes.maxflow import UNCAPPED, Arc, FlowSolver
from monazite.findings.routes.node_roles import Structure, find_structure
from monazite.findings.routes.route_net import RouteNet, route_net
from monazite.findings.routes.tables import cuts_csv, cuts_dict, cuts_tables
from monazite.network.attributes import about
from monazite.network.graph import Network
from monazite.parameters import CUT_SIZE, CUT_SIZES, LEFT, LEFTS
from monazite.result import Result
from monazite.safe_text import percent
from monazite.tables import Table
from monazite.triples.names import named

BOUND = 20_000
"""Trials after which a search for sets stops."""


@dataclass(frozen=True)
class CutSet:
    """Things that fail together.

    Attributes:
        members: their ids.
        labels: their names.
        supply: what they make, each as a share of the world's supply at its stage, summed.
        figure: what of these shares is not measured of the element alone.
        left: the part of what reached the market, 0 to 1, that still arrives.
        rows: that say what they make.
    """

    members: tuple[str, ...]
    labels: tuple[str, ...]
    supply: float
    figure: str
    left: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Cuts(Result):
    """What separates one market from one element, and what each node is to the routes.

    Attributes:
        element: symbol or group.
        market: code of the market.
        market_label: its name.
        structure: what every country at a stage, and every known site, is to the routes.
        fewest: a set of the fewest countries at stages after which nothing arrives; None if no
            set of named countries does it.
        least: such a set that makes the least supply; None likewise.
        sets: all minimal sets of up to ``k`` things that leave at most ``left``.
        worst: for each size up to ``k`` a set that leaves least, as long as one more thing takes
            more.
        k: how many things a set may have at most.
        left: the part of the base, 0 to 1, that may still arrive.
        bound: trials after which the search stops.
        complete: False where these did not suffice.
    """

    records_key: ClassVar[str] = "sets"

    element: str
    market: str
    market_label: str
    structure: Structure
    fewest: CutSet | None
    least: CutSet | None
    sets: tuple[CutSet, ...]
    worst: tuple[CutSet, ...]
    k: int
    left: float
    bound: int
    complete: bool

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The sets that cut the market off."""
        return tuple(asdict(found) for found in self.sets)

    def content(self) -> dict[str, object]:
        """Return what ``--format json`` prints: shares and parts 0 to 1, null is not known."""
        return cuts_dict(self)

    def tables(self) -> list[Table]:
        """Return the sets that cut the market off, and what stands on its routes."""
        return cuts_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return the sets as one table of plain values."""
        return [cuts_csv(self)]

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
    """Return the sets of countries at stages and known sites that cut a market off.

    References:
        Ford and Fulkerson 1956 for the smallest sets, see the module; the roles of the nodes
        have theirs in :mod:`monazite.findings.routes.disjoint_routes`.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> [found.members for found in find_cuts(network, k=1, left=0.05).sets]
    [('metal/CHN',), ('separation/CHN',)]
    """
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
        notes=tuple(_notes(network, net, search, fewest)),
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
    candidates: list[Candidate] = field(init=False)
    base: int = field(init=False)
    spent: int = field(init=False, default=0)
    complete: bool = field(init=False, default=True)

    def __post_init__(self) -> None:
        self.candidates = self.net.things
        self._solver = FlowSolver(self.net.graph, SOURCE, SINK)
        self.base = self._solver.minimum_cut(demand_of(self._solver, UNCAPPED)).value
        self._demand = demand_of(self._solver, self.base)
        self._limit = int(self.left * self.base)
        self._candidates_at: dict[Arc, list[int]] = {}
        for index, candidate in enumerate(self.candidates):
            for pool in candidate.hits:
                self._candidates_at.setdefault(pool_arc(pool), []).append(index)

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
            choices = sorted(
                {index for arc in carrying for index in self._candidates_at.get(arc, ())}
            )
            for index in choices:
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
        parts: dict[str, float] = {}
        for index in failed:
            for pool, part in self.candidates[index].hits.items():
                parts[pool] = min(1.0, parts.get(pool, 0.0) + part)
        return {
            pool_arc(pool): round(self.net.capacities[pool] * (1 - part))
            for pool, part in parts.items()
        }


def _notes(
    network: Network, net: RouteNet, search: _CutSearch, fewest: CutSet | None
) -> Iterable[str]:
    label = about(network).market_label
    if search.base <= 0:
        yield f"What cuts {named(label)} off is not known: no records reach it."
        return
    if fewest is None:
        yield (
            "No set of named countries cuts the market off: "
            "a route runs over the rest of the world alone."
        )
    elif net.unnamed:
        yield "The rest of the world is not one country: no set holds it."
    if net.remainders:
        yield net.remainders
    yield (
        "What is left counts that year's flows to the market, with nothing made or bought "
        "beyond them: what others would spare is in the losses of the report."
    )
    if not search.complete:
        yield f"The search stopped after {search.bound:,} trials: there may be more sets."
