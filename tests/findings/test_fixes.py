"""The cheapest fix: by hand, by laws, and by another solver at every corner."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given

from monazite.errors import UnknownNameError
from monazite.findings.fixes import Fix, find_fix
from monazite.findings.flow import UNIT, serve
from monazite.network.graph import Network
from tests.conftest import view_in_memory
from tests.findings.chains import add_site, chain
from tests.findings.test_structure import LAWS, MAGNET, MINE, SEPARATION, networks
from tests.golden.lines import line_of


def curve(fix: Fix) -> list[tuple[float, float, int]]:
    return [(round(p.added, 6), round(p.reaches, 6), p.price) for p in fix.points]


def test_by_hand_one_stage_then_two() -> None:
    # B mines 0.4 and separates 0.1; A is out. The first 0.3 take only plants (price 1), the next
    # 0.6 mines as well (price 2). All magnets are B's: 0.3 + 2 x 0.6 bring everything back.
    shares = {MINE: {"A": 0.6, "B": 0.4}, SEPARATION: {"A": 0.9, "B": 0.1}, MAGNET: {"B": 1.0}}
    network = chain(shares, {("separation/A", "magnet/B"): 0.9, ("mine/B", "separation/A"): 0.3})
    fix = find_fix(network, "separation/A")
    assert curve(fix) == [(0.0, 0.1, 0), (0.3, 0.4, 1), (1.5, 1.0, 2)]
    assert [(a.pool, round(a.share, 6)) for a in fix.points[1].additions] == [("separation/B", 0.3)]
    assert [a.pool for a in fix.points[2].additions] == ["separation/B", "mine/B"]
    assert fix.points[2].shared == pytest.approx(1.0)
    assert fix.points[1].additions[0].tonnes is None


def test_where_borders_bind_no_capacity_helps() -> None:
    shares = {MINE: {"A": 0.5, "B": 0.5}, MAGNET: {"A": 0.8, "B": 0.2}}
    network = chain(shares, {("mine/B", "magnet/A"): 0.3}, {"A": 0.6, "B": 0.1})
    fix = find_fix(network, "magnet/A")
    (point,) = fix.points
    assert (point.added, point.price) == (0, 0)
    assert point.reaches == pytest.approx(1 / 7, abs=1e-5)
    assert any("capped at the base year's trade" in note for note in fix.notes)


def test_what_takes_nothing_needs_no_fix() -> None:
    shares = {MINE: {"A": 0.5, "B": 0.5}, MAGNET: {"B": 0.5}}
    fix = find_fix(chain(shares), "mine/A")
    assert curve(fix) == [(0.0, 1.0, 0)]
    assert any("takes nothing" in note for note in fix.notes)


def test_a_site_may_be_built_again_in_its_country() -> None:
    network = chain({MINE: {"A": 1.0}, MAGNET: {"A": 1.0}})
    network.nodes["mine/A"].update(coverage=0.9, quantity=50.0)
    add_site(network, "mine/A", "pit", 0.6)
    fix = find_fix(network, "mine/pit")
    assert curve(fix) == [(0.0, 0.4, 0), (0.6, 1.0, 1)]
    assert fix.points[1].additions[0].tonnes == pytest.approx(30.0)


def test_a_market_that_nothing_reaches_is_not_known() -> None:
    fix = find_fix(chain({MAGNET: {"A": 1.0}}, None, {}), "magnet/A")
    assert fix.points == ()
    assert "not known" in fix.notes[0]


@pytest.mark.parametrize("name", ["separation/CHM", "x"])
def test_an_unknown_chokepoint_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="There is no chokepoint"):
        find_fix(chain({MINE: {"A": 1.0}}), name)


def by_networkx(network: Network, out: str, reach: int) -> int:
    """The least capacity to add for a given flow, by the network simplex of networkx."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("ground", demand=-reach)
    graph.add_node("market/WLD<", demand=reach)
    for node, found in network.nodes(data=True):
        if found["kind"] == "country" and node != out:
            cap = round(found["share"] * UNIT)
            graph.add_edge(f"{node}<", f"{node}>", capacity=cap, weight=0)
            graph.add_edge(f"{node}<", f"{node}+", weight=1)
            graph.add_edge(f"{node}+", f"{node}>", weight=0)
            if found["stage"] == MINE:
                graph.add_edge("ground", f"{node}<", weight=0)
    for source, target, arc in network.edges(data=True):
        if source != out and target != out:
            cap = {"capacity": round(arc["share"] * UNIT)} if "share" in arc else {}
            graph.add_edge(f"{source}>", f"{target}<", weight=0, **cap)
    return int(nx.min_cost_flow_cost(graph))


@LAWS
@given(networks())
def test_every_corner_is_the_least_of_another_solver_and_the_curve_is_convex(
    network: Network,
) -> None:
    base = serve(network).first
    out = sorted(node for node in network if node.startswith("separation"))[0]
    fix = find_fix(network, out)
    if not base:
        assert fix.points == ()
        return
    for point in fix.points:
        assert by_networkx(network, out, round(point.reaches * base)) == round(point.added * UNIT)
        assert sum(a.share for a in point.additions) == pytest.approx(point.added)
        assert out not in {a.pool for a in point.additions}
        assert point.shared == pytest.approx(point.reaches, abs=1e-5), "the world has no rivals"
    for one, other in pairwise(fix.points):
        assert other.price > one.price
        assert other.reaches > one.reaches
        rise = (other.added - one.added) / ((other.reaches - one.reaches) * base / UNIT)
        assert rise == pytest.approx(other.price)


def test_the_shipped_network_starts_where_the_loss_of_the_chokepoint_ends() -> None:
    network = view_in_memory().network("MREE", "WLD")
    fix = find_fix(network, "separation/CHN")
    base, after = serve(network).fair, serve(network, shares={"separation/CHN": 0.0}).fair
    assert fix.points[0].reaches == pytest.approx(after / base)
    assert fix.points[-1].reaches == pytest.approx(1.0)
    assert fix.rows
    assert all(line_of(row) for row in fix.rows)
