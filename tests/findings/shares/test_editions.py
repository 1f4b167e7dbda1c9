"""Concentration by edition: only years that two series split, and the index by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from monazite.findings.shares.editions import EditionIndex, edition_indices
from monazite.network.shares import OutputFigure

PLAIN = OutputFigure(
    "production/a", "CHN", False, "mine", 1, 2023, "old", "reo", 1, "2024", 1,
    "rare-earths", (0.0, None, None), (None, None, None),
)  # fmt: skip


def figures(series: str, year: int = 2023, **tonnes: float) -> list[OutputFigure]:
    return [
        replace(
            PLAIN, row=f"production/{place}-{series}-{year}", place=place, year=year,
            series=series, tonnes=(value, None, None),
        )
        for place, value in tonnes.items()
    ]  # fmt: skip


def found(*groups: list[OutputFigure]) -> tuple[EditionIndex, ...]:
    facts = SimpleNamespace(own_figures=[each for group in groups for each in group])
    return edition_indices(facts)  # type: ignore[arg-type]


OLD = figures("old", CHN=60.0, USA=30.0, AUS=10.0)
NEW = figures("new", CHN=80.0, USA=20.0, AUS=0.0, MMR=0.0)


def test_each_series_of_a_year_by_hand() -> None:
    new, old = found(OLD, NEW)
    assert (new.series, old.series) == ("new", "old")
    assert old.index == pytest.approx(60**2 + 30**2 + 10**2)
    assert new.index == pytest.approx(80**2 + 20**2)
    assert (old.leader, old.countries) == ("CHN", 3)
    assert old.share == pytest.approx(0.6)
    assert new.countries == 2
    assert old.rows == tuple(sorted(each.row for each in OLD))


def test_a_printed_total_that_is_larger_lowers_the_share_and_not_the_index() -> None:
    world = [replace(each, total=True) for each in figures("old", WLD=200.0)]
    old = found(OLD, world, NEW)[1]
    assert old.index == pytest.approx(4600)
    assert old.of_total == pytest.approx(4600 / 4)
    assert old.share == pytest.approx(0.3)


def test_totals_that_are_rounded_and_of_the_year_before_by_hand() -> None:
    """60, 30 and 10 of a total printed as 90, and of 80 the year before: 4,600 over the squares."""
    totals = [
        replace(each, total=True)
        for year, tonnes in ((2022, 80.0), (2023, 90.0))
        for each in figures("old", year=year, WLD=tonnes)
    ]
    (old,) = found(OLD, totals)
    assert (old.series, old.denominator) == ("old", "line sum")
    assert old.of_total == pytest.approx(4600)
    assert old.of_printed == pytest.approx(4600 / 0.9**2)
    assert old.of_year_before == pytest.approx(4600 / 0.8**2)
    assert [line.of_printed for line in found(OLD, NEW)] == [None, None]
    assert found(OLD, totals[1:]) == ()


def test_a_year_that_one_series_splits_is_left_out() -> None:
    assert found(OLD) == ()
    assert found(OLD, figures("new", year=2022, CHN=8.0, USA=1.0, AUS=1.0)) == ()


def test_a_series_of_two_countries_splits_nothing() -> None:
    assert found(OLD, figures("new", CHN=80.0, USA=20.0)) == ()


def test_another_stage_or_basis_is_no_edition() -> None:
    for given in ({"stage": "separation"}, {"basis": "oxide"}, {"rank": 2}):
        other = [replace(each, **given) for each in NEW]
        assert found(OLD, other) == ()
