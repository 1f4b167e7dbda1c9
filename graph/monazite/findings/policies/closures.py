"""Closures of plants that are over: each plant that they closed is recorded as running again."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import OPERATING, PARTLY, FacilityEvent
from monazite.findings.policies.acts import Act
from monazite.findings.policies.reach import ReachRow
from monazite.findings.policies.status_values import NOT_IN_FORCE, PolicyStatus

CLOSURE = "environment-closure"
"""The kind of act that closes plants, or sets on what they may run."""
_CLOSED = frozenset({"suspended", "closed"})


def reopened(act: Act, rows: Iterable[ReachRow], lives: Lives, day: str) -> PolicyStatus | None:
    """Return the status of a closure whose plants have restarted by a day; None of any other act.

    A closure that names plants ends with the last of their first restarts after it began, whether
    a record says so of the act or not. What it names must have stopped with it: an act that sets
    conditions on a plant that runs is no closure.

    >>> from monazite.findings.plants.lives import read_lives
    >>> from monazite.findings.policies.acts import read_acts
    >>> from monazite.findings.policies.reach import read_reach
    >>> from monazite.triples.opening import open_store
    >>> store = open_store()
    >>> name = "mountain-pass-closure"
    >>> act, rows = read_acts(store).acts[name], read_reach(store)[name]
    >>> reopened(act, rows, read_lives(store), "2026-11-24").since
    '2010-12'
    """
    start = next((step for step in act.steps if step.event == "effective"), None)
    if act.kind != CLOSURE or start is None:
        return None
    plants = {
        thing.id: thing.label
        for row in rows
        for thing in row.named_as("targets")
        if thing.kind == "facility"
    }
    restarts = {name: _restart(lives.events.get(name, ()), start.latest, day) for name in plants}
    known = {name: event for name, event in restarts.items() if event is not None}
    if not known or len(known) < len(plants):
        return None
    last = max(known, key=lambda name: (known[name].earliest, name))
    return PolicyStatus(
        NOT_IN_FORCE,
        "ended",
        f"over since {plants[last]} restarted in {known[last].printed}",
        since=known[last].printed,
        begins=start.date,
        rows=(start.row, *sorted(event.row for event in known.values())),
    )


def _restart(events: Iterable[FacilityEvent], after: str, day: str) -> FacilityEvent | None:
    """The first event after a stop with which a plant runs again; None where it has not stopped."""
    happened = sorted((x for x in events if x.state and x.latest <= day), key=lambda x: x.earliest)
    if not any(x.state in _CLOSED and x.earliest <= after for x in happened):
        return None
    return next(
        (x for x in happened if x.state in {OPERATING, PARTLY} and x.earliest > after), None
    )
