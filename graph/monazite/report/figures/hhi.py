"""The figure of the HHI over time, with the policies that restrain exports on the same years."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.formats import grouped, marked, visible, whole
from monazite.report.drawing.lettering import bounded_percent, drawable, text_width
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page, head_height
from monazite.report.figures.bars import DOING

RESTRAINTS = (  # kinds of policy that a market feels
    *("Export licence", "Export quota", "Export ban", "Export tax", "Informal embargo"),
    *("Technology export ban", "End-use rule"),
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class PolicySpan:
    """A policy, or several of one name year after year, from its first day in force."""

    title: str
    begins: float
    ends: float | None
    paused: tuple[float, float | None] | None
    rows: tuple[str, ...]


def restraint_spans(policies: Iterable[DatedEvent], named: Collection[str]) -> list[PolicySpan]:
    """Return when policies were in force, those of one name year after year as one span."""
    steps: dict[str, list[DatedEvent]] = {}
    for step in policies:
        if step.kind == "policy" and step.subject in named:
            steps.setdefault(step.subject, []).append(step)
    single = [span for title, own in sorted(steps.items()) if (span := _span(title, own))]
    families: dict[str, list[PolicySpan]] = {}
    for span in single:
        families.setdefault(_YEAR.sub("", span.title).strip(), []).append(span)
    found: list[PolicySpan] = []
    for name, members in families.items():
        found += [_together(name, members)] if len(members) > 2 else members
    return sorted(found, key=lambda span: (span.begins, span.title))


def _span(title: str, steps: Sequence[DatedEvent]) -> PolicySpan | None:
    began = [each for each in steps if each.what.startswith("Effective")]
    if not began:
        return None
    first = min(began, key=lambda each: each.earliest)
    ended = [each for each in steps if each.what.startswith("Ended")]
    last = max((time_of(each.latest) for each in ended), default=None)
    held = [each for each in steps if each.what.startswith("Suspended")]
    back = [each for each in steps if each.what.startswith("Resumed")]
    paused = None
    if held:
        resumed = min((time_of(each.earliest) for each in back), default=None)
        until = time_of(held[-1].until_latest) if held[-1].until_latest else None
        paused = (time_of(held[0].earliest), resumed or until)
    rows = tuple(row for each in steps for row in each.rows)
    return PolicySpan(title, time_of(first.earliest), last, paused, rows)


def _together(name: str, members: Sequence[PolicySpan]) -> PolicySpan:
    """One span for a policy that is issued year by year; a gap in it is in the timeline."""
    ends = [span.ends for span in members]
    last = None if None in ends else max(end for end in ends if end is not None)
    rows = tuple(row for span in members for row in span.rows)
    return PolicySpan(f"{name}, year by year", min(s.begins for s in members), last, None, rows)


def time_of(day: str) -> float:
    """A day as a year and its part."""
    return int(day[:4]) + round((int(day[5:7]) - 1 + (int(day[8:10]) - 1) / 31) / 12, 4)


FOOT, PLOT, LANE, AXIS, NUMBERS = 46.0, 250.0, 17.0, 24.0, 118.0
LEFT = 58.0
MAX_POLICIES = 16  # Policies that are drawn; the timeline holds every one
_LOOKS = {  # by mark and dash as well as by hue
    "mine": ("triangle", "site", ()),
    "separation": ("circle", "country", (5, 2)),
    "metal": ("diamond", "market", (1, 2)),
    "alloy": ("square", "firm", (7, 2, 1, 2)),
    "magnet": ("cross", "ring", (3, 2)),
}
_OTHER = ("square", "muted", (2, 2))


def hhi_drawing(
    lines: Sequence[ConcentrationYear],
    labels: dict[str, str],
    policies: Iterable[DatedEvent],
    kinds: dict[str, str],
    title: str,
    day: str,
    width: float,
) -> Drawing:
    """Draw the index of each stage by year, and under it what restrained exports."""
    drawn_lines = best_lines(lines)
    years = [line.year for line in drawn_lines]
    spans: list[PolicySpan] = []
    if years:
        window = (min(years), time_of(day))
        named = {each for each, kind in kinds.items() if kind in RESTRAINTS}
        spans = [
            span
            for span in restraint_spans(policies, named)
            if span.begins < window[1] and (span.ends or window[1]) >= window[0]
        ][-MAX_POLICIES:]
    said = _sentence(drawn_lines, labels, visible(title))
    under = (
        "Herfindahl-Hirschman index, 0 to 10,000, over the world; a line breaks where basis or "
        "series does. Below: policies on exports, while in force."
    )
    top = head_height(said, under, width)
    below = AXIS + 22 + LANE * len(spans) if spans else AXIS
    return Drawing(
        kind="hhi",
        title=said,
        subtitle=under,
        alt=hhi_alt(lines, labels, spans, title),
        width=width,
        height=top + PLOT + below + FOOT,
        draw=partial(_draw, lines=drawn_lines, labels=labels, spans=spans, day=day, top=top),
        tips={
            **{f"hhi-{each.stage}-{each.year}": _point_words(each, labels) for each in drawn_lines},
            **{f"policy-{number}": span.title for number, span in enumerate(spans)},
        },
    )


def best_lines(lines: Sequence[ConcentrationYear]) -> list[ConcentrationYear]:
    """Keep the years that have an index, of each stage's materials that speak best."""
    known = [line for line in lines if line.hhi is not None]
    longest: dict[str, int] = {}
    for stage in {line.stage for line in known}:
        ranks = [line.rank for line in known if line.stage == stage]
        # One number is no series: a wider group speaks where the element itself has one year.
        several = [rank for rank in sorted(set(ranks)) if ranks.count(rank) > 1]
        longest[stage] = several[0] if several else min(ranks)
    return [line for line in known if line.rank == longest[line.stage]]


