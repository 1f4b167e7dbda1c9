"""Draws of a report, alone and of many at once: the lines drawn, what is told and refused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import inf

import pytest

from monazite.analysis.robustness.draws import (
    DrawnYear,
    Draws,
    Question,
    drawn_lines,
    find_draws,
    question_of,
)
from monazite.analysis.robustness.sampling import RESIDUAL_LIMIT, draw, ranges_of
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.results import Percentiles, do_nothing
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import read_base_year
from monazite.model.chemistry import exactly
from monazite.model.network.facts import Facts, read_facts
from monazite.model.wording import RECONCILED
from tests.conftest import view_in_memory
from tests.draw_ranges import draw_many
from tests.report.networks import small_findings


@cache
def asked(element: str, market: str) -> tuple[Question, Facts]:
    view = view_in_memory()
    network, facts = view.network(element, market), view.facts(element)
    report = view.chokepoints(element, market, year=2024, network=network)
    return question_of(network, facts, Contingency(), report, drawn_lines(report)), facts


ASKED = (("Dy", "USA"), ("NdPr", "JPN"), ("NdPr", "DEU"), ("Dy", "WLD"))


@pytest.mark.whole
def test_questions_of_one_draw_get_what_they_would_get_alone() -> None:
    questions = [asked(*each)[0] for each in ASKED]
    (drawn,) = draw(questions[0].base.inputs("short-run"), 1, 5)
    shared = DrawnYear(drawn)
    for question in questions:
        together, alone = shared.ask(question), DrawnYear(drawn).ask(question)
        assert together.residual == alone.residual
        assert together.losses() == alone.losses()


def test_a_draw_in_which_the_market_takes_nothing_has_no_loss_and_is_rejected() -> None:
    question, _ = asked("Dy", "JPN")
    nobody = replace(question, base=replace(question.base, market="ATA", mix=None))
    outcome = DrawnYear({}).ask(nobody)
    assert outcome.residual == inf
    with pytest.raises(NotKnownError, match="We found no use by ATA"):
        outcome.losses()


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (2, -1)])
def test_no_draw_and_no_such_seed_are_refused(count: int, seed: int) -> None:
    with pytest.raises(UnknownNameError, match="a number from 1 on"):
        view_in_memory().draws("Sm", count=count, seed=seed)


def test_a_split_that_has_no_range_leaves_what_was_drawn_without_it() -> None:
    """The rows of the split, each with the width of nothing: the same losses as undrawn."""
    facts = read_facts(view_in_memory().store, "NdPr", "2026-11-24")
    base = read_base_year(facts, 2024, "DEU", "Germany")
    assert base.mix is not None
    narrow = {row: exactly(value) for row, (_, value, _) in base.mix.ranges().items()}
    assert base.accounts(narrow).chain() == base.accounts().chain()
    assert draw(narrow, 3, 0) == [{}, {}, {}]


@pytest.mark.whole
def test_many_questions_at_once_are_each_alone() -> None:
    market = "USA"
    names = {f"Dy {each}": asked("Dy", each) for each in ("USA", "CHN")}
    many = draw_many(names, 3, 1, do_nothing)
    view = view_in_memory()
    network, facts = view.network("Dy", market), view.facts("Dy")
    report = view.chokepoints("Dy", market, year=2024, network=network)
    alone = find_draws(network, facts, Contingency(), report, count=3, seed=1)
    found = many[f"Dy {market}"]
    assert found.rejected == alone.rejected
    assert found.found.taken == alone.taken
    for each in (x for x in found.found.ranges if x.line in alone.ranges):
        assert (each.loss, each.half) == (
            alone.ranges[each.line].loss,
            alone.ranges[each.line].half,
        )


@pytest.mark.parametrize(
    ("rejected", "limit", "said", "unsaid"),
    [
        (180, RESIDUAL_LIMIT, "180 were rejected", ("Only", "nearest")),
        (181, RESIDUAL_LIMIT, "Only 19 trials kept: too few for 5 and 95 %", ("nearest",)),
        (180, 0.31, "31 % of what the stages take, as fewer than 10 % of them come", ("Only",)),
    ],
)
def test_how_far_and_how_few_is_said(
    rejected: int, limit: float, said: str, unsaid: tuple[str, ...]
) -> None:
    report = small_findings()
    ranges = ranges_of([{each.id: 0.5 for each in report.chokepoints}])
    by_line = {each.line: each for each in ranges}
    draws = Draws(report, 200, 0, limit, rejected, 9, by_line, {})
    [table] = draws.tables(top=1)
    assert len(table.rows) == 1
    assert said in table.remarks[0]
    assert not any(word in table.remarks[0] for word in unsaid)


def test_what_the_market_takes_in_the_draws_is_told_where_it_is_drawn() -> None:
    report = small_findings()
    by_line = {x.line: x for x in ranges_of([{each.id: 0.5 for each in report.chokepoints}])}
    draws = Draws(report, 200, 0, RESIDUAL_LIMIT, 0, 9, by_line, {})
    taken = replace(draws, taken=Percentiles(8848.0, 7328.0, 10450.0))
    (said,) = {*taken.tables()[0].remarks} - {*draws.tables()[0].remarks}
    assert "takes 8,848 t of magnets in the median trial, and 7,328 t to 10,450 t" in said
    content = taken.content()["taken"]
    assert content == {"median": 8848.0, "low": 7328.0, "high": 10450.0}
    assert draws.content()["taken"] is None


@pytest.mark.whole
def test_shares_of_lines_and_stages_are_the_medians_of_the_same_draws() -> None:
    report = view_in_memory().draws("Sm", count=8, seed=3).report
    shares = {x.id: x.share for x in report.chokepoints}
    drawn = [x for x in report.stages if x.share is not None and x.basis == RECONCILED]
    assert [shares[f"{each.stage}/CHN"] for each in drawn] == [each.share for each in drawn]
    assert {each.share_low != each.share_high for each in drawn} == {True, False}
