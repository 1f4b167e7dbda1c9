"""How forecasts did: errors, direction and skill, as pure functions of pairs of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

_SHOWN = 0.005
"""Skill that rounds to 0.00 is none."""
NO_SKILL = "no skill"
"""What is said of a method that does no better than its reference."""


@dataclass(frozen=True)
class Score:
    """The errors of one method over the months that were scored.

    Attributes:
        months: how many were scored.
        mape: mean of the errors without sign, in parts of what happened.
        rmse: root of the mean squared error, in tonnes.
        bias: mean of forecast less what happened, in tonnes.
        direction: part of the months whose rise or fall since the last known month was foretold.
        skill: 1 less the mean squared error over that of the reference; None where the reference
            made no error, or where the method is the reference.
    """

    months: int
    mape: float
    rmse: float
    bias: float
    direction: float
    skill: float | None

    @property
    def has_skill(self) -> bool:
        """Whether it did better than its reference."""
        return self.skill is not None and self.skill >= _SHOWN

    @property
    def verdict(self) -> str:
        """Empty for a reference; else the skill, or that there is none."""
        if self.skill is None:
            return ""
        return f"{self.skill:.2f}" if self.has_skill else NO_SKILL


def score(
    forecast: Sequence[float],
    happened: Sequence[float],
    before: Sequence[float],
    reference: Sequence[float] | None = None,
) -> Score | None:
    """Score forecasts against what happened.

    >>> found = score([90, 120], [100, 100], [80, 80], [80, 100])
    >>> found.months, round(found.rmse, 1), found.bias, found.direction, found.skill
    (2, 15.8, 5.0, 1.0, -0.25)
    >>> found.verdict
    'no skill'
    """
    if not forecast:
        return None
    errors = [told - came for told, came in zip(forecast, happened, strict=True)]
    squared = _mean([error**2 for error in errors])
    skill = None
    if reference is not None:
        theirs = _mean([(told - came) ** 2 for told, came in zip(reference, happened, strict=True)])
        skill = 1 - squared / theirs if theirs else None
    return Score(
        months=len(errors),
        mape=_mean([abs(error) / came for error, came in zip(errors, happened, strict=True)]),
        rmse=sqrt(squared),
        bias=_mean(errors),
        direction=_mean(
            [
                float(_sign(told - last) == _sign(came - last))
                for told, came, last in zip(forecast, happened, before, strict=True)
            ]
        ),
        skill=skill,
    )


def _mean(numbers: Sequence[float]) -> float:
    return fsum(numbers) / len(numbers)


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
