"""A timeline as one HTML file that asks the network for nothing."""

from __future__ import annotations

from monazite.analysis.concentration.shares import first_row
from monazite.analysis.timeline.dated_events import KINDS, DatedEvent
from monazite.analysis.timeline.result import Timeline, certainty, life_lines, more_lines
from monazite.core.formats import visible, web_address
from monazite.data.dates import dates_in_words, day_words
from monazite.data.roots import tier_word
from monazite.report.drawing.templates import fill_template, page_policy, page_style
from monazite.report.timeline_svg import credit, legend, timeline_css, timeline_drawing
from monazite.store.cards import SourceLine


def timeline_html(timeline: Timeline, view: str = "") -> str:
    """Return the timeline's page as text; the same timeline gives the same bytes."""
    turns = {each.event: each.why for each in timeline.short}
    others = [each for each in timeline.events if each not in turns]
    ordered = [*turns, *others]
    sources = list(dict.fromkeys(source for each in ordered for source in each.sources))
    numbers = {source: number for number, source in enumerate(sources, start=1)}
    first = len({source for each in turns for source in each.sources})
    style = page_style("sheet.css", "timeline.css", drawing=timeline_css())
    told = [_page_source(source) for source in sources]
    lines = [_page_line(h, timeline.title, numbers, turns.get(h, "")) for h in timeline.events]
    page = {
        "title": visible(timeline.title),
        "finding": visible(timeline.finding),
        "state": visible(life_lines(timeline.life)) if timeline.life else "",
        "remarks": [visible(remark) for remark in timeline.left_out],
        "chosen": [visible(line) for line in more_lines(timeline, "the list below has all")],
        "svg": timeline_drawing(timeline),
        "legend": [(mark, words) for mark, _, words in legend(timeline)],
        "style": style,
        "policy": page_policy(style),
        "short": [line for line in lines if line["turn"]],
        "lines": lines,
        "whole": not others,
        "sources": told[:first],
        "more_sources": told[first:],
        "credit": visible(credit(timeline)),
        "view": visible(view),
    }
    return fill_template("timeline.html", {"page": page}) + "\n"


def _page_line(
    dated_event: DatedEvent, title: str, numbers: dict[SourceLine, int], turn: str
) -> dict[str, object]:
    return {
        "date": day_words(dated_event.date),
        "certainty": certainty(dated_event),
        "kind": KINDS[dated_event.kind],
        "turn": turn,
        "what": visible(dates_in_words(dated_event.sentence(title))),
        "note": visible(dated_event.note),
        "row": visible(first_row(dated_event.rows)),
        "sources": [numbers[source] for source in dated_event.sources],
    }


def _page_source(source: SourceLine) -> dict[str, str]:
    url = web_address(source.url)
    return {
        "publisher": visible(source.publisher),
        "title": visible(source.title),
        "published": visible(day_words(source.published)) or "undated",
        "tier": visible(tier_word(source.tier)),
        "url": url or "",
        "address": "" if url else visible(source.url),
    }
