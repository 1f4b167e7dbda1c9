"""The report as a value: it hashes, says itself in a line, and gives up nothing of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.losses.result import Chokepoints
from tests.conftest import view_in_memory
from tests.pages.networks import small_findings


@pytest.fixture(scope="module")
def report() -> Chokepoints:
    return view_in_memory().chokepoints("Sm", year=2024)


def test_it_says_itself_in_a_line(report: Chokepoints) -> None:
    assert repr(report).startswith("<Chokepoints Sm for WLD 2024, short run: ")
    assert len(repr(report)) < 200
    assert "\n" not in repr(report)
    assert repr(replace(report, chokepoints=(), base=None)) == "<Chokepoints Sm for WLD: 0 lines>"


def test_it_is_a_value(report: Chokepoints, anew: None) -> None:
    again = view_in_memory().chokepoints("Sm", year=2024)
    assert (again, hash(again)) == (report, hash(report))
    assert len(report.to_dataframe()) == len(report.chokepoints)
    assert {row for point in report.chokepoints for row in point.rows} <= {*report.row_keys}
    assert report.view is not None


def test_who_says_a_row_is_kept_for_the_tables(report: Chokepoints) -> None:
    stages, losses = report.tables()
    source = stages.columns.index("source")
    figures = [each for stage in report.stages for each in stage.figures]
    assert all(row[source] for row, each in zip(stages.rows, figures, strict=True) if each.rows)
    assert len(report.first(2).tables()[1].rows) == 2
    assert len(losses.rows) == len(report.chokepoints)
    assert len(report.tables(assumptions=True)[-1].rows) == len(report.assumptions)


def test_a_line_is_found_by_each_of_its_names() -> None:
    first, *others = small_findings().chokepoints
    named = replace(small_findings(), chokepoints=(replace(first, label="A = B"), *others))
    assert {named.line(word).id for word in ("A", "B", first.id)} == {first.id}
    with pytest.raises(UnknownNameError, match='There is no line "C at"'):
        named.line("C at")


def test_without_a_base_no_loss_is_known() -> None:
    with pytest.raises(NotKnownError, match="No loss is known: Stocks are not counted"):
        small_findings().known_base()
