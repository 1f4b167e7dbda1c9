"""Rules held against the lines of a bill: the border form by hand, and what is not said is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.bills.bill import Bill, BillSupplier, StatedContent, line
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.findings.exposure.borders import Borders, made_shares
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.exposure import (
    Exposure,
    country_codes,
    find_exposure,
    known_materials,
)
from monazite.findings.exposure.judged_lines import LineJudgement, judge_lines, strongest
from monazite.findings.exposure.line_cases import LineCases
from monazite.findings.rules.case import Between, Case
from monazite.findings.rules.compiled import CompiledRules, compile_rules
from monazite.triples.names import Entity
from monazite.triples.opening import open_store
from monazite.triples.queries import ask
from monazite.triples.store import Store

UNION = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
DAYS = ("2025-03-31", "2025-04-04", "2025-10-10", "2026-12-02")


def made(country: str) -> tuple[BillSupplier, ...]:
    return (BillSupplier("Somebody", made_in=country),)


def motor(magnets: str, rotor: str, *, dysprosium: float = 3.0) -> Bill:
    """A motor of unknown make with a rotor, and magnets in it."""
    top = line("motor")
    built = line("rotor", suppliers=made(rotor), above=(0,))
    magnet = replace(
        line(
            *("magnet", 8),
            mass=20,
            material="NdFeB",
            suppliers=made(magnets),
            contents=(StatedContent("Dy", dysprosium, dysprosium, "tested"),),
            above=(1,),
        ),
        row=3,
    )
    return Bill("motor.csv", "", (top, built, magnet))


def judged(store: Store, bill: Bill, market: Entity = UNION) -> dict[tuple[str, str], list[str]]:
    return {
        (x.rule, x.layer): [x.outcomes[day] for day in DAYS] for x in found(store, bill, market)
    }


def found(store: Store, bill: Bill, market: Entity = UNION) -> tuple[LineJudgement, ...]:
    shown: Exposure = find_exposure(store, bill, market)
    rules, materials, country = known_of(store)
    return judge_lines(rules, bill, shown.lines, materials, shown.market, country)


@cache
def known_of(store: Store) -> tuple[CompiledRules, Materials, Callable[[str], str]]:
    """What every bill is held against, compiled once."""
    return compile_rules(store, DAYS), known_materials(store), country_codes(store)


def test_a_magnet_that_leaves_china_loose_is_caught_from_the_day_of_the_rule(store: Store) -> None:
    told = judged(store, motor("China", "Germany"))
    for layer in ("text", "guidance", "practice"):
        assert told["mofcom-18", layer][:2] == ["not", "caught"]
        assert told["mofcom-18", layer][3] == "caught"


def test_mounted_in_china_it_is_inside_by_the_text_and_outside_by_the_guidance(
    store: Store,
) -> None:
    told = judged(store, motor("China", "China"))
    assert told["mofcom-18", "text"][3] == "caught"
    assert told["mofcom-18", "guidance"][3] in {"not", "may"}  # the motor may be made there too
    assert told["mofcom-18", "practice"][3] == "caught"


def test_little_dysprosium_passes_by_practice_alone(store: Store) -> None:
    told = judged(store, motor("China", "Germany", dysprosium=0.05))
    assert told["mofcom-18", "text"][3] == "caught"
    assert ("mofcom-18", "practice") not in told or told["mofcom-18", "practice"][3] != "caught"


@pytest.mark.parametrize("country", ["", "Nowhere at all"])
def test_where_it_is_made_is_open_unless_the_bill_says_so(store: Store, country: str) -> None:
    told = judged(store, motor(country, "Germany"))
    assert told["mofcom-18", "text"][1:] == ["may", "may", "may"]


def test_the_country_of_a_supplier_is_not_where_it_is_made(store: Store) -> None:
    bill = motor("", "Germany")
    seller = (BillSupplier("Somebody", country="Japan"),)
    bill = replace(bill, lines=(*bill.lines[:2], replace(bill.lines[2], suppliers=seller)))
    assert judged(store, bill)["mofcom-18", "text"][1] == "may"


def test_a_magnet_made_elsewhere_is_not_under_announcement_18(store: Store) -> None:
    """Unless a motor of unknown make brings it into China and out again."""
    bill = motor("Japan", "Germany")
    assert judged(store, bill)["mofcom-18", "text"][1] == "may"
    assert ("mofcom-18", "text") not in judged(store, with_makers(bill, "Germany"))


def with_makers(bill: Bill, *makers: str) -> Bill:
    """A bill of which it is said where its first lines are made."""
    lines = [replace(x, made_in=each) for x, each in zip(bill.lines, makers, strict=False)]
    return replace(bill, lines=(*lines, *bill.lines[len(lines) :]))


@pytest.mark.parametrize("magnets", ["", "Japan", "China"])
def test_what_leaves_china_in_a_motor_is_caught_wherever_it_was_made(
    store: Store, magnets: str
) -> None:
    """A Japanese rotor and a German car: China lies in the middle of the way."""
    top, rotor, magnet = motor(magnets, "China").lines
    car = Bill("car.csv", "", (replace(top, made_in="Germany"), rotor, magnet))
    told = {layer: x for (rule, layer), x in judged(store, car).items() if rule == "mofcom-18"}
    assert told == {
        "text": ["not", "caught", "caught", "caught"],
        "guidance": ["not", "caught", "not", "not"],
        "practice": ["not", "caught", "caught", "caught"],
    }
    each = next(
        x for x in found(store, car) if (x.rule, x.layer) == ("mofcom-18", "guidance")
    )  # fmt: skip
    assert any(sentence.startswith("Taken out where") for sentence in each.because)
    unsaid = judged(store, replace(car, lines=(top, *car.lines[1:])))
    assert unsaid["mofcom-18", "text"] == told["text"]


PLACES = st.sampled_from(["", "China", "Germany", "Japan", "USA", "China; Germany"])


@settings(max_examples=60, deadline=None)
@given(
    makers=st.lists(PLACES, min_size=2, max_size=5),
    at=st.integers(0, 4),
    fact=st.sampled_from(["China", "Germany", "Japan", "USA"]),
    market=st.sampled_from(["EUE", "USA", "CHN", "WLD"]),
)
def test_one_true_fact_more_never_undoes_what_is_caught_or_left_out(
    makers: list[str], at: int, fact: str, market: str
) -> None:
    """Of rules without an exemption by the way: what leaves China did, and what did not did not."""
    at %= len(makers)
    makers[at] = ""
    rules, *_ = known_of(open_store())

    def outcomes(said: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
        lines = [
            replace(line(f"part {x}", above=(x - 1,) if x else ()), made_in=made)
            for x, made in enumerate(said)
        ]
        borders = Borders(Bill("b.csv", "", tuple(lines)), market, _CODES.__getitem__)
        [way] = borders.ways(len(said) - 1)
        magnet = Case(
            magnet_types=frozenset({"ndfeb"}),
            forms=frozenset({"magnet"}),
            content={"Dy": Between(0.03, 0.03), "Tb": Between(0.0, 0.0)},
        )
        parts = made_shares(lines[-1], _CODES.__getitem__)
        each = [
            rules.judge(
                crossing.at(
                    replace(
                        magnet,
                        made_in=part.made,
                        stages={("magnet", ""): part.made} if part.made else {},
                    )
                )
            )
            for part in parts
            for crossing in borders.crossings(part.made, way, magnet=True)
        ]
        return {
            (first.rule, first.layer): strongest(x[at].outcomes for x in each)
            for at, first in enumerate(each[0])
            if first.layer == "text"
        }

    before = outcomes(makers)
    after = outcomes([fact if place == at else made for place, made in enumerate(makers)])
    for rule, days in before.items():
        for was, now in zip(days, after[rule], strict=True):
            assert was == now or was not in ("caught", "not"), (rule, makers, fact)


_CODES = {"": "", "China": "CHN", "Germany": "DEU", "Japan": "JPN", "USA": "USA"}


def test_the_arithmetic_is_told_and_its_rows_are_those_of_conditions(store: Store) -> None:
    each = next(
        x for x in found(store, motor("China", "Germany"))
        if (x.rule, x.layer) == ("mofcom-18", "text")
    )  # fmt: skip
    assert each.sheet_row == 3
    assert any("3 %" in sentence for sentence in each.because)
    assert all(row.startswith("rule_conditions/") for row in each.rows)


@pytest.mark.parametrize("other", ["USA", "", "Germany"])
def test_of_two_sources_each_is_judged_and_the_share_is_told(store: Store, other: str) -> None:
    """Sixty per cent from China surely need the licence, whatever the rest is."""
    one = with_makers(motor("China", "Germany"), "Germany")

    def sourced(split: float) -> Bill:
        two = (
            BillSupplier("Somebody", made_in="China", split=split),
            BillSupplier("Other", made_in=other, split=1 - split),
        )
        return replace(one, lines=(*one.lines[:2], replace(one.lines[2], suppliers=two)))

    both = {
        (x.rule, x.layer): x for x in found(store, sourced(0.6)) if x.rule == "mofcom-18"
    }  # fmt: skip
    for layer in ("text", "guidance", "practice"):
        each = both["mofcom-18", layer]
        assert [each.outcomes[day] for day in DAYS] == judged(store, one)["mofcom-18", layer]
        assert each.because[-1] == "This holds for the 60 % from China."
        assert each.reasons == ()
    nothing = judged(store, sourced(0.0)).get(("mofcom-18", "text"))
    assert nothing == (["not", "may", "may", "may"] if other == "" else None)


def test_what_a_buyer_says_once_settles_every_line(store: Store) -> None:
    """Not for US defence: no DFARS; a large firm with a listed product: CRMA 24."""
    bill, shown = motor("China", "Germany"), find_exposure(store, motor("China", "Germany"), UNION)
    told = BuyerProfile(
        staff=900,
        turnover=2e8,
        classes=("article-24-traction-motors",),
        facts={"us-defence": False, "works-in-eu": True, "named-by-state": True},
    )

    def outcomes(profile: BuyerProfile) -> dict[str, str]:
        rules = compile_rules(store, ["2026-12-02"])
        found = judge_lines(
            *(rules, bill, shown.lines, known_materials(store), shown.market),
            *(country_codes(store), profile),
        )
        return {x.rule: x.outcomes["2026-12-02"] for x in found if x.layer == "text"}

    before, after = outcomes(NO_PROFILE), outcomes(told)
    assert (before["dfars-7052"], after.get("dfars-7052")) == ("may", None)
    assert (before["crma-24"], after["crma-24"]) == ("may", "caught")
    small = outcomes(replace(told, staff=100))
    assert "crma-24" not in small
    assert after["mofcom-18"] == before["mofcom-18"]


@pytest.mark.whole
def test_the_class_of_a_product_is_that_of_what_is_in_it_and_no_word_on_other_lists(
    store: Store,
) -> None:
    """A traction motor is on the list of Article 24; Article 28 stays open, and none closes it."""
    bill, company = motor("China", "Germany"), {"works-in-eu": True, "named-by-state": True}

    def outcomes(product: tuple[str, ...], said: tuple[str, ...] = ()) -> dict[str, str]:
        lines = (replace(bill.lines[0], classes=product), *bill.lines[1:])
        named = replace(bill, lines=lines)
        shown = find_exposure(store, named, UNION)
        told = judge_lines(
            *(compile_rules(store, ["2028-12-31"]), named, shown.lines, known_materials(store)),
            *(shown.market, country_codes(store)),
            BuyerProfile(staff=900, turnover=2e8, classes=said, facts=company),
        )
        return {
            x.rule: x.outcomes["2028-12-31"] for x in told if x.layer == "text" and x.sheet_row == 3
        }

    motors = ("article-24-traction-motors",)
    assert (outcomes(())["crma-24"], outcomes(motors)["crma-24"]) == ("may", "caught")
    assert outcomes(motors)["crma-28"] == outcomes(())["crma-28"] == "may"
    assert outcomes((), motors) == outcomes(motors)
    assert outcomes((), ("article-28-electric-motors",))["crma-24"] == "may"
    assert {"crma-24", "crma-28"}.isdisjoint(outcomes((), ("none",)))


def test_how_it_reaches_the_buyer_may_be_said(store: Store) -> None:
    """Of a motor of unknown make the magnet may leave China as such, in a part or in the motor."""
    bill = motor("China", "")
    borders = Borders(bill, "EUE", country_codes(store))
    [way] = borders.ways(2)
    lines = find_exposure(store, bill, UNION).lines

    def shipped(profile: BuyerProfile) -> list[set[str]]:
        cases = LineCases(bill, lines, known_materials(store), profile)
        china = frozenset({"CHN"})
        found = [x for x in cases.at(2, borders, way) if x.ships_from == china]
        return [{*(x.shipped_as or ())} for x in found]

    every = {"magnet", "assembly", "product"}
    assert shipped(NO_PROFILE) == [{"magnet"}, every]
    assert shipped(BuyerProfile(shipped_as=("magnet",))) == [{"magnet"}, {"magnet"}]
    assert shipped(BuyerProfile(shipped_as=("assembly",))) == [{"assembly"}]


def two_rotors(first: str, second: str) -> Bill:
    """A motor with two rotors of the same magnet, which are made in two countries."""
    bill = motor("China", first)
    top, rotor, magnet = bill.lines
    other = line("other rotor", suppliers=made(second), above=(0,))
    lines = (replace(top, made_in="Germany"), rotor, replace(magnet, above=(1, 3)), other)
    return replace(bill, lines=lines)


def test_a_part_of_two_assemblies_is_judged_each_way(store: Store) -> None:
    """By guidance a magnet that leaves China in a rotor is outside, and loose it is caught."""
    each = next(
        x for x in found(store, two_rotors("China", "Germany"))
        if (x.rule, x.layer, x.sheet_row) == ("mofcom-18", "guidance", 3)
    )  # fmt: skip
    assert [(way.through, way.outcomes["2026-12-02"]) for way in each.ways] == [
        ("rotor in motor", "not"),
        ("other rotor in motor", "caught"),
    ]
    assert each.outcomes["2026-12-02"] == "caught"  # what catches most
    turned = judged(store, two_rotors("Germany", "China"))
    assert turned == judged(store, two_rotors("China", "Germany"))
    same = found(store, two_rotors("China", "China"))
    assert [x.ways for x in same if x.ways] == []  # the ways do not differ


def test_of_more_ways_than_are_told_apart_none_is_known(store: Store) -> None:
    """A magnet in 60 rotors of 60 countries: nothing is settled by the first of them."""
    codes = sorted(x["id"] for x in ask(store, "network-places"))[:60]
    rotors = [line(f"rotor {each}", suppliers=made(each), above=(0,)) for each in codes]
    magnet = replace(motor("China", "").lines[2], above=tuple(range(1, 61)))
    bill = Bill("b.csv", "", (line("motor"), *rotors, magnet))
    assert judged(store, bill)["mofcom-18", "text"][3] == "may"


def test_what_china_takes_back_left_it_first(store: Store) -> None:
    """A car made in Germany of Chinese magnets and sold in China: they left China for Germany."""
    china = Entity("https://w3id.org/monazite/id/country/CHN", "China", frozenset())
    told = judged(store, motor("China", "Germany"), china)
    assert told["mofcom-18", "text"][3] == "caught"


def test_goods_of_chinese_origin_are_caught_where_they_are_sent_on(store: Store) -> None:
    """Announcement 61 on 2025-10-10: a German motor of Chinese magnets goes to America."""
    usa = Entity("https://w3id.org/monazite/id/country/USA", "United States", frozenset())
    told = judged(store, motor("China", "Germany"), usa)
    assert told["mofcom-61", "text"][2] in {"caught", "may"}


def test_a_layer_that_leaves_a_line_out_is_told_beside_the_text(store: Store) -> None:
    told = judged(store, motor("China", "China"))
    assert {layer for rule, layer in told if rule == "mofcom-18"} == {
        *("text", "guidance", "practice")
    }


@pytest.mark.parametrize("place", ["World", "Rest of the world"])
def test_made_anywhere_is_not_made_elsewhere(store: Store, place: str) -> None:
    assert judged(store, motor(place, "Germany"))["mofcom-18", "text"][1] == "may"


def test_who_makes_it_is_read_where_no_supplier_is_named(store: Store) -> None:
    bill = motor("China", "Germany")
    lines = [replace(x, suppliers=(), made_in=(x.suppliers or made(""))[0].made_in)
             for x in bill.lines]  # fmt: skip
    assert judged(store, replace(bill, lines=tuple(lines))) == judged(store, bill)


def test_a_stated_content_counts_without_a_mass(store: Store) -> None:
    bill = motor("China", "Germany")
    light = replace(bill.lines[2], mass=None)
    told = judged(store, replace(bill, lines=(*bill.lines[:2], light)))
    assert told["mofcom-18", "text"][1] == "caught"


def test_masses_are_those_of_the_product(store: Store) -> None:
    """64 magnets of 40 g are 2.56 kg, which Article 29 counts together."""
    bill = motor("China", "Germany")
    many = replace(bill.lines[2], quantity=64, mass=40)
    profile = BuyerProfile(classes=("article-28-vehicles",))
    found = {
        count: {
            x.rule
            for x in judge_lines(
                *(compile_rules(store, ["2029-02-03"]), each, shown.lines, known_materials(store)),
                *("EUE", country_codes(store), profile),
            )
        }
        for count, each in ((64, replace(bill, lines=(*bill.lines[:2], many))), (8, bill))
        for shown in [find_exposure(store, each, UNION)]
    }
    assert "crma-29" in found[64]
    assert "crma-29" not in found[8]  # 160 g


def test_a_ferrite_is_a_magnet_without_rare_earths(store: Store) -> None:
    """Of ferrite and AlNiCo no rule on rare earths asks; the duty on magnets and the label do."""
    usa = Entity("https://w3id.org/monazite/id/country/USA", "United States", frozenset())
    bill = motor("China", "Germany")
    for said, kind in (("Ferrit Y30", "ferrite"), ("AlNiCo 5", "alnico")):
        one = replace(bill.lines[2], material=said, contents=())
        other = replace(bill, lines=(*bill.lines[:2], one))
        shown = find_exposure(store, other, usa).lines[2]
        assert (shown.magnet_type, shown.not_known) == (
            *(kind, "a magnet of a kind without rare earths"),
        )
        rules = {rule for rule, _ in judged(store, other, usa)}
        assert rules.isdisjoint({"mofcom-18", "mofcom-61", "dfars-7052", "crma-24"})
        there = replace(other, lines=(*motor("China", "USA").lines[:2], one))
        assert judged(store, there, usa)["us-301", "text"][3] == "not judged"  # it was not read
    held = replace(bill.lines[2], material="La-Co Ferrit Y40", contents=())
    shown = find_exposure(store, replace(bill, lines=(*bill.lines[:2], held)), usa).lines[2]
    assert shown.not_known == "no record gives what its material holds"  # of lanthanum
