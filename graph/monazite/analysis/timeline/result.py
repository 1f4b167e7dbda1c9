"""A timeline as a value, with its headline, tables and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from monazite.analysis.concentration.shares import first_row
from monazite.analysis.timeline.consequential import (
    OPENS,
    PEAK,
    RESTARTS,
    RULE,
    STOPS,
    Consequence,
    consequential,
    of_several,
    price_turns,
    rule_turns,
    source_day,
    works_turns,
)
from monazite.analysis.timeline.dated_events import DatedEvent, order
from monazite.core.columns import Column, bare_table, table
from monazite.core.formats import NOT_KNOWN, counted, exact, grouped, in_brief
from monazite.core.results import Listing, Value
from monazite.core.tables import Table
from monazite.data.dates import date_bounds, day_words
from monazite.data.roots import tier_word
from monazite.model.facilities.status import FacilityStatus, Holder
from monazite.model.wording import capital, listed
from monazite.store.cards import SourceLine

_YEARS = 3  # years that a sentence names
_DONE = {OPENS: "opened", STOPS: "stopped", RESTARTS: "restarted"}
_RULE = {
    "Effective": "took effect",
    "Ended": "ended",
    "Suspended": "was suspended",
    "Extended": "was extended",
}


def finding(timeline: Timeline) -> str:
    """Return what a timeline finds."""
    told = timeline.events
    if not told:
        return f"No dated record speaks of {timeline.title}."
    happened = [each for each in told if each.earliest <= timeline.day]
    works = list(works_turns(happened))
    if timeline.life is not None:
        parts = [f"{timeline.title}: {timeline.life.state}.", _stops(works)]
    else:
        rules = rule_turns(happened, timeline.day)
        last = max(of_several(works), key=_latest, default=None)
        work = f"{last.event.subject} {_DONE[last.why]} {_when(last)}." if last else ""
        parts = [_last_rule(timeline.title, rules), work, _peak(happened)]
    said = " ".join([part for part in parts if part][:2])
    if said:
        return said if timeline.title.lower() in said.lower() else f"{timeline.title}. {said}"
    until = max(each.latest for each in told)[:4]
    lines = "line" if len(told) == 1 else "lines"
    return f"{timeline.title}: {grouped(len(told))} dated {lines}, {told[0].date[:4]} to {until}."


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
    last = max(rules, key=_latest)
    done = f"{_RULE.get(last.event.event, last.event.event.lower())} {_when(last)}"
    if last.event.subject == title:
        return f"{capital(title)} {done}."
    return f"Newest rule on the trade of {title}: {last.event.subject} ({done})."


def _latest(turn: Consequence) -> tuple[str, tuple[str, ...]]:
    return turn.event.earliest, turn.event.rows


def _when(turn: Consequence) -> str:
    at = "on" if turn.event.certainty == "day" else "in"
    return f"{at} {day_words(turn.event.date)}"


def _peak(events: Sequence[DatedEvent]) -> str:
    """The highest price of any form in one unit, with its form, its unit and its date."""
    peak = next((each.event for each in price_turns(events) if each.why == PEAK), None)
    if peak is None:
        return ""
    return f"Highest recorded price: {peak.subject}, {peak.what}, {day_words(peak.date)}."


_LONGEST = 90  # characters of an event that is named and not listed


def more_lines(
    timeline: Timeline, where: str = "--full lists them", *, newest: bool = True
) -> list[str]:
    """Say how the short list was chosen, how many more lines there are, and which is the newest."""
    shown = {each.event for each in timeline.short}
    others = [each for each in timeline.events if each not in shown]
    if not others:
        return []
    lines = f"{capital(counted(len(others), 'more line'))}: {where}."
    if not newest:
        return [RULE, lines]
    last = max(others, key=lambda each: (source_day(each), order(each)))
    told = in_brief(last.sentence(timeline.title).rstrip("."), _LONGEST)
    return [RULE, f"{lines} The newest source among them: {last.date}, {told}."]


def certainty(dated_event: DatedEvent) -> str:
    """Say what is known of a date, nothing where it is a day."""
    if dated_event.kind == "share":
        return "the whole year"
    return "" if dated_event.certainty == "day" else f"{dated_event.certainty} known"


def _who(sources: tuple[SourceLine, ...]) -> str:
    """Who says so: the source of the best tier, and how many more."""
    if not sources:
        return ""
    best = min(sources, key=lambda source: (source.tier, source.id))
    more = f" +{len(sources) - 1}" if len(sources) > 1 else ""
    return f"{best.publisher}, {tier_word(best.tier)}{more}"


def life_lines(life: FacilityStatus) -> str:
    """Say in a sentence how a facility stood on a day, who owned it and who ran it."""
    perhaps = {"perhaps": "perhaps ", "surely": ""}.get(life.certainty, "")
    text = f"On {life.day}: {perhaps}{life.state}"
    if life.others:
        text += f" (other versions: {', '.join(life.others)})"
    if len({stage.state for stage in life.stages}) > 1:
        text += f"; {', '.join(f'{stage.stage} {stage.state}' for stage in life.stages)}"
    owners = ", ".join(map(_holder, life.owners)) or NOT_KNOWN
    if not life.owners and life.owners_before:
        last = ", ".join(f"{owner.label} until {owner.until}" for owner in life.owners_before)
        owners += f" (last on record: {last})"
    operators = ", ".join(map(_holder, life.operators)) or NOT_KNOWN
    told = (text, f"Owner: {owners}", f"Operator: {operators}")
    return " ".join(part if part.endswith(".") else f"{part}." for part in told)


def _holder(holder: Holder) -> str:
    share = "" if holder.percent is None else f" {exact(holder.percent)} %"
    perhaps = " (perhaps)" if holder.certainty == "perhaps" else ""
    return f"{holder.label}{share}{perhaps}"


@dataclass(frozen=True)
class TimelineLine(Value):
    """A dated event in its timeline.

    Attributes:
        sentence: the line as a sentence.
        turn: why it is in the short list; None where it is not.
    """

    _json = (
        "kind=event.kind date=event.date earliest=event.earliest latest=event.latest "
        "subject=event.subject what=event.what rows=event.rows edge=event.edge event=event.event "
        "until?=event.until until_earliest=event.until_earliest until_latest=event.until_latest "
        "note=event.note sources=event.sources act=event.act part=event.part "
        "certainty=event.certainty sentence turn"
    )

    event: DatedEvent
    sentence: str
    turn: str | None


@dataclass(frozen=True)
class Timeline(Listing[DatedEvent]):
    """What happened, in order.

    Attributes:
        title: name of the entity or stage.
        entity: id of the entity; None for a stage.
        stage: of the chain; None for all.
        day: the ISO date on which the state of a plant is told.
        life: the state, owners and operators of a plant on that day; None for anything else.
        events: what happened, by the earliest day that a date can mean.
        left_out: in sentences, what is not among them.
        core: titles of the acts that name the element of the timeline.
    """

    title: str
    entity: str | None
    stage: str | None
    day: str
    life: FacilityStatus | None
    events: tuple[DatedEvent, ...]
    left_out: tuple[str, ...]
    core: frozenset[str] = frozenset()

    _items = "events"
    records_key = "lines"
    _json = "title entity stage day life finding lines left_out"

    @cached_property
    def short(self) -> tuple[Consequence, ...]:
        """The few events that changed something, in order of time, each with why it counts."""
        return consequential(self.events, self.day, title=self.title, core=self.core)

    @property
    def finding(self) -> str:
        """What the timeline finds, in one or two sentences."""
        return finding(self)

    @property
    def lines(self) -> tuple[TimelineLine, ...]:
        """What happened, in order, each with the bounds of its date."""
        turns = {each.event: each.why for each in self.short}
        return tuple(
            TimelineLine(each, each.sentence(self.title), turns.get(each) or None)
            for each in self.events
        )

    def tables(self) -> list[Table]:
        """Return the timeline as one table, with what it leaves out below it."""
        columns = (
            Column("date", "date"),
            Column("certainty", certainty),
            Column("kind", "kind", spare=2),
            Column("what happened", lambda each: each.sentence(self.title)),
            Column("source", "sources", _who, spare=1),
            Column("row", "rows", first_row, full=True),
        )
        heading = f"{self.title}: timeline"
        return [table(heading, self.events, columns, (*self._state, *self.left_out))]

    def short_tables(self) -> list[Table]:
        """Return the few events that changed something, and how many more there are."""
        columns = (
            Column("date", "event.date"),
            Column("turn", "why"),
            Column("what happened", lambda each: each.event.sentence(self.title)),
            Column("source", "event.sources", _who, spare=1),
        )
        remarks = (*self._state, *more_lines(self), *self.left_out)
        return [table(self.finding, self.short, columns, remarks)]

    @property
    def _state(self) -> list[str]:
        return [life_lines(self.life)] if self.life else []

    def csv_tables(self) -> list[Table]:
        """Return the timeline as one table of plain values."""
        names = "date earliest latest until kind subject what rows sources=sources.id"
        return [bare_table(self.events, names)]

    def headline(self) -> str:
        """Return the title and how many lines there are."""
        return f"{self.title}: {counted(len(self), 'line')}"

    def between(self, first: str | None, last: str | None) -> Timeline:
        """Return the dated events that may fall between two dates, both included.

        A date may be a year or a month, or None for no bound; ``left_out`` says how many are lost.
        """
        begin = date_bounds(first)[0] if first else ""
        end = date_bounds(last)[1] if last else "9999-12-31"
        kept = tuple(
            each
            for each in self.events
            if each.earliest <= end and max(each.latest, each.until_latest) >= begin
        )
        cut, where = len(self.events) - len(kept), "outside the days asked for"
        told = counted(cut, f"line {where} is", f"lines {where} are")
        said = (f"{told} left out.",) if cut else ()
        return replace(self, events=kept, left_out=(*self.left_out, *said))
