"""The ranking of the chokepoint report, for a search that works it out thousands of times.

It has no ranges and no structure, and only lines that lose at least ``RIVAL_PART`` of what the
first does. Kept as they are: the base year, the part of its country that a site is, and which
countries mine and separate. A plant under construction that lacks one of its rows does not count.

A premise is one number of the base year and its rows. To drop it is to work the year out without
them; to be wrong it stands at an end of its range. Rows of output that copy one root are one
premise; rows that only widen the range of others, and flows, can be dropped only; what a seller is
paid is one premise for all that it sells. Oxide factors are chemistry, and are not doubted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.results import Struct, Value
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import Accounts, BaseYear
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount, exactly, read_chemistry
from monazite.model.contingencies.failure_points import Candidate, Horizon, named_together
from monazite.model.contingencies.under_construction import Addition, opened_year
from monazite.model.flow.study import Study
from monazite.model.network.attributes import Network
from monazite.model.network.facts import ALL_RARE_EARTHS, RevisedFacts, table_of
from monazite.model.network.market import find_mix
from monazite.model.network.shares import OutputFigure
from monazite.model.reconciliation.year_rows import YearRows

DROPPED, LOWEST, HIGHEST = "dropped", "lowest", "highest"
OWN, OTHERS = "its own printed range", "other records of the fact"
ASSUMED = "the assumption's range"


class Premise(Struct, order=True):
    """A number that the base year rests on, and its rows."""

    rows: tuple[str, ...]
    name: str = ""
    value: float | None = None  #: the number; None where the premise is rows alone
    unit: str = ""  #: of the numbers
    low: float | None = None  #: the lower end of its range; None where nothing gives one
    high: float | None = None  #: the upper end of its range; None where nothing gives one
    ranged_by: str = ""  #: what gives the range; empty for none
    range_rows: tuple[str, ...] = ()  #: keys of the rows that set the ends of its range
    assumption: bool = False


class Doubt(Struct, order=True):
    """One premise dropped, or its number moved to an end of its range."""

    premise: Premise
    how: str

    @property
    def value(self) -> float | None:
        """The number that stands in, None if the premise is dropped."""
        ends = {LOWEST: self.premise.low, HIGHEST: self.premise.high}
        return ends.get(self.how)


def doubts_about(premise: Premise) -> tuple[Doubt, ...]:
    """Return the ways in which a premise may be doubted.

    An assumption is not dropped: nobody has said it, and without any value nothing is known.
    """
    ends = ((LOWEST, premise.low), (HIGHEST, premise.high))
    moved = (how for how, end in ends if end is not None and end != premise.value)
    ways = () if premise.assumption else (DROPPED,)
    return tuple(Doubt(premise, how) for how in (*ways, *moved))


def dropped_in(doubts: Iterable[Doubt]) -> frozenset[str]:
    """Return the rows that doubts leave out."""
    return frozenset(row for each in doubts if each.how == DROPPED for row in each.premise.rows)


def moved_in(doubts: Iterable[Doubt]) -> dict[str, Amount]:
    """Return the numbers that doubts put in place of those of the base year."""
    values = ((each.premise.name, each.value) for each in doubts)
    return {name: exactly(value) for name, value in values if value is not None}


def premises_of(accounts: Accounts, horizon: str, more: Iterable[str] = ()) -> list[Premise]:
    """Return the premises of a base year, in order of their rows."""
    base, rested = accounts.base, {*accounts.rows, *more}
    same_fact = _SameFact(base.year_rows)
    prices = (x for x in base.year_rows.prices.values() if not rested.isdisjoint(x.rows))
    found: dict[str, Premise] = {}
    for amount in (*base.inputs(horizon).values(), *prices):
        rows = (*amount.rows, *amount.assumptions)
        copies = same_fact.copies(*rows)
        rivals, wide = same_fact.rivals(copies), amount.low < amount.high
        by = ASSUMED if amount.assumptions else OTHERS if rivals else OWN
        premise = Premise(
            rows=copies,
            name=amount.name,
            value=amount.value,
            unit="t" if rows[0] in same_fact else "",
            low=amount.low if wide else None,
            high=amount.high if wide else None,
            ranged_by=by if wide else "",
            range_rows=rivals if wide else (),
            assumption=bool(amount.assumptions),
        )
        found.update(dict.fromkeys(copies, premise))
    others = {row for premise in found.values() for row in premise.range_rows}
    factors = {row for factor in base.chemistry.factors.values() for row in factor.rows}
    for row in sorted((rested | others) - factors):
        if row not in found:
            copies = same_fact.copies(row)
            assumption = table_of(row) == "assumptions"
            found.update(dict.fromkeys(copies, Premise(copies, assumption=assumption)))
    return sorted({*found.values()})


class _SameFact:
    """The rows of output that speak of the same fact."""

    def __init__(self, year_rows: YearRows) -> None:
        self._same: dict[str, list[OutputFigure]] = defaultdict(list)
        members = (x.own_figures for x in year_rows.members.values())
        for figures in (year_rows.ore_figures, *members):
            groups: dict[tuple[object, ...], list[OutputFigure]] = defaultdict(list)
            for each in figures:
                if each.tonnes[0] is not None and not each.total:
                    fact = (each.stage, each.place, each.year, each.rank, each.basis)
                    groups[fact].append(each)
            for group in groups.values():
                for each in group:
                    self._same[each.row] += group

    def __contains__(self, row: str) -> bool:
        return row in self._same

    def copies(self, *rows: str) -> tuple[str, ...]:
        """The rows first, then all of their material that share a root, or a root of a copy."""
        same = [each for row in rows for each in self._same.get(row, ())]
        found = set(rows)
        materials = {each.material for each in same if each.row in found}
        grown = bool(same)
        while grown:
            roots = {root for each in same if each.row in found for root in each.roots}
            more = {
                each.row for each in same if each.material in materials and each.roots & roots
            } - found
            found |= more
            grown = bool(more)
        return (*rows, *sorted(found - {*rows}))

    def rivals(self, rows: tuple[str, ...]) -> tuple[str, ...]:
        """All others that speak of the same."""
        return tuple(sorted({x.row for row in rows for x in self._same.get(row, ())} - {*rows}))


HOLDS, OTHER, CROSSED = "holds", "another is first", "the loss crosses"
UNKNOWN = "no longer known"
ASSUMPTION, NO_TIER = "assumption", "no source"
CLASSES = ("tier 1", "tier 2", "tier 3", "tier 4", ASSUMPTION)
WEAK = frozenset(CLASSES[2:])
"""What rests on news, on weak sources, or on what nobody has said."""


RIVAL_PART = 0.1  # a line that loses less than this part of what the first does is no rival


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


class RankingModel(Struct):
    """Ranks what may fail from a base year, with rows left out and numbers moved."""

    base: BaseYear
    facts: RevisedFacts
    contingency: Contingency
    lines: Mapping[str, Candidate]
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
            point, at_point = self._point
            return at_point if found == point else self._losses(*found)
        except NotKnownError as unknown:
            return Conclusion({}, str(unknown))
        except ProgrammeError:
            return Conclusion({}, "The numbers of the year would contradict each other.")

    def _at(self, accounts: Accounts, dropped: Set[str] = frozenset()) -> tuple[Chain, Horizon]:
        built = [each for each in self.built if dropped.isdisjoint(each.rows)]
        return opened_year(accounts, self.contingency.horizon, built)

    @cached_property
    def _point(self) -> tuple[tuple[Chain, Horizon], Conclusion]:
        """Many rows change nothing by themselves: then nothing is solved a second time."""
        found = self._at(self.base.accounts())
        return found, self._losses(*found)

    def _losses(self, chain: Chain, horizon: Horizon) -> Conclusion:
        study = Study(chain, horizon, self.base.elements.names, self.contingency, self.base.market)
        losses = {}
        for line, candidate in self.lines.items():
            event = study.event_of(candidate)
            # not known where the base year has nothing to hit
            losses[line] = study.loss(event) if event.output else None
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
    candidate: Candidate, found: Iterable[Candidate], percents: Mapping[str, int]
) -> bool:
    """Whether a part of something costs as much as all of it: then the part is what counts."""
    return any(
        each.within(candidate)
        and not candidate.within(each)
        and percents.get(each.id) == percents[candidate.id]
        for each in found
    )


def model_of(
    network: Network, facts: RevisedFacts, contingency: Contingency, year: int | None = None
) -> RankingModel:
    """The model of the chokepoint report."""
    chosen = replace(contingency, event="outage")
    model = LossModel(network, facts, chosen, year)
    lines = {each.id: each for each in model.candidates}
    unranked = RankingModel(model.base, facts, chosen, lines, model.built.found)
    ranking = unranked.conclude()
    if not ranking.losses:
        raise NotKnownError(
            ranking.why or "We found nothing that may fail: there is no rank to doubt."
        )
    most = max(loss or 0.0 for loss in ranking.losses.values())
    if not most:
        raise NotKnownError("Nothing that fails costs anything: there is nothing to doubt.")
    losses = {line: loss for line, loss in ranking.losses.items() if loss is not None}
    percents = {line: whole_percent(loss) for line, loss in losses.items()}
    rivals = [
        each
        for each in model.candidates
        if each.id in losses and losses[each.id] >= RIVAL_PART * most
        if not _costs_as_a_part(each, model.candidates, percents)
    ]
    found = named_together(rivals, lambda each: (each.thing, percents[each.id]))
    found.sort(key=lambda each: (-each.share, each.id))
    return replace(unranked, lines={each.id: each for each in found})


WHOLE_PERCENT = 0.01  # a rival that overtakes by less is a matter of rounding
TOLERANCE = 1e-9


class Baseline(Struct):
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
