"""Acts in a line each, and which of them touch an element, a market or the chain."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from monazite.analysis.policies.acts import Named, named_as, read_acts, read_goods
from monazite.analysis.policies.policies import (
    CHAIN,
    ELEMENT,
    MARKET,
    Policies,
    acts_on_sites,
    chain_of,
    find_policies,
    select,
)
from monazite.core.errors import UnknownNameError
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.store.opening import open_store
from monazite.view.view import View
from tests.results import records_in


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
        ("mofcom-2026-us-ten", "Dy", "USA", "market: organisation"),
        ("mofcom-2026-us-ten", "Dy", "JPN", "chain: organisation"),  # MP Materials runs a mine
        ("us-osc-energy-fuels-2026", "Dy", "USA", "market: facility"),
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
        ("mofcom-gac-2025-55", "Dy", ELEMENT),  # superhard materials
        ("mofcom-2026-1", "Ho", ELEMENT),  # not on the list of 2025
        ("mofcom-2026-1", "Dy", MARKET),  # aimed at Japan, not at the United States
        ("mofcom-2026-28", "Dy", CHAIN),
    ],
)
def test_what_an_act_does_not_touch(policy: str, element: str, what: str) -> None:
    assert policy not in select(open_store(), element, "USA").touching(what)


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


def test_without_a_market_what_guards_a_border_is_aimed() -> None:
    aimed = select(open_store(), "Dy", "WLD").aimed
    assert "mofcom-gac-2025-18" in aimed
    assert "us-dod-mp-2025-equity" not in aimed
    japan = select(open_store(), "Dy", "JPN")
    assert {"mofcom-2026-1", "us-japan-action-plan-2026"} <= japan.aimed
    assert "japan-reserve-2026" in japan.touching(MARKET) - japan.aimed  # its own act
    assert japan.rows("mofcom-2026-1", MARKET) == ("policy_scope/mofcom-2026-1-target-country-jpn",)


def test_everything_that_a_scope_names_is_found(store: object) -> None:
    """What covers the element, or targets the market or the chain, is never lost."""
    acts, goods = read_acts(open_store()).acts, read_goods(open_store())
    chain = {each for _, each in chain_of(open_store())}
    for element, market in (("Dy", "USA"), ("Y", "JPN")):
        touched = select(open_store(), element, market).touched
        for policy, act in acts.items():
            aims = {thing.id for thing in named_as(act.reach, "targets")}
            exempt = {thing.id for thing in named_as(act.reach, "exempts")}
            if element in goods.covered_by(act.reach) and element not in exempt:
                assert policy in touched
            if market in aims or ("ALL" in aims and act.country != market):
                assert policy in touched
            if chain & aims:
                assert policy in touched


@pytest.mark.parametrize(
    ("element", "day"), [("Y", "2012-06-30"), ("Dy", "2025-06-11"), ("NdPr", "2026-11-24")]
)
def test_the_question_and_the_list_have_one_selection(view: View, element: str, day: str) -> None:
    asked = view.query("policies-on-element", element=element, date=day, shown="all").dicts()
    dated = replace(view, valid=day)
    assert {row["policy_id"] for row in asked} == {line.policy for line in dated.policies(element)}
    assert all(row["reached"] and row["item"] and row["row"] for row in asked)


@cache
def found(element: str | None = None, day: str = "2026-11-24", **given: str) -> Policies:
    return find_policies(open_store(), read_schema(ontology_folder()).tables, day, element, **given)


def test_every_act_has_a_line_and_those_in_force_come_first() -> None:
    everything = found()
    assert {line.policy for line in everything} == set(read_acts(open_store()).acts)
    order = [line.status.value for line in everything]
    assert order == sorted(order, key=["in force", "may be in force", "not in force"].index)
    assert everything.headline().startswith("2026-11-24: ")


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        found("kryptonite")
    with pytest.raises(UnknownNameError):
        found(to="Atlantis")


def test_since_takes_what_has_been_so_since_a_day_of_which_no_step_tells() -> None:
    """The suspension of Announcements 61 and 62 ended on 2026-11-10 by its own text."""
    acts = {line.policy: line for line in found("Dy", to="USA", since="2026-11-01")}
    assert acts["mofcom-2025-61"].status.since == "2026-11-10"
    assert acts["mofcom-2025-62"].status.since == "2026-11-10"
    assert not {line.policy for line in found("Dy", to="USA", since="2026-11-11")}
    every = {line.policy: line.status.since for line in found("Dy", to="USA")}
    taken = {line.policy for line in found("Dy", to="USA", since="2026-01-01")}
    assert {name for name, since in every.items() if since >= "2026-01-01"} <= taken


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("us-dfars-7052-2024", "not in force (announced)"),  # since 2024-05-30: not stopped then
        ("mofcom-2025-22", "not in force (ended)"),
        ("us-hr1496-2025", "not in force (proposed)"),
        ("mofcom-2025-61", "may be in force or suspended"),
        ("mofcom-gac-2025-18", "in force"),
    ],
)
def test_what_is_not_in_force_says_why_beside_it(policy: str, told: str) -> None:
    everything = found()
    (csv,), (table,) = everything.csv_tables(), everything.tables()
    for each, key, column in ((csv, "policy", "words"), (table, "id", "status")):
        lines = records_in(each)
        assert [line[column] for line in lines if line[key] == policy] == [told]


MINE, FIRM = "facility/mountain-pass", "organisation/mp-materials"


def test_what_names_a_plant_or_firm_touches_it_wherever_it_stands() -> None:
    """By hand from policy_scope.csv."""
    by_name = acts_on_sites(open_store(), [MINE, FIRM], [])
    assert {"mountain-pass-closure", "mofcom-2026-us-ten", "us-dod-mp-2025-equity"} <= by_name
    assert "mofcom-gac-2025-18" not in by_name
    assert acts_on_sites(open_store(), [], []) == set()


def test_what_touches_its_country_touches_it() -> None:
    found = acts_on_sites(open_store(), [MINE], [MINE])
    assert {"mofcom-gac-2025-18", "mof-china-2026-46", "us-232-pcm-2026"} <= found
    assert "mofcom-2026-1" not in found  # aimed at Japan
    assert "mofcom-2026-us-ten" in found  # aimed at a firm of its country


SEVEN = {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"}


def named(kind: str, name: str, notation: str = "", words: str = "") -> Named:
    return Named("covers", kind, name, name, "", "", notation, words)


def test_which_elements_are_in_goods() -> None:
    goods = read_goods(open_store())
    assert goods.of(named("element", "Dy")) == {"Dy"}
    assert goods.of(named("element", "ndpr")) == {"Nd", "Pr"}
    assert goods.of(named("material", "ndfeb-magnet-with-dy")) >= {"Dy", "Nd"}
    assert len(goods.of(named("material", "rare-earth-products"))) >= 16
    assert goods.of(named("code", "x", "8505.11")) >= {"Nd", "Dy", "Sm"}
    assert goods.of(named("code", "x", "2846902910", "Sm;Gd;Lu;Sc")) == {"Sm", "Gd", "Lu", "Sc"}


def test_a_controlled_list_is_what_licences_under_it_cover() -> None:
    store = open_store()
    found = read_acts(store).licensed("CHN", read_goods(store))
    assert found >= SEVEN
    assert not found & {"Ho", "La", "Ga"}
