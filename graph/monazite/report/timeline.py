"""A timeline as SVG, its few events one a row, and as an HTML page that asks for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape

from monazite.analysis.concentration.shares import first_row
from monazite.analysis.timeline import result as reasons
from monazite.analysis.timeline.dated_events import KINDS
from monazite.analysis.timeline.result import (
    Consequence,
    Timeline,
    certainty,
    life_lines,
    more_lines,
)
from monazite.core.formats import counted, visible
from monazite.core.results import Struct
from monazite.data.dates import dates_in_words, day_words
from monazite.model.wording import capital
from monazite.report.chain_diagram.svg import state_mark
from monazite.report.drawing.frame import PictureFrame, Piece, text_lines
from monazite.report.drawing.lettering import drawable, wrap
from monazite.report.drawing.palette import mark_path
from monazite.report.drawing.shapes import circle, moved, opened, path, rect, text_at
from monazite.report.drawing.templates import credit_line, drawing_rules, html_page, page_source

WIDTH, DATES, STRIP, WORDS = 1060.0, 98.0, 400.0, 428.0  # right ends; WORDS: left end
TOP, ROW, LINE, SIZE = 34.0, 30.0, 16.0, 12.5
LINES = 6  # lines of an event; enough for what rows say
SOFT = 3.0
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_TICK = 46.0


class Scale(Struct):
    """Maps days to positions in the drawing."""

    first: int
    last: int
    day: str

    def x(self, day: str) -> float:
        """Return the place of an ISO day."""
        part = (date.fromisoformat(day).toordinal() - self.first) / (self.last - self.first)
        return round(DATES + 12 + part * (STRIP - DATES - 12), 2)

    @property
    def years(self) -> list[int]:
        """The years that the axis names."""
        begin, end = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        room = (STRIP - DATES) / _TICK
        step = next((s for s in _STEPS if (end - begin) / s <= room), _STEPS[-1])
        return [year for year in range(begin, end + 1) if year % step == 0]


class EventRow(Struct):
    """An event and where it stands."""

    turn: Consequence
    y: float
    ends: tuple[float, float]  # the places of the first and the last day that its date can mean
    date: str
    words: tuple[str, ...]

    @property
    def middle(self) -> float:
        """The place of its mark."""
        return round(sum(self.ends) / 2, 2)


class TimelineLayout(Struct):
    """The picture: its scale, its rows from top to bottom, its height."""

    scale: Scale
    rows: tuple[EventRow, ...]
    height: float


def scale_of(turns: Sequence[Consequence], day: str) -> Scale:
    """Return the scale: from the first year to the end of the last, the day asked about within."""
    days = [day, *(each.event.earliest for each in turns), *(each.event.latest for each in turns)]
    first, last = int(min(days)[:4]), int(max(days)[:4])
    end = date(last + 1, 1, 1) if last < 9999 else date(9999, 12, 31)
    return Scale(date(first, 1, 1).toordinal(), end.toordinal(), day)


def lay_out(timeline: Timeline) -> TimelineLayout:
    """Place the few events of a timeline, one below the other."""
    scale = scale_of(timeline.short, timeline.day)
    rows, y = [], TOP
    for turn in timeline.short:
        event = turn.event
        said = drawable(visible(dates_in_words(event.sentence(timeline.title))))
        said = f"{turn.why}: {said}" if event.kind == "price" else said
        words = wrap(said, WIDTH - WORDS, SIZE, most=LINES)
        ends = (scale.x(event.earliest), scale.x(event.latest))
        rows.append(EventRow(turn, y + 14, ends, day_words(event.date), tuple(words)))
        y += ROW + LINE * (len(words) - 1)
    return TimelineLayout(scale, tuple(rows), y + 6)


KIND = "timeline"
_PRICES = {reasons.PEAK, reasons.SERIES_END, reasons.LAST_PRICE}
_WORDS = {
    "operating": "opens or restarts",
    "suspended": "suspended",
    "closed": "closed",
    "control": "control changes",
    "starts": "rule starts",
    "changes": "rule changes",
    "ends": "rule ends",
    "price": "price",
    "other": "other event",
}


def timeline_svg(timeline: Timeline, *, theme: str = "screen", desc: str = "") -> str:
    """Return a timeline as one SVG document with title, legend, source and date."""
    drawing, size = _drawn(timeline)
    frame = PictureFrame(
        kind=KIND,
        title=timeline.finding,
        subtitle=f"{capital(timeline.title)}, on {day_words(timeline.day)}.",
        desc=desc or describe(timeline),
        source=credit(timeline),
        legend=legend(timeline),
        notes=more_lines(timeline, "the full list has them", newest=False),
        least=WIDTH,
    )
    return frame.document(drawing, size, timeline_css(), theme)


def _drawn(timeline: Timeline) -> tuple[str, tuple[float, float]]:
    layout = lay_out(timeline)
    today = layout.scale.x(layout.scale.day)
    parts = [
        "".join(
            path("grid", f"M{x:g} {TOP - 12:g}V{layout.height:g}")
            + text_at("year", x, TOP - 18, str(year))
            for year in layout.scale.years
            if (x := layout.scale.x(f"{year:04d}-01-01")) <= STRIP
        ),
        path("today", f"M{today:g} {TOP - 8:g}V{layout.height:g}"),
        *map(_draw, layout.rows),
    ]
    return "\n".join(parts), (WIDTH, layout.height)


def describe(timeline: Timeline) -> str:
    """Return the drawing in words."""
    shown = timeline.short
    if not shown:
        return "No dated record."
    count = f"{len(shown)} of {counted(len(timeline.events), 'event')}"
    told = "; ".join(f"{x.event.date}, {x.event.sentence(timeline.title)}" for x in shown)
    return f"{count}, from {shown[0].event.date} to {shown[-1].event.date}: {told}"


def credit(timeline: Timeline) -> str:
    """Who says so, of which day, and under which licence."""
    told = [source.publisher for each in timeline.short for source in each.event.sources]
    view = {} if timeline.view is None else timeline.view.record
    return credit_line(Counter(told), timeline.day, view)


def legend(timeline: Timeline) -> list[Piece]:
    """The marks that the picture has, in words."""
    there = {mark_of(each) for each in timeline.short}
    return [
        (f'<g transform="translate(0 5)">{_MARKS[mark]}</g>', 12.0, words)
        for mark, words in _WORDS.items()
        if mark in there
    ]


def mark_of(turn: Consequence) -> str:
    """Return the mark of an event."""
    if turn.why in _PRICES or turn.event.kind == "price":
        return "price"
    if turn.why in {reasons.NEWEST, reasons.NEWEST_SOURCE}:
        return "other"
    if turn.why == reasons.STOPS:
        return "closed" if turn.event.event == "Closed" else "suspended"
    return {
        reasons.OPENS: "operating",
        reasons.RESTARTS: "operating",
        reasons.CONTROL: "control",
        reasons.RULE_STARTS: "starts",
        reasons.RULE_CHANGES: "changes",
        reasons.RULE_ENDS: "ends",
    }[turn.why]


_RIM = circle("rim", 6, 6, 4.6)
_MARKS = {
    **{state: state_mark(state) for state in ("operating", "suspended", "closed")},
    "starts": circle("rule-fill", 6, 6, 4.6),
    "changes": _RIM + path("rule-fill", "M6 1.4A4.6 4.6 0 0 0 6 10.6Z"),
    "ends": _RIM + path("rim", "M2.8 2.8L9.2 9.2"),
    **{
        kind: f'<path class="{kind}" transform="translate(6 6)" d="{mark_path(shape, radius)}"/>'
        for kind, shape, radius in (
            ("control", "diamond", 5.2),
            ("price", "hexagon", 4.8),
            ("other", "circle", 2.6),
        )
    },
}


def _draw(row: EventRow) -> str:
    event, x, y = row.turn.event, row.middle, row.y
    left, right = row.ends
    soft = rect("soft", left, y - 5, round(right - left, 2), 10) if right - left > 2 * SOFT else ""
    words = text_lines("words", WORDS, y + 4.5, LINE, row.words)
    told = escape(visible(f"{event.date}: {row.turn.why}. {event.sentence()}"))
    return (
        f'<g class="event"><title>{told}</title>'
        f"{text_at('date', DATES - 6, y + 4.5, visible(row.date))}"
        f"{path('lead', f'M{x + 8:g} {y:g}H{WORDS - 10:g}')}{soft}"
        f"{moved(x - 6, y - 6, _MARKS[mark_of(row.turn)])}{words}</g>"
    )


def timeline_css() -> str:
    """The rules that the picture needs, in a page and by itself."""
    return drawing_rules(KIND, kind=KIND, size=SIZE)


def timeline_html(timeline: Timeline, view: str = "") -> str:
    """Return the timeline's page as text; the same timeline gives the same bytes."""
    turns = {each.event: each.why for each in timeline.short}
    others = [each for each in timeline.events if each not in turns]
    ordered = [*turns, *others]
    sources = list(dict.fromkeys(source for each in ordered for source in each.sources))
    numbers = {source: number for number, source in enumerate(sources, start=1)}
    first = len({source for each in turns for source in each.sources})
    told = [page_source(source) for source in sources]
    lines = [
        {
            "date": day_words(each.date),
            "certainty": certainty(each),
            "kind": KINDS[each.kind],
            "turn": turns.get(each, ""),
            "what": visible(dates_in_words(each.sentence(timeline.title))),
            "note": visible(each.note),
            "row": visible(first_row(each.rows)),
            "sources": [numbers[source] for source in each.sources],
        }
        for each in timeline.events
    ]
    drawing, size = _drawn(timeline)
    head = f"{visible(timeline.title)}: timeline"
    page = {
        "title": visible(timeline.title),
        "finding": visible(timeline.finding),
        "state": visible(life_lines(timeline.life)) if timeline.life else "",
        "remarks": [visible(remark) for remark in timeline.left_out],
        "chosen": [visible(line) for line in more_lines(timeline, "the list below has all")],
        "svg": f"{opened(KIND, 'strip', size, head, visible(describe(timeline)))}{drawing}</svg>\n",
        "legend": [(mark, words) for mark, _, words in legend(timeline)],
        "short": [line for line in lines if line["turn"]],
        "lines": lines,
        "whole": not others,
        "sources": told[:first],
        "more_sources": told[first:],
        "credit": visible(credit(timeline)),
        "view": visible(view),
    }
    styles = ("sheet.css", "timeline.css")
    html = html_page("timeline.html", page, *styles, drawing=timeline_css(), trimmed=False)
    return f"{html}\n"
