"""A briefing of one question, every sentence with the numbers of the sources of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.report.brief.answer import answers_of, headline_of
from monazite.report.brief.dates import front_dates
from monazite.report.brief.document import Brief, BriefLine, BriefPart, Footnotes
from monazite.report.brief.gathered import BriefFindings, subject_of
from monazite.report.brief.own_bill import bill_parts
from monazite.report.brief.parts import losses_of, parts_of
from monazite.store.names import named

if TYPE_CHECKING:
    from monazite.bom.result import Exposure

LINES = 5  # Losses of the first page


def front_of(found: BriefFindings, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts of the first page."""
    losses = losses_of(found, notes)
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
    ), front_dates(found, notes)


def write_brief(
    found: BriefFindings, *, command: str = "", view: str = "", bill: Exposure | None = None
) -> Brief:
    """Put what was found in words."""
    notes = Footnotes(found.cards)
    market = named(found.report.market_label)
    answer, front = answers_of(found, notes), front_of(found, notes)
    own = () if bill is None else bill_parts(bill, notes)
    parts = (*own, *parts_of(found, notes))
    return Brief(
        title=f"{found.report.title} for {market}",
        question=f"What can stop {subject_of(found)} for {market}?",
        headline=headline_of(found),
        answer=answer,
        front=front,
        parts=parts,
        sources=notes.sources(),
        rows=tuple(sorted(notes.rows)),
        day=found.day,
        command=command,
        view=view,
    )
