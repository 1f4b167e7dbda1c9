"""Joint failures: pairs whose loss together exceeds the sum of the two single losses.

N-2 contingency screening: only pairs at one stage, or at stages that sell to each other, are
solved, where their single losses leave room; never two names of one thing, nor a thing and its
part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import ClassVar

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.mitigation.after_failure import fine
from monazite.core.columns import Column, table
from monazite.core.formats import whole
from monazite.core.results import Listing
from monazite.core.tables import Table, percent_cell
from monazite.model.chain.base_year import assumed_in
from monazite.model.contingencies.event import Event
from monazite.model.contingencies.failure_points import KINDS, Candidate
from monazite.model.flow.study import Study

PERCENTAGE_POINT = 0.01  # the least excess that is told: one point


_PAIRS = (
    Column("one", lambda x: x.labels[0]),
    Column("other", lambda x: x.labels[1]),
    Column("loss", "loss", percent_cell, right=True),
    Column("apart", "apart", percent_cell, right=True),
    Column("excess, points", lambda x: whole(100 * x.excess), right=True),
    Column("row", lambda x: "".join(x.rows[:1]), full=True),
)


def _counted(found: JointFailures) -> str:
    part = f" ({percent_cell(found.superadditive / found.screened)})" if found.screened else ""
    return (
        f"Of {found.things} things that may fail, pairs that stand at one stage or sell to each "
        f"other: {found.screened}; {found.superadditive}{part} of them cost "
        f"{percent_cell(PERCENTAGE_POINT)} or more beyond apart. Where a part of a thing "
        "does as much, it stands for the whole."
    )


@dataclass(frozen=True)
class JointFailure:
    """Two things that may fail, whose loss together exceeds the sum of their single losses.

    Attributes:
        one: id of a thing.
        other: id of the other.
        labels: of both.
        loss: of both together, in parts of 1; below 0 where others stop bidding.
        apart: the sum of the single losses, at most 1; a gain by one of them lowers it.
        excess: ``loss`` less ``apart``.
        rows: keys of the rows that give what the two make.
    """

    one: str
    other: str
    labels: tuple[str, str]
    loss: float
    apart: float
    excess: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class JointFailures(Listing[JointFailure]):
    """The pairs that cost more together than apart, and of how many they are.

    Attributes:
        pairs: largest excess first, then largest loss; where a part of a thing has the same
            effect as the whole, the part stands for both.
        things: how many may fail, each counted once.
        screened: how many pairs can be more than their parts.
        solved: how many of them had room above their single losses.
        superadditive: how many exceed them, counting things and their parts.
    """

    _items = "pairs"
    records_key: ClassVar[str] = "pairs"

    pairs: tuple[JointFailure, ...]
    things: int
    screened: int
    solved: int
    superadditive: int

    def headline(self) -> str:
        """Return how many pairs cost more together, of how many that could."""
        return f"{len(self)} of {self.screened} pairs cost more together than apart"

    def tables(self) -> list[Table]:
        """Return the pairs as a table."""
        remarks = (_counted(self), "Apart: the two single losses added up, at most 100 %.")
        return [table("Pairs that lose more than their two losses added", self, _PAIRS, remarks)]


@dataclass(frozen=True)
class _SingleFailure:
    candidate: Candidate
    event: Event
    loss: float


def find_pairs(model: LossModel) -> JointFailures:
    """Find the pairs of all that may fail whose loss exceeds the sum of the single losses."""
    found = pairs_in(model.study, model.candidates)
    return replace(found, assumptions=assumed_in(model.base, model.facts))


def pairs_in(study: Study, candidates: Iterable[Candidate]) -> JointFailures:
    """Find the pairs whose loss exceeds the sum of the single losses."""
    things = list(_things(study, candidates))
    screened = [
        (one, other)
        for one, other in combinations(things, 2)
        if not _in(one.candidate, other.candidate) and not _in(other.candidate, one.candidate)
        if _touch(study, one.candidate, other.candidate)
    ]
    room = [pair for pair in screened if _apart(*pair) <= 1 - PERCENTAGE_POINT]
    solved = []
    for one, other in room:
        loss, apart = _loss(study, one.event.together_with(other.event)), _apart(one, other)
        both = (one.candidate, other.candidate)
        pair = JointFailure(
            one=both[0].id,
            other=both[1].id,
            labels=(both[0].label, both[1].label),
            loss=loss,
            apart=apart,
            excess=loss - apart,
            rows=tuple(dict.fromkeys(row for each in both for row in each.rows)),
        )
        solved.append((one, other, pair))
    more = [each for each in solved if each[2].excess >= PERCENTAGE_POINT - 1e-9]
    found = [pair for one, other, pair in more if not _done_by_parts(one, other, pair, more)]
    found.sort(key=lambda pair: (-pair.excess, -pair.loss, pair.one, pair.other))
    return JointFailures(
        pairs=tuple(found),
        things=len(things),
        screened=len(screened),
        solved=len(room),
        superadditive=len(more),
    )


def _things(study: Study, candidates: Iterable[Candidate]) -> Iterable[_SingleFailure]:
    """Each thing once, with all its names, if it takes something of the base year."""
    merged: dict[str, Candidate] = {}
    for each in sorted(candidates, key=lambda each: (KINDS[each.kind], each.id)):
        if (first := merged.get(each.thing)) is not None:
            rows = tuple(dict.fromkeys((*first.rows, *each.rows)))
            each = replace(first, label=f"{first.label} = {each.label}", rows=rows)
        merged[each.thing] = each
    programme = study.programme(study.horizon)
    before = programme.bounds(study.horizon, Event()).upper
    for each in sorted(merged.values(), key=lambda each: each.id):
        event = study.event_of(each)
        after = programme.bounds(study.horizon, event).upper
        if any(after[column] < bound for column, bound in before.items()):
            yield _SingleFailure(each, event, _loss(study, event))


def _loss(study: Study, event: Event) -> float:
    """The loss in finer steps than a report's: an excess is a difference of three losses."""
    if study.costs_nothing(event):
        return 0.0
    after = study.served(event, steps=fine(study))
    return 1 - after.of(study.user, study.products) / study.base


