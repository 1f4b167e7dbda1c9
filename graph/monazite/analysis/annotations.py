"""Annotations of a network for its picture: states of plants, export controls, names, past shares.

They are of one day, and each carries its rows; no share and no loss rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.policies.acts import IN_FORCE, read_acts
from monazite.analysis.policies.export_controls import Scope, read_scopes, remarks_on_state
from monazite.analysis.policies.policies import ELEMENT, PolicySelection
from monazite.analysis.policies.status import read_statuses
from monazite.model.facilities.status import FacilityStatuses, read_lives
from monazite.model.network.attributes import (
    Network,
    NetworkArc,
    NetworkNode,
    about,
    arcs_of,
    node_of,
    nodes_of,
)
from monazite.model.network.shares import WORLD
from monazite.model.reconciliation.ledger import balanced_stage
from monazite.store.queries import ask
from monazite.store.store import Store

BOUND_KINDS = {"trade", "observed", "captive"}
"""Arcs that are known to carry goods, and so can be bound."""


def annotate(
    network: Network,
    store: Store,
    date: str,
    *,
    members: Iterable[str],
    series: Sequence[ConcentrationYear] = (),
) -> Network:
    """Return a copy of a network with annotations for its picture."""
    shown: Network = network.copy()
    symbols = frozenset(members)
    add_states(shown, read_lives(store), date)
    add_policies(shown, read_scopes(store, date), symbols)
    add_acts(shown, PolicySelection(store, symbols, about(network).market), date)
    add_chinese_names(shown, read_chinese_names(store))
    add_series(shown, series)
    return shown


def _add_rows(network: Network, rows: Iterable[str]) -> None:
    network.graph["more_rows"] = tuple(sorted({*about(network).more_rows, *rows}))


def add_states(network: Network, lives: FacilityStatuses, day: str) -> None:
    """Set the state of each plant at its stage."""
    for node in sorted(network):
        site = node_of(network, node)
        plant = site.facility if site.kind == "site" else None
        for state in lives.on(plant, day).stages if plant else ():
            if state.stage == site.stage:
                network.nodes[node].update(
                    status=state.state, status_sure=state.certainty, status_rows=state.rows
                )
                _add_rows(network, state.rows)


def add_policies(network: Network, scopes: Sequence[Scope], members: Iterable[str]) -> None:
    """Set on each arc the ids of the controls that bind it, or would if they were in force."""
    symbols = sorted(members)
    used: dict[str, Scope] = {}
    for arc in arcs_of(network):
        ends = node_of(network, arc.source), node_of(network, arc.target)
        bound = [scope for scope in scopes if _binds(scope, arc, *ends, symbols)]
        policies = tuple(scope.policy for scope in bound)
        network.edges[arc.source, arc.target, arc.key]["policies"] = policies
        used |= {scope.policy: scope for scope in bound}
    told = ("title", "country", "kind", "state", "in_force", "rows", "remarks")
    network.graph["policies"] = {
        policy: {name: getattr(scope, name) for name in told}
        for policy, scope in sorted(used.items())
    }
    _add_rows(network, (row for scope in used.values() for row in scope.rows))


def add_acts(network: Network, selection: PolicySelection, day: str) -> None:
    """Set on the market the acts that touch the element, are aimed at it and stand on the day."""
    acts, statuses = read_acts(selection.store).acts, read_statuses(selection.store, day)
    listed = selection.touching(ELEMENT) & selection.aimed
    standing = tuple(sorted(name for name in listed if statuses[name].stands))
    for node in nodes_of(network):
        if node.kind == "market":
            network.nodes[node.id]["policies"] = standing
    known = about(network).policies
    added: dict[str, dict[str, Any]] = {
        name: {
            "title": acts[name].title,
            "country": acts[name].country,
            "kind": acts[name].kind,
            "state": statuses[name].short,
            "in_force": statuses[name].value == IN_FORCE,
            "rows": (*statuses[name].rows, *selection.rows(name, ELEMENT)),
            "remarks": tuple(remarks_on_state(statuses[name])),
        }
        for name in standing
        if name not in known
    }
    network.graph["policies"] = dict(sorted({**known, **added}.items()))
    _add_rows(network, (row for act in added.values() for row in act["rows"]))


def _binds(
    scope: Scope, arc: NetworkArc, source: NetworkNode, target: NetworkNode, symbols: Sequence[str]
) -> bool:
    seller, buyer = source.country, target.country
    if arc.kind not in BOUND_KINDS or not seller or not buyer or buyer == WORLD:
        return False
    stage = balanced_stage(source.stage)
    return any(scope.binds(stage, symbol, seller, buyer) for symbol in symbols)


def read_chinese_names(store: Store) -> dict[str, str]:
    """Read the first Chinese name of each country, firm and plant."""
    found: dict[str, str] = {}
    for answer in ask(store, "network-chinese-names"):
        key, name = answer["entity"].removeprefix("id/"), answer["name"]
        found[key] = min(found.get(key, name), name)
    return found


def add_chinese_names(network: Network, names: Mapping[str, str]) -> None:
    """Set the Chinese names of countries, markets, firms and plants that have none yet."""
    for node in nodes_of(network):
        keys = (
            ("facility", node.facility),
            ("organisation", node.firm),
            ("country", node.country if node.kind in {"country", "market"} else None),
        )
        for kind, id_ in keys:
            if id_ and not node.label_zh:
                network.nodes[node.id]["label_zh"] = names.get(f"{kind}/{id_}")


def add_series(network: Network, lines: Iterable[ConcentrationYear]) -> None:
    """Set the shares of earlier years, of the materials nearest to the element."""
    best: dict[tuple[str, int], ConcentrationYear] = {}
    for line in lines:
        known = best.get((line.stage, line.year))
        if line.shares and (known is None or line.rank < known.rank):
            best[line.stage, line.year] = line
    kept = tuple(line for _, line in sorted(best.items()))
    network.graph["series"] = kept
    _add_rows(network, (row for line in kept for row in line.rows))
