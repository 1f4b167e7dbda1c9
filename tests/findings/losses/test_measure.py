"""Losses of hand-made chains: what limits, what is lost alone, and how wide the range is."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise, product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Chain
from monazite.findings.events.event import BASE_YEAR, NO_EVENT, Event, Horizon
from monazite.findings.flow_model.programme import STEPS
from monazite.findings.flow_model.study import Study, unexplained_at
from monazite.findings.losses.kept_losses import kept_losses
from monazite.findings.losses.measure import Loss, Measure
from monazite.findings.losses.model import LossModel
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.view import View
from tests.conftest import view_in_memory
from tests.findings.sample import (
    MEDIUM,
    SHORT,
    Draw,
    drawn_event,
    five_nodes,
    lone_mine,
    two_countries,
)
from tests.findings.small_chains import candidate
from tests.sharing import THOROUGH

STEP = (1 + 1e-6) / STEPS


def measured(
    chain: Chain,
    event: Event,
    *names: str,
    market: str = "WLD",
    full: bool = False,
) -> Loss:
    study = Study(chain, BASE_YEAR, names or ("NdPr",), Contingency(), market)
    return Measure(study, full).of_event(event)


@pytest.mark.parametrize(
    ("stage", "pool"),
    [("mine", "M"), ("separation", "S"), ("metal", "T"), ("magnet", "G")],
)
def test_the_stage_that_stops_is_what_limits(stage: str, pool: str) -> None:
    event = Event({(stage, pool): 0.2})
    found = measured(five_nodes(), event, "Dy", market="U")
    assert found.loss == pytest.approx(0.8, abs=STEP)
    assert found.alone == pytest.approx(0.8, abs=STEP)
    assert found.limited_at == stage
    assert found.limited_by == ("Dy", "NdPr")
    # Of all magnets Dy alone would take only those that hold it.
    both = measured(five_nodes(), event, "NdPr", "Dy", market="U")
    assert both.loss == pytest.approx(0.8, abs=STEP)
    assert both.alone is None
    assert both.limited_by == (("Dy", "NdPr") if stage == "magnet" else ("NdPr",))


def test_ore_limits_before_metal_where_it_is_shorter() -> None:
    # 0.3 of the ore and 0.9 of the metal: plenty of ore brings back 0.6 of the 0.7 lost, which is
    # not nearly all; plenty of oxide the same; plenty of metal all.
    event = Event({("mine", "M"): 0.3, ("metal", "T"): 0.9})
    assert measured(five_nodes(), event).limited_at == "metal"
    # Of 0.98 it brings back 0.68 of 0.7: ore is what limits.
    event = Event({("mine", "M"): 0.3, ("metal", "T"): 0.98})
    assert measured(five_nodes(), event).limited_at == "mine"


def test_the_element_that_is_short_is_told_from_the_one_that_is_not() -> None:
    # A quarter of the Dy oxide does not cross: 25 of 100 t of magnets with Dy are lost.
    event = Event(sales={("separation", "S", "T", "Dy"): 0.75})
    found = measured(five_nodes(), event, "Dy", market="U")
    assert found.loss == pytest.approx(0.25, abs=STEP)
    assert found.alone == pytest.approx(0.25, abs=STEP)
    assert (found.limited_by, found.limited_at) == (("Dy",), "separation")
    # Asked for NdPr, all magnets count, and none of the loss is its own.
    found = measured(five_nodes(), event, "NdPr", market="U")
    assert found.loss == pytest.approx(0.125, abs=STEP)
    assert found.alone == pytest.approx(0, abs=STEP)
    assert found.limited_by == ("Dy",)


def test_home_first_is_another_number() -> None:
    # 50 of 100 t are left, B wants 60: in proportion it gets 30; home first what A leaves, 10 t;
    # before all others 50.
    half = Event({("mine", "A"): 0.5})
    found = measured(two_countries(), half, market="B", full=True)
    assert found.loss == pytest.approx(0.5, abs=STEP)
    assert found.home_first == pytest.approx(5 / 6, abs=STEP)
    assert found.market_first == pytest.approx(1 / 6)
    assert measured(two_countries(), half, market="A").home_first == pytest.approx(0.0, abs=STEP)


def test_what_does_not_bind_costs_nothing_and_is_limited_by_nothing() -> None:
    nothing = Loss(0.0, 0.0, (), "", 0.0)
    assert measured(five_nodes(), Event({("metal", "B"): 0.0})) == nothing


def test_others_that_stop_bidding_leave_more() -> None:
    # Half the ore: 50 t for both. With B's plants shut A has its 40 t: less than nothing is lost
    # of what the two events cost it.
    shut = Event({("mine", "A"): 0.5, ("magnet", "B"): 0.0})
    assert measured(two_countries(), shut, market="A").loss == pytest.approx(0)
    alone = measured(two_countries(), Event({("mine", "A"): 0.5}), market="A")
    assert alone.loss == pytest.approx(0.5, abs=STEP)


def test_a_stage_that_the_chain_does_not_have_is_not_known() -> None:
    study = Study(lone_mine(), BASE_YEAR, ("Y",), Contingency())
    assert study.stages == ("mine", "separation", "use")

    def at(stage: str) -> Loss | None:
        event = study.event_of(candidate(f"{stage}/A"))
        (found,) = kept_losses(Measure(study), [event], view_in_memory().store)
        return found

    assert at("metal") is None
    found = at("mine")
    assert found is not None
    assert found.loss == pytest.approx(1)
    assert found.limited_at == "mine"


def test_the_product_that_counts_is_the_one_with_the_element() -> None:
    assert Study(five_nodes(), BASE_YEAR, ("Dy",), Contingency()).title == HEAVY_MAGNETS
    magnets = Study(five_nodes(), BASE_YEAR, ("NdPr",), Contingency())
    assert (magnets.title, sorted(magnets.products)) == ("magnets", [HEAVY_MAGNETS, LIGHT_MAGNETS])


ELEMENTS = ("Dy", "Tb", "NdPr", "Sm", "Y", "La")
MARKETS = ("USA", "EUE", "JPN", "KOR", "DEU", "WLD")
ASKED = [
    (element, market)
    for element in ELEMENTS
    for market in MARKETS
    if (element, market) in {("Dy", "USA"), ("Y", "DEU")}
    or (THOROUGH and (element != "Sm" or market == "WLD"))  # who takes SmCo is not known
]


@pytest.mark.parametrize(("element", "market"), ASKED)
@pytest.mark.parametrize("event", ["outage", "embargo"])
def test_no_loss_rises_with_the_horizon_on_the_shipped_rows(
    view: View, element: str, market: str, event: str
) -> None:
    """For whatever may fail, under either rule, and for every user: floors are what was served."""
    network, facts = view.network(element, market), view.facts(element)
    model = LossModel(network, facts, Contingency(event, "free"), 2024)
    study, free = model.study, model.horizon
    assert free.before is not None
    short = free.before.before
    assert short is not None
    assert (short.name, short.before) == ("short-run", None)
    contracts = replace(short, bids=False)
    assert study.loss(NO_EVENT, horizon=contracts) == study.loss(NO_EVENT) == 0
    for each, home_first in product(model.candidates, (False, True)):
        happens = study.event_of(each)
        if not happens.output and not happens.sales:
            continue
        losses = [
            study.loss(happens, horizon=horizon, home_first=home_first)
            for horizon in (contracts, short, free.before, free)
        ]
        for sooner, later in pairwise(losses):
            assert later <= sooner + 1e-5, each.id


@given(st.integers(0, 10**6), st.booleans())
def test_no_users_loss_rises_with_the_horizon_on_drawn_chains(seed: int, home_first: bool) -> None:
    chain = Draw(seed).chain()
    event = drawn_event(chain, random.Random(seed), added=False)
    medium = replace(MEDIUM, before=SHORT)
    free = Horizon("free", inf, 1.3, inf, MEDIUM.thrift, before=medium)
    study = Study(chain, free, ("NdPr",), Contingency())
    ladder = [replace(SHORT, bids=False), SHORT, medium, free]
    served = [study.served(event, horizon=each, home_first=home_first) for each in ladder]
    for sooner, later in pairwise(served):
        for key, tonnes in sooner.amounts.items():
            assert later.amounts[key] >= tonnes * (1 - 1e-5) - 1e-9
    assert study.loss(NO_EVENT, home_first=home_first) == 0


@pytest.mark.parametrize("element", ["Dy", "NdPr", "Sm", "La", "Y"])
def test_what_nobody_makes_nobody_is_served(element: str) -> None:
    """Mass is conserved: without all makers of a stage only what no row explains goes on."""
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    model = LossModel(view.network(element, "WLD"), facts, Contingency(), 2024)
    chains = [model.chain.element_chains[name] for name in model.study.names]
    for stage in (each for each in model.study.stages if each in ("separation", "metal")):
        makers = {pool for chain in chains for at, pool in chain.made if at == stage}
        after = ["separation", "metal"] if stage == "separation" else ["metal"]
        unexplained = sum(
            unexplained_at(model.chain, model.study.names, each) or 0 for each in after
        )
        lost = model.study.loss(Event(output={(stage, pool): 0.0 for pool in sorted(makers)}))
        assert lost >= 1 - 1.1 * unexplained - 1e-6, stage
