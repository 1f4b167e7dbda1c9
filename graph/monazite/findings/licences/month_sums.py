"""The licence process of an even trade, month by month at once: what thousands of trials need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from monazite.findings.licences.daily_flows import EXPIRES
from monazite.findings.licences.delays import Delay


@dataclass(frozen=True, slots=True)
class ApprovalSums:
    """Sums over days of what is approved within so many days, of one law.

    Attributes:
        sums: for 0, 1, ... days, the sum of the parts approved within 0 up to so many days.
    """

    sums: tuple[float, ...]


def approval_sums(delay: Delay, days: int, *, expires: int = EXPIRES) -> ApprovalSums:
    """Sum what a law approves within 0, 1, ... days; nothing is after an order has expired.

    >>> from monazite.findings.licences.delays import FixedDelay
    >>> approval_sums(FixedDelay(2), 4).sums
    (0.0, 0.0, 1.0, 2.0, 3.0)
    """
    short = [delay.approved_within(day) for day in range(min(days, expires) + 1)]
    parts = short + short[-1:] * (days + 1 - len(short))
    return ApprovalSums(tuple(accumulate(parts)))


def held_and_released(
    months: Sequence[float], days: Sequence[int], holds_from: int, sums: ApprovalSums
) -> tuple[tuple[float, float], ...]:
    """Return what a rule that holds all would hold in each month, and what it would release.

    What passes in a month is ``b - h * held + a * h * released``.

    >>> from monazite.findings.licences.delays import FixedDelay
    >>> sums = approval_sums(FixedDelay(30), 90)
    >>> held_and_released([60.0, 60.0, 60.0], [30] * 3, 30, sums)
    ((0.0, 0.0), (60.0, 0.0), (60.0, 60.0))
    """
    ends = list(accumulate(days, initial=0))
    told = (*sums.sums, 0.0)  # the last place, -1, stands for all days before an application
    spans = []
    for month, amount in enumerate(months):
        begin = max(ends[month], holds_from)
        if begin < ends[month + 1]:
            spans.append((begin, ends[month + 1], amount / days[month]))
    found = []
    for first, stop in pairwise(ends):
        held = released = 0.0
        last, former = stop - 1, first - 1
        for begin, end, daily in spans:
            if begin >= stop:
                break
            if begin >= first:
                held = daily * (end - begin)
            released += daily * (
                told[max(-1, last - begin)]
                - told[max(-1, last - end)]
                - told[max(-1, former - begin)]
                + told[max(-1, former - end)]
            )
        found.append((held, released))
    return tuple(found)
