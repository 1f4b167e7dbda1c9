"""The most that reaches a market, by one maximum flow: the referee of cuts and capacities."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.analysis.cuts.routes import SINK, SOURCE, UNCAPPED, FlowSolver, demand_of, flow_graph
from monazite.model.network.attributes import Network


def max_flow(network: Network, shares: Mapping[str, float] | None = None) -> int:
    """The most that can reach the market, in millionths of the world's supply."""
    solver = FlowSolver(flow_graph(network, shares=shares), SOURCE, SINK)
    return solver.minimum_cut(demand_of(solver, UNCAPPED)).value
