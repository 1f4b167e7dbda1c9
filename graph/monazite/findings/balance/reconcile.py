"""Data reconciliation: the least change to rows that leaves the least unexplained.

A linear programme. Each number of the ledger may move between the ends of its range; what is left
over or missing in each country at each stage is minimised, and among all such solutions the least
weighted change is taken: a tonne moved costs the more, the narrower its range. What remains cannot
be explained by the ranges: some row, reading or assumption is wrong, or something is not in the
rows (stocks, smuggling, other uses). Method: weighted least absolute (L1) adjustment; solved by
HiGHS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING

from monazite.findings.linear_programme import LinearProgramme
from monazite.network.shares import REST
from monazite.quantities.amount import Amount

if TYPE_CHECKING:
    from monazite.findings.balance.line import StageLine
    from monazite.quantities.trade_content import ElementFlow

LEFT_COST = 1.0
CHANGE_COST = 1e-3
"""A tonne left over costs a thousand times what moving it across its whole range does."""


@dataclass(frozen=True)
class Reconciled:
    """The reconciled ledger, in tonnes; a pool is a country, or ``ROW`` for the rest.

    ``gap`` is what is left over (positive) or missing (negative) in a pool at a stage.
    """

    made: Mapping[tuple[str, str], float]
    needed: Mapping[tuple[str, str], float]
    flows: Mapping[tuple[str, str, str], float]
    gap: Mapping[tuple[str, str], float]
    used: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def taken(self) -> dict[tuple[str, str], float]:
        """What is taken, by the next stage and by users."""
        keys = sorted({*self.needed, *self.used})
        return {key: self.needed.get(key, 0.0) + self.used.get(key, 0.0) for key in keys}

    @property
    def left(self) -> dict[str, float]:
        """What is left over in the world, by stage."""
        found: dict[str, float] = defaultdict(float)
        for (stage, _), gap in self.gap.items():
            found[stage] += gap
        return {stage: round(gap, 6) for stage, gap in found.items()}


def reconcile(lines: Iterable[StageLine], traded: Iterable[ElementFlow]) -> Reconciled:
    """Reconcile the lines of a ledger with its trade.

    Args:
        lines: the lines of a ledger. Countries whose output or use is not known are one pool, in
            which what is not known counts as nothing, as it does in what is left of the world.
        traded: what crosses borders; a flow is one number for both of its ends.

    Returns:
        Adjusted output, use and flows, and the gaps that remain.

    Raises:
        ProgrammeError: there is no solution.

    >>> from monazite.findings.balance.line import StageLine
    >>> from monazite.quantities.amount import NOTHING, Amount
    >>> line = StageLine("mine", "A", Amount(10.0, 10.0, 14.0), "rows", 2024, NOTHING, NOTHING,
    ...     Amount(15.0, 13.0, 16.0))
    >>> reconcile([line], []).left
    {'mine': 0.0}
    """
    programme = _Reconciliation()
    flows: dict[tuple[str, str, str], int] = {}
    made, needed, used = (defaultdict[tuple[str, str], list[int]](list) for _ in range(3))
    gaps: dict[tuple[str, str], tuple[int, int]] = {}
    by_stage: dict[str, list[ElementFlow]] = defaultdict(list)
    for flow in traded:
        by_stage[flow.stage].append(flow)
    for stage, pool, members in _pools(list(lines)):
        terms: list[tuple[int, float]] = []
        for line in members:
            for amount, sign, columns in (
                (line.made, 1.0, made),
                (line.needed, -1.0, needed),
                (line.used, -1.0, used),
            ):
                if amount is not None:
                    columns[stage, pool.name].append(programme.number(amount))
                    terms.append((columns[stage, pool.name][-1], sign))
        for flow in by_stage[stage]:
            sign = (flow.importer in pool) - (flow.exporter in pool)
            if sign:
                key = (stage, flow.exporter, flow.importer)
                flows[key] = programme.number(flow.amount, key)
                terms.append((flows[key], float(sign)))
        gaps[stage, pool.name] = programme.balance(terms)
    values = programme.solve() if gaps else []
    return Reconciled(
        made=_sums(made, values),
        needed=_sums(needed, values),
        used=_sums(used, values),
        flows={key: values[column] for key, column in flows.items()},
        gap={key: values[over] - values[short] for key, (over, short) in gaps.items()},
    )


def _sums(
    parts: Mapping[tuple[str, str], list[int]], values: list[float]
) -> dict[tuple[str, str], float]:
    return {key: fsum(values[column] for column in columns) for key, columns in parts.items()}


@dataclass(frozen=True)
class _Pool:
    """Some countries, or all without them."""

    named: Set[str]
    without: bool = False

    @property
    def name(self) -> str:
        """The country, or the rest."""
        return REST if self.without else next(iter(self.named))

    def __contains__(self, country: str) -> bool:
        return (country in self.named) != self.without


def _pools(lines: list[StageLine]) -> Iterable[tuple[str, _Pool, list[StageLine]]]:
    """A country whose output and use are known by itself; all others of a stage together."""
    by_stage: dict[str, list[StageLine]] = defaultdict(list)
    for line in lines:
        by_stage[line.stage].append(line)
    for stage, own in by_stage.items():
        known = {
            line.country
            for line in own
            if line.made is not None and line.taken is not None and line.country != REST
        }
        for country in sorted(known):
            yield stage, _Pool({country}), [line for line in own if line.country == country]
        others = [line for line in own if line.country not in known and (line.made or line.taken)]
        if others:
            yield stage, _Pool(known, without=True), others


class _Reconciliation:
    """Numbers with ranges, and balances between them."""

    def __init__(self) -> None:
        self._model = LinearProgramme()
        self._known: dict[tuple[str, ...], int] = {}

    def number(self, amount: Amount, key: tuple[str, ...] = ()) -> int:
        """Add a number that may move inside its range; one with a key is added once."""
        if key and key in self._known:
            return self._known[key]
        width = max(amount.high - amount.low, 1e-9)
        cost = CHANGE_COST / max(width, 1e-3 * max(amount.high, 1.0))
        column = self._model.column(lower=amount.low, upper=amount.high)
        above = self._model.column(upper=width, cost=cost)
        below = self._model.column(upper=width, cost=cost)
        self._equal(amount.value, [(column, 1.0), (above, -1.0), (below, 1.0)])
        if key:
            self._known[key] = column
        return column

    def balance(self, terms: list[tuple[int, float]]) -> tuple[int, int]:
        """Add a balance; return the columns of what is left over and of what is missing."""
        over = self._model.column(cost=LEFT_COST)
        missing = self._model.column(cost=LEFT_COST)
        self._equal(0.0, [*terms, (over, -1.0), (missing, 1.0)])
        return over, missing

    def solve(self) -> list[float]:
        """Solve; there always is a solution, as anything may be left over."""
        values = self._model.solve()
        assert values is not None, "what is left over is free"
        return values

    def _equal(self, value: float, terms: list[tuple[int, float]]) -> None:
        self._model.row(dict(terms), lower=value, upper=value)
