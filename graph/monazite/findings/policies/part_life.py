"""The life of one part of an act up to a day, and the status that decides: rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monazite.findings.policies.acts import Act, Acts, Step
from monazite.findings.policies.status_values import (
    IN_FORCE,
    MAY_BE,
    NEVER_ENDS,
    NOT_IN_FORCE,
    PolicyStatus,
)
from monazite.result import Value

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
