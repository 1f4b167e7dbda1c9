"""Cards say what the short card says, with links to who says so; each has its search line."""

from __future__ import annotations

from dataclasses import replace

from monazite.pages.explorer.entity_cards import cards_markup, search_lines, sources_markup
from tests.pages.explorers import CARDS, SOURCE, card


def test_a_card_has_name_kind_facts_sources_and_its_chains() -> None:
    markup = cards_markup(CARDS)["facility/Lovozero"]
    for part in (
        '<p class="quiet kind">Mine or plant</p>',
        "<bdi>Lovozero mine</bdi></h2>",
        "<bdi>Land. Operating</bdi>",
        "Also: <bdi>洛沃泽罗</bdi>",
        '<dt>Makes</dt><dd><bdi>Makes oxide</bdi> <a href="https://a.org/18"',
        'aria-label="Source 1: A ministry">[1]</a>',
        '<a data-element="Dy">Dy</a>',
        "<cite>Notice 18</cite></a>, 4 Apr 2025, official or company",
    ):
        assert part in markup


def test_each_card_is_whole_and_stands_alone() -> None:
    markup = cards_markup(CARDS)
    assert [*markup] == [each.place for each in CARDS]
    assert all(text.count("<h2") == 1 for text in markup.values())
    assert not any("\x1e" in text for text in markup.values())
    assert cards_markup(()) == {}


def test_only_a_plain_address_becomes_a_link() -> None:
    bad = replace(SOURCE, url="javascript:alert(1)", original="data:text/html,x")
    assert "<a " not in sources_markup([bad])["source/paper"]
    both = replace(SOURCE, original="https://b.org")
    assert '<a href="https://b.org"' in sources_markup([both])["source/paper"]


def test_a_source_links_to_the_cards_that_cite_it_and_they_to_it() -> None:
    cited = sources_markup([SOURCE], CARDS)["source/paper"]
    assert "<dt>Cited by</dt>" in cited
    assert '<a data-card="facility/Lovozero">Lovozero mine</a>' in cited
    assert '<a data-card="source/paper">A ministry</a>' in cards_markup(CARDS)["facility/Lovozero"]
    assert "Cited by" not in sources_markup([SOURCE])["source/paper"]


def test_the_search_knows_names_in_all_languages_and_sources() -> None:
    lines = search_lines(CARDS, [SOURCE])
    assert ("facility/Lovozero", "Lovozero mine", "洛沃泽罗") in lines
    assert ("source/paper", "Notice 18", "A ministry") in lines
    assert lines == sorted(lines)


def test_hidden_characters_show() -> None:
    markup = cards_markup([card("facility/a", "a\u202eb")])["facility/a"]
    assert "\u202e" not in markup


def test_a_page_names_no_commands() -> None:
    told = cards_markup([card("facility/a", "A", text="2 more: monazite show a --full")])
    assert "<bdi>2 more</bdi>" in told["facility/a"]
    assert "monazite show" not in told["facility/a"]
