"""Whether a page of a scenario is the one that its record makes: same, altered, or no question."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import monazite
from monazite.errors import UnreadableError
from monazite.view.scenarios.verification import read_asked

OWN = """
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
ASKED = {"name": "a.toml", "text": OWN, "markets": [], "months": 3, "draws": 0, "seed": 0}


@pytest.fixture
def own_page(tmp_path: Path) -> Path:
    """The page of a scenario of one's own, whose file is gone."""
    file, page = tmp_path / "own.toml", tmp_path / "own.html"
    file.write_text(OWN, encoding="utf-8")
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
    asked = json.loads(json.dumps(ASKED))
    assert read_asked(asked, "page.html").text == OWN
    change(asked)
    with pytest.raises(UnreadableError, match="no question that can be asked"):
        read_asked(asked, "page.html")


def test_a_question_of_another_shape_is_refused() -> None:
    others: tuple[Any, ...] = (None, [], "china-halt-3", 3)
    for held in others:
        with pytest.raises(UnreadableError):
            read_asked(held, "page.html")
