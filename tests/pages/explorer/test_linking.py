"""A text links to the things that it was made from, by their ids, whatever others are called."""

from __future__ import annotations

from monazite.pages.explorer.linking import linked_parts

FIRM, LAND = ("China Minmetals", "organisation/minmetals"), ("China", "country/CHN")
HELD = {"organisation/minmetals", "country/CHN", "deposit/a", "facility/a"}


def links(text: str, *named: tuple[str, str], own: str = "") -> list[tuple[str, str]]:
    """The links of a text."""
    parts = linked_parts(text, named, HELD, own)
    assert "".join(part["text"] for part in parts) == text or not parts
    return [(part["text"], part["card"]) for part in parts if part["card"]]


def test_the_longest_name_is_the_link_and_none_is_cut_out_of_a_word() -> None:
    assert links("China Minmetals of China", LAND, FIRM) == [FIRM, LAND]
    assert links("Chinas", LAND) == []


def test_two_things_of_one_name_are_not_taken_for_each_other() -> None:
    assert links("Alpha sells", ("Alpha", "deposit/a"), ("Alpha", "facility/a")) == []
    assert links("Alpha sells", ("Alpha", "facility/a")) == [("Alpha", "facility/a")]


def test_what_has_no_card_and_the_card_itself_are_no_links() -> None:
    assert links("Nowhere", ("Nowhere", "country/NOW")) == []
    assert links("China", LAND, own="country/CHN") == []


def test_what_a_terminal_asks_for_by_its_key_is_called_by_its_name() -> None:
    text = "deposit/a (Alpha ores)"
    assert linked_parts(text, [(text, "deposit/a")], HELD) == [
        {"text": "Alpha ores", "card": "deposit/a"}
    ]


def test_hostile_names_stay_text() -> None:
    bad = ("<b>(.*", "facility/a")
    assert links("a <b>(.* b", bad) == [bad]
