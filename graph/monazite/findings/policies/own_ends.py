"""The days on which the status of an act changed by a text that had set them: no step tells them.

A suspension ends on the last day that it was given, a run on its own last day; neither has a dated
row of its own, and both change what stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monazite.findings.policies.acts import Act, Acts
from monazite.findings.policies.status import status_of
from monazite.findings.policies.status_values import PolicyStatus
from monazite.result import Value

_BY_TEXT = {
    "in force or suspended": "Suspension ended by its own text",
    "in force or ended": "Its stated last day",
}
"""What has happened, by the state that an end leaves which no step tells."""


@dataclass(frozen=True)
class OwnEnd(Value):
    """That a suspension or a run of an act ended on the day that its text had set."""

    policy: str
    date: str
    what: str
    rows: tuple[str, ...]


def own_ends(act: Act, acts: Acts, first: str, last: str) -> Iterator[OwnEnd]:
    """Find the ends of an act, or of parts of it, that its texts set within some days.

    >>> from monazite.findings.policies.acts import read_acts
    >>> from monazite.triples.opening import open_store
    >>> acts = read_acts(open_store())
    >>> [(each.date, each.what)
    ...     for each in own_ends(acts.acts["mofcom-2025-62"], acts, "2025-11-24", "2026-11-24")]
    [('2026-11-10', 'Suspension ended by its own text')]
    """
    for day in sorted(_set_days(act, acts)):
        if not first <= day < last:
            continue
        after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        before = _by_part(status_of(act, acts, day))
        for part, status in _by_part(status_of(act, acts, after)).items():
            known = before.get(part, before.get("", status))
            if status.state in _BY_TEXT and status.since == day and known.state != status.state:
                within = f" in part ({part})" if part else ""
                yield OwnEnd(act.id, day, f"{_BY_TEXT[status.state]}{within}", status.rows)


def _set_days(act: Act, acts: Acts) -> set[str]:
    """The last days that the steps of an act set, and those of acts that suspend or extend it."""
    held, found = {act.id}, set[str]()
    for _ in range(2):  # what extends an act, and what extends the act that suspends it
        held |= {link.policy for link in acts.links if link.other in held}
    for name in held & acts.acts.keys():
        found |= {step.until_latest for step in acts.acts[name].steps}
    return found - {""}


def _by_part(status: PolicyStatus) -> Mapping[str, PolicyStatus]:
    """The status of each part; of the whole where its parts share it."""
    shared = all(part.state == status.state for part in status.parts)
    return {"": status} if shared else {part.part: part for part in status.parts}
