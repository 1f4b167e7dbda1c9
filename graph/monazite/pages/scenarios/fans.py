"""Fan charts: what a market is supplied of a product, month by month, and what lies in stock.

The line is the number at the value of every figure, the band holds nine tenths of the random
trials, the dashed line is all that users want. Parts of it, and not tonnes, stand on the scale: how
much a market uses is uncertain too, and no news of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from monazite.findings.scenarios.headline import UseLine, spread
from monazite.findings.uncertainty.spans import Span
from monazite.findings.wording import capital
from monazite.pages.drawing.lettering import drawable, text_width, wrap
from monazite.pages.scenarios.calendar import Calendar
from monazite.pages.scenarios.marks import EDGE, SMALL, TEXT, PicturePart, cut, grid, text
from monazite.rows.dates import day_words
from monazite.safe_text import percent, visible

if TYPE_CHECKING:
    from monazite.findings.scenarios.outcome import MonthStock, MonthSupply

HIGH, LOW = 80.0, 34.0
"""How high a fan of what is supplied is, and one of a stock."""
_TOP, _LINE = 8.0, 16.0


def fan(calendar: Calendar, line: UseLine, beside: UseLine | None = None) -> PicturePart:
    """Return the fan chart of a product that a market uses."""
    supplied = [_left(each) for each in line.months]
    other = {x.month: _left(x).middle for x in beside.months} if beside else {}
    places = {place: x.month for place, x in enumerate(line.months) if x.month in other}
    plot = _FanPlot(calendar, HIGH, 1.0)
    words = (
        capital(line.label),
        line.name,
        f"{percent(line.total.part_short.middle)} of {line.total.wanted:,.0f} t short in all",
    )
    parts = [
        grid(calendar, HIGH + _TOP),
        plot.scale((0.0, 0.5, 1.0), ("0", "50", "100 %")),
        plot.band(supplied),
        plot.line("wanted", dict.fromkeys(range(len(supplied)), 1.0)),
        plot.line("beside", {place: other[month] for place, month in places.items()}),
        plot.line("supplied", dict(enumerate(each.middle for each in supplied))),
        _worst(plot, line),
        plot.tips([_month_tip(each) for each in line.months]),
    ]
    return _beside(calendar, words, PicturePart("".join(parts), HIGH + _TOP + 6))


def stock_fan(calendar: Calendar, line: UseLine, stocks: Sequence[MonthStock]) -> PicturePart:
    """Return the fan chart of what users hold of a product, in months of their normal use."""
    cover = [each.cover for each in stocks]
    plot = _FanPlot(calendar, LOW, _round_up(max(map(_top, cover), default=0)))
    least = min((each.cover.middle for each in stocks), default=0.0)
    words = (capital(line.label), line.name, f"least {least:.1f} months of use")
    told = [f"{day_words(each.month)}: {each.cover.middle:.1f} months of use" for each in stocks]
    parts = [
        grid(calendar, LOW + _TOP),
        plot.scale((0.0, plot.most), ("0", f"{plot.most:,g}")),
        plot.band(cover),
        plot.line("supplied", dict(enumerate(each.middle for each in cover))),
        plot.tips(told),
    ]
    return _beside(calendar, words, PicturePart("".join(parts), LOW + _TOP + 6))


def _left(month: MonthSupply) -> Span:
    """What users have of what they want, as a part of it."""
    short = month.part_short
    low, high = (None if x is None else 1 - x for x in (short.high, short.low))
    return Span(1 - short.middle, low, high)


def _month_tip(month: MonthSupply) -> str:
    ends = month.supplied
    drawn = (
        "" if ends.low is None or ends.high is None else f" ({ends.low:,.0f} to {ends.high:,.0f})"
    )
    return (
        f"{day_words(month.month)}: {ends.middle:,.0f} t{drawn} of {month.wanted.middle:,.0f} t; "
        f"short {spread(month.part_short)}"
    )


def _beside(calendar: Calendar, words: tuple[str, str, str], plot: PicturePart) -> PicturePart:
    """A plot with its words in the gutter, or above it where there is none."""
    name, what, more = words
    if calendar.wide:
        room = calendar.gutter - 58
        lines = wrap(drawable(visible(what)), room, TEXT, most=3)
        extra = wrap(drawable(visible(more)), room, SMALL, most=2)
        parts = [text("name", EDGE, _TOP + 10, cut(name, room, TEXT, bold=True))]
        y = _TOP + 10 + _LINE
        for look, told in (("words", lines), ("aside small", extra)):
            for each in told:
                parts.append(text(look, EDGE, y, each))
                y += _LINE
        return PicturePart("".join(parts) + plot.svg, max(plot.height, y - 4))
    room = calendar.width - 4
    head = text("name", EDGE, 13, cut(f"{name}: {what}", room, TEXT, bold=True))
    under = text("aside small", EDGE, 28, cut(more, room, SMALL))
    return PicturePart(
        f'{head}{under}<g transform="translate(0 32)">{plot.svg}</g>', plot.height + 34
    )


def _worst(plot: _FanPlot, line: UseLine) -> str:
    """A dot at the month in which most is missing, with the part that is supplied."""
    worst = line.worst
    if worst.short.middle < 0.005 * worst.wanted.middle:
        return ""
    place = line.months.index(worst)
    left = _left(worst)
    x, y = plot.calendar.middle(place), plot.y(left.middle)
    words = f"{percent(left.middle)} supplied"
    half = text_width(words, SMALL, bold=True) / 2
    middle = min(plot.calendar.end - half, max(plot.calendar.gutter + half + 3, x))
    low, high = plot.y(_least(left)) + 14, plot.y(_top(left)) - 6
    under = low <= HIGH + _TOP - 3
    return (
        f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="4"/>'
        f"{text('value', round(middle, 2), low if under else max(high, 12), words)}"
    )


class _FanPlot:
    """A plot of months across and an even scale from nothing upwards."""

    def __init__(self, calendar: Calendar, high: float, most: float) -> None:
        self.calendar, self.high, self.most = calendar, high, most

    def y(self, value: float) -> float:
        return round(_TOP + self.high * (1 - value / self.most), 2)

    def scale(self, values: Sequence[float], words: Sequence[str]) -> str:
        """The lines across and their numbers."""
        first, last = self.calendar.gutter, self.calendar.end
        return "".join(
            f'<path class="{"grid" if value else "base"}" d="M{first:g} {self.y(value):g}'
            f'H{last:g}"/>{text("tick last", first - 5, self.y(value) + 4, number)}'
            for value, number in zip(values, words, strict=True)
        )

    def band(self, spans: Sequence[Span]) -> str:
        """The area between the ends; nothing where no trials were made."""
        ends = [(each.low, each.high) for each in spans]
        if not ends or any(low is None or high is None for low, high in ends):
            return ""
        xs = [self.calendar.middle(place) for place in range(len(spans))]
        upper = [f"{x:g} {self.y(high or 0):g}" for x, (_, high) in zip(xs, ends, strict=True)]
        lower = [f"{x:g} {self.y(low or 0):g}" for x, (low, _) in zip(xs, ends, strict=True)]
        return f'<path class="band" d="M{"L".join([*upper, *reversed(lower)])}Z"/>'

    def line(self, look: str, values: Mapping[int, float]) -> str:
        """A line through the middles of months, by their place."""
        points = [f"{self.calendar.middle(x):g} {self.y(value):g}" for x, value in values.items()]
        return f'<path class="{look}" d="M{"L".join(points)}"/>' if points else ""

    def tips(self, texts: Sequence[str]) -> str:
        """What a pointer shows in each month."""
        return "".join(
            f'<rect class="tip" x="{self.calendar.left(place):g}" y="{_TOP:g}" '
            f'width="{self.calendar.slot:.2f}" height="{self.high:g}">'
            f"<title>{escape(visible(words))}</title></rect>"
            for place, words in enumerate(texts)
        )


def _top(span: Span) -> float:
    return max(span.middle, span.high or 0.0)


def _least(span: Span) -> float:
    return span.middle if span.low is None else min(span.low, span.middle)


def _round_up(value: float) -> float:
    """The next number of 1, 2, 4, 5, 6 or 8 times a power of ten, in which halves are short."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    step = next((each for each in (1, 2, 3, 4, 5, 6, 8) if each * power >= value), 10)
    return float(ceil(step * power)) if power >= 1 else round(step * power, 9)
