"""Named columns and rows of a linear programme: numbers that may move in their ranges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import fsum, inf
from random import Random

from monazite.core.errors import ProgrammeError
from monazite.core.results import Struct
from monazite.model.chemistry import Amount
from monazite.model.linear_programme import LinearProgramme, Name

MOVE_COST, FAR_COST, NEAR = 0.01, 0.03, 0.5  # to half of a range, and farther
WORSE = 2 * MOVE_COST / 3
"""By how much a year drawn among those near the best costs more, on average: 2 % is a move over the
whole range of a number, taken to be as unlikely as three steps of *e*."""
PUSHED, LARGE = 6, 0.005
"""How many columns a random objective is of, and which part of the world's each is at the least."""
MOVED = "moved"  # Columns that say how far a number is from where it began


class Moved(Struct):
    """A number of the reconciliation: where it began, what it may be, and where it ended."""

    name: Name
    value: float
    low: float
    high: float
    found: float
    rows: tuple[str, ...] = ()

    @property
    def part(self) -> float:
        """How far it moved, as a part of the wider side of its range; beyond 1 is outside."""
        width = max(self.high - self.value, self.value - self.low)
        return abs(self.found - self.value) / width if width > 0 else 0.0


BY_ELEMENT = frozenset({"oxide", "scrap", "metal", "used"})
GOODS = BY_ELEMENT | {"mined", "ore_mined", "finished", "blanks", "ore_sold", "magnets_used"}
"""Columns that a random objective may push; the first are compared with those of one element."""


