"""The ranking of the chokepoint report, for a search that works it out thousands of times.

It has no ranges and no structure, and only lines that lose at least ``RIVAL_PART`` of what the
first does. Kept as they are: the base year, the part of its country that a site is, and which
countries mine and separate. A plant under construction that lacks one of its rows does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.results import Value
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import Accounts, BaseYear, read_base_year, year_of
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount, read_chemistry
from monazite.model.contingencies.event import Horizon
from monazite.model.contingencies.failure_points import KINDS, Candidate, candidates_of, model_year
from monazite.model.contingencies.under_construction import (
    Addition,
    additions_in,
    horizon_of,
    opened_by,
)
from monazite.model.flow.study import Study
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import ALL_RARE_EARTHS
from monazite.model.network.facts_without import RevisedFacts
from monazite.model.network.market import find_mix
from monazite.model.ownership import owners_of
from monazite.model.reconciliation.year_rows import YearRows

HOLDS, OTHER, CROSSED = "holds", "another is first", "the loss crosses"
UNKNOWN = "no longer known"
ASSUMPTION, NO_TIER = "assumption", "no source"
CLASSES = ("tier 1", "tier 2", "tier 3", "tier 4", ASSUMPTION)
WEAK = frozenset(CLASSES[2:])
"""What rests on news, on weak sources, or on what nobody has said."""


RIVAL_PART = 0.1  # a line that loses less than this part of what the first does is no rival


@dataclass(frozen=True)
class Conclusion(Value):
    """A ranking of what may fail, or why none is known."""

    losses: Mapping[str, float | None]  # by line, 0 to 1; None is not known
    why: str = ""

    @property
    def first(self) -> tuple[str, ...]:
        """The lines that have rank one: equal whole percents share a rank."""
        percents = {x: whole_percent(loss) for x, loss in self.losses.items() if loss is not None}
        most = max(percents.values(), default=0)
        return tuple(line for line, loss in percents.items() if loss == most)


def whole_percent(loss: float) -> int:
    """Return a loss in whole per cent."""
    return round(100 * loss)


@dataclass(frozen=True)
class RankingModel:
    """Ranks what may fail from a base year, with rows left out and numbers moved."""

    base: BaseYear
    facts: RevisedFacts
    contingency: Contingency
    lines: Mapping[str, Candidate]
    labels: Mapping[str, str]
    built: Sequence[Addition] = ()

    def without(self, rows: Set[str]) -> BaseYear:
        """Return the base year without some rows."""
        if not rows:
            return self.base
        base, facts = self.base, self.facts.less(rows)
        mix, of_magnets = base.mix, base.magnet_rows
        if mix is not None and not rows.isdisjoint(mix.rows):
            mix = find_mix(facts, base.market, base.year_rows.year)
            if mix is None:
                raise NotKnownError(
                    f"No record is left that says where {base.market} buys its magnets."
                )
        untouched = base.chemistry.reasons.keys().isdisjoint(rows)
        return replace(
            base,
            year_rows=_less(base.year_rows, facts),
            magnet_rows=None if of_magnets is None else _less(of_magnets, facts),
            chemistry=base.chemistry if untouched else read_chemistry(facts),
            mix=mix,
            undrawn=None,
        )

    def accounts(self, dropped: Set[str], moved: Mapping[str, Amount]) -> Accounts:
        """Return the balance of the base year without some rows and with other numbers."""
        base = self.without(dropped)
        of_magnets = base.magnet_rows
        return replace(
            base,
            year_rows=_at_prices(base.year_rows, moved),
            magnet_rows=None if of_magnets is None else _at_prices(of_magnets, moved),
        ).accounts(moved)

    def conclude(
        self, dropped: Set[str] = frozenset(), moved: Mapping[str, Amount] | None = None
    ) -> Conclusion:
        """Rank what may fail again, without some rows and with other numbers."""
        try:
            found = self._at(self.accounts(dropped, moved or {}), dropped)
            return self._at_point if found == self._point else self._losses(*found)
        except NotKnownError as unknown:
            return Conclusion({}, str(unknown))
        except ProgrammeError:
            return Conclusion({}, "The numbers of the year would contradict each other.")

    def _at(self, accounts: Accounts, dropped: Set[str] = frozenset()) -> tuple[Chain, Horizon]:
        built = [each for each in self.built if dropped.isdisjoint(each.rows)]
        chain = opened_by(built, accounts.chain())
        return chain, horizon_of(accounts.chemistry, self.contingency.horizon, chain, built)[0]

    @cached_property
    def _point(self) -> tuple[Chain, Horizon]:
        return self._at(self.base.accounts())

    @cached_property
    def _at_point(self) -> Conclusion:
        """Many rows change nothing by themselves: then nothing is solved a second time."""
        return self._losses(*self._point)

    def _losses(self, chain: Chain, horizon: Horizon) -> Conclusion:
        study = Study(chain, horizon, self.base.elements.names, self.contingency, self.base.market)
        known: dict[tuple[object, ...], float | None] = {}
        losses = {}
        for line, candidate in self.lines.items():
            event = study.event_of(candidate)
            key = tuple(sorted(event.output.items()))
            if key not in known:  # not known where the base year has nothing to hit
                known[key] = study.ranked(event) if event.output else None
            losses[line] = known[key]
        return Conclusion(losses)


def _less(rows: YearRows, facts: RevisedFacts) -> YearRows:
    """The rows of a year without those that facts leave out; who mines and separates stays."""
    year = str(rows.year)
    return replace(
        rows,
        members={symbol: facts.about(symbol) for symbol in rows.members},
        ore_figures=facts.figures(ALL_RARE_EARTHS),
        flows=facts.flows(rows.year),
        scrap=facts.ask("balance-scrap", year=year),
        heavy=tuple(each for each in rows.heavy if each.row not in facts.without),
        site_output=facts.ask("balance-site-output", year=year),
        prices={x: each for x, each in rows.prices.items() if facts.without.isdisjoint(each.rows)},
    )


def _at_prices(rows: YearRows, moved: Mapping[str, Amount]) -> YearRows:
    return replace(rows, prices={x: price.at(moved) for x, price in rows.prices.items()})


def _costs_as_a_part(
    candidate: Candidate, found: Iterable[Candidate], conclusion: Conclusion
) -> bool:
    """Whether a part of something costs as much as all of it: then the part is what counts."""
    loss = conclusion.losses[candidate.id]
    return loss is not None and any(
        each.within(candidate)
        and not candidate.within(each)
        and whole_percent(other) == whole_percent(loss)
        for each in found
        if (other := conclusion.losses[each.id]) is not None
    )


def model_of(
    network: Network, facts: RevisedFacts, contingency: Contingency, year: int | None = None
) -> RankingModel:
    """The model of the chokepoint report."""
    chosen = replace(contingency, event="outage")
    market, label = about(network).market, about(network).market_label
    base = read_base_year(facts, year_of(facts, year), market, label)
    point = model_year(base.accounts().chain(), base.elements.names, facts)
    found = sorted(
        candidates_of(network, chosen.event, owners_of(network, facts), point),
        key=lambda each: (KINDS[each.kind], each.id),
    )
    built = additions_in(base, facts, chosen.horizon).found
    unranked = RankingModel(base, facts, chosen, {each.id: each for each in found}, {}, built)
    ranking = unranked.conclude()
    if not ranking.losses:
        raise NotKnownError(
            ranking.why or "We found nothing that may fail: there is no rank to doubt."
        )
    most = max(loss or 0.0 for loss in ranking.losses.values())
    if not most:
        raise NotKnownError("Nothing that fails costs anything: there is nothing to doubt.")
    names: dict[tuple[str, int], list[Candidate]] = {}
    for each in found:
        loss = ranking.losses[each.id]
        if loss is None or loss < RIVAL_PART * most:
            continue
        if not _costs_as_a_part(each, found, ranking):
            names.setdefault((each.thing, whole_percent(loss)), []).append(each)
    lines = sorted(names.values(), key=lambda same: (-same[0].share, same[0].id))
    return replace(
        unranked,
        lines={same[0].id: same[0] for same in lines},
        labels={same[0].id: " = ".join(each.label for each in same) for same in lines},
    )


WHOLE_PERCENT = 0.01  # a rival that overtakes by less is a matter of rounding
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
        """Return how far a conclusion is from being overturned, 0 to 1; 1 where it is not known.

        It is the smaller of the lead on all others and of the distance to the threshold.
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
    """Return the baseline that a conclusion sets; the threshold is half the loss if None."""
    first = conclusion.first
    loss = conclusion.losses[first[0]] or 0.0
    return Baseline(first, loss, loss / 2 if threshold is None else threshold)
