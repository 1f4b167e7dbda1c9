"""Ranges of many reports at once: what one draw leads to is worked out once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monazite.analysis.robustness.drawn_years import DrawnLosses, DrawnYear, Question
from monazite.analysis.robustness.draws import SummedUp, summed_up
from monazite.analysis.robustness.sampling import ClosestDraws, Step, draw
from monazite.model.chemistry import Amount
from monazite.model.network.facts import Facts


@dataclass(frozen=True)
class DrawnRanges:
    """What draws say of a question, and of how many draws they say it."""

    found: SummedUp
    rejected: int
    limit: float


def draw_many(
    questions: Mapping[str, tuple[Question, Facts]], count: int, seed: int, step: Step
) -> dict[str, DrawnRanges]:
    """Draw for many questions; each gets what it would get alone."""
    found: dict[str, DrawnRanges] = {}
    groups = [*_groups(questions).values()]
    for place, names in enumerate(groups):
        group = {name: questions[name] for name in names}
        done = place / len(groups)
        found |= _draw_group(group, count, seed, _part_of(step, done, len(groups)))
    return found


def _part_of(step: Step, done: float, parts: int) -> Step:
    """Progress of one of some parts."""
    return lambda share: step(done + share / parts)


def _groups(questions: Mapping[str, tuple[Question, Facts]]) -> dict[tuple[object, ...], list[str]]:
    """Questions that rest on one reconciliation: their draws are one."""
    found: dict[tuple[object, ...], list[str]] = {}
    for name, (question, _) in questions.items():
        rows = question.base.year_rows
        key = (rows.year, *sorted(rows.members), rows.area.code, question.contingency.horizon)
        found.setdefault(key, []).append(name)
    return found


def _draw_group(
    group: Mapping[str, tuple[Question, Facts]], count: int, seed: int, step: Step
) -> dict[str, DrawnRanges]:
    inputs: dict[str, Amount] = {}  # a number has one range, whoever asks of it
    for question, _ in group.values():
        inputs |= question.base.inputs(question.contingency.horizon)
    drawn = draw(inputs, count, seed)
    kept: dict[str, ClosestDraws[DrawnLosses]] = {name: ClosestDraws() for name in group}
    for place, each in enumerate(drawn, start=1):
        year = DrawnYear(each)
        for name, (question, _) in group.items():
            kept[name].add(year.ask(question))
        step(place / count)
    return {
        name: _summed(question, facts, drawn, kept[name])
        for name, (question, facts) in group.items()
    }


def _summed(
    question: Question,
    facts: Facts,
    drawn: Sequence[Mapping[str, Amount]],
    kept: ClosestDraws[DrawnLosses],
) -> DrawnRanges:
    places, losses, limit = kept.closest(
        lambda place: DrawnYear(drawn[place]).ask(question).losses()
    )
    found = summed_up(facts, [drawn[place] for place in places], losses)
    return DrawnRanges(found, len(drawn) - len(places), limit)