def hhi_alt(
    lines: Sequence[ConcentrationYear],
    labels: dict[str, str],
    spans: Sequence[PolicySpan],
    title: str,
) -> str:
    """Say where the index of each stage began and stands, who leads, and what was in force."""
    drawn_lines = []
    known = best_lines(lines)
    for stage in dict.fromkeys(line.stage for line in known):
        own = [line for line in known if line.stage == stage]
        last = f"; {_point_words(own[-1], labels, bare=True)}" if len(own) > 1 else ""
        drawn_lines.append(f"{_point_words(own[0], labels)}{last}.")
    told = " ".join(drawn_lines) or "Not known."
    text = f"HHI of {visible(title)} by stage and year, as records print it. {told}"
    if spans:
        named = "; ".join(f"{visible(span.title)} ({_years(span)})" for span in spans)
        text += f" Policies on exports: {named}."
    return text


def _years(span: PolicySpan) -> str:
    ends = f"to {int(span.ends)}" if span.ends is not None else "on"
    return f"from {int(span.begins)} {ends}"


def _point_words(line: ConcentrationYear, labels: dict[str, str], *, bare: bool = False) -> str:
    name = "" if bare else f"{visible(labels.get(line.stage, line.stage))}: "
    share = marked(bounded_percent(line.share, line.leader_figure), line.leader_figure)
    leads = f", {visible(line.leader_label)} {share}" if line.leader else ""
    leads += f" (records of {_material(line)})" if _material(line) and not bare else ""
    return f"{name}HHI {whole(line.hhi)} in {line.year}{leads}"


def _sentence(lines: Sequence[ConcentrationYear], labels: dict[str, str], title: str) -> str:
    """Say what moved most: the stage with the longest line, in its last series that is whole."""
    if not lines:
        return f"How concentrated {title} is over the years is not known"
    counts = {stage: sum(line.stage == stage for line in lines) for stage in labels}
    stage = max(labels, key=lambda each: counts[each])
    own = [line for line in lines if line.stage == stage]
    doing = DOING.get(stage) or visible(labels[stage]).lower()
    what = f"The HHI of {doing} of {_material(own[-1]) or title}"
    breaks = [number for number, line in enumerate(own) if line.broken]
    series = own[breaks[-1] if breaks else 0 :]  # numbers of two series are not compared
    last, peak = series[-1], max(series, key=lambda line: (line.hhi or 0.0, line.year))
    if len(series) == 1:
        return f"{what} is {whole(last.hhi)} in {last.year}"
    if peak.year == last.year:
        return f"{what} is {whole(last.hhi)} in {last.year}, its highest since {series[0].year}"
    return (
        f"{what} peaked at {whole(peak.hhi)} in {peak.year}; in {last.year} it is {whole(last.hhi)}"
    )


def _material(line: ConcentrationYear) -> str:
    """The wider group whose rows stand for the element, nothing where they are its own."""
    return visible(line.material).replace("-", " ") if line.rank > 1 else ""


@dataclass(frozen=True)
class _Plot:
    first: int
    last: float
    right: float
    bottom: float

    def x(self, year: float) -> float:
        place = LEFT + (year - self.first) * (self.right - LEFT) / (self.last - self.first)
        return min(max(place, LEFT), self.right)

    def y(self, index: float) -> float:
        return self.bottom - min(index, 10_000.0) * (PLOT - 20) / 10_000


