"""Which part of the value of a piece its rare earths make up, by prices on record.

A limit by value and one by mass are two: 0.1 % of the value of a magnet is far less than 0.1 % of
its mass where the element costs more than the magnet.
"""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class ValueShare(Value):
    """The value of an element in a line by the value of the piece.

    Attributes:
        sheet_row: of the line.
        name: of the part, as the line shows it.
        element: symbol.
        low: part of the value of a piece, 0 to 1; None where it is not known.
        high: the most.
        price_low: dollars for a kilogram of the element, the least on record; None without any.
        price_high: the most.
        since: first date of the prices, as printed.
        until: last date of the prices.
        not_known: why it is not known; empty where it is.
        rows: of the prices.
    """

    sheet_row: int
    name: str
    element: str
    low: float | None
    high: float | None
    price_low: float | None
    price_high: float | None
    since: str
    until: str
    not_known: str
    rows: tuple[str, ...]
