"""Figures of concentration: who leads each stage, and the HHI by year with acts on exports."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from monazite.analysis.concentration.by_year import OTHER_FIGURE, ConcentrationYear
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.formats import NOT_KNOWN, grouped, index_words, marked, shorten, visible, whole
from monazite.core.results import Struct
from monazite.model.wording import basis_words
from monazite.report.drawing.lettering import SIZE, bounded_percent, drawable, percent, text_width
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page
from monazite.store.cards import is_measured

FOOT, ROW, OTHER_ROW = 46.0, 46.0, 16.0
NAMES, NUMBERS = 104.0, 118.0
DOING = {"mine": "mining", "separation": "separation", "metal": "metal", "magnet": "magnets"}


def concentration_drawing(
    stages: Sequence[StageShares],
    labels: Mapping[str, str],
    title: str,
    width: float,
    *,
    finding: str = "",
) -> Drawing:
    """Draw the leader's share of each stage, with what other rows print."""
    name = visible(title)
    finding = finding or _lead_sentence(stages, labels, name)
    under = "Share of the leading country at each stage; thin line: the range that records print."
    others = any(stage.others for stage in stages)
    if others:
        under = (
            "Share of the leading country at each stage of the reconciled year; hollow mark: "
            f"the {OTHER_FIGURE} that records print."
        )
    if any("wider group" in stage.note for stage in stages):
        under += f" Where it says a wider group, records of more elements stand for {name}."
    row = ROW + OTHER_ROW * others
    told = " ".join(f"{_stage_words(each, labels)}." for each in stages)
    return Drawing(
        kind="concentration",
        title=finding,
        subtitle=under,
        alt=f"Bars of the leading share at each stage of {name}. {told}",
        width=width,
        room=26 + row * len(stages) + FOOT,
        draw=partial(_draw_stages, stages=stages, labels=labels, row=row),
        tips={f"share-{each.stage}": _stage_words(each, labels) for each in stages},
    )


def _stage_words(stage: StageShares, labels: Mapping[str, str]) -> str:
    name = visible(labels.get(stage.stage, stage.stage))
    if stage.share is None:
        return f"{name}: {NOT_KNOWN}"
    index = _index(stage)
    told = f"{visible(stage.leader)} {_share(stage)}{_range(stage)}"
    told += f", HHI {index}" if index else ""
    others = "".join(f"; {_other_words(other)}" for other in stage.others)
    return f"{name}: {told}, {stage.year}{f', {stage.figure}' if stage.figure else ''}{others}"


def _other_words(other: StageShares) -> str:
    told = f"{visible(other.leader)} {_share(other)}{_range(other)}"
    return f"{OTHER_FIGURE} {told}: {visible(other.why)}"


def _share(stage: StageShares) -> str:
    return bounded_percent(stage.share, stage.figure)


def _index(stage: StageShares) -> str:
    """The index; where a bound leaves it open, the end that is known; else nothing."""
    ends = (None, None) if stage.hhi is not None else (stage.hhi_low, stage.hhi_high)
    told = index_words(stage.hhi, *ends)
    return "" if told == NOT_KNOWN else told


def _range(stage: StageShares) -> str:
    low, high = stage.share_low, stage.share_high
    if low is None or high is None or percent(low) == percent(high):
        return ""
    return f" ({percent(low)} to {percent(high)})"


def _lead_sentence(stages: Sequence[StageShares], labels: Mapping[str, str], title: str) -> str:
    """Say who leads everywhere, or the most concentrated stage, if possible as measured."""
    known = [stage for stage in stages if stage.share is not None]
    if not known:
        return f"We found no leader for {title} at any stage"
    measured = [stage for stage in known if is_measured(stage.figure)]
    told = measured if len(measured) > 1 else known
    ends = sorted(told, key=lambda stage: (stage.share or 0.0, stage.stage))
    most, least = ends[-1], ends[0]

    def at(stage: StageShares) -> str:
        return DOING.get(stage.stage) or visible(labels.get(stage.stage, stage.stage)).lower()

    def share(stage: StageShares, extent: str = "") -> str:
        return marked(f"{_share(stage)} of {at(stage)}{extent}", stage.figure)

    leader = shorten(visible(most.leader), 24)
    if len(known) > 1 and len({stage.leader for stage in known}) == 1:
        where = "" if len(told) == len(known) else "where it is measured, "
        return (
            f"{leader} leads every known stage of {title}: {where}from {share(least)} to "
            f"{share(most)}"
        )
    return f"{leader} has {share(most, f' of {title}')} in {most.year}"


def _draw_stages(
    page: Page, top: float, *, stages: Sequence[StageShares], labels: Mapping[str, str], row: float
) -> None:
    left, right = MARGIN + NAMES, page.width - MARGIN - NUMBERS
    extent = right - left
    page.aside(right + 34, top + 12, "HHI")
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + extent * part
        page.aside(x, top + 12, percent(part), at="center")
        for number in range(len(stages)):
            y = top + 26 + row * number
            page.line([(x, y + 1), (x, y + 24)], hue="hairline", wide=0.8, order=1)
    for number, stage in enumerate(stages):
        y = top + 26 + row * number
        name = visible(labels.get(stage.stage, stage.stage))
        page.text(MARGIN, y + 16, name, size=SIZE + 0.5, bold=True, max_width=NAMES - 8)
        _draw_stage(page, stage, left, y, extent)


