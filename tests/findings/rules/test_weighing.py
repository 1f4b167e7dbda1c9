"""Each test of a condition on its edges, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.findings.rules.conditions import RuleCondition, read_conditions
from monazite.findings.rules.truth import MISSING, NO, STRADDLES, YES, Truth, open_for, reasons_of
from monazite.findings.rules.weighing import compared, together, value_from, weigher
from monazite.triples.opening import open_store

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


def test_what_rests_on_no_fact_says_so() -> None:
    assert reasons_of(compared(0, 1, "above", 0.1, known=False)) == ("fact missing",)


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
    add_up = value_from(replace(asked, percent=0.1))
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
