"""The parts of the page of an exposure, in the order in which a buyer asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.bom.contents import EVIDENCE_WORDS, grams_words
from monazite.bom.result import most_held
from monazite.bom.rule_tables import line_rules
from monazite.bom.sheets import GRAMS_HEADING, named_headings
from monazite.core.formats import counted
from monazite.core.results import Struct
from monazite.core.tables import Table

if TYPE_CHECKING:
    from monazite.bom.result import Exposure

FIRST, GRAMS = "first", "grams"  # the part of what stops first, and the one that is drawn as well
_RULES, _MORE = "rules", "more"
_MOST, _LINES = 30, 12  # lines of a table on a page, and parts whose rules are told one by one
_WORKBOOK = "in the workbook (-o FILE.xlsx)"
_IN_WORKBOOK, _OF_PASSPORT = ("id", "key", "Records"), "Passport"
"""Columns that a page leaves to the workbook, and the table that keeps its records."""
_ALL_LINES, _BY_RULE, _STOCK = "All lines", "Line by rule", "How long stock lasts"
_GRAM_TABLES = (GRAMS_HEADING, "Lines that hold", "By the parts right below")
_ARTICLE_24 = ("Map for CRMA Article 24", "Where each rare earth comes from",
               "Acts that touch these", "Requests that were not answered")  # fmt: skip
_PARTS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    (FIRST, "What stops first", ("What stops", _STOCK)),
    (GRAMS, "Grams by kind of evidence", _GRAM_TABLES),
    (_RULES, "Line by rule, with the arithmetic", ("What rules make",)),
    ("hops", "The weakest hop of each path", ("Paths of",)),
    ("shared", "Plants that suppliers share", ("Plants behind",)),
    ("questions", "What to ask next", ("What to ask", "Not sure")),
    ("help", "What would help", ("What would help",)),
    ("licence", "The file of a licence", ("The file of a licence",)),
    ("questionnaire", "Questions to suppliers", ("Questions to", "Questionnaire")),
    ("crma-24", "The map that CRMA Article 24 asks for", _ARTICLE_24),
    ("passport", "Passport of the magnets", ("Passport", "The passport")),
    ("market", "The market", ("Who supplies", "Losses of the market", "Part of the value")),
    (_MORE, "How the bill was read", ()),
)
"""Each part: its id, its heading, and how the headings of its tables begin."""


class PagePart(Struct):
    """A part of the page of an exposure."""

    id: str
    heading: str
    tables: tuple[Table, ...]
    folded: tuple[Table, ...] = ()  # tables that open on demand, the first of which is open


class GramBar(Struct):
    """A bar of grams: of an element, or of one kind of evidence of it."""

    label: str  # the element, or the kind of evidence in words
    grams: str
    low: float
    high: float
    kind: str
    whole: bool


def gram_bars(found: Exposure) -> tuple[GramBar, ...]:
    """Return the bars of grams, most first, below each element its kinds of evidence."""
    bars: list[GramBar] = []
    for each in sorted(found.elements, key=lambda one: (-one.high, one.element)):
        kinds = each.by_evidence
        only = kinds[0].evidence if len(kinds) == 1 else ""
        label = f"{each.element}, {EVIDENCE_WORDS[only]}" if only else each.element
        told = grams_words(each.low, each.high)
        bars.append(GramBar(label, told, each.low, each.high, only, whole=True))
        for one in () if only else kinds:
            told, words = grams_words(one.low, one.high), EVIDENCE_WORDS[one.evidence]
            bars.append(GramBar(words, told, one.low, one.high, one.evidence, whole=False))
    return tuple(bars)


def page_parts(found: Exposure) -> tuple[PagePart, ...]:
    """Return the parts of the page, in their order."""
    held: dict[str, list[Table]] = {part: [] for part, *_ in _PARTS}
    lines = line_rules(found, _LINES)
    count = len({each.sheet_row for each in found.judgements})
    if count > len(lines):
        lines[-1] = replace(lines[-1], remarks=(_left(count - len(lines)),))
    named = named_headings(found, found.headline())
    # a page shows lines one by one, and those that hold most, in place of these
    begins = (_ALL_LINES, _BY_RULE, *([_STOCK] if found.stops else []))
    tables = [x for x in found.tables() if x.heading in named or not x.heading.startswith(begins)]
    tables.sort(key=lambda each: named.get(each.heading) != GRAMS_HEADING)
    for table in (*tables[:1], most_held(found, _MOST, _WORKBOOK), *tables[1:]):
        if table.rows or table.remarks:
            heading = named.get(table.heading, table.heading)
            left = () if heading.startswith(_OF_PASSPORT) else _IN_WORKBOOK
            shown = table.without(*table.keys, *left)
            held[part_of(heading)].append(_cut(replace(shown, heading=heading)))
    return tuple(
        PagePart(part, heading, tuple(held[part]), tuple(lines) if part == _RULES else ())
        for part, heading, _ in _PARTS
        if held[part]
    )


def part_of(heading: str) -> str:
    """Return the part of the page that a table stands in."""
    return next((part for part, _, begins in _PARTS if heading.startswith(begins or "\0")), _MORE)


def _left(more: int) -> str:
    return f"{counted(more, 'more line stands', 'more lines stand')} {_WORKBOOK}."


def _cut(table: Table) -> Table:
    if len(table.rows) <= _MOST:
        return table
    told = _left(len(table.rows) - _MOST)
    return replace(table, rows=table.rows[:_MOST], remarks=(*table.remarks, told))
