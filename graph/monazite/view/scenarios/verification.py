"""Whether the page of a scenario still says what the tables say: it is run again."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from monazite.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.findings.scenarios import keys
from monazite.pages.brief.verification import Verdict
from monazite.safe_text import visible
from monazite.view.exposure.page_again import BROKEN_SEAL, PageAgain, compare_again, moved

if TYPE_CHECKING:
    from monazite import View
    from monazite.findings.scenarios.outcome import ScenarioAsked, ScenarioResult
    from monazite.pages.brief.seal import OpenedPage

_OTHERWISE = "Tables and code are the same: the page was altered, or the scenario file was."


def verify_scenario(opened: OpenedPage, name: str, view: View) -> Verdict:
    """Run the scenario of a page again, and say whether the page is the same."""
    from monazite.exchange.evidence_rows import enclose, read_enclosed
    from monazite.view.scenarios.pictures import scenario_parts

    asked = opened.record.get("question")
    if not isinstance(asked, dict) or asked.keys() != {"scenario", "beside"}:
        raise _unreadable(name)
    first = read_asked(asked["scenario"], name)
    other = None if asked["beside"] is None else read_asked(asked["beside"], name)
    then = read_enclosed(opened.trig, name)
    now = read_enclosed(enclose(view, then))
    differs = [] if opened.fits else [BROKEN_SEAL]
    differs += [f"{visible(row)} says something else in the tables." for row in moved(then, now)]
    try:
        found = scenario_again(view, first)
        beside = None if other is None else scenario_again(view, other)
    except MonaziteError as error:
        told = f"It cannot be worked out again: {error}"
        return Verdict(same=False, sentences=(told,), view=view.summary)
    page, record, rows = scenario_parts(view, found, beside)
    again = PageAgain(page, record, rows, "the scenario and the tables", _OTHERWISE)
    return compare_again(opened, view, again, differs)


def scenario_again(view: View, asked: ScenarioAsked) -> ScenarioResult:
    """Run a scenario as it was asked before: a shipped one by its name, else from its text."""
    from monazite.findings.scenarios.shelf import ScenarioText, read_text, shipped_names

    if asked.text:
        text = ScenarioText(asked.name, asked.text)
    elif asked.name in shipped_names(view.ontology):
        text = read_text(asked.name, view.ontology)
    else:
        raise UnknownNameError(f'There is no scenario "{asked.name}" with these tables.')
    numbers = (asked.months, asked.draws or None, asked.seed if asked.draws else None)
    return replace(view._scenario_of(text, asked.markets, *numbers), asked=asked)


def read_asked(held: Any, name: str) -> ScenarioAsked:  # noqa: ANN401 - of a page
    """Return what a page says was asked; anything else than such a question is refused."""
    from monazite.findings.scenarios.outcome import ScenarioAsked

    kinds: dict[str, tuple[type, ...]] = {
        **dict.fromkeys(("name", "text"), (str,)),
        "markets": (list,),
        "months": (int, type(None)),
        **dict.fromkeys(("draws", "seed"), (int,)),
    }
    known = {each.name for each in fields(ScenarioAsked)}
    if (
        isinstance(held, dict)
        and held.keys() == known == kinds.keys()
        and all(isinstance(held[key], kind) for key, kind in kinds.items())
        and all(isinstance(each, str) for each in held["markets"])
        and 0 <= held["draws"] <= keys.MOST_DRAWS
    ):
        return ScenarioAsked(**{**held, "markets": tuple(held["markets"])})
    raise _unreadable(name)


def _unreadable(name: str) -> UnreadableError:
    return UnreadableError(f"{name} carries no question that can be asked: it was altered.")
