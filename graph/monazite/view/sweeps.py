"""Random trials on several processes: each opens the view for itself, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.core.errors import NotInstalledError, NotKnownError, UnknownNameError
from monazite.core.limited_process import outlive_readers

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.model import ScenarioModel
    from monazite.analysis.scenarios.scenario_file import Scenario
    from monazite.analysis.scenarios.trials import TrialFound

MOST_WORKERS = 256


@dataclass(frozen=True)
class ViewRecipe:
    """How a worker opens the view, and what it asks."""

    valid: str | None
    known: str | None
    tier: int | None
    without: tuple[str, ...]
    data: Path | None
    ontology: Path
    cached: bool
    tables: str
    element: str
    year: int


@dataclass(frozen=True)
class Work:
    """A trial to make, of scenarios that each have the name of their file."""

    recipe: ViewRecipe
    scenarios: tuple[tuple[str, Scenario], ...]
    place: int
    count: int
    seed: int


@cache
def _model(recipe: ViewRecipe) -> ScenarioModel:
    """The base year, opened once by a worker."""
    from monazite import load
    from monazite.analysis.scenarios.model import ScenarioModel

    view = load(
        valid=recipe.valid,
        known=recipe.known,
        tier=recipe.tier,
        without=recipe.without,
        data=recipe.data,
        ontology=recipe.ontology,
        cache=recipe.cached,
    )
    tables = str(view.describe()["tables"])
    if tables != recipe.tables:
        raise NotKnownError(
            f"A worker has other tables ({tables}) than this view ({recipe.tables}): give all the "
            "same release."
        )
    return ScenarioModel(view.network(recipe.element), view.facts(recipe.element), recipe.year)


def work(each: Work) -> TrialFound:
    """Make a trial; what a worker runs."""
    from monazite.analysis.scenarios.trials import AskedScenario, run_trial

    model = _model(each.recipe)
    asked = [
        AskedScenario(scenario, model.means(scenario, file)) for file, scenario in each.scenarios
    ]
    return run_trial(model, asked, each.place, each.count, each.seed)


def check_workers(workers: int | None) -> None:
    """Refuse what is no number of workers."""
    if workers is not None and workers not in range(1, MOST_WORKERS + 1):
        raise UnknownNameError(f"Workers are a number, 1 to {MOST_WORKERS}, not {workers!r}.")


def sweep(works: Sequence[Work], workers: int, step: Step) -> list[TrialFound]:
    """Make trials by joblib, on processes of this machine."""
    try:
        import joblib
    except ImportError:
        raise NotInstalledError(
            'Several workers need joblib, which is not installed; pip install "monazite[sweep]".'
        ) from None
    outlive_readers()
    found: dict[int, TrialFound] = {}
    run = joblib.Parallel(n_jobs=workers, return_as="generator_unordered")
    for each in run(joblib.delayed(work)(each) for each in works):
        found[each.place] = each
        step(len(found) / len(works))
    return [found[each.place] for each in works]
