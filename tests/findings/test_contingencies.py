"""Contingencies of the shipped rows: what must hold whatever the numbers, and what they say."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.errors import NotKnownError
from monazite.findings.contingencies import (
    Contingencies,
    Contingency,
    Question,
    find_contingencies,
)
from monazite.network.facts import read_facts
from tests.conftest import view_in_memory


@cache
def of(
    element: str,
    market: str = "WLD",
    horizon: str = "short-run",
    event: str = "outage",
    approval: float = 0.0,
) -> Contingencies:
    view = view_in_memory()
    network = view.network(element, market)
    facts = read_facts(view.store, element, view.valid)
    question = Question(network.graph["market"], horizon, event, approval)
    return find_contingencies(network, facts, question, year=2024)


def line(report: Contingencies, label: str) -> Contingency:
    (found,) = [each for each in report.found if each.label.split(" = ")[0] == label]
    return found


def test_the_report_is_ranked_with_ties_in_whole_percents() -> None:
    report = of("Dy")
    losses = [round(100 * each.loss) for each in report.found]
    assert losses == sorted(losses, reverse=True)
    for one, other in zip(report.found, report.found[1:], strict=False):
        same = round(100 * one.loss) == round(100 * other.loss)
        assert (one.rank == other.rank) == same
    assert all(-1e-9 <= each.low <= each.loss <= each.high <= 1 for each in report.found)


def test_chinese_separation_is_all_of_dysprosium() -> None:
    found = line(of("Dy"), "China at separation")
    assert (round(found.loss, 3), found.rank) == (1.0, 1)
    assert "Dy" in found.limited_by


def test_myanmar_costs_three_times_its_share_and_only_in_heavy_magnets() -> None:
    heavy, light = line(of("Dy"), "Myanmar at mine"), line(of("NdPr"), "Myanmar at mine")
    assert heavy.share is not None
    assert heavy.loss > 2.5 * heavy.share
    assert heavy.limited_by == ("Dy",)
    assert light.alone is not None
    assert light.alone < 0.05


def test_a_longer_horizon_costs_no_more() -> None:
    for label in ("China at mine", "Myanmar at mine", "China at metal"):
        by_horizon = [
            line(of("MREE", horizon=name), label).loss
            for name in ("immediate", "short-run", "medium-run")
        ]
        assert by_horizon == sorted(by_horizon, reverse=True)


def test_an_embargo_spares_the_country_itself() -> None:
    abroad = line(of("MREE", "ROW", event="embargo"), "China")
    world = line(of("MREE", "WLD", event="embargo"), "China")
    assert abroad.loss > 0.7
    assert world.loss < 0.4


def test_a_licence_lies_between_all_and_nothing() -> None:
    losses = [
        line(of("MREE", "ROW", "immediate", "licence", part), "China").loss
        for part in (0.0, 0.5, 1.0)
    ]
    assert losses[0] == pytest.approx(line(of("MREE", "ROW", "immediate", "embargo"), "China").loss)
    assert losses == sorted(losses, reverse=True)
    assert losses[2] == pytest.approx(0, abs=0.01)


def test_two_names_of_one_thing_are_one_number() -> None:
    labels = [each.label for each in of("MREE").found]
    assert any("United States at mine = Mountain Pass" in label for label in labels)
    assert len({each.id for each in of("MREE").found}) == len(labels)


def test_what_is_not_known_is_said() -> None:
    with pytest.raises(NotKnownError, match="from where Japan takes its magnets"):
        of("Dy", "JPN")
    with pytest.raises(NotKnownError, match="follows the elements of NdFeB"):
        of("Y")
    view = view_in_memory()
    facts = read_facts(view.store, "Dy", view.valid)
    with pytest.raises(NotKnownError, match="No row gives the magnets made in 2010"):
        find_contingencies(view.network("Dy", "WLD"), facts, Question(), year=2010)
