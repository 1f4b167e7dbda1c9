"""What is asked of a view: the closed lists of the schemes, and a contingency that they check."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import monazite
from monazite.errors import UnknownNameError
from monazite.parameters import (
    ALLOY,
    APPROVAL,
    APPROVALS,
    CUT_SIZES,
    EVENT,
    FREE,
    HORIZON,
    LEFTS,
    MAGNET,
    METAL,
    MINE,
    SCALES,
    SEPARATION,
    TIMEOUTS,
    TRIAL_COUNTS,
    USE,
    Contingency,
    NumberBounds,
    check_text,
    check_word,
    check_year,
    events,
    horizons,
    stages,
)
from monazite.shipped import ontology_folder


@pytest.mark.parametrize(
    ("scheme", "words"),
    [("horizon", horizons()), ("contingency-event", events()), ("stage", stages())],
)
def test_the_words_are_codes_of_the_scheme(scheme: str, words: tuple[str, ...]) -> None:
    text = (ontology_folder() / "schemes" / f"{scheme}.ttl").read_text("utf-8")
    assert set(words) <= set(re.findall(r'skos:notation "([^"]+)"', text))
    assert len(set(words)) == len(words)


def test_the_defaults_are_words_of_their_lists() -> None:
    assert (EVENT, HORIZON, APPROVAL) == ("outage", "short-run", 0.5)
    assert Contingency() == Contingency(EVENT, HORIZON, APPROVAL)
    assert horizons()[-1] == FREE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"horizon": "short"}, 'There is no horizon "short"; did you mean "short-run"?'),
        ({"event": "war"}, 'There is no event "war"; there are outage, embargo, licence.'),
        ({"approval": 1.2}, "An approval is a part, 0 to 1, not 1.2."),
        ({"approval": -0.1}, "An approval is a part, 0 to 1, not -0.1."),
    ],
)
def test_what_is_no_contingency_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(UnknownNameError, match=f"^{re.escape(said)}$"):
        Contingency(**given)  # type: ignore[arg-type]


def test_both_ends_of_an_approval_are_parts() -> None:
    assert Contingency(approval=0).approval == 0
    assert Contingency(approval=1).approval == 1


def test_a_word_is_asked_for_by_what_it_is() -> None:
    assert check_word("mine", stages(), "stage") == "mine"
    with pytest.raises(UnknownNameError, match=r'There is no stage "zzz"; there are mine, '):
        check_word("zzz", stages(), "stage")


@pytest.mark.parametrize(
    ("bounds", "value", "said"),
    [
        (CUT_SIZES, 7, "The size of a set is a whole number, 1 to 6, not 7."),
        (CUT_SIZES, 2.0, "The size of a set is a whole number, 1 to 6, not 2."),
        (CUT_SIZES, True, "The size of a set is a whole number, 1 to 6, not True."),
        (LEFTS, float("nan"), "What may still arrive is a part, 0 to 1, not nan."),
        (SCALES, float("inf"), "The scale of a PNG is a number, 0.1 to 20, not inf."),
        (TIMEOUTS, 1e30, "The time of a query in seconds is a number, 0.1 to 86400, not 1e+30."),
        (TRIAL_COUNTS, -1, "The number of trials is a whole number, 0 or more, not -1."),
        (APPROVALS, None, "An approval is a part, 0 to 1, not None."),
        (APPROVALS, "a", "An approval is a part, 0 to 1, not 'a'."),
    ],
)
def test_a_number_outside_its_bounds_is_refused(
    bounds: NumberBounds, value: object, said: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"^{re.escape(said)}$"):
        bounds.check(value)


def test_both_ends_of_bounds_may_be_asked_for() -> None:
    for bounds in (CUT_SIZES, LEFTS, SCALES, TIMEOUTS):
        bounds.check(bounds.low)
        bounds.check(bounds.high)
    TRIAL_COUNTS.check(10**30)


@pytest.mark.parametrize("text", ["\ud800", "Dy\udcff"])
def test_half_a_character_is_no_text(text: str) -> None:
    with pytest.raises(UnknownNameError, match="The element holds half of a character"):
        check_text(text, "element")


def test_a_word_a_day_and_a_year_have_their_kind() -> None:
    with pytest.raises(UnknownNameError, match=r"^The horizon is a text, not None\.$"):
        Contingency(horizon=None)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match=r"A year is a whole number, 1 to 9999, not '2024'"):
        check_year("2024")
    check_year(None)


def test_stages_that_code_names_are_those_of_the_scheme() -> None:
    assert stages() == (MINE, SEPARATION, METAL, ALLOY, MAGNET, USE)


def test_stages_tiers_and_beginnings_are_named_in_one_place() -> None:
    lists = {"MINE", "SEPARATION", "METAL", "ALLOY", "MAGNET", "USE", "TIERS", "BEGINS", "STAGE_OF"}
    homes = [
        (target.id.lstrip("_"), path.name)
        for path in sorted(Path(monazite.__file__).parent.rglob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for place in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for target in ast.walk(place)
        if isinstance(target, ast.Name) and target.id.lstrip("_") in lists
    ]
    named = [name for name, file in homes if file != "questions.py"]  # how a word begins
    assert sorted(named) == sorted({*named})