def _draw(
    page: Page,
    *,
    lines: Sequence[ConcentrationYear],
    labels: dict[str, str],
    spans: Sequence[PolicySpan],
    day: str,
    top: float,
) -> None:
    if not lines:
        page.text(MARGIN, top + 24, "No year has an index.", hue="muted")
        return
    first = min(line.year for line in lines)
    stop = max(time_of(day), first + 10.0)
    frame = _Plot(first, stop, page.width - MARGIN - NUMBERS, top + PLOT)
    _draw_grid(page, frame, LANE * len(spans) + AXIS + 22 if spans else 0)
    last: list[ConcentrationYear] = []
    for stage in dict.fromkeys(line.stage for line in lines):
        own = [line for line in lines if line.stage == stage]
        _draw_stage(page, own, frame)
        last.append(own[-1])
    y = 0.0
    for line in sorted(last, key=lambda line: -(line.hhi or 0.0)):
        y = max(y, frame.y(line.hhi or 0.0))
        y += _label(page, line, labels, (frame.right + 8, y))
    _draw_spans(page, spans, frame)


def _draw_grid(page: Page, frame: _Plot, below: float) -> None:
    for index in range(0, 10_001, 2_500):
        y = frame.y(index)
        page.line([(LEFT, y), (frame.right, y)], hue="hairline", wide=0.8, order=1)
        page.text(LEFT - 8, y + 4, grouped(index), size=SMALL, hue="muted", at="right")
    years = range(frame.first, int(frame.last) + 1)
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100) if len(years) / each <= 9)
    for year in years:
        if year % step == 0:
            x = frame.x(year)
            ends = [(x, frame.bottom), (x, frame.bottom + max(below, 6))]
            page.line(ends, hue="hairline", wide=0.8, order=1)
            page.text(x + 3, frame.bottom + 15, f"{year}", size=SMALL, hue="muted")


def _draw_stage(page: Page, lines: Sequence[ConcentrationYear], frame: _Plot) -> None:
    stage = lines[0].stage
    mark, hue, dash = _LOOKS.get(stage, _OTHER)
    points = [(frame.x(line.year + 0.5), frame.y(line.hhi or 0.0)) for line in lines]
    for start, end in _runs(lines):
        if end - start > 1:
            page.line(points[start:end], hue=hue, wide=1.6, dash=dash)
    for line, (x, y) in zip(lines, points, strict=True):
        if line.hhi_low is not None and line.hhi_high is not None:
            low, high = frame.y(line.hhi_low), frame.y(line.hhi_high)
            if low - high > 3:
                page.line([(x, low), (x, high)], hue=hue, opacity=0.55)
        page.mark(x, y, mark, 3.6, fill=hue, name=f"hhi-{stage}-{line.year}")


def _label(
    page: Page, line: ConcentrationYear, labels: dict[str, str], place: tuple[float, float]
) -> float:
    mark, hue, _ = _LOOKS.get(line.stage, _OTHER)
    x, y = place
    page.mark(x + 5, y - 1, mark, 4, fill=hue)
    name = visible(labels.get(line.stage, line.stage))
    page.text(x + 14, y + 3, name, bold=True, max_width=NUMBERS - 20)
    page.text(x + 14, y + 16, f"{whole(line.hhi)} in {line.year}", size=SMALL, hue="muted")
    page.text(x + 14, y + 29, _material(line), size=SMALL, hue="muted", max_width=NUMBERS - 8)
    return 44.0 if _material(line) else 31.0


def _runs(lines: Sequence[ConcentrationYear]) -> list[tuple[int, int]]:
    starts = [0, *(n for n, line in enumerate(lines) if n and line.broken)]
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _draw_spans(page: Page, spans: Sequence[PolicySpan], frame: _Plot) -> None:
    right, top = frame.right, frame.bottom + AXIS + 18
    for number, span in enumerate(spans):
        y = top + LANE * number
        begins = frame.x(span.begins)
        stops = right if span.ends is None else max(frame.x(span.ends), begins + 3)
        solid = stops if span.paused is None else max(frame.x(span.paused[0]), begins + 3)
        name = f"policy-{number}"
        page.box(begins, y, solid - begins, 7, fill="ring", order=3, name=name)
        if solid < stops:
            page.box(solid, y, stops - solid, 7, fill="paper", edge="ring", hatch="////", order=2)
        wide = text_width(drawable(span.title), SMALL)
        after = page.width - MARGIN - stops - 6
        if after >= wide or after >= begins - 6 - MARGIN:
            page.text(stops + 6, y + 7, span.title, size=SMALL, max_width=after, halo=True)
        else:
            page.text(begins - 6, y + 7, span.title, size=SMALL, at="right", halo=True,
                      max_width=begins - 6 - MARGIN)  # fmt: skip
