"""A scenario, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from monazite.core.errors import UnknownNameError
from monazite.core.formats import figures
from monazite.view.scenario_runs import filtered

if TYPE_CHECKING:
    from monazite.analysis.scenarios.outcome import ScenarioAsked
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.report.figures.figure import Figure
    from monazite.store.cards import SourceLine
    from monazite.view.view import View

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
    from monazite.export.evidence_rows import enclose
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
    from monazite.core.package import VERSION
    from monazite.report.brief.briefing import code_hash, filters_of, made_with
    from monazite.report.brief.seal import FORMAT
    from monazite.report.scenario import scenario_html

    _check_beside(found, beside)
    rows = _rows_of(found)
    of: Mapping[str, Any] = {} if found.view is None else found.view.record
    record: dict[str, object] = {
        "format": FORMAT,
        "page": SCENARIO,
        "version": VERSION,
        "code": code_hash(),
        "made_with": made_with(),
        "signer": None,
        "tables": of.get("tables"),
        "release": of.get("release"),
        "question": {
            "scenario": _asked(found.asked),
            "beside": None if beside is None else _asked(beside.asked),
        },
        "view": {**filters_of(view.summary), "data": of.get("data")},
        "found": {x: _rounded(y) for x, y in found.content().items() if x != "asked"},
    }
    sources = _sources(_view_behind(view, found), found, rows)
    page = scenario_html(found, sources, beside=beside)
    return page, record, rows


def _view_behind(view: View, found: ScenarioResult) -> View:
    """The view that a scenario was run on: its file may set filters of its own."""
    from monazite.report.brief.briefing import filters_of

    own = {} if found.view is None else filters_of(found.view)
    if own == filters_of(view.summary):
        own = {}
    return filtered(view, own)


def _sources(view: View, found: ScenarioResult, rows: tuple[str, ...]) -> tuple[SourceLine, ...]:
    """Who says what a scenario rests on: those that its file names first."""
    from monazite.store.cards import read_sources
    from monazite.view.explorer_parts import source_lines

    every = {each.id: each for each in source_lines(view)}
    named = [every[each] for each in found.source_ids if each in every]
    told = read_sources(view.store, rows)
    return tuple(dict.fromkeys([*named, *(x for row in rows for x in told[row])]))


def _check_beside(found: ScenarioResult, beside: ScenarioResult | None) -> None:
    """Refuse to draw two scenarios on one axis that have no month in common."""
    if beside is not None and {*found.months}.isdisjoint(beside.months):
        raise UnknownNameError(
            f"{found.id} runs from {found.months[0]} to {found.months[-1]}, and {beside.id} from "
            f"{beside.months[0]} to {beside.months[-1]}: take two that share a month."
        )


def _rows_of(found: ScenarioResult) -> tuple[str, ...]:
    """The rows that the rules of a scenario are read from."""
    return tuple(sorted({row for rule in found.rules for row in rule.rows}))


def _asked(asked: ScenarioAsked | None) -> dict[str, Any] | None:
    return None if asked is None else asdict(asked)


def _rounded(held: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same with six digits of each number: no more is known, and machines differ after them."""
    if isinstance(held, float):
        return float(figures(held, 6))
    if isinstance(held, Mapping):
        return {name: _rounded(each) for name, each in held.items()}
    return [_rounded(each) for each in held] if isinstance(held, list | tuple) else held
