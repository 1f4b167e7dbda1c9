"""Which routes there are: those of the reconciled year, or those of the network."""

from __future__ import annotations

from monazite.findings.routes.route_net import route_net, unnamed_pools
from monazite.findings.standing.makers import read_known_year
from tests.conftest import view_in_memory
from tests.findings.chains import chain


def test_without_a_year_the_routes_are_those_of_the_network() -> None:
    network = chain({"mine": {"A": 0.7, "B": 0.3}, "magnet": {"A": 1.0}})
    net = route_net(network)
    assert [each.id for each in net.things] == ["magnet/A", "mine/A", "mine/B"]
    assert (net.left_out, net.unnamed, net.remainders) == ([], unnamed_pools(network), "")
    assert [*net.capacities] == ["magnet/A", "mine/A", "mine/B"]
    assert net.capacities["mine/A"] == 700_000


def test_with_a_year_the_routes_are_its_flows_without_remainders() -> None:
    view = view_in_memory()
    model, _ = read_known_year(view.facts("Dy"), "USA", "United States")
    net = route_net(view.network("Dy", "USA"), model)
    assert {"mine/MMR", "mine/LAO", "separation/CHN", "magnet/JPN"} <= {x.id for x in net.things}
    assert "mine/RUS" in {each.id for each in net.left_out}
    assert not {each.id for each in net.things} & {each.id for each in net.left_out}
    assert "the smallest suppliers of the United States, together under 2 %" in net.remainders
    assert "mine/scrap" in net.unnamed
