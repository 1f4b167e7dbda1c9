"""What stops a bill without names of plants, which would tell who supplies it."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.exposure.stops.remedies import OTHER_GRADE, STOCK, Remedy
from monazite.findings.exposure.stops.shared_plants import SharedPlant
from monazite.findings.exposure.stops.stop_order import StoppingLine

_OPEN = {STOCK, OTHER_GRADE}
"""Measures that name no plant and no source."""
Shown = tuple[tuple[StoppingLine, ...], tuple[SharedPlant, ...], tuple[Remedy, ...]]


def hide_plants(
    stops: tuple[StoppingLine, ...], shared: tuple[SharedPlant, ...], helps: tuple[Remedy, ...]
) -> Shown:
    """Return the same with numbers in place of plants and sources."""
    return (
        tuple(replace(each, bottleneck="", plants=()) for each in stops),
        tuple(
            replace(
                each,
                facility=f"plant {number}",
                label=f"plant {number}",
                country="",
                suppliers=(),
                rows=(),
            )
            for number, each in enumerate(shared, start=1)
        ),
        tuple(
            each if each.measure in _OPEN else replace(each, what=each.measure, rows=())
            for each in helps
        ),
    )
