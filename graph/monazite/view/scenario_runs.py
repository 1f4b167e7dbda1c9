"""Scenarios run on a view, on as many random trials as are asked, and drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.analysis.scenarios.keys import MOST_DRAWS, MOST_MONTHS
from monazite.analysis.scenarios.model import ScenarioModel
from monazite.analysis.scenarios.resolve import recorded_faults
from monazite.analysis.scenarios.scenario_file import Scenario, ScenarioText, read_with_faults
from monazite.analysis.scenarios.trials import AskedScenario, TrialNumbers, results_of, run_trial
from monazite.core.errors import (
    Fault,
    FaultyTablesError,
    MonaziteError,
    NotInstalledError,
    NotKnownError,
    UnknownNameError,
    did_you_mean,
)
from monazite.core.formats import figures
from monazite.core.limited_process import outlive_readers
from monazite.core.results import Struct, do_nothing
from monazite.data.filters import Filters
from monazite.data.parameters import SEED, NumberBounds

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.outcome import ScenarioAsked
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.asking.question import ScenarioRun
    from monazite.report.figures.figure import Figure
    from monazite.view.view import View


MOST_WORKERS = 256


class ViewRecipe(Struct):
    """How a worker opens the view, and what it asks."""

    filters: Filters
    data: Path | None
    ontology: Path
    cached: bool
    tables: str
    element: str
    year: int


@cache
def _model(recipe: ViewRecipe) -> ScenarioModel:
    """The base year, opened once by a worker."""
    from monazite import load

    held = asdict(recipe.filters)
    view = load(**held, data=recipe.data, ontology=recipe.ontology, cache=recipe.cached)
    tables = str(view.describe()["tables"])
    if tables != recipe.tables:
        raise NotKnownError(
            f"A worker has other tables ({tables}) than this view ({recipe.tables}): give all the "
            "same release."
        )
    return ScenarioModel(view.network(recipe.element), view.facts(recipe.element), recipe.year)


def work(
    recipe: ViewRecipe, given: Sequence[Scenario], place: int, count: int, seed: int
) -> TrialNumbers:
    """Make a trial; what a worker runs."""
    model = _model(recipe)
    return run_trial(model, _meant(model, given), place, count, seed)


def _meant(model: ScenarioModel, given: Sequence[Scenario]) -> list[AskedScenario]:
    return [AskedScenario(scenario, model.means(scenario)) for scenario in given]


def check_workers(workers: int | None) -> None:
    """Refuse what is no number of workers."""
    if workers is not None and workers not in range(1, MOST_WORKERS + 1):
        raise UnknownNameError(f"Workers are a number, 1 to {MOST_WORKERS}, not {workers!r}.")


def sweep(
    recipe: ViewRecipe, given: Sequence[Scenario], count: int, seed: int, *, workers: int
) -> Iterable[TrialNumbers]:
    """Make trials by joblib, on processes of this machine."""
    try:
        import joblib
    except ImportError:
        raise NotInstalledError(
            'Several workers need joblib, which is not installed; pip install "monazite[sweep]".'
        ) from None
    outlive_readers()
    run = joblib.Parallel(n_jobs=workers, return_as="generator")
    found: Iterable[TrialNumbers] = run(
        joblib.delayed(work)(recipe, given, place, count, seed) for place in range(count)
    )
    return found


def run_text(
    view: View, text: ScenarioText, asked: ScenarioRun, step: Step | None = None
) -> ScenarioResult:
    """Run the text of a scenario file on the view that it asks for."""
    scenario, faults = read_named(view, text, asked.months)
    if faults or scenario is None:
        raise FaultyTablesError(faults)
    own = filtered(view, scenario.view)
    (found,) = run_scenarios(own, [scenario], asked, step)
    return own._recorded(found, rows=found.quoted_rows)


def as_asked(view: View, found: ScenarioResult, asked: ScenarioAsked) -> ScenarioResult:
    """Return what was asked; a shipped scenario without trials has the ranges of the release."""
    found = replace(found, asked=asked)
    if asked.text or asked.draws or view.released_outcomes is None:
        return found
    return view.released_outcomes.beside(found)


def read_named(
    view: View, text: ScenarioText, months: int | None = None
) -> tuple[Scenario | None, tuple[Fault, ...]]:
    """Read a scenario file, with all faults of its text and of what it names."""
    scenario, faults = read_with_faults(text.text, text.file)
    if scenario is None:
        return None, faults
    named = _misnamed(view, _with_months(scenario, months))
    return scenario, tuple(sorted([*faults, *named]))


def _misnamed(view: View, scenario: Scenario) -> list[Fault]:
    """What a scenario names that is not there; of records alone where it has no chain."""
    found = list[Fault]()
    try:
        view = filtered(view, scenario.view)
    except (UnknownNameError, NotKnownError) as error:
        filters = ("valid", "known", "tier", "without")  # dates and tiers were read before
        about = (key for key in filters if f"--{key}" in str(error))
        keys = ("without",) if isinstance(error, UnknownNameError) else about
        found.append(_fault_of(error, scenario, (*keys, "view")))
    try:
        _model_of(view, scenario).means(scenario)
    except FaultyTablesError as error:
        found += error.faults
    except (UnknownNameError, NotKnownError) as error:
        asked = ("element",) if isinstance(error, UnknownNameError) else ("year", "element")
        found.append(_fault_of(error, scenario, (*asked, "view")))
        found += recorded_faults(scenario, view.store)
    return found


def filtered(view: View, filters: Mapping[str, Any]) -> View:
    """Return a view with some filters in place of its own; itself where there are none."""
    if not filters:
        return view
    from monazite import load

    given = {**asdict(view.filters), **filters}
    return load(**given, data=view.data, ontology=view.ontology, cache=view.cached)


def _model_of(view: View, scenario: Scenario) -> ScenarioModel:
    """The base year of a scenario, read once."""
    element, year = scenario.element, scenario.year
    return view.store.derive(
        ("scenario model", view.valid, element, year or 0),
        lambda: ScenarioModel(view.network(element), view.facts(element), year),
    )


def run_scenarios(
    view: View, given: Sequence[Scenario], asked: ScenarioRun, step: Step | None = None
) -> tuple[ScenarioResult, ...]:
    """Run scenarios on the same random trials."""
    check_workers(asked.workers)
    if asked.draws is not None:
        NumberBounds("The number of trials", 1, MOST_DRAWS, whole=True).check(asked.draws)
    elif asked.seed is not None:
        raise UnknownNameError("A seed belongs to trials: take --draws as well.")
    elif asked.workers is not None:
        raise UnknownNameError("Workers share trials: take --draws as well.")
    count, seed, tell = asked.draws or 0, asked.seed or SEED, step or do_nothing
    model = _model_of(view, given[0])
    wanted = _known_markets(asked.markets, (*model.markets, "WLD"))
    given = [
        replace(_with_months(each, asked.months), markets=wanted or each.markets) for each in given
    ]
    meant = _meant(model, given)
    if asked.workers is None or count == 0:
        trials: Iterable[TrialNumbers] = (
            run_trial(model, meant, place, count, seed) for place in range(count)
        )
    else:
        tables, element = str(view.describe()["tables"]), given[0].element
        held = (view.filters, view.data, view.ontology, view.cached, tables)
        recipe = ViewRecipe(*held, element, model.year)
        trials = sweep(recipe, given, count, seed, workers=asked.workers)
    found = []
    for each in trials:
        found.append(each)
        tell(len(found) / count)
    return results_of(model, meant, found, seed)


def _fault_of(error: MonaziteError, scenario: Scenario, keys: Iterable[str]) -> Fault:
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
    return Fault(scenario.file, line, what, fix or "take another")


def _with_months(scenario: Scenario, months: int | None) -> Scenario:
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
            raise UnknownNameError(f'A scenario tells of no market "{each}" by itself; {fix}')
    return wanted


SCENARIO = "scenario"
"""What the record of such a page says it is."""


def scenario_html(
    view: View, found: ScenarioResult, *, beside: ScenarioResult | None = None
) -> str:
    """Return a scenario as one HTML file that needs nothing else, with its record and seal.

    Args:
        found: what ``scenario`` returned.
        beside: another scenario, whose lines are drawn beside.

    Returns:
        The text of the page.

    Raises:
        UnknownNameError: both share no month.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.scenario_html(view.scenario("china-halt-1", markets=["USA"]))[:15]
    '<!doctype html>'
    """
    from monazite.export.rdf import enclose
    from monazite.report.brief.seal import seal_page

    page, record, rows = scenario_parts(view, found, beside)
    return seal_page(page, record, enclose(view, rows))


def scenario_figure(
    view: View,
    found: ScenarioResult,
    *,
    beside: ScenarioResult | None = None,
    width: float | None = None,
) -> Figure:
    """Draw a scenario: what is supplied, the rules, firms that stop and stocks, by month.

    Args:
        found: what ``scenario`` returned.
        beside: another scenario, whose lines are drawn beside.
        width: in pixels of CSS, 600 to 2,400.

    Returns:
        The figure, which gives itself as SVG and as PNG.

    Raises:
        UnknownNameError: there is no such width, or both share no month.

    >>> import monazite
    >>> view = monazite.load()
    >>> view.scenario_figure(view.scenario("china-halt-1", markets=["USA"])).kind
    'scenario'
    """
    from monazite.core.results import rows_in
    from monazite.report.figures.figure import Figure, check_size
    from monazite.report.figures.from_svg import scenario_figure as drawn
    from monazite.view.figure_findings import credited

    check_size(width, None)
    _check_beside(found, beside)
    picture, view = drawn(found, beside, width), _view_behind(view, found)
    return Figure(
        SCENARIO,
        credited(view, picture, rows_in(found)),
        found,
        view=view.summary,
        assumptions=found.assumptions,
        notes=found.notes,
    )


def scenario_parts(
    view: View, found: ScenarioResult, beside: ScenarioResult | None = None
) -> tuple[str, dict[str, object], tuple[str, ...]]:
    """Return the page of a scenario without its blocks, its record, and the rows it carries."""
    from monazite.report.brief.briefing import filters_of, page_record
    from monazite.report.scenario import scenario_html
    from monazite.store.cards import read_sources
    from monazite.view.explorer_parts import source_lines

    _check_beside(found, beside)
    rows = tuple(sorted({row for rule in found.rules for row in rule.rows}))
    record = page_record(
        found.view,
        {"scenario": _asked(found), "beside": _asked(beside)},
        page=SCENARIO,
        view={
            **filters_of(view.summary),
            "data": None if found.view is None else found.view.record.get("data"),
        },
        found={x: _rounded(y) for x, y in found.content().items() if x != "asked"},
    )
    behind = _view_behind(view, found)
    every, told = {x.id: x for x in source_lines(behind)}, read_sources(behind.store, rows)
    named = [every[x] for x in found.source_ids if x in every]  # those of the file come first
    sources = tuple(dict.fromkeys([*named, *(x for row in rows for x in told[row])]))
    return scenario_html(found, sources, beside=beside), record, rows


def _view_behind(view: View, found: ScenarioResult) -> View:
    """The view that a scenario was run on: its file may set filters of its own."""
    from monazite.report.brief.briefing import filters_of

    own = {} if found.view is None else filters_of(found.view)
    if own == filters_of(view.summary):
        own = {}
    return filtered(view, own)


def _check_beside(found: ScenarioResult, beside: ScenarioResult | None) -> None:
    """Refuse to draw two scenarios on one axis that have no month in common."""
    if beside is not None and {*found.months}.isdisjoint(beside.months):
        raise UnknownNameError(
            f"{found.id} runs from {found.months[0]} to {found.months[-1]}, and {beside.id} from "
            f"{beside.months[0]} to {beside.months[-1]}: take two that share a month."
        )


def _asked(found: ScenarioResult | None) -> dict[str, Any] | None:
    return None if found is None or found.asked is None else asdict(found.asked)


def _rounded(held: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same with six digits of each number: no more is known, and machines differ after them."""
    if isinstance(held, float):
        return float(figures(held, 6))
    if isinstance(held, Mapping):
        return {name: _rounded(each) for name, each in held.items()}
    return [_rounded(each) for each in held] if isinstance(held, list | tuple) else held
