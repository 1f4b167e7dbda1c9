"""The rules in force on the day, as a table of the page."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.policies.policies import PolicyLine
from monazite.findings.policies.status_values import IN_FORCE
from monazite.pages.backbone.words import day_words
from monazite.pages.drawing.templates import fill_template
from monazite.safe_text import visible


def rules_markup(lines: Iterable[PolicyLine], day: str) -> str:
    """Return the acts that are in force as a part of the page.

    Args:
        lines: acts on a day.
        day: the day.
    """
    held = [
        {
            "card": f"policy/{line.policy}",
            "title": visible(line.title),
            "by": visible(line.country_label),
            "state": visible(line.status.text),
            "covers": visible(line.covers),
            "aimed_at": visible(line.aimed_at),
            "says": visible(line.says_so),
        }
        for line in lines
        if line.status.value == IN_FORCE
    ]
    fields = {"lines": held, "day": day_words(day)}
    return fill_template("explorer_rules.html", fields, trimmed=True)
