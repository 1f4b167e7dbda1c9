"""What stops first, as tables: parts in order, stages, paths, shared plants, what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import Exposure


def stop_short(found: Exposure) -> list[Table]:
    """Return what a first screen shows: what stops first, in how many days, through which plant.

    Args:
        found: the exposure; where losses were not asked for there are no such tables.
    """
    return []


def stop_tables(found: Exposure) -> list[Table]:
    """Return every part in order, stages, paths, shared plants, what would help, value shares.

    Args:
        found: the exposure; where losses were not asked for there are no such tables.
    """
    return []
