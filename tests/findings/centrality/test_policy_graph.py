"""Acts as a graph of states: against the list of policies, which is another way to the same."""

from __future__ import annotations

import pytest

from monazite.findings.centrality.policy_graph import EVERYWHERE, policy_graph
from monazite.findings.policies.selection import ALL_PLACES
from monazite.view import load
from tests.conftest import view_in_memory


def edge(element: str, issuer: str, to: str, day: str = "") -> dict[str, object]:
    view = load(valid=day) if day else view_in_memory()
    return dict(policy_graph(view.facts(element)).graph.edges[issuer, to])


def test_an_act_counts_from_who_issued_it_to_whom_it_is_aimed_at() -> None:
    """By hand from policy_scope.csv: the Japanese case of January 2026 is aimed at Japan."""
    found = edge("Dy", "CHN", "JPN")
    assert "mofcom-2026-1" in found["acts"]  # type: ignore[operator]


def test_an_act_that_may_be_in_force_counts_perhaps() -> None:
    """Announcement 61 of 2025, to all destinations, may be in force on the release day."""
    found = edge("Dy", "CHN", ALL_PLACES)
    assert "mofcom-2025-61" in found["acts"]  # type: ignore[operator]
    assert found["perhaps"]


@pytest.mark.parametrize("element", ["Dy", "NdPr"])
def test_what_is_in_force_is_what_the_list_of_policies_says(element: str) -> None:
    view = view_in_memory()
    values = {line.policy: line.status.value for line in view.policies(element)}
    found = policy_graph(view.facts(element))
    acts = {act for *_, cells in found.graph.edges(data=True) for act in cells["acts"]}
    aside = {act.id for act in (*found.no_restriction, *found.endings)}
    assert not acts & aside
    assert acts | set(found.nobody) | aside == {
        x for x, value in values.items() if value != "not in force"
    }
    for *_, cells in found.graph.edges(data=True):
        in_force = [act for act in cells["acts"] if values[act] == "in force"]
        assert cells["in_force"] == len(in_force)
        assert cells["perhaps"] == len(cells["acts"]) - len(in_force)


def test_benefits_and_the_end_of_a_duty_bind_nobody() -> None:
    """By hand: Japan holds shares of Lynas, China ended its export duties in 2015."""
    found = policy_graph(view_in_memory().facts("Dy"))
    benefits = {act.id: act.kind for act in found.no_restriction}
    assert benefits["japan-jare-lynas-2023"] == "equity"
    assert benefits["japan-jare-lynas-2026"] == "price-floor"
    assert [act.id for act in found.endings] == ["china-export-tax-end-2015"]
    assert not found.graph.has_edge("JPN", "AUS")
    bound = {act for *_, cells in found.graph.edges(data=True) for act in cells["acts"]}
    assert {"mofcom-gac-2025-18", "us-301-magnets-2026", "mofcom-2026-20"} <= bound


def test_nobody_binds_itself_and_all_destinations_are_one_node() -> None:
    graph = policy_graph(view_in_memory().facts("Dy")).graph
    assert not [pair for pair in graph.edges if pair[0] == pair[1]]
    assert graph.nodes[ALL_PLACES]["label"] == EVERYWHERE
    assert graph.nodes[ALL_PLACES]["role"] == "is bound"
    assert not graph.out_degree(ALL_PLACES)
