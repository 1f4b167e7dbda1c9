"""Pictures whose SVG is written by hand as figures, with a sentence above and the source below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.scenarios.result import ScenarioResult, scenario_finding
from monazite.analysis.timeline.dated_events import KINDS
from monazite.analysis.timeline.result import Timeline
from monazite.core.formats import NOT_KNOWN, counted, marked, tonnes, visible
from monazite.model.balance.result import Balance, Closing
from monazite.model.network.shares import REST
from monazite.report.drawing.lettering import accessible_text, drawable, in_sentence, percent, wrap
from monazite.report.drawing.palette import DARK, FONTS, LIGHT, without_variables
from monazite.report.drawing.plotting import SMALL, TITLE_SIZE, DrawnFigure, size_of
from monazite.report.scenario import describe_scenarios, scenario_svg
from monazite.report.timeline import describe, timeline_svg

_OPEN = re.compile(r"<svg\b[^>]*>")
_TOLD = re.compile(r"<(title|desc) id=[^>]*>.*?</\1>\s*", re.DOTALL)
_LABELLED = re.compile(r' role="img"| aria-labelledby="[^"]*"| xmlns="[^"]*"')
_DARK = re.compile(r"@media \(prefers-color-scheme:dark\)\{:root\{[^}]*\}\}")
_ROOT = re.compile(r":root\{[^}]*\}")
_TEXT = re.compile(r"(<(?:text|tspan)\b[^>]*>)([^<]+)<")
_DOING = {
    "mine": "mined",
    "separation": "separated",
    "metal": "made into metal",
    "magnet": "put in magnets",
}
_LEFT, _HEAD, _FOOT = 14.0, 22.0, 40.0


def timeline_figure(timeline: Timeline, width: float | None = None) -> DrawnFigure:
    """Return a timeline as a figure: the picture in its frame."""
    alt, events = visible(timeline.finding), timeline.events
    if events:
        counts = Counter(each.kind for each in events)
        kinds = ", ".join(f"{KINDS[kind]} {count}" for kind, count in sorted(counts.items()))
        lines = counted(len(events), "line")
        alt = f"{alt} {describe(timeline)}. Of all {lines} by kind: {kinds}."

    def document(theme: str, _: str) -> str:
        return timeline_svg(timeline, theme=theme, desc=accessible_text(alt))

    return DrawnFigure(visible(timeline.finding), alt, document, width, None)


def scenario_figure(
    found: ScenarioResult, beside: ScenarioResult | None = None, width: float | None = None
) -> DrawnFigure:
    """Return a scenario as a figure."""

    def document(theme: str, source: str) -> str:
        return scenario_svg(found, theme=theme, beside=beside, source=source)

    title = visible(scenario_finding(found))
    return DrawnFigure(title, describe_scenarios(found), document, width)


def framed_figure(
    kind: str, title: str, alt: str, text: str, width: float | None = None
) -> DrawnFigure:
    """Return an SVG document as a figure, with its sentence above and its source below."""

    def document(theme: str, source: str) -> str:
        framed = _framed(kind, title, alt, text, source)
        if theme == "screen":
            return framed
        # Without CSS variables, and with boxes for characters that the font lacks.
        hues = DARK if theme == "dark" else LIGHT
        plain = without_variables(_ROOT.sub("", _DARK.sub("", framed)), hues)
        return _TEXT.sub(lambda x: f"{x[1]}{escape(drawable(unescape(x[2])))}<", plain)

    return DrawnFigure(title, alt, document, width)


def _framed(kind: str, title: str, alt: str, text: str, source: str) -> str:
    across, down = size_of(text)
    room = across - 2 * _LEFT
    lines = wrap(drawable(title), room, TITLE_SIZE, bold=True)
    head = 20 + _HEAD * len(lines)
    high = head + down + _FOOT
    inner = _OPEN.search(text)
    assert inner is not None
    start = _LABELLED.sub("", inner[0]).replace("<svg", f'<svg y="{head:g}"', 1)
    body = start + _TOLD.sub("", text[inner.end() :], count=2)
    credit = wrap(drawable(source), room, SMALL, most=2)
    low = 14 if len(credit) == 1 else 22
    name = f"figure-{kind}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {across:g} {high:g}" '
        f'width="{across:g}" height="{high:g}" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(accessible_text(title))}</title>',
        f'<desc id="{name}-desc">{escape(accessible_text(alt))}</desc>',
        f"<style>.figure text{{font-family:{FONTS}}}.figure rect{{fill:var(--paper)}}"
        ".figure .said{fill:var(--ink);font-weight:700}.figure .source{fill:var(--muted)}"
        "</style>",
        f'<g class="figure"><rect width="{across:g}" height="{high:g}"/>',
        *(
            f'<text class="said" x="{_LEFT:g}" y="{18 + _HEAD * (number + 1) - 4:g}" '
            f'font-size="{TITLE_SIZE:g}">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
        *(
            f'<text class="source" x="{_LEFT:g}" y="{high - low + 13 * number:g}" '
            f'font-size="{SMALL:g}">{escape(line)}</text>'
            for number, line in enumerate(credit)
        ),
        "</g>",
        body.rstrip(),
    ]
    return "\n".join([*parts, "</svg>\n"])


def balance_title(balance: Balance) -> str:
    """Say who makes most of an element, at the stage where that part is largest."""
    leaders = list(_leaders(balance))
    name = in_sentence(balance.title)
    if not leaders:
        return f"Who makes {name} in {balance.year} is not known"
    first = max(leaders, key=lambda each: (not each.alone, each.made / each.whole))
    doing = _DOING.get(first.closing.stage, first.closing.stage)
    if first.alone:
        return f"{first.label} alone is known to have {doing} {name} in {balance.year}: {first}"
    known = "known to be " if first.silent else ""
    return f"Of the {name} {known}{doing} in {balance.year}, {first.label} has {first}"


def balance_alt(balance: Balance) -> str:
    """Say who makes most at each stage of a balance, how much in which year, and what is left."""
    events = []
    for leader in _leaders(balance):
        stage = leader.closing
        text = f"{_DOING.get(stage.stage, stage.stage).capitalize()}: {leader.label} {leader}"
        if stage.left is not None and abs(stage.left) >= 0.5:
            word = "surplus" if stage.left >= 0 else "short"
            text += f", {tonnes(abs(stage.left))} t {word} before the next stage"
        events.append(f"{text}.")
    name, rest = in_sentence(balance.title), " ".join(events) or f"Who makes it: {NOT_KNOWN}."
    return f"Flows of {name} in {balance.year}, in tonnes of the element. {rest}"


READ = f"{OTHER_FIGURE}, before the year is reconciled"  # parts as rows read, which need not close


@dataclass(frozen=True)
class _Leader:
    closing: Closing
    label: str
    made: float
    whole: float
    silent: int
    figure: str

    @property
    def alone(self) -> bool:
        """Whether of nobody else it is known, so that its part of the whole is not."""
        return self.silent > 0 and self.made >= self.whole

    def __str__(self) -> str:
        text = f"{tonnes(self.made)} t"
        if not self.alone:
            share = percent(self.made / self.whole)
            text = f"{share} ({READ}): {tonnes(self.made)} of {tonnes(self.whole)} t"
        others = f"what {counted(self.silent, 'other place')} made is not known"
        return f"{marked(text, self.figure)}{f'; {others}' if self.silent else ''}"


def _leaders(balance: Balance) -> Iterator[_Leader]:
    for closing in balance.closings:
        here = [line for line in balance.lines if line.stage == closing.stage]
        made = {line.country: line.made.value for line in here if line.made is not None}
        whole = sum(made.values()) if closing.made is None else closing.made
        named = {country: tonnes for country, tonnes in made.items() if country != REST}
        if named and whole > 0:
            leader = min(named, key=lambda country: (-named[country], country))
            yield _Leader(
                closing=closing,
                label=visible(balance.labels.get(leader, leader)),
                made=named[leader],
                whole=whole,
                silent=len(here) - len(made),
                figure=closing.figure,
            )
