"""What the shipped scenarios lead to for an element and a market, as a part of a view."""

from __future__ import annotations

from collections.abc import Sequence

from monazite.findings.scenarios.headline import range_words
from monazite.findings.scenarios.released.lines import SPARED, trials_words
from monazite.findings.scenarios.released.outcomes import ReleasedOutcome
from monazite.findings.scenarios.told_names import name_of
from monazite.findings.wording import listed
from monazite.pages.drawing.templates import fill_template
from monazite.rows.dates import day_words
from monazite.safe_text import percent, visible

WIDE, HIGH = 150.0, 28.0
"""The size of a line of months."""


def scenario_lines(outcomes: Sequence[ReleasedOutcome], day: str) -> str:
    """Return the scenarios as a section, which says so where none tells of the market."""
    shown = sorted(outcomes, key=lambda each: each.is_past(day))
    spared = [visible(each.title) for each in shown if not each.is_short]
    fields = {
        "lines": [_line(each, day) for each in shown if each.is_short],
        "trials": trials_words(outcomes),
        "untold": SPARED,
        "spared": listed(spared),
        "size": {"wide": f"{WIDE:g}", "high": f"{HIGH:g}"},
    }
    return fill_template("explorer_scenarios.html", fields, trimmed=True)


def _line(each: ReleasedOutcome, day: str) -> dict[str, object]:
    month, part = each.worst
    first, last = day_words(each.months[0]), day_words(each.months[-1])
    return {
        "title": visible(each.title),
        "past": each.is_past(day),
        "part": percent(part.middle),
        "range": range_words(part),
        "month": day_words(month),
        "until": each.until.words,
        "product": visible(name_of(each.product)),
        "over": percent(each.over.middle),
        "months": f"{first} to {last}",
        "band": _band(each),
        "line": _points([part.middle for part in each.parts]),
    }


def _band(each: ReleasedOutcome) -> str:
    """The area between the ends of the trials; empty where none were made."""
    upper = [part.high for part in each.parts]
    lower = [part.low for part in each.parts]
    if None in upper or None in lower:
        return ""
    there = _points([high or 0.0 for high in upper])
    back = _points([low or 0.0 for low in lower]).removeprefix("M").split("L")
    return f"{there}L{'L'.join(reversed(back))}Z"


def _points(parts: Sequence[float]) -> str:
    """A path through parts, all of what is wanted at the top and nothing lacking at the foot."""
    step = WIDE / max(1, len(parts) - 1)
    points = (
        f"{place * step:.1f} {1 + (HIGH - 2) * (1 - part):.1f}" for place, part in enumerate(parts)
    )
    return f"M{'L'.join(points)}"
