"""Pools of a network (a country at a stage), trade between them, and gaps."""

from __future__ import annotations

from collections.abc import Sequence

from monazite.network.attributes import arc_of, node_of, nodes_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.shares import REST, OutputFigure
from monazite.parameters import MAGNET, METAL


def pools_at(network: Network, stage: str) -> list[str]:
    """Return the pools of a stage, that of the rest of the world included."""
    return [
        found.id for found in nodes_of(network) if found.kind == "country" and found.stage == stage
    ]


def pool_of(network: Network, stage: str, country: str) -> str | None:
    """Return the pool of a country at a stage."""
    for place in (country, REST):
        if f"{stage}/{place}" in network:
            return f"{stage}/{place}"
    return None


def world_tonnes(facts: Facts, stage: str) -> tuple[float, tuple[str, ...]] | None:
    """Return the world tonnage by which a stage's trade is divided.

    Compounds and feed are weighed against the world's mined REO, metal and magnets against
    their own world output: a country's tonnes over its share.
    """
    if stage not in (METAL, MAGNET):
        mined = facts.all_rare_earths.get("mine")
        if mined is None or mined.world_tonnes is None:
            return None
        return mined.world_tonnes, mined.total_rows or mined.rows
    split = facts.splits.get(stage)
    if split is None:
        return None
    figures = facts.own_figures + facts.magnet_figures
    leader = max(split.shares, key=lambda place: (split.shares[place].share, place))
    found = _tonnes_of(figures, stage, leader, split.year)
    if found is None:
        return None
    share = split.shares[leader]
    return (found.tonnes[0] or 0.0) / share.share, (found.row, *share.rows)


def _tonnes_of(
    figures: Sequence[OutputFigure], stage: str, country: str, year: int
) -> OutputFigure | None:
    found = [
        figure
        for figure in figures
        if (figure.stage, figure.place) == (stage, country)
        and figure.tonnes[0]
        and abs(figure.year - year) <= 2
    ]
    return min(found, key=lambda f: (f.rank, abs(f.year - year), f.tier, f.row), default=None)


def add_trade_arc(
    network: Network,
    source: str,
    target: str,
    tonnes: float,
    share: float,
    rows: tuple[str, ...],
    year: int,
) -> None:
    """Add a trade arc, or add to it where several countries share a pool.

    The share of an arc is at most that of its pool: no pool ships more than it makes.
    """
    most = node_of(network, source).pool_share
    if network.has_edge(source, target, key="trade"):
        arc = arc_of(network, source, target, "trade")
        network.edges[source, target, "trade"].update(
            quantity=(arc.quantity or 0.0) + tonnes,
            share=min(most, (arc.share or 0.0) + share),
            rows=tuple(sorted({*arc.rows, *rows})),
        )
        return
    network.add_edge(
        source,
        target,
        key="trade",
        kind="trade",
        quantity=tonnes,
        unit="t gross",
        share=min(most, share),
        year=year,
        rows=tuple(sorted(set(rows))),
        assumptions=("trade-code-split", "trade-element-mix", "stage-total"),
    )


def add_gap(network: Network, node: str, stage: str, text: str, where: str) -> None:
    """Add a node that says what is missing and where one would look."""
    network.add_node(
        node,
        kind="gap",
        stage=stage,
        label=f"Not known: {text}",
        text=f"Not known: {text}. Where one would look: {where}.",
        country=None,
        rows=(),
    )
