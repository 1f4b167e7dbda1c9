"""A timeline as tables, and as the JSON that programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.timeline.dated_events import Happening
from monazite.tables import NOT_KNOWN, Table
from monazite.triples.cards import SourceLine

if TYPE_CHECKING:
    from monazite.findings.plants.lives import Holder, Life
    from monazite.findings.timeline.timeline import Timeline

_COLUMNS = ("date", "certainty", "kind", "what happened", "source", "row")


def timeline_tables(timeline: Timeline) -> list[Table]:
    """Return the timeline as one table, with what it leaves out below it."""
    state = [tell_life(timeline.life)] if timeline.life else []
    return [
        Table(
            heading=f"{timeline.title}: timeline",
            columns=_COLUMNS,
            rows=[row_of(happening, timeline.title) for happening in timeline.happenings],
            remarks=(*state, *timeline.left_out),
            spare=("row", "source", "kind"),
        )
    ]


def row_of(happening: Happening, title: str) -> list[str]:
    """Return a happening as a line of the table; a subject that is the title is not said again."""
    first = happening.rows[0] if happening.rows else ""
    more = f" +{len(happening.rows) - 1}" if len(happening.rows) > 1 else ""
    return [
        happening.date,
        certainty(happening),
        happening.kind,
        happening.sentence(title),
        _who(happening.sources),
        f"{first}{more}",
    ]


def certainty(happening: Happening) -> str:
    """Say what is known of a date, nothing where it is a day.

    >>> opened = Happening("event", "1952", "1952-01-01", "1952-12-31", "A", "B", "C", ())
    >>> certainty(opened)
    'only the year'
    """
    if happening.kind == "share":
        return "the whole year"
    return "" if happening.certainty == "day" else f"only the {happening.certainty}"


def _who(sources: tuple[SourceLine, ...]) -> str:
    """Who says so: the source of the best tier, and how many more."""
    if not sources:
        return ""
    best = min(sources, key=lambda source: (source.tier, source.id))
    more = f" +{len(sources) - 1}" if len(sources) > 1 else ""
    return f"{best.publisher}, tier {best.tier}{more}"


def tell_life(life: Life) -> str:
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
    return {
        "title": timeline.title,
        "entity": timeline.entity,
        "stage": timeline.stage,
        "day": timeline.day,
        "life": asdict(timeline.life) if timeline.life else None,
        "lines": [_line(happening, timeline.title) for happening in timeline.happenings],
        "left_out": list(timeline.left_out),
    }


def _line(happening: Happening, title: str) -> dict[str, object]:
    fields = asdict(happening)
    del fields["short"]
    return {
        **fields,
        "until": happening.until or None,
        "certainty": happening.certainty,
        "sentence": happening.sentence(title),
        "rows": list(happening.rows),
        "sources": [asdict(source) for source in happening.sources],
    }


def timeline_csv(timeline: Timeline) -> Table:
    """Return the timeline as one table of plain values, for CSV."""
    columns = ("date", "earliest", "latest", "until", "kind", "subject", "what", "rows", "sources")
    rows = [
        [
            *(happening.date, happening.earliest, happening.latest, happening.until),
            *(happening.kind, happening.subject, happening.what),
            ";".join(happening.rows),
            ";".join(source.id for source in happening.sources),
        ]
        for happening in timeline.happenings
    ]
    return Table("", columns, rows)
