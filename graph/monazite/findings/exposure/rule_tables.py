"""What rules make of a bill, as tables: counts by rule and day, and the lines with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING

from monazite.findings.rules.truth import CAUGHT, MAY, NOT_JUDGED, OUTCOMES
from monazite.rows.dates import day_words
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import ExposureFigures
    from monazite.findings.exposure.judged_lines import LineJudgement

_WORDS = {CAUGHT: "caught", MAY: "may", NOT_JUDGED: "not judged"}
_TEXT = "text"
"""The layer of what acts say."""
_REMARKS = (
    "Caught: surely under the rule. May: it hangs on what is not known. Not judged: its text was "
    "not read. This is no legal advice.",
    "Text is what the act says; guidance is what its authority says of it; practice is how it is "
    "handled. They are never one.",
)


def rule_tables(found: ExposureFigures) -> list[Table]:
    """Return how many lines each rule catches on each day, and the lines with the reasons."""
    if not found.days:
        return []
    return [rule_counts(found), _lines(found)]


def line_rules(found: ExposureFigures, most: int) -> list[Table]:
    """Return what rules make of each line on its own, what is caught first."""
    if not found.days:
        return []
    last = found.days[-1]
    lines: dict[int, list[LineJudgement]] = {}
    for each in found.judgements:
        lines.setdefault(each.sheet_row, []).append(each)
    grams = {line.sheet_row: fsum(each.high for each in line.grams) for line in found.lines}

    def rank(row: int) -> tuple[int, float, int]:
        strongest = min(OUTCOMES.index(each.outcomes[last]) for each in lines[row])
        return strongest, -grams.get(row, 0.0), row

    def outcomes(row: int) -> str:
        return _count(Counter(each.outcomes[last] for each in lines[row] if each.layer == _TEXT))

    return [
        Table(
            heading=f"Row {row}: {lines[row][0].name} ({outcomes(row)} by text)",
            columns=("Rule", "By its", *map(day_words, found.days), "Open", "Because"),
            rows=[_judged_cells(each, found.days) for each in _strongest_first(lines[row], last)],
        )
        for row in sorted(lines, key=rank)[:most]
    ]


def _strongest_first(judged: Sequence[LineJudgement], day: str) -> list[LineJudgement]:
    """What rules make of a line, the rule that catches most first; its layers stay together."""
    strongest: dict[str, int] = {}
    for each in judged:
        rank = OUTCOMES.index(each.outcomes[day])
        strongest[each.rule] = min(rank, strongest.get(each.rule, rank))
    return sorted(judged, key=lambda each: (strongest[each.rule], each.rule_label))


def _judged_cells(each: LineJudgement, days: Sequence[str]) -> list[str]:
    outcomes = [each.outcomes[day] for day in days]
    return [
        *(each.rule_label, each.layer, *outcomes),
        *(", ".join(each.reasons), " ".join((*each.because, *_each_way(each, days[-1])))),
    ]


def rule_counts(found: ExposureFigures, *days: str) -> Table:
    """Return how many lines each rule catches on each day."""
    asked = days or found.days
    held: dict[tuple[str, str], list[Counter[str]]] = {}
    for each in found.judgements:
        counters = held.setdefault((each.rule_label, each.layer), [Counter() for _ in asked])
        for counter, day in zip(counters, asked, strict=True):
            counter[each.outcomes[day]] += 1
    return Table(
        heading="What rules make of the lines",
        columns=("Rule", "By its", *map(day_words, asked)),
        rows=[[*key, *map(_count, counters)] for key, counters in held.items()],
        remarks=_REMARKS if held else ("No rule of the records touches a line on these days.",),
    )


def _count(outcomes: Counter[str]) -> str:
    told = [f"{outcomes[each]:,} {words}" for each, words in _WORDS.items() if outcomes[each]]
    return ", ".join(told) or "none"


def _lines(found: ExposureFigures) -> Table:
    last = found.days[-1]
    return Table(
        heading=f"Line by rule, with the arithmetic of {day_words(last)}",
        columns=("Row", "Part", "Rule", "By its", *map(day_words, found.days), "Open", "Because"),
        rows=[
            [str(each.sheet_row), each.name, *_judged_cells(each, found.days)]
            for each in found.judgements
        ],
        long=True,
    )


def _each_way(each: LineJudgement, day: str) -> list[str]:
    return [f"Built into {way.through}: {way.outcomes[day]}." for way in each.ways]


def judgement_records(found: ExposureFigures) -> list[Table]:
    """Return a record for each judgement and day, as programs read it."""
    if not found.judgements:
        return []
    names = ("sheet_row", "part", "rule", "layer", "day", "outcome", "reasons", "because", "rows")
    last = found.days[-1]
    rows = [
        [
            *(str(each.sheet_row), each.name, each.rule, each.layer, day, each.outcomes[day]),
            *(
                ("; ".join(each.reasons), " ".join((*each.because, *_each_way(each, day))))
                if day == last
                else ("", "")
            ),
            "; ".join(each.rows) if day == last else "",
        ]
        for each in found.judgements
        for day in found.days
    ]
    return [Table("", names, rows)]