class NamedProgramme:
    """A linear programme whose columns and rows have names."""

    def __init__(self) -> None:
        self.model = LinearProgramme()
        self.columns: dict[Name, int] = {}
        self._soft: list[tuple[Name, dict[int, float], Amount, float]] = []
        self._values: list[float] = []

    def column(self, *name: str, upper: float = inf, lower: float = 0.0, cost: float = 0.0) -> int:
        """Add a named column; return its place."""
        place = self.model.column(lower=lower, upper=upper, cost=cost, name=name)
        self.columns[name] = place
        return place

    def row(self, terms: Iterable[tuple[int, float]], name: Name, **bounds: float) -> None:
        """Add a named row; terms of one column add up."""
        summed: dict[int, float] = defaultdict(float)
        for column, factor in terms:
            summed[column] += factor
        self.model.row({x: y for x, y in summed.items() if y}, name=name, **bounds)

    def zero(self, terms: Iterable[tuple[int, float]], name: Name) -> None:
        """Add a named row whose terms add up to nothing."""
        self.row(terms, name, lower=0.0, upper=0.0)

    def number(self, amount: Amount, *name: str) -> int:
        """A number that may move inside its range."""
        column = self.column(*name, lower=amount.low, upper=amount.high)
        self._near({column: 1.0}, amount, name)
        return column

    def sum_of(self, columns: Iterable[int], amount: Amount, *name: str) -> None:
        """A number that is the sum of others."""
        self.zero([(self.number(amount, *name), -1.0), *((x, 1.0) for x in columns)], name)

    def ratio(self, one: int, other: int, part: Amount, scale: float, *name: str) -> None:
        """``part.low * other <= one <= part.high * other``, and ``one`` near ``part * other``."""
        if part.low == part.high:
            self.zero([(one, 1.0), (other, -part.value)], name)
            return
        self.row([(one, 1.0), (other, -part.low)], (*name, "low"), lower=0.0)
        self.row([(one, 1.0), (other, -part.high)], (*name, "high"), upper=0.0)
        self._near({one: 1.0, other: -part.value}, part, name, max(scale, 1e-6))

    def _near(
        self, terms: dict[int, float], amount: Amount, name: Name, scale: float = 0.0
    ) -> None:
        """A cost on the distance: small inside half of the range, three times that beyond.

        With a scale the terms are the distance of a ratio from its value, times what it is of.
        """
        width = max(amount.high - amount.value, amount.value - amount.low)
        if width == inf or width <= 1e-9 * max(1.0, amount.high):
            return
        whole = width * (scale or 1.0)
        parts = dict(terms)
        for side, sign in (("up", 1.0), ("down", -1.0)):
            near = self.model.column(
                upper=NEAR * whole, cost=MOVE_COST / whole, name=(MOVED, side, "near", *name)
            )
            far = self.model.column(cost=FAR_COST / whole, name=(MOVED, side, "far", *name))
            parts[near], parts[far] = -sign, -sign
        target = 0.0 if scale else amount.value
        self.model.row(parts, lower=target, upper=target, name=("moved_of", *name))
        self._soft.append((name, dict(terms), amount, scale))

    def solve(self) -> dict[Name, float]:
        """Solve."""
        values = self._values = self._known(self.model.solve())
        return {name: values[place] for name, place in self.columns.items()}

    @staticmethod
    def _known(values: list[float] | None) -> list[float]:
        if values is None:
            raise ProgrammeError(
                "The numbers of the year contradict each other: a row lies outside what others "
                "allow; look at monazite conflicts for rows that differ."
            )
        return values

    def near_best(self, chance: str) -> dict[Name, float]:
        """Solve, and take a year at random among those that cost little more than the best.

        Two vertices of random objectives over a few large columns, mixed: the best alone is one
        corner of many, and the same one in every draw.
        """
        random, model = Random(chance), self.model.copy()  # noqa: S311 - can be repeated, no secret
        costs = {place: cost for place, cost in enumerate(model.cost) if cost}
        budget = model.row(costs, name=("cost_at_most",))
        session = model.open()
        best = self._known(session.solve())
        least = fsum(cost * best[place] for place, cost in costs.items())
        held = {budget: least + random.expovariate(1 / WORSE) + 1e-9}
        large, ends, free = self._large(best), [], dict.fromkeys(costs, 0.0)
        for _ in range(2):
            pushed = random.sample(large, min(PUSHED, len(large)))
            objective = {place: random.gauss(0, 1) / best[place] for place in pushed}
            ends.append(session.solve(row_upper=held, cost=free | objective) or best)
        part = random.random()
        return {x: part * ends[0][at] + (1 - part) * ends[1][at] for x, at in self.columns.items()}

    def _large(self, values: list[float]) -> list[int]:
        """The columns of what is made, traded and used that are a good part of the world's."""
        sums: dict[Name, dict[int, float]] = defaultdict(dict)
        for name, place in self.columns.items():
            if name[0] in GOODS and values[place] > 0:
                kind = (name[0], name[-1]) if name[0] in BY_ELEMENT else name[:1]
                sums[kind][place] = values[place]
        return [
            place
            for own in sums.values()
            for least in [LARGE * fsum(own.values())]
            for place, value in own.items()
            if value > least
        ]

    def moved(self) -> Iterable[Moved]:
        """Where each number and ratio ended, after ``solve``; ratios of nothing are left out."""
        for name, terms, amount, scale in self._soft:
            found = fsum(self._values[column] * factor for column, factor in sorted(terms.items()))
            if scale:
                (whole,) = (x for x, factor in terms.items() if factor != 1.0)
                if self._values[whole] < 1e-6:
                    continue
                found = amount.value + found / self._values[whole]
            yield Moved(name, amount.value, amount.low, amount.high, found, amount.rows)

    def held_at_best(self, more: float) -> Callable[[Iterable[int], float], float]:
        """Hold what is missing and left over at its least, the cost of moving near its least.

        What is returned gives the least of the sum of some columns by 1.0, the most by -1.0.
        """
        model, values = self.model, self._values
        for slack in ("missing", "surplus"):
            found: dict[tuple[str, str], list[int]] = defaultdict(list)
            for name, column in self.columns.items():
                if name[0] == slack:
                    found[name[1], name[3]].append(column)
            for (stage, element), columns in sorted(found.items()):
                held = fsum(values[column] for column in columns)
                model.row(
                    dict.fromkeys(columns, 1.0),
                    upper=held * (1 + 1e-5) + 1e-3,
                    name=(f"{slack}_at_most", stage, element),
                )
        moving = {x: model.cost[x] for x, name in model.names.items() if name[0] == MOVED}
        least = fsum(cost * values[x] for x, cost in moving.items())
        model.row(moving, upper=least * (1 + 1e-6) + more, name=("moving_at_most",))
        session, nothing = model.open(), {x: 0.0 for x, cost in enumerate(model.cost) if cost}

        def end(columns: Iterable[int], sign: float) -> float:
            asked = [*columns]
            values = session.solve(cost={**nothing, **dict.fromkeys(asked, sign)})
            if values is None:
                raise ProgrammeError("The range of a pool has no end.")
            return fsum(values[column] for column in asked)

        return end
