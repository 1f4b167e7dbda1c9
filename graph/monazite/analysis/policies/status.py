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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from monazite.analysis.policies.acts import (
    IN_FORCE,
    MAY_BE,
    NEVER_ENDS,
    NOT_IN_FORCE,
    VALUES,
    Act,
    Acts,
    PolicyStatus,
    Step,
    read_acts,
)
from monazite.analysis.policies.reach import ReachRow, read_reach
from monazite.core.results import Value
from monazite.model.facilities.status import OPERATING, PARTLY, FacilityEvent, Lives, read_lives
from monazite.store.queries import NamedQuery, day_of
from monazite.store.store import Store

_STARTS = ("effective", "resumed")
_STOPS = {"suspended", "ended"}
_SAYS = ("extended", "stated")
"""Steps that say until when something is to run; ``stated`` moves nothing by itself."""
_EXTENDS = ("amends", "says-extends")
"""Relations by which an act, or a statement, extends another."""
_Told = tuple[Step, tuple[str, ...]]
"""A step, and the rows that say that it is one of the act."""


@dataclass(frozen=True)
class _Pause(Value):
    """A suspension: from when, until when, and by which rows."""

    date: str
    earliest: str
    latest: str
    until: str
    until_earliest: str
    until_latest: str
    rows: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class PartLife(Value):
    """What decides the status of one part of an act on a day; the part "" is the whole."""

    act: Act
    acts: Acts
    part: str
    day: str

    def status(self) -> PolicyStatus:
        """Return the status, by the first rule that decides."""
        found = self._over() or self._stopped() or self._run_out() or self._by_start()
        start = self._start()
        return replace(found, part=self.part, begins=start.date if start else "")

    def begins(self) -> str:
        """The date on which it took or takes effect; empty where it had been stopped by the day."""
        start = self._start()
        if start is None:
            return ""
        known = start.earliest <= self.day or self.status().state in _STOPS
        return "" if known and self.stopped(start) else start.date

    def stopped(self, start: Step) -> str:
        """Return what it was on each day that a start can be, suspended or ended; empty for none.

        A start whose day is not known never came only if it was stopped on each of them.
        """
        days = (start.earliest, start.latest)
        states = {replace(self, day=day).status().state for day in days}
        return states.pop() if len(states) == 1 and states <= _STOPS else ""

    def _steps(self, *events: str) -> list[Step]:
        """Steps of the part and of the whole act, by time."""
        mine = [step for step in self.act.steps if step.part in ("", self.part)]
        return [step for step in mine if step.event in events]

    def _start(self) -> Step | None:
        """The step by which it took effect: the part's own, if it has one."""
        starts = self._steps("effective")
        own = [step for step in starts if step.part == self.part]
        return next(iter(own or starts), None)

    def _over(self) -> PolicyStatus | None:
        ends: list[_Told] = [(step, (step.row,)) for step in self._steps("ended")]
        for link in () if ends else self.acts.of(self.act.id, "ended-by"):
            by = self.acts.acts.get(link.other)
            ends += [(step, (link.row, step.row)) for step in _starts_of(by)]
        for step, rows in ends:
            if step.latest < self.day:
                when = _on(step.date)
                return PolicyStatus(
                    NOT_IN_FORCE, "ended", f"ended {when}", since=step.date, rows=rows
                )
        start = self._start()
        begun = start is None or start.earliest <= self.day
        for step, rows in ends:
            if step.earliest <= self.day <= step.latest and begun:
                reason = f"it ended {_on(step.date)}, and {_open_day(step)}"
                if start is not None and start.latest >= self.day:
                    reason = f"it took effect {_on(start.date)}, {reason.removeprefix('it ')}"
                    rows = (start.row, *rows)
                return PolicyStatus(MAY_BE, "in force or ended", reason, since="", rows=rows)
        return None

    def _stopped(self) -> PolicyStatus | None:
        pause = max(self._pauses(), key=lambda x: (x.earliest, x.until_latest), default=None)
        if pause is None:
            return None
        again = [s for s in self._steps("resumed") if pause.earliest < s.earliest <= self.day]
        if again and again[-1].latest <= self.day:
            return None
        if again:
            reason = f"it was resumed {_on(again[-1].date)}, and {_open_day(again[-1])}"
            rows = (*pause.rows, again[-1].row)
            return PolicyStatus(MAY_BE, "in force or suspended", reason, rows=rows)
        end, end_rows = self._end_of(pause)
        rows = tuple(dict.fromkeys((*pause.rows, *end_rows)))
        if end >= self.day:
            until = f", until {end}" if end != NEVER_ENDS else ", we found no end"
            if (
                pause.until_earliest < pause.until_latest == end
                and pause.until_earliest <= self.day
            ):
                what = f"it was suspended until {pause.until}, and the day is not known"
                return PolicyStatus(MAY_BE, "in force or suspended", what, rows=rows)
            if pause.latest >= self.day and self._start_is_before(pause):
                what = f"it was suspended {_on(pause.date)}, and {_open_day(pause)}"
                return PolicyStatus(MAY_BE, "in force or suspended", what, pause.date, rows=rows)
            reason = f"suspended since {pause.date}{until}"
            return PolicyStatus(NOT_IN_FORCE, "suspended", reason, pause.date, rows=rows)
        said, said_rows = self._stated(end, pause.by)
        return PolicyStatus(
            value=MAY_BE,
            state="in force or suspended",
            reason=f"its suspension ended on {end} by its own text, {said}",
            since=end,
            rows=(*rows, *said_rows),
        )

    def _start_is_before(self, pause: _Pause) -> bool:
        start = self._start()
        return start is None or start.earliest <= pause.latest

    def _pauses(self) -> Iterator[_Pause]:
        """Suspensions that have begun, of its own steps, and by acts of which no step tells."""
        own = self._steps("suspended")
        links = self.acts.onto(self.act.id, "suspends")
        for step in own:
            if step.earliest <= self.day:
                told = [link for link in links if self._runs_with(link.policy, step)]
                yield _Pause(
                    *(step.date, step.earliest, step.latest),
                    *(step.until, step.until_earliest, step.until_latest),
                    rows=(step.row, *(link.row for link in told)),
                    by=tuple(link.policy for link in told),
                )
        everything = [step for step in self.act.steps if step.event == "suspended"]
        for link in links:
            if any(self._runs_with(link.policy, step) for step in everything):
                continue
            for start in _starts_of(self.acts.acts.get(link.policy)):
                if start.earliest <= self.day:
                    end = self._end_of_act(link.policy)
                    yield _Pause(
                        *(start.date, start.earliest, start.latest, end, end, end),
                        rows=(link.row, start.row),
                        by=(link.policy,),
                    )

    def _runs_with(self, stopper: str, step: Step) -> bool:
        """Tell whether a suspension in the steps is that of an act: it begins no earlier."""
        starts = _starts_of(self.acts.acts.get(stopper))
        return not starts or starts[0].earliest <= step.latest

    def _end_of_act(self, policy: str) -> str:
        """The last day that an act sets for itself; empty for none."""
        act = self.acts.acts[policy]
        ends = [step.until_latest for step in act.steps if step.event in ("extended", "effective")]
        ended = [step.latest for step in act.steps if step.event == "ended"]
        return max(filter(None, ends), default="") or max(ended, default="")

    def _end_of(self, pause: _Pause) -> tuple[str, tuple[str, ...]]:
        """The last day of a suspension, moved by extensions that took effect."""
        end, rows = pause.until_latest or NEVER_ENDS, tuple[str, ...]()
        own: list[_Told] = [(step, (step.row,)) for step in self._steps("extended")]
        for policy in pause.by:
            own += [(step, (step.row,)) for step in _steps_of(self.acts.acts[policy], "extended")]
        formal = [(s, r) for s, r, stated in self._extensions(pause.by) if not stated]
        for step, found in (*own, *formal):
            later = pause.earliest < step.earliest <= self.day  # not the run that it began with
            if later and step.until_latest > end:
                end, rows = step.until_latest, found
        return end, rows

    def _extensions(self, stoppers: Iterable[str]) -> Iterator[tuple[Step, tuple[str, ...], bool]]:
        """Extensions by other acts, of it or of what suspends it; and whether only stated."""
        for policy in (self.act.id, *stoppers):
            for relation in _EXTENDS:
                for link in self.acts.onto(policy, relation):
                    act = self.acts.acts.get(link.policy)
                    begun = any(step.earliest <= self.day for step in _starts_of(act))
                    for step in _steps_of(act, *_SAYS):
                        if step.earliest <= self.day and step.until:
                            stated = not begun or relation != "amends" or step.event != "extended"
                            yield step, (link.row, step.row), stated

    def _stated(self, end: str, stoppers: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """Say what was stated on the time after an end, with the rows."""
        said = [
            (step.earliest, step.until_latest, step.date, rows)
            for step, rows, stated in self._extensions(stoppers)
            if stated and step.until_latest > end
        ]
        said += [
            (step.earliest, step.until_latest, step.date, (step.row,))
            for step in self._steps("stated")
            if step.earliest <= self.day and step.until_latest > end
        ]
        if not said:
            return "and no record says what followed", ()
        _, until, date, rows = max(said)
        return f"{self._extension(until, date)}, no formal notice was seen", rows

    def _extension(self, until: str, date: str) -> str:
        over = ", now past," if until < self.day else ""
        return f"an extension to {until}{over} was stated {_on(date)}"

    def _run_out(self) -> PolicyStatus | None:
        """The last day that it sets for itself has passed."""
        until, end, rows = self._run()
        if not until or end >= self.day:
            return None
        said, said_rows = self._stated(end, ())
        reason = f"its stated last day, {end}, has passed, {said}"
        return PolicyStatus(MAY_BE, "in force or ended", reason, end, rows=(*rows, *said_rows))

    def _run(self) -> tuple[str, str, tuple[str, ...]]:
        """The last day that it sets for itself, as printed, at the latest, and the rows.

        It moves with extensions that took effect; of what sets none they extend something else.
        """
        own = [
            x for x in self._steps("effective", "extended") if x.until and x.earliest <= self.day
        ]
        if not own:
            return "", "", ()
        runs: list[_Told] = [(step, (step.row,)) for step in own]
        runs += [(step, rows) for step, rows, stated in self._extensions(()) if not stated]
        last, rows = max(runs, key=lambda told: (told[0].until_latest, told[0].earliest))
        return last.until, last.until_latest, rows

    def _by_start(self) -> PolicyStatus:
        start = self._start()
        starts = [start] if start else self._steps(*_STARTS)
        begun = [step for step in starts if step.earliest <= self.day]
        for step in begun:
            if step.latest <= self.day:
                until, _, told = self._run()
                reason = f"since {step.date}" + (f", until {until}" if until else "")
                rows = tuple(dict.fromkeys((step.row, *told)))
                return PolicyStatus(IN_FORCE, "in force", reason, step.date, rows=rows)
        if begun:
            reason = f"it took effect {_on(begun[0].date)}, and {_open_day(begun[0])}"
            return PolicyStatus(MAY_BE, "in force", reason, rows=(begun[0].row,))
        announced = self._steps("announced")
        said = [step for step in announced if step.earliest <= self.day]
        behind = tuple(step.row for step in said[:1])
        if starts:
            reason = f"takes effect {_on(starts[0].date)}"
            reason += f", announced {_on(said[0].date)}" if said else ""
            state, since = ("announced", said[0].date) if said else ("not yet", "")
            return PolicyStatus(NOT_IN_FORCE, state, reason, since, rows=(*behind, starts[0].row))
        return self._without_start(announced, said)

    def _without_start(self, announced: list[Step], spoken: list[Step]) -> PolicyStatus:
        """The status of what no row says when it began."""
        stated = [s for s in self._steps(*_SAYS) if s.earliest <= self.day and s.until]
        if stated:
            last = stated[-1]
            reason = f"{self._extension(last.until_latest, last.date)}, no formal notice was seen"
            state, since = "start not known", last.date
            return PolicyStatus(MAY_BE, state, reason, since, rows=(last.row,))
        if announced and not spoken:
            reason = f"announced only {_on(announced[0].date)}"
            return PolicyStatus(NOT_IN_FORCE, "not yet", reason, rows=(announced[0].row,))
        proposed = self._steps("proposed")
        if proposed and not spoken:
            put = [step for step in proposed if step.earliest <= self.day]
            state, since = ("proposed", put[-1].date) if put else ("not yet", "")
            reason = f"proposed {_on((put or proposed)[-1].date)}, applying to no one so far"
            return PolicyStatus(
                NOT_IN_FORCE, state, reason, since, rows=((put or proposed)[-1].row,)
            )
        if spoken:
            reason = f"announced {_on(spoken[0].date)}, we found no start"
            state, since = "start not known", spoken[0].date
            return PolicyStatus(MAY_BE, state, reason, since, rows=(spoken[0].row,))
        return PolicyStatus(MAY_BE, "start not known", "we found no date of its start")


def _steps_of(act: Act | None, *events: str) -> list[Step]:
    return [step for step in act.steps if step.event in events] if act else []


def _starts_of(act: Act | None) -> list[Step]:
    """The steps by which an act takes effect, those of its parts included."""
    return _steps_of(act, "effective")


def _on(date: str) -> str:
    """Return ``on`` a day, ``in`` a month or year."""
    return f"on {date}" if len(date) == len("2025-06-11") else f"in {date}"


def _open_day(step: Step | _Pause) -> str:
    """Say why a date leaves a day open."""
    if step.earliest == step.latest:
        return "sources differ on whether that day is in"
    return "the day is not known"


CLOSURE = "environment-closure"
"""The kind of act that closes plants, or sets on what they may run."""
_CLOSED = frozenset({"suspended", "closed"})


def reopened(act: Act, rows: Iterable[ReachRow], lives: Lives, day: str) -> PolicyStatus | None:
    """Return the status of a closure whose plants have restarted by a day; None of any other act.

    A closure that names plants ends with the last of their first restarts after it began, whether
    a record says so of the act or not. What it names must have stopped with it: an act that sets
    conditions on a plant that runs is no closure.

    >>> from monazite.model.facilities.status import read_lives
    >>> from monazite.analysis.policies.acts import read_acts
    >>> from monazite.analysis.policies.reach import read_reach
    >>> from monazite.store.opening import open_store
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


_STATUS = "policy-status"
"""What a question asks for that has statuses bound in it."""
NEVER = "meeting"
"""The kind of what is no measure: talks, summits, incidents."""


def read_statuses(store: Store, date: str) -> Mapping[str, PolicyStatus]:
    """Work out the status of every act on a day.

    >>> from monazite.store.opening import open_store
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

    >>> from monazite.store.opening import open_store
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
