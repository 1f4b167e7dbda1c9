"""Facts with rows left out stand in for a view without them: the answers are the same."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.network.build import build_network
from monazite.network.facts import Facts, read_facts
from monazite.network.facts_without import RevisedFacts, record, table_of, tiers_of
from monazite.network.market import find_mix
from tests.conftest import view_in_memory

SEPARATION = "production/chn-separation-dysprosium-2025-news"
FLOW = "baci/mmr-chn-2846.90-2024"
MARKET = "trade_totals/chn-wld-8505.11-2024"


@cache
def recorded() -> RevisedFacts:
    view = view_in_memory()
    return record(read_facts(view.store, "Dy", view.valid))


def drawn(facts: Facts) -> tuple[object, ...]:
    """All of a network that shares, capacities and sites are."""
    network = build_network(facts, "USA")
    arcs = sorted(
        (a, b, sorted((k, str(v)) for k, v in arc.items()))
        for a, b, arc in network.edges(data=True)
    )
    nodes = {node: dict(found) for node, found in network.nodes(data=True)}
    return nodes, arcs, network.graph["splits"], network.graph["coverage"]


def test_revised_facts_are_a_view_without_the_rows() -> None:
    rows = (SEPARATION, FLOW, MARKET)
    view = view_in_memory(without=rows)
    real = read_facts(view.store, "Dy", view.valid)
    revised = recorded().less(rows)
    assert drawn(revised) == drawn(real)
    for symbol in ("Nd", "treo"):
        other = read_facts(view.store, symbol, view.valid)
        assert revised.about(symbol).own_figures == other.own_figures
    assert find_mix(revised, "USA") == find_mix(real, "USA")


def test_what_is_left_out_adds_up_and_leaves_the_facts_as_they_are() -> None:
    twice = recorded().less([SEPARATION]).less([FLOW])
    assert twice.without == {SEPARATION, FLOW}
    whole = {figure.row for figure in recorded().own_figures}
    assert whole - {figure.row for figure in twice.own_figures} == {SEPARATION}
    left = {flow.row for flow in twice.flows(2024)}
    assert {flow.row for flow in recorded().flows(2024)} - left == {FLOW}


def test_what_was_worked_out_of_all_rows_is_not_that_of_those_left() -> None:
    whole, less = recorded(), recorded().less([SEPARATION])
    assert whole.derive("rows left", lambda: 2) == whole.derive("rows left", lambda: 0) == 2
    assert less.derive("rows left", lambda: 1) == less.derive("rows left", lambda: 0) == 1


def test_nothing_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = recorded()
    before = (facts.ask("network-factors"), facts.about("Nd").own_figures)
    monkeypatch.setattr(type(facts.store), "select", lambda *_: pytest.fail("asked again"))
    less = facts.less([SEPARATION])
    assert (less.ask("network-factors"), less.about("Nd").own_figures) == before


def test_tiers_are_those_that_a_view_lets_in() -> None:
    view = view_in_memory(tier=2)
    kept = {figure.row for figure in read_facts(view.store, "Dy", view.valid).own_figures}
    tiers = tiers_of(recorded())
    rows = {figure.row for figure in recorded().own_figures}
    assert {row for row in rows if tiers[row] <= 2} == kept
    assert {table_of(row) for row in rows} == {"production", "production_totals"}
