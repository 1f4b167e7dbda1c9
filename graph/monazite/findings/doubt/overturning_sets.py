"""Smallest sets of doubts that overturn a conclusion: exact for small sets, greedy beyond.

Exact: every doubt about what the conclusion rests on is tried; then, on top of each that leaves
it standing, every doubt about what it rests on then (a row that is dropped leaves its place to
the next, which may be doubted in turn); and so on, size by size, as long as the trials of a whole
size stay within a bound. The first size at which some sets overturn is the smallest.

Greedy: doubts are added one by one to the ``KEPT`` sets that bring the conclusion nearest to
falling. Tried are the ``WIDTH`` doubts that alone bring it nearest or move the losses most, and
those about rows that have taken the place of others. Those that turn out not to be needed are
taken out again. No part of such a set can be spared, but it may not be the smallest: its size is
an upper bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import TypeAlias

from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.premises import Doubt

BOUND = 2_000
"""Conclusions drawn, beyond those of single doubts, that a search may take."""
LONGEST = 4
"""Doubts after which the greedy search gives up."""
KEPT, WIDTH = 5, 20

Doubts: TypeAlias = frozenset[Doubt]


@dataclass
class Search:
    """Draws conclusions under doubts, and looks for the smallest sets that overturn the first.

    Args:
        draw: the conclusion if some doubts are right.
        about: the doubts about what the conclusion rests on if some are right, in a fixed order.
        nearness: how far a conclusion is from falling, 0 or less if it has fallen.
        bound: trials that sets of two and more may take.
        step: called after each conclusion.
    """

    draw: Callable[[Doubts], Conclusion]
    about: Callable[[Doubts], Sequence[Doubt]]
    nearness: Callable[[Conclusion], float]
    bound: int = BOUND
    step: Callable[[], None] = lambda: None
    spent: int = field(init=False, default=0)
    _drawn: dict[Doubts, Conclusion] = field(init=False, default_factory=dict)

    def under(self, doubts: Doubts) -> Conclusion:
        """Return the conclusion if some doubts are right."""
        if doubts not in self._drawn:
            self._drawn[doubts] = self.draw(doubts)
            self.spent += 1
            self.step()
        return self._drawn[doubts]

    def overturns(self, doubts: Doubts) -> bool:
        """Tell whether some doubts together overturn the conclusion."""
        return self.nearness(self.under(doubts)) <= 0

    def smallest(self, size: int) -> tuple[list[Doubts], int]:
        """Return all smallest sets of up to ``size``, and the size up to which all were tried."""
        held: list[Doubts] = [frozenset()]
        for tried in range(size):
            if tried and len(held) * len(self._singles) > self.bound * (tried + 1):
                return [], tried
            wider = sorted({one | {more} for one in held for more in self._more(one)}, key=sorted)
            found = [doubts for doubts in wider if self.overturns(doubts)]
            if found:
                return found, tried + 1
            held = wider
        return [], size

    def trials(self, size: int) -> int:
        """About how many conclusions trying all sets of a size takes, on top of smaller ones."""
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
        """Return a set that overturns the conclusion and of which none can be spared, or None."""
        singles = sorted(self._singles, key=lambda one: self._promise(frozenset({one})))
        moving = [one for one in singles if self._moved(frozenset({one}))]
        near, known = {*moving[:WIDTH]}, {*singles}
        nearest: list[Doubts] = [frozenset()]
        for _ in range(LONGEST):
            wider = {
                one | {more}
                for one in nearest
                for more in self._more(one)
                if more in near or more not in known
            }
            nearest = sorted(wider, key=self._promise)[:KEPT]
            if nearest and self.overturns(nearest[0]):
                return self._pared(nearest[0])
        return None

    def _pared(self, chosen: Doubts) -> Doubts:
        for doubt in sorted(chosen):
            if self.overturns(chosen - {doubt}):
                chosen -= {doubt}
        return chosen

    def _promise(self, doubts: Doubts) -> tuple[float, float, list[Doubt]]:
        near = self.nearness(self.under(doubts))
        return round(near, 6), -self._moved(doubts), sorted(doubts)

    def _moved(self, doubts: Doubts) -> float:
        """By how much some doubts move the losses, all together."""
        before, after = self.under(frozenset()).losses, self.under(doubts).losses
        return round(fsum(abs((after.get(x) or 0.0) - (before[x] or 0.0)) for x in before), 6)
