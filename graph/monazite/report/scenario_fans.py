"""Fan charts: what a market is supplied month by month, nine tenths of the trials as a band."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from math import ceil, floor, log10

from monazite.analysis.robustness.sampling import Span
from monazite.analysis.scenarios.outcome import MonthStock, MonthSupply
from monazite.analysis.scenarios.result import UseLine, spread
from monazite.core.formats import between, fixed, grouped_figures, percent, visible, whole
from monazite.core.results import Struct
from monazite.data.dates import day_words
from monazite.model.wording import capital
from monazite.report.chain_diagram.cards import loss_step
from monazite.report.drawing.lettering import drawable, fitted, text_width, wrap
from monazite.report.drawing.shapes import moved, path

WIDE, NARROW = 1060.0, 362.0  # The width of a picture on a screen or on paper, and on a phone
_GUTTERS = {True: 214.0, False: 58.0}
RIGHT = 12.0
_STEPS = (1, 2, 3, 6, 12, 24, 60)
_TICK = 58.0
_NUMBERED = 20.0  # How wide a month is at least whose cell holds its number


class Calendar(Struct):
    """Maps months and days to places in a picture."""

    months: tuple[str, ...]
    width: float = WIDE

    @property
    def wide(self) -> bool:
        """Whether there is room for words beside the plots; else they stand above."""
        return self.width > NARROW * 2

    @property
    def gutter(self) -> float:
        """Where the first month begins."""
        return _GUTTERS[self.wide]

    @property
    def end(self) -> float:
        """Where the last month ends."""
        return self.width - RIGHT

    @property
    def slot(self) -> float:
        """How wide a month is."""
        return (self.end - self.gutter) / max(1, len(self.months))

    def left(self, place: int) -> float:
        """Return where a month begins."""
        return round(self.gutter + place * self.slot, 2)

    def middle(self, place: int) -> float:
        """Return the middle of a month."""
        return round(self.gutter + (place + 0.5) * self.slot, 2)

    def day(self, day: str, *, end: bool = False) -> float:
        """Return where a day begins or ends; what lies outside is at the edge."""
        first, asked = date.fromisoformat(f"{self.months[0]}-01"), date.fromisoformat(day)
        place = (asked.year - first.year) * 12 + asked.month - first.month
        part = (asked.day - (0 if end else 1)) / monthrange(asked.year, asked.month)[1]
        x = self.gutter + (place + part) * self.slot
        return round(min(self.end, max(self.gutter, x)), 2)

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """The months that the axis names, by their place; January and the first say the year."""
        step = next((each for each in _STEPS if each * self.slot >= _TICK), _STEPS[-1])
        found: list[tuple[int, str]] = []
        for place, month in enumerate(self.months):
            year, number = int(month[:4]), int(month[5:7])
            near = bool(found) and place - found[-1][0] < step
            if place and ((year * 12 + number - 1) % step or near):
                continue
            words = day_words(month)
            found.append((place, words if number == 1 or not found else words.split()[0]))
        return found


SMALL, TEXT, HEAD = 11.0, 12.5, 14.0
AXIS, CELL = 20.0, 17.0  # How high the names of months stand, and a cell
EDGE = 3.0  # in some fonts a letter, as a J, reaches back over its place


class PicturePart(Struct):
    """A part of a picture with its origin at the top left: its SVG, and how high it is."""

    svg: str
    height: float


def stacked(blocks: Iterable[PicturePart], gap: float = 0.0) -> PicturePart:
    """Return blocks one below the other."""
    parts, y = [], 0.0
    for block in blocks:
        if block.height:
            parts.append(moved(0, y, block.svg))
            y = round(y + block.height + gap, 2)
    return PicturePart("".join(parts), y - gap if parts else 0.0)


def text(look: str, x: float, y: float, words: str) -> str:
    """Return a text as SVG; nothing in it is taken for markup."""
    shown = escape(drawable(visible(words)))
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{shown}</text>'


def cut(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return words that fit, cut with an ellipsis where they have no room."""
    return fitted(drawable(visible(words)), room, size, bold=bold)


def heading(calendar: Calendar, words: str, under: str = "") -> PicturePart:
    """Return the heading of a part, with a line of what it shows."""
    parts = [
        path("rule", f"M0 0.5H{calendar.width:g}"),
        text("part", EDGE, 22, cut(words, calendar.width - EDGE, HEAD, bold=True)),
    ]
    lines = wrap(drawable(visible(under)), calendar.width - EDGE, TEXT, most=4) if under else []
    parts += [text("aside", EDGE, 39 + 16 * number, line) for number, line in enumerate(lines)]
    return PicturePart("".join(parts), 30 + 16 * len(lines))


def axis(calendar: Calendar) -> PicturePart:
    """Return the names of the months, and a mark where each of them begins."""
    parts = []
    for place, words in calendar.ticks:
        x = calendar.left(place)
        room = calendar.end - x
        last = text_width(words, SMALL) > room
        look = "tick last" if last else "tick"
        parts.append(path("grid", f"M{x:g} 14V{AXIS:g}"))
        parts.append(text(look, calendar.end if last else x + 3, 12, words))
    return PicturePart("".join(parts), AXIS)


