"""Rows as phrases: amounts, dates and names, and which source is printed."""

from __future__ import annotations

import pytest

from monazite.findings.cards.phrases import amount, best, fact, lasts, line, of_table
from monazite.triples.cards import RowCard, SourceLine
from monazite.triples.short_card import CardFact


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


def test_a_fact_has_the_sources_of_its_rows() -> None:
    assert fact("x", row()).sources == ()


def test_of_equal_sources_the_order_is_that_of_their_ids() -> None:
    one, other = source("m", "3", "2025"), source("n", "3", "2025")
    assert best([one, other]) == best([other, one]) == (one, other)