def _draw_stage(page: Page, stage: StageShares, left: float, y: float, extent: float) -> None:
    name = f"share-{stage.stage}"
    page.box(left, y + 5, extent, 15, fill="band", name=f"whole-{stage.stage}")
    if stage.share is None:
        gap = f"gap-{stage.stage}"
        page.box(left, y + 5, extent, 15, edge="muted", hatch="////", opacity=0.5, name=gap)
        page.text(
            left, y + 36, f"{NOT_KNOWN}: {visible(stage.note)}", hue="muted", max_width=extent
        )
        return
    page.box(left, y + 5, extent * stage.share, 15, fill="country", order=3, name=name)
    low, high = stage.share_low, stage.share_high
    if low is not None and high is not None and high > low:
        ends = (left + extent * low, left + extent * high)
        page.whisker(ends, y + 12.5, name=f"range-{stage.stage}")
    told = f"{visible(stage.leader)} {_share(stage)}{_range(stage)}"
    page.text(left, y + 36, told, max_width=extent * 0.55, name=f"label-{stage.stage}")
    wider = "a wider group, " if "wider group" in stage.note else ""
    what = f"{stage.figure}, " if stage.figure else ""
    basis = f"{stage.year}, {what}{wider}{basis_words(stage.basis)}"
    max_width = extent - min(extent * 0.55, text_width(told)) - 12
    page.aside(left + extent, y + 36, basis, at="right", max_width=max_width)
    for other in stage.others:
        x, mark = left + extent * (other.share or 0.0), f"other-{other.stage}"
        page.box(x - 3, y + 8, 6, 9, fill="card", edge="ink", order=6, name=mark)
        low, room = y + 36 + OTHER_ROW, extent + NUMBERS
        page.aside(left, low, _other_words(other), max_width=room)
    if index := _index(stage):
        right = left + extent + 34
        page.text(right, y + 17, index, size=SIZE + 0.5, name=f"hhi-{stage.stage}")
        low, high = stage.hhi_low, stage.hhi_high
        if low is not None and high is not None and round(low) < round(high):
            page.aside(right, y + 36, f"{whole(low)} to {whole(high)}")


RESTRAINTS = (  # kinds of policy that a market feels
    *("Export licence", "Export quota", "Export ban", "Export tax", "Informal embargo"),
    *("Technology export ban", "End-use rule"),
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class PolicySpan(Struct):
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
        if len(members) <= 2:
            found += members
            continue
        # One span for a policy that is issued year by year; a gap in it is in the timeline.
        ends = [span.ends for span in members]
        last = None if None in ends else max(end for end in ends if end is not None)
        rows = tuple(row for span in members for row in span.rows)
        begins = min(span.begins for span in members)
        found.append(PolicySpan(f"{name}, year by year", begins, last, None, rows))
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


def time_of(day: str) -> float:
    """A day as a year and its part."""
    return int(day[:4]) + round((int(day[5:7]) - 1 + (int(day[8:10]) - 1) / 31) / 12, 4)


PLOT, LANE, AXIS, STAGE_NAMES = 250.0, 17.0, 24.0, 118.0
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
    below = AXIS + 22 + LANE * len(spans) if spans else AXIS
    return Drawing(
        kind="hhi",
        title=said,
        subtitle=under,
        alt=hhi_alt(lines, labels, spans, title),
        width=width,
        room=PLOT + below + FOOT,
        draw=partial(_draw, lines=drawn_lines, labels=labels, spans=spans, day=day),
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
        named = []
        for span in spans:
            ends = f"to {int(span.ends)}" if span.ends is not None else "on"
            named.append(f"{visible(span.title)} (from {int(span.begins)} {ends})")
        text += f" Policies on exports: {'; '.join(named)}."
    return text


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


class _Plot(Struct):
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
    top: float,
    *,
    lines: Sequence[ConcentrationYear],
    labels: dict[str, str],
    spans: Sequence[PolicySpan],
    day: str,
) -> None:
    if not lines:
        page.text(MARGIN, top + 24, "No year has an index.", hue="muted")
        return
    first = min(line.year for line in lines)
    stop = max(time_of(day), first + 10.0)
    frame = _Plot(first, stop, page.width - MARGIN - STAGE_NAMES, top + PLOT)
    _draw_grid(page, frame, LANE * len(spans) + AXIS + 22 if spans else 0)
    last: list[ConcentrationYear] = []
    for stage in dict.fromkeys(line.stage for line in lines):
        own = [line for line in lines if line.stage == stage]
        _draw_series(page, own, frame)
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
        page.aside(LEFT - 8, y + 4, grouped(index), at="right")
    years = range(frame.first, int(frame.last) + 1)
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100) if len(years) / each <= 9)
    for year in years:
        if year % step == 0:
            x = frame.x(year)
            ends = [(x, frame.bottom), (x, frame.bottom + max(below, 6))]
            page.line(ends, hue="hairline", wide=0.8, order=1)
            page.aside(x + 3, frame.bottom + 15, f"{year}")


def _draw_series(page: Page, lines: Sequence[ConcentrationYear], frame: _Plot) -> None:
    stage = lines[0].stage
    mark, hue, dash = _LOOKS.get(stage, _OTHER)
    points = [(frame.x(line.year + 0.5), frame.y(line.hhi or 0.0)) for line in lines]
    starts = [0, *(n for n, line in enumerate(lines) if n and line.broken)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
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
    page.text(x + 14, y + 3, name, bold=True, max_width=STAGE_NAMES - 20)
    page.aside(x + 14, y + 16, f"{whole(line.hhi)} in {line.year}")
    page.aside(x + 14, y + 29, _material(line), max_width=STAGE_NAMES - 8)
    return 44.0 if _material(line) else 31.0


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
