"""Concentration of a stage: the leader's share and the Herfindahl-Hirschman index.

HHI is the sum of squared shares in percent, 0 to 10,000 (Herfindahl 1950, Hirschman 1945). A
rest of the world that no source splits adds nothing: the index is then a lower bound, and the
note says by how much it could be higher if one country held all of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.finding import StageShares
from monazite.network.graph import Network
from monazite.network.shares import Split


def hhi(shares: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index of shares that run from 0 to 1.

    >>> hhi([0.5, 0.5])
    5000.0
    >>> hhi([1.0])
    10000.0
    """
    return sum((100 * share) ** 2 for share in shares)


def stage_shares(network: Network) -> tuple[StageShares, ...]:
    """Return who leads each stage of a network, in the order of the chain.

    A stage without rows is in the list too, with what is not known.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
    """
    splits: dict[str, Split] = network.graph["splits"]
    found = []
    for stage, _ in network.graph["stages"]:
        if stage in splits:
            found.append(_of_split(network, splits[stage]))
        elif f"gap/{stage}" in network:
            note = "No row splits this stage into countries."
            found.append(
                StageShares(stage, None, None, None, None, "not known", "not known", None, (), note)
            )
    return tuple(found)


def _of_split(network: Network, split: Split) -> StageShares:
    leader = max(split.shares, key=lambda place: (split.shares[place].share, place))
    index = hhi(share.share for share in split.shares.values())
    notes = []
    if split.rest > 0.005:
        upper = index + (100 * split.rest) ** 2
        notes.append(
            f"{split.rest:.0%} of the world is not split by the source: "
            f"HHI between {index:,.0f} and {upper:,.0f}."
        )
    if split.rank > 1:
        notes.append("Rows of a wider group of rare earths stand for the element.")
    return StageShares(
        stage=split.stage,
        coverage=network.graph["coverage"].get(split.stage),
        leader=network.nodes[f"{split.stage}/{leader}"]["label"],
        share=split.shares[leader].share,
        hhi=index,
        denominator=split.denominator,
        basis=split.basis,
        year=split.year,
        rows=tuple(dict.fromkeys((*split.shares[leader].rows, *split.rows))),
        note=" ".join(notes),
    )
