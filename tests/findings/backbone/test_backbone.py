"""The backbone of the shipped rows: each number is one that the report prints."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from math import fsum
from typing import Any

import pytest

from monazite.findings.backbone.backbone import find_backbone, subject_of
from monazite.findings.backbone.result import Backbone
from monazite.findings.plants.lives import read_lives
from monazite.parameters import USE
from monazite.view import load
from monazite.view.graph_evidence import with_annotations
from tests.conftest import view_in_memory

QUESTIONS = [("Dy", "USA"), ("NdPr", "JPN"), ("Y", "JPN"), ("La", "WLD"), ("Sc", "USA")]


@cache
def backbone(element: str, market: str, event: str = "outage", **asked: Any) -> Backbone:
    view = load(**asked) if asked else view_in_memory()
    network = view.network(element, market)
    found = view.chokepoints(element, market, event=event, network=network)
    return find_backbone(with_annotations(view, network), view.facts(element), found)


@pytest.mark.parametrize(("element", "market"), QUESTIONS)
def test_each_number_is_that_of_its_line(element: str, market: str) -> None:
    found = backbone(element, market)
    lines = {each.id: each for each in found.report.chokepoints}
    told = [place for place in found.places if place.point is not None]
    assert told
    for place in told:
        assert place.point == lines[place.id]
        assert place.share == pytest.approx(lines[place.id].share)
        assert place.year == lines[place.id].year
    known = {each.id for each in lines.values() if each.kind == "country" and each.stage}
    assert known & {f"{stage}/{x.code}" for x in found.places for stage, _ in found.stages} == {
        place.id for place in told
    }


@pytest.mark.parametrize(("element", "market"), QUESTIONS[:4])
def test_flows_fill_no_more_than_shares_and_all_of_the_market(element: str, market: str) -> None:
    found = backbone(element, market)
    shares = {place.id: place.share or 0.0 for place in found.places}
    order = sorted(found.flows, key=lambda flow: (flow.to == USE, flow.stage, flow.seller))
    for (to_market, stage, seller), flows in groupby(
        order, key=lambda flow: (flow.to == USE, flow.stage, flow.seller)
    ):
        if not to_market and seller and f"{stage}/{seller}" in shares:
            assert fsum(flow.part or 0.0 for flow in flows) <= shares[f"{stage}/{seller}"] + 1e-3
    assert fsum(flow.part or 0.0 for flow in order if flow.to == USE) == pytest.approx(1.0)
    assert found.report.base is not None
    assert fsum(flow.tonnes or 0.0 for flow in order if flow.to == USE) == pytest.approx(
        found.report.base.served, rel=1e-3
    )


def test_an_oxide_ends_at_its_market_and_a_magnet_at_its_magnets() -> None:
    assert [stage for stage, _ in backbone("Y", "JPN").stages] == ["mine", "separation"]
    assert [stage for stage, _ in backbone("Dy", "USA").stages][-1] == "magnet"
    assert "yttrium oxide" in backbone("Y", "JPN").headline
    assert backbone("Dy", "USA").first == "separation/CHN"


def test_controls_are_those_in_force_on_the_day() -> None:
    found = backbone("Dy", "USA")
    [sold] = [flow for flow in found.flows if flow.to == USE and flow.seller == "CHN"]
    assert sold.controls == ("mofcom-gac-2025-18",)
    named = {each.id for each in found.controls}
    assert named == {name for flow in found.flows for name in flow.controls}
    assert {each.state for each in found.controls} <= {"in force", "partly in force"}
    at_home = [flow for flow in found.flows if flow.seller == flow.buyer]
    assert not any(flow.controls for flow in at_home)


def test_sites_stand_at_their_country_with_their_state() -> None:
    found = backbone("Dy", "USA")
    [pass_] = [
        site
        for place in found.places
        if place.id == "mine/USA"
        for site in place.sites
        if site.label.startswith("Mountain Pass")
    ]
    assert (pass_.status, pass_.code) == ("operating", "USA")


@pytest.mark.whole
def test_a_plant_of_which_few_records_speak_is_no_firm() -> None:
    view = view_in_memory(tier=3)
    found = view.graph("Dy", "USA").backbone
    assert found is not None
    ends = {link[end] for link in view.facts("Dy").links for end in ("supplier", "customer")}
    plants = {x for x in ends if x in read_lives(view_in_memory().store).facilities}
    loose = [site for place in found.places for site in place.sites if "/firm-" in site.id]
    assert {site.id.partition("firm-")[2] for site in loose} & plants
    assert not {site.id.partition("firm-")[2] for site in loose if site.firm} & plants


def test_without_a_chain_it_says_what_is_missing_and_what_to_ask() -> None:
    found = backbone("Sc", "USA")
    assert (found.first, found.world_parts, found.report.base) == ("", (), None)
    assert [stage for stage, _ in found.stages] == ["mine", "separation"]  # metal: of a group
    assert any("assay" in each for each in found.missing)
    assert "Mine: no country shares found." in found.missing
    assert all(each.startswith("monazite ") for each in found.ask)
    assert {flow.part for flow in found.flows} <= {None}


def test_a_market_without_numbers_has_the_flows_of_the_world() -> None:
    found = backbone("Sm", "USA")
    assert found.report.base is None
    assert not [flow for flow in found.flows if flow.to == USE]
    assert [flow for flow in found.flows if flow.tonnes]
    assert any("-m WLD" in each for each in found.ask)


def test_behind_a_closed_border_a_card_tells_the_loss_of_the_whole_country() -> None:
    found = backbone("Dy", "USA", "embargo")
    [china] = [place for place in found.places if place.id == "separation/CHN"]
    assert china.point is not None
    assert (china.point.id, china.point.event) == ("country/CHN", "embargo")
    assert "sold nothing abroad" in found.headline


@pytest.mark.parametrize("asked", [{"tier": 1}, {"tier": 2}, {"valid": "2015-06-01"}])
def test_a_view_of_few_rows_has_what_it_knows(asked: dict[str, Any]) -> None:
    found = backbone("Y", "JPN", **asked)
    assert found.stages
    assert found.headline.endswith(".")
    assert all(0 <= (flow.part or 0.0) <= 1 + 1e-9 for flow in found.flows)


def test_a_long_list_of_members_is_left_out_of_a_sentence() -> None:
    assert subject_of("TREO (Ce, Dy, Er, Eu, Gd, Ho, La, Lu)") == "TREO"
