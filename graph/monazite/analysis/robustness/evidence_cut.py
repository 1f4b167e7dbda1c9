"""The evidence cut: which rows and assumptions, if wrong or dropped, overturn the first chokepoint.

The conclusion is which lines have rank one, and on which side of a threshold the first loses. It is
overturned when another line overtakes one of them by a whole percent, or the loss crosses; that it
is *no longer known* is told apart. The base year is worked out anew for each doubt: a number at an
end of its range stays there, all others may move inside theirs to close the balance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum
from typing import TypeAlias

from monazite.analysis.robustness.conclusion import (
    ASSUMPTION,
    CLASSES,
    CROSSED,
    DROPPED,
    HOLDS,
    NO_TIER,
    OTHER,
    UNKNOWN,
    Conclusion,
    Doubt,
    Premise,
    RankingModel,
    baseline_of,
    doubts_about,
    dropped_in,
    model_of,
    moved_in,
    premises_of,
)
from monazite.analysis.robustness.result import (
    EvidenceCut,
    Member,
    Outcome,
    OverturningSet,
    PremiseLine,
    TierWeight,
)
from monazite.core.results import do_nothing
from monazite.data.columns import Schema
from monazite.data.parameters import EXACT, EXACTS, THRESHOLDS, TRIAL_COUNTS, TRIALS, Contingency
from monazite.model.chain.base_year import assumed_in, weak_use
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts, record, table_of, tiers_of
from monazite.store.cards import RowCard, read_cards

MAX_SIZE = 4  # doubts in a set after which the greedy search gives up
BEAM_WIDTH, CANDIDATES = 5, 20  # sets that it keeps, and single doubts that it adds

Doubts: TypeAlias = frozenset[Doubt]


@dataclass
class OverturningSearch:
    """Looks for the smallest sets of doubts that overturn a conclusion."""

    conclude: Callable[[Doubts], Conclusion]
    about: Callable[[Doubts], Sequence[Doubt]]
    margin: Callable[[Conclusion], float]
    bound: int = TRIALS
    step: Callable[[], object] = lambda: None
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
                chosen = beam[0]
                for doubt in sorted(chosen):
                    if self.overturns(chosen - {doubt}):
                        chosen -= {doubt}
                return chosen
        return None

    def _rank(self, doubts: Doubts) -> tuple[float, float, list[Doubt]]:
        margin = self.margin(self.under(doubts))
        return round(margin, 6), -self._shift(doubts), sorted(doubts)

    def _shift(self, doubts: Doubts) -> float:
        """The sum of the changes of all losses that some doubts make."""
        before, after = self.under(frozenset()).losses, self.under(doubts).losses
        return round(fsum(abs((after.get(x) or 0.0) - (before[x] or 0.0)) for x in before), 6)


GREEDY = 200  # about how many conclusions the greedy search takes: for the bar


def find_evidence_cut(
    network: Network,
    facts: Facts,
    schema: Schema,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    threshold: float | None = None,
    size: int = EXACT,
    bound: int = TRIALS,
    step: Callable[[float], object] = do_nothing,
) -> EvidenceCut:
    """Return what overturns the first chokepoint, and what doubting each row does to it."""
    EXACTS.check(size)
    TRIAL_COUNTS.check(bound)
    if threshold is not None:
        THRESHOLDS.check(threshold)
    model = model_of(network, record(facts), contingency or Contingency(), year)
    analysis = _DoubtAnalysis(model, schema, threshold, bound)
    analysis.report(step, size)
    lines = analysis.lines()
    sets, exact, method = analysis.sets(size)
    losses, baseline = analysis.base.losses, analysis.baseline
    labels = {line: each.label for line, each in model.lines.items()}
    others = [line for line in losses if line not in baseline.first]
    second = max(others, key=lambda line: losses[line] or 0.0, default=None)
    changing = [
        line
        for line in lines
        if round(line.effect, 6) > 0 or any(each.verdict != HOLDS for each in line.outcomes)
    ]
    return EvidenceCut(
        element=facts.symbol,
        market=about(network).market,
        market_label=about(network).market_label,
        year=model.base.year_rows.year,
        horizon=model.contingency.horizon,
        first=baseline.first[0],
        label=labels[baseline.first[0]],
        beside=tuple(labels[line] for line in baseline.first[1:]),
        loss=baseline.loss,
        second=None if second is None else labels[second],
        second_loss=None if second is None else losses[second],
        threshold=baseline.threshold,
        method=method,
        exact=exact,
        trials=analysis.search.spent,
        sets=tuple(sets),
        lines=tuple(changing),
        untouched=len(lines) - len(changing),
        resting=tuple(analysis.resting(lines)),
        needed=tuple(line.rows[0] for line in lines if _is_needed(line)),
        rows=tuple(sorted({row for line in lines for row in (*line.rows, *line.range_rows)})),
        assumptions=assumed_in(model.base, model.facts),
        weak=weak_use(model.base.accounts(), facts),
        notes=(*_notes(lines, sets, exact),),
    )


class _DoubtAnalysis:
    """The baseline ranking, the doubts about its premises, and the search for sets of them."""

    def __init__(
        self, model: RankingModel, schema: Schema, threshold: float | None, bound: int
    ) -> None:
        self.model, self.schema = model, schema
        self.base = model.conclude()
        self.baseline = baseline_of(self.base, threshold)
        self.search = OverturningSearch(
            lambda doubts: model.conclude(dropped_in(doubts), moved_in(doubts)),
            self._about,
            self.baseline.margin,
            bound=bound,
        )
        self._known: dict[Doubts, list[Doubt]] = {}

    def report(self, step: Callable[[float], object], size: int) -> None:
        """Tell how far the search is; how many conclusions it will draw is an estimate."""
        sizes = (self.search.trials(each) for each in range(2, size + 1))
        expected = self.search.trials(1) + sum(x for x in sizes if x <= self.search.bound) + GREEDY
        self.search.step = lambda: step(min(1.0, self.search.spent / expected))

    def _about(self, doubts: Doubts) -> list[Doubt]:
        """The doubts about what the conclusion rests on; none where it is no longer known."""
        dropped = frozenset(each for each in doubts if each.how == DROPPED)
        if dropped not in self._known:
            premises = [] if self.search.under(dropped).why else self._premises(dropped)
            self._known[dropped] = [doubt for each in premises for doubt in doubts_about(each)]
        return self._known[dropped]

    def _premises(self, dropped: Doubts = frozenset()) -> list[Premise]:
        rows, model = dropped_in(dropped), self.model
        built = {row for each in model.built for row in each.rows} - rows
        return premises_of(model.accounts(rows, {}), model.contingency.horizon, built)

    def outcome(self, how: str, doubts: Doubts) -> Outcome:
        """Return what some doubts make of the conclusion."""
        after = self.search.under(doubts)
        values = [doubt.value for doubt in doubts]
        leaders = " and ".join(self.model.lines[line].label for line in after.first)
        unknown = [line for line in self.baseline.first if after.losses.get(line) is None]
        names = " and ".join(self.model.lines[line].label for line in unknown)
        return Outcome(
            how=how,
            value=values[0] if len(values) == 1 else None,
            verdict=self.baseline.verdict(after),
            first=leaders or None,
            loss=self.baseline.loss_in(after),
            why=after.why or (f"No record is left that gives {names}." if unknown else ""),
        )

    def sets(self, size: int) -> tuple[list[OverturningSet], int, str]:
        """Return the sets found, the size up to which all were tried, and the method."""
        found, exact = self.search.smallest(size)
        method = f"exact up to {exact}"
        if found:
            return [self._set(doubts) for doubts in found], exact, f"{method}, all are told"
        none = f"{method}: there are none; greedy beyond"
        greedy = self.search.greedy()
        if greedy is None:
            return [], exact, f"{none}: none found"
        return [self._set(greedy)], exact, f"{none}: an upper bound"

    def _set(self, doubts: Doubts) -> OverturningSet:
        ordered = sorted(doubts)
        cards = self._cards(doubt.premise for doubt in ordered)
        members = tuple(
            Member(x.premise.rows, *self._vouched(x.premise, cards), x.how, x.value, x.premise.unit)
            for x in ordered
        )
        return OverturningSet(members, self.outcome(" + ".join(x.how for x in ordered), doubts))

    def lines(self) -> list[PremiseLine]:
        """Return a line for each premise of the conclusion, the largest effect first."""
        premises = self._premises()
        cards = self._cards(premises)

        def order(one: PremiseLine) -> tuple[bool, bool, float, tuple[str, ...]]:
            overturns = any(each.verdict in {OTHER, CROSSED} for each in one.outcomes)
            return not overturns, not _is_needed(one), -one.effect, one.rows

        return sorted((self._line(premise, cards) for premise in premises), key=order)

    def _cards(self, premises: Iterable[Premise]) -> dict[str, RowCard]:
        rows = (row for premise in premises for row in premise.rows)
        return read_cards(self.model.facts.store, self.schema.tables, rows)

    def _vouched(
        self, premise: Premise, cards: Mapping[str, RowCard]
    ) -> tuple[str, tuple[str, ...], str]:
        """What a premise says, who says so, and the best of their tiers."""
        row_cards = [cards[row] for row in premise.rows if row in cards]
        sources = dict.fromkeys(
            f"{source.publisher} {source.published[:4] or 'undated'}, tier {source.tier}"
            for card in row_cards
            for source in card.sources
        )
        tiers = [self._tiers[row] for row in premise.rows if row in self._tiers]
        tier = f"tier {min(tiers)}" if tiers else NO_TIER
        return (
            row_cards[0].text if row_cards else "",
            tuple(sources),
            ASSUMPTION if premise.assumption else tier,
        )

    @cached_property
    def _tiers(self) -> dict[str, int]:
        """The tier of each claim: what a view without worse sources leaves out."""
        tables = self.schema.tables
        claims = {x for x in tables if tables[x].kind == "record" and not tables[x].in_every_view}
        found = tiers_of(self.model.facts)
        return {row: tier for row, tier in sorted(found.items()) if table_of(row) in claims}

    def _line(self, premise: Premise, cards: Mapping[str, RowCard]) -> PremiseLine:
        doubts = doubts_about(premise)
        outcomes = tuple(self.outcome(one.how, frozenset({one})) for one in doubts)
        moves = (  # changes of the loss, where it is known
            abs(each.loss - self.baseline.loss)
            for each in outcomes
            if each.verdict != UNKNOWN and each.loss is not None
        )
        text, sources, tier = self._vouched(premise, cards)
        return PremiseLine(
            **vars(premise),
            text=text,
            sources=sources,
            tier=tier,
            outcomes=outcomes,
            effect=max(moves, default=0.0),
        )

    def resting(self, lines: Sequence[PremiseLine]) -> Iterable[TierWeight]:
        """Say for each tier, and for assumptions, what of the result rests on it."""
        total = fsum(line.effect for line in lines)
        for name in CLASSES:
            of_tier = [line for line in lines if line.tier == name]
            weight = fsum(line.effect for line in of_tier) / total if total else None
            without = None if name == CLASSES[0] else self._better_than(name)
            yield TierWeight(name, len(of_tier), sum(map(_is_needed, of_tier)), weight, without)

    def _better_than(self, name: str) -> Outcome:
        """The conclusion from rows of better tiers alone, or without assumptions."""
        chemistry = self.model.base.chemistry
        if name == ASSUMPTION:
            worse = [row for row in chemistry.reasons if row not in self._tiers]
        else:
            factors = {x for each in chemistry.factors.values() for x in each.rows}
            rows = self._tiers.items()
            worse = [x for x, tier in rows if tier > CLASSES.index(name) and x not in factors]
        return self.outcome(DROPPED, frozenset({Doubt(Premise(tuple(worse)), DROPPED)}))


def _is_needed(line: PremiseLine) -> bool:
    return any(outcome.verdict == UNKNOWN for outcome in line.outcomes)


def _notes(
    lines: Sequence[PremiseLine], sets: Sequence[OverturningSet], exact: int
) -> Iterable[str]:
    none = f"No set of up to {exact} overturns the conclusion"
    if not sets:
        yield f"{none}; whether a larger one does is not known."
    elif len(sets[0].members) > exact + 1:
        yield f"{none}: the one told here may not be the smallest."
    if any(line.rows[1:] for line in lines):
        yield (
            "Records that copy one root, and records that give one number together, are doubted "
            "together."
        )
    if not all(line.ranged_by for line in lines):
        yield "Where nothing gives a range, a record is tried as dropped only."
    yield "A number that is tried stays where it is put; all others may move to close the balance."
