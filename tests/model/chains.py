"""Small networks by hand: countries at stages with shares, trade between them, one market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from monazite.model.network.attributes import Network
from monazite.model.network.shares import Share, Split
from monazite.store.queries import QueryRecord

Shares = Mapping[str, Mapping[str, float]]
Trade = Mapping[tuple[str, str], float]

ASSUMPTION = {
    "property": "stage-total",
    "subject": "world total of a stage",
    "value": "1",
    "low": "0.9",
    "high": "1.1",
    "unit": "times",
    "reason": "by hand",
    "row": "row/assumptions/method-stage-total",
}


def chain(
    shares: Shares, trade: Trade | None = None, mix: Mapping[str, float] | None = None
) -> Network:
    """Build a network."""
    market = "WLD" if mix is None else "MKT"
    network = Network(
        element="Xx",
        market=market,
        market_label="The market",
        stages=[(stage, stage.capitalize()) for stage in shares],
        splits={stage: _split(stage, countries) for stage, countries in shares.items()},
        coverage={},
        assumptions={"stage-total": QueryRecord(ASSUMPTION)},
    )
    for stage, countries in shares.items():
        for country, share in countries.items():
            _add_pool(network, stage, country, share)
    for before, after in pairwise(shares):
        for country in sorted(set(shares[before]) & set(shares[after])):
            _join(network, f"{before}/{country}", f"{after}/{country}", "domestic")
    for (source, target), share in (trade or {}).items():
        _join(network, source, target, "trade", share=share)
    _add_market(network, f"market/{market}", shares, mix)
    return network


def _split(stage: str, countries: Mapping[str, float]) -> Split:
    return Split(
        stage=stage,
        year=2024,
        basis="reo",
        rank=1,
        denominator="line sum",
        world_tonnes=100.0,
        shares={
            country: Share(share, share, share, None, (f"production/{stage}-{country}",))
            for country, share in countries.items()
        },
        rest=0.0,
    )


def _add_pool(network: Network, stage: str, country: str, share: float) -> None:
    network.add_node(
        f"{stage}/{country}",
        kind="country",
        stage=stage,
        country=country,
        label=country,
        country_label=country,
        share=share,
        basis="reo",
        year=2024,
        rows=(f"production/{stage}-{country}",),
    )


def _join(network: Network, source: str, target: str, kind: str, **more: float) -> None:
    network.add_edge(source, target, key=kind, kind=kind, rows=(f"baci/{source}",), **more)


def _add_market(
    network: Network, node: str, shares: Shares, mix: Mapping[str, float] | None
) -> None:
    network.add_node(node, kind="market", stage="use", country=node, label=node, rows=())
    last = list(shares)[-1]
    if mix is None:
        for country in shares[last]:
            _join(network, f"{last}/{country}", node, "domestic")
        return
    for country, share in mix.items():
        _join(network, f"{last}/{country}", node, "trade", share=share)


def add_site(
    network: Network, pool: str, facility: str, part: float, firms: Sequence[str] = ()
) -> None:
    """Add a site that makes a part of its country's output at a stage."""
    found = network.nodes[pool]
    network.add_node(
        f"{found['stage']}/{facility}",
        kind="site",
        stage=found["stage"],
        country=found["country"],
        label=facility.capitalize(),
        operators=tuple((firm, firm.capitalize()) for firm in firms),
        of_country=part,
        basis="reo",
        year=2024,
        rows=(f"capacity/{facility}",),
        country_rows=found["rows"],
    )
