"""Scenarios drawn by a view: the page carries its question and its outcome, the figure its view."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from io import BytesIO

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.scenarios.outcome import ScenarioResult
from monazite.pages.brief.seal import open_page
from monazite.view import load
from monazite.view.scenarios.verification import scenario_again


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


def test_markets_have_their_names_and_sources_their_publishers() -> None:
    page = load().scenario_html(halted())
    assert "The United States would lack" in page
    licence = load().scenario("licence-2025-text", markets=["USA"], months=2)
    told = load().scenario_html(licence)
    assert "Ministry of Commerce" in told
    assert '<h2 id="sources">' in told


def test_the_figure_records_its_view_and_names_its_sources() -> None:
    found = load().scenario("licence-2025-text", markets=["USA"], months=2)
    figure = load().scenario_figure(found, width=700)
    assert 'width="700"' in figure.svg
    assert "Sources: " in figure.svg
    assert "<metadata>Data: release" in figure.svg
    assert figure.png(48)[1:4] == b"PNG"


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


def test_a_scenario_is_asked_again_by_its_name() -> None:
    asked = halted().asked
    assert asked is not None
    assert scenario_again(load(), asked) == halted()
