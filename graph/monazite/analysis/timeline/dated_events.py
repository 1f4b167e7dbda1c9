"""Dated rows as what happened: a sentence, a date that may be partial, and who says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.policies.acts import read_acts
from monazite.analysis.policies.status import stopped_starts
from monazite.core.formats import counted, grouped, whole
from monazite.core.results import Struct
from monazite.data.columns import Schema
from monazite.data.dates import date_bounds
from monazite.data.filters import PRECISION, Bounds
from monazite.store.cards import RowCard, SourceLine, read_cards
from monazite.store.names import Entity
from monazite.store.store import Store

KINDS = {
    "event": "event of a facility",
    "plan": "plan",
    "policy": "policy",
    "ownership": "ownership",
    "operation": "operation",
    "supply": "supply link",
    "price": "price",
    "share": "share",
    "statement": "statement",
}
"""Kinds of dated events, in the order in which a picture shows them."""

BEGIN, END = "begin", "end"
NEVER_BEGAN = "Would have taken effect"
"""The event of a start that never came, since the act had been suspended or ended before."""
_LONG = re.compile(r"(?<![\d.])\d{5,}")
_STOPPED = "stopped"  # the cell that says what had stopped it


class DatedEvent(Struct):
    """One line of a timeline. What lasts has two: one for its begin and one for its end."""

    kind: str  #: event, policy, owner and so on
    date: str  #: as printed, a year, month or day
    earliest: str  #: the first day that the date can mean
    latest: str  #: the last day that it can mean
    subject: str  #: whom or what it is about
    what: str  #: in words
    short: str  #: the same in two or three words
    rows: tuple[str, ...]  #: row keys, table/key, on which it rests
    edge: str = ""  #: begin or end of what lasts; empty for what happens once
    #: the event in the words of its scheme, or that a start never came; empty for what is no event
    event: str = ""
    #: the end of what lasts as printed, on the line of its begin; empty where there is none on
    #: record
    until: str = ""
    until_earliest: str = ""  #: the first day that the end can mean; empty without an end
    until_latest: str = ""  #: the last day that it can mean; empty without an end
    note: str = ""  #: a remark
    sources: tuple[SourceLine, ...] = ()
    act: str = ""  #: of a step of a policy, the kind of act, a code of its scheme: export-licence
    part: str = ""  #: the part of a plant or act that it is of; empty for the whole

    @property
    def certainty(self) -> str:
        """What is known of the date: the day, the month or only the year."""
        return PRECISION[len(self.date)]

    def sentence(self, title: str = "") -> str:
        """Return what happened and to whom; a subject that is the title is not said again."""
        if self.edge or self.subject == title:
            return self.what
        return f"{self.subject}: {self.what}"

    @property
    def begins(self) -> Bounds:
        """Bounds of the begin, None for the line of an end."""
        return None if self.edge == END else (self.earliest, self.latest)

    @property
    def ends(self) -> Bounds:
        """Bounds of the end, None where it is not known or has not come."""
        if self.edge == END:
            return self.earliest, self.latest
        return (self.until_earliest, self.until_latest) if self.until else None


def order(dated_event: DatedEvent) -> tuple[str, str, bool, tuple[str, ...]]:
    """Sort by the earliest day, then the latest, then the end before the begin, then the row."""
    return dated_event.earliest, dated_event.latest, dated_event.edge != END, dated_event.rows


def read_dated_events(
    store: Store, schema: Schema, rows: Iterable[str]
) -> tuple[list[DatedEvent], int]:
    """Return what some rows tell, in order, and how many of them have no date."""
    found: list[DatedEvent] = []
    undated = 0
    stopped = stopped_starts(store)
    kinds = {step.row: act.kind for act in read_acts(store).acts.values() for step in act.steps}
    for card in read_cards(store, schema.tables, rows).values():
        if card.row in stopped:
            never = {"event": NEVER_BEGAN, _STOPPED: stopped[card.row]}
            card = replace(card, cells={**card.cells, **never})
        events = [replace(x, act=kinds.get(card.row, "")) for x in _TELLERS[card.table](card)]
        undated += not events
        found += events
    return sorted((each for each in found if not _goes_on(each, found)), key=order), undated


def _goes_on(end: DatedEvent, events: Iterable[DatedEvent]) -> bool:
    """Tell whether a row ends only because the next row of the same holding begins."""
    return end.edge == END and any(
        other.edge == BEGIN
        and other.subject == end.subject
        and other.rows != end.rows
        and other.earliest <= end.latest
        and end.earliest <= (other.until_latest or other.latest)
        for other in events
    )


def share_event(
    line: ConcentrationYear, sources: tuple[SourceLine, ...], *, country: Entity | None = None
) -> DatedEvent:
    """Return the share of a country, or of the leader, in a year as a line of a timeline."""
    place = country.id if country else line.leader or ""
    share = line.share_words(place) if place in line.shares else ""
    name = country.label if country else line.leader_label
    goods = f"{line.material.replace('-', ' ')}, {line.stage}"
    what = f"{name} has {share}" if share else "No leader is known"
    if line.hhi is not None and not country:
        what += f"; HHI {whole(line.hhi)} over {counted(line.countries, 'country', 'countries')}"
    parts = line.basis.split(" ")
    basis = " ".join("rare-earth oxide" if x == "reo" else x.replace("-", " ") for x in parts)
    what += f" (of {line.denominator}, {basis})"
    said = f"Series breaks: {line.broken}." if line.broken else ""
    year, subject = f"{line.year}", f"Share of {goods}"
    note = " ".join(part for part in (line.note, said) if part)
    told = (*date_bounds(year), subject, what, share, line.rows)
    return DatedEvent("share", year, *told, note=note, sources=sources)


def _event(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    event, places = cells["event"], [cells.get("stage", "").lower(), cells.get("part", "")]
    head = ", ".join([event, *filter(None, places)])
    detail = f": {cells['detail']}" if "detail" in cells else ""
    outcome = f" (outcome: {cells['outcome'].lower()})" if "outcome" in cells else ""
    kind = "plan" if event == "Planned" else "event"
    return _at(card, "date", kind, cells["facility"], head + detail + outcome, head)


def _policy(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    head = cells["event"] + (f" in part ({cells['part']})" if "part" in cells else "")
    what = head + (f" until {cells['until']}" if "until" in cells else "")
    what += f", {cells[_STOPPED]}" if _STOPPED in cells else ""
    return _at(card, "date", "policy", cells["policy"], what, what, until="until")


def _ownership(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    owner, owned = cells["owner"], cells["owned"]
    share = f"{cells['share_percent']} %" if "share_percent" in cells else ""
    holds = _HOLDS.get(cells["status"], "holds")
    held = f"{share} of {owned}" if share else f"{owned}, share not known"
    if cells["status"] == "Controlling" and not share:
        held = owned
    gives_up = "plans to hold" if cells["status"] == "Announced" else holds
    sentences = (
        f"{owner} {holds} {held}",
        f"{owner} no longer {gives_up} {held.removesuffix(', share not known')}",
    )
    short = share or ("control" if cells["status"] == "Controlling" else "share not known")
    return _lasting(card, "ownership", f"{owner} in {owned}", sentences, short)


def _operation(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    firm = cells.get("operator", "An operator not known")
    plant = cells["facility"] + (f", {cells['stage'].lower()}" if "stage" in cells else "")
    sentences = (f"{firm} runs {plant}", f"{firm} no longer runs {plant}")
    return _lasting(card, "operation", f"{firm} at {cells['facility']}", sentences, firm)


def _supply(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    pair = f"{cells['supplier']} to {cells['customer']}"
    goods = cells.get("material", cells.get("material_as_printed", "goods not stated"))
    kind = cells["kind"].lower()
    about = f"{goods} from {pair}" if kind == "ended" else f"{goods} from {pair} ({kind})"
    return _lasting(card, "supply", pair, (f"Supply: {about}", f"Supply ends: {about}"), goods)


def _price(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    ends = [cells[name] for name in ("value_low", "value_high") if name in cells]
    number = _LONG.sub(lambda found: grouped(int(found[0])), cells.get("value") or "-".join(ends))
    if not number and "percent" in cells:
        number = f"{cells['percent']} %"
    what = f"{number} {cells['unit']}" if "unit" in cells else number
    basis = f" ({cells['basis']})" if "basis" in cells else ""
    return _at(card, "date", "price", f"{cells['material']}{basis}", what, number)


def _statement(card: RowCard) -> list[DatedEvent]:
    cells = card.cells
    publishers = {f"source/{said.id}": said.publisher for said in reversed(card.sources)}
    speaker = publishers.get(cells["speaker"], cells["speaker"])
    what = f"{cells['stance']} by {speaker}: {cells['statement']}"
    subject, stance = f"On {cells['subject']}", cells["stance"]
    return _at(card, "date_from", "statement", subject, what, stance, until="date_until")


def _lasting(
    card: RowCard, kind: str, subject: str, sentences: tuple[str, str], short: str
) -> list[DatedEvent]:
    """What lasts: its begin and its end, as far as they have dates."""
    of_plant = card.table == "operations"
    first, last = ("from", "until") if of_plant else ("valid_from", "valid_until")
    until = card.cells.get(last, "")
    what = sentences[0] + (f" (until {until})" if until else "")
    return [
        *_at(card, first, kind, subject, what, short, until=last, edge=BEGIN),
        *_at(card, last, kind, subject, sentences[1], short, edge=END),
    ]


def _at(
    card: RowCard, column: str, kind: str, *told: str, until: str = "", edge: str = ""
) -> list[DatedEvent]:
    """What happened at the date in a column: subject, sentence, words; nothing without a date."""
    printed, last = card.cells.get(column), card.cells.get(until, "")
    if not printed:
        return []
    subject, what, short = told
    until_earliest, until_latest = date_bounds(last) if last else ("", "")
    found = DatedEvent(
        *(kind, printed, *date_bounds(printed), subject, what, short, (card.row,)),
        edge=edge,
        event=card.cells.get("event", ""),
        part=card.cells.get("part", ""),
        until=last,
        until_earliest=until_earliest,
        until_latest=until_latest,
        note=card.note,
        sources=card.sources,
    )
    return [found]


_HOLDS = {
    "Controlling": "controls",
    "Joint": "holds together with others",
    "Announced": "announces to hold",
}
_TELLERS: Mapping[str, Callable[[RowCard], list[DatedEvent]]] = {
    "facility_events": _event,
    "policy_events": _policy,
    "ownership": _ownership,
    "operations": _operation,
    "supply_links": _supply,
    "prices": _price,
    "statements": _statement,
}
