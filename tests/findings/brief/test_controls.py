"""The acts that a brief lists are those of ``policies`` that stand, are suspended or in doubt."""

from __future__ import annotations

import pytest

from monazite.findings.brief.controls import COLUMNS, ListedAct, cells_of, read_controls
from monazite.findings.policies.selection import select
from monazite.network.facts import read_facts
from monazite.view import View


def acts_of(view: View, element: str, market: str) -> dict[str, ListedAct]:
    facts = read_facts(view.store, element, view.valid)
    chosen = select(view.store, facts.element.id, market)
    found = read_controls(facts, view.schema.tables, chosen, frozenset())
    return {act.line.policy: act for act in found}


def cells(act: ListedAct) -> dict[str, str]:
    told = cells_of(act, frozenset({"Dy"}), {}, {}, measured=True)
    return dict(zip(COLUMNS, told, strict=True))


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN"])
@pytest.mark.parametrize("element", ["Dy", "Y"])
def test_what_policies_lists_is_in_the_brief(view: View, element: str, market: str) -> None:
    listed = {
        line.policy
        for line in view.policies(element, to=market)
        if line.status.value != "not in force" or line.status.state == "suspended"
    }
    assert len(listed) > 5
    assert listed <= acts_of(view, element, market).keys()


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN"])
def test_a_control_of_technology_is_listed_and_its_loss_is_not_measured(
    view: View, market: str
) -> None:
    told = cells(acts_of(view, "Dy", market)["mofcom-2025-62"])
    assert (told["Applies to"], told["Loss if licensed"]) == ("technology", "not measured")
    assert told["On the day"].startswith(
        "may be in force or suspended: its suspension ended on 10 Nov 2026 by its own text"
    )


def test_what_is_aimed_at_others_is_left_out_where_it_binds_no_flow(view: View) -> None:
    assert "china-japan-informal-2026" in acts_of(view, "Dy", "JPN")
    assert "china-japan-informal-2026" not in acts_of(view, "Dy", "USA")
    facts = read_facts(view.store, "Dy", view.valid)
    chosen, bound = select(view.store, "Dy", "USA"), frozenset({"china-japan-informal-2026"})
    found = read_controls(facts, view.schema.tables, chosen, bound)
    assert "china-japan-informal-2026" in {act.line.policy for act in found}


def test_the_world_has_the_controls_of_all_borders(view: View) -> None:
    found = acts_of(view, "Dy", "WLD")
    assert {"mofcom-gac-2025-18", "mofcom-2025-62", "china-japan-informal-2026"} <= found.keys()
    assert "us-301-magnets-2026" not in found
