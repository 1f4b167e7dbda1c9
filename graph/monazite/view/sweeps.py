"""Random trials on several processes, or on a cluster: each opens the view for itself.

A store cannot be sent to another process. What is sent is how to open it, the texts of the
scenarios and the place of a trial; a worker opens its view once, and tells the hash of its tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.core.errors import NotInstalledError, NotKnownError, UnknownNameError
from monazite.core.limited_process import outlive_readers

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.model import ScenarioModel
    from monazite.analysis.scenarios.scenario_file import Scenario
    from monazite.analysis.scenarios.trials import TrialFound

CLUSTER = "tcp://"
MOST_WORKERS = 256
BLOCKS = 8
"""In how many parts trials go to a cluster."""
PATIENCE = "15s"
"""How long a cluster may take to answer."""


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
    """A trial to make.

    Attributes:
        scenarios: to run; each with the name of its file.
    """

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


def check_workers(workers: int | str | None) -> None:
    """Refuse what is no number of workers, and no address of a cluster.

    >>> check_workers("two")
    Traceback (most recent call last):
    monazite.core.errors.UnknownNameError: Workers are a number, 1 to 256, or ...
    """
    text = "" if workers is None else str(workers)
    number = int(text) if text.isdecimal() and len(text) < 5 else 0
    if workers is None or 1 <= number <= MOST_WORKERS or text.startswith(CLUSTER):
        return
    raise UnknownNameError(
        f"Workers are a number, 1 to {MOST_WORKERS}, or a cluster, {CLUSTER}HOST:PORT, not "
        f"{workers!r}."
    )


def sweep(works: Sequence[Work], workers: int | str, step: Step) -> list[TrialFound]:
    """Make trials by joblib: on processes of this machine, or on a Dask cluster."""
    try:
        import joblib
    except ImportError:
        raise NotInstalledError(
            'Several workers need joblib, which is not installed; pip install "monazite[sweep]".'
        ) from None
    outlive_readers()
    found: dict[int, TrialFound] = {}
    if str(workers).startswith(CLUSTER):
        trials: Iterator[TrialFound] = _on_cluster(works, str(workers))
    else:
        run = joblib.Parallel(n_jobs=int(workers), return_as="generator_unordered")
        trials = run(joblib.delayed(work)(each) for each in works)
    for each in trials:
        found[each.place] = each
        step(len(found) / len(works))
    return [found[each.place] for each in works]


def _on_cluster(works: Sequence[Work], address: str) -> Iterator[TrialFound]:
    """Make trials on a Dask cluster; those of a worker that dies are made by another."""
    import joblib

    try:
        import distributed
    except ImportError:
        raise NotInstalledError(
            'A cluster needs Dask, which is not installed; pip install "monazite[sweep]".'
        ) from None
    try:
        client: Any = distributed.Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise NotKnownError(f"The cluster {address} does not answer: {error}.") from None
    with client, joblib.parallel_config(backend="dask", client=client):
        block = -(-len(works) // BLOCKS)  # this backend gives a list, and progress is to be seen
        for first in range(0, len(works), block):
            run = joblib.Parallel(batch_size=1)
            yield from run(joblib.delayed(work)(each) for each in works[first : first + block])
