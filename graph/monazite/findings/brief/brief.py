"""A briefing of one question: the answer first, then what it rests on, with numbered sources.

``gathered`` holds what is found of a view; ``answer`` and ``parts`` put it in words by rules. Every
number is of a finding, every sentence and line carries the numbers of the sources of its rows, and
what no row says is said to be not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.findings.brief.answer import answers_of, headline_of
from monazite.findings.brief.document import Brief
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.front import front_of
from monazite.findings.brief.gathered import BriefFindings, subject_of
from monazite.findings.brief.own_bill import bill_parts
from monazite.findings.brief.parts import parts_of
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import Exposure


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
