"""A timeline as one HTML file that asks the network for nothing."""

from __future__ import annotations

from monazite.findings.timeline.dated_events import KINDS, Happening
from monazite.findings.timeline.tables import certainty, row_of, tell_life
from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.policy import page_policy
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.drawing.templates import fill_template, page_style
from monazite.pages.timeline.svg import strip, strip_css
from monazite.safe_text import visible, web_address
from monazite.triples.cards import SourceLine


def timeline_html(timeline: Timeline, view: str = "") -> str:
    """Return the timeline's page as text; the same timeline gives the same bytes.

    Args:
        timeline: what happened.
        view: the line that records the view.
    """
    return fill_template("timeline.html", {"page": _page(timeline, view)}) + "\n"


def _page(timeline: Timeline, view: str) -> dict[str, object]:
    sources = list(dict.fromkeys(s for h in timeline.happenings for s in h.sources))
    numbers = {source: number for number, source in enumerate(sources, start=1)}
    style = page_style("sheet.css", "timeline.css", drawing=strip_css())
    return {
        "title": visible(timeline.title),
        "state": visible(tell_life(timeline.life)) if timeline.life else "",
        "remarks": [visible(remark) for remark in timeline.left_out],
        "svg": strip(timeline),
        "style": style,
        "policy": page_policy(style),
        "lines": [_page_line(h, timeline.title, numbers) for h in timeline.happenings],
        "sources": [_page_source(source) for source in sources],
        "view": visible(view),
        "licence": LICENCE,
    }


def _page_line(
    happening: Happening, title: str, numbers: dict[SourceLine, int]
) -> dict[str, object]:
    return {
        "date": happening.date,
        "certainty": certainty(happening),
        "kind": KINDS[happening.kind],
        "what": visible(happening.sentence(title)),
        "note": visible(happening.note),
        "row": row_of(happening, title)[-1],
        "sources": [numbers[source] for source in happening.sources],
    }


def _page_source(source: SourceLine) -> dict[str, str]:
    url = web_address(source.url)
    return {
        "publisher": visible(source.publisher),
        "title": visible(source.title),
        "published": visible(source.published) or "undated",
        "tier": visible(source.tier),
        "url": url or "",
        "address": "" if url else visible(source.url),
    }
