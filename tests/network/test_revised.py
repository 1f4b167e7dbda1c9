"""Facts with rows left out stand in for a view without them: the networks are the same."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from monazite.network.behind import rows_behind
from monazite.network.build import build_network
from monazite.network.facts import read_facts
from monazite.network.graph import Network
from monazite.network.revised import RecordedFacts, RevisedFacts, record, table_of
from monazite.view import View
from tests.conftest import view_in_memory

SEPARATION = "production/chn-separation-dysprosium-2025-news"
FLOW = "baci/mmr-chn-2846.90-2024"
MARKET = "trade_totals/chn-wld-8505.11-2024"


@cache
def recorded(element: str) -> RecordedFacts:
    view = view_in_memory()
    return record(read_facts(view.store, element, view.valid))


def without(element: str, *rows: str, **numbers: float) -> RevisedFacts:
    facts = recorded(element)
    return RevisedFacts(
        facts.store, facts.element, facts.date, facts, frozenset(rows), dict(numbers)
    )


def drawn(network: Network) -> tuple[object, ...]:
    """All of a network that shares, capacities and sites are."""
    nodes = {node: dict(found) for node, found in network.nodes(data=True)}
    arcs = sorted(
        (a, b, sorted((k, str(v)) for k, v in arc.items()))
        for a, b, arc in network.edges(data=True)
    )
    return nodes, arcs, network.graph["splits"], network.graph["coverage"]


def of_view(view: View, element: str, market: str) -> Network:
    return build_network(read_facts(view.store, element, view.valid), market)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("MREE", "WLD")])
def test_revised_facts_are_a_view_without_the_rows(element: str, market: str) -> None:
    capacity = sorted(row for row in behind(element, market) if table_of(row) == "capacity")[0]
    operation = sorted(row for row in behind(element, market) if table_of(row) == "operations")[0]
    rows = (SEPARATION, FLOW, MARKET, capacity, operation)
    real = of_view(view_in_memory(without=rows), element, market)
    assert drawn(build_network(without(element, *rows), market)) == drawn(real)


def behind(element: str, market: str) -> frozenset[str]:
    facts = recorded(element)
    return rows_behind(facts, build_network(facts, market))


def test_a_year_of_trade_goes_with_its_last_row() -> None:
    facts = recorded("Dy")
    entries = {
        tuple(answer[name] for name in ("code", "year", "importer", "reconciled"))
        for answer in facts.ask("network-trade-years")
    }
    assert entries == set(facts.rows_of_years)
    codes = set(facts.routes)
    year = facts.trade_year(codes, importer="USA")
    rows = facts.rows_of_trade_year(codes, "USA")
    assert year is not None
    assert without("Dy", *sorted(rows)[1:]).trade_year(codes, "USA") == year
    earlier = without("Dy", *rows).trade_year(codes, "USA")
    assert earlier is None or earlier < year


def test_a_number_is_moved_and_nothing_else() -> None:
    revised = without("Dy", **{SEPARATION: 60.0, "assumptions/method-trade-code-split": 5.0})
    assert revised.splits["separation"].shares["CHN"].share == pytest.approx(0.6)
    assert revised.assumed("trade-code-split") == 5.0
    base = recorded("Dy")
    assert revised.splits["mine"] == base.splits["mine"]
    moved = [f for f in revised.own_figures if f.row == SEPARATION]
    kept = [f for f in base.own_figures if f.row == SEPARATION]
    assert [replace(f, percent=kept[0].percent) for f in moved] == kept


def test_rows_outside_of_those_it_rests_on_change_nothing_together() -> None:
    network = build_network(recorded("Dy"), "USA", links=False)
    inside = behind("Dy", "USA")
    read = {figure.row for figure in recorded("Dy").own_figures}
    read |= {flow.row for _, flow in recorded("Dy").flows_read()}
    outside = sorted(read - inside)
    assert len(outside) > 100
    revised = build_network(without("Dy", *outside), "USA", links=False)
    for node, found in network.nodes(data=True):
        if found["kind"] == "country":
            assert revised.nodes[node]["share"] == found["share"]
    for a, b, arc in network.edges(data=True):
        if arc["kind"] == "trade":
            assert revised.edges[a, b, "trade"]["share"] == pytest.approx(arc["share"])


def test_tiers_are_those_that_a_view_lets_in() -> None:
    view = view_in_memory(tier=2)
    facts = record(read_facts(view.store, "Dy", view.valid))
    kept = {figure.row for figure in facts.own_figures}
    all_rows = {figure.row for figure in recorded("Dy").own_figures}
    tiers = recorded("Dy").tiers
    assert {row for row in all_rows if tiers[row] <= 2} == kept
