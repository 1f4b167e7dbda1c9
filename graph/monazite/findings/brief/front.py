"""The parts of the first page of a brief: the largest losses, and the dates."""

from __future__ import annotations

from monazite.findings.brief.dates import front_dates
from monazite.findings.brief.document import BriefLine, BriefPart
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings
from monazite.findings.brief.parts import losses_of

LINES = 5
"""Losses of the first page."""


def front_of(found: BriefFindings, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts of the first page."""
    return _largest(losses_of(found, notes)), front_dates(found, notes)


def _largest(losses: BriefPart) -> BriefPart:
    """The largest losses alone, without what runs short and shares."""
    first = losses.columns[:4]
    return BriefPart(
        id="largest",
        heading="The largest losses" if len(first) == 4 else "The largest shares",
        sentences=losses.sentences,
        columns=first,
        lines=tuple(BriefLine(line.cells[:4], line.notes) for line in losses.lines[:LINES]),
        remarks=losses.remarks[1:] if len(first) == 4 else (),
        right=tuple(name for name in losses.right if name in first),
        finding=losses.finding,
    )
