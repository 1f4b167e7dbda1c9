"""A timeline as a value, with its headline, tables and JSON, and the few events that matter most.

Of these the kinds take turns, plants and rules with two places each, newest first and rules that
stand before others; the newest source is always among them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import chain, zip_longest

from monazite.analysis.concentration.shares import first_row
from monazite.analysis.policies.acts import EXPORTS, RULES
from monazite.analysis.timeline.dated_events import BEGIN, DatedEvent, order
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import MonaziteError
from monazite.core.formats import NOT_KNOWN, counted, exact, in_brief
from monazite.core.results import Listing, Struct, Value
from monazite.core.tables import Table
from monazite.data.dates import date_bounds, day_words
from monazite.data.sameness import tier_word
from monazite.model.facilities.status import FacilityStatus, Holder
from monazite.model.wording import capital, listed
from monazite.store.cards import SourceLine

MOST = 15  # events of the short list
RULE = (
    "Chosen: plants that open, stop or restart; rules on trade that start, change or end; changes "
    "of control; turns of the price. The newest come first, and the newest source is kept."
)
OPENS, STOPS, RESTARTS, CONTROL = "Opening", "Stop", "Restart", "Control"
RULE_STARTS, RULE_CHANGES, RULE_ENDS = "Rule starts", "Rule changes", "Rule ends"
PEAK, SERIES_END, LAST_PRICE = "Highest price", "Last of its series", "Newest price"
NEWEST_SOURCE, NEWEST = "Newest source", "Newest"
_WORKS = {
    "Opened": OPENS,
    "Commissioned": OPENS,
    "First product shipped": OPENS,
    "Suspended": STOPS,
    "Closed": STOPS,
    "Restarted": RESTARTS,
}
_SALES = frozenset({"Sold", "Nationalised", "Bankruptcy"})
_STEPS = {
    "Ended": RULE_ENDS,
    "Suspended": RULE_CHANGES,
    "Extended": RULE_CHANGES,
    "Effective": RULE_STARTS,
}
_TRADE = (RULES | {"price-floor"}) - {"environment-closure"}
"""Kinds of act whose steps count; a closure is told by the plants that stop."""
_HALF = 50.0
_PAUSE, _YEAR, _EACH, _OWN = 183, 366, 2, 2
"""Days of a pause and of a year; turns of a plant beside others, and of acts on the element."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SERIES = 3  # prices that make a series


class Consequence(Struct):
    """An event of the short list, and why it is there."""

    event: DatedEvent
    why: str


def source_day(event: DatedEvent) -> str:
    """Return the last day on which the newest source of an event can have been published."""
    days = [""]
    for source in event.sources:
        with suppress(MonaziteError):  # a source may print whatever it likes
            days.append(date_bounds(source.published)[1])
    return max(days)


def works_turns(events: Iterable[DatedEvent]) -> Iterator[Consequence]:
    """Openings, and stops and restarts by turns: what repeats the state before it is no turn."""
    stopped: dict[str, bool] = {}
    for event in events:
        why = _WORKS.get(event.event) if event.kind == "event" else None
        was = stopped.get(event.subject)
        if why is None or (why != OPENS and was is (why == STOPS)):
            continue
        if why == OPENS and event.part and was is False:
            continue  # of what runs already, a part more
        if why != OPENS or not was:  # else a new part beside one that stands still
            stopped[event.subject] = why == STOPS
        yield Consequence(event, why)


def of_several(turns: list[Consequence]) -> list[Consequence]:
    """Of plants beside each other: no pause, one opening in a year, two turns of each at most."""
    own: dict[str, list[Consequence]] = defaultdict(list)
    for turn in turns:
        held = own[turn.event.subject]
        if not held:
            held.append(turn)
        elif turn.why == RESTARTS and held[-1].why == STOPS and _days(held[-1], turn) <= _PAUSE:
            held.pop()
        elif not (turn.why == held[-1].why == OPENS and _days(held[-1], turn) <= _YEAR):
            held.append(turn)
    return turns if len(own) < 2 else [turn for held in own.values() for turn in held[-_EACH:]]


def _days(first: Consequence, second: Consequence) -> int:
    """From the one to the other, by the first days that their dates can mean."""
    days = [date.fromisoformat(each.event.earliest) for each in (first, second)]
    return (days[1] - days[0]).days


