"""A timeline as tables, and as the JSON that programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.timeline.consequential import RULE, source_day
from monazite.findings.timeline.dated_events import DatedEvent, order
from monazite.findings.wording import capital
from monazite.rows.roots import tier_word
from monazite.safe_text import counted, in_brief
from monazite.tables import NOT_KNOWN, Table
from monazite.triples.cards import SourceLine

if TYPE_CHECKING:
    from monazite.findings.plants.lives import Holder, Life
    from monazite.findings.timeline.timeline import Timeline

_LONGEST = 90
"""Characters of an event that is named and not listed."""
_COLUMNS = ("date", "certainty", "kind", "what happened", "source", "row")


def timeline_tables(timeline: Timeline) -> list[Table]:
    """Return the timeline as one table, with what it leaves out below it."""
    state = [life_lines(timeline.life)] if timeline.life else []
    return [
        Table(
            heading=f"{timeline.title}: timeline",
            columns=_COLUMNS,
            rows=[row_of(dated_event, timeline.title) for dated_event in timeline.events],
            remarks=(*state, *timeline.left_out),
            keys=("row",),
            spare=("source", "kind"),
        )
    ]


def short_tables(timeline: Timeline) -> list[Table]:
    """Return the few events that changed something as a table, with what finds the others."""
    state = [life_lines(timeline.life)] if timeline.life else []
    rows = [
        [each.event.date, each.why, each.event.sentence(timeline.title), _who(each.event.sources)]
        for each in timeline.short
    ]
    return [
        Table(
            heading=timeline.finding,
            columns=("date", "turn", "what happened", "source"),
            rows=rows,
            remarks=(*state, *more_lines(timeline), *timeline.left_out),
            spare=("source",),
        )
    ]


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


def row_of(dated_event: DatedEvent, title: str) -> list[str]:
    """Return a dated event as a line of the table; a subject equal to the title is left out."""
    first = dated_event.rows[0] if dated_event.rows else ""
    more = f" +{len(dated_event.rows) - 1}" if len(dated_event.rows) > 1 else ""
    return [
        dated_event.date,
        certainty(dated_event),
        dated_event.kind,
        dated_event.sentence(title),
        _who(dated_event.sources),
        f"{first}{more}",
    ]


def certainty(dated_event: DatedEvent) -> str:
    """Say what is known of a date, nothing where it is a day.

    >>> opened = DatedEvent("event", "1952", "1952-01-01", "1952-12-31", "A", "B", "C", ())
    >>> certainty(opened)
    'year known'
    """
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


def life_lines(life: Life) -> str:
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
    share = "" if holder.percent is None else f" {holder.percent:g} %"
    perhaps = " (perhaps)" if holder.certainty == "perhaps" else ""
    return f"{holder.label}{share}{perhaps}"


def timeline_dict(timeline: Timeline) -> dict[str, object]:
    """Return the timeline as JSON takes it."""
    turns = {each.event: each.why for each in timeline.short}
    return {
        "title": timeline.title,
        "entity": timeline.entity,
        "stage": timeline.stage,
        "day": timeline.day,
        "life": asdict(timeline.life) if timeline.life else None,
        "finding": timeline.finding,
        "lines": [_line(each, timeline.title, turns.get(each, "")) for each in timeline.events],
        "left_out": list(timeline.left_out),
    }


def _line(dated_event: DatedEvent, title: str, turn: str) -> dict[str, object]:
    fields = asdict(dated_event)
    del fields["short"]
    return {
        **fields,
        "until": dated_event.until or None,
        "certainty": dated_event.certainty,
        "sentence": dated_event.sentence(title),
        "turn": turn or None,
        "rows": list(dated_event.rows),
        "sources": [asdict(source) for source in dated_event.sources],
    }


def timeline_csv(timeline: Timeline) -> Table:
    """Return the timeline as one table of plain values, for CSV."""
    columns = ("date", "earliest", "latest", "until", "kind", "subject", "what", "rows", "sources")
    rows = [
        [
            *(dated_event.date, dated_event.earliest, dated_event.latest, dated_event.until),
            *(dated_event.kind, dated_event.subject, dated_event.what),
            ";".join(dated_event.rows),
            ";".join(source.id for source in dated_event.sources),
        ]
        for dated_event in timeline.events
    ]
    return Table("", columns, rows)
