"""A line of a ledger: what a country at a stage makes, trades and passes on."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.parameters import ALLOY, METAL, USE, stages
from monazite.quantities.amount import NOTHING, Amount

_COUNTED_AS = {ALLOY: METAL}
"""Alloys count as metal, as trade rows do not tell them apart."""
STAGES = tuple(stage for stage in stages() if stage not in {*_COUNTED_AS, USE})
"""The stages of the chain that are balanced, in order; what is used is the last line."""


def balanced_stage(stage: str) -> str:
    """Return the stage in whose balance something stands: alloys and powders go with the metals.

    >>> balanced_stage("alloy"), balanced_stage("mine")
    ('metal', 'mine')
    """
    return _COUNTED_AS.get(stage, stage)


@dataclass(frozen=True)
class StageLine:
    """A country at a stage, in tonnes of the element; None is not known.

    ``needed`` is what the next stage takes, ``used`` what is used as it is.
    """

    stage: str
    country: str
    made: Amount | None
    how: str
    year: int | None
    imports: Amount
    exports: Amount
    needed: Amount | None
    scrap: Amount = NOTHING
    used: Amount | None = None

    @property
    def taken(self) -> Amount | None:
        """What the next stage and other users take, in tonnes; None where it is not known."""
        if self.needed is None or self.used is None:
            return self.used if self.needed is None else self.needed
        return self.needed + self.used

    @property
    def left(self) -> float | None:
        """What is left over: made plus net imports less taken, in tonnes; negative is missing."""
        if self.made is None or self.taken is None:
            return None
        return self.made.value + self.imports.value - self.exports.value - self.taken.value

    @property
    def left_range(self) -> tuple[float, float] | None:
        """The least and the most that can be left over, by interval arithmetic, in tonnes."""
        if self.made is None or self.taken is None:
            return None
        low = self.made.low + self.imports.low - self.exports.high - self.taken.high
        high = self.made.high + self.imports.high - self.exports.low - self.taken.low
        return low, high
