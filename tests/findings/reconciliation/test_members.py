"""Which reconciliation an element belongs to, and that all of them say the same of ore."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError
from monazite.findings.reconciliation.members import reconcile_members
from monazite.network.facts import read_facts
from monazite.quantities.chemistry import read_chemistry
from monazite.view import load
from tests.conftest import view_in_memory

DAY = "2026-11-24"


def test_all_elements_say_the_same_of_what_ore_was_sold() -> None:
    facts = read_facts(view_in_memory().store, "TREO", DAY)
    years = reconcile_members(facts, read_chemistry(facts), 2024)
    assert years["Nd"] is years["Dy"] is years["Tb"]
    ore = years["Nd"].ore
    assert ore["AUS", "mt-weld", "MYS"] > 20_000
    for element in ("La", "Ce", "Y", "Sm"):
        own = years[element].ore
        assert own == pytest.approx({key: ore.get(key, 0.0) for key in own}, abs=1e-6)


@pytest.mark.whole
def test_a_view_without_assumptions_reconciles_nothing() -> None:
    view = load(without="assumptions")
    facts = read_facts(view.store, "Dy", DAY)
    with pytest.raises(NotKnownError, match="assumptions that the data used leave out"):
        reconcile_members(facts, read_chemistry(facts), 2024)
    assert view.balance("Dy", year=2024).reconciliation is None
