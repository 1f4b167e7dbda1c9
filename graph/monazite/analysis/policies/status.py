"""Whether an act is in force on a day, by its dated steps and by what other acts do to it.

There are three values, each with a reason: in force, not in force, may be in force. The rules, part
by part and in this order:

* a meeting, talks or an incident is never in force, nor is what was only proposed;
* a closure of plants is over once each of them has restarted;
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
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

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
    named_as,
    read_acts,
)
from monazite.core.results import Value
from monazite.model.facilities.status import (
    OPERATING,
    PARTLY,
    FacilityEvent,
    FacilityStatuses,
    read_lives,
)
from monazite.store.queries import NamedQuery, day_of
from monazite.store.store import Store

Rows = tuple[str, ...]
OR_SUSPENDED, OR_ENDED = "in force or suspended", "in force or ended"
_STOPS = {"suspended", "ended"}
_SAYS = ("extended", "stated")  # until when something is to run; ``stated`` moves nothing itself
_NO_NOTICE = "no formal notice was seen"
CLOSURE = "environment-closure"


def read_statuses(store: Store, day: str) -> Mapping[str, PolicyStatus]:
    """The status of every act on a day, or on the last day of a month or year, by its id."""
    day = day_of(day)

    def all_of_them() -> dict[str, PolicyStatus]:
        acts, lives = read_acts(store), read_lives(store)
        return {
            name: reopened(act, lives, day) or status_of(act, acts, day)
            for name, act in acts.acts.items()
        }

    return store.derive(("policy-statuses", day), all_of_them)


def stopped_starts(store: Store) -> Mapping[str, str]:
    """What stopped the starts that never came, suspended or ended, by the row of the start."""

    def found() -> dict[str, str]:
        acts = read_acts(store)
        dated = [(act, step) for act in acts.acts.values() for step in act.steps_of("effective")]
        states = {x.row: PartStatus(act, acts, x.part, x.latest).stopped(x) for act, x in dated}
        return {row: state for row, state in states.items() if state}

    return store.derive(("policy-stopped-starts",), found)


def with_statuses(query: NamedQuery, store: Store, day: str) -> NamedQuery:
    """Bind the statuses of a day in a question that asks for them, each with its own rows."""
    if not query.works_out("policy-status"):
        return query
    acts, lines = read_acts(store).acts, list[tuple[str, ...]]()
    for name, status in read_statuses(store, day).items():
        own = {step.row for step in acts[name].steps}
        rows = [f"row/{row}" for row in status.rows if row in own] or [""]
        said = (f"id/policy/{name}", status.words, status.reason, status.begins)
        lines += [(*said, row) for row in rows]
    return query.with_lines(lines, "policy-status")


def reopened(act: Act, lives: FacilityStatuses, day: str) -> PolicyStatus | None:
    """A closure is over since the last of its plants restarted; None of any other act."""
    start = next(iter(act.steps_of("effective")), None)
    plants = {x.id: x.label for x in named_as(act.reach, "targets") if x.kind == "facility"}
    if act.kind != CLOSURE or start is None or not plants:
        return None
    again = {name: _restart(lives.events.get(name, ()), start.latest, day) for name in plants}
    known = {name: event for name, event in again.items() if event is not None}
    if len(known) < len(plants):
        return None
    last = max(known, key=lambda name: (known[name].earliest, name))
    when = known[last].printed
    reason = f"over since {plants[last]} restarted in {when}"
    restarts = sorted(event.row for event in known.values())
    return PolicyStatus(
        NOT_IN_FORCE, "ended", reason, when, start.date, rows=(start.row, *restarts)
    )


def _restart(events: Iterable[FacilityEvent], after: str, day: str) -> FacilityEvent | None:
    """The first event after a stop with which a plant runs again; None where it did not stop."""
    happened = sorted((x for x in events if x.state and x.latest <= day), key=lambda x: x.earliest)
    if not any(x.state in ("suspended", "closed") and x.earliest <= after for x in happened):
        return None
    runs = (x for x in happened if x.state in (OPERATING, PARTLY) and x.earliest > after)
    return next(runs, None)


def status_of(act: Act, acts: Acts, day: str) -> PolicyStatus:
    """The status of one act on a day, and of each part that has steps of its own."""
    if act.kind == "meeting":
        since, rows = (act.steps[0].date if act.steps else ""), tuple(x.row for x in act.steps)
        reason = "a meeting or an occasion obliges no one"
        return PolicyStatus(NOT_IN_FORCE, "no measure", reason, since, rows=rows)
    named = sorted({step.part for step in act.steps} - {""})
    lives = [PartStatus(act, acts, part, day) for part in ("", *named)]
    whole, *parts = (life.status for life in lives)
    begins = {life.part: life.begins() for life in lives}
    shared = whole.state in (*_STOPS, OR_SUSPENDED, OR_ENDED)
    joined = _joined(whole, parts) if parts and not shared else whole
    told = tuple(replace(part, begins=begins[part.part]) for part in parts)
    return replace(joined, part="", begins=begins[joined.part], parts=told)


def _joined(whole: PolicyStatus, parts: list[PolicyStatus]) -> PolicyStatus:
    """The status of an act whose parts differ from the whole; it names the part that leads."""
    own = [whole] if whole.begins or not any(part.begins for part in parts) else []
    sections = sorted([*own, *parts], key=lambda section: section.begins or NEVER_ENDS)
    leading = min(sections, key=lambda section: VALUES.index(section.value))
    state = leading.state
    if leading.value == IN_FORCE:
        whole_of_it = all(section.value == IN_FORCE for section in sections)
        state = "in force" if whole_of_it else "in force in part"
    told = [leading, *(x for x in parts if x is not leading and x.reason != leading.reason)]
    rows = dict.fromkeys(row for section in sections for row in section.rows)
    reason = "; ".join(
        f"{x.part} ({x.text if x.value == MAY_BE else x.reason})" if x.part else x.reason
        for x in told
    )
    return replace(leading, state=state, reason=reason, rows=tuple(rows))


class PartStatus:
    """What decides the status of one part of an act on a day; the part "" is the whole."""

    def __init__(self, act: Act, acts: Acts, part: str, day: str) -> None:
        self.act, self.acts, self.part, self.day = act, acts, part, day
        starts = self._steps("effective")
        own = [step for step in starts if step.part == part]
        self.start = next(iter(own or starts), None)

    @cached_property
    def status(self) -> PolicyStatus:
        """The status by the first rule that decides."""
        found = self._over() or self._stopped() or self._run_out() or self._by_start()
        return replace(found, part=self.part, begins=self.start.date if self.start else "")

    def begins(self) -> str:
        """The date on which it took or takes effect; empty where it had been stopped by the day."""
        if self.start is None:
            return ""
        known = self.start.earliest <= self.day or self.status.state in _STOPS
        return "" if known and self.stopped(self.start) else self.start.date

    def stopped(self, start: Step) -> str:
        """What it was on each day that a start can be, suspended or ended; empty for none."""
        days = {start.earliest, start.latest}
        states = {PartStatus(self.act, self.acts, self.part, x).status.state for x in days}
        return states.pop() if len(states) == 1 and states <= _STOPS else ""

    def _steps(self, *events: str, begun: bool = False) -> list[Step]:
        """Steps of the part and of the whole act, by time; only those begun by the day."""
        mine = [x for x in self.act.steps_of(*events) if x.part in ("", self.part)]
        return [x for x in mine if not begun or x.earliest <= self.day]

    def _starts_of(self, policy: str) -> list[Step]:
        return self.acts.acts[policy].steps_of("effective") if policy in self.acts.acts else []

    def _over(self) -> PolicyStatus | None:
        ends: list[tuple[Step, Rows]] = [(x, (x.row,)) for x in self._steps("ended")]
        for link in () if ends else self.acts.of(self.act.id, "ended-by"):
            ends += [(x, (link.row, x.row)) for x in self._starts_of(link.other)]
        for step, rows in ends:
            if step.latest < self.day:
                reason = f"ended {_on(step)}"
                return PolicyStatus(NOT_IN_FORCE, "ended", reason, step.date, rows=rows)
        start = self.start
        for step, rows in ends if start is None or start.earliest <= self.day else ():
            if step.earliest <= self.day <= step.latest:
                reason = f"it ended {_on(step)}, and {_open_day(step)}"
                if start is not None and start.latest >= self.day:
                    reason = f"it took effect {_on(start)}, {reason.removeprefix('it ')}"
                    rows = (start.row, *rows)
                return PolicyStatus(MAY_BE, OR_ENDED, reason, rows=rows)
        return None

    def _stopped(self) -> PolicyStatus | None:
        pauses = self._pauses()
        if not pauses:
            return None
        pause, rows, by = max(pauses, key=lambda x: (x[0].earliest, x[0].until_latest))
        again = [x for x in self._steps("resumed", begun=True) if pause.earliest < x.earliest]
        if again and again[-1].latest <= self.day:
            return None
        if again:
            reason = f"it was resumed {_on(again[-1])}, and {_open_day(again[-1])}"
            return PolicyStatus(MAY_BE, OR_SUSPENDED, reason, rows=(*rows, again[-1].row))
        end, end_rows = self._end_of(pause, by)
        rows = tuple(dict.fromkeys((*rows, *end_rows)))
        if end < self.day:
            said, said_rows = self._stated(end, by)
            reason = f"its suspension ended on {end} by its own text, {said}"
            return PolicyStatus(MAY_BE, OR_SUSPENDED, reason, end, rows=(*rows, *said_rows))
        if pause.until_earliest < pause.until_latest == end and pause.until_earliest <= self.day:
            reason = f"it was suspended until {pause.until}, and the day is not known"
            return PolicyStatus(MAY_BE, OR_SUSPENDED, reason, rows=rows)
        if pause.latest >= self.day and (not self.start or self.start.earliest <= pause.latest):
            reason = f"it was suspended {_on(pause)}, and {_open_day(pause)}"
            return PolicyStatus(MAY_BE, OR_SUSPENDED, reason, pause.date, rows=rows)
        until = f"until {end}" if end != NEVER_ENDS else "we found no end"
        reason = f"suspended since {pause.date}, {until}"
        return PolicyStatus(NOT_IN_FORCE, "suspended", reason, pause.date, rows=rows)

    def _pauses(self) -> list[tuple[Step, Rows, Rows]]:
        """Suspensions begun, of its own steps or set by an act alone, with rows and those acts."""
        found: list[tuple[Step, Rows, Rows]] = []
        links = self.acts.onto(self.act.id, "suspends")
        for step in self._steps("suspended", begun=True):
            told = [link for link in links if self._runs_with(link.policy, step)]
            by = tuple(link.policy for link in told)
            found.append((step, (step.row, *(link.row for link in told)), by))
        everything = self.act.steps_of("suspended")
        for link in links:
            if not any(self._runs_with(link.policy, step) for step in everything):
                for start in self._starts_of(link.policy):
                    if start.earliest <= self.day:
                        end = dict.fromkeys(
                            ("until", "until_earliest", "until_latest"),
                            self._end_of_act(link.policy),
                        )
                        rows = (link.row, start.row)
                        found.append((replace(start, **end), rows, (link.policy,)))
        return found

    def _runs_with(self, stopper: str, step: Step) -> bool:
        """Whether a suspension in the steps is that of an act: it begins no earlier."""
        starts = self._starts_of(stopper)
        return not starts or starts[0].earliest <= step.latest

    def _end_of_act(self, policy: str) -> str:
        act = self.acts.acts[policy]
        ends = [x.until_latest for x in act.steps_of("extended", "effective")]
        return max(ends, default="") or max((x.latest for x in act.steps_of("ended")), default="")

    def _end_of(self, pause: Step, by: Rows) -> tuple[str, Rows]:
        """The last day of a suspension, moved by extensions that took effect."""
        end, rows = pause.until_latest or NEVER_ENDS, Rows()
        others = [x for policy in by for x in self.acts.acts[policy].steps_of("extended")]
        own = (*self._steps("extended"), *others)
        told: list[tuple[Step, Rows]] = [(x, (x.row,)) for x in own]
        told += [(x, rows) for x, rows, stated in self._extensions(by) if not stated]
        for step, found in told:
            later = pause.earliest < step.earliest <= self.day  # not the run that it began with
            if later and step.until_latest > end:
                end, rows = step.until_latest, found
        return end, rows

    def _extensions(self, by: Rows = ()) -> Iterator[tuple[Step, Rows, bool]]:
        """Extensions by other acts, of it or of what suspends it; and whether only stated."""
        for policy in (self.act.id, *by):
            for link in self.acts.onto(policy, "amends", "says-extends"):
                begun = any(x.earliest <= self.day for x in self._starts_of(link.policy))
                act = self.acts.acts.get(link.policy)
                for step in act.steps_of(*_SAYS) if act else ():
                    if step.earliest <= self.day and step.until:
                        formal = begun and (link.relation, step.event) == ("amends", "extended")
                        yield step, (link.row, step.row), not formal

    def _stated(self, end: str, by: Rows = ()) -> tuple[str, Rows]:
        """What was stated on the time after an end, with the rows."""
        said = [(x, rows) for x, rows, stated in self._extensions(by) if stated]
        said += [(x, (x.row,)) for x in self._steps("stated", begun=True)]
        late = [(x.earliest, x.until_latest, x.date, r) for x, r in said if x.until_latest > end]
        if not late:
            return "and no record says what followed", ()
        _, until, when, rows = max(late)
        return f"{self._extension(until, when)}, {_NO_NOTICE}", rows

    def _extension(self, until: str, when: str) -> str:
        over = ", now past," if until < self.day else ""
        return f"an extension to {until}{over} was stated {_on(when)}"

    def _run(self) -> tuple[str, str, Rows]:
        """The last day that it sets for itself, with extensions: printed, latest, and the rows."""
        own = [x for x in self._steps("effective", "extended", begun=True) if x.until]
        if not own:
            return "", "", ()
        runs: list[tuple[Step, Rows]] = [(x, (x.row,)) for x in own]
        runs += [(x, rows) for x, rows, stated in self._extensions() if not stated]
        last, rows = max(runs, key=lambda told: (told[0].until_latest, told[0].earliest))
        return last.until, last.until_latest, rows

    def _run_out(self) -> PolicyStatus | None:
        """The last day that it sets for itself has passed."""
        until, end, rows = self._run()
        if not until or end >= self.day:
            return None
        said, said_rows = self._stated(end)
        reason = f"its stated last day, {end}, has passed, {said}"
        return PolicyStatus(MAY_BE, OR_ENDED, reason, end, rows=(*rows, *said_rows))

    def _by_start(self) -> PolicyStatus:
        starts = [self.start] if self.start else self._steps("resumed")
        begun = [x for x in starts if x.earliest <= self.day]
        for step in begun:
            if step.latest <= self.day:
                until, _, told = self._run()
                reason = f"since {step.date}" + (f", until {until}" if until else "")
                rows = tuple(dict.fromkeys((step.row, *told)))
                return PolicyStatus(IN_FORCE, "in force", reason, step.date, rows=rows)
        if begun:
            reason = f"it took effect {_on(begun[0])}, and {_open_day(begun[0])}"
            return PolicyStatus(MAY_BE, "in force", reason, rows=(begun[0].row,))
        said = self._steps("announced", begun=True)[:1]
        if starts:
            reason = f"takes effect {_on(starts[0])}"
            reason += "".join(f", announced {_on(x)}" for x in said)
            state, since = ("announced", said[0].date) if said else ("not yet", "")
            rows = (*(x.row for x in said), starts[0].row)
            return PolicyStatus(NOT_IN_FORCE, state, reason, since, rows=rows)
        return self._without_start(said)

    def _without_start(self, said: list[Step]) -> PolicyStatus:
        """The status of what no row says when it began."""
        stated = [x for x in self._steps(*_SAYS, begun=True) if x.until]
        announced, proposed = self._steps("announced"), self._steps("proposed")
        if stated:
            step, value, state = stated[-1], MAY_BE, "start not known"
            reason = f"{self._extension(step.until_latest, step.date)}, {_NO_NOTICE}"
        elif announced and not said:
            step, value, state = announced[0], NOT_IN_FORCE, "not yet"
            reason = f"announced only {_on(step)}"
        elif proposed and not said:
            put = self._steps("proposed", begun=True)
            step, value = (put or proposed)[-1], NOT_IN_FORCE
            state = "proposed" if put else "not yet"
            reason = f"proposed {_on(step)}, applying to no one so far"
        elif said:
            step, value, state = said[0], MAY_BE, "start not known"
            reason = f"announced {_on(step)}, we found no start"
        else:
            return PolicyStatus(MAY_BE, "start not known", "we found no date of its start")
        since = "" if state == "not yet" else step.date
        return PolicyStatus(value, state, reason, since, rows=(step.row,))


def _on(when: Step | str) -> str:
    """``on`` a day, ``in`` a month or year."""
    day = when if isinstance(when, str) else when.date
    return f"on {day}" if len(day) == len("2025-06-11") else f"in {day}"


def _open_day(step: Step) -> str:
    """Why a date leaves a day open."""
    same = step.earliest == step.latest
    return "sources differ on whether that day is in" if same else "the day is not known"


_BY_TEXT = {
    "in force or suspended": "Suspension ended by its own text",
    "in force or ended": "Its stated last day",
}
"""What has happened, by the state that an end leaves which no step tells."""


class OwnEnd(Value):
    """That a suspension or a run of an act ended on the day that its text had set."""

    policy: str
    date: str
    what: str
    rows: tuple[str, ...]


def own_ends(act: Act, acts: Acts, first: str, last: str) -> Iterator[OwnEnd]:
    """Find the ends of an act, or of parts of it, that its texts set within some days."""
    held = {act.id}
    for _ in range(2):  # what extends an act, and what extends the act that suspends it
        held |= {link.policy for link in acts.links if link.other in held}
    ends = {x.until_latest for name in held & acts.acts.keys() for x in acts.acts[name].steps}
    for day in sorted(x for x in ends if x and first <= x < last):
        after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        before = _by_part(status_of(act, acts, day))
        for part, status in _by_part(status_of(act, acts, after)).items():
            known = before.get(part, before.get("", status))
            if status.state in _BY_TEXT and status.since == day and known.state != status.state:
                within = f" in part ({part})" if part else ""
                yield OwnEnd(act.id, day, f"{_BY_TEXT[status.state]}{within}", status.rows)


def _by_part(status: PolicyStatus) -> Mapping[str, PolicyStatus]:
    """The status of each part; of the whole where its parts share it."""
    shared = all(part.state == status.state for part in status.parts)
    return {"": status} if shared else {part.part: part for part in status.parts}
