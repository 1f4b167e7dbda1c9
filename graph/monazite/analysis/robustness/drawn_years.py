"""The flow model of a drawn year: from drawn numbers to what the lines of a report lose.

Reconciliation starts at the drawn numbers and moves them inside their ranges, as in the report; all
who ask of one draw share what it leads to. The residual is the most of what a stage takes that no
row explains; a draw in which the market takes nothing has no loss, and is rejected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, inf

from monazite.analysis.robustness.sampling import Drawn, DrawOutcome, Losses
from monazite.data.parameters import METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.base_year import BaseYear
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.event import Event, Horizon
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.contingencies.under_construction import Addition, horizon_of, opened_by
from monazite.model.flow.programme import Served, UnlimitedSupply
from monazite.model.flow.study import Study, unexplained_at
from monazite.model.network.shares import WORLD
from monazite.model.reconciliation.year import ReconciledYear

Key = tuple[object, ...]
NO_SUPPLY: UnlimitedSupply = frozenset()


@dataclass(frozen=True)
class Question:
    """What a report asks of every draw."""

    base: BaseYear
    contingency: Contingency
    names: tuple[str, ...]
    candidates: Sequence[Candidate]
    built: Sequence[Addition] = ()


@dataclass(frozen=True)
class DrawnLosses:
    """Losses of lines (as served, home users first, of the element alone), and what is taken."""

    in_proportion: Losses
    home_first: Losses
    ranked: Losses
    taken: float


class DrawnYear:
    """One draw, for all questions that are asked of it."""

    def __init__(self, drawn: Drawn, *, home_first: bool = True, ranked: bool = False) -> None:
        """Draw a year."""
        self._drawn, self._home_first, self._ranked = drawn, home_first, ranked
        self._years: dict[Key, ReconciledYear] = {}
        self._solved: dict[Key, _Solved] = {}

    def ask(self, question: Question) -> DrawOutcome[DrawnLosses]:
        """Return what is not explained, and the losses of the lines, worked out if asked for."""
        solved = self._flow_model(question)
        parts = [
            unexplained_at(solved.chain, question.names, stage)
            for stage in (MINE, SEPARATION, METAL)
        ]
        residual = max((part for part in parts if part is not None), default=0.0)
        if not solved.supplies(question.base.market):
            residual = inf
        return DrawOutcome(
            residual, lambda: solved.losses(question, self._home_first, self._ranked)
        )

    def flow_model(self, question: Question) -> tuple[Chain, Horizon]:
        """Return the chain of the draw, with the plants that are being built, and its horizon."""
        solved = self._flow_model(question)
        return solved.chain, solved.horizon

    def _flow_model(self, question: Question) -> _Solved:
        """The one that serves all markets, or one of its own for a market that it does not name."""
        base = question.base
        plain = self._opened(replace(question, base=replace(base, market=WORLD, mix=None)))
        return plain if plain.serves(base.market) else self._opened(question)

    def _opened(self, question: Question) -> _Solved:
        base, name = question.base, question.contingency.horizon
        year = (base.year_rows.year, *sorted(base.year_rows.members), base.year_rows.area.code)
        key = (*year, base.market, name, len(question.built))
        if key not in self._solved:
            accounts = base.accounts(self._drawn, self._years.get(year))
            self._years[year] = accounts.reconciled
            chain = opened_by(question.built, accounts.chain())
            horizon, *_ = horizon_of(accounts.chemistry, name, chain, question.built)
            self._solved[key] = _Solved(chain, horizon)
        return self._solved[key]


class _Solved:
    """The flow model of a draw, and what each event leaves to every user, solved once."""

    def __init__(self, chain: Chain, horizon: Horizon) -> None:
        self.chain, self.horizon = chain, horizon
        self._users = {WORLD, *(user for _, user in chain.demand)}
        self._study: Study | None = None
        self._served: dict[Key, Served] = {}

    def serves(self, market: str) -> bool:
        return market in self._users

    def supplies(self, market: str) -> bool:
        taken = (x for (_, user), x in self.chain.demand.items() if market in (WORLD, user))
        return fsum(taken) > 0

    def losses(self, question: Question, home_first: bool, ranked: bool) -> DrawnLosses:
        names, market = question.names, question.base.market
        if self._study is None:
            self._study = Study(self.chain, self.horizon, names, question.contingency, market)
        study = self._study.asked(names, market)
        events = {each.id: study.event_of(each) for each in question.candidates}
        alone = study.alone_of(study.names[0]) if study.ranks_alone else NO_SUPPLY

        def lost(home_first: bool = False, unlimited: UnlimitedSupply = NO_SUPPLY) -> Losses:
            return {
                line: study.lost(self._after(study, event, home_first, unlimited))
                for line, event in events.items()
            }

        return DrawnLosses(
            in_proportion=lost(),
            home_first=lost(home_first=True) if home_first else {},
            ranked=lost(unlimited=alone) if ranked else {},
            taken=study.base,
        )

    def _after(
        self, study: Study, event: Event, home_first: bool, unlimited: UnlimitedSupply
    ) -> Served:
        what = (*sorted(event.output.items()), *sorted(event.sales.items()))
        key = (*what, home_first, *sorted(unlimited))
        if key not in self._served:
            self._served[key] = study.served(event, unlimited=unlimited, home_first=home_first)
        return self._served[key]
