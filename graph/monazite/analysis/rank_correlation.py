"""Rank correlation where ranks are shared, as pure functions of two rows of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import fsum, sqrt


def places(numbers: Sequence[float]) -> list[tuple[int, int]]:
    """Return the first and last place that each number may have, largest first.

    >>> places([100, 96, 100, 1])
    [(1, 2), (3, 3), (1, 2), (4, 4)]
    """
    counts = Counter(numbers)
    known, before = {}, 0
    for number in sorted(counts, reverse=True):
        known[number] = (before + 1, before + counts[number])
        before += counts[number]
    return [known[number] for number in numbers]


def unit_ranks(numbers: Sequence[float]) -> list[float]:
    """Return the ranks of some numbers about their mean, as a vector of length 1.

    The product of two of them is the correlation of Spearman.

    >>> unit_ranks([3, 3]), round(sum(x * y for x, y in zip(*map(unit_ranks, ([1, 2], [9, 5])))))
    ([0.0, 0.0], -1)
    """
    ranks = _centred(numbers)
    length = sqrt(fsum(rank**2 for rank in ranks))
    return [rank / length for rank in ranks] if length else [0.0] * len(ranks)


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the rank correlation of Spearman, -1 to 1.

    The correlation of Pearson of the ranks; numbers that are equal have the mean of the ranks
    that they share.

    References:
        Spearman 1904; Kendall 1948, Rank Correlation Methods, chapter 3 on ties.

    >>> spearman([1, 2, 3], [10, 20, 25]), spearman([1, 2, 3], [4, 4, 4])
    (1.0, None)
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
    """Count the pairs of things by how the two sides order them.

    >>> pair_signs([3, 2, 1, 1], [9, 9, 4, 5])
    (4, 0, 1, 1)
    """
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
    and pairs that are equal on one side alone.

    References:
        Kendall 1945, The treatment of ties in ranking problems.

    >>> kendall([1, 2, 3], [10, 25, 20])
    0.3333333333333333
    """
    same, turned, tied, _ = pair_signs(one, other)
    equal = pair_signs(other, one)[2]
    ordered = same + turned
    spread = (ordered + tied) * (ordered + equal)
    return (same - turned) / sqrt(spread) if spread else None
