"""Ranks over years: those of each year by itself, and what is skipped or cannot be measured."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from tests.conftest import view_in_memory


def test_the_ranks_of_a_year_are_those_of_its_graph() -> None:
    view = view_in_memory()
    found = view.centrality_over_years("NdPr", years=(2023, 2024))
    alone = view.centrality("NdPr", year=2024)
    values = {n.id: n.measures["betweenness"] for n in alone.nodes if n.stage != "use"}
    for line in found.lines:
        rank = line.ranks["betweenness"][1]
        if line.id in values:
            more = sum(other > values[line.id] + 1e-12 for other in values.values())
            assert rank == more + 1, line.id
        else:
            assert rank is None
    assert set(found.graphs) == {2023, 2024}
    assert set(found.graphs[2024]) == set(alone.graph)


def test_a_stage_that_a_year_lacks_is_told() -> None:
    """By hand from the balance: no oxide of 2020 is accounted for by makers."""
    found = view_in_memory().centrality_over_years("NdPr", years=(2020, 2024))
    assert found.stages[2024][0] == "mine"
    assert "mine" not in found.stages[2020]
    assert "2020 skips mining and separation." in found.notes
    assert any(note.startswith("A stage of which a year has no figure") for note in found.notes)
    mine = next(line for line in found.lines if line.id == "mine/CHN")
    assert mine.ranks["betweenness"][0] is None


def test_years_that_cannot_be_measured_are_named_with_why() -> None:
    found = view_in_memory().centrality_over_years("Dy", years=(2015, 2024))
    assert 2015 not in found.years
    assert any(year == 2015 for year, _ in found.left_out)
    assert any(note.startswith("Not measured, 2015") for note in found.notes)
    with pytest.raises(NotKnownError, match="No year from 2010 to 2012"):
        view_in_memory().centrality_over_years("Dy", years=(2010, 2012))


@pytest.mark.parametrize("kind", ["firms", "policies"])
def test_links_and_acts_are_those_of_the_last_day_of_each_year(kind: str) -> None:
    found = view_in_memory().centrality_over_years("NdPr", years=(2022, 2024), kind=kind)
    assert found.years == (2022, 2023, 2024)
    assert found.stages == {}
    assert found.lines[0].ranks[found.by][-1] == 1


@pytest.mark.parametrize("years", [(2024, 2020), (1900, 2024), (0, 5)])
def test_years_that_are_none_are_refused(years: tuple[int, int]) -> None:
    with pytest.raises(UnknownNameError):
        view_in_memory().centrality_over_years("Dy", years=years)
