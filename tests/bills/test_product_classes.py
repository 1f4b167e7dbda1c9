"""Classes of products: words as people write them, and near ones for a word that is none."""

from __future__ import annotations

from monazite.bills.product_classes import class_words, classes_named, no_class

WORDS = class_words(
    [
        ("article-24-traction-motors", "traction motors"),
        ("article-24-heat-pumps", "heat pumps"),
        ("article-28-heat-pumps", "heat pumps"),
        ("article-28-electric-motors", "electric motors, also in other products"),
        ("none", "none"),
    ]
)


def test_a_class_is_known_by_its_key_and_by_its_name_in_one_or_in_many() -> None:
    for text in ("traction motor", "Traction Motors", "article-24-traction-motors"):
        assert classes_named(text, WORDS) == ("article-24-traction-motors",)
    assert classes_named("electric motor", WORDS) == ("article-28-electric-motors",)
    assert classes_named("heat pump; traction motor", WORDS) == (
        *("article-24-heat-pumps", "article-28-heat-pumps", "article-24-traction-motors"),
    )
    assert classes_named("", WORDS) == ()


def test_a_word_that_is_none_is_told_with_the_near_ones() -> None:
    assert no_class("heat pumps; None", WORDS) is None
    assert no_class("tracton motor", WORDS) == (
        *('"tracton motor" is no class of products that rules list',),
        *('did you mean "traction motor", "article-24-traction-motor", "electric motor"?',),
    )
    what, fix = no_class("gibberish\x1b[31m" * 20, WORDS) or ("", "")
    assert "\x1b" not in what
    assert len(what) < 120
    assert fix == "write a name of the table product_classes, or none"
