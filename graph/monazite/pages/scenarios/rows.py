"""Rows on the time axis of a scenario: the rules in force, and the firms that stand still."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import fsum
from typing import TYPE_CHECKING

from monazite.findings.scenarios.headline import UseLine
from monazite.findings.scenarios.told_names import NEGLIGIBLE
from monazite.findings.wording import capital, listed
from monazite.pages.drawing.lettering import drawable, wrap
from monazite.pages.scenarios.calendar import Calendar
from monazite.pages.scenarios.marks import (
    CELL,
    EDGE,
    SMALL,
    TEXT,
    PicturePart,
    cells,
    cut,
    grid,
    stacked,
    text,
)
from monazite.rows.dates import day_words
from monazite.safe_text import exact_percent, percent, visible

if TYPE_CHECKING:
    from monazite.findings.scenarios.outcome import FirmsStopped, RuleInForce

HOLDS_BACK = ("embargo", "licence", "quota", "close", "price-flood")
"""Kinds of shock that let a part pass; others add something or change what is wanted."""
_BAR = 6.0


def rule_row(calendar: Calendar, rule: RuleInForce) -> PicturePart:
    """Return a rule: a bar from its first to its last day, and under it what it holds back."""
    begins, ends = calendar.day(rule.begins), _end(calendar, rule)
    bar = (
        f'<path class="rule-bar" d="M{begins:g} 0H{max(ends, begins + 2):g}V{_BAR:g}H{begins:g}Z"/>'
    )
    if not rule.ends:
        bar += f'<path class="rule-bar" d="M{ends:g} -3L{ends + 9:g} {_BAR / 2:g}L{ends:g} 9Z"/>'
    places = {month: place for place, month in enumerate(calendar.months)}
    passes = {places[month]: part for month, part in rule.passes if month in places}
    held = {place: min(1.0, max(0.0, 1 - part)) for place, part in passes.items()}
    shown = held if rule.kind in HOLDS_BACK else {}
    told = [
        f"{rule.label}, {day_words(calendar.months[place])}: holds back {percent(part)}"
        for place, part in shown.items()
    ]
    row = cells(calendar, shown, told, _BAR + 3)
    tip = f"<title>{escape(visible(rule_words(rule)))}</title>"
    high = _BAR + 3 + (CELL if shown else 0)
    return _named(calendar, rule, f"<g>{tip}{bar}{row}</g>", high)


def _named(calendar: Calendar, rule: RuleInForce, drawn: str, high: float) -> PicturePart:
    """A rule with its words beside or above it."""
    when = _when(rule)
    if calendar.wide:
        room = calendar.gutter - 14
        lines = wrap(drawable(visible(capital(rule.label))), room, TEXT, most=3)
        parts = [text("words", EDGE, 11 + 15 * number, line) for number, line in enumerate(lines)]
        parts.append(text("aside small", EDGE, 11 + 15 * len(lines), when))
        tall = max(15.0 * len(lines) + 20, high + 6)
        return PicturePart(
            f'{grid(calendar, tall)}{"".join(parts)}<g transform="translate(0 3)">{drawn}</g>', tall
        )
    lines = wrap(drawable(visible(capital(rule.label))), calendar.width - EDGE, TEXT, most=3)
    parts = [text("words", EDGE, 12 + 15 * number, line) for number, line in enumerate(lines)]
    y = 12 + 15 * len(lines)
    parts.append(text("aside small", EDGE, y, when))
    return PicturePart(
        f'{"".join(parts)}<g transform="translate(0 {y + 9:g})">{drawn}</g>', y + 9 + high + 10
    )


def rule_words(rule: RuleInForce) -> str:
    """Return a rule in words: what it is, and from when to when."""
    return f"{capital(rule.label)}: {_when(rule)}"


def _when(rule: RuleInForce) -> str:
    ends = f"to {day_words(rule.ends)}" if rule.ends else "no end known"
    return (
        f"{day_words(rule.begins)}, {ends}" if not rule.ends else f"{day_words(rule.begins)} {ends}"
    )


def _end(calendar: Calendar, rule: RuleInForce) -> float:
    return calendar.day(rule.ends, end=True) if rule.ends else calendar.end


def firm_rows(calendar: Calendar, line: UseLine, firms: Sequence[FirmsStopped]) -> PicturePart:
    """Return the firms of a market as rows, one a class of stock: the part that stands still."""
    most: dict[tuple[float, float], float] = {}
    for each in firms:
        key = (each.days, each.share)
        most[key] = max(most.get(key, 0.0), each.stopped.middle)
    stop = [key for key in sorted(most) if most[key] >= NEGLIGIBLE]
    spared = [key for key in sorted(most) if most[key] < NEGLIGIBLE]
    name = f"{capital(line.label)}: {line.name}"
    parts = [text("name", EDGE, 13, cut(name, calendar.width - EDGE, TEXT, bold=True))]
    blocks = [PicturePart("".join(parts), 20)]
    blocks += [_class_row(calendar, *key, firms) for key in stop]
    if spared:
        days = listed(f"{days:.0f}" for days, _ in spared)
        share = exact_percent(fsum(share for _, share in spared))
        told = f"None stop with {days} days of stock ({share} of use)."
        lines = wrap(drawable(told), calendar.end - calendar.gutter, SMALL)
        words = (text("aside small", calendar.gutter, 11 + 14 * x, y) for x, y in enumerate(lines))
        blocks.append(PicturePart("".join(words), 4 + 14 * len(lines)))
    return stacked(blocks)


def _class_row(
    calendar: Calendar, days: float, share: float, firms: Sequence[FirmsStopped]
) -> PicturePart:
    """The firms that hold so many days of stock."""
    places = {month: place for place, month in enumerate(calendar.months)}
    here = [each for each in firms if (each.days, each.share) == (days, share)]
    stopped = {places[each.month]: each.stopped.middle for each in here if each.month in places}
    told = [
        f"{day_words(each.month)}: of firms with {days:.0f} days of stock "
        f"{percent(each.stopped.middle)} stopped"
        for each in here
        if each.month in places
    ]
    words = f"{days:.0f} days of stock ({exact_percent(share)} of use)"
    words = words if calendar.wide else f"{days:.0f} days"
    label = text("words small", EDGE, 12.5, cut(words, calendar.gutter - 4, SMALL))
    return PicturePart(label + cells(calendar, stopped, told), CELL + 2)