def grid(calendar: Calendar, height: float) -> str:
    """Return the upright lines where named months begin."""
    lines = "".join(f"M{calendar.left(place):g} 0V{height:g}" for place, _ in calendar.ticks)
    return f'<path class="grid" d="{lines}"/>'


def cells(
    calendar: Calendar, parts: Mapping[int, float], tips: Sequence[str], y: float = 0.0
) -> str:
    """Return a row of cells, one a month, as dark as a part is large, with the part in per cent."""
    drawn = []
    for (place, part), words in zip(parts.items(), tips, strict=True):
        step = loss_step(part)
        x, wide = calendar.left(place), max(1.0, calendar.slot - 1)
        number = ""
        if calendar.slot >= _NUMBERED:
            shown = percent(part, narrow=True).removesuffix("%").strip()
            shown = shown if text_width(shown, SMALL) <= wide else ""
            number = text(f"cell on-{step}", calendar.middle(place) - 0.5, y + 12.5, shown)
        drawn.append(
            f"<g><title>{escape(visible(words))}</title>"
            f'<rect class="step-{step}" x="{x + 0.5:g}" y="{y:g}" width="{wide:g}" '
            f'height="{CELL - 1:g}"/>{number}</g>'
        )
    return "".join(drawn)


HIGH, LOW = 80.0, 34.0  # How high a fan of what is supplied is, and one of a stock
_TOP, _LINE = 8.0, 16.0


def fan(calendar: Calendar, line: UseLine, beside: UseLine | None = None) -> PicturePart:
    """Return the fan chart of a product that a market uses."""
    supplied = [_left(each) for each in line.months]
    other = {x.month: _left(x).middle for x in beside.months} if beside else {}
    places = {place: x.month for place, x in enumerate(line.months) if x.month in other}
    plot, tips = _FanPlot(calendar, HIGH, 1.0), []
    for month in line.months:
        ends, trials = month.supplied, ""
        if ends.low is not None and ends.high is not None:
            trials = f" ({between(ends.low, ends.high, whole)})"
        of = f"{trials} of {whole(month.wanted.middle)} t; short {spread(month.part_short)}"
        tips.append(f"{day_words(month.month)}: {whole(ends.middle)} t{of}")
    words = (
        capital(line.label),
        line.name,
        f"{percent(line.total.part_short.middle)} of {whole(line.total.wanted)} t short in all",
    )
    parts = [
        grid(calendar, HIGH + _TOP),
        plot.scale((0.0, 0.5, 1.0), ("0", "50", "100 %")),
        plot.band(supplied),
        plot.line("wanted", dict.fromkeys(range(len(supplied)), 1.0)),
        plot.line("beside", {place: other[month] for place, month in places.items()}),
        plot.line("supplied", dict(enumerate(each.middle for each in supplied))),
        _worst(plot, line),
        plot.tips(tips),
    ]
    return _with_words(calendar, words, PicturePart("".join(parts), HIGH + _TOP + 6))


def stock_fan(calendar: Calendar, line: UseLine, stocks: Sequence[MonthStock]) -> PicturePart:
    """Return the fan chart of what users hold of a product, in months of their normal use."""
    cover = [each.cover for each in stocks]
    plot = _FanPlot(calendar, LOW, _round_up(max(map(_top, cover), default=0)))
    least = min((each.cover.middle for each in stocks), default=0.0)
    words = (capital(line.label), line.name, f"least {fixed(least, 1)} months of use")
    told = [
        f"{day_words(each.month)}: {fixed(each.cover.middle, 1)} months of use" for each in stocks
    ]
    parts = [
        grid(calendar, LOW + _TOP),
        plot.scale((0.0, plot.most), ("0", grouped_figures(plot.most, 6))),
        plot.band(cover),
        plot.line("supplied", dict(enumerate(each.middle for each in cover))),
        plot.tips(told),
    ]
    return _with_words(calendar, words, PicturePart("".join(parts), LOW + _TOP + 6))


def _left(month: MonthSupply) -> Span:
    short = month.part_short
    low, high = (None if x is None else 1 - x for x in (short.high, short.low))
    return Span(1 - short.middle, low, high)


def _with_words(calendar: Calendar, words: tuple[str, str, str], plot: PicturePart) -> PicturePart:
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
    return PicturePart(f"{head}{under}{moved(0, 32, plot.svg)}", plot.height + 34)


def _worst(plot: _FanPlot, line: UseLine) -> str:
    worst = line.worst
    if worst.short.middle < 0.005 * worst.wanted.middle:
        return ""
    place = line.months.index(worst)
    left = _left(worst)
    x, y = plot.calendar.middle(place), plot.y(left.middle)
    words = f"{percent(left.middle)} supplied"
    half = text_width(words, SMALL, bold=True) / 2
    middle = min(plot.calendar.end - half, max(plot.calendar.gutter + half + 3, x))
    least = left.middle if left.low is None else min(left.low, left.middle)
    low, high = plot.y(least) + 14, plot.y(_top(left)) - 6
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


def _round_up(value: float) -> float:
    """The next number of 1, 2, 4, 5, 6 or 8 times a power of ten, in which halves are short."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    step = next((each for each in (1, 2, 3, 4, 5, 6, 8) if each * power >= value), 10)
    return float(ceil(step * power)) if power >= 1 else round(step * power, 9)
