"""Drawn years: who asks of one draw shares it, and gets what it would get alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import inf

import pytest

from monazite.errors import NotKnownError
from monazite.findings.uncertainty.drawn_years import DrawnYear, Question
from monazite.findings.uncertainty.draws import drawn_lines, question_of
from monazite.findings.uncertainty.sampling import draw
from monazite.network.facts import Facts
from monazite.parameters import Contingency
from tests.conftest import view_in_memory


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


@pytest.mark.whole
def test_without_draws_the_losses_are_those_of_the_report() -> None:
    for element, market in ASKED:
        question, _ = asked(element, market)
        found = DrawnYear({}).ask(question).losses()
        report = view_in_memory().chokepoints(element, market, year=2024)
        for line in (each for each in report.chokepoints if each.loss is not None):
            assert found.in_proportion[line.id] == pytest.approx(line.loss, abs=1e-6)
            assert found.home_first[line.id] == pytest.approx(line.home_first, abs=1e-6)


def test_a_draw_in_which_the_market_takes_nothing_has_no_loss_and_is_rejected() -> None:
    question, _ = asked("La", "JPN")
    nobody = replace(question, base=replace(question.base, market="ATA"))
    outcome = DrawnYear({}).ask(nobody)
    assert outcome.residual == inf
    with pytest.raises(NotKnownError, match="We found no use by ATA"):
        outcome.losses()
