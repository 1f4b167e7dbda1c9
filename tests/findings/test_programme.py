"""The flow model: chains worked by hand, laws, and two referees that are not HiGHS."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
import swiglpk as glpk
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.findings.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, NDPR, Chain, Strand
from monazite.findings.programme import STEPS, Event, Horizon, Served, _Model, serve

STILL = Horizon("base", 1.0, 1.0)
STEP = 2 / STEPS
Made = Mapping[tuple[str, str], float]


def strand(element: str, made: Made, flows: Mapping[tuple[str, str, str], float]) -> Strand:
    """A strand whose yields are 1: what a pool takes is what it makes at the next stage."""
    after = {"mine": "separation", "separation": "metal"}
    taken = {
        (stage, pool): made.get((after[stage], pool), 0.0) for stage in after for pool in ("A", "B")
    }
    pools = frozenset({"A", "B"})
    return Strand(
        element=element,
        made=made,
        taken=taken,
        flows=flows,
        missing={},
        scrap={},
        home=dict.fromkeys(("mine", "separation", "metal", "magnet"), pools),
        parts=made,
        rows={},
    )


def two_countries(**given: object) -> Chain:
    """A mines all of the ore, B makes 60 of the 100 t of magnets: half of them with Dy.

    NdPr 30 a hundred magnets, Dy 2 a hundred of those that hold it. Oxide crosses from A to B.
    """
    magnets = {
        (product, pool): tonnes / 2
        for product in (HEAVY_MAGNETS, LIGHT_MAGNETS)
        for pool, tonnes in (("A", 40.0), ("B", 60.0))
    }
    strands = {}
    for element, whole in ((NDPR, 30.0), ("Dy", 1.0)):
        part = {"A": 0.4 * whole, "B": 0.6 * whole}
        made = {("mine", "A"): whole, ("separation", "A"): whole}
        made |= {("metal", pool): amount for pool, amount in part.items()}
        one = strand(element, made, {("separation", "A", "B"): part["B"]})
        taken = {**one.taken, **{("metal", pool): amount for pool, amount in part.items()}}
        taken["separation", "A"], taken["separation", "B"] = part["A"], part["B"]
        strands[element] = replace(one, taken=taken)
    chain = Chain(
        year=2024,
        strands=strands,
        magnets=magnets,
        recipe={(product, NDPR): 0.3 for product in (HEAVY_MAGNETS, LIGHT_MAGNETS)}
        | {(HEAVY_MAGNETS, "Dy"): 0.02},
        sold={(product, pool, pool): tonnes for (product, pool), tonnes in magnets.items()},
    )
    return replace(chain, **given)  # type: ignore[arg-type]


def lost(chain: Chain, event: Event, user: str | None = None, **given: object) -> float:
    base = serve(chain, STILL)
    after = serve(chain, STILL, event, demand=base.amounts, **given)  # type: ignore[arg-type]
    return 1 - after.of(user) / base.of(user)


def test_the_base_year_serves_what_it_sold() -> None:
    found = serve(two_countries(), STILL)
    assert found.amounts == {
        key: pytest.approx(tonnes)
        for key, tonnes in {
            (HEAVY_MAGNETS, "A"): 20.0,
            (HEAVY_MAGNETS, "B"): 30.0,
            (LIGHT_MAGNETS, "A"): 20.0,
            (LIGHT_MAGNETS, "B"): 30.0,
        }.items()
    }


def test_an_embargo_keeps_the_country_whole_and_takes_all_from_the_other() -> None:
    event = Event(sales={("*", "A", "*"): 0.0})
    assert lost(two_countries(), event, "A") == pytest.approx(0)
    assert lost(two_countries(), event, "B") == pytest.approx(1)


def test_a_licence_takes_what_is_not_approved() -> None:
    event = Event(sales={("separation", "A", "B"): 0.3})
    assert lost(two_countries(), event, "B") == pytest.approx(0.7)


def test_an_outage_of_metal_stops_its_country_only() -> None:
    event = Event(output={("metal", "B"): 0.0})
    assert lost(two_countries(), event, "B") == pytest.approx(1)
    assert lost(two_countries(), event, "A") == pytest.approx(0)


def test_scarcity_is_shared_alike() -> None:
    # half the mine: each user loses half of each kind, within a step
    event = Event(output={("mine", "A"): 0.5})
    for user in ("A", "B"):
        assert lost(two_countries(), event, user) == pytest.approx(0.5, abs=STEP)


def test_the_first_in_the_queue_loses_nothing_and_the_last_all_that_it_can() -> None:
    event = Event(output={("mine", "A"): 0.5})
    assert lost(two_countries(), event, "A", priority={"A": 10.0}) == pytest.approx(0, abs=STEP)
    assert lost(two_countries(), event, "A", priority={"A": 0.1}) == pytest.approx(1, abs=STEP)


def test_a_shortage_of_one_element_is_none_of_the_other() -> None:
    # Without a tenth of Dy, magnets with Dy lose a tenth; those without lose nothing.
    chain = two_countries()
    dy = chain.strands["Dy"]
    short = {**dy.made, ("separation", "A"): 0.9}
    less = replace(chain, strands={**chain.strands, "Dy": replace(dy, made=short)})
    base = serve(chain, STILL)
    after = serve(less, STILL, demand=base.amounts)
    assert after.of(None, HEAVY_MAGNETS) == pytest.approx(45, abs=1)
    assert after.of(None, LIGHT_MAGNETS) == pytest.approx(50)
    alone = serve(less, STILL, demand=base.amounts, elements=frozenset([NDPR]))
    assert alone.of() == pytest.approx(100)


def test_a_horizon_lets_trade_and_plants_grow() -> None:
    event = Event(output={("mine", "A"): 0.8})
    chain = two_countries()
    base = serve(chain, STILL)
    grown = serve(chain, Horizon("x", 2.0, 1.25), event, demand=base.amounts)
    assert grown.of() == pytest.approx(base.of())


def test_names_do_not_matter() -> None:
    """Renamed and reordered, the same numbers within a step."""
    chain = two_countries()
    swap = {"A": "Z", "B": "Y"}

    def renamed(keys: Mapping[Any, float]) -> dict[Any, float]:
        found = [(tuple(swap.get(part, part) for part in key), keys[key]) for key in keys]
        return dict(reversed(found))

    strands = {
        name: replace(
            each,
            made=renamed(each.made),
            taken=renamed(each.taken),
            flows=renamed(each.flows),
            home=dict.fromkeys(each.home, frozenset(swap.values())),
        )
        for name, each in reversed(list(chain.strands.items()))
    }
    other = replace(
        chain,
        strands=strands,
        magnets=renamed(chain.magnets),
        sold=renamed(chain.sold),
    )
    for stage in ("mine", "separation", "metal", "magnet"):
        one = lost(chain, Event(output={(stage, "A"): 0.35}))
        two = lost(other, Event(output={(stage, "Z"): 0.35}))
        assert one == pytest.approx(two, abs=STEP)


parts = st.floats(0, 1)


@settings(max_examples=30)
@given(st.sampled_from(["mine", "separation", "metal", "magnet"]), parts, parts)
def test_the_total_falls_with_what_is_left(stage: str, one: float, other: float) -> None:
    chain = two_countries()
    less, more = sorted((one, other))
    served = [serve(chain, STILL, Event(output={(stage, "A"): part})).of() for part in (less, more)]
    assert served[0] <= served[1] + 100 * STEP


@settings(max_examples=25)
@given(parts, parts, parts)
def test_more_that_fails_never_serves_more(mine: float, metal: float, sales: float) -> None:
    chain = two_countries()
    one = Event(output={("mine", "A"): mine})
    both = Event(
        output={("mine", "A"): mine, ("metal", "B"): metal},
        sales={("separation", "A", "B"): sales},
    )
    assert serve(chain, STILL, both).of() <= serve(chain, STILL, one).of() + 100 * STEP


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_one_element_without_recipes_is_a_maximum_flow(seed: int) -> None:
    """A strand alone is max-flow through the pools: networkx agrees on random chains."""
    rng = random.Random(seed)
    chain = two_countries()
    event = Event(
        output={
            (stage, pool): rng.random()
            for stage in ("mine", "separation", "metal", "magnet")
            for pool in ("A", "B")
        },
        sales={("separation", "A", "B"): rng.random()},
    )
    served = serve(chain, STILL, event, elements=frozenset([NDPR])).of()
    assert served == pytest.approx(_max_flow(chain, event) / 0.3, abs=100 * STEP)


def _max_flow(chain: Chain, event: Event) -> float:
    graph: nx.DiGraph[str] = nx.DiGraph()
    strand = chain.strands[NDPR]

    def cap(stage: str, pool: str, base: float) -> int:
        return round(1e6 * base * event.left_of(stage, pool))

    mine = cap("mine", "A", strand.made["mine", "A"])
    oxide = cap("separation", "A", strand.made["separation", "A"])
    graph.add_edge("s", "oxide A", capacity=min(mine, oxide))
    crossing = strand.flows["separation", "A", "B"]
    sold = round(1e6 * crossing * event.left_of_sale("separation", "A", "B"))
    graph.add_edge("oxide A", "oxide B", capacity=sold)
    for pool in ("A", "B"):
        metal = cap("metal", pool, strand.made["metal", pool])
        held = sum(0.3 * tonnes for (_, at), tonnes in chain.magnets.items() if at == pool)
        graph.add_edge(f"oxide {pool}", f"metal {pool}", capacity=metal)
        graph.add_edge(f"metal {pool}", "t", capacity=cap("magnet", pool, held))
    value: float = nx.maximum_flow_value(graph, "s", "t")
    return value / 1e6


def _by_glpk(model: _Model) -> float:
    """The same programme by a solver of another code base."""
    columns = model.columns
    problem = glpk.glp_create_prob()
    glpk.glp_set_obj_dir(problem, glpk.GLP_MAX)
    glpk.glp_add_cols(problem, len(columns.cost))
    for place, (cost, upper) in enumerate(zip(columns.cost, columns.upper, strict=True), start=1):
        kind = glpk.GLP_DB if upper > 0 else glpk.GLP_FX
        glpk.glp_set_col_bnds(problem, place, kind, 0.0, upper)
        glpk.glp_set_obj_coef(problem, place, cost)
    glpk.glp_add_rows(problem, len(columns.row_upper))
    ends = [*columns.starts[1:], len(columns.index)]
    for place, (start, end, bound) in enumerate(
        zip(columns.starts, ends, columns.row_upper, strict=True), start=1
    ):
        index, value = glpk.intArray(end - start + 1), glpk.doubleArray(end - start + 1)
        for at, entry in enumerate(range(start, end), start=1):
            index[at], value[at] = columns.index[entry] + 1, columns.value[entry]
        glpk.glp_set_mat_row(problem, place, end - start, index, value)
        glpk.glp_set_row_bnds(problem, place, glpk.GLP_UP, 0.0, bound)
    settings_of_glpk = glpk.glp_smcp()
    glpk.glp_init_smcp(settings_of_glpk)
    settings_of_glpk.msg_lev = glpk.GLP_MSG_OFF
    assert glpk.glp_simplex(problem, settings_of_glpk) == 0
    found: float = glpk.glp_get_obj_val(problem)
    glpk.glp_delete_prob(problem)
    return found


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_another_solver_finds_the_same_optimum(seed: int) -> None:
    rng = random.Random(seed)
    stages = ("mine", "separation", "metal", "magnet")
    event = Event(output={(stage, pool): rng.random() for stage in stages for pool in "AB"})
    chain = two_countries()
    model = _Model(chain, STILL, event, None)
    demand = {key: rng.uniform(0, 60) for key in chain.magnets}
    model.solve(demand, {"A": rng.choice([0.1, 1.0, 10.0])})
    values = model.columns.solve(maximise=True)
    assert values is not None
    ours = sum(cost * value for cost, value in zip(model.columns.cost, values, strict=True))
    assert ours == pytest.approx(_by_glpk(model), rel=1e-7, abs=1e-6)


def test_sharing_beside_a_programme_that_is_not_linear() -> None:
    """The steps approach the quadratic utility they cut up: equal parts where nothing else binds.

    Maximising sum of d (1.3 x - 0.3 x^2), x served over demand d, under one common limit gives
    every user the same x (equal multipliers): the loss is one number for all.
    """
    chain = two_countries()
    base: Served = serve(chain, STILL)
    for left in (0.15, 0.37, 0.81):
        event = Event(output={("mine", "A"): left})
        after = serve(chain, STILL, event, demand=base.amounts)
        for key, amount in base.amounts.items():
            assert after.amounts[key] / amount == pytest.approx(left, abs=STEP)
