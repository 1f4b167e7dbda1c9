"""Scenarios of a view: drawn, tried on processes, and verified."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import monazite
from monazite.analysis.scenarios.result import ScenarioResult
from monazite.core.errors import NotKnownError, UnknownNameError, UnreadableError
from monazite.report.brief.seal import open_page
from monazite.view.opening import load
from monazite.view.scenario_runs import ViewRecipe, check_workers, sweep, work
from monazite.view.verification import read_asked
from monazite.view.view import View


@cache
def halted() -> ScenarioResult:
    """A halt of all Chinese plants, in its first four months."""
    return load().scenario("china-halt-3", markets=["USA"], months=4)


def test_the_page_carries_what_was_asked_and_what_was_found() -> None:
    opened = open_page(load().scenario_html(halted()), "page.html")
    assert opened.fits
    assert opened.record["question"] == {
        "scenario": {
            "name": "china-halt-3", "text": "", "markets": ["USA"], "months": 4,
            "draws": 0, "seed": 0,
        },
        "beside": None,
    }  # fmt: skip
    found = opened.record["found"]
    assert {*found, "asked"} == halted().content().keys()
    months = json.loads(json.dumps(halted().content()))["months"]
    for carried, each in zip(found["months"], months, strict=True):
        assert carried["short"]["middle"] == pytest.approx(each["short"]["middle"], rel=1e-5)


@pytest.mark.whole
def test_the_figure_and_the_sources_are_of_the_view_that_the_file_asks_for() -> None:
    text = b"""
title = "More is wanted"
description = "Supposed."
start = "2027-01"
months = 2
[view]
valid = "2026-03-01"
[[shock]]
kind = "demand"
market = "USA"
factor = 1.2
from = 2027-01-01
"""
    view = load()
    found = view.scenario(BytesIO(text), markets=["USA"])
    assert found.view is not None
    assert found.view.text != view.summary.text
    figure = view.scenario_figure(found)
    assert figure.view == found.view
    assert escape(found.view.text) in figure.svg
    assert escape(view.summary.text) not in figure.svg
    assert "Release of 24 Nov 2026, as of 1 Mar 2026." in figure.svg


def test_two_scenarios_without_a_common_month_are_not_drawn_together() -> None:
    view = load()
    past = view.scenario("licence-2025-text", markets=["USA"], months=2)
    with pytest.raises(UnknownNameError, match="take two that share a month"):
        view.scenario_html(halted(), beside=past)
    with pytest.raises(UnknownNameError, match="take two that share a month"):
        view.scenario_figure(past, beside=halted())


NAME, MARKET, MONTHS, TRIALS = "china-halt-1", ("USA",), 3, 6


@pytest.fixture(scope="module")
def view() -> View:
    return monazite.load()


@pytest.fixture(scope="module")
def serial(view: View) -> str:
    return view.scenario(NAME, markets=MARKET, months=MONTHS, draws=TRIALS, seed=3).to_json()


def run(view: View, workers: int, **given: Any) -> str:
    found = view.scenario(
        NAME, markets=MARKET, months=MONTHS, draws=TRIALS, seed=3, workers=workers, **given
    )
    return found.to_json()


@pytest.mark.whole
def test_two_processes_find_what_one_does(view: View, serial: str) -> None:
    told: list[float] = []
    assert run(view, 2, step=told.append) == serial
    assert told == pytest.approx([(at + 1) / TRIALS for at in range(TRIALS)])


def recipe_of(view: View, tables: str) -> ViewRecipe:
    held = (view.filters, view.data, view.ontology, view.cached)
    return ViewRecipe(*held, tables, "MREE", 2024)


def test_workers_with_other_tables_are_refused(view: View) -> None:
    with pytest.raises(NotKnownError, match="A worker has other tables"):
        work(recipe_of(view, "000000000000"), (), 0, 1, 0)


@pytest.mark.whole
def test_each_trial_comes_back_once(view: View) -> None:
    recipe = recipe_of(view, str(view.describe()["tables"]))
    assert len([*sweep(recipe, (), 4, 0, workers=2)]) == 4


@pytest.mark.parametrize("workers", ["two", 0, 257, -1])
def test_what_is_no_number_of_workers_is_refused(workers: Any) -> None:
    with pytest.raises(UnknownNameError, match="Workers are a number, 1 to 256, not "):
        check_workers(workers)


HALT = """
title = "A halt of my own"
description = "Chinese magnets stay at home."
start = "2027-01"
months = 3
markets = ["USA"]

[[shock]]
kind = "embargo"
seller = "CHN"
stages = ["magnet"]
from = 2027-01-01
"""
HELD = {"name": "a.toml", "text": HALT, "markets": [], "months": 3, "draws": 0, "seed": 0}


@pytest.fixture
def own_page(tmp_path: Path) -> Path:
    """The page of a scenario of one's own, whose file is gone."""
    file, page = tmp_path / "own.toml", tmp_path / "own.html"
    file.write_text(HALT, encoding="utf-8")
    view = monazite.load()
    page.write_text(view.scenario_html(view.scenario(file)), encoding="utf-8")
    file.unlink()
    return page


def test_a_page_of_ones_own_scenario_is_the_same_byte_for_byte(own_page: Path) -> None:
    found = monazite.verify(own_page)
    assert found.same
    assert found.sentences[0].startswith("Same, byte for byte: worked out again from the scenario")


def test_a_number_that_was_changed_is_told(own_page: Path) -> None:
    text = own_page.read_text("utf-8")
    changed = re.sub(r"would lack (\d+) %", "would lack 1 %", text, count=1)
    assert changed != text
    own_page.write_text(changed, encoding="utf-8")
    found = monazite.verify(own_page)
    assert not found.same
    assert found.sentences[0] == "The page was altered after it was written: its seal does not fit."
    assert any("would lack 1 %" in each for each in found.sentences)


def test_a_scenario_that_cannot_be_run_again_differs(own_page: Path) -> None:
    text = own_page.read_text("utf-8")
    assert text.count(r"seller = \"CHN\"") == 1
    own_page.write_text(text.replace(r"seller = \"CHN\"", r"seller = \"Nowhere\""), "utf-8")
    found = monazite.verify(own_page)
    assert not found.same
    assert found.sentences[0].startswith("It cannot be worked out again: ")


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no key": lambda asked: asked.pop("seed"),
    "one key more": lambda asked: asked.update(file="/etc/passwd"),
    "a number as text": lambda asked: asked.update(months="3"),
    "markets as text": lambda asked: asked.update(markets="USA"),
    "a market that is no text": lambda asked: asked.update(markets=[1]),
    "too many trials": lambda asked: asked.update(draws=10**9),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_anything_else_than_a_question_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    asked = json.loads(json.dumps(HELD))
    assert read_asked(asked, "page.html").text == HALT
    change(asked)
    with pytest.raises(UnreadableError, match="no question that can be asked"):
        read_asked(asked, "page.html")


def test_a_question_of_another_shape_is_refused() -> None:
    with pytest.raises(UnreadableError):
        read_asked([], "page.html")
