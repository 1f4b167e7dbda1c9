"""How the time of scenarios grows: with months, with scenarios that share a trial, with trials.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import process_time

import pytest

from monazite.findings.scenarios.model import ScenarioModel
from monazite.findings.scenarios.shelf import read_shipped
from monazite.findings.scenarios.trials import AskedScenario, run_trial
from monazite.shipped import ontology_folder
from tests.conftest import view_in_memory

SHIPPED_TRIALS, CORES = 100, 2
"""Of the run of all that is shipped, whose time is told."""


@pytest.fixture(scope="module")
def model() -> ScenarioModel:
    view = view_in_memory()
    return ScenarioModel(view.network("MREE"), view.facts("MREE"))


@pytest.fixture(scope="module")
def asked(model: ScenarioModel) -> list[AskedScenario]:
    shipped = read_shipped(ontology_folder())
    return [AskedScenario(each, model.means(each, f"{each.id}.toml")) for each in shipped]


def seconds(work: Callable[[], object]) -> float:
    """Of the processor; the machine may do other things."""
    begun = process_time()
    work()
    return process_time() - begun


def grown(of: Iterable[int], work: Callable[[int], object]) -> list[tuple[int, float]]:
    return [(each, seconds(lambda each=each: work(each))) for each in of]  # type: ignore[misc]


def said(what: str, found: list[tuple[int, float]]) -> str:
    return f"{what}: " + ", ".join(f"{count}: {took:.2f} s" for count, took in found)


def test_trials_and_scenarios_grow_no_faster_than_their_number(
    model: ScenarioModel, asked: list[AskedScenario], report: Callable[[str], None]
) -> None:
    run_trial(model, asked, 0, 8, 0)  # what is read once is read
    of_scenarios = grown((1, 4, len(asked)), lambda n: run_trial(model, asked[:n], 0, 8, 0))
    of_trials = grown(
        (1, 2, 4), lambda n: [run_trial(model, asked[:4], at, 8, 0) for at in range(n)]
    )
    report(said("scenarios of one trial", of_scenarios))
    report(said("trials of four scenarios", of_trials))
    whole = of_scenarios[-1][1] * SHIPPED_TRIALS / CORES / 60
    report(f"all shipped, {SHIPPED_TRIALS} trials, {CORES} cores: {whole:.1f} minutes")
    (few, short), *_, (many, long) = of_trials
    assert long / many < 2 * short / few
