"""The thesis that doubts are put to: what stands first, and what another conclusion makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.findings.conclusion import Conclusion, Place
from monazite.findings.evidence import CROSSED, HOLDS, OTHER, UNKNOWN

WHOLE_PERCENT = 0.01
"""A lead may be lost by as much while the losses are still equal in whole percent."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Thesis:
    """What stands first, and the loss that must not be crossed; None where no loss is known."""

    first: Place
    threshold: float | None

    def verdict(self, after: Conclusion) -> str:
        """Tell what another conclusion makes of this one: it holds, falls, or is not known."""
        if not after.places or (after.places[0].loss is None) != (self.first.loss is None):
            return UNKNOWN
        if not after.leads(self.first.id):
            return OTHER
        return HOLDS if self._same_side(self.loss_in(after)) else CROSSED

    def loss_in(self, after: Conclusion) -> float | None:
        """Return the loss of what stood first in another conclusion."""
        place = after.place(self.first.id)
        return None if place is None else place.loss

    def nearness(self, after: Conclusion) -> float:
        """How far a conclusion is from falling, in parts of the whole: 0 if it has fallen.

        The smaller of the lead and of what is left to the threshold; far, where it is not known.
        """
        verdict, loss = self.verdict(after), self.loss_in(after)
        if verdict in {OTHER, CROSSED}:
            return 0.0
        if verdict == UNKNOWN or loss is None or self.threshold is None:
            return 1.0
        rivals = (p.loss for p in after.places if p.id != self.first.id and p.loss is not None)
        lead = loss - max(rivals, default=0.0) + WHOLE_PERCENT
        return max(ROUNDING, min(lead, abs(loss - self.threshold)))

    def surely_holds(self, bounds: Mapping[str, tuple[float, float]]) -> bool:
        """Tell whether the conclusion holds wherever the losses lie within some bounds."""
        low, high = bounds.get(self.first.id, (0.0, 1.0))
        rivals = [most for thing, (_, most) in bounds.items() if thing != self.first.id]
        leads = round(100 * low) >= round(100 * max(rivals, default=0.0))
        return leads and self._same_side(low) and self._same_side(high)

    def _same_side(self, loss: float | None) -> bool:
        return self._over(loss) == self._over(self.first.loss)

    def _over(self, loss: float | None) -> bool:
        return loss is not None and self.threshold is not None and loss >= self.threshold


def thesis_of(conclusion: Conclusion, threshold: float | None = None) -> Thesis:
    """Return the thesis that what a conclusion puts first stands first.

    Args:
        conclusion: a ranking of at least one thing.
        threshold: loss, 0 to 1, that must not be crossed; half of the first's loss if None.

    >>> thesis_of(Conclusion((Place("mine/A", "A at mine", 0.8, 0.8),))).threshold
    0.4
    """
    first = conclusion.places[0]
    half = None if first.loss is None else first.loss / 2
    return Thesis(first, half if threshold is None or half is None else threshold)
