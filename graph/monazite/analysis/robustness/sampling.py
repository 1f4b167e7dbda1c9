"""Latin hypercube sampling: what a result does when its inputs move together in their ranges.

An input is drawn from the triangular distribution over its range with its value on top. The
distribution of each is cut into as many parts of equal probability as there are draws, each part is
drawn from once, and parts of different inputs meet at random. What is drawn of an input depends on
its name, the seed and the count alone. The range narrows about what is drawn: with all of it the
year would be balanced back into the same corner, whatever was drawn.

A draw is *rejected* where its residual, what no row explains, is more than ``RESIDUAL_LIMIT`` of
what is taken. Where fewer than ``KEPT_PART`` of the draws close so well, that part with the least
residuals is kept, and the limit is the largest of these (rejection to a tolerance). What *moves* a
result most is the input whose ranks go with those of the result, by Spearman's coefficient.

McKay, Beckman and Conover (1979), Technometrics 21 (2), 239-245; Beaumont, Zhang and Balding
(2002), Genetics 162 (4), 2025-2035, for the tolerance; Spearman (1904), American Journal of
Psychology 15 (1), 72-101. Cost: one model run a draw, and two an input for the sensitivities.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor, log, sqrt
from operator import mul
from typing import Generic, TypeVar

from monazite.analysis.rank_correlation import unit_ranks
from monazite.core.results import Percentiles, Struct, Value
from monazite.data.dates import dates_in_words
from monazite.model.assumptions import MethodAssumptions
from monazite.model.chain.base_year import BaseYear
from monazite.model.chemistry import Amount, DrawnNumbers, exactly

RESIDUAL_LIMIT = 0.2
"""Of what a stage takes: a draw of which no row explains more is rejected."""
KEPT_PART = 0.1
"""Part of the draws that is kept, however far from closing it is."""
TOP_RANKS = 5
MOST_SENSITIVITIES = 10
MOVES, CHANCE = 0.4, 1.5
"""An input whose ranks go with those of a result less than so is not said to move it: nor less than
so many times what the best of many inputs that move nothing reaches by chance."""

Drawn = Mapping[str, Amount]
"""Numbers by name, with what of their ranges is left to reconcile them in."""
LEFT = 0.35
"""Part of the way from what is drawn to each end of its range that is left to balance the year."""


Found = TypeVar("Found")


class DrawOutcome(Struct, Generic[Found]):
    """The part of what is taken that no row explains in a draw, and the losses, on demand."""

    residual: float
    losses: Callable[[], Found]


Losses = Mapping[str, float]
"""By line, in parts of 1."""
Step = Callable[[float], object]
"""Is told which share of the work is done."""


class Range(Struct):
    """What draws say of a line."""

    _json = (
        "id=line drawn_loss_median=loss.median drawn_loss_p05=loss.low drawn_loss_p95=loss.high "
        "first_half_median=half.median first_half_p05=half.low first_half_p95=half.high "
        "drawn_rank_median=rank.median drawn_rank_p05=rank.low drawn_rank_p95=rank.high "
        "top_five=top"
    )

    line: str  #: its id
    loss: Percentiles  #: drawn losses, parts of 1
    #: losses of the first half of the draws, close to those of all if there are enough
    half: Percentiles
    rank: Percentiles  #: drawn ranks, largest loss first; equal whole percents share a rank
    top: float  #: the part of the draws in which it is among the first five and its loss is not 0


class Sensitivity(Struct):
    """What one input moves by itself, from the low to the high end of its range."""

    _json = (
        "id=line input=name text low=amount.low high=amount.high loss_at_low=at_low "
        "loss_at_high=at_high"
    )

    line: str  #: id of what it moves
    name: str  #: row key of the input
    amount: Amount  #: the range of the input
    at_low: float  #: the loss with the input at its low end, in parts of 1
    at_high: float  #: the loss with the input at its high end
    text: str = ""  #: the input in a few words

    @property
    def moved(self) -> float:
        """How much the loss grows, in parts of 1."""
        return self.at_high - self.at_low


def triangular(amount: Amount, part: float) -> float:
    """Return a quantile of the triangular distribution over the range of a number."""
    width, below = amount.high - amount.low, amount.value - amount.low
    if not width:
        return amount.value
    if part * width < below:
        found = amount.low + sqrt(part * width * below)
    else:
        found = amount.high - sqrt((1 - part) * width * (width - below))
    return min(max(found, amount.low), amount.high)


def draw(inputs: Mapping[str, Amount], count: int, seed: int) -> list[DrawnNumbers]:
    """Draw all inputs that have a range together, by a Latin hypercube."""
    drawn = [DrawnNumbers() for _ in range(count)]
    for place, each in enumerate(drawn):
        each.chance = f"{seed} {place}"
    for name in sorted(inputs):
        amount = inputs[name]
        if amount.low == amount.high:
            continue
        chance = random.Random(f"{seed} {name}")  # noqa: S311 - can be repeated, no secret
        order = sorted((chance.random(), place) for place in range(count))
        for each, (_, stratum) in zip(drawn, order, strict=True):
            value = triangular(amount, (stratum + chance.random()) / count)
            low, high = (value + LEFT * (end - value) for end in (amount.low, amount.high))
            each[name] = Amount(value, low, high)
    return drawn


ASSAY, TRACE, LITTLE = 0.08, 0.25, 0.03
"""The least by which an assay is drawn apart, as a part of it; of little of an element the second:
one sample of a deposit says no more of what a year's ore held."""


