"""Who leads each stage: the reconciled year first, what records print as other figures."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from monazite.analysis.concentration.by_year import find_concentration
from monazite.analysis.concentration.shares import stage_shares
from monazite.analysis.concentration.standing import (
    AS_PRINTED,
    OWN_COUNT,
    PRINTED,
    PRINTED_YEARS,
    read_known_year,
    stage_makers,
    stage_standings,
    why_other,
    with_reconciled,
)
from monazite.core.results import Percentiles
from monazite.model.chemistry import Amount
from monazite.model.contingencies.failure_points import ModelYear
from monazite.model.network.shares import REST, OutputFigure
from monazite.model.wording import RECONCILED
from tests.conftest import view_in_memory
from tests.model.small_chains import small_chain
from tests.report.drawings import year as line_of_year


def test_shares_index_and_what_no_row_names_by_hand() -> None:
    """A mines 60 t, B 30, nobody knows who 10: HHI 3,600 + 900, and 100 more if one has it all."""
    mined = {"A": 60.0, "B": 30.0, REST: 10.0}
    made = {"mine": mined, "separation": mined, "metal": mined, "magnet": mined}
    model = ModelYear(small_chain(made, {}), ("Dy",), {}, {})
    mine = stage_makers(model)["mine"]
    assert {each.country: each.share for each in mine.named} == pytest.approx({"A": 0.6, "B": 0.3})
    assert mine.unnamed == pytest.approx(0.1)
    assert (mine.hhi, *mine.hhi_ends) == pytest.approx((4500, 4500, 4600))


def test_the_share_of_the_only_maker_that_is_named_has_the_range_that_is_assumed() -> None:
    """60 to 95 %: 3,600, and 9,025 with 25 more if one has the rest."""
    stages, by_place = ("mine", "separation", "metal", "magnet"), {"CHN": 86.0, REST: 14.0}
    chain = small_chain(dict.fromkeys(stages, by_place), {})
    parts = {(stage, place): x for stage in stages for place, x in by_place.items()}
    chain = replace(chain, element_chains={"Dy": replace(chain.element_chains["Dy"], parts=parts)})
    assumed = Amount(0.86, 0.6, 0.95, assumptions=("assumptions/own",))
    makers = stage_makers(ModelYear(chain, ("Dy",), {}, {}, assumed=assumed))
    magnet, metal = makers["magnet"], makers["metal"]
    assert magnet.share_ends == (0.6, 0.95)
    assert magnet.hhi_ends == pytest.approx((3600, 9050))
    assert magnet.remarks[-1] == "The share is assumed to be 60 % to 95 % (assumptions/own)."
    assert metal.share_ends == pytest.approx((0.86, 0.86))


def test_drawn_shares_take_the_place_of_those_that_they_were_drawn_for() -> None:
    """B is drawn to make most: it leads, and its share and the index have the ends of the draws."""
    mined = {"A": 60.0, "B": 30.0, REST: 10.0}
    made = {"mine": mined, "separation": mined, "metal": mined, "magnet": mined}
    model = ModelYear(small_chain(made, {}), ("Dy",), {}, {})
    drawn = {
        "mine/A": Percentiles(0.3, 0.2, 0.6),
        "mine/B": Percentiles(0.6, 0.3, 0.7),
        "mine": Percentiles(4400.0, 4300.0, 4500.0),
        "mine/": Percentiles(4500.0, 4400.0, 4700.0),
    }
    assert [model.named_shares[f"mine/{x}"] for x in "AB"] == pytest.approx([0.6, 0.3])
    drawn |= {f"{x}{k[4:]}": y for x in made for k, y in drawn.items()}
    mine = stage_makers(replace(model, drawn=drawn))["mine"]
    assert [each.country for each in mine.named] == ["B", "A"]
    assert mine.share_ends == (0.3, 0.7)
    assert (mine.hhi, *mine.hhi_ends) == (4400, 4300, 4700)


def test_the_shares_are_those_of_the_lines() -> None:
    view = view_in_memory()
    model, why = read_known_year(view.facts("NdPr"))
    assert (model is not None, why) == (True, "")
    assert model is not None
    lines = {each.id: each for each in view.chokepoints("NdPr", "WLD").chokepoints}
    for stage, found in stage_makers(model).items():
        for each in found.named:
            assert lines[f"{stage}/{each.country}"].share == pytest.approx(each.share)
            assert {*lines[f"{stage}/{each.country}"].rows} >= {*each.rows}


def test_where_no_year_is_known_the_sentence_says_why() -> None:
    view = view_in_memory()
    model, why = read_known_year(view.facts("TREO"))
    assert model is None
    assert "go into different products" in why
    model, why = read_known_year(replace(view.facts("Dy"), date="1950-12-31"))
    assert model is None
    assert why


def test_the_year_leads_and_says_why_the_print_differs() -> None:
    view = view_in_memory()
    network, facts = view.network("Y"), view.facts("Y")
    model, _ = read_known_year(facts)
    found = {each.stage: each for each in stage_standings(network, facts, model)}
    printed = {each.stage: each for each in stage_shares(network)}
    mine = found["mine"]
    assert (mine.basis, mine.why) == (RECONCILED, "")
    (other,) = mine.others
    assert other.share == printed["mine"].share
    assert "proxy of rare earths" in other.why
    assert found["metal"].others == ()
    assert found["metal"].note.endswith(AS_PRINTED)
    assert found["metal"].share == printed["metal"].share
    assert found["alloy"] == printed["alloy"]


@pytest.mark.whole
def test_shares_that_are_not_of_the_year_that_was_asked_say_so() -> None:
    view = view_in_memory()
    old = view.chokepoints("Dy", "USA", year=1990)
    assert old.base is None
    told = {each.stage: each.note for each in old.stages if each.leader}
    assert told["mine"].startswith("The share is of 2023, not of 1990. ")
    assert all(note.startswith("The share is of 20") for note in told.values())
    metal = {each.stage: each for each in view.chokepoints("Y").stages}["metal"]
    assert metal.note.startswith("The share is of 2022, not of 2024. ")


def test_the_report_and_concentration_say_the_same() -> None:
    view = view_in_memory()
    report = {each.stage: each for each in view.chokepoints("NdPr", "JPN").stages}
    lines = [line for line in view.concentration("NdPr") if not line.why]
    assert [line.stage for line in lines] == ["mine", "separation", "metal", "magnet"]
    for line in lines:
        own = report[line.stage]
        assert (line.leader_label, line.share, line.hhi) == (own.leader, own.share, own.hhi)
        assert line.then == own.then
        assert line.rows == own.rows


def test_years_and_groups_without_a_year_stay_as_printed_and_say_so() -> None:
    facts = view_in_memory().facts("Dy")
    series = find_concentration(facts, "mine", series=True)
    assert with_reconciled(series, facts, "mine").lines == series.lines
    assert with_reconciled(series, facts, "mine").notes == (PRINTED_YEARS,)
    found = view_in_memory().concentration("TREO")
    assert found.notes[-1] == PRINTED
    assert all(not line.why for line in found)


def figure(**given: Any) -> OutputFigure:
    told: dict[str, Any] = {
        "row": "production/a",
        "place": "CHN",
        "total": False,
        "stage": "separation",
        "rank": 1,
        "year": 2024,
        "series": "news",
        "basis": "element",
        "tier": 3,
        "published": "2025",
        "preference": 99,
        "material": "https://w3id.org/monazite/id/material/dysprosium-oxide",
        "tonnes": (None, None, None),
        "percent": (90.0, None, None),
    }
    return OutputFigure(**{**told, **given})


@pytest.mark.parametrize(
    ("given", "year", "basis", "told"),
    [
        ({}, 2024, "element", OWN_COUNT),
        ({}, 2022, "element", "of 2022, not 2024"),
        ({"kind": "upper bound"}, 2024, "element", "upper bound"),
        ({"kind": "forecast"}, 2025, "reo", "of 2025, not 2024; forecast; basis: REO"),
        (
            {"rank": 3, "material": "https://w3id.org/monazite/id/material/rare-earth-metal"},
            2024,
            "share-of-world-output",
            "a wider group, rare earth metals, not specified; basis: share of world output",
        ),
        (
            {"joint": ("dysprosium-oxide", "terbium-oxide")},
            2024,
            "element",
            "of dysprosium oxide and terbium oxide together",
        ),
    ],
)
def test_each_attribute_that_differs_is_named(
    given: dict[str, Any], year: int, basis: str, told: str
) -> None:
    facts = view_in_memory().facts("Dy")
    line = line_of_year(year=year, basis=basis, rows=("production/a",))
    own = SimpleNamespace(**{**vars(facts), "own_figures": [figure(**given)]})
    assert why_other(line, own, 2024) == told  # type: ignore[arg-type]
