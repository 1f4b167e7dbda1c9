"""Conditions, recipes and names of grades as the rows give them, and as a reader sees them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.analysis.rules.conditions import (
    RuleCondition,
    read_conditions,
    read_starts,
    years_later,
)
from monazite.analysis.rules.judgements import asks, has
from monazite.analysis.rules.weighing import Between, Case, Whereabouts
from monazite.bom.grades import GradeNames, checked_pattern, read_grade_names
from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.store.opening import open_store
from tests.analysis.rules.cases import LOOSE
from tests.conftest import view_in_memory

CONDITIONS = read_conditions(open_store())


def of(rule: str, clause: str) -> dict[str, RuleCondition]:
    return {each.test: each for each in CONDITIONS if (each.rule, each.clause) == (rule, clause)}


def test_what_the_scope_of_an_act_holds_is_read_from_there() -> None:
    value = of("mofcom-61", "value-ndfeb")["value-share"]
    assert value.percent == 0.1
    assert value.ids("element") == {"Sm", "Dy", "Gd", "Tb", "Lu", "Sc", "Y"}
    assert "policy_scope/mofcom-2025-61-threshold-0.1" in value.ids("scope")
    old = of("dfars-7052", "old")
    assert old["family"].ids("type") == {"ndfeb", "smco"}
    assert old["made-in"].places == {"CHN", "RUS", "PRK", "IRN"}
    assert of("mofcom-18", "magnet")["family"].ids("type") == {"ndfeb"}


def test_a_start_hangs_on_an_act_that_was_not_found() -> None:
    starts = {start.row: start for start in read_starts(open_store())}
    label = starts["rule_starts/crma-28-implementing-act"]
    # read to 2026-11-28: adopted the next day at the earliest, and two years later
    assert [label.started(day) for day in ("2028-11-27", "2028-11-28")] == ["no", "perhaps"]
    share = starts["rule_starts/crma-29-delegated-act"]
    assert share.earliest == "2028-11-28"  # later than 2027-05-24
    firm = starts["rule_starts/crma-28-law-firm"]
    assert [firm.started(day) for day in ("2028-11-23", "2028-11-24")] == ["no", "perhaps"]


def test_years_later_ends_in_february() -> None:
    assert [years_later(*each) for each in (("2024-02-29", 2), ("2024-02-29", 4))] == [
        "2026-02-28",
        "2028-02-29",
    ]


BY_ROW = {each.row.removeprefix("rule_conditions/"): each for each in read_conditions(open_store())}
PLACES = {"CHN": "China", "DEU": "Germany", "JPN": "Japan"}


def said(name: str, case: Case) -> str:
    return has(BY_ROW[name], case, PLACES)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mofcom-18-tested-low-content", "Dy + Tb at most 0.1 % of mass"),
        (
            "mofcom-61-value-ndfeb-value-share",
            "Dy + Gd + Lu + Sc + Sm + Tb + Y from China at least 0.1 % of value",
        ),
        ("dfars-7052-old-made-in", "made in China, Iran, North Korea or Russia (alloy, magnet)"),
        ("dfars-7052-cots-new-magnet-share", "magnets below 50 % of the mass of the item"),
        ("crma-24-map-turnover", "turnover above 150,000,000 EUR a year"),
        ("crma-29-recycled-share-product-class", "a product that Article 28 lists"),
        (
            "china-lists-affiliates-owned-share",
            "a buyer or user owned at least 50 % by listed firms",
        ),
        ("china-lists-mofcom-2026-30-unread", "the text was not read"),
        ("mofcom-18-deep-processed-shipped-as", "crosses the border as assembly or product"),
    ],
)
def test_what_a_condition_asks(name: str, words: str) -> None:
    assert asks(BY_ROW[name]) == words


def test_what_an_item_has() -> None:
    assert said("mofcom-18-magnet-content", LOOSE) == "2 to 3 %"
    half = replace(LOOSE, content={"Dy": Between(0.02, 0.03)})
    assert said("mofcom-18-magnet-content", half) == "at least 2 %, Tb not known"
    assert said("mofcom-18-magnet-content", Case()) == "Dy and Tb not known"
    assert said("crma-24-map-content", Case()) == "7 of them not known"
    assert said("mofcom-18-magnet-leaves", LOOSE) == "from China to Germany"
    assert said("mofcom-61-value-ndfeb-made-in", LOOSE) == "magnet China"
    known = {
        ("alloy", ""): Whereabouts.only("JPN"),
        ("magnet", ""): Whereabouts(frozenset({"CHN"})),
    }
    found = said("dfars-7052-old-made-in", replace(LOOSE, stages=known))
    assert found == "alloy Japan; magnet China or elsewhere"
    assert said("dfars-7052-old-made-in", Case()) == "alloy not settled; magnet not settled"
    assert said("dfars-7052-old-fact", Case(facts={"us-defence": True})) == "yes"
    assert said("crma-29-recycled-share-magnet-mass", Case()) == "not known"
    assert said("crma-29-recycled-share-magnet-mass", Case(magnet_mass=Between(180, 210))) == (
        "180 to 210 g"
    )
    grams = Case(magnet_mass=Between(400, 400), item_mass=Between(1000, 1000))
    assert said("dfars-7052-cots-new-magnet-share", grams) == "40 %"


FOUND = view_in_memory().rules()


def test_every_condition_has_a_source_and_a_rule_of_the_list() -> None:
    assert [line.condition.row for line in FOUND if not line.sources] == []
    assert {line.condition.rule for line in FOUND} == {
        *("mofcom-18", "mofcom-61", "china-lists", "us-affiliates", "dfars-7052", "us-301"),
        *("crma-24", "crma-28", "crma-29"),
    }
    # by hand: 7 clauses of announcement 18, 10 of 61, 8 of lists, 1 of the affiliates, 8 of DFARS,
    # 1 of section 301, 4 of the act of the Union
    assert FOUND.headline().startswith("2026-11-24: 9 rules, 39 clauses, ")


def test_an_element_chooses_the_clauses_that_weigh_it_or_none() -> None:
    clauses = {
        (line.condition.rule, line.condition.clause) for line in view_in_memory().rules("Nd")
    }
    assert ("crma-24", "map") in clauses
    assert ("dfars-7052", "old") in clauses  # weighs none
    assert ("mofcom-18", "magnet") not in clauses
    assert ("mofcom-18", "smco") in clauses


def test_names_that_mean_nothing_are_all_said_at_once() -> None:
    with pytest.raises(UnknownNameError) as told:
        view_in_memory().rules("Xq", by="Atlantis")
    assert all(word in str(told.value) for word in ("Xq", "Atlantis"))


NAMES = read_grade_names(open_store())
GRADES = GradeNames(NAMES)


def test_a_pattern_matches_its_own_example() -> None:
    assert [name.row for name in NAMES if not name.matches(name.example)] == []


@pytest.mark.parametrize(
    ("name", "material", "certainty"),
    [
        ("N42SH", "ndfeb-sintered-magnet-sh", "sure"),
        ("n42 sh", "ndfeb-sintered-magnet-sh", "sure"),
        ("38UH", "ndfeb-sintered-magnet-uh", "likely"),
        ("40H", "ndfeb-sintered-magnet-h", "ambiguous"),
        ("SmCo 2:17", "sm2co17-magnet", "sure"),
        ("SmCo5", "smco5-magnet", "sure"),
        ("YX18", "smco5-magnet", "likely"),
        ("bonded NdFeB", "ndfeb-bonded-magnet", "sure"),
        ("钕铁硼", "ndfeb-magnet", "sure"),
    ],
)
def test_what_a_name_means(name: str, material: str, certainty: str) -> None:
    (found,) = GRADES.all(name)
    assert (found.material, found.certainty) == (material, certainty)


@pytest.mark.parametrize(
    ("name", "magnet_type"), [("Y30BH", "ferrite"), ("C8", "ferrite"), ("4140H", "none")]
)
def test_names_of_other_goods_are_known_as_such(name: str, magnet_type: str) -> None:
    (found,) = GRADES.all(name)
    assert (found.material, found.magnet_type) == ("", magnet_type)


@pytest.mark.parametrize(
    "name", ["", "N", "SH", "N420SH", "N42SH1", "42CrMo4", "S235JR", "1.4301", "H7", "x" * 10_000]
)
def test_what_is_no_grade_means_nothing(name: str) -> None:
    assert GRADES.all(name) == ()


@pytest.mark.parametrize("pattern", ["(A+)+B", "N.*", "N(", "[A-Z", "N{999}", "N\\d", "(A{9}){9}"])
def test_a_pattern_that_could_take_long_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(UnreadableError, match="grade_names/x: the pattern is not plain"):
        checked_pattern("grade_names/x", pattern)
