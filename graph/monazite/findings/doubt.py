"""The evidence cut: which rows and assumptions, if wrong or dropped, overturn the first chokepoint.

The conclusion is who has rank one in the chokepoint report, and that its loss is on this side of a
threshold. It is overturned when what stood first no longer has rank one, alone or with equals in
whole percent, or when its loss crosses the threshold. What leaves the loss *not known* overturns
nothing: it is told apart.

Which rows can change it at all: only those that the network's pools, capacities and sites rest on
(see ``network.behind``), with their copies. Others are read and not taken; supply links carry no
flow; rules and identity are no claims. So the facts are read once, rows are left out of the
answers (see ``network.revised``), and the flow model is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from monazite.errors import NotKnownError
from monazite.findings.conclusion import Conclude, Conclusion, conclude
from monazite.findings.envelope import SPARABLE, Flows
from monazite.findings.evidence import (
    ASSUMPTION,
    CLASSES,
    CROSSED,
    HOLDS,
    NO_TIER,
    OTHER,
    UNKNOWN,
    EvidenceCut,
    Member,
    Outcome,
    OverturningSet,
    PremiseLine,
    Resting,
)
from monazite.findings.overturn import BOUND, Doubts, Search
from monazite.findings.premises import DROPPED, Doubt, Premise, Premises, doubts_about, revise
from monazite.findings.thesis import thesis_of
from monazite.network.facts import Facts
from monazite.network.revised import record, table_of
from monazite.rows.columns import Schema
from monazite.triples.cards import RowCard, read_cards

EXACT = 2
"""Size up to which all sets are tried."""
PAIRS = 4
"""Of so many pairs that could be drawn, counted both ways, about one is."""


def find_evidence_cut(
    facts: Facts,
    market: str,
    schema: Schema,
    *,
    threshold: float | None = None,
    size: int = EXACT,
    bound: int = BOUND,
    draw: Conclude | None = None,
    step: Callable[[float], None] = lambda _: None,
) -> EvidenceCut:
    """Return what overturns the first chokepoint, and what doubting each row does to it.

    Args:
        facts: the rows of an element, as a view gives them.
        market: code of a country or aggregate.
        schema: what the tables mean, to read rows as text.
        threshold: loss, 0 to 1, that must not be crossed; half of the loss if None.
        size: size up to which all sets are tried.
        bound: conclusions drawn after which the search stops.
        draw: the flow model: from facts and a market to a conclusion.
        step: called after each conclusion with the part of the search that is done, 0 to 1.

    Raises:
        NotKnownError: the view ranks nothing.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "MREE", "2026-11-24")
    >>> found = find_evidence_cut(facts, "WLD", read_schema(ontology_folder()))
    >>> found.label, found.exact, found.sets[0].members[0].how
    ('China at metal', 1, 'dropped')
    """
    asked = _Asked(facts, market, threshold, bound, draw)
    asked.report(step, size)
    lines = asked.lines(schema)
    sets, exact, method = asked.sets(size, schema)
    first, second = asked.first, next(iter(asked.base.places[1:]), None)
    told = [line for line in lines if _tells(line)]
    return EvidenceCut(
        element=facts.symbol,
        market=market,
        first=first.id,
        label=first.label,
        loss=first.loss,
        second=second.label if second else None,
        second_loss=second.loss if second else None,
        threshold=asked.thesis.threshold,
        method=method,
        exact=exact,
        sets=tuple(sets),
        lines=tuple(told),
        untouched=len(lines) - len(told),
        resting=tuple(asked.resting(lines)),
        needed=tuple(line.rows[0] for line in lines if _is_needed(line)),
        notes=tuple(_notes(asked, lines, sets, exact)),
    )


class _Asked:
    """One question: the first conclusion, what would overturn it, and the search for that."""

    def __init__(
        self,
        facts: Facts,
        market: str,
        threshold: float | None,
        bound: int,
        draw: Conclude | None,
    ) -> None:
        self.facts, self._market = record(facts), market
        self._draw = draw or partial(conclude, drawn={})
        self.base = self._draw(self.facts, market)
        if not self.base.places:
            raise NotKnownError(self.base.why or f"No row up to {facts.year} ranks anything.")
        self.first = self.base.places[0]
        self.thesis = thesis_of(self.base, threshold)
        self.premises = Premises(self.facts)
        self.search = Search(self._under, self._about, self.thesis.nearness, bound=bound)
        if draw is None and self.first.loss is not None:
            self.search.spare = Flows(self.facts, market, self.thesis.surely_holds).spared

    def report(self, step: Callable[[float], None], size: int) -> None:
        """Tell how far the search is; how many conclusions it will draw is an estimate."""
        singles = len(self._about(self.base))
        expected = singles if size < 2 else singles + singles**2 // PAIRS
        self.search.step = lambda: step(min(1.0, self.search.spent / max(1, expected)))

    def _under(self, doubts: Doubts) -> Conclusion:
        return self._draw(revise(self.facts, doubts), self._market) if doubts else self.base

    def _about(self, conclusion: Conclusion) -> list[Doubt]:
        premises = self.premises.of(conclusion.rests_on())
        doubts = [doubt for premise in premises for doubt in doubts_about(premise)]
        return sorted(doubts, key=lambda d: (table_of(d.premise.rows[0]) in SPARABLE, d))

    def outcome(self, how: str, doubts: Doubts) -> Outcome:
        """Return what some doubts make of the conclusion."""
        after = self.search.under(doubts)
        values = [doubt.value for doubt in doubts]
        leader = after.places[0].label if after.places else None
        loss, value = self.thesis.loss_in(after), values[0] if len(values) == 1 else None
        return Outcome(how, value, self.thesis.verdict(after), leader, loss, after.why)

    def sets(self, size: int, schema: Schema) -> tuple[list[OverturningSet], int, str]:
        """Return the sets found, the size up to which all were tried, and the method."""
        found, exact = self.search.smallest(size)
        told = f"exact up to {exact}"
        if found:
            return [self._set(doubts, schema) for doubts in found], exact, f"{told}, all are told"
        greedy = self.search.greedy()
        if greedy is None:
            return [], exact, f"{told}: there are none; greedy beyond: none found"
        method = f"{told}: there are none; greedy beyond: an upper bound"
        return [self._set(greedy, schema)], exact, method

    def _set(self, doubts: Doubts, schema: Schema) -> OverturningSet:
        ordered = sorted(doubts)
        cards = self._cards(schema, (doubt.premise for doubt in ordered))
        members = []
        for doubt in ordered:
            text, sources, tier = self._said(doubt.premise, cards)
            unit = doubt.premise.unit
            members.append(
                Member(doubt.premise.rows, text, sources, tier, doubt.how, doubt.value, unit)
            )
        how = " + ".join(doubt.how for doubt in ordered)
        return OverturningSet(tuple(members), self.outcome(how, doubts))

    def lines(self, schema: Schema) -> list[PremiseLine]:
        """Return a line for each premise of the conclusion, the largest effect first."""
        premises = self.premises.of(self.base.rests_on())
        cards = self._cards(schema, premises)
        lines = [self._line(premise, cards) for premise in premises]
        return sorted(
            lines, key=lambda one: (-_overturns(one), -_is_missed(one), -one.effect, one.rows)
        )

    def _cards(self, schema: Schema, premises: Iterable[Premise]) -> dict[str, RowCard]:
        rows = (row for premise in premises for row in premise.rows)
        return read_cards(self.facts.store, schema, rows)

    def _said(
        self, premise: Premise, cards: Mapping[str, RowCard]
    ) -> tuple[str, tuple[str, ...], str]:
        """What a premise says, who says so, and the best of their tiers."""
        told = [cards[row] for row in premise.rows if row in cards]
        sources = dict.fromkeys(source for card in told for source in _sources(card))
        tiers = [self.facts.tiers[row] for row in premise.rows if row in self.facts.tiers]
        tier = f"tier {min(tiers)}" if tiers else NO_TIER
        text = told[0].text if told else ""
        return text, tuple(sources), ASSUMPTION if premise.assumption else tier

    def _line(self, premise: Premise, cards: Mapping[str, RowCard]) -> PremiseLine:
        outcomes = [self.outcome(one.how, frozenset({one})) for one in doubts_about(premise)]
        effect = max(map(self._effect, outcomes), default=0.0)
        if premise.assumption:
            outcomes.insert(0, self.outcome(DROPPED, frozenset({Doubt(premise, DROPPED)})))
        text, sources, tier = self._said(premise, cards)
        return PremiseLine(
            rows=premise.rows,
            text=text,
            sources=sources,
            tier=tier,
            value=premise.value,
            unit=premise.unit,
            low=premise.low,
            high=premise.high,
            ranged_by=premise.ranged_by,
            range_rows=premise.range_rows,
            outcomes=tuple(outcomes),
            effect=effect,
        )

    def _effect(self, outcome: Outcome) -> float:
        """The change of the loss; all of it where nothing is there to lose any more."""
        if self.first.loss is None or outcome.verdict == UNKNOWN:
            return 0.0
        return self.first.loss if outcome.loss is None else abs(outcome.loss - self.first.loss)

    def resting(self, lines: Sequence[PremiseLine]) -> Iterable[Resting]:
        """Say for each tier, and for assumptions, what of the result rests on it."""
        whole = sum(line.effect for line in lines)
        for name in CLASSES:
            ours = [line for line in lines if line.tier == name]
            weight = sum(line.effect for line in ours) / whole if whole else None
            without = None if name == CLASSES[0] else self._better_than(name)
            yield Resting(name, len(ours), sum(map(_is_needed, ours)), weight, without)

    def _better_than(self, name: str) -> Outcome:
        """The conclusion from rows of better tiers alone, or without assumptions."""
        if name == ASSUMPTION:
            worse = [
                answer["row"].removeprefix("row/") for answer in self.facts.assumptions.values()
            ]
        else:
            worse = [row for row, tier in self.facts.tiers.items() if tier > CLASSES.index(name)]
        return self.outcome(DROPPED, frozenset({Doubt(Premise(tuple(sorted(worse))), DROPPED)}))


def _sources(card: RowCard) -> list[str]:
    return [f"{s.publisher} {s.published[:4] or 'undated'}, tier {s.tier}" for s in card.sources]


def _overturns(line: PremiseLine) -> bool:
    return any(outcome.verdict in {OTHER, CROSSED} for outcome in line.outcomes)


def _tells(line: PremiseLine) -> bool:
    return bool(line.effect) or any(outcome.verdict != HOLDS for outcome in line.outcomes)


def _is_missed(line: PremiseLine) -> bool:
    return _is_needed(line) and line.tier != ASSUMPTION


def _is_needed(line: PremiseLine) -> bool:
    return any(outcome.verdict == UNKNOWN for outcome in line.outcomes if outcome.how == DROPPED)


def _notes(
    asked: _Asked, lines: Sequence[PremiseLine], sets: Sequence[OverturningSet], exact: int
) -> Iterable[str]:
    if asked.first.loss is None:
        yield "The loss is not known: the order is by share, and only who is first is thesis."
    none = f"No set of up to {exact} overturns the conclusion"
    if not sets:
        yield f"{none}; whether a larger one does is not known."
    elif len(sets[0].members) > exact:
        yield f"{none}: the one told here may not be the smallest."
    if any(line.rows[1:] for line in lines):
        yield "Rows that copy one root are doubted together: to drop one of them changes nothing."
    if not all(line.ranged_by for line in lines):
        yield "Where nothing gives a range, a row is tried as dropped only."
