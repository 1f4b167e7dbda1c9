"""Losses of hand-made chains, policies as events, and what is kept of either."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.chokepoints import loss_model as kept
from monazite.analysis.chokepoints.chokepoints import shared_study
from monazite.analysis.chokepoints.loss_model import (
    Loss,
    LossModel,
    event_of_policy,
    loss_of,
    policy_candidate,
)
from monazite.analysis.policies.acts import PolicyStatus
from monazite.analysis.policies.export_controls import Scope
from monazite.core.cache import Kept
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Chain
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event, Horizon
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study, unexplained_at
from monazite.model.network.facts import read_facts
from tests.conftest import view_in_memory
from tests.model.sample import MEDIUM, SHORT, Draw, drawn_event, five_nodes, two_countries
from tests.sharing import only_whole

STEP = (1 + 1e-6) / STEPS


def measured(
    chain: Chain, event: Event, *names: str, market: str = "WLD", full: bool = False
) -> Loss:
    study = Study(chain, BASE_YEAR, names or ("NdPr",), Contingency(), market)
    return loss_of(study, event, full=full)


@pytest.mark.parametrize(
    ("stage", "pool"), [("mine", "M"), ("separation", "S"), ("metal", "T"), ("magnet", "G")]
)
def test_the_stage_that_stops_is_what_limits(stage: str, pool: str) -> None:
    event = Event({(stage, pool): 0.2})
    found = measured(five_nodes(), event, "Dy", market="U")
    assert found.loss == pytest.approx(0.8, abs=STEP)
    assert found.limited_at == stage
    assert found.limited_by == ("Dy", "NdPr")
    # Of all magnets Dy alone would take only those that hold it.
    both = measured(five_nodes(), event, "NdPr", "Dy", market="U")
    assert both.loss == pytest.approx(0.8, abs=STEP)
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
    assert (found.limited_by, found.limited_at) == (("Dy",), "separation")
    # Asked for NdPr, all magnets count, and Dy is still what is short.
    found = measured(five_nodes(), event, "NdPr", market="U")
    assert found.loss == pytest.approx(0.125, abs=STEP)
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
    nothing = Loss(0.0, (), "", 0.0)
    assert measured(five_nodes(), Event({("metal", "B"): 0.0})) == nothing


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


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr", "Sm")])
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


MEMBERS = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}
DY = frozenset({"Dy"})


def control(country: str, **given: object) -> Scope:
    found = Scope(
        policy="a-control",
        title="A control",
        country=country,
        kind="export-licence",
        status=PolicyStatus("in force", "in force", "since 2025"),
        goods=dict.fromkeys((MINE, SEPARATION, METAL, MAGNET), DY),
        abroad={},
        at_border=True,
        resale=False,
        destinations=None,
        threshold=None,
        threshold_row="",
        rows=("row/policy_scope/a-control",),
        remarks=(),
    )
    return replace(found, **given)  # type: ignore[arg-type]


def bound(
    scope: Scope, chain: Chain, approval: float = 0.0
) -> Mapping[tuple[str, str, str, str], float]:
    sales = Programme(chain).sales
    return event_of_policy(scope, chain, sales, MEMBERS, approval).sales


def test_a_control_of_dysprosium_leaves_magnets_without_it_alone() -> None:
    chain = five_nodes()
    assert bound(control("G"), chain, 0.3) == {(MAGNET, "G", "U", HEAVY_MAGNETS): 0.3}
    assert bound(control("T"), chain, 0.3) == {(METAL, "T", "G", "Dy"): 0.3}
    after = Programme(chain).serve(event=Event(sales=bound(control("S"), chain, 0.3)))
    assert after.of("U", {HEAVY_MAGNETS}) == pytest.approx(30, abs=100 * STEP)
    assert after.of("U", {LIGHT_MAGNETS}) == pytest.approx(100)


def test_ore_is_bound_whole_when_any_of_it_is() -> None:
    chain = five_nodes()
    assert bound(control("M"), chain) == {(MINE, "M", "S", "*"): 0.0}
    after = Programme(chain).serve(event=Event(sales=bound(control("M"), chain)))
    assert after.of("U", {LIGHT_MAGNETS}) == pytest.approx(0)


def test_a_licence_without_limit_of_volume_binds_and_cuts_nothing() -> None:
    chain, scope = five_nodes(), control("S", unlimited_row="policy_scope/no-limit")
    assert bound(scope, chain, 0.3) == dict.fromkeys(bound(control("S"), chain), 1.0) != {}
    after = Programme(chain).serve(event=Event(sales=bound(scope, chain, 0.0)))
    assert after.of() == pytest.approx(Programme(chain).serve().of())
    assert "no limit of volume" in policy_candidate(scope).remark
    assert policy_candidate(control("S")).remark == ""


def test_destinations_and_the_border() -> None:
    chain = five_nodes()
    assert bound(control("G", destinations=frozenset({"X"})), chain) == {}
    assert len(bound(control("G", destinations=frozenset({"U"})), chain)) == 1
    assert bound(control("G", at_border=False), chain) == {}


def test_a_rule_for_third_countries_leaves_what_is_not_of_the_country() -> None:
    # All the oxide in G's magnets is S's: a licence leaves the approved part of what G sells.
    abroad = {MAGNET: DY}
    scope = control("S", goods={}, abroad=abroad)
    assert bound(scope, five_nodes(), 0.25) == {(MAGNET, "G", "U", HEAVY_MAGNETS): 0.25}
    # A tenth of the Dy oxide has no row: 0.9 of the magnets fall under it, 1 - 0.9 x 0.75 is left,
    # although all the NdPr in them is S's: the rule is for Dy.
    chain = five_nodes()
    dy = chain.element_chains["Dy"]
    lacks = 0.1 * dy.taken[SEPARATION, "T"]
    less = replace(
        dy,
        flows={**dy.flows, (SEPARATION, "S", "T"): 9 * lacks},
        missing={(SEPARATION, "T"): lacks},
        taken={**dy.taken, (SEPARATION, "T"): 10 * lacks},
    )
    chain = replace(chain, element_chains={**chain.element_chains, "Dy": less})
    found = bound(scope, chain, 0.25)
    assert found == {(MAGNET, "G", "U", HEAVY_MAGNETS): pytest.approx(1 - 0.9 * 0.75)}
    assert bound(control("X", goods={}, abroad=abroad), chain, 0.25) == {}


def test_the_country_itself_is_bound_at_its_border_not_by_its_rule_for_others() -> None:
    chain = Draw(4).chain()
    scope = control("A", abroad={MAGNET: DY})
    own = {key: left for key, left in bound(scope, chain, 0.4).items() if key[1] == "A"}
    assert own
    assert set(own.values()) == {0.4}
    others = [left for key, left in bound(scope, chain, 0.4).items() if key[1] != "A"]
    assert others
    assert all(0.4 <= left < 1 for left in others)
    assert not any(buyer == "A" for _, _, buyer, _ in bound(scope, chain, 0.4))


EVENTS = [Event({("mine", "A"): 0.5}), Event(), Event(sales={("*", "A", "*", "*"): 0.0})]


class Beside:
    def __init__(self, folder: Path) -> None:
        self._answers = Kept(folder)

    def kept(self, question: str, work: Callable[[], bytes]) -> bytes:
        found = self._answers.read(question)
        if found is None:
            found = work()
            self._answers.keep(question, found)
        return found


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path / "answers")


def study_of(chain: Chain, *, trade: float = 1.0) -> Study:
    horizon = replace(BASE_YEAR, trade=trade)
    return Study(chain, horizon, ("NdPr",), Contingency(), "A")


def refuse(*_: object, **__: object) -> Mapping[tuple[str, str], float]:
    raise AssertionError("worked out again")


def test_what_is_read_is_what_was_worked_out(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = study_of(two_countries())
    first = kept.cached_losses(study, EVENTS, beside, full=True)  # type: ignore[arg-type]
    one, other = (loss_of(study, event, full=True) for event in (EVENTS[0], EVENTS[2]))
    assert first == [one, None, other]
    assert one != other
    monkeypatch.setattr(kept, "loss_of", refuse)
    again = kept.cached_losses(study_of(two_countries()), EVENTS, beside, full=True)  # type: ignore[arg-type]
    assert again == first


def test_what_the_base_year_serves_is_kept_too(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = two_countries()
    first = kept.cached_demand(chain, beside)  # type: ignore[arg-type]
    assert first == Study(chain, BASE_YEAR, ("NdPr",), Contingency()).demand
    monkeypatch.setattr(kept, "demand_of", refuse)
    assert kept.cached_demand(two_countries(), beside) == first  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("study", "full", "events"),
    [
        (study_of(replace(two_countries(), year=1)), False, EVENTS),
        (study_of(two_countries(), trade=1.5), False, EVENTS),
        (study_of(two_countries()), True, EVENTS),
        (study_of(two_countries()), False, EVENTS[::-1]),
        (study_of(two_countries()), False, [*EVENTS, Event({("metal", "A"): 0.5})]),
    ],
)
def test_another_question_is_another_answer(
    beside: Beside, study: Study, full: bool, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.cached_losses(study_of(two_countries()), EVENTS, beside)  # type: ignore[arg-type]
    monkeypatch.setattr(kept, "loss_of", refuse)
    with pytest.raises(AssertionError, match="worked out again"):
        kept.cached_losses(study, events, beside, full=full)  # type: ignore[arg-type]


@pytest.mark.parametrize("damage", [b"", b"[[0.9, 0.9, [], '', 0.9, null]]", b"x" * 200])
def test_a_file_that_is_not_what_was_written_is_not_believed(
    beside: Beside, tmp_path: Path, damage: bytes
) -> None:
    study = study_of(two_countries())
    first = kept.cached_losses(study, EVENTS, beside)  # type: ignore[arg-type]
    files = [*(tmp_path / "answers").iterdir()]
    assert files
    for file in files:
        file.write_bytes(damage)
    assert kept.cached_losses(study, EVENTS, beside) == first  # type: ignore[arg-type]


SHARED = [
    Event({("mine", "A"): 0.5}),
    Event({("mine", "A"): 0.0}),
    Event(sales={("*", "A", "*", "*"): 0.0}),
    Event({("mine", "A"): 0.5, ("magnet", "B"): 0.0}),
]


def study(market: str, *, trade: float = 1.0, year: int = 2024) -> Study:
    chain = replace(two_countries(), year=year)
    return Study(chain, replace(BASE_YEAR, trade=trade), ("NdPr",), Contingency(), market)


@pytest.mark.parametrize("trade", [1.0, 1.5])
def test_each_market_is_told_what_it_would_have_found_alone(trade: float) -> None:
    shared = study("A", trade=trade)
    for market in ("A", "B", "A"):
        alone, together = study(market, trade=trade), shared.asked(("NdPr",), market)
        for event in SHARED:
            assert loss_of(together, event, full=True) == loss_of(alone, event, full=True)


def test_a_store_remembers_what_is_solved_of_a_chain_and_of_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = view_in_memory().store
    first = [loss_of(shared_study(study("A"), store), event) for event in SHARED]
    again, another = study("A"), study("A", year=1)
    licence = Study(two_countries(), BASE_YEAR, ("NdPr",), Contingency("licence"), "A")
    monkeypatch.setattr(Programme, "values", refuse)
    assert [loss_of(shared_study(again, store), x) for x in SHARED] == first
    with pytest.raises(AssertionError, match="worked out again"):
        loss_of(shared_study(another, store), SHARED[0])
    assert shared_study(licence, store).contingency == Contingency("licence")
