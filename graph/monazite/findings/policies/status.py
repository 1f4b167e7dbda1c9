"""Whether an act is in force on a day, by its dated steps and by what other acts do to it.

There are three values, each with a reason: in force, not in force, may be in force. The rules, part
by part and in this order:

* a meeting, talks or an incident is never in force, nor is what was only proposed: a bill, a letter
  of intent;
* a closure of plants is over once each of them has restarted (:mod:`.closures`);
* after the day on which it ended, or was ended by an act that has begun, it is not in force;
* while it is suspended, by a step of its own or by an act that suspends it, it is not in force;
* the end of a suspension, or of a stated run, moves with an extension that took effect. One that
  was only stated moves nothing: from the old end on the act may be in force or not;
* from its start it is in force, before it not; without a known start it may be.

A date that is only a year or a month leaves the days inside it open, and so does the very day on
which an act ends or is suspended: sources differ on whether that day is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monazite.findings.plants.lives import read_lives
from monazite.findings.policies.acts import Act, Acts, read_acts
from monazite.findings.policies.closures import reopened
from monazite.findings.policies.part_life import PartLife
from monazite.findings.policies.reach import read_reach
from monazite.findings.policies.status_values import IN_FORCE as IN_FORCE
from monazite.findings.policies.status_values import MAY_BE as MAY_BE
from monazite.findings.policies.status_values import NEVER_ENDS, VALUES
from monazite.findings.policies.status_values import NOT_IN_FORCE as NOT_IN_FORCE
from monazite.findings.policies.status_values import PolicyStatus as PolicyStatus
from monazite.triples.queries import NamedQuery, day_of
from monazite.triples.store import Store

_STATUS = "policy-status"
"""What a question asks for that has statuses bound in it."""
NEVER = "meeting"
"""The kind of what is no measure: talks, summits, incidents."""


def read_statuses(store: Store, date: str) -> Mapping[str, PolicyStatus]:
    """Work out the status of every act on a day.

    >>> from monazite.triples.opening import open_store
    >>> found = read_statuses(open_store(), "2026-11-24")["mofcom-2025-61"]
    >>> found.text.split(", ")[0]
    'may be in force or suspended: its suspension ended on 2026-11-10 by its own text'
    >>> found.text.split(", ")[1:]
    ['an extension to 2027-01-10 was stated on 2026-09-28', 'no formal notice was seen']
    """
    day = day_of(date)

    def all_of_them() -> dict[str, PolicyStatus]:
        acts, reach, lives = read_acts(store), read_reach(store), read_lives(store)
        return {
            policy: reopened(act, reach.get(policy, ()), lives, day) or status_of(act, acts, day)
            for policy, act in acts.acts.items()
        }

    return store.derive(("policy-statuses", day), all_of_them)


def stopped_starts(store: Store) -> Mapping[str, str]:
    """Return the dated starts of acts, or parts of them, that never came: it was stopped before.

    >>> from monazite.triples.opening import open_store
    >>> stopped_starts(open_store())["policy_events/mofcom-gac-2025-57-effective-2025-11-08"]
    'suspended'
    """
    return store.derive(("policy-stopped-starts",), lambda: _stopped_starts(read_acts(store)))


def _stopped_starts(acts: Acts) -> dict[str, str]:
    return {
        step.row: stopped
        for act in acts.acts.values()
        for step in act.steps
        if step.event == "effective"
        if (stopped := PartLife(act, acts, step.part, step.latest).stopped(step))
    }


def with_statuses(query: NamedQuery, store: Store, date: str) -> NamedQuery:
    """Return a named question with the statuses of a day bound in it, if it asks for them."""
    if not query.works_out(_STATUS):
        return query
    acts = read_acts(store).acts
    lines = [
        (f"id/policy/{policy}", status.words, status.reason, status.begins, row)
        for policy, status in read_statuses(store, date).items()
        for row in _own_rows(acts[policy], status)
    ]
    return query.with_lines(lines, _STATUS)


def _own_rows(act: Act, status: PolicyStatus) -> list[str]:
    """The steps of an act that decide its status; no row, for all of them, where others decide."""
    own = {step.row for step in act.steps}
    return [f"row/{row}" for row in status.rows if row in own] or [""]


def status_of(act: Act, acts: Acts, day: str) -> PolicyStatus:
    """Work out the status of one act on a day."""
    if act.kind == NEVER:
        rows = tuple(step.row for step in act.steps)
        said = act.steps[0].date if act.steps else ""
        reason = "a meeting or an occasion obliges no one"
        return PolicyStatus(NOT_IN_FORCE, "no measure", reason, since=said, rows=rows)
    named = sorted({step.part for step in act.steps} - {""})
    lives = [PartLife(act, acts, part, day) for part in ("", *named)]
    whole, *parts = (life.status() for life in lives)
    begins = {life.part: life.begins() for life in lives}
    joined = _joined(whole, parts) if parts and whole.state not in _OF_THE_WHOLE else whole
    told = tuple(replace(part, begins=begins[part.part]) for part in parts)
    return replace(joined, part="", begins=begins[joined.part], parts=told)


_OF_THE_WHOLE = ("ended", "suspended", "in force or suspended", "in force or ended")
"""States of the whole act that its parts share."""


def _joined(whole: PolicyStatus, parts: list[PolicyStatus]) -> PolicyStatus:
    """The status of an act whose parts differ from the whole, or have starts of their own.

    It names the part that leads.
    """
    own = [whole] if whole.begins or not any(part.begins for part in parts) else []
    sections = [*own, *parts]
    values = {section.value for section in sections}
    value = next(value for value in VALUES if value in values)
    sections.sort(key=lambda section: section.begins or NEVER_ENDS)
    leading = next(section for section in sections if section.value == value)
    state = leading.state
    if value == IN_FORCE:
        state = "in force" if values == {IN_FORCE} else "in force in part"
    told = [x for x in parts if x is not leading and x.reason != leading.reason]
    reasons = [_of_part(leading), *map(_of_part, told)]
    rows = dict.fromkeys(row for section in sections for row in section.rows)
    return replace(leading, state=state, reason="; ".join(reasons), rows=tuple(rows))


def _of_part(section: PolicyStatus) -> str:
    if not section.part:
        return section.reason
    return f"{section.part} ({section.text if section.value == MAY_BE else section.reason})"