def _control(events: Sequence[DatedEvent], title: str) -> Iterator[Consequence]:
    """Sales and bankruptcies, and holdings of half or more that no sale of the year tells."""
    told = {event.date[:4] for event in events if event.event in _SALES}
    for event in events:
        sale = event.kind == "event" and event.event in _SALES
        held = event.kind == "ownership" and event.edge == BEGIN
        held = held and title in event.subject.split(" in ") and event.date[:4] not in told
        share = middle(event.short[:-1]) if event.short.endswith("%") else None
        if sale or (held and (event.short == "control" or (share or 0.0) >= _HALF)):
            yield Consequence(event, CONTROL)


def rule_turns(events: Iterable[DatedEvent], day: str) -> list[Consequence]:
    """Steps of acts on trade, those that stand first, two on exports to one other."""
    steps: dict[str, list[DatedEvent]] = defaultdict(list)
    for event in events:
        limits = (event.act in _TRADE or not event.act) and _step(event) is not None
        if event.kind == "policy" and (limits or event.until_latest >= day):
            steps[event.subject].append(event)
    ranks: dict[tuple[bool, bool], list[DatedEvent]] = defaultdict(list)
    told = {(s.date, s.until) for own in steps.values() for s in own if s.act in _TRADE}
    for own in steps.values():
        if all(s.act not in _TRADE and (s.date, s.until) in told for s in own):
            continue  # the act that suspends, beside the act that it suspends
        started = {step.date for step in own if _step(step) == RULE_STARTS}
        if any(_step(step) == RULE_ENDS and step.date in started for step in own):
            continue  # of one year, such as a quota
        # Of one date, the last step; of one end that is told twice, what tells it last.
        once = {f"{step.event} {step.until}" if step.until else step.date: step for step in own}
        last = max((s for s in once.values() if s.earliest <= day), key=order, default=own[-1])
        for step in once.values():
            over = _step(last) == RULE_ENDS or (step is not last and step.earliest <= day)
            ranks[over, step.act in EXPORTS or step.until_latest >= day].append(step)
    ordered = []
    for over in (False, True):
        exports, others = (
            sorted(ranks[over, own], key=order, reverse=True) for own in (True, False)
        )
        turns = zip_longest(exports[::2], exports[1::2], others)
        ordered += [step for step in chain.from_iterable(turns) if step is not None]
    return [Consequence(step, _step(step) or RULE_CHANGES) for step in ordered]


def _step(event: DatedEvent) -> str | None:
    """What a step does to a rule; of steps of one date the last. A set end has no event."""
    if not event.event and not event.act:
        return RULE_ENDS
    if event.event in _STEPS:
        return _STEPS[event.event]
    told = event.what.lower()
    return next((why for step, why in _STEPS.items() if f", {step.lower()}" in told), None)


