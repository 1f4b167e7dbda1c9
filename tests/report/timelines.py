"""Timelines for the page tests: a small one by hand, and a hostile one."""

from __future__ import annotations

from monazite.analysis.timeline.dated_events import BEGIN, END, KINDS, DatedEvent
from monazite.analysis.timeline.result import Timeline
from monazite.data.dates import date_bounds
from monazite.store.cards import SourceLine
from tests.report.hostile import HOSTILE

PAPER = SourceLine("paper", "A survey", "Yearly summary", "2019", "1", "https://example.org/a")
BLOG = SourceLine("blog", "A blog", "Notes", "", "4", "")


def dated_event(
    kind: str,
    day: str,
    what: str,
    *,
    subject: str = "Works",
    edge: str = "",
    until: str = "",
    event: str = "",
    short: str = "",
    row: str = "",
    note: str = "",
    sources: tuple[SourceLine, ...] = (PAPER,),
    act: str = "export-ban",
) -> DatedEvent:
    """Return a dated event with the bounds of its dates."""
    earliest, latest = date_bounds(day)
    last = date_bounds(until) if until else ("", "")
    return DatedEvent(
        kind=kind,
        date=day,
        earliest=earliest,
        latest=latest,
        subject=subject,
        what=what,
        short=short or what,
        rows=(row or f"table/{what}-{day}",),
        edge=edge,
        event=event,
        until=until,
        until_earliest=last[0],
        until_latest=last[1],
        note=note,
        sources=sources,
        act=act if kind == "policy" else "",
    )


def small_timeline() -> Timeline:
    """A works with one of each: exact and partial dates, open and closed bars, a policy's run."""
    lines = (
        dated_event("event", "1952", "Opened", event="Opened"),
        dated_event("ownership", "1952", "A firm holds Works", subject="A firm in Works",
                  edge=BEGIN, until="1977-05", row="ownership/a"),
        dated_event("ownership", "1977-05", "A firm no longer holds Works",
                  subject="A firm in Works", edge=END, row="ownership/a"),
        dated_event("ownership", "1978-01-01", "B holds Works", subject="B in Works", edge=BEGIN,
                  sources=(PAPER, BLOG)),
        dated_event("event", "1998-03-04", "Closed", note="A remark", event="Closed",
                  sources=(PAPER, BLOG)),
        dated_event("supply", "1999-06", "Supply ends: ore", subject="Works to Japan", edge=END),
        dated_event("policy", "2001-01-01", "Effective", subject="A rule", event="Effective"),
        dated_event("policy", "2005-01-01", "Ended", subject="A rule", event="Ended"),
        dated_event("policy", "2006-01-01", "Effective", subject="Another", event="Effective"),
        dated_event("policy", "2007-01-01", "Suspended until 2008", subject="Another",
                  event="Suspended", until="2008"),
        dated_event("plan", "2030", "Planned"),
        *(dated_event("price", f"{year}", f"{year} USD", subject="oxide", short=f"{year}")
          for year in range(1990, 2010)),
    )  # fmt: skip
    ordered = tuple(sorted(lines, key=lambda line: (line.earliest, line.latest, line.rows)))
    return Timeline("Works", "works", None, "2012-06-30", None, ordered, ("3 rows are left out.",))


def crowded_timeline() -> Timeline:
    """Twenty events of one month, at the very end of the scale."""
    lines = tuple(
        dated_event("event", f"2026-11-{day:02}", f"Event number {day} with a long name")
        for day in range(1, 21)
    )
    return Timeline("Works", "works", None, "2026-11-24", None, lines, ())


def hostile_timeline() -> Timeline:
    """Every text hostile."""
    lines = [
        dated_event(
            list(KINDS)[number % len(KINDS)],
            f"20{number:02}",
            text,
            subject=text,
            edge=("", BEGIN, END)[number % 3] if number % 2 else "",
            event=text,
            row=f"{text}/{number}",
            note=text,
            sources=(SourceLine(text, text, text, text, text, text),),
        )
        for number, text in enumerate(HOSTILE)
    ]
    return Timeline(HOSTILE[0], HOSTILE[1], None, "2010-01-01", None, tuple(lines), HOSTILE)
