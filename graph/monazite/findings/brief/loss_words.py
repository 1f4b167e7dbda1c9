"""A loss as a sentence or a cell has it: never without its range, and what home first gives."""

from __future__ import annotations

from monazite.findings.losses.headline import between_ends
from monazite.findings.losses.result import Chokepoint
from monazite.safe_text import NOT_KNOWN, percent

NOT_DRAWN = "not drawn"


def range_of(point: Chokepoint) -> str:
    """Return the range of a loss, or that it was not drawn."""
    if point.loss_low is None or point.loss_high is None:
        return NOT_DRAWN
    return between_ends(point.loss_low, point.loss_high)


def loss_with_range(point: Chokepoint) -> str:
    """Return a loss with its range, and with what it would be if producers served home first."""
    if point.loss is None:
        return NOT_KNOWN
    return (
        f"{percent(point.loss)} (range {range_of(point)}; home first {percent(point.home_first)})"
    )