def price_turns(events: Iterable[DatedEvent]) -> list[Consequence]:
    """The highest price, the last of the longest series, in one unit, and the newest of all."""
    prices = [each for each in events if each.kind == "price" and middle(each.short) is not None]
    if not prices:
        return []
    counts = Counter(map(unit_of, prices))
    unit = min(counts, key=lambda each: (-counts[each], each))
    same = [each for each in prices if unit_of(each) == unit]
    found = []
    if len(same) >= _SERIES:
        peak = max(same, key=lambda price: (middle(price.short) or 0.0, price.earliest))
        found.append(Consequence(peak, PEAK))
    series: dict[str, dict[str, DatedEvent]] = defaultdict(dict)
    for each in same:
        series[each.subject].setdefault(each.date, each)
    _, longest = min(series.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    if len(longest) >= _SERIES:
        found.append(Consequence(max(longest.values(), key=order), SERIES_END))
    found.append(Consequence(max(prices, key=order), LAST_PRICE))
    return list({each.event: each for each in reversed(found)}.values())[::-1]


def unit_of(price: DatedEvent) -> str:
    """Return the unit of a price, as its sentence ends."""
    return price.what.removeprefix(price.short).strip()


def middle(printed: str) -> float | None:
    """Return a number as printed, or the middle of its two ends; None for what is neither."""
    ends = printed.replace(",", "").strip().split("-")
    if not all(_NUMBER.fullmatch(end) for end in ends):
        return None
    return sum(map(float, ends)) / len(ends)


_DONE = {OPENS: "opened", STOPS: "stopped", RESTARTS: "restarted"}
_RULE = {
    "Effective": "took effect",
    "Ended": "ended",
    "Suspended": "was suspended",
    "Extended": "was extended",
}


def _stops(works: Sequence[Consequence]) -> str:
    """When a plant stopped and restarted."""
    parts = []
    for why in (STOPS, RESTARTS):
        years = list(dict.fromkeys(each.event.date[:4] for each in works if each.why == why))
        if len(years) > 3:  # that a sentence names
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


class TimelineLine(Value):
    """A dated event in its timeline."""

    _json = (
        "kind=event.kind date=event.date earliest=event.earliest latest=event.latest "
        "subject=event.subject what=event.what rows=event.rows edge=event.edge event=event.event "
        "until?=event.until until_earliest=event.until_earliest until_latest=event.until_latest "
        "note=event.note sources=event.sources act=event.act part=event.part "
        "certainty=event.certainty sentence turn"
    )

    event: DatedEvent
    sentence: str  #: the line as a sentence
    turn: str | None  #: why it is in the short list; None where it is not


class Timeline(Listing[DatedEvent]):
    """What happened, in order."""

    title: str  #: name of the entity or stage
    entity: str | None  #: id of the entity; None for a stage
    stage: str | None  #: of the chain; None for all
    day: str  #: the ISO date on which the state of a plant is told
    #: the state, owners and operators of a plant on that day; None for anything else
    life: FacilityStatus | None
    events: tuple[DatedEvent, ...]  #: what happened, by the earliest day that a date can mean
    left_out: tuple[str, ...]  #: in sentences, what is not among them
    core: frozenset[str] = frozenset()  #: titles of the acts that name the element of the timeline

    _items = "events"
    records_key = "lines"
    _json = "title entity stage day life finding lines left_out"

    @cached_property
    def short(self) -> tuple[Consequence, ...]:
        """The few events that changed something, in order of time, each with why it counts."""

        def newest_first(found: Iterable[Consequence]) -> list[Consequence]:
            return sorted(found, key=lambda each: order(each.event), reverse=True)

        works = newest_first(of_several(list(works_turns(self.events))))
        rules = rule_turns(self.events, self.day)
        named = [x for x in rules if x.event.subject in self.core and x.why == RULE_STARTS]
        own = named[:_OWN]
        rules = [*rules[:1], *own, *(each for each in rules[1:] if each not in own)]
        kinds = (works[::2], works[1::2], rules[::2], rules[1::2])
        more = (newest_first(_control(self.events, self.title)), price_turns(self.events))
        turns = [x for x in chain.from_iterable(zip_longest(*kinds, *more)) if x is not None]
        taken = list({each.event: each for each in reversed(turns)}.values())[::-1]
        if len(self.events) <= MOST or not taken:
            told = {each.event: each.why for each in taken}
            kept = [Consequence(x, told.get(x, NEWEST)) for x in sorted(self.events, key=order)]
            return tuple(kept[-MOST:])
        chosen = taken[:MOST]
        dated = [each for each in self.events if each.kind != "share" and source_day(each)]
        newest = max(map(source_day, dated), default="")
        told_last = [each for each in dated if source_day(each) == newest]
        if told_last and not any(each.event in told_last for each in chosen):
            known = next((each for each in taken if each.event in told_last), None)
            last = known or Consequence(max(told_last, key=order), NEWEST_SOURCE)
            chosen = [*chosen[: MOST - 1], last]
        return tuple(sorted(chosen, key=lambda each: order(each.event)))

    @property
    def finding(self) -> str:
        """What the timeline finds, in one or two sentences."""
        told = self.events
        if not told:
            return f"No dated record speaks of {self.title}."
        happened = [each for each in told if each.earliest <= self.day]
        works = list(works_turns(happened))
        if self.life is not None:
            parts = [f"{self.title}: {self.life.state}.", _stops(works)]
        else:
            rules = rule_turns(happened, self.day)
            last = max(of_several(works), key=_latest, default=None)
            work = f"{last.event.subject} {_DONE[last.why]} {_when(last)}." if last else ""
            peak = next((each.event for each in price_turns(happened) if each.why == PEAK), None)
            price = f"Highest recorded price: {peak.subject}, {peak.what}" if peak else ""
            highest = f"{price}, {day_words(peak.date)}." if peak else ""
            parts = [_last_rule(self.title, rules), work, highest]
        said = " ".join([part for part in parts if part][:2])
        if said:
            return said if self.title.lower() in said.lower() else f"{self.title}. {said}"
        until = max(each.latest for each in told)[:4]
        lines = counted(len(told), "dated line")
        return f"{self.title}: {lines}, {told[0].date[:4]} to {until}."

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
