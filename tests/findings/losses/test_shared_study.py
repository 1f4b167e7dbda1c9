"""A study that remembers says, to the last digit, what each market would have found alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.events.event import BASE_YEAR, Event
from monazite.findings.flow_model.programme import Programme
from monazite.findings.flow_model.study import Study
from monazite.findings.losses.measure import Measure
from monazite.findings.losses.shared_study import SharedStudy, shared_study
from monazite.parameters import Contingency
from tests.conftest import view_in_memory
from tests.findings.sample import five_nodes, two_countries

EVENTS = [
    Event({("mine", "A"): 0.5}),
    Event({("mine", "A"): 0.0}),
    Event(sales={("*", "A", "*", "*"): 0.0}),
    Event({("mine", "A"): 0.5, ("magnet", "B"): 0.0}),
]


def study(market: str, *, trade: float = 1.0, year: int = 2024) -> Study:
    chain = replace(two_countries(), year=year)
    return Study(chain, replace(BASE_YEAR, trade=trade), ("NdPr",), Contingency(), market)


@pytest.mark.parametrize("trade", [1.0, 1.5])
def test_each_market_is_told_what_it_would_have_found_alone(trade: float) -> None:
    shared = SharedStudy.of(study("A", trade=trade))
    for market in ("A", "B", "A"):
        alone = Measure(study(market, trade=trade), full=True)
        together = Measure(shared.asked(("NdPr",), market), full=True)
        assert [together.of_event(x) for x in EVENTS] == [alone.of_event(x) for x in EVENTS]


def test_each_element_is_told_what_it_would_have_found_alone() -> None:
    shared = SharedStudy.of(Study(five_nodes(), BASE_YEAR, ("Dy",), Contingency()))
    event = Event({("separation", "A"): 0.0})
    for names in (("Dy",), ("NdPr",), ("NdPr", "Dy")):
        alone = Measure(Study(five_nodes(), BASE_YEAR, names, Contingency()))
        assert Measure(shared.asked(names, "WLD")).of_event(event) == alone.of_event(event)


def test_what_one_market_has_solved_no_other_solves(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = SharedStudy.of(study("A"))
    first = [Measure(shared).of_event(event) for event in EVENTS]

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("solved again")

    monkeypatch.setattr(Programme, "values", refuse)
    assert [Measure(shared.asked(("NdPr",), "A")).of_event(x) for x in EVENTS] == first


def test_a_store_remembers_a_study_by_what_it_is_solved_from() -> None:
    store = view_in_memory().store
    one, other = shared_study(study("A"), store), shared_study(study("B"), store)
    assert isinstance(one, SharedStudy)
    assert isinstance(other, SharedStudy)
    assert (one.market, other.market) == ("A", "B")
    assert one._solved is other._solved
    another = shared_study(study("A", year=1), store)
    assert isinstance(another, SharedStudy)
    assert another._solved is not one._solved
    licence = Study(two_countries(), BASE_YEAR, ("NdPr",), Contingency("licence"), "A")
    assert shared_study(licence, store).contingency == Contingency("licence")
