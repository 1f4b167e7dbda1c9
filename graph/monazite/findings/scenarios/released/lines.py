"""What the shipped scenarios say of a market, as a table: who would lack how much, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monazite.findings.scenarios.headline import range_words
from monazite.findings.scenarios.released.outcomes import ReleasedOutcome
from monazite.findings.scenarios.told_names import name_of
from monazite.findings.wording import listed
from monazite.rows.dates import day_words
from monazite.safe_text import counted, percent
from monazite.tables import Table

SPARED = "Nothing is short while assumed stocks last"
PAST = "Set before"
MAX_LINES = 6
"""Scenarios that are told one by one."""
_COLUMNS = ("If this happens", "Lacking", "Range", "In the worst month", "Until", "Of")


def outcome_table(outcomes: Sequence[ReleasedOutcome], day: str) -> Table:
    """Return the worst scenarios of a market, a line each, and what is said of the others."""
    coming = [each for each in outcomes if not each.is_past(day)]
    short = [each for each in coming if each.is_short]
    past = _titles(each for each in outcomes if each.is_past(day))
    more = len(short) - MAX_LINES
    of_columns = (
        "Lacking is the part that users in the month would go without; ranges are those of "
        "5 to 95 % of trials, each with its own worst month and end.",
        trials_words(outcomes),
    )
    remarks = (
        "Supposed, not predicted: each is a scenario, whose rules are taken as given.",
        *(of_columns if short else ()),
        f"{counted(more, 'more scenario')} would cost less." if more > 0 else "",
        f"{SPARED}: {_titles(x for x in coming if not x.is_short)}.",
        f"{PAST} {day_words(day[:7])}, not listed: {past}.",
    )
    return Table(
        heading="What would happen month by month",
        columns=_COLUMNS,
        rows=[_line(each) for each in short[:MAX_LINES]],
        remarks=tuple(x for x in remarks if x and not x.endswith(": .")),
        right=("Lacking",),
    )


def trials_words(outcomes: Sequence[ReleasedOutcome]) -> str:
    """Return on how many random trials the ranges rest; empty where that is not known."""
    least = min((each.draws for each in outcomes), default=0)
    return f"Ranges rest on {counted(least, 'random trial')}." if least else ""


def _titles(outcomes: Iterable[ReleasedOutcome]) -> str:
    """Titles, of which the first few are told."""
    titles = [each.title for each in outcomes]
    if len(titles) > MAX_LINES:
        titles = [*titles[:MAX_LINES], f"{len(titles) - MAX_LINES} more"]
    return listed(titles) if titles else ""


def _line(each: ReleasedOutcome) -> list[str]:
    month, part = each.worst
    return [
        *(each.title, percent(part.middle), range_words(part), day_words(month)),
        *(each.until.words, name_of(each.product)),
    ]
