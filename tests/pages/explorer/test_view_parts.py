"""A view as a part of the page: headline, picture, and links to the cards of what is in it."""

from __future__ import annotations

from monazite.pages.explorer.view_parts import cards_in, untold_markup, view_markup
from tests.pages.backbones import small_backbone, unknown_backbone


def test_it_has_one_headline_the_picture_and_links_to_cards() -> None:
    markup = view_markup(small_backbone(), {})
    assert markup.count("<h1>") == 1
    assert 'class="backbone wide"' in markup
    assert '<a data-card="facility/Lovozero"><bdi>Lovozero</bdi></a>' in markup
    assert '<a data-card="policy/gac-18">' in markup
    assert markup.count("<section") == markup.count("</section>")


def test_what_is_in_it_may_have_a_card() -> None:
    assert {"facility/Lovozero", "country/CHN", "policy/gac-18"} <= cards_in(small_backbone())


def test_what_cannot_be_drawn_is_a_sentence() -> None:
    assert (
        untold_markup("No <b> found.") == "<header><h1><bdi>No &lt;b&gt; found.</bdi></h1></header>"
    )


def test_a_view_of_what_is_not_known_names_no_commands() -> None:
    markup = view_markup(unknown_backbone(), {})
    assert "What is missing" in markup
    assert "monazite " not in markup
