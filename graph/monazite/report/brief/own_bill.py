"""The parts of a brief on the buyer's own bill: what an exposure gives, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monazite.bom.grams import grams_words
from monazite.bom.page_tables import FIRST, page_parts
from monazite.bom.result import exposure_lessons, most_held
from monazite.bom.rule_tables import rule_counts
from monazite.core.formats import in_brief
from monazite.data.dates import day_words
from monazite.model.wording import capital
from monazite.report.brief.document import BriefLine, BriefPart, Footnotes, Sentence

if TYPE_CHECKING:
    from monazite.bom.lines import OpenQuestion
    from monazite.bom.result import Exposure

_LINES, _QUESTIONS, _LONGEST = 5, 3, 120  # the last in letters of a name


def bill_parts(found: Exposure, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts on a bill: what stops first, rules on the day, what to ask first."""
    parts = [_first(found), *_rules(found, notes)]
    if found.questions:
        heading = "What to ask first about your bill"
        asked = tuple(Sentence(_asked(each)) for each in found.questions[:_QUESTIONS])
        parts.append(BriefPart("bill-questions", heading, asked, finding=heading))
    return tuple(parts)


def bill_rows(found: Exposure) -> frozenset[str]:
    """Return the keys of the rows that these parts cite."""
    return frozenset(row for each in found.judgements for row in each.rows)


def _first(found: Exposure) -> BriefPart:
    """Three sentences, and the table of what stops first; of what holds most where none stops."""
    lessons = exposure_lessons(found)
    parts = {part.id: part for part in page_parts(found)}
    table = (
        parts[FIRST].tables[0]
        if FIRST in parts
        else most_held(found, _LINES, "monazite exposure --full")
    )
    return BriefPart(
        id="bill",
        heading=f"Your bill: {in_brief(found.product, _LONGEST)}",
        sentences=tuple(map(Sentence, lessons)),
        columns=table.columns if table.rows else (),
        lines=tuple(
            BriefLine(tuple(in_brief(cell, _LONGEST) for cell in row))
            for row in table.rows[:_LINES]
        ),
        remarks=tuple(map(Sentence, (*table.remarks, *found.notes))),
        right=table.right,
        finding=lessons[0] if lessons else "",
    )


def _rules(found: Exposure, notes: Footnotes) -> Iterator[BriefPart]:
    if not found.judgements:
        return
    day = found.days[-1]
    rows: dict[tuple[str, str], set[str]] = {}
    for each in found.judgements:
        rows.setdefault((each.rule_label, each.layer), set()).update(each.rows)
    table = rule_counts(found, day)
    yield BriefPart(
        id="bill-rules",
        heading=f"Rules and your bill on {day_words(day)}",
        columns=table.columns,
        lines=tuple(
            BriefLine((*row,), notes.of(sorted(rows[row[0], row[1]]))) for row in table.rows
        ),
        remarks=tuple(map(Sentence, table.remarks)),
        finding=f"Rules and your bill on {day_words(day)}",
    )


def _asked(each: OpenQuestion) -> str:
    about = capital(in_brief(each.about, _LONGEST))
    settles = f" It settles {grams_words(each.grams)}." if each.grams else ""
    return f"{about}: {each.question}{settles}"
