"""The short report of losses: the answer, the largest losses, and what is not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from monazite.findings.losses.headline import (
    between_ends,
    first_line,
    loss_answer,
    of_group,
    of_oxide,
)
from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.findings.wording import STAGE_NOUNS, capital
from monazite.safe_text import bounded_percent, counted, percent
from monazite.tables import MORE, Table

if TYPE_CHECKING:
    from monazite.findings.losses.result import Chokepoint, ChokepointFigures
    from monazite.findings.shares.concentration import StageShares

LINES = 5
"""Losses of the short report."""
_OTHERS = 2
"""Other figures of shares that the short report quotes."""
_APART = 0.1
"""In parts of 1, by how much another figure differs that it quotes."""
IF_STOPS = {
    "outage": "If this stops",
    "embargo": "If this sells nothing abroad",
    "licence": "If this is licensed",
}
_ORE = {"mine": "ore", "separation": "oxide", "metal": "metal"}
"""What a stage takes of which a part is unaccounted for."""


def first_screen(report: ChokepointFigures, lines: int = LINES) -> list[Table]:
    """Return the report as its reader meets it: at most 80 columns, and one screen."""
    asked = f"-e {report.element} -m {report.market}"
    ranked = report.base is not None and any(map(_tells, report.chokepoints))
    test = f" To test it: monazite doubt {asked}." if ranked else ""
    heading = f"{loss_answer(report)}{test}"
    if report.base is None:
        return [_leaders(report, heading)]
    return [_losses(report, heading, lines)]


def _losses(report: ChokepointFigures, heading: str, lines: int) -> Table:
    telling = sorted(
        (each for each in report.chokepoints if _tells(each)),
        key=lambda each: -round(100 * (each.loss or 0.0)),
    )
    shown, others = telling[:lines], telling[lines:]
    drawn = report.draws is not None
    event = report.base.event if report.base is not None else "outage"
    share = {stage.stage for stage in report.stages if of_group(stage)}
    rows = [_line(each, drawn, share) for each in shown]
    remarks = [*_folded(others), *_remarks(report, shown), MORE]
    names = [IF_STOPS[event], "Loss", *(["5-95 %"] if drawn else []), "Home first", "Short"]
    return Table(
        heading=heading,
        columns=(*names, "World share") if rows else (),
        rows=rows,
        remarks=tuple(remarks),
        right=("Loss", "5-95 %", "Home first", "World share"),
    )


def _tells(point: Chokepoint) -> bool:
    """Whether a line takes something away, or may, or gives."""
    ends = (point.loss or 0.0, point.loss_low or 0.0, point.loss_high or 0.0)
    return point.loss is not None and max(map(abs, ends)) > NEGLIGIBLE_LOSS


def _line(point: Chokepoint, drawn: bool, of_groups: set[str]) -> list[str]:
    known = point.share is not None and point.stage and point.stage not in of_groups
    return [
        line_name(point),
        percent(point.loss, narrow=True),
        *([_range(point)] if drawn else []),
        percent(point.home_first, narrow=True),
        ", ".join(point.limited_by),
        bounded_percent(point.share, point.figure, narrow=True) if known else "",
    ]


def line_name(point: Chokepoint) -> str:
    """Return the name of a line: who, and what is done there.

    >>> from types import SimpleNamespace
    >>> at_mine = SimpleNamespace(label="China mining = x", kind="country", stage="mine")
    >>> line_name(at_mine)
    'China mining'
    """
    name = point.label.split(" = ")[0]
    if point.kind == "country" and not point.stage:
        return f"{name}, all stages"
    return name


def _range(point: Chokepoint) -> str:
    if point.loss_low is None or point.loss_high is None:
        return "not drawn"
    return between_ends(point.loss_low, point.loss_high).replace(" to ", "-")


def _folded(others: list[Chokepoint]) -> Iterator[str]:
    if others:
        losses = [each.loss or 0.0 for each in others]
        width = between_ends(min(losses), max(losses)).replace(" to ", "-")
        yield f"{counted(len(others), 'other')}: {width}; --full names them."


def _remarks(report: ChokepointFigures, shown: list[Chokepoint]) -> Iterator[str]:
    base = report.base
    if base is None:
        return
    if any((point.loss or 0.0) <= -NEGLIGIBLE_LOSS for point in shown):
        yield "A negative loss is a gain: rival buyers drop out."
    if base.approval is not None:
        yield f"Assumed: licences cover {percent(base.approval)} of {base.year} sales."
    missing = [
        f"{percent(part)} of {_ORE.get(stage, stage)}" for stage, part in base.unexplained.items()
    ]
    if any(part > NEGLIGIBLE_LOSS for part in base.unexplained.values()):
        yield f"Unaccounted for: {', '.join(missing)}. If it stops, losses grow."
    if of_oxide(report):
        yield "Use by weight is unknown; only mine output checks the tonnage."
        yield "Not counted: stocks. With them losses would be smaller."
    else:
        yield "Not counted: magnets in traded goods; stocks. Losses may be larger or smaller."
    if report.draws is None:
        yield "Range not drawn: --draws 200 runs random trials."
    yield from _sources(report)


def _sources(report: ChokepointFigures) -> Iterator[str]:
    """Who says the first share, and which other figures are printed."""
    told_of = [each for each in report.stages if each.rows and each.rows[0] in report.sources]
    first = first_line(report)
    at = "" if first is None else first.stage or first.share_at or first.limited_at
    told_of.sort(key=lambda each: each.stage != at)
    apart = [
        (stage, other)
        for stage in report.stages
        for other in stage.others
        if other.share is not None and stage.share is not None
        if other.leader != stage.leader or abs(other.share - stage.share) >= _APART
    ]
    if apart:
        told = "; ".join(
            f"{other.leader} {STAGE_NOUNS.get(stage.stage, stage.stage)} "
            f"{bounded_percent(other.share, other.figure)}{_by(other, report)}"
            for stage, other in apart[:_OTHERS]
        )
    if told_of:
        noun = STAGE_NOUNS.get(told_of[0].stage, told_of[0].stage)
        yield "Shares are of this balance."
        yield f"Source for {noun}: {report.sources[told_of[0].rows[0]]}."
    if apart:
        yield f"Others print: {told}."


def _by(stage: StageShares, report: ChokepointFigures) -> str:
    said = report.sources.get(stage.rows[0], "") if stage.rows else ""
    return f" ({said.partition(', ')[0]}{', proxy' if 'proxy' in stage.figure else ''})"


def _leaders(report: ChokepointFigures, heading: str) -> Table:
    """Who leads each stage, where no loss is known."""
    known = [x for x in report.stages if x.share is not None and not of_group(x)]
    rows = [
        [
            capital(STAGE_NOUNS.get(each.stage, each.stage)),
            each.leader or "",
            bounded_percent(each.share, each.figure, narrow=True),
            str(each.year or "undated"),
            report.sources.get(each.rows[0], "") if each.rows else "",
        ]
        for each in known
    ]
    columns = ("Stage", "Leader", "World share", "Year", "Source") if rows else ()
    return Table(
        heading=heading,
        columns=columns,
        rows=rows,
        remarks=tuple(_unknown(report.stages, report)),
        right=("World share", "Year"),
    )


def _unknown(stages: Iterable[StageShares], report: ChokepointFigures) -> Iterator[str]:
    """What is missing, and what to ask for."""
    found = list(stages)
    group = [
        STAGE_NOUNS.get(x.stage, x.stage) for x in found if x.share is not None and of_group(x)
    ]
    none = [STAGE_NOUNS.get(x.stage, x.stage) for x in found if x.share is None]
    if group:
        yield f"{capital(', '.join(group))}: only shares of a wider group were found."
    if none:
        yield f"{capital(', '.join(none))}: no country shares found."
    yield "Figures of your own count with --data DIR."
    yield f"What is recorded: monazite show {report.element}."
    yield MORE
