"""The named path of a supplier: firm, plant, its feed, back to the mine as far as records go.

The *weakest hop* of a path is its least certain one; among those as certain, one that no other
record doubles; among those, the one nearest to the mine.
"""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class PathHop(Value):
    """One step of a path, from who buys to who sells.

    Attributes:
        seller: id of the plant, firm or country that sells; of a step inside a firm, the plant.
        seller_label: its name.
        buyer: id of the plant or firm that buys.
        buyer_label: its name.
        stage: that the seller does: magnet, alloy, metal, separation or mine; empty if not told.
        country: code of where the seller does it; empty where no record says.
        kind: operates, owns, bill, same plant, or the kind of the supply link.
        goods: names of what is sold, as the record has it.
        certainty: surely or perhaps: whether the dates of the record include the day.
        doubles: how many others sell the same to the buyer, by record.
        row: that says so; empty where the bill does.
        source: who says it, in a few words.
    """

    seller: str
    seller_label: str
    buyer: str
    buyer_label: str
    stage: str
    country: str
    kind: str
    goods: str
    certainty: str
    doubles: int
    row: str
    source: str = ""


@dataclass(frozen=True)
class SupplyPath(Value):
    """A path from a supplier of the bill back towards the mine.

    Attributes:
        sheet_rows: of the lines that it stands behind.
        supplier: as the bill writes it.
        firm: id of the supplier.
        elements: symbols for which it stands; other elements may come another way.
        hops: from the supplier back.
        weakest: place of the weakest hop, from 0; None where there is none.
        to_mine: whether it reaches a mine; else no record goes on.
    """

    sheet_rows: tuple[int, ...]
    supplier: str
    firm: str
    elements: tuple[str, ...]
    hops: tuple[PathHop, ...]
    weakest: int | None
    to_mine: bool
