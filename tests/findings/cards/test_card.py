"""Short cards: what a reader is told first, held against what the tables say."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.triples.entity_card import EntityCard
from monazite.triples.short_card import ShortCard
from tests.conftest import view_in_memory


@cache
def shown(name: str) -> EntityCard:
    return view_in_memory().show(name)


def card_of(name: str) -> ShortCard:
    card = shown(name).short
    assert card is not None
    return card


def told(name: str, heading: str) -> list[str]:
    return [fact.text for line in card_of(name).lines for fact in line.facts
            if line.heading == heading]  # fmt: skip


def test_a_mine_begins_with_its_state_on_the_day() -> None:
    assert card_of("mountain-pass").status == (
        "Mountain Pass mine and processing facility, California, United States. "
        "Operating, 24 Nov 2026"
    )


def test_what_a_mine_makes_and_how_much() -> None:
    (makes,) = told("mountain-pass", "Makes")
    assert "NdPr oxide" in makes
    assert "bastnaesite" not in makes  # goes in
    assert told("mountain-pass", "How much")[:2] == [
        "2025: 50,692 t REO rare earth mineral concentrate, 2,599 t NdPr oxide",
        "Planned: 200 t/yr dysprosium and terbium, 2026",
    ]


def test_owners_up_to_the_last_on_record() -> None:
    assert told("mountain-pass", "Owner")[:2] == [
        "MP Materials Corp. 100 %",
        "no majority holder of MP Materials Corp. found",
    ]
    assert told("la-rochelle", "Owner") == ["run by Solvay", "We found no owner."]


def test_buyers_that_ended_say_until_when() -> None:
    buyers = told("mountain-pass", "Buyers")
    assert "China, rare earth mineral concentrate, until Jul 2025" in buyers
    assert not [each for each in buyers if each.startswith("this")]


def test_rules_say_whom_they_are_aimed_at_the_newest_first() -> None:
    rules = told("mountain-pass", "Rules")
    assert rules[0].startswith("On the owner: Ten US entities on the export control list")
    assert "On the owner: DoD NdPr price floor for MP Materials, in force since 1 Oct 2025" in rules


def test_what_is_disputed_has_both_versions() -> None:
    assert "Restarted: 2010-12 or 2012-08-27" in told("mountain-pass", "Disputed")
    assert told("bukit-merah", "Disputed") == ["Closed: 1992 or 1994-01-19"]


def test_a_closed_plant_says_since_when() -> None:
    assert ". Closed since 19 Jan 1994, 24 Nov 2026" in card_of("bukit-merah").status


def test_a_firm_says_what_it_runs_and_whether_it_runs() -> None:
    assert "Mt Weld mine and concentration plant: mine, concentrate; operating" in told(
        "lynas", "Runs"
    )
    assert card_of("lynas").status == "Lynas Rare Earths Ltd, Australia. Company, 24 Nov 2026"


def test_a_ministry_says_what_it_issued_and_has_no_owner() -> None:
    assert told("mofcom", "Owner") == []
    assert "in force" in told("mofcom", "Issued")[0]


def test_an_act_has_its_steps_in_order() -> None:
    assert told("mofcom-2025-61", "Steps") == [
        "9 Oct 2025: announced",
        "9 Oct 2025: effective (items of Chinese origin)",
        "7 Nov 2025: suspended until 10 Nov 2026",
        "1 Dec 2025: effective (content and technology rules)",
    ]


def test_an_element_says_who_leads_by_the_figure_of_the_reports() -> None:
    first = view_in_memory().concentration("Dy").lines[0]
    (mine,) = [each for each in told("Dy", "Leads") if each.startswith("Mining")]
    assert mine.startswith(f"Mining: {first.leader_label} ")
    assert mine.endswith(str(first.year))
    assert told("Pm", "Leads") == ["We found no country shares."]
    (separation,) = told("Sc", "Leads")  # of its metal only a share of a wider group was found
    assert separation.startswith("Separation: ")


def test_a_country_says_the_last_year_and_no_forecast() -> None:
    assert told("CHN", "How much")[0].startswith("2025: 270,000 t REO")
    assert told("CHN", "Plants")[0].endswith("recorded as running; records incomplete")


def test_a_material_has_its_last_price() -> None:
    (price,) = told("dysprosium-oxide", "Price")
    assert price == "5 Feb 2026, 1,390,000 to 1,410,000 yuan per t, Domestic, China"


def test_a_share_has_its_number_its_whole_and_what_it_stands_for() -> None:
    assert told("dysprosium", "How much") == [
        "2025: China up to 99.9 % of world refined output "
        "(separation; of dysprosium and terbium together)",
        "2024: China 98 % of world refined output (separation)",
        "2023: China 100 % of world supply (separation; proxy of rare earths)",
    ]
    for name in ("samarium", "terbium", "neodymium", "scandium"):
        assert all(" %" in each for each in told(name, "How much")), name


def test_a_multiple_of_an_untold_price_is_no_price() -> None:
    assert told("samarium", "Price") == []


def test_a_material_of_no_stage_names_none() -> None:
    assert card_of("dysprosium").status == "Dysprosium, 24 Nov 2026"
    assert card_of("dysprosium-oxide").status.count(". ") == 1


def test_a_holder_whose_share_is_not_on_record_says_so() -> None:
    above = told("lynas-malaysia", "Owner")
    assert "Sojitz holds a part of Lynas Rare Earths Ltd, share not found" in above
    assert above[0] == "Lynas Rare Earths Ltd controls Lynas Malaysia, share not found"


def test_a_firm_that_runs_nothing_more_says_until_when_and_when_its_records_end() -> None:
    assert told("molycorp", "Runs") == []
    ran = told("molycorp", "Ran")
    assert ran[0].endswith("separation, concentrate, mine; until 2015")
    assert ran[-1] == "Santoku America alloy plant: alloy, metal; we found no dates"
    assert told("molycorp", "Records") == ["We found no dated record of it after Jul 2017."]
    assert told("lynas", "Ran") == []


def test_what_else_has_the_name_is_told() -> None:
    assert told("bayan-obo", "See also") == ["deposit/bayan-obo (Bayan Obo mine)"]


@pytest.mark.parametrize(
    "name",
    ["mountain-pass", "lynas", "mofcom-2025-61", "CHN", "Dy", "dysprosium-oxide", "bastnaesite"],
)
def test_sources_have_an_address_and_no_internal_word_is_said(name: str) -> None:
    card = card_of(name)
    assert card.sources
    text = shown(name).to_text()
    for word in ("form not stated", "this to", "tier ", "row "):
        assert word not in text.partition("\nData:")[0], word
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 80
    for source in card.sources:
        assert source.url
        assert source.url in text
