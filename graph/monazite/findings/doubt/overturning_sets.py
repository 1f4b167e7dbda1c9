"""Smallest sets of doubts that overturn a conclusion: exhaustive for small sets, greedy beyond.

Exact: every doubt about what the conclusion rests on is tried; then, on top of each that leaves
it standing, every doubt about what it rests on then (a row that is dropped leaves its place to
the next, which may be doubted in turn); and so on, size by size, as long as the trials of a whole
size stay within a bound. The first size at which some sets overturn is the smallest.

Greedy, a beam search: doubts are added one by one to the ``BEAM_WIDTH`` sets with the smallest
margin. Tried are the ``CANDIDATES`` doubts that alone leave the smallest margin or change the
losses most, and those about rows that have taken the place of others. Doubts that turn out not to
be needed are taken out again. The set is minimal by inclusion, but it may not be the smallest: its
size is an upper bound.

References:
    B. T. Lowerre, The HARPY speech recognition system (thesis, Carnegie Mellon 1976), for beam
    search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import TypeAlias

from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.premises import Doubt
from monazite.parameters import TRIALS

MAX_SIZE = 4
"""Doubts in a set after which the greedy search gives up."""
BEAM_WIDTH, CANDIDATES = 5, 20
"""Sets that the greedy search keeps, and single doubts that it adds."""

Doubts: TypeAlias = frozenset[Doubt]


@dataclass
class OverturningSearch:
    """Looks for the smallest sets of doubts that overturn a conclusion."""

    conclude: Callable[[Doubts], Conclusion]
    about: Callable[[Doubts], Sequence[Doubt]]
    margin: Callable[[Conclusion], float]
    bound: int = TRIALS
    step: Callable[[], None] = lambda: None
    spent: int = field(init=False, default=0)
    _concluded: dict[Doubts, Conclusion] = field(init=False, default_factory=dict)

    def under(self, doubts: Doubts) -> Conclusion:
        """Return the conclusion if some doubts are right."""
        if doubts not in self._concluded:
            self._concluded[doubts] = self.conclude(doubts)
            self.spent += 1
            self.step()
        return self._concluded[doubts]

    def overturns(self, doubts: Doubts) -> bool:
        """Tell whether some doubts together overturn the conclusion."""
        return self.margin(self.under(doubts)) <= 0

    def smallest(self, size: int) -> tuple[list[Doubts], int]:
        """Return all smallest sets of up to ``size``, and the size up to which all were tried."""
        standing: list[Doubts] = [frozenset()]
        for tried in range(size):
            if tried and len(standing) * len(self._singles) > self.bound * (tried + 1):
                return [], tried
            wider = sorted(
                {one | {more} for one in standing for more in self._more(one)}, key=sorted
            )
            found = [doubts for doubts in wider if self.overturns(doubts)]
            if found:
                return found, tried + 1
            standing = wider
        return [], size

    def trials(self, size: int) -> int:
        """Return about how many conclusions trying all sets of up to a size takes."""
        count = len(self._singles)
        return count if size < 2 else self.trials(size - 1) * (count - size + 1) // size

    @property
    def _singles(self) -> Sequence[Doubt]:
        return self.about(frozenset())

    def _more(self, chosen: Doubts) -> Iterator[Doubt]:
        taken = {row for doubt in chosen for row in doubt.premise.rows}
        for doubt in self.about(chosen):
            if taken.isdisjoint(doubt.premise.rows):
                yield doubt

    def greedy(self) -> Doubts | None:
        """Return a set that overturns the conclusion, minimal by inclusion, or None."""
        singles = sorted(self._singles, key=lambda one: self._rank(frozenset({one})))
        moving = [one for one in singles if self._shift(frozenset({one}))]
        candidates, known = {*moving[:CANDIDATES]}, {*singles}
        beam: list[Doubts] = [frozenset()]
        for _ in range(MAX_SIZE):
            wider = {
                one | {more}
                for one in beam
                for more in self._more(one)
                if more in candidates or more not in known
            }
            beam = sorted(wider, key=self._rank)[:BEAM_WIDTH]
            if beam and self.overturns(beam[0]):
                return self._minimal(beam[0])
        return None

    def _minimal(self, chosen: Doubts) -> Doubts:
        for doubt in sorted(chosen):
            if self.overturns(chosen - {doubt}):
                chosen -= {doubt}
        return chosen

    def _rank(self, doubts: Doubts) -> tuple[float, float, list[Doubt]]:
        margin = self.margin(self.under(doubts))
        return round(margin, 6), -self._shift(doubts), sorted(doubts)

    def _shift(self, doubts: Doubts) -> float:
        """The sum of the changes of all losses that some doubts make."""
        before, after = self.under(frozenset()).losses, self.under(doubts).losses
        return round(fsum(abs((after.get(x) or 0.0) - (before[x] or 0.0)) for x in before), 6)
