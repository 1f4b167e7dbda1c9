"""What shocks mean on the shipped tables, names looked up, and what they cannot mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import monazite
from monazite.analysis.scenarios.model import ScenarioModel
from monazite.analysis.scenarios.resolve import (
    Resolved,
    line_name,
    name_meant,
    name_of,
    products_named,
    recorded_faults,
    same_days,
    same_thing,
)
from monazite.analysis.scenarios.scenario_file import (
    Shock,
    read_scenario,
    read_shipped,
    read_with_faults,
)
from monazite.core.errors import FaultyTablesError, UnknownNameError
from tests.model.small_chains import candidate

TOP = 'title = "A"\ndescription = "A."\nstart = "2025-04"\nmonths = 12\n'


@pytest.fixture(scope="module")
def models() -> dict[str, ScenarioModel]:
    view = monazite.load()
    return {
        element: ScenarioModel(view.network(element), view.facts(element))
        for element in ("MREE", "Nd")
    }


def meant(model: ScenarioModel, shocks: str, top: str = TOP) -> tuple[Resolved, ...]:
    return model.means(read_scenario(top + shocks, "a.toml"))


def faults(model: ScenarioModel, shocks: str, top: str = TOP) -> list[str]:
    with pytest.raises(FaultyTablesError) as refused:
        meant(model, shocks, top)
    return [str(fault) for fault in refused.value.faults]


def test_a_policy_gives_its_days_scope_and_rows(models: dict[str, ScenarioModel]) -> None:
    shocks = '[[shock]]\nkind = "licence"\npolicy = "mofcom-gac-2025-18"\ndelay_days = 63\n'
    (found,) = meant(models["MREE"], shocks)
    assert found.begins == date(2025, 4, 4)
    assert found.ends is None
    assert found.scope is not None
    assert found.scope.goods["magnet"] >= {"Dy", "Tb"}
    assert "Nd" not in found.scope.elements
    assert "policy_scope/mofcom-gac-2025-18-element-dy" in found.scope.rows


@pytest.mark.parametrize("seller", ["", 'seller = "CHN"\n'])
def test_a_policy_that_is_over_is_told_with_its_last_day(
    models: dict[str, ScenarioModel], seller: str
) -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "china-embargo-japan-2010"\nfrom = 2010-12-01\n'
    for day in ("2010-12-01", "2027-01-01"):
        top = TOP.replace("2025-04", day[:7])
        (only,) = faults(models["MREE"], shock.replace("2010-12-01", day) + seller, top)
        assert only == (
            'a.toml:7: "china-embargo-japan-2010" ended by 2010-11-19; begin before, or leave the '
            "policy out, and name a seller and stages"
        )


def test_what_was_reopened_may_be_closed_again(models: dict[str, ScenarioModel]) -> None:
    of_it = 'what = "magnet/CHN"\nfrom = 2025-%s-01\n'
    close, reopen = (f'[[shock]]\nkind = "{kind}"\n{of_it}' for kind in ("close", "reopen"))
    shocks = close % "05" + reopen % "07" + close % "09"
    assert [x.shock.kind for x in meant(models["MREE"], shocks)] == [*("close", "reopen", "close")]
    (only,) = faults(models["MREE"], close % "05" + reopen % "09" + close % "07")
    assert only.endswith("on the same days; leave one out, or move its days")
    half = reopen.replace("what", "part = 0.5\nwhat")
    assert len(faults(models["MREE"], close % "05" + half % "07" + close % "09")) == 1


def test_an_element_that_the_policy_does_not_cover_is_told(
    models: dict[str, ScenarioModel],
) -> None:
    shocks = '[[shock]]\nkind = "licence"\npolicy = "mofcom-gac-2025-18"\ndelay_days = 63\n'
    (only,) = faults(models["Nd"], shocks)
    assert only == (
        'a.toml:7: "mofcom-gac-2025-18" does not cover Nd; it covers Dy, Gd, Lu, Sc, Sm, Tb, Y'
    )
    (only,) = faults(models["MREE"], shocks + 'elements = ["Dy", "Nd"]\n')
    assert '"mofcom-gac-2025-18" does not cover Nd' in only


def test_names_that_are_not_there_are_all_told_at_once(models: dict[str, ScenarioModel]) -> None:
    top = TOP + 'markets = ["USA", "FRA"]\nsources = ["no-such-source"]\n'
    shocks = (
        '[[shock]]\nkind = "embargo"\nseller = "CHM"\nbuyers = ["XXX"]\nfrom = 2025-05-01\n'
        '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-19"\n'
        '[[shock]]\nkind = "close"\nwhat = "separation/kuantan"\nfrom = 2025-05-01\n'
        '[[shock]]\nkind = "new-capacity"\ncountry = "DEU"\nstage = "metal"\nmakes = "Dy"\n'
        "tonnes = 5\nfrom = 2025-05-01\n"
    )
    found = faults(models["MREE"], shocks, top)
    for said in (
        'a.toml:5: markets: "FRA" is none here; it is counted in EUE; write that',
        'a.toml:6: there is no source "no-such-source"',
        'a.toml:9: seller: "CHM" is none here; did you mean "CHN"?',
        'a.toml:10: buyers: "XXX" is none here',
        'a.toml:14: there is no policy "mofcom-gac-2025-19"; did you mean "mofcom-gac-2025-',
        'a.toml:17: nothing that may fail is called "separation/kuantan"',
        "a.toml:21: DEU makes no Dy at metal: inputs and buyers of a new plant there are not known"
        "; add it to plants of CHN or EUE or GBR or JPN or KOR or ROW or USA or VNM, or lower what "
        "users want by demand",
    ):
        assert any(each.startswith(said) for each in found), (said, found)


def test_days_outside_the_months_and_the_same_thing_twice_are_told(
    models: dict[str, ScenarioModel],
) -> None:
    close = '[[shock]]\nkind = "close"\nwhat = "mine/MMR"\nfrom = 2025-05-01\nuntil = 2025-06-30\n'
    early = close.replace("2025-05-01", "2025-01-01")
    found = faults(models["MREE"], close + close.replace("05-01", "06-01") + early)
    assert found == [
        "a.toml:10: it is done in shock 1 too, on the same days; leave one out, or move its days",
        "a.toml:18: it begins on 2025-01-01, outside 2025-04-01 to 2026-03-31; "
        "move start or months",
    ]
    after = close.replace("05-01", "07-01").replace("06-30", "07-31")
    assert len(meant(models["MREE"], close + after)) == 2


RELEASE = 'kind = "stockpile"\nmarket = "USA"\ndays = 30\ndoes = "release"\n'


def test_a_release_without_a_last_day_is_of_one_day(models: dict[str, ScenarioModel]) -> None:
    (found,) = meant(models["MREE"], f"[[shock]]\n{RELEASE}from = 2025-05-01\n")
    assert found.ends == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"stage": "mine"}, 'stage: "mine" is none here; '),
        ({"stage": "magnet", "makes": "glass"}, 'makes: "glass" is none here; '),
        ({"country": "DEU"}, "DEU makes no NdPr at separation: inputs and buyers of a new plant"),
    ],
)
def test_capacity_comes_to_plants_that_run(
    models: dict[str, ScenarioModel], given: dict[str, str], said: str
) -> None:
    right = {"country": "MYS", "stage": "separation", "makes": "NdPr"}
    shock = '[[shock]]\nkind = "new-capacity"\ntonnes = 5\nfrom = 2025-05-01\n'

    def text(keys: dict[str, str]) -> str:
        return shock + "".join(f'{key} = "{value}"\n' for key, value in keys.items())

    assert len(meant(models["MREE"], text(right))) == 1
    (only,) = faults(models["MREE"], text(right | given))
    key = said.partition(":")[0]
    line = 9 + [*right].index(key if key in right else "country")
    assert only.startswith(f"a.toml:{line}: {said}")


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ('kind = "embargo"\nseller = "CHN"\nbuyers = ["DEU"]\n', "no flow is touched; name other"),
        (
            'kind = "demand"\nmarket = "USA"\nfactor = 2\nproduct = "Tb outside magnets"\n',
            "no user is touched; leave the product out, or take another market",
        ),
        (
            'kind = "demand"\nmarket = "USA"\nfactor = 2\nproduct = "gold"\n',
            'product: "gold" is none here; there are NdPr outside magnets, Tb outside magnets, '
            "heavy magnets, magnets without Dy or Tb",
        ),
        (
            'kind = "price-flood"\nprice = 90\nreason = "By hand."\ncosts = {"mine/USA" = 40}\n',
            "no cost is above the price, and no plant closes; lower the price",
        ),
        (
            'kind = "reopen"\nwhat = "mine/MMR"\n',
            'no shock has closed "mine/MMR" by then: nothing is reopened; close it first, or',
        ),
    ],
)
def test_a_shock_that_touches_nothing_is_told(
    models: dict[str, ScenarioModel], shock: str, said: str
) -> None:
    (only,) = faults(models["MREE"], f"[[shock]]\n{shock}from = 2025-05-01\n")
    line = 9 if said.startswith("product: ") else 5
    assert only.startswith(f"a.toml:{line}: {said}")


@pytest.mark.parametrize("key", ["leads", "cover"])
def test_only_stages_that_count_are_taken(models: dict[str, ScenarioModel], key: str) -> None:
    (only,) = faults(models["MREE"], f'[assumed]\nreason = "A."\n{key} = {{ use = 12 }}\n')
    there = {"leads": "metal, separation, mine", "cover": "magnet, metal, separation, mine"}
    assert only == f'a.toml:7: {key}: "use" is none here; there are {there[key]}'


def test_all_that_is_shipped_means_something(models: dict[str, ScenarioModel]) -> None:
    from monazite.core.package import ontology_folder

    shipped = read_shipped(ontology_folder())
    assert len(shipped) >= 15
    for each in shipped:
        assert each.element == "MREE"
        assert not each.view
        assert models["MREE"].means(each), each.id
    without = {each.id for each in shipped if not each.sources}
    assert without <= {"ally-halt-japan", "ally-halt-malaysia"}, "these are of no record"


MAGNETS_OF_JAPAN = {"country": "JPN", "stage": "magnet", "makes": "Dy"}


def shock(kind: str, given: dict[str, Any]) -> Shock:
    return Shock("shock 1", kind, 1, None, None, given)


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("embargo", {"buyers": ("JPN", "USA")}, {"buyers": ("USA", "KOR")}, True),
        ("embargo", {}, {"buyers": ("USA",)}, True),
        ("embargo", {"buyers": ("JPN",)}, {"buyers": ("USA",)}, False),
        ("embargo", {"buyers": ("USA",)}, {"elements": ("Dy",)}, True),
        ("embargo", {"seller": "CHN"}, {"seller": "JPN"}, False),
        ("embargo", {"policy": "a"}, {"seller": "CHN"}, False),
        ("embargo", {"part": 0.5}, {"part": 0.2}, True),
        ("new-capacity", MAGNETS_OF_JAPAN, MAGNETS_OF_JAPAN | {"country": "CHN"}, False),
        ("new-capacity", MAGNETS_OF_JAPAN, MAGNETS_OF_JAPAN | {"tonnes": 3}, True),
        ("price-flood", {"costs": {"a": 2, "b": 2}}, {"costs": {"b": 3}}, True),
        ("stockpile", {"market": "USA", "does": "build"}, {"market": "USA", "does": "build"}, True),
        ("stockpile", {"does": "build"}, {"does": "release"}, False),
        ("demand", {"market": "WLD"}, {"market": "USA"}, False),
        ("demand", {"market": "USA"}, {"market": "USA", "product": "Dy"}, True),
        ("close", {"what": "mine/MMR"}, {"what": "mine/MMR"}, True),
    ],
)
def test_what_is_done_to_one_thing(
    kind: str, one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert same_thing(shock(kind, one), shock(kind, other)) is same
    assert same_thing(shock(kind, other), shock(kind, one)) is same


@pytest.mark.parametrize(("kind", "same"), [(x, x != "reopen") for x in ("close", "reopen")])
def test_what_has_no_last_day_lasts_or_is_done_on_one_day(kind: str, same: bool) -> None:
    march, june = date(2027, 3, 1), date(2027, 6, 1)
    first, second, over = (
        Resolved(shock(kind, {}), begins, ends, kind)
        for begins, ends in ((march, None), (june, None), (march, date(2027, 5, 31)))
    )
    assert same_days(first, second) is same
    assert same_days(first, first)
    assert not same_days(over, second)


HEAVY, LIGHT = "magnets with Dy or Tb", "magnets without"
NDPR, TB = "NdPr outside magnets", "Tb outside magnets"
ALL = (HEAVY, LIGHT, NDPR, TB)


def recorded(text: str) -> list[str]:
    scenario, _ = read_with_faults(TOP + 'element = "Xx"\n' + text, "a.toml")
    assert scenario is not None
    return [str(each) for each in recorded_faults(scenario, monazite.load().store)]


def test_what_no_record_has_is_told_whatever_the_element() -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-19"\n'
    assert recorded('sources = ["mofcom18-hymagg"]\n' + shock) == [
        'a.toml:6: there is no source "mofcom18-hymagg"; did you mean "mofcom18-hymag"?',
        'a.toml:9: there is no policy "mofcom-gac-2025-19"; did you mean "mofcom-gac-2025-18"?',
    ]


def test_places_of_a_chain_are_left_to_the_chain() -> None:
    shock = '[[shock]]\nkind = "embargo"\nseller = "nowhere"\nfrom = 2025-05-01\n'
    assert recorded(shock) == []


def test_a_policy_and_another_seller_are_a_fault() -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-18"\n'
    assert recorded(shock + 'seller = "CHN"\n') == []
    assert recorded(shock + 'seller = "USA"\n') == [
        'a.toml:9: "mofcom-gac-2025-18" is a rule of China (CHN); '
        "leave the seller or the policy out"
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", ALL),
        ("magnets", (HEAVY, LIGHT)),
        ("heavy", (HEAVY,)),
        ("Dy", (HEAVY,)),
        ("with", (HEAVY,)),
        ("without", (LIGHT,)),
        ("outside magnets", (NDPR, TB)),
        ("Tb outside", (TB,)),
        ("NdPr", ()),
        ("a", ()),
    ],
)
def test_words_name_what_a_product_is_and_not_what_it_is_without(
    text: str, named: tuple[str, ...]
) -> None:
    assert products_named(text, ALL) == named


def test_a_product_is_meant_by_its_names_and_another_is_refused_with_those_there_are() -> None:
    printed = ("heavy magnets", "magnets without Dy or Tb", "Y in oxide")
    products = {product: product for product in printed}
    for product in products:
        assert name_meant("product", name_of(product), products) == product
        assert name_meant("product", product, products) == product
    with pytest.raises(UnknownNameError, match='no product "ore"; it tells of '):
        name_meant("product", "ore", products)


@pytest.mark.parametrize(
    ("kind", "label", "stage", "name"),
    [
        ("country", "China separation", "separation", "China separation"),
        ("site", "Kuantan", "separation", "Kuantan: separation"),
        ("site", "Kuantan", "separation + metal", "Kuantan: separation and metal"),
        ("firm", "Lynas", "", "Lynas"),
    ],
)
def test_a_line_of_the_chain_is_named_with_its_stage_once(
    kind: str, label: str, stage: str, name: str
) -> None:
    assert line_name(replace(candidate("mine/A"), kind=kind, label=label, stage=stage)) == name