def _done_by_parts(
    one: _SingleFailure,
    other: _SingleFailure,
    pair: JointFailure,
    more: list[tuple[_SingleFailure, _SingleFailure, JointFailure]],
) -> bool:
    """Whether parts of two things, or one of them and a part of the other, lose as much."""
    alike = (
        (a, b) for a, b, x in more if x is not pair and abs(pair.loss - x.loss) < PERCENTAGE_POINT
    )
    return any(
        (_same_or_in(a, one) and _same_or_in(b, other))
        or (_same_or_in(a, other) and _same_or_in(b, one))
        for a, b in alike
    )


def _same_or_in(part: _SingleFailure, whole: _SingleFailure) -> bool:
    return part is whole or _in(part.candidate, whole.candidate)


def _in(part: Candidate, whole: Candidate) -> bool:
    """Whether a thing is part of another: of a whole pool, or a site of its firm."""
    of_firm = {*part.rows} <= {*whole.rows} and whole.kind == "firm"
    return part.within(whole, 0.0 if of_firm else 1 - 1e-9)


def _touch(study: Study, one: Candidate, other: Candidate) -> bool:
    """Whether two things stand at one stage, or the stage of one sells to that of the other."""
    ones, others = (
        [(at, country) for at, country, *_ in thing.places if at in study.stages]
        for thing in (one, other)
    )
    return any(
        first[0] == second[0] or _sells(study, first, second) or _sells(study, second, first)
        for first in ones
        for second in others
    )


def _sells(study: Study, seller: tuple[str, str], buyer: tuple[str, str]) -> bool:
    stage = seller[0]
    following = dict(zip(study.stages, study.stages[1:], strict=False))
    if following.get(stage) != buyer[0]:
        return False
    for each in study.chain.element_chains.values():
        one, other = each.pool(stage, seller[1]), each.pool(stage, buyer[1])
        if one == other or each.flows.get((stage, one, other), 0.0) > 0:
            return True
    return False


def _apart(one: _SingleFailure, other: _SingleFailure) -> float:
    return min(1.0, one.loss + other.loss)
