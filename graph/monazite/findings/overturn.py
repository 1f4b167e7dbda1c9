"""Smallest sets of doubts that overturn a conclusion: exact for small sets, greedy beyond.

Exact: a set can overturn a conclusion only through what the conclusion rests on. If none of its
doubts touched that, all of them together would leave it as it is; so one does, and what the rest
must touch is what the conclusion rests on once that one is taken: from one to the next. Trying, at
each step, every doubt about what the conclusion then rests on therefore meets every smallest set.
Sets are tried by size, and the first size at which some overturn is the smallest.

At the last size whole groups of doubts can be spared without trying each, where the flow model
knows bounds that hold for all of them (see ``envelope``).

Greedy: the rows that print the share of what stands first are dropped one by one, each time the
one that is taken then; and doubts are added one by one, each the one that brings the conclusion
nearest to falling. Those that turn out not to be needed are taken out again. The smaller of the
two is a set that overturns and of which no part can be spared, but it may not be the smallest: its
size is an upper bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from monazite.findings.conclusion import Conclusion
from monazite.findings.premises import DROPPED, Doubt

BOUND = 10_000
"""Conclusions drawn after which a search for sets stops."""
LONGEST = 6
"""Doubts after which the greedy search gives up."""

Doubts: TypeAlias = frozenset[Doubt]


@dataclass
class Search:
    """Draws conclusions under doubts, and looks for the smallest sets that overturn the first.

    Args:
        draw: the conclusion if some doubts are right.
        about: the doubts about what a conclusion rests on, in a fixed order.
        nearness: how far a conclusion is from falling, 0 or less if it has fallen.
        spare: those of some doubts that surely overturn nothing on top of a set.
        bound: conclusions drawn after which the search stops.
        step: called after each conclusion.
    """

    draw: Callable[[Doubts], Conclusion]
    about: Callable[[Conclusion], Sequence[Doubt]]
    nearness: Callable[[Conclusion], float]
    spare: Callable[[Doubts, Sequence[Doubt]], frozenset[Doubt]] = lambda _, __: frozenset()
    bound: int = BOUND
    step: Callable[[], None] = lambda: None
    spent: int = field(init=False, default=0)
    _keep_all: bool = field(init=False, default=False)
    _drawn: dict[Doubts, Conclusion] = field(init=False, default_factory=dict)

    def under(self, doubts: Doubts) -> Conclusion:
        """Return the conclusion if some doubts are right; single ones are kept."""
        if doubts in self._drawn:
            return self._drawn[doubts]
        found = self.draw(doubts)
        self.spent += 1
        self.step()
        if len(doubts) <= 1 or self._keep_all:
            self._drawn[doubts] = found
        return found

    def overturns(self, doubts: Doubts) -> bool:
        """Tell whether some doubts together overturn the conclusion."""
        return self.nearness(self.under(doubts)) <= 0

    def smallest(self, size: int) -> tuple[list[Doubts], int]:
        """Return all smallest sets of up to ``size``, and the size up to which all were tried."""
        frontier: list[Doubts] = [frozenset()]
        for tried in range(size):
            found: list[Doubts] = []
            held: list[Doubts] = []
            for wider in self._wider(frontier, last=tried + 1 == size):
                if self.spent >= self.bound:
                    return [], tried
                (found if self.overturns(wider) else held).append(wider)
            if found:
                return sorted(found, key=sorted), tried + 1
            frontier = held
        return [], size

    def _wider(self, frontier: Sequence[Doubts], *, last: bool) -> Iterator[Doubts]:
        """Each set with one more doubt about what the conclusion rests on under it, once."""
        met: set[Doubts] = set()
        for chosen in frontier:
            more = [doubt for doubt in self._more(chosen) if chosen | {doubt} not in met]
            met.update(chosen | {doubt} for doubt in more)
            spared = self.spare(chosen, more) if last and chosen else frozenset()
            for doubt in more:
                if doubt not in spared:
                    yield chosen | {doubt}

    def _more(self, chosen: Doubts) -> Iterator[Doubt]:
        taken = {row for doubt in chosen for row in doubt.premise.rows}
        for doubt in self.about(self.under(chosen)):
            if taken.isdisjoint(doubt.premise.rows):
                yield doubt

    def greedy(self) -> Doubts | None:
        """Return a set that overturns the conclusion and of which none can be spared, or None."""
        self._keep_all = True
        stripped = self._stripped()
        limit = LONGEST if stripped is None else min(LONGEST, len(stripped) - 1)
        return self._nearest(limit) or stripped

    def _stripped(self) -> Doubts | None:
        """Drop what prints the share of what stands first, row by row, until it falls."""
        chosen: Doubts = frozenset()
        while not self.overturns(chosen):
            own = [doubt for doubt in self._more(chosen) if self._is_own(chosen, doubt)]
            drops = [doubt for doubt in own if doubt.how == DROPPED]
            if not drops:
                return None
            chosen |= {min(drops, key=partial(self._promise, chosen))}
        return self._pared(chosen)

    def _nearest(self, limit: int) -> Doubts | None:
        """Add the doubt that brings the conclusion nearest to falling, until it falls."""
        chosen: Doubts = frozenset()
        while not self.overturns(chosen):
            more = list(self._more(chosen))
            if not more or len(chosen) >= limit:
                return None
            chosen |= {min(more, key=partial(self._promise, chosen))}
        return self._pared(chosen)

    def _pared(self, chosen: Doubts) -> Doubts:
        for doubt in sorted(chosen):
            if self.overturns(chosen - {doubt}):
                chosen -= {doubt}
        return chosen

    def _is_own(self, chosen: Doubts, doubt: Doubt) -> bool:
        """Whether a doubt is about a row that prints the share of what stood first."""
        first = self.under(chosen).place(self.under(frozenset()).places[0].id)
        return first is not None and not set(first.rows).isdisjoint(doubt.premise.rows)

    def _promise(self, chosen: Doubts, doubt: Doubt) -> tuple[float, bool, bool, float, Doubt]:
        """Order doubts: nearest to the fall in whole percent, then what prints the first's share.

        A row that is dropped leaves its place to the next, which may be dropped in turn.
        """
        near = self.nearness(self.under(chosen | {doubt}))
        return round(near, 2), not self._is_own(chosen, doubt), doubt.how != DROPPED, near, doubt
