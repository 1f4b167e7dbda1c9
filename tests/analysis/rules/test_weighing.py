"""Three values, ranges of a case, and each test of a condition on its edges, by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.rules.conditions import RuleCondition, read_conditions
from monazite.analysis.rules.weighing import (
    DIFFERS,
    MISSING,
    NO,
    STATUS,
    STRADDLES,
    UNREAD,
    YES,
    Between,
    Case,
    Truth,
    Whereabouts,
    all_of,
    any_of,
    compared,
    negated,
    open_for,
    outcome_of,
    reasons_of,
    together,
    value_from,
    value_shares,
    weigher,
)
from monazite.store.opening import open_store

OPEN_ONE = open_for(MISSING)
TRUTHS = st.sampled_from(
    [NO, YES, *map(open_for, (MISSING, STRADDLES, STATUS, UNREAD)), open_for(MISSING, UNREAD)]
)


def settled(truth: Truth) -> set[Truth]:
    return {truth} if truth in (YES, NO) else {YES, NO}


def test_the_tables_of_three_values() -> None:
    # rows and columns: no, open, yes (Kleene 1952, section 64: strong and, or)
    three = (NO, OPEN_ONE, YES)
    assert [[all_of((a, b)) for b in three] for a in three] == [
        [NO, NO, NO],
        [NO, OPEN_ONE, OPEN_ONE],
        [NO, OPEN_ONE, YES],
    ]
    assert [[any_of((a, b)) for b in three] for a in three] == [
        [NO, OPEN_ONE, YES],
        [OPEN_ONE, OPEN_ONE, YES],
        [YES, YES, YES],
    ]
    assert [negated(each) for each in three] == [YES, OPEN_ONE, NO]


@given(st.lists(TRUTHS, max_size=5))
def test_what_is_open_could_turn_out_either_way(truths: list[Truth]) -> None:
    if all_of(truths) not in (YES, NO):
        assert NO not in truths
        assert any(len(settled(truth)) == 2 for truth in truths)
    if any_of(truths) not in (YES, NO):
        assert YES not in truths


@given(st.lists(TRUTHS, max_size=5))
def test_reasons_are_those_of_what_is_open(truths: list[Truth]) -> None:
    wanted = {reason for truth in truths if truth not in (YES, NO) for reason in reasons_of(truth)}
    for found in (all_of(truths), any_of(truths)):
        if found not in (YES, NO):
            assert set(reasons_of(found)) == wanted


@given(st.lists(TRUTHS, max_size=5))
def test_the_contrary_of_all_is_one_of_the_contraries(truths: list[Truth]) -> None:
    assert negated(all_of(truths)) == any_of(map(negated, truths))


def test_only_a_text_that_nobody_read_is_not_judged() -> None:
    assert outcome_of(open_for(UNREAD)) == "not judged"
    assert outcome_of(open_for(UNREAD, STATUS)) == "may"
    assert outcome_of(open_for(MISSING)) == "may"
    assert (outcome_of(YES), outcome_of(NO)) == ("caught", "not")


def test_a_layer_that_differs_keeps_its_own_outcome() -> None:
    assert outcome_of(NO | DIFFERS) == "not"
    assert outcome_of(YES | DIFFERS) == "caught"
    assert reasons_of(NO | DIFFERS) == ("guidance differs",)


MAGNET = Between(60, 60)  # US dollars for a kilogram of a magnet
DYSPROSIUM = Between(250, 1000)  # US dollars for a kilogram of dysprosium metal


@pytest.mark.parametrize(
    ("low", "high"), [(0.2, 0.1), (-0.1, 0.1), (0.0, math.inf), (math.nan, 1.0)]
)
def test_what_is_no_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="end"):
        Between(low, high)


def test_a_few_grams_reach_it_in_a_drive_unit() -> None:
    # 0.1 % of 1,450 USD is 1.45 USD: 1.45 g at 1,000 USD/kg, 5.8 g at 250 USD/kg; a unit of 80 kg
    unit = Between(1450 / 80, 1450 / 80)
    for grams, price in ((1.45, 1000), (5.8, 250)):
        mass = Between(grams / 80_000, grams / 80_000)
        share = value_shares({"Dy": mass}, {"Dy": Between(price, price)}, unit)["Dy"]
        assert share.low == pytest.approx(0.001)


def test_a_range_of_prices_gives_a_range_of_shares() -> None:
    share = value_shares({"Dy": Between(0.0005, 0.0005)}, {"Dy": DYSPROSIUM}, MAGNET)["Dy"]
    assert (share.low, share.high) == pytest.approx((0.125 / 60, 0.5 / 60))


def test_a_share_of_value_is_never_more_than_the_whole() -> None:
    dear = value_shares({"Dy": Between(0.5, 0.5)}, {"Dy": DYSPROSIUM}, Between(1, 1))
    assert dear["Dy"] == Between(1, 1)


def test_what_has_no_price_has_no_share_and_a_price_of_nothing_is_refused() -> None:
    assert value_shares({"Tb": Between(0, 0.1)}, {"Dy": DYSPROSIUM}, MAGNET) == {}
    with pytest.raises(ValueError, match="above 0"):
        value_shares({"Dy": Between(0, 0.1)}, {"Dy": DYSPROSIUM}, Between(0, 1))


def test_a_stage_of_one_element_goes_before_that_of_all() -> None:
    china, japan = Whereabouts.only("CHN"), Whereabouts.only("JPN")
    case = Case(stages={("metal", ""): japan, ("metal", "Dy"): china})
    assert case.where("metal", "Dy") == china
    assert case.where("metal", "Nd") == japan
    assert case.where("mine", "Nd") is None
    assert list(case.all_where("metal")) == [japan, china]
    assert list(Case(stages={("metal", "Dy"): china}).all_where("metal")) == [china, None]


OPEN, STRADDLING = open_for(MISSING), open_for(STRADDLES)
PLAIN = next(each for each in read_conditions(open_store()) if each.clause == "tested-low")


def asking(test: str, comparison: str = "is", **kinds: str) -> RuleCondition:
    named = {kind.replace("_", "-"): dict.fromkeys(ids.split(), "") for kind, ids in kinds.items()}
    return replace(PLAIN, test=test, comparison=comparison, named=named, percent=None, value=None)


def weighed(condition: RuleCondition, **known: object) -> Truth:
    return weigher(condition)(replace(Case(), **known))  # type: ignore[arg-type]


def some(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("low", "high", "above", "at_least", "at_most", "below"),
    [
        (0.0, 0.0, NO, NO, YES, YES),
        (0.1, 0.1, NO, YES, YES, NO),
        (0.2, 0.3, YES, YES, NO, NO),
        (0.0, 0.1, NO, STRADDLING, YES, STRADDLING),
        (0.1, 0.2, STRADDLING, YES, STRADDLING, NO),
        (0.0, 0.2, STRADDLING, STRADDLING, STRADDLING, STRADDLING),
    ],
)
def test_a_range_against_a_limit(
    low: float, high: float, above: int, at_least: int, at_most: int, below: int
) -> None:
    found = [compared(low, high, each, 0.1) for each in ("above", "at-least", "at-most", "below")]
    assert found == [above, at_least, at_most, below]


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["above", "at-least"]))
def test_a_number_is_above_or_at_most_never_both(number: float, limit: float, way: str) -> None:
    other = {"above": "at-most", "at-least": "below"}[way]
    found = {compared(number, number, each, limit) for each in (way, other)}
    assert found == {YES, NO}


def test_shares_of_elements_add_up_and_what_is_unknown_may_be_all() -> None:
    shares = {"Dy": Between(0.0006, 0.0006), "Tb": Between(0.0004, 0.0004)}
    assert together(shares, ["Dy", "Tb"]) == pytest.approx((0.001, 0.001, True))
    low = asking("content", "at-most", element="Dy Tb")
    low = replace(low, percent=0.1)
    assert weighed(low, content=shares) == YES
    assert weighed(low, content={"Dy": Between(0.0006, 0.0006)}) == OPEN
    assert weighed(low, content={"Dy": Between(0.002, 0.003)}) == NO  # whatever the terbium
    assert weighed(low, content={**shares, "Dy": Between(0.0005, 0.0007)}) == STRADDLING


def test_what_may_be_several_things_is_open() -> None:
    family = asking("family", type="ndfeb smco")
    assert weighed(family, magnet_types=some("ndfeb")) == YES
    assert weighed(family, magnet_types=some("ndfeb", "smco")) == YES
    assert weighed(family, magnet_types=some("ferrite")) == NO
    assert weighed(family, magnet_types=some("ndfeb", "ferrite")) == OPEN
    assert weighed(family) == OPEN
    assert weighed(asking("form", form="oxide"), forms=some("metal")) == NO
    assert weighed(asking("shipped-as", shipped_as="assembly"), shipped_as=some("magnet")) == NO


def test_the_way_of_an_item() -> None:
    leaves = asking("leaves", place="CHN")
    assert weighed(leaves, ships_from=some("CHN"), destination=some("DEU")) == YES
    assert weighed(leaves, ships_from=some("CHN"), destination=some("CHN")) == NO
    assert weighed(leaves, ships_from=some("VNM")) == NO
    assert weighed(leaves, destination=some("DEU")) == OPEN
    onward = asking("onward", place="CHN")
    assert weighed(onward, ships_from=some("VNM"), destination=some("DEU")) == YES
    assert weighed(onward, ships_from=some("DEU"), destination=some("DEU")) == NO
    assert weighed(onward, ships_from=some("CHN"), destination=some("DEU")) == NO
    assert weighed(onward, ships_from=some("VNM"), destination=some("CHN")) == NO
    assert weighed(onward, ships_from=some("VNM", "DEU"), destination=some("DEU")) == OPEN
    goes = asking("goes-to", place="EUE", member="DEU FRA")
    assert weighed(goes, destination=some("FRA")) == YES
    assert weighed(goes, destination=some("USA")) == NO


def test_where_a_stage_lies() -> None:
    china = asking("made-in", place="CHN", stage="metal magnet")
    known = {("metal", ""): Whereabouts.only("JPN"), ("magnet", ""): Whereabouts.only("VNM")}
    assert weighed(china, stages=known) == NO
    assert weighed(china, stages={**known, ("metal", "Dy"): Whereabouts.only("CHN")}) == YES
    assert weighed(china, stages={("magnet", ""): Whereabouts.only("VNM")}) == OPEN
    either = Whereabouts(perhaps=some("CHN", "JPN"))
    assert weighed(china, stages={**known, ("metal", ""): either}) == OPEN
    both = Whereabouts.only("CHN", "JPN")
    assert weighed(china, stages={**known, ("metal", ""): both}) == YES
    no_stage = Whereabouts(perhaps=some())
    assert weighed(china, stages={**known, ("metal", ""): no_stage}) == NO
    assert weighed(replace(china, comparison="is-not"), stages=known) == YES
    own = asking("made-in", place="CHN")
    assert weighed(own, made_in=Whereabouts.only("CHN")) == YES
    assert weighed(own, stages=known) == OPEN


def test_value_counts_only_what_comes_from_a_place() -> None:
    asked = asking("value-share", "at-least", element="Dy Tb", place="CHN", stage="metal")
    add_up = partial(value_from, replace(asked, percent=0.1))
    shares = {"Dy": Between(0.02, 0.03), "Tb": Between(0.01, 0.01)}
    china, japan = Whereabouts.only("CHN"), Whereabouts.only("JPN")

    def counted(dy: Whereabouts, tb: Whereabouts) -> tuple[float, float, bool]:
        stages = {("metal", "Dy"): dy, ("metal", "Tb"): tb}
        return add_up(Case(value_share=shares, stages=stages))

    assert counted(china, china) == (0.03, 0.04, True)
    assert counted(china, japan) == (0.02, 0.03, True)
    assert counted(japan, japan) == (0, 0, True)
    assert counted(Whereabouts.only("CHN", "JPN"), japan) == (0, 0.03, True)
    assert counted(Whereabouts(perhaps=some("CHN", "JPN")), japan) == (0, 0.03, True)
    assert add_up(Case(value_share=shares)) == (0, 0.04, False)
    free = {"Dy": Between(0, 0), "Tb": Between(0, 0)}
    assert add_up(Case(content=free)) == (0, 0, True)


def test_masses_numbers_facts_and_classes() -> None:
    half = replace(asking("magnet-share", "below"), percent=50.0)
    assert weighed(half, magnet_mass=Between(4, 4), item_mass=Between(10, 10)) == YES
    assert weighed(half, magnet_mass=Between(4, 6), item_mass=Between(10, 10)) == STRADDLING
    assert weighed(half, magnet_mass=Between(4, 6)) == OPEN
    assert weighed(half, magnet_mass=Between(4, 4), item_mass=Between(0, 10)) == STRADDLING
    staff = replace(asking("staff", "above"), value=500.0)
    assert [weighed(staff, staff=Between(n, n)) for n in (500, 501)] == [NO, YES]
    assert weighed(staff) == OPEN
    fact = replace(asking("fact"), fact="cots")
    assert [weighed(fact, facts=each) for each in ({"cots": True}, {"cots": False}, {})] == [
        YES,
        NO,
        OPEN,
    ]
    product = asking("product-class", **{"class": "a b"})
    assert weighed(product, classes=some("b", "x")) == YES
    assert weighed(product, classes=some()) == NO
    assert weighed(product) == OPEN


def test_a_party_is_listed_by_its_id_or_by_who_has_looked() -> None:
    listed = replace(asking("party", party="aveox"), policy="list")
    assert weighed(listed, parties=some("aveox")) == YES
    assert weighed(listed, parties=some("other")) == OPEN
    assert weighed(listed, listed_on=some("list")) == YES
    assert weighed(listed, listed_on=some("another")) == NO
