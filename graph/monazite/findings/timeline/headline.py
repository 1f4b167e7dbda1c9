"""What a timeline finds, in one or two sentences: how it stands, and what changed last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.findings.timeline.consequential import (
    OPENS,
    PEAK,
    RESTARTS,
    STOPS,
    Consequence,
    of_several,
    price_turns,
    rule_turns,
    works_turns,
)
from monazite.findings.wording import capital, listed
from monazite.rows.dates import day_words

if TYPE_CHECKING:
    from monazite.findings.timeline.dated_events import DatedEvent
    from monazite.findings.timeline.timeline import Timeline

_YEARS = 3
"""Years that a sentence names."""
_DONE = {OPENS: "opened", STOPS: "stopped", RESTARTS: "restarted"}
_RULE = {
    "Effective": "took effect",
    "Ended": "ended",
    "Suspended": "was suspended",
    "Extended": "was extended",
}


def finding(timeline: Timeline) -> str:
    """Return what a timeline finds.

    >>> from monazite.findings.timeline.timeline import Timeline
    >>> finding(Timeline("A mine", None, None, "2026-11-24", None, (), ()))
    'No dated record speaks of A mine.'
    """
    told = timeline.events
    if not told:
        return f"No dated record speaks of {timeline.title}."
    happened = [each for each in told if each.earliest <= timeline.day]
    works = list(works_turns(happened))
    if timeline.life is not None:
        parts = [f"{timeline.title}: {timeline.life.state}.", _stops(works)]
    else:
        rules = rule_turns(happened, timeline.day)
        parts = [
            _last_rule(timeline.title, rules),
            _last_work(of_several(works)),
            _peak(happened),
        ]
    said = " ".join([part for part in parts if part][:2])
    if said:
        return said if timeline.title.lower() in said.lower() else f"{timeline.title}. {said}"
    last = max(each.latest for each in told)[:4]
    lines = "line" if len(told) == 1 else "lines"
    return f"{timeline.title}: {len(told):,} dated {lines}, {told[0].date[:4]} to {last}."


def _stops(works: Sequence[Consequence]) -> str:
    """When a plant stopped and restarted."""
    parts = []
    for why in (STOPS, RESTARTS):
        years = list(dict.fromkeys(each.event.date[:4] for each in works if each.why == why))
        if len(years) > _YEARS:
            parts.append(f"{_DONE[why]} {len(years)} times, last in {years[-1]}")
        elif years:
            parts.append(f"{_DONE[why]} in {listed(years)}")
    return f"It {' and '.join(parts)}." if parts else ""


def _last_rule(title: str, rules: Sequence[Consequence]) -> str:
    if not rules:
        return ""
    last = max(rules, key=lambda each: (each.event.earliest, each.event.rows))
    done = f"{_RULE.get(last.event.event, last.event.event.lower())} {_when(last)}"
    if last.event.subject == title:
        return f"{capital(title)} {done}."
    return f"Newest rule on the trade of {title}: {last.event.subject} ({done})."


def _last_work(works: Sequence[Consequence]) -> str:
    if not works:
        return ""
    last = max(works, key=lambda each: (each.event.earliest, each.event.rows))
    return f"{last.event.subject} {_DONE[last.why]} {_when(last)}."


def _when(turn: Consequence) -> str:
    at = "on" if turn.event.certainty == "day" else "in"
    return f"{at} {day_words(turn.event.date)}"


def _peak(events: Sequence[DatedEvent]) -> str:
    """The highest price of any form in one unit, with its form, its unit and its date."""
    peak = next((each.event for each in price_turns(events) if each.why == PEAK), None)
    if peak is None:
        return ""
    return f"Highest recorded price: {peak.subject}, {peak.what}, {day_words(peak.date)}."
