"""The baseline ranking that the evidence cut tries to overturn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.verdicts import CROSSED, HOLDS, OTHER, UNKNOWN

WHOLE_PERCENT = 0.01
"""A rival must overtake by at least this part: less is a matter of rounding."""
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Baseline:
    """The lines that have rank one, and the loss of the first, which must not cross a threshold."""

    first: tuple[str, ...]
    loss: float
    threshold: float

    def verdict(self, after: Conclusion) -> str:
        """Tell what another conclusion makes of this one: it holds, falls, or is not known."""
        if any(after.losses.get(line) is None for line in self.first):
            return UNKNOWN
        if self._lead(after, after.losses) <= TOLERANCE:
            return OTHER
        return HOLDS if self._over(self.loss_in(after)) == self._over(self.loss) else CROSSED

    def loss_in(self, after: Conclusion) -> float | None:
        """Return the loss of what stood first in another conclusion, 0 to 1."""
        return after.losses.get(self.first[0])

    def margin(self, after: Conclusion) -> float:
        """Return how far a conclusion is from being overturned, 0 to 1: 0 if it is.

        The smaller of the lead on all others and of the distance to the threshold; 1 where the
        conclusion is not known.
        """
        verdict, loss = self.verdict(after), self.loss_in(after)
        if verdict == UNKNOWN or loss is None:
            return 1.0
        if verdict != HOLDS:
            return 0.0
        lead = self._lead(after, after.losses.keys() - {*self.first})
        return max(TOLERANCE, min(lead, abs(loss - self.threshold)))

    def _lead(self, after: Conclusion, rivals: Iterable[str]) -> float:
        """How much the lines that stood first have before rivals overtake one by a percent."""
        least = min(after.losses[line] or 0.0 for line in self.first)
        most = max((after.losses[line] or 0.0 for line in rivals), default=0.0)
        return least - most + WHOLE_PERCENT

    def _over(self, loss: float | None) -> bool:
        return loss is not None and loss >= self.threshold


def baseline_of(conclusion: Conclusion, threshold: float | None = None) -> Baseline:
    """Return the baseline that a conclusion sets: what has rank one in it.

    >>> baseline_of(Conclusion({"mine/A": 0.8, "mine/B": 0.2}))
    Baseline(first=('mine/A',), loss=0.8, threshold=0.4)
    """
    first = conclusion.first
    loss = conclusion.losses[first[0]] or 0.0
    return Baseline(first, loss, loss / 2 if threshold is None else threshold)
