"""The page of a thing: links to what it names, who says so, and whatever the texts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monazite.pages.drawing.policy import policy_of
from monazite.pages.entity.page import (
    EntityPage,
    RecordGroup,
    ShownRecord,
    address_of,
    entity_html,
    missing_html,
)
from monazite.triples.cards import SourceLine
from monazite.triples.short_card import CardFact, CardLine, ShortCard
from tests.pages.hostile import HOSTILE
from tests.pages.test_any_text import Shape

SOURCE = SourceLine("paper", "A ministry", "Notice 18", "2025-04-04", "1", "https://a.org/18")
MP = ("MP Materials", "organisation/mp")


def page(text: str = "MP Materials 100 %", source: SourceLine = SOURCE) -> EntityPage:
    card = ShortCard(
        "Lovozero mine, Land. Operating",
        (
            CardLine("Owner", (CardFact(text, (source,), (MP,)),)),
            CardLine("Rules", (CardFact("5 more: monazite show lovozero --full"),)),
        ),
        (("Land", "country/LND"),),
    )
    record = ShownRecord("ownership/a", "2017", text, (MP,), (source,))
    return EntityPage(
        path="/id/facility/lovozero",
        kind="Mine or plant",
        name="Lovozero mine",
        iri="https://w3id.org/monazite/id/facility/lovozero",
        names=(text,),
        card=card,
        opening=text,
        facts=((text, text, ()),),
        source=source,
        groups=(RecordGroup("ownership", [record], 1), RecordGroup("costs", [record], 41, 20)),
        others=(("deposit/lovozero", text),),
        data=text,
    )


def test_what_is_named_is_a_link_to_its_page() -> None:
    html = entity_html(page())
    assert html.count('<a href="/id/organisation/mp">MP Materials</a>') >= 2
    assert '<a href="/id/country/LND">Land</a>' in html
    assert 'href="/row/ownership/a"' in html
    assert 'href="/source/paper"' in html
    assert 'href="https://a.org/18" rel="noopener noreferrer"' in html


def test_a_command_of_the_terminal_is_none_of_the_page() -> None:
    html = entity_html(page())
    assert "5 more" in html
    assert "monazite show" not in html


def test_more_records_are_a_link_away() -> None:
    html = entity_html(page())
    assert "21 to 21 of 41" in re.sub("<[^>]*>", "", html)
    assert "/id/facility/lovozero.html?table=costs&amp;from=21" in html
    assert "20 more" in html
    assert "/id/facility/lovozero.html?table=costs&amp;from=0" in html
    assert "table=ownership" not in html


def test_it_has_no_script_and_asks_for_nothing() -> None:
    html = entity_html(page())
    assert "<script" not in html
    assert policy_of(html).startswith("default-src 'none'; style-src 'sha256-")
    assert entity_html(page()) == html


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(text: str) -> None:
    source = SourceLine(*(text,) * 7)
    html = entity_html(replace(page(text, source), name=text, kind=text))
    tame = Shape(entity_html(page())).found
    assert {*Shape(html).found} <= {*tame, ("p", "class")}
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', html))
    missing = (
        missing_html(text, [(address_of(f"facility/{text}"), text)]) if "\ud800" not in text else ""
    )
    assert "<img" not in missing
    assert "<script" not in missing


def test_an_address_holds_no_more_than_its_own_parts() -> None:
    assert address_of("facility/a/../b?c#d") == "/id/facility/a%2F..%2Fb%3Fc%23d"
    assert address_of('source/"><b') == "/source/%22%3E%3Cb"
