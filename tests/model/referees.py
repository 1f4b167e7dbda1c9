"""Referees of the flow model that share no code with it: two solvers, a max-flow, a bookkeeper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import daqp
import networkx as nx
import numpy as np
import swiglpk as glpk

from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import Event, Horizon
from monazite.model.flow.programme import NO_FLOORS, EventBounds, Programme

GRAMS = 1e6


def programme_of(chain: Chain, horizon: Horizon, **more: Any) -> Programme:
    """The programme that a horizon is solved in."""
    return Programme(chain, new_pairs=horizon.new_pairs > 0, thrift=horizon.thrift, **more)


def objective(
    programme: Programme,
    horizon: Horizon,
    event: Event,
    floors: Mapping[tuple[str, str], float] = NO_FLOORS,
) -> float:
    """What the programme is to make as large as it can."""
    bounds = programme.bounds(horizon, event, floors=floors)
    cost = [*programme.columns.cost]
    for column, weight in bounds.cost.items():
        cost[column] = weight
    values = programme.values(bounds)
    return sum(weight * value for weight, value in zip(cost, values, strict=True))


@dataclass(frozen=True)
class _Numbers:
    """A programme with bounds put on: columns are not negative, rows have no lower end."""

    cost: list[float]
    upper: list[float]
    row_upper: list[float]
    rows: list[list[tuple[int, float]]]


def _numbers(programme: Programme, bounds: EventBounds) -> _Numbers:
    columns = programme.columns
    assert not any(columns.lower)
    assert all(lower == -inf for lower in columns.row_lower)
    cost, upper, rows = [*columns.cost], [*columns.upper], [*columns.row_upper]
    for wanted, given in ((cost, bounds.cost), (upper, bounds.upper), (rows, bounds.row_upper)):
        for place, value in given.items():
            wanted[place] = value
    ends = [*columns.starts[1:], len(columns.index)]
    terms = [
        [(columns.index[at], columns.value[at]) for at in range(start, end)]
        for start, end in zip(columns.starts, ends, strict=True)
    ]
    return _Numbers(cost, upper, rows, terms)


def by_glpk(programme: Programme, bounds: EventBounds) -> float:
    """The optimum of the same programme, by a solver of another code base."""
    found = _numbers(programme, bounds)
    optimum = glpk_optimum(found.cost, found.upper, found.rows, found.row_upper)
    assert optimum is not None
    return optimum


def glpk_optimum(
    costs: Sequence[float],
    uppers: Sequence[float],
    rows: Sequence[Sequence[tuple[int, float]]],
    row_uppers: Sequence[float],
) -> float | None:
    """The largest value of columns from 0 up, or None where nothing is feasible."""
    problem = glpk.glp_create_prob()
    glpk.glp_set_obj_dir(problem, glpk.GLP_MAX)
    glpk.glp_add_cols(problem, len(costs))
    for place, (cost, upper) in enumerate(zip(costs, uppers, strict=True), start=1):
        kind = glpk.GLP_LO if upper == inf else glpk.GLP_DB if upper > 0 else glpk.GLP_FX
        glpk.glp_set_col_bnds(problem, place, kind, 0.0, 0.0 if upper == inf else upper)
        glpk.glp_set_obj_coef(problem, place, cost)
    for place, (terms, bound) in enumerate(zip(rows, row_uppers, strict=True), start=1):
        glpk.glp_add_rows(problem, 1)
        index, value = glpk.intArray(len(terms) + 1), glpk.doubleArray(len(terms) + 1)
        for at, (column, factor) in enumerate(terms, start=1):
            index[at], value[at] = column + 1, factor
        glpk.glp_set_mat_row(problem, place, len(terms), index, value)
        kind = glpk.GLP_FR if bound == inf else glpk.GLP_UP
        glpk.glp_set_row_bnds(problem, place, kind, 0.0, 0.0 if bound == inf else bound)
    options = glpk.glp_smcp()
    glpk.glp_init_smcp(options)
    options.msg_lev = glpk.GLP_MSG_OFF
    assert glpk.glp_simplex(problem, options) == 0
    status = glpk.glp_get_status(problem)
    optimum: float = glpk.glp_get_obj_val(problem)
    glpk.glp_delete_prob(problem)
    assert status in (glpk.GLP_OPT, glpk.GLP_NOFEAS, glpk.GLP_INFEAS)
    return optimum if status == glpk.GLP_OPT else None


def by_quadratic(chain: Chain, horizon: Horizon, event: Event) -> dict[tuple[str, str], float]:
    """What is served where the utility is a smooth curve: sum of d (1.3 x - 0.3 x^2), x = s / d."""
    programme = programme_of(chain, horizon, steps=1)
    found = _numbers(programme, programme.bounds(horizon, event))
    count = len(found.cost)
    curve, slope = np.zeros((count, count)), np.zeros(count)
    for key, (column,) in programme.served.items():
        worth = chain.products[key[0]].worth
        slope[column] = -1.3 * worth
        curve[column, column] = 0.6 * worth / programme.demand[key]
    rows = np.zeros((len(found.rows), count))
    for place, terms in enumerate(found.rows):
        for column, factor in terms:
            rows[place, column] += factor
    upper = np.minimum([*found.upper, *found.row_upper], 1e30)
    lower = np.array([0.0] * count + [-1e30] * len(found.rows))
    # Most columns bend nothing: a proximal method comes to the optimum step by step.
    kinds = np.zeros(len(upper), np.intc)
    answer = daqp.solve(curve, slope, rows, upper, lower, kinds, eps_prox=1e-4)
    values, ended = answer[0], answer[2]
    assert ended == 1
    return {key: float(values[column]) for key, (column,) in programme.served.items()}


_GOODS = {MINE: "ore", SEPARATION: "oxide", METAL: "metal"}
_FEED = {SEPARATION: "feed", METAL: "oxide"}


def flow_graph(chain: Chain, horizon: Horizon, event: Event) -> nx.DiGraph[str]:
    """A chain of one element and one product as a network: grams, nothing lost on the way."""
    (element_chain,) = chain.element_chains.values()
    ((name, element),) = chain.recipe
    content = chain.recipe[name, element]
    graph = _Graph()
    _add_ore(graph, element_chain, horizon, event)
    for (stage, pool), tonnes in element_chain.made.items():
        graph.arc(f"ore {pool}", f"feed {pool}")
        if stage == MINE:
            continue
        most = tonnes * horizon.throughput + event.more_of(stage, pool, element)
        graph.arc(
            f"{_FEED[stage]} {pool}", f"{_GOODS[stage]} {pool}", most * event.left_of(stage, pool)
        )
    for (stage, pool), tonnes in element_chain.missing.items():
        graph.arc("source", f"{_GOODS[stage]} {pool}", tonnes)
    for pool, tonnes in element_chain.scrap.items():
        graph.arc("source", f"feed {pool}", tonnes * event.left_of(SEPARATION, pool))
    _add_trade(graph, element_chain, horizon, event)
    for (_, pool), tonnes in chain.made.items():
        most = tonnes * horizon.throughput * event.left_of(MAGNET, pool)
        graph.arc(f"metal {pool}", f"magnets {pool}", content * most)
    for (_, pool, user), tonnes in chain.sold.items():
        left = event.left_of_sale(MAGNET, pool, user, name) * horizon.trade
        most = inf if pool == user else content * tonnes * left
        graph.arc(f"magnets {pool}", f"user {user}", most)
    for (_, user), tonnes in chain.demand.items():
        graph.arc(f"user {user}", "sink", content * tonnes)
    return graph.found


def _add_trade(graph: _Graph, element_chain: ElementChain, horizon: Horizon, event: Event) -> None:
    """Oxide and metal across borders."""
    for (stage, seller, buyer), tonnes in element_chain.flows.items():
        if stage == MINE:
            continue
        left = event.left_of_sale(stage, seller, buyer, element_chain.element)
        factor = horizon.trade if element_chain.made.get((stage, seller), 0.0) > 0 else 1.0
        goods = _GOODS[stage]
        graph.arc(f"{goods} {seller}", f"{goods} {buyer}", tonnes * left * factor)


def _add_ore(graph: _Graph, element_chain: ElementChain, horizon: Horizon, event: Event) -> None:
    """Ore from its mine to who separates it."""
    for pool in [pool for stage, pool in element_chain.made if stage == MINE]:
        for ore, mined in element_chain.mined(pool).items():
            most = mined * horizon.throughput * event.left_of(MINE, pool, ore)
            graph.arc("source", _pile(pool, ore), most)
            if ore != "*":
                graph.arc(_pile(pool, ore), f"ore {pool}")
    for (seller, ore, buyer), tonnes in element_chain.ore_sold.items():
        left = event.left_of_sale(MINE, seller, buyer, ore)
        factor = horizon.trade if element_chain.made.get((MINE, seller), 0.0) > 0 else 1.0
        graph.arc(_pile(seller, ore), f"ore {buyer}", tonnes * left * factor)


def _pile(pool: str, ore: str) -> str:
    """Where ore of a mine lies: by itself where the pool mines several."""
    return f"ore {pool}" if ore == "*" else f"{ore} of {pool}"


class _Graph:
    """A network with whole numbers: several arcs between two nodes add up."""

    def __init__(self) -> None:
        self.found: nx.DiGraph[str] = nx.DiGraph()
        self.found.add_nodes_from(("source", "sink"))

    def arc(self, tail: str, head: str, tonnes: float = inf) -> None:
        known = self.found.has_edge(tail, head)
        before = self.found.edges[tail, head]["capacity"] if known else 0
        more = inf if tonnes == inf else round(GRAMS * tonnes)
        self.found.add_edge(tail, head, capacity=before + more)


def overdrawn(
    programme: Programme, horizon: Horizon, event: Event, values: list[float]
) -> Iterable[tuple[str, float]]:
    """Each node of the chain and what it takes beyond what it has, in tonnes."""
    chain = programme.chain
    for element_chain in chain.element_chains.values():
        for pool in sorted({pool for _, pool in (*element_chain.taken, *element_chain.made)}):
            book = _Book(programme, element_chain, pool, values)
            yield f"{element_chain.element} oxide {pool}", book.oxide_used() - book.has(SEPARATION)
            yield (
                f"{element_chain.element} metal {pool}",
                book.metal_used(horizon) - book.has(METAL),
            )
            swarf = [*book.swarf()]
            yield from ((f"swarf of {pool}", now - most) for now, most, _ in swarf)
            of_others = element_chain.scrap.get(pool, 0.0) - sum(base for *_, base in swarf)
            scrap = of_others * event.left_of(SEPARATION, pool) + sum(now for now, *_ in swarf)
            yield (
                f"{element_chain.element} ore {pool}",
                book.oxide_made() - book.oxide_of_ore() - scrap,
            )
            yield f"{element_chain.element} ore sold {pool}", -book.ore()
            for ore in element_chain.mined(pool):
                if ore != "*":
                    yield f"{element_chain.element} {ore} of {pool}", book.ore_overdrawn(ore)
    sold: dict[tuple[str, str], float] = defaultdict(float)
    bought: dict[tuple[str, str], float] = defaultdict(float)
    for (name, pool, user), column in programme.sold.items():
        sold[name, pool] += values[column]
        bought[name, user] += values[column]
    for (name, pool), column in programme.made.items():
        yield f"{name} {pool}", sold[name, pool] - values[column]
    for (name, user), columns in programme.served.items():
        served = sum(values[column] for column in columns)
        yield f"{name} to {user}", served - bought[name, user]
        yield f"{name} wanted by {user}", served - chain.demand[name, user]


@dataclass(frozen=True)
class _Book:
    """What a pool has and uses of an element."""

    programme: Programme
    element_chain: ElementChain
    pool: str
    values: list[float]

    def has(self, stage: str) -> float:
        """Made, bought and not explained, less what is sold."""
        made = self._output(stage)
        lacks = self.element_chain.missing.get((stage, self.pool), 0.0)
        return (
            made
            + lacks
            + sum(
                self.values[column] * ((buyer == self.pool) - (seller == self.pool))
                for (at, seller, buyer, what), column in self.programme.sales.items()
                if (at, what) == (stage, self.element_chain.element)
            )
        )

    def oxide_used(self) -> float:
        base = self.element_chain.made.get((METAL, self.pool), 0.0)
        used = self.element_chain.used.get(self.pool, 0.0)
        taken = self.element_chain.taken.get((SEPARATION, self.pool), 0.0) - used
        made = self.programme.made.items()
        outside = sum(
            self.values[column]
            for (name, pool), column in made
            if pool == self.pool and name == f"{self.element_chain.element} outside magnets"
        )
        return outside + (self._output(METAL) * taken / base if base else 0.0)

    def metal_used(self, horizon: Horizon) -> float:
        chain, element = self.programme.chain, self.element_chain.element
        parts = {
            name: chain.recipe.get((name, element), 0.0)
            for name, at in chain.made
            if at == self.pool and chain.products[name].stage == MAGNET
        }
        base = sum(part * chain.made[name, self.pool] for name, part in parts.items())
        taken = self.element_chain.taken.get((METAL, self.pool), 0.0)
        now = sum(
            part * self.values[self.programme.made[name, self.pool]] for name, part in parts.items()
        )
        return now * (1 - horizon.thrift.get(element, 0.0)) * taken / base if base else 0.0

    def swarf(self) -> Iterable[tuple[float, float, float]]:
        """What comes back of it, the most that the magnets made can give, and the base year's."""
        chain, element = self.programme.chain, self.element_chain.element
        for column, name in sorted(self.programme.columns.names.items()):
            if name[0] == "swarf" and (name[1], name[3]) == (self.pool, element):
                _, at, maker, what = name
                base = self.element_chain.swarf[at, maker]
                parts = [
                    (chain.made[x], self.values[self.programme.made[x]], chain.recipe[x[0], what])
                    for x in chain.made
                    if x[1] == maker and (x[0], what) in chain.recipe
                    if chain.products[x[0]].stage == MAGNET
                ]
                before = sum(tonnes * held for tonnes, _, held in parts)
                now = sum(tonnes * held for _, tonnes, held in parts)
                yield self.values[column], base * now / before, base

    def oxide_made(self) -> float:
        return self._output(SEPARATION)

    def oxide_of_ore(self) -> float:
        base = self.element_chain.made.get((SEPARATION, self.pool), 0.0)
        taken = self.element_chain.taken.get((MINE, self.pool), 0.0)
        gain = (base - self.element_chain.scrap.get(self.pool, 0.0)) / taken if taken else 0.0
        return gain * self.ore()

    def ore(self) -> float:
        """Ore mined, bought and not explained, less what is sold; a level of 1 is the base year."""
        found = sum(self._mined(ore) for ore in self.element_chain.mined(self.pool))
        for (stage, seller, buyer, ore), column in self.programme.sales.items():
            if stage == MINE and self.pool in (seller, buyer):
                sign = 1.0 if buyer == self.pool else -1.0
                found += sign * self.values[column] * self._carried(seller, ore, buyer)
        return found + self.element_chain.missing.get((MINE, self.pool), 0.0)

    def ore_overdrawn(self, ore: str) -> float:
        """What is sold of an ore beyond what is mined of it."""
        sold = sum(
            self.values[column] * self._carried(self.pool, ore, buyer)
            for (stage, seller, buyer, what), column in self.programme.sales.items()
            if (stage, seller, what) == (MINE, self.pool, ore)
        )
        return sold - self._mined(ore)

    def _mined(self, ore: str) -> float:
        """Tonnes of the element in an ore that is mined."""
        level = self.programme.outputs.get((MINE, self.pool, ore))
        tonnes = self.element_chain.mined(self.pool).get(ore, 0.0)
        return tonnes * self.values[level] if level is not None else 0.0

    def _carried(self, seller: str, ore: str, buyer: str) -> float:
        """Ore that a level of 1 of a pair carries: of a new pair, all that its seller sold."""
        element_chains = self.programme.chain.element_chains.values()
        if any((seller, ore, buyer) in each.ore_sold for each in element_chains):
            return self.element_chain.ore_sold.get((seller, ore, buyer), 0.0)
        if not self.element_chain.made.get((MINE, seller)) or not self.element_chain.taken.get(
            (MINE, buyer)
        ):
            return 0.0
        return sum(
            tonnes
            for (one, what, _), tonnes in self.element_chain.ore_sold.items()
            if (one, what) == (seller, ore)
        )

    def _output(self, stage: str) -> float:
        column = self.programme.outputs.get((stage, self.pool, self.element_chain.element))
        return 0.0 if column is None else self.values[column]
