"""What cards, the market and the line under the headline say."""

from __future__ import annotations

from dataclasses import replace

from monazite.pages.backbone.cards import cards_of
from monazite.pages.backbone.words import (
    count_words,
    known_lines,
    loss_label,
    loss_words,
    mix_lines,
    range_words,
    ribbon_words,
    share_words,
    subtitle,
    taken_words,
)
from tests.pages.backbones import BASE, LINES, place, report, small_backbone, unknown_backbone

NB = "\N{NO-BREAK SPACE}"


def test_a_card_tells_loss_range_and_share() -> None:
    cards = cards_of(small_backbone())
    told = [(loss_words(x), range_words(x), share_words(x)) for x in cards.cards]
    assert [tuple(each.replace(NB, " ") for each in line) for line in told] == [
        ("48 %", "44\N{EN DASH}50 %", "31 %"),
        ("34 %", "20\N{EN DASH}36 %", "46 %"),
        ("7 %", "<1\N{EN DASH}10 %", "15 %"),
        ("2 %", "range not drawn", "3 %"),
        ("100 %", "in all trials", "100 %*"),
        ("93 %", "90\N{EN DASH}95 %", "95 %"),
        ("Loss not known", "", "5 %"),
        ("92 %", "89\N{EN DASH}94 %", "94 %"),
        ("0 %", "in all trials", "6 %"),
    ]


def test_what_a_loss_is_of_follows_the_event() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert loss_label(others) == "at most, if one stops"
    for event, told in (("embargo", "sells nothing abroad"), ("licence", "licenses a part")):
        point = replace(LINES[0], event=event)
        places = (place("separation", "CHN", 1.0, point=point),)
        [card] = cards_of(small_backbone(places=places)).cards
        assert told in loss_label(card)


def test_sites_are_counted_by_state() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert count_words(others).startswith("7 sites: 1 operating, 1 partly operating, 2 planned")
    assert count_words(cards_of(small_backbone()).cards[0]) == "no site known"


def test_the_market_says_how_much_of_whose_output() -> None:
    found = [
        tuple(x.replace(NB, " ") for x in line) for line in mix_lines(cards_of(small_backbone()))
    ]
    assert found == [
        ("94 %", "from China", "4 % of its output"),
        ("6 %", "from Japan", "5 % of its output"),
    ]
    assert taken_words(small_backbone())[1] == "heavy magnets used in 2024"
    assert taken_words(unknown_backbone())[0] == "Use not known"


def test_the_line_under_the_headline() -> None:
    assert subtitle(small_backbone()).replace(NB, " ") == (
        "3,331 t of heavy magnets used in 2024; one year allowed. In trials 100 %. "
        "Sites and controls as of 24 Nov 2026."
    )
    wide = small_backbone(first="mine/MMR")
    assert "In trials 20 to 36 %." in subtitle(wide).replace(NB, " ")
    assert "allowed. Sites" in subtitle(small_backbone(first="mine/AUS"))  # the headline says it
    oxide = replace(BASE, product="Y in oxide", unit="t of the element")
    found = small_backbone(report=report(*LINES, base=oxide), subject="yttrium")
    assert subtitle(found).startswith("3,331 t of yttrium in oxide used in 2024;")
    assert subtitle(unknown_backbone()) == "Sites and controls as of 24 Nov 2026."


def test_a_ribbon_is_a_sentence_with_its_controls() -> None:
    cards = cards_of(small_backbone())
    titles = {"gac-18": "Controls on seven elements"}
    told = [ribbon_words(cards, each, titles).replace(NB, " ") for each in cards.ribbons]
    of_world = "of the stage\N{RIGHT SINGLE QUOTATION MARK}s world output."
    assert f"Myanmar (mine) to China (separation): 46 % {of_world}" in told
    bound = "Controls in force: Controls on seven elements."
    assert f"China (magnet) to United States: 94 % of what it uses. {bound}" in told


def test_who_leads_is_known_where_no_loss_is() -> None:
    assert [x.replace(NB, " ") for x in known_lines(unknown_backbone())] == [
        "Separation: China leads with 67 % of world output, 2023."
    ]
    assert known_lines(small_backbone()) == []
