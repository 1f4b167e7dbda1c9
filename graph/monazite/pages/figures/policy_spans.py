"""When policies were in force, as spans of time under a line of years."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from monazite.findings.timeline.dated_events import DatedEvent

RESTRAINTS = (
    *("Export licence", "Export quota", "Export ban", "Export tax", "Informal embargo"),
    *("Technology export ban", "End-use rule"),
)
"""Kinds of policy, in the words of their scheme, that a market feels."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class PolicySpan:
    """A policy, or several of one name year after year, from its first day in force."""

    title: str
    begins: float
    ends: float | None
    paused: tuple[float, float | None] | None
    rows: tuple[str, ...]


def restraint_spans(policies: Iterable[DatedEvent], named: Collection[str]) -> list[PolicySpan]:
    """Return when policies were in force, those of one name year after year as one span.

    >>> from monazite.findings.timeline.dated_events import DatedEvent
    >>> first = DatedEvent("policy", "2010", "2010-01-01", "2010-12-31", "Quota 2010", "Effective",
    ...     "Effective", ("policy_events/a",), event="Effective")
    >>> [(span.title, span.begins) for span in restraint_spans([first], {"Quota 2010"})]
    [('Quota 2010', 2010.0)]
    """
    steps: dict[str, list[DatedEvent]] = {}
    for step in policies:
        if step.kind == "policy" and step.subject in named:
            steps.setdefault(step.subject, []).append(step)
    single = [span for title, own in sorted(steps.items()) if (span := _span(title, own))]
    families: dict[str, list[PolicySpan]] = {}
    for span in single:
        families.setdefault(_YEAR.sub("", span.title).strip(), []).append(span)
    found: list[PolicySpan] = []
    for name, members in families.items():
        found += [_together(name, members)] if len(members) > 2 else members
    return sorted(found, key=lambda span: (span.begins, span.title))


def _span(title: str, steps: Sequence[DatedEvent]) -> PolicySpan | None:
    began = [each for each in steps if each.what.startswith("Effective")]
    if not began:
        return None
    first = min(began, key=lambda each: each.earliest)
    ended = [each for each in steps if each.what.startswith("Ended")]
    last = max((time_of(each.latest) for each in ended), default=None)
    held = [each for each in steps if each.what.startswith("Suspended")]
    back = [each for each in steps if each.what.startswith("Resumed")]
    paused = None
    if held:
        resumed = min((time_of(each.earliest) for each in back), default=None)
        until = time_of(held[-1].until_latest) if held[-1].until_latest else None
        paused = (time_of(held[0].earliest), resumed or until)
    rows = tuple(row for each in steps for row in each.rows)
    return PolicySpan(title, time_of(first.earliest), last, paused, rows)


def _together(name: str, members: Sequence[PolicySpan]) -> PolicySpan:
    """One span for a policy that is issued year by year; a gap in it is in the timeline."""
    ends = [span.ends for span in members]
    last = None if None in ends else max(end for end in ends if end is not None)
    rows = tuple(row for span in members for row in span.rows)
    return PolicySpan(f"{name}, year by year", min(s.begins for s in members), last, None, rows)


def time_of(day: str) -> float:
    """A day as a year and its part.

    >>> time_of("2010-07-01")
    2010.5
    """
    return int(day[:4]) + round((int(day[5:7]) - 1 + (int(day[8:10]) - 1) / 31) / 12, 4)
