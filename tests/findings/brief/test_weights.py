"""How much an act touches, and a step of it that is about a clause on other goods."""

from __future__ import annotations

import pytest

from monazite.findings.brief.weights import BOTH, OF_ELEMENT, OTHER, weights_of
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.selection import select
from monazite.view import View

CLAUSE = "policy_events/mofcom-2024-46-suspended-2025-11-09"


@pytest.mark.parametrize(("market", "weight"), [("USA", BOTH), ("JPN", OF_ELEMENT)])
def test_a_clause_on_other_goods_weighs_less_than_its_act(
    view: View, market: str, weight: int
) -> None:
    """Clause 1 of Announcement 46 binds dual-use items, clause 2 gallium, germanium, antimony."""
    acts = read_acts(view.store)
    chosen = select(view.store, "Dy", market)
    found = weights_of(chosen, acts, ["mofcom-2024-46", "mofcom-2025-72", "mofcom-gac-2025-18"])
    assert found[acts.acts["mofcom-2024-46"].title] == weight
    assert found[CLAUSE] == OTHER
    assert found[acts.acts["mofcom-2025-72"].title] == OTHER  # it suspends clause 2 alone
    assert found[acts.acts["mofcom-gac-2025-18"].title] == BOTH


def test_only_steps_that_touch_less_have_a_weight_of_their_own(view: View) -> None:
    chosen = select(view.store, "Dy", "USA")
    found = weights_of(chosen, read_acts(view.store), sorted(chosen.touched))
    assert [name for name in found if name.startswith("policy_events/")] == [CLAUSE]
