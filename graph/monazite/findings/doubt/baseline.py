"""The thesis that doubts are put to: what stands first, and what another conclusion makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.result import CROSSED, HOLDS, OTHER, UNKNOWN

WHOLE_PERCENT = 0.01
"""By as much another line must overtake: less is a matter of rounding."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Thesis:
    """The lines that have rank one, and the loss of the first that must not be crossed."""

    first: tuple[str, ...]
    loss: float
    threshold: float

    def verdict(self, after: Conclusion) -> str:
        """Tell what another conclusion makes of this one: it holds, falls, or is not known."""
        if any(after.losses.get(line) is None for line in self.first):
            return UNKNOWN
        if self._lead(after, after.losses) <= ROUNDING:
            return OTHER
        return HOLDS if self._over(self.loss_in(after)) == self._over(self.loss) else CROSSED

    def loss_in(self, after: Conclusion) -> float | None:
        """Return the loss of what stood first in another conclusion."""
        return after.losses.get(self.first[0])

    def nearness(self, after: Conclusion) -> float:
        """How far a conclusion is from falling, in parts of the whole: 0 if it has fallen.

        The smaller of the lead on all others and of what is left to the threshold; far, where it
        is not known.
        """
        verdict, loss = self.verdict(after), self.loss_in(after)
        if verdict == UNKNOWN or loss is None:
            return 1.0
        if verdict != HOLDS:
            return 0.0
        lead = self._lead(after, after.losses.keys() - {*self.first})
        return max(ROUNDING, min(lead, abs(loss - self.threshold)))

    def _lead(self, after: Conclusion, rivals: Iterable[str]) -> float:
        """How much the lines that stood first have before rivals overtake one by a percent."""
        least = min(after.losses[line] or 0.0 for line in self.first)
        most = max((after.losses[line] or 0.0 for line in rivals), default=0.0)
        return least - most + WHOLE_PERCENT

    def _over(self, loss: float | None) -> bool:
        return loss is not None and loss >= self.threshold


def thesis_of(conclusion: Conclusion, threshold: float | None = None) -> Thesis:
    """Return the thesis that what a conclusion puts first stands first.

    Args:
        conclusion: a ranking of at least one line whose loss is known.
        threshold: loss, 0 to 1, that must not be crossed; half of the first's loss if None.

    >>> thesis_of(Conclusion({"mine/A": 0.8, "mine/B": 0.2}))
    Thesis(first=('mine/A',), loss=0.8, threshold=0.4)
    """
    first = conclusion.first
    loss = conclusion.losses[first[0]] or 0.0
    return Thesis(first, loss, loss / 2 if threshold is None else threshold)
