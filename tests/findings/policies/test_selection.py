"""Which acts touch an element, a market or the chain, through every scope there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.reach import covered_elements, read_goods, read_reach
from monazite.findings.policies.selection import (
    CHAIN,
    ELEMENT,
    MARKET,
    chain_of,
    select,
    with_touches,
)
from monazite.triples.opening import open_store
from monazite.triples.queries import read_query
from monazite.view import View


# By hand from policy_scope.csv, policies.csv and policy_links.csv: what each act touches.
@pytest.mark.parametrize(
    ("policy", "element", "market", "touch"),
    [
        ("mofcom-gac-2025-18", "Dy", "USA", "element: element"),
        ("mofcom-gac-2025-18", "Nd", "USA", "element: material"),  # magnets with Dy or Tb
        ("china-export-licence-2015", "Y", "USA", "element: element"),  # of the group REE
        ("us-301-magnets-2026", "Dy", "USA", "element: code"),  # 8505.11
        ("mofcom-2026-1", "Y", "JPN", "element: controlled list"),  # dual-use items
        ("mofcom-2026-1", "Dy", "JPN", "market: destination"),  # military users in Japan
        ("mofcom-gac-2025-70", "Dy", "USA", "element: another act"),  # it suspends 61
        ("truce-extension-2026", "Dy", "USA", "market: agreement"),
        ("truce-extension-2026", "Dy", "CHN", "market: agreement"),
        ("mofcom-2026-us-ten", "Dy", "USA", "market: organisation"),
        ("mofcom-2026-us-ten", "Dy", "JPN", "chain: organisation"),  # MP Materials runs a mine
        ("us-osc-energy-fuels-2026", "Dy", "USA", "market: facility"),
        ("us-project-vault-2026", "Dy", "USA", "market: issuer"),
        ("eu-crma-2024", "Dy", "DEU", "market: issuer"),  # of the union it belongs to
        ("germany-arafura-2026", "Dy", "EUE", "market: issuer"),  # of a member
        ("china-embargo-us-eu-2010", "Dy", "EUE", "market: destination"),
        ("mofcom-2025-61", "Dy", "EUE", "market: all destinations"),
        ("china-tech-catalogue-2023", "Dy", "EUE", "market: all destinations"),  # none is named
    ],
)
def test_what_an_act_touches(policy: str, element: str, market: str, touch: str) -> None:
    touches = select(open_store(), element, market).touched[policy]
    assert touch in {f"{each.what}: {each.way}" for each in touches}
    assert all(each.rows for each in touches)


@pytest.mark.parametrize(
    ("policy", "element", "what"),
    [
        ("china-gallium-germanium-2023", "Dy", ELEMENT),
        ("mofcom-gac-2025-58", "Dy", ELEMENT),  # batteries and graphite
        ("mofcom-gac-2025-55", "Dy", ELEMENT),  # superhard materials
        ("mofcom-2026-1", "Ho", ELEMENT),  # not on the list of 2025
        ("mofcom-2026-1", "Dy", MARKET),  # aimed at Japan, not at the United States
        ("apec-shenzhen-2026", "Dy", MARKET),
        ("mofcom-2026-28", "Dy", CHAIN),
    ],
)
def test_what_an_act_does_not_touch(policy: str, element: str, what: str) -> None:
    assert policy not in select(open_store(), element, "USA").touching(what)


def test_an_exempt_element_is_not_covered_by_name() -> None:
    touches = select(open_store(), "Nd", "USA").touched["mofcom-gac-2025-18"]
    assert {each.way for each in touches if each.what == ELEMENT} == {"material"}


def test_what_is_surely_of_other_goods() -> None:
    """By hand: no rare earth in polysilicon, antimony, gallium, batteries, diamond."""
    chosen = select(open_store(), "Dy", "USA")
    assert chosen.of_other_goods == {
        *("us-232-polysilicon-2026", "mofcom-gac-2024-33", "china-gallium-germanium-2023"),
        *("mofcom-gac-2025-55", "mofcom-gac-2025-58"),
    }
    dy = frozenset({"Dy"})
    assert chosen.surely_without("mofcom-gac-2025-57", dy)  # of five others
    assert not chosen.surely_without("mofcom-gac-2025-57", frozenset({"Dy", "Ho"}))
    assert not chosen.surely_without("mof-china-2026-46", dy)  # names no goods
    assert not chosen.surely_without("mofcom-2026-us-ten", dy)  # a list, not read into elements


@pytest.mark.parametrize("policy", ["eo-14272", "us-232-pcm-2026", "eu-magnet-scrap-2026"])
def test_acts_on_minerals_and_scrap_with_rare_earths_touch_dysprosium(policy: str) -> None:
    assert policy in select(open_store(), "Dy", "EUE").touching(ELEMENT)


def test_without_a_market_what_guards_a_border_is_aimed() -> None:
    aimed = select(open_store(), "Dy", "WLD").aimed
    assert "mofcom-gac-2025-18" in aimed
    assert "us-dod-mp-2025-equity" not in aimed
    japan = select(open_store(), "Dy", "JPN")
    assert {"mofcom-2026-1", "us-japan-action-plan-2026"} <= japan.aimed
    assert "japan-reserve-2026" in japan.touching(MARKET) - japan.aimed  # its own act
    assert japan.rows("mofcom-2026-1", MARKET) == ("policy_scope/mofcom-2026-1-target-country-jpn",)


def test_the_world_is_no_market_and_no_element_is_none() -> None:
    chosen = select(open_store(), "", "WLD")
    assert chosen.touching(MARKET) == chosen.touching(ELEMENT) == set()
    assert "us-dod-mp-2025-equity" in chosen.touching(CHAIN)


def test_the_chain_is_plants_who_runs_them_and_who_holds_these() -> None:
    chain = chain_of(open_store())
    assert {("facility", "mountain-pass"), ("organisation", "mp-materials")} <= chain
    assert ("organisation", "us-dod") in chain  # holds shares of MP Materials
    assert ("organisation", "byd") not in chain


def test_everything_that_a_scope_names_is_found(store: object) -> None:
    """What covers the element, or targets the market or the chain, is never lost."""
    reach, goods, acts = read_reach(open_store()), read_goods(open_store()), read_acts(open_store())
    for element, market in (("Dy", "USA"), ("Y", "JPN"), ("Tb", "EUE"), ("Nd", "DEU")):
        touched = select(open_store(), element, market).touched
        for policy, rows in reach.items():
            aims = {thing.id for row in rows for thing in row.named_as("targets")}
            exempt = {thing.id for row in rows for thing in row.named_as("exempts")}
            if element in covered_elements(rows, goods) and element not in exempt:
                assert policy in touched
            if market in aims or ("ALL" in aims and acts.acts[policy].country != market):
                assert policy in touched
            if {each for _, each in chain_of(open_store())} & aims:
                assert policy in touched


@pytest.mark.parametrize("day", ["2012-06-30", "2025-06-11", "2026-11-24"])
@pytest.mark.parametrize("element", ["Dy", "Nd", "Y", "La", "NdPr"])
def test_the_question_and_the_list_have_one_selection(view: View, element: str, day: str) -> None:
    asked = view.query("policies-on-element", element=element, date=day, shown="all").dicts()
    dated = replace(view, valid=day)
    assert {row["policy_id"] for row in asked} == {line.policy for line in dated.policies(element)}
    assert all(row["reached"] and row["item"] and row["row"] for row in asked)


def test_the_question_names_the_scope_through_which_it_is_reached(view: View) -> None:
    rows = view.query("policies-on-element", element="Dy", date="2026-11-24").dicts()
    found = {row["policy_id"]: row["reached"] for row in rows}
    assert found["us-301-magnets-2026"] == "through a customs code of goods that contain it"
    assert found["mofcom-2026-1"] == "through a list whose licences cover it"
    assert found["china-general-licences-2025"] == "through an act that it changes"
    assert found["order-71-2025"] == "only through a material that contains it"
    query = read_query("gaps-about")
    assert with_touches(query, view.store, {}) is query
