"""Short cards, held against what the tables say, and rows as phrases."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.analysis.cards import amount, best, lasts, line, of_table
from monazite.store.cards import RowCard, SourceLine
from monazite.store.entity_card import CardFact, EntityCard, ShortCard
from tests.conftest import view_in_memory


def row(time: str = "", table: str = "capacity", **cells: str) -> RowCard:
    return RowCard(f"{table}/{time or 'x'}", table, "", time, "", (), cells)


def source(name: str, tier: str, published: str = "2024", url: str = "https://a.org") -> SourceLine:
    return SourceLine(name, name, name, published, tier, url)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"value": "50692", "unit": "tonnes per year", "basis": "Rare-earth oxide content"},
         "50,692 t/yr REO"),
        ({"percent_low": "84", "unit": "percent"}, "at least 84 %"),
        ({"percent": "84.4", "unit": "percent"}, "84.4 %"),
        ({"unit": "percent"}, ""),
        ({"value_high": "4000", "unit": "tonnes per year"}, "up to 4,000 t/yr"),
        ({"value_low": "1", "value_high": "2.5", "unit": "tonnes"}, "1 to 2.5 t"),
        ({"value": "56.83961909", "unit": "thousand tonnes"}, "56.8 thousand t"),
        ({"value": "1294.4", "unit": "tonnes", "material": "cerium, form not stated"},
         "1,294 t cerium"),
    ],
)  # fmt: skip
def test_an_amount(cells: dict[str, str], text: str) -> None:
    assert amount(row(**cells)) == text


def test_the_best_source_is_official_with_an_address_and_new() -> None:
    found = best([source("a", "3"), source("b", "1", url=""), source("c", "1", "2020"),
                  source("d", "1", "2025")])  # fmt: skip
    assert [each.id for each in found] == ["d", "c", "b", "a"]


def test_a_line_tells_a_text_once_and_counts_the_rest() -> None:
    facts = [CardFact(text) for text in "aabcdef"]
    told = [each.text for each in line("Buyers", facts, "monazite show x --full").facts]
    assert told == ["a", "b", "c", "d", "2 more: monazite show x --full"]


def test_the_form_is_not_the_point() -> None:
    (told,) = line("Covers", [CardFact("NdPr, form not stated, terbium, form not stated")]).facts
    assert told.text == "NdPr, terbium"


def test_rows_come_in_the_order_of_time() -> None:
    rows = [row("2012-08-27"), row(""), row("2010-12"), row("1991 to 2002")]
    assert [each.time for each in of_table(rows, "capacity")] == [
        "1991 to 2002",
        "2010-12",
        "2012-08-27",
        "",
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "day", "holds"),
    [
        ("2020", "", "2020-01-01", True),
        ("2020-02", "", "2020-01-31", False),
        ("", "2020", "2020-12-31", True),
        ("", "2020", "2021-01-01", False),
    ],
)
def test_what_may_hold_on_a_day(begins: str, ends: str, day: str, holds: bool) -> None:
    assert lasts(row(valid_from=begins, valid_until=ends), day) is holds


def test_of_equal_sources_the_order_is_that_of_their_ids() -> None:
    one, other = source("m", "3", "2025"), source("n", "3", "2025")
    assert best([one, other]) == best([other, one]) == (one, other)


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


def test_owners_up_to_the_last_on_record() -> None:
    assert told("mountain-pass", "Owner")[:2] == [
        "MP Materials Corp. 100 %",
        "no majority holder of MP Materials Corp. found",
    ]
    assert told("la-rochelle", "Owner") == ["run by Solvay", "We found no owner."]


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


def test_a_material_has_its_last_price() -> None:
    (price,) = told("dysprosium-oxide", "Price")
    assert price == "5 Feb 2026, 1,390,000 to 1,410,000 yuan per t, Domestic, China"


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


@pytest.mark.parametrize("name", ["mountain-pass", "mofcom-2025-61", "CHN", "dysprosium-oxide"])
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