def drawn_inputs(base: BaseYear, horizon: str, method: MethodAssumptions) -> dict[str, Amount]:
    """Return what is drawn: the numbers of a chain and horizon, and those of time and stocks."""
    found = base.inputs(horizon)
    assays = {x.name for shares in base.chemistry.assays.values() for x in shares.values()}
    for name in sorted(assays & found.keys()):
        assay = found[name]
        apart = assay.value * (TRACE if assay.value < LITTLE else ASSAY)
        low, high = min(assay.low, assay.value - apart), max(assay.high, assay.value + apart)
        found[name] = replace(assay, low=low, high=high)
    return found | method.time_and_stocks


class ClosestDraws(Generic[Found]):
    """The draws of one question that close, gathered one by one."""

    def __init__(self) -> None:
        self._residuals: list[float] = []
        self._found: dict[int, Found] = {}

    def add(self, outcome: DrawOutcome[Found]) -> None:
        """Take the next draw; what is lost by it is worked out if it closes."""
        self._residuals.append(outcome.residual)
        if outcome.residual <= RESIDUAL_LIMIT:
            self._found[len(self._residuals) - 1] = outcome.losses()

    def closest(self, again: Callable[[int], Found]) -> tuple[list[int], list[Found], float]:
        """Return the best draws by their place, their losses, and the limit they keep."""
        residuals, found = self._residuals, dict(self._found)
        least = ceil(KEPT_PART * len(residuals))
        if len(found) < least:
            nearest = sorted(range(len(residuals)), key=lambda at: (residuals[at], at))[:least]
            found |= {place: again(place) for place in nearest if place not in found}
        limit = max(RESIDUAL_LIMIT, *(residuals[place] for place in found))
        places = sorted(found)
        return places, [found[place] for place in places], limit


def keep(
    model: Callable[[Drawn], DrawOutcome[Found]], drawn: Sequence[Drawn], step: Step
) -> tuple[list[int], list[Found], float]:
    """Return the best draws by their place, their losses, and the limit they keep."""
    kept: ClosestDraws[Found] = ClosestDraws()
    for place, each in enumerate(drawn, start=1):
        kept.add(model(each))
        step(place / len(drawn))
    return kept.closest(lambda place: model(drawn[place]).losses())


def movers(drawn: Sequence[Drawn], losses: Sequence[Losses]) -> dict[str, str]:
    """Return the input that moves each line most by ranks of draws; "" where none stands out."""
    inputs, lines = sorted({*drawn[0]}), [*losses[0]]
    if not inputs:
        return dict.fromkeys(lines, "")
    least = max(MOVES, CHANCE * sqrt(2 * log(len(inputs)) / len(drawn)))
    given = [unit_ranks([each[name].value for each in drawn]) for name in inputs]
    found = {}
    for line in lines:
        ranks = unit_ranks([round(each[line], 9) for each in losses])
        alike = [abs(sum(map(mul, one, ranks))) for one in given]
        best = max(range(len(inputs)), key=lambda at: (round(alike[at], 9), -at))
        found[line] = inputs[best] if alike[best] >= least else ""
    return found


def quantile(numbers: Iterable[float], part: float) -> float:
    """The number below which a part of some numbers lies, straight between neighbours."""
    found = sorted(numbers)
    place = part * (len(found) - 1)
    below, above = found[floor(place)], found[ceil(place)]
    return below + (above - below) * (place - floor(place))


def percentiles_of(numbers: Sequence[float]) -> Percentiles:
    """The median, and the ends of the middle nine tenths."""
    return Percentiles(*(quantile(numbers, part) for part in (0.5, 0.05, 0.95)))


