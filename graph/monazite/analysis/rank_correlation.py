"""Rank correlation where ranks are shared, as pure functions of two rows of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import fsum, sqrt


def places(numbers: Sequence[float]) -> list[tuple[int, int]]:
    """Return the first and last place that each number may have, largest first."""
    counts = Counter(numbers)
    known, before = {}, 0
    for number in sorted(counts, reverse=True):
        known[number] = (before + 1, before + counts[number])
        before += counts[number]
    return [known[number] for number in numbers]


def unit_ranks(numbers: Sequence[float]) -> list[float]:
    """Return ranks about their mean at length 1: the product of two is Spearman's correlation."""
    ranks = _centred(numbers)
    length = sqrt(fsum(rank**2 for rank in ranks))
    return [rank / length for rank in ranks] if length else [0.0] * len(ranks)


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the rank correlation of Spearman, -1 to 1: that of Pearson of the ranks.

    Equal numbers have the mean of the ranks that they share (Spearman 1904; Kendall 1948, Rank
    Correlation Methods, chapter 3 on ties).
    """
    first, second = _centred(one), _centred(other)
    spread = fsum(rank**2 for rank in first) * fsum(rank**2 for rank in second)
    if not spread:
        return None
    return fsum(rank * beside for rank, beside in zip(first, second, strict=True)) / sqrt(spread)


def _centred(numbers: Sequence[float]) -> list[float]:
    """Ranks about their mean; equal numbers share the mean of theirs."""
    middle = (len(numbers) + 1) / 2
    return [(first + last) / 2 - middle for first, last in places(numbers)]


def pair_signs(one: Sequence[float], other: Sequence[float]) -> tuple[int, int, int, int]:
    """Count pairs by the order of the two sides: the same, turned, tied in the other, equal."""
    same = turned = tied = equal = 0
    for (a, x), (b, y) in combinations(zip(one, other, strict=True), 2):
        if a == b:
            equal += 1
        elif x == y:
            tied += 1
        elif (a < b) == (x < y):
            same += 1
        else:
            turned += 1
    return same, turned, tied, equal


def kendall(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the rank correlation tau-b of Kendall, -1 to 1.

    ``(C - D) / sqrt((C + D + T_1) * (C + D + T_2))``: pairs in the same and in the other order,
    and pairs equal on one side alone (Kendall 1945, The treatment of ties in ranking problems).
    """
    same, turned, tied, _ = pair_signs(one, other)
    equal = pair_signs(other, one)[2]
    ordered = same + turned
    spread = (ordered + tied) * (ordered + equal)
    return (same - turned) / sqrt(spread) if spread else None
