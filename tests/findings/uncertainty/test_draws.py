"""Draws as a value: which lines are drawn, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.losses.result import Chokepoints
from monazite.findings.uncertainty.draws import Draws, chosen_lines, drawn_lines
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def draws() -> Draws:
    return view_in_memory().draws("Sm", year=2024, count=2, line=["China at mine"])


@pytest.fixture(scope="module")
def report(draws: Draws) -> Chokepoints:
    return draws.report


def test_draws_are_a_value(draws: Draws) -> None:
    assert repr(draws).startswith("<Draws Sm for WLD 2024, short run: 2 draws, ")
    assert len(repr(draws)) < 200
    assert hash(draws) == hash(replace(draws))
    assert len(draws.to_dataframe()) == len(draws.ranges)
    assert draws.assumptions == draws.report.assumptions
    assert {*draws.report.row_keys} <= {*draws.row_keys}
    (table,) = draws.csv_tables(top=1)
    assert (len(table.rows), table.columns[-1]) == (1, "top_five")


def test_the_first_line_is_chosen_and_those_that_are_named(
    draws: Draws, report: Chokepoints
) -> None:
    assert list(draws.moved) == [report.chokepoints[0].id, "mine/CHN"]
    first = report.chokepoints[0]
    assert chosen_lines(report, [first.id]) == (first.id,)


def test_policies_and_what_has_no_loss_are_not_drawn(report: Chokepoints) -> None:
    first, second, third, *_ = report.chokepoints
    few = replace(
        report, chokepoints=(first, replace(second, kind="policy"), replace(third, loss=None))
    )
    assert drawn_lines(few) == (first.id,)
    for each in (second, third):
        with pytest.raises(UnknownNameError, match="and no policy"):
            chosen_lines(few, [each.id])
    with pytest.raises(NotKnownError, match="No loss is known"):
        chosen_lines(replace(few, base=None), [])


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (2, -1)])
def test_no_draw_and_no_such_seed_are_refused(count: int, seed: int) -> None:
    with pytest.raises(UnknownNameError, match="a number from 1 on"):
        view_in_memory().draws("Sm", count=count, seed=seed)
