"""Pictures whose SVG is written by hand as figures, with a sentence above and the source below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from io import BytesIO
from typing import Any

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.scenarios.result import ScenarioResult, scenario_finding
from monazite.analysis.timeline.dated_events import KINDS
from monazite.analysis.timeline.result import Timeline
from monazite.core.formats import NOT_KNOWN, counted, marked, tonnes, visible
from monazite.model.balance.result import Balance, Closing
from monazite.model.network.shares import REST
from monazite.report.drawing.lettering import (
    FAMILY,
    accessible_text,
    drawable,
    font_files,
    in_sentence,
    percent,
    wrap,
)
from monazite.report.drawing.palette import DARK, FONTS, LIGHT, without_variables
from monazite.report.drawing.plotting import CSS_INCH, SMALL, TITLE_SIZE
from monazite.report.drawing.templates import LICENCE
from monazite.report.scenario import describe_scenarios, scenario_svg
from monazite.report.timeline import describe, timeline_svg

_OPEN = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')
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


@dataclass(frozen=True)
class DrawnFigure:
    """A picture that is drawn by hand as SVG, in its own size or scaled to a width."""

    title: str
    alt: str
    document: Callable[[str, str], str] = field(compare=False)  # of a theme, with a source
    width: float | None = None
    source: str | None = LICENCE  # None where the picture names its own

    def svg(self, theme: str = "screen") -> str:
        """Return it as one SVG document: light, dark, or as the screen prefers."""
        text = self.document(theme, self.source or "")
        if self.width is None:
            return text
        across, down = _size_of(text)
        sized = f' width="{self.width:g}" height="{round(down * self.width / across, 2):g}"'
        return _SIZE.sub(sized, text, count=1)

    def pixels(self, dpi: float, theme: str = "light") -> Any:  # noqa: ANN401 - an image of Pillow
        """Return it as an image of so many dots to an inch."""
        from PIL import Image
        from resvg_py import svg_to_bytes

        text = self.document(theme, self.source or "")
        found = svg_to_bytes(
            svg_string=text,
            width=round((self.width or _size_of(text)[0]) * dpi / CSS_INCH),
            background=(DARK if theme == "dark" else LIGHT)["paper"],
            skip_system_fonts=True,
            font_files=list(font_files()),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            serif_family=FAMILY,
        )
        return Image.open(BytesIO(bytes(found))).convert("RGB")


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
    across, down = _size_of(text)
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


def _size_of(text: str) -> tuple[float, float]:
    found = _SIZE.search(text)
    assert found is not None
    return float(found[1]), float(found[2])


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
