"""Policies as events: which flows a control binds, and how much of each it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from monazite.findings.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Chain
from monazite.findings.events.event import Event
from monazite.findings.flow_model.programme import STEPS, Programme
from monazite.findings.losses.policy_events import event_of_policy, policy_candidate
from monazite.findings.policies.export_controls import Scope
from monazite.findings.policies.status import PolicyStatus
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from tests.findings.sample import Draw, five_nodes

MEMBERS = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}
STEP = (1 + 1e-6) / STEPS
DY = frozenset({"Dy"})


def control(country: str, **given: object) -> Scope:
    """A licence on all that holds Dy."""
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


def test_a_member_of_a_strand_binds_the_strand() -> None:
    praseodymium = dict.fromkeys((SEPARATION, METAL), frozenset({"Pr"}))
    assert bound(control("S", goods=praseodymium), five_nodes()) == {
        (SEPARATION, "S", "T", "NdPr"): 0.0
    }


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


def test_a_policy_that_does_not_stand_says_so_in_its_name() -> None:
    assert policy_candidate(control("A")).label == "A control"
    suspended = PolicyStatus("not in force", "suspended", "suspended since 2025")
    waits = policy_candidate(control("A", status=suspended, remarks=("One thing.", "Two.")))
    assert (waits.label, waits.note) == ("A control (suspended)", "One thing. Two.")
    assert (waits.id, waits.hits) == ("policy/a-control", {})
    assert waits.rows == ("row/policy_scope/a-control",)
