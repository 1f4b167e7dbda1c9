"""The figure of new plants: what of each kind is needed together, and what of it is likely."""

from __future__ import annotations

from functools import partial

from monazite.analysis.chokepoints.headline import product_names
from monazite.analysis.mitigation.expansion import ALIKE, FIRST, HARMLESS
from monazite.analysis.mitigation.fixes import AddedCapacity, Fix, Fixes, goods_of
from monazite.core.formats import tonnes
from monazite.core.results import NotKnown
from monazite.report.drawing.lettering import percent
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page
from monazite.report.figures.losses import unknown_drawing

ROW, HEADS, FOOT, BAR = 30.0, 30.0, 46.0, 13.0
NOT_RECORDED = "no tonnes on record"


def fixes_drawing(found: Fixes | NotKnown, width: float) -> Drawing:
    """Draw what all new plants together would have to make, and what plans are likely to give."""
    if isinstance(found, NotKnown):
        return unknown_drawing("fixes", found, width)
    fixes = {each.rule: each for each in found.fixes if each.added}
    # the widest rule that new plants can meet
    fix = next((fixes[rule] for rule in (ALIKE, HARMLESS, FIRST) if rule in fixes), None)
    lines = fix.added if fix is not None else ()
    told = [_words(found, each) for each in lines]
    answer = found.answer or found.notes or (f"{found.label} takes nothing.",)
    title = answer[0].rstrip(".")
    if fix is not None and fix.rule == ALIKE:
        title = (
            f"New plants for {tonnes(fix.tonnes)} t a year would leave no user {found.outside} "
            f"with a loss above {percent(found.below or 0.0)}"
        )
    under = _terms(found, fix) if fix is not None else ""
    return Drawing(
        kind="fixes",
        title=title,
        subtitle=under,
        alt=" ".join([*answer, under, *(f"{each}." for each in told)]),
        width=width,
        room=HEADS + ROW * max(1, len(lines)) + FOOT,
        draw=partial(_draw, found=found, lines=lines),
        tips={_name(each): words for each, words in zip(lines, told, strict=True)},
    )


def _terms(found: Fixes, fix: Fix) -> str:
    years = [*found.likely]
    product = product_names(found.product)[1]
    said = f"Part of what is needed ({fix.rule}, {product}, use of {found.year})"
    if not years:
        return f"{said}."
    return f"{said} that plans are likely to give. Full: by {years[0]}. Hatched: by {years[-1]}."


def _name(line: AddedCapacity) -> str:
    return f"{line.stage}-{line.what}"


def _parts(found: Fixes, line: AddedCapacity) -> dict[int, float | None]:
    """What of a kind is likely by each year, of what is needed; None without tonnes on record."""
    likely = {year: found.likely_of(year, line) for year in found.likely}
    return {year: None if x is None else x / line.tonnes for year, x in likely.items()}


def _words(found: Fixes, line: AddedCapacity) -> str:
    ends = (
        f"{NOT_RECORDED} by {year}" if part is None else f"{percent(min(1.0, part))} by {year}"
        for year, part in _parts(found, line).items()
    )
    return f"{goods_of(line)}: {', '.join((f'{tonnes(line.tonnes)} t a year', *ends))}"


def _draw(page: Page, top: float, *, found: Fixes, lines: tuple[AddedCapacity, ...]) -> None:
    left, right = MARGIN + 190, page.width - MARGIN - 150
    if not lines:
        return
    bottom = top + HEADS + ROW * len(lines)
    page.aside(MARGIN, top + 12, "what")
    page.aside(right + 30, top + 12, "needed, t a year")
    for tick in (0.0, 0.5, 1.0):
        x = left + tick * (right - left)
        page.aside(x, top + 12, percent(tick), at="center")
        page.line([(x, top + 18), (x, bottom)], hue="hairline", wide=0.8, order=1)
    for number, line in enumerate(lines):
        y = top + HEADS + ROW * number + 4
        page.text(MARGIN, y + 10, goods_of(line), max_width=left - MARGIN - 12)
        page.text(right + 30, y + 10, tonnes(line.tonnes), bold=True)
        page.box(left, y, right - left, BAR, edge="muted", name=_name(line))
        known = [min(1.0, part) for part in _parts(found, line).values() if part is not None]
        if known:
            wide = [part * (right - left) for part in known]
            page.box(left, y, wide[-1], BAR, fill="paper", edge="site", hatch="////")
            page.box(left, y, wide[0], BAR, fill="site", order=3)
        elif found.likely:
            page.text(left + 8, y + 10, NOT_RECORDED, size=SMALL, hue="muted")
