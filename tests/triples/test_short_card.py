"""The short card as text: numbers of sources, wrapped lines, and what hostile labels do not do."""

from __future__ import annotations

from monazite.triples.cards import SourceLine
from monazite.triples.short_card import (
    CardFact,
    CardLine,
    ShortCard,
    read_short,
    source_words,
    write_short,
)

MINE = SourceLine("a", "MP Materials", "Report", "2026-02-26", "1", "https://a.org/x")
NEWS = SourceLine("b", "Reuters", "News", "", "3", "https://b.org/y")
CARD = ShortCard(
    "Mountain Pass, United States. Operating, 24 Nov 2026",
    (
        CardLine("Makes", (CardFact("NdPr oxide", (MINE, NEWS)),)),
        CardLine("Buyers", (CardFact("China until 2025", (NEWS,)), CardFact("Japan", (MINE,)))),
        CardLine("Rules", ()),
    ),
)


def test_a_source_has_one_number_and_its_address() -> None:
    assert write_short(CARD, "table").splitlines() == [
        "Mountain Pass, United States. Operating, 24 Nov 2026",
        "Makes     NdPr oxide [1]",
        "Buyers    China until 2025 [2]",
        "          Japan [1]",
        "Sources   [1] MP Materials 2026, official or company, https://a.org/x",
        "          [2] Reuters undated, news, https://b.org/y",
    ]


def test_markdown_has_a_line_for_each_heading() -> None:
    lines = write_short(CARD, "markdown", view="View: all").splitlines()
    assert lines[0].startswith("# Mountain Pass")
    assert "- **Buyers**: China until 2025 [2]; Japan [1]" in lines
    assert lines[-1] == "View: all"


def test_a_long_fact_goes_on_below_its_beginning() -> None:
    card = ShortCard("x", (CardLine("Makes", (CardFact("oxide " * 20),)),))
    _, first, *rest = write_short(card, "table", width=40).splitlines()
    assert first.startswith("Makes     oxide")
    assert all(line.startswith("          oxide") for line in rest)
    assert max(map(len, (first, *rest))) <= 40


def test_a_label_hides_nothing_and_moves_no_line() -> None:
    card = ShortCard("a\u202eb\x1b[2J", (CardLine("Makes", (CardFact("c\nSources   [1] x"),)),))
    text = write_short(card, "table")
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert [line for line in text.splitlines() if line.startswith("Sources")] == []


def test_a_tier_is_said_in_words() -> None:
    assert source_words(MINE) == "MP Materials 2026, official or company, https://a.org/x"


def test_a_list_of_ours_has_no_address_and_says_that_it_is_ours() -> None:
    own = SourceLine("m", "Monazite", "Lists", "2026-11-24", "4", "")
    assert source_words(own) == "Monazite 2026, our own compilation"
    other = SourceLine("n", "Reuters", "News", "2026", "4", "")
    assert source_words(other) == "Reuters 2026, weak"


def test_a_card_is_kept_whole() -> None:
    assert read_short(CARD.to_bytes()) == CARD
