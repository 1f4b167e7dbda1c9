"""Draws as a value: which lines are drawn, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.chain.base_year import read_base_year
from monazite.findings.losses.result import Chokepoints
from monazite.findings.uncertainty.draws import Draws, chosen_lines, drawn_lines, words_of
from monazite.findings.uncertainty.sampling import draw
from monazite.network.facts import read_facts
from monazite.quantities.amount import exactly
from monazite.view import View
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def draws() -> Draws:
    return view_in_memory().draws("Sm", year=2024, count=2, line=["China mining"])


@pytest.fixture(scope="module")
def report(draws: Draws) -> Chokepoints:
    return draws.report


@pytest.mark.whole
def test_draws_are_a_value(draws: Draws) -> None:
    assert repr(draws).startswith("<Draws Sm for WLD 2024, short run: 2 draws, ")
    assert len(repr(draws)) < 200
    assert hash(draws) == hash(replace(draws))
    assert len(draws.to_dataframe()) == len(draws.ranges)
    assert draws.assumptions == draws.report.assumptions
    assert {*draws.report.row_keys} <= {*draws.row_keys}
    (table,) = draws.csv_tables(top=1)
    assert (len(table.rows), table.columns[-1]) == (1, "top_five")


@pytest.mark.whole
def test_the_lines_that_are_named_are_chosen(draws: Draws, report: Chokepoints) -> None:
    assert list(draws.moved) == ["mine/CHN"]
    first = report.chokepoints[0]
    assert chosen_lines(report, [first.label, first.id]) == (first.id,)
    assert chosen_lines(report, []) == ()


@pytest.mark.whole
def test_every_line_of_the_report_has_its_range(draws: Draws, report: Chokepoints) -> None:
    assert report.draws is not None
    assert (report.draws.count, report.draws.seed, report.draws.shipped) == (2, 0, False)
    for line in report.chokepoints:
        found = draws.ranges[line.id].loss
        assert (line.loss_low, line.loss_median, line.loss_high) == (
            found.low,
            found.median,
            found.high,
        )
        assert line.home_first_low is not None
        assert line.home_first_high is not None
        assert line.home_first_low <= line.home_first_high


@pytest.mark.whole
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


def drawn_for_germany(view: View) -> Draws:
    return view.draws("NdPr", "DEU", count=4)


@pytest.mark.whole
def test_the_split_of_trade_is_drawn_with_all_else() -> None:
    view = view_in_memory()
    draws = drawn_for_germany(view)
    assert draws.taken is not None
    assert draws.taken.low < draws.taken.median < draws.taken.high
    row = "assumptions/method-magnet-unit-value-chn"
    germany = read_base_year(view.facts("NdPr"), 2024, "DEU", "Germany")
    assert row in germany.inputs("short-run")
    assert words_of(row, view.facts("NdPr")) == "Unit value of rare-earth magnets: China"


def test_a_split_that_has_no_range_leaves_what_was_drawn_without_it() -> None:
    """The rows of the split, each with the width of nothing: the same losses as undrawn."""
    facts = read_facts(view_in_memory().store, "NdPr", "2026-11-24")
    base = read_base_year(facts, 2024, "DEU", "Germany")
    assert base.mix is not None
    narrow = {row: exactly(value) for row, (_, value, _) in base.mix.ranges().items()}
    assert base.accounts(narrow).chain() == base.accounts().chain()
    assert draw(narrow, 3, 0) == [{}, {}, {}]
