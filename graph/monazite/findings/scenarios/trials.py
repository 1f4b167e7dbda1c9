"""The random trials of several scenarios: each trial is one chain, for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monazite.errors import NotKnownError, ProgrammeError
from monazite.findings.scenarios.meaning import Meant
from monazite.findings.scenarios.model import ScenarioModel, Trial
from monazite.findings.scenarios.outcome import ScenarioResult, TrialsMade
from monazite.findings.scenarios.scenario_file import Scenario
from monazite.findings.scenarios.summary import Numbers, markets_of, numbers_of, to_result
from monazite.result import Value

LEAST_KEPT = 10
"""Trials that a range needs at the least."""


@dataclass(frozen=True)
class AskedScenario(Value):
    """A scenario, and what its shocks mean."""

    scenario: Scenario
    meant: tuple[Meant, ...]


@dataclass(frozen=True)
class TrialFound:
    """What a trial led to.

    Attributes:
        numbers: of each scenario; None where the trial does not count.
    """

    place: int
    numbers: tuple[Numbers, ...] | None


def run_trial(
    model: ScenarioModel, asked: Sequence[AskedScenario], place: int, count: int, seed: int
) -> TrialFound:
    """Make one trial of all scenarios."""
    try:
        trial = Trial(model, model.drawn(count, seed)[place])
        if not trial.kept:
            return TrialFound(place, None)
        return TrialFound(
            place,
            tuple(
                numbers_of(
                    trial.run(each.scenario, each.meant),
                    markets_of(each.scenario, model),
                    model.products,
                )
                for each in asked
            ),
        )
    except (NotKnownError, ProgrammeError):
        return TrialFound(place, None)


def results_of(
    model: ScenarioModel,
    asked: Sequence[AskedScenario],
    found: Iterable[TrialFound],
    count: int,
    seed: int,
) -> tuple[ScenarioResult, ...]:
    """Return what scenarios lead to, with the range of the trials that count."""
    by_place: Mapping[int, TrialFound] = {each.place: each for each in found}
    if sorted(by_place) != [*range(count)]:
        raise NotKnownError(f"Of {count} trials {len(by_place)} came back: run it again.")
    kept = [x for place in range(count) if (x := by_place[place].numbers) is not None]
    if count >= LEAST_KEPT and len(kept) < LEAST_KEPT:
        raise NotKnownError(
            f"Only {len(kept)} of {count} trials could be worked out: run more of them."
        )
    made = TrialsMade(count, seed, count - len(kept)) if count else None
    return tuple(
        to_result(
            each.scenario,
            each.meant,
            model,
            model.point.run(each.scenario, each.meant, explain=True),
            [numbers[at] for numbers in kept],
            made,
        )
        for at, each in enumerate(asked)
    )
