"""Which rows a network rests on: those without which, or with another number, it may differ.

Every choice of the network takes the first by an order (the series, the row of a place, the newest
year, the figure of a site), or all of a group (the rows of a series, the flows of a year). Leaving
out rows that a choice did not take, any number of them, leaves the choice as it is: the order
looks at one candidate at a time, a group that does not split a stage does not do so with fewer
rows, and whether flows of a year exist rests on a row only where hardly another one stands beside
it. So what is returned here is enough: rows outside of it change the network only together with
a row inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monazite.network.facts import ALL_RARE_EARTHS, Facts
from monazite.network.graph import Network
from monazite.network.shares import Figure, Split

FEW = 3
"""Where so many rows or fewer give a code its flows, that there are any rests on each of them."""


def rows_behind(facts: Facts, network: Network) -> frozenset[str]:
    """Return the rows that the pools, the capacities and the sites of a network rest on.

    Args:
        facts: what the network was built from.
        network: as :func:`monazite.network.build.build_network` makes it.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> "assumptions/method-trade-element-mix" in rows_behind(facts, build_network(facts))
    True
    """
    found = set(_of_series(facts.own_figures, facts.splits))
    found.update(_of_series(facts.figures(ALL_RARE_EARTHS), facts.all_rare_earths))
    for *_, arc in network.edges(data=True):
        if arc["kind"] == "trade":
            found.update(arc["rows"])
    found.update(_of_sites(facts, network), _of_scarce_flows(facts, network))
    found.update(answer["row"].removeprefix("row/") for answer in facts.assumptions.values())
    return frozenset(found)


def _of_series(figures: Iterable[Figure], splits: Mapping[str, Split]) -> Iterator[str]:
    """The rows of the series that split the stages, those too that no place takes: they rank it."""
    figures = list(figures)
    chosen = {row for split in splits.values() for row in split.rows}
    series = {_series(figure) for figure in figures if figure.row in chosen}
    for figure in figures:
        split = splits.get(figure.stage)
        if split is None or (figure.rank, figure.year) != (split.rank, split.year):
            continue
        if _series(figure) in series or figure.own_rule:
            yield figure.row


def _series(figure: Figure) -> tuple[object, ...]:
    return (figure.stage, figure.rank, figure.year, figure.series, figure.basis, figure.is_share)


def _of_sites(facts: Facts, network: Network) -> Iterator[str]:
    """The rows of the sites whose part of their country is known, and of what keeps others out."""
    counted = False
    for _, found in network.nodes(data=True):
        if found["kind"] == "site" and found.get("of_country") is not None:
            counted = True
            yield from found["rows"]
    for answer in facts.ask("network-events"):
        if answer["earliest"] > facts.date:
            yield answer["row"].removeprefix("row/")
    if counted:
        for answer in facts.ask("network-factors"):
            if answer["element"] in facts.members:
                yield answer["row"].removeprefix("row/")


def _of_scarce_flows(facts: Facts, network: Network) -> Iterator[str]:
    """The reconciled flows of codes that have few: while there are any, no others count."""
    year = network.graph.get("trade_year")
    by_code: dict[str, list[str]] = {}
    for flow in facts.flows(year) if year is not None else ():
        if flow.reconciled:
            by_code.setdefault(flow.code, []).append(flow.row)
    for rows in by_code.values():
        if len(rows) <= FEW:
            yield from rows
