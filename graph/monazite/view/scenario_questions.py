"""What happens when it is done, and when does it end? Scenarios, month by month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from monazite.core.errors import (
    Fault,
    FaultyTablesError,
    MonaziteError,
    NotInstalledError,
    NotKnownError,
    UnknownNameError,
    did_you_mean,
)
from monazite.core.limited_process import outlive_readers
from monazite.core.results import do_nothing
from monazite.data.parameters import SEED, NumberBounds
from monazite.view.certainty import CertaintyQuestions

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.library import ScenarioCheck, ScenarioList, ScenarioText
    from monazite.analysis.scenarios.model import ScenarioModel
    from monazite.analysis.scenarios.result import ScenarioResult, ScenarioResults
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


class ScenarioQuestions(CertaintyQuestions):
    """What happens when it is done, and when does it end?"""

    def scenario_list(self) -> ScenarioList:
        """List the scenarios that are shipped.

        Returns:
            Name, title, first month and shocks of each.

        >>> import monazite
        >>> "china-halt-3" in [each.name for each in monazite.load().scenario_list().scenarios]
        True
        """
        from monazite.analysis.scenarios.library import list_scenarios

        return self._recorded(list_scenarios(self.ontology))

    def check_scenario(self, name: str | Path | BinaryIO) -> ScenarioCheck:
        """Find all that is wrong with a scenario file: its text, and what it names.

        Args:
            name: of a scenario that is shipped, where a file lies, or a file that is open already.

        Returns:
            The faults, each with its line; none where it can be run.

        Raises:
            UnknownNameError: there is no such scenario.
            UnreadableError: the file cannot be read.
            NotKnownError: the chain that it asks about cannot be worked out.

        >>> import monazite
        >>> monazite.load().check_scenario("kuantan-closed")
        <ScenarioCheck kuantan-closed.toml: no faults found>
        """
        from monazite.analysis.scenarios.library import ScenarioCheck, read_text

        try:
            text = read_text(name, self.ontology)
        except FaultyTablesError as error:
            return self._recorded(ScenarioCheck(error.faults[0].file, tuple(error.faults)))
        _, faults = self._read(text)
        return self._recorded(ScenarioCheck(text.file, faults))

    def scenario(
        self,
        name: str | Path | BinaryIO,
        *,
        markets: Iterable[str] = (),
        months: int | None = None,
        draws: int | None = None,
        seed: int | None = None,
        workers: int | None = None,
        step: Step | None = None,
    ) -> ScenarioResult:
        """Run a scenario: what each market is supplied and does without, month by month.

        Args:
            name: of a scenario that is shipped, where a file lies, or a file that is open already.
            markets: codes of markets to tell of; those of the file if empty.
            months: how many; those of the file if None.
            draws: random trials, for ranges; none if None.
            seed: of the trials; 0 if None.
            workers: processes; this process alone if None.
            step: is told which share of the work is done, 0 to 1.

        Returns:
            Supply, stocks, firms that stop, what limits and the rules, by month.

        Raises:
            UnknownNameError: there is no such scenario or market, or a number is none.
            FaultyTablesError: the file has faults; all are listed with their lines.
            NotKnownError: the chain cannot be worked out.
            NotInstalledError: several workers need the extra ``sweep``.

        >>> import monazite
        >>> found = monazite.load().scenario("china-halt-3", markets=["USA"])
        >>> found.months[0], found.lost("USA") > 0
        ('2027-01', True)
        """
        from monazite.analysis.scenarios.library import read_text, shipped_names
        from monazite.analysis.scenarios.outcome import ScenarioAsked

        text = read_text(name, self.ontology)
        own = str(name) not in shipped_names(self.ontology)
        found = self._scenario_of(text, markets, months, draws, seed, workers, step)
        asked = ScenarioAsked(
            Path(text.file).name if own else str(name),
            text.text if own else "",
            (markets,) if isinstance(markets, str) else tuple(markets),
            *(months, draws or 0, seed or SEED),
        )
        return replace(found, asked=asked)

    def _scenario_of(
        self,
        text: ScenarioText,
        markets: Iterable[str],
        months: int | None,
        draws: int | None,
        seed: int | None,
        workers: int | None = None,
        step: Step | None = None,
    ) -> ScenarioResult:
        """Run the text of a scenario file."""
        scenario, faults = self._read(text, months)
        if faults or scenario is None:
            raise FaultyTablesError(faults)
        given = [(text.file, scenario)]
        view = self._view_of(scenario)
        (found,) = view._run(given, markets, draws, seed, workers, step)
        rows = [each.row for each in found.published]
        return cast("ScenarioResult", view._recorded(found, rows=rows))

    def _read(
        self, text: ScenarioText, months: int | None = None
    ) -> tuple[Scenario | None, tuple[Fault, ...]]:
        """Read a scenario file, with all faults of its text and of what it names."""
        from monazite.analysis.scenarios.scenario_file import read_with_faults

        scenario, faults = read_with_faults(text.text, text.file)
        if scenario is None:
            return None, faults
        scenario = _with_months(scenario, months)
        return scenario, tuple(sorted([*faults, *self._misnamed(scenario, text.file)]))

    def _misnamed(self, scenario: Scenario, file: str) -> list[Fault]:
        """What a scenario names that is not there; of records alone where it has no chain."""
        from monazite.analysis.scenarios.names import recorded_faults

        view, found = self, list[Fault]()
        try:
            view = self._view_of(scenario)
        except (UnknownNameError, NotKnownError) as error:
            found.append(_fault_of(error, scenario, file, (*_filters_of(error), "view")))
        try:
            view._scenario_model(scenario).means(scenario, file)
        except FaultyTablesError as error:
            found += error.faults
        except (UnknownNameError, NotKnownError) as error:
            asked = ("element",) if isinstance(error, UnknownNameError) else ("year", "element")
            found.append(_fault_of(error, scenario, file, (*asked, "view")))
            found += recorded_faults(scenario, view.store, file)
        return found

    def scenarios(
        self,
        *,
        markets: Iterable[str] = (),
        months: int | None = None,
        draws: int | None = None,
        seed: int | None = None,
        workers: int | None = None,
        step: Step | None = None,
    ) -> ScenarioResults:
        """Run all scenarios that are shipped; a random trial is worked out once for all of them.

        Args:
            markets: codes of markets to tell of; those of the files if empty.
            months: how many; those of the files if None.
            draws: random trials, for ranges; none if None.
            seed: of the trials; 0 if None.
            workers: processes; this process alone if None.
            step: is told which share of the work is done, 0 to 1.

        Returns:
            What each leads to, by name.

        Raises:
            UnknownNameError: there is no such market, or a number is none.
            NotKnownError: the chain cannot be worked out.
            NotInstalledError: several workers need the extra ``sweep``.

        >>> import monazite
        >>> found = monazite.load().scenarios(markets=["JPN"])
        >>> "kuantan-closed" in [each.id for each in found.scenarios]
        True
        """
        from monazite.analysis.scenarios.library import read_shipped
        from monazite.analysis.scenarios.result import ScenarioResults

        given = [
            (f"{each.id}.toml", _with_months(each, months)) for each in read_shipped(self.ontology)
        ]
        return self._recorded(
            ScenarioResults(self._run(given, markets, draws, seed, workers, step))
        )

    def _view_of(self, scenario: Scenario) -> Any:  # noqa: ANN401 - a view
        """The view that a scenario asks for; this one where it sets no filter."""
        return self._filtered(scenario.view)

    def _filtered(self, filters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a view
        """This view with some filters in place of its own; itself where there are none."""
        if not filters:
            return self
        from monazite import load

        given = {
            "valid": self.filters.valid,
            "known": self.filters.known,
            "tier": self.filters.tier,
            "without": self.filters.without,
            **filters,
        }
        return load(**given, data=self.data, ontology=self.ontology, cache=self.cached)

    def _scenario_model(self, scenario: Scenario) -> ScenarioModel:
        """The base year of a scenario, read once."""
        from monazite.analysis.scenarios.model import ScenarioModel

        element, year = scenario.element, scenario.year
        return self.store.derive(
            ("scenario model", self.valid, element, year or 0),
            lambda: ScenarioModel(self.network(element), self.facts(element), year),
        )

    def _run(
        self,
        given: Sequence[tuple[str, Scenario]],
        markets: Iterable[str],
        draws: int | None,
        seed: int | None,
        workers: int | None,
        step: Step | None,
    ) -> tuple[ScenarioResult, ...]:
        from monazite.analysis.scenarios.keys import MOST_DRAWS
        from monazite.analysis.scenarios.trials import AskedScenario, results_of, run_trial

        check_workers(workers)
        if draws is not None:
            NumberBounds("The number of trials", 1, MOST_DRAWS, whole=True).check(draws)
        elif seed is not None:
            raise UnknownNameError("A seed belongs to trials: take --draws as well.")
        NumberBounds("A seed", 0, whole=True).check(seed or SEED)
        count, chosen, tell = draws or 0, seed or SEED, step or do_nothing
        model = self._scenario_model(given[0][1])
        wanted = _known_markets(markets, (*model.markets, "WLD"))
        given = [(file, replace(x, markets=wanted or x.markets)) for file, x in given]
        asked = [AskedScenario(scenario, model.means(scenario, file)) for file, scenario in given]
        if workers is None or count == 0:
            found = []
            for place in range(count):
                found.append(run_trial(model, asked, place, count, chosen))
                tell((place + 1) / count)
        else:
            recipe = self._recipe(given[0][1].element, model.year)
            works = [Work(recipe, tuple(given), place, count, chosen) for place in range(count)]
            found = sweep(works, workers, tell)
        return results_of(model, asked, found, count, chosen)

    def _recipe(self, element: str, year: int) -> Any:  # noqa: ANN401 - of the sweeps

        filters = self.filters
        return ViewRecipe(
            *(filters.valid, filters.known, filters.tier, tuple(filters.without), self.data),
            *(self.ontology, self.cached, str(self.describe()["tables"]), element, year),
        )


def _filters_of(error: MonaziteError) -> tuple[str, ...]:
    """Keys of a view that an error is about; dates and tiers were read before."""
    if isinstance(error, UnknownNameError):
        return ("without",)
    return tuple(key for key in ("valid", "known", "tier", "without") if f"--{key}" in str(error))


def _fault_of(error: MonaziteError, scenario: Scenario, file: str, keys: Iterable[str]) -> Fault:
    """An error as a fault of the first of some keys that a file gives."""
    line = next((scenario.lines[key] for key in keys if scenario.lines.get(key)), 0)
    if not line:
        raise error
    said = str(error).rstrip(".")
    for key in scenario.view:  # a file has no options
        said = said.replace(f"--{key}", key)
    said = said.replace("another --year", "another year by the key year")
    said = re.sub(r"(?<!\S)-e ([\w-]+)", r'element = "\1"', said)
    what, _, fix = said.partition("; " if "; " in said else ": ")
    first = re.match(r"\w*", what)
    if first and first[0][1:] == first[0][1:].lower():  # a group such as REE keeps its letters
        what = f"{what[:1].lower()}{what[1:]}"
    return Fault(file, line, what, fix or "take another")


def _with_months(scenario: Scenario, months: int | None) -> Scenario:
    from monazite.analysis.scenarios.keys import MOST_MONTHS

    if months is None:
        return scenario
    NumberBounds("The number of months", 1, MOST_MONTHS, whole=True).check(months)
    return replace(scenario, months=months)


def _known_markets(names: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Codes of markets that a reader names; the chain of the base year knows them or not."""
    wanted = (names,) if isinstance(names, str) else tuple(names)
    for each in wanted:
        if each not in known:
            fix = did_you_mean(each, known) or f"there are {', '.join(known)}."
            raise UnknownNameError(f'We found no flows to a market "{each}"; {fix}')
    return wanted
