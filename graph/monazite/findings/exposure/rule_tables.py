"""What rules make of a bill, as tables: counts by rule and day, and the lines with the reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from monazite.findings.rules.truth import CAUGHT, MAY, NOT_JUDGED
from monazite.rows.dates import day_words
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import Exposure

_WORDS = {CAUGHT: "caught", MAY: "may", NOT_JUDGED: "not judged"}
_REMARKS = (
    "Caught: surely under the rule. May: it hangs on what is not known. Not judged: its text was "
    "not read. This is no legal advice.",
    "Text is what the act says; guidance is what its authority says of it; practice is how it is "
    "handled. They are never one.",
)


def rule_tables(found: Exposure) -> list[Table]:
    """Return how many lines each rule catches on each day, and the lines with the reasons.

    Args:
        found: the exposure; without days there are no such tables.
    """
    if not found.days:
        return []
    return [_counts(found), _lines(found)]


def _counts(found: Exposure) -> Table:
    held: dict[tuple[str, str], list[Counter[str]]] = {}
    for each in found.judgements:
        days = held.setdefault((each.rule_label, each.layer), [Counter() for _ in found.days])
        for counter, day in zip(days, found.days, strict=True):
            counter[each.outcomes[day]] += 1
    return Table(
        heading="What rules make of the lines",
        columns=("Rule", "By its", *map(day_words, found.days)),
        rows=[[*key, *map(_count, days)] for key, days in held.items()],
        remarks=_REMARKS if held else ("No rule of the records touches a line on these days.",),
    )


def _count(outcomes: Counter[str]) -> str:
    told = [f"{outcomes[each]:,} {words}" for each, words in _WORDS.items() if outcomes[each]]
    return ", ".join(told) or "none"


def _lines(found: Exposure) -> Table:
    last = found.days[-1]
    return Table(
        heading=f"Line by rule, with the arithmetic of {day_words(last)}",
        columns=("Row", "Part", "Rule", "By its", *map(day_words, found.days), "Open", "Because"),
        rows=[
            [
                *(str(each.sheet_row), each.name, each.rule_label, each.layer),
                *(each.outcomes[day] for day in found.days),
                ", ".join(each.reasons),
                " ".join(each.because),
            ]
            for each in found.judgements
        ],
        long=True,
    )