def ranks_of(losses: Mapping[str, float]) -> dict[str, int]:
    """Rank lines, largest loss first; equal whole percents share a rank."""
    whole = {line: round(100 * loss) for line, loss in losses.items()}
    return {line: 1 + sum(other > own for other in whole.values()) for line, own in whole.items()}


def ranges_of(losses: Sequence[Losses]) -> tuple[Range, ...]:
    """Sum up the draws, line by line in the order of the lines."""
    ranks = [ranks_of(each) for each in losses]
    half = losses[: (len(losses) + 1) // 2]
    return tuple(
        Range(
            line=line,
            loss=percentiles_of([each[line] for each in losses]),
            half=percentiles_of([each[line] for each in half]),
            rank=percentiles_of([float(each[line]) for each in ranks]),
            top=sum(
                rank[line] <= TOP_RANKS and round(100 * loss[line]) > 0
                for rank, loss in zip(ranks, losses, strict=True)
            )
            / len(losses),
        )
        for line in losses[0]
    )


def sensitivities(
    lost: Callable[[Drawn], Losses], inputs: Mapping[str, Amount], step: Step
) -> dict[str, tuple[Sensitivity, ...]]:
    """Hold one input at a time at its low and at its high end; all others stand at their value."""
    moving = {name: amount for name, amount in inputs.items() if amount.low < amount.high}
    found: dict[str, list[Sensitivity]] = {}
    for place, (name, amount) in enumerate(sorted(moving.items()), start=1):
        low, high = (lost({name: exactly(end)}) for end in (amount.low, amount.high))
        for line in low:
            found.setdefault(line, []).append(
                Sensitivity(line, name, amount, low[line], high[line])
            )
        step(place / len(moving))
    for each in found.values():
        each.sort(key=lambda x: (-round(100 * abs(x.moved)), x.name))
    return {
        line: tuple(x for x in each if abs(x.moved) >= 0.005)[:MOST_SENSITIVITIES]
        for line, each in found.items()
    }


LOW, HIGH = 0.05, 0.95
NEVER = -1.0
"""In place of the number of a month where there is none."""


class Span(Value):
    """A number, and the ends between which nine tenths of the random trials lie."""

    middle: float  #: at the value of every figure and assumption
    low: float | None = None  #: of the trials, 5 %; None where none was made
    high: float | None = None  #: of the trials, 95 %; None where none was made


class MonthSpan(Value):
    """A month, and those between which nine tenths of the random trials lie."""

    middle: str  #: as 2025-04, at the value of every figure and assumption; empty for no month
    low: str | None = None  #: of the trials, 5 %; empty for no month, None where no trial was made
    #: of the trials, 95 %; empty for no month, None where no trial was made
    high: str | None = None

    @property
    def cell(self) -> str:
        """The month, and where trials end in others, in which ones.

        >>> MonthSpan("2027-04").cell, MonthSpan("2027-04", "2027-04", "2027-05").cell
        ('2027-04', '2027-04 (to 2027-05)')
        """
        if self.low is None or self.high is None or self.low == self.middle == self.high:
            return self.middle
        begins = "" if self.low == self.middle else f"{self.low or 'none'} "
        return f"{self.middle} ({begins}to {self.high or 'none'})".strip()

    @property
    def words(self) -> str:
        """The same with names of months."""
        return dates_in_words(self.cell)


def span_of(middle: float, drawn: Sequence[float]) -> Span:
    """Return a number with its range."""
    return Span(middle, quantile(drawn, LOW), quantile(drawn, HIGH)) if drawn else Span(middle)


def month_span_of(middle: float, drawn: Iterable[float], months: Sequence[str]) -> MonthSpan:
    """Return a month with its range, whose ends are months of trials and lie between none.

    >>> month_span_of(0, [0, 0, NEVER, 1], ["2027-04", "2027-05"])
    MonthSpan(middle='2027-04', low='', high='2027-05')
    """
    found = sorted(drawn)
    names = {NEVER: "", **{float(place): month for place, month in enumerate(months)}}
    if not found:
        return MonthSpan(names[middle])
    last = len(found) - 1
    low, high = found[floor(LOW * last)], found[ceil(HIGH * last)]
    return MonthSpan(names[middle], names[low], names[high])


def last_short(parts: Sequence[float], least: float) -> float:
    """Return the place of the last month in which a part is lacking; ``NEVER`` where none is."""
    return max((float(place) for place, x in enumerate(parts) if x >= least), default=NEVER)
