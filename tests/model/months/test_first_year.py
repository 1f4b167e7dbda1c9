"""The first year after an event: beside the losses for good, and with longer or larger stocks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.chokepoints.loss_model import LossModel, cached_first_years
from monazite.data.parameters import Contingency
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import NO_EVENT, Event
from monazite.model.flow.study import Study, demand_of
from monazite.model.months.engine import MonthProgramme, TimeAndStocks
from monazite.model.months.firms import FirmClass
from monazite.model.months.first_year import FirstYear
from tests.conftest import view_in_memory
from tests.model.months.shocks import SPARE, TIGHT, one_market, settings
from tests.model.sample import Draw, drawn_event
from tests.model.small_chains import MAGNETS

COVER = {"mine": 1.0, "separation": 0.5, "metal": 0.5, "magnet": 0.5}
LEADS = {"magnet": 0.0, "metal": 1.5, "separation": 3.0, "mine": 4.5}
CLASSES = (FirmClass(10.0, 0.4), FirmClass(40.0, 0.4), FirmClass(120.0, 0.2))
NESTED = 0.002  # Of a year's use: so far may it matter who of two users is sent the same tonnes
LINES = ("mine/CHN", "separation/CHN", "metal/CHN", "magnet/CHN", "country/CHN", "mine/AUS")


@pytest.fixture(scope="module")
def model() -> LossModel:
    view = view_in_memory()
    return LossModel(view.network("MREE"), view.facts("MREE"), Contingency(), 2024)


def test_without_stocks_leads_and_transit_it_is_the_flow_model(model: LossModel) -> None:
    """Of each user and product; what is made beyond the base year may then cost nothing."""
    study = model.study
    month = MonthProgramme(model.chain, study.demand, steps=250)
    for column in month.more_made.values():
        month.columns.cost[column] = 0.0
    for line in LINES[:2]:
        event = model.event_of(line)
        found = month.serve(
            model.horizon, event, floors=study.floors(event, model.horizon).amounts
        ).amounts
        for key, tonnes in study.served(event).amounts.items():
            assert found[key] == pytest.approx(tonnes, abs=1e-9 * max(1.0, study.demand[key])), key


def test_it_is_no_more_than_for_good_of_any_user(model: LossModel) -> None:
    study, first = model.study, model.first_year
    events = [model.event_of(line) for line in LINES]
    immediate = study.horizon.before
    for event, year in zip(
        events, cached_first_years(first, events, model.facts.store), strict=True
    ):
        for horizon in (immediate, study.horizon):
            for_good = study.served(event, horizon=horizon).amounts
            for key, tonnes in year.amounts.items():
                assert tonnes >= for_good[key] * (1 - 1e-5) - 1e-6, key
    assert first.served(NO_EVENT).amounts == pytest.approx(first.demand)
    again = replace(first)
    assert again.served(events[0]) == first.served(events[0])


def first_year(chain: Chain, given: TimeAndStocks) -> FirstYear:
    return FirstYear(chain, given, demand_of(chain), 10)


seeds = st.integers(0, 10**6)


@given(seeds)
def test_of_drawn_chains_it_is_no_more_than_for_good(seed: int) -> None:
    chain = Draw(seed).chain()
    event = drawn_event(chain, random.Random(seed), added=False)
    short = replace(SPARE, before=TIGHT)
    study = Study(chain, short, ("NdPr",), Contingency())
    given_ = settings(classes=CLASSES, leads=LEADS, transit=1.25, cover=COVER, horizon=SPARE)
    stretched = replace(given_, horizon=lambda month: TIGHT if month < 3 else SPARE)
    used = first_year(chain, stretched).served(event).of()
    whole = fsum(study.demand.values())
    assert used >= study.served(event).of() - NESTED * whole
    assert used <= whole * (1 + 1e-9)


def later(stages: Mapping[str, float]) -> dict[str, float]:
    return {stage: 2 * months for stage, months in stages.items()}


@given(seeds, st.booleans())
def test_it_falls_with_every_stock_lead_and_transit(seed: int, adapts: bool) -> None:
    chain = Draw(seed).chain()
    event = drawn_event(chain, random.Random(seed), added=False)
    base = settings(classes=CLASSES, leads=LEADS, transit=1.0, cover=COVER)
    if adapts:
        base = replace(base, horizon=lambda month: TIGHT if month < 3 else SPARE)
    whole = fsum(x for x in first_year(chain, base).demand.values())
    more_held = tuple(replace(each, days=2 * each.days) for each in CLASSES)
    for more in (
        replace(base, classes=more_held),
        replace(base, cover=later(COVER)),
        replace(base, leads=later(LEADS)),
        replace(base, transit=2.0),
    ):
        least, most = (first_year(chain, each).served(event).of() for each in (base, more))
        assert most >= least - NESTED * whole


def test_a_year_by_hand() -> None:
    """Of 12 months of an embargo a month is under way, another lies with firms: 10 are lost."""
    embargo = Event(sales={("*", "A", "*", "*"): 0.0})
    found = [
        first_year(one_market(), settings(months_of_stock=held, transit=way)).served(embargo)
        for held, way in ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 1.5))
    ]
    used = [each.amounts[MAGNETS, "B"] for each in found]
    assert used == pytest.approx([0.0, 100.0, 200.0, 250.0])
    assert all(x < y for x, y in pairwise(used))
    mine = settings(months_of_stock=1.0, transit=1.0, leads=LEADS)
    closed = first_year(one_market(), mine).served(Event({("mine", "A"): 0.0}))
    assert closed.amounts[MAGNETS, "B"] == pytest.approx(650.0)
