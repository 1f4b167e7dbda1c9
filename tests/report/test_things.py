"""Pages of things, of questions and of bills: links, records, forms, and what they may tell."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from monazite.report.entity_page import (
    AskedField,
    EntityPage,
    PageQuestion,
    RecordGroup,
    ShownRecord,
    address_of,
    asking_html,
    entity_html,
)
from monazite.report.exposure_page import (
    carried_rows,
    exposure_html,
    exposure_record,
    grams_drawing,
)
from monazite.store.cards import SourceLine
from monazite.store.entity_card import CardFact, CardLine, ShortCard
from monazite.view.opening import load
from tests.bom.bills import DAYS, example, long_exposure

SOURCE = SourceLine("paper", "A ministry", "Notice 18", "2025-04-04", "1", "https://a.org/18")

MP = ("MP Materials", "organisation/mp")


def entity_page(text: str = "MP Materials 100 %", source: SourceLine = SOURCE) -> EntityPage:
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
    html = entity_html(entity_page())
    assert html.count('<a href="/id/organisation/mp">MP Materials</a>') >= 2
    assert '<a href="/id/country/LND">Land</a>' in html
    assert 'href="/row/ownership/a"' in html
    assert 'href="/source/paper"' in html
    assert 'href="https://a.org/18" rel="noopener noreferrer"' in html


def test_a_command_of_the_terminal_is_none_of_the_page() -> None:
    html = entity_html(entity_page())
    assert "5 more" in html
    assert "monazite show" not in html


def test_more_records_are_a_link_away() -> None:
    html = entity_html(entity_page())
    assert "21 to 21 of 41" in re.sub("<[^>]*>", "", html)
    assert "/id/facility/lovozero.html?table=costs&amp;from=21" in html
    assert "20 more" in html
    assert "/id/facility/lovozero.html?table=costs&amp;from=0" in html
    assert "table=ownership" not in html


def test_an_address_holds_no_more_than_its_own_parts() -> None:
    assert address_of("facility/a/../b?c#d") == "/id/facility/a%2F..%2Fb%3Fc%23d"
    assert address_of('source/"><b') == "/source/%22%3E%3Cb"


def question(text: str = "Who owns it?", name: str = "owners") -> PageQuestion:
    field = AskedField("entity", text, optional=False, about=text)
    return PageQuestion(name, text, text, text, text, (field,))


def asking_page(text: str = "Who owns it?") -> str:
    return asking_html([question(text)], [question(text, "01")], {"mz": "https://a.org/ns#"})


def test_questions_are_listed_by_group_and_held_as_forms() -> None:
    html = asking_html(
        [
            PageQuestion("a", "First?", "ASK {}", "supply"),
            PageQuestion("b", "Second?", "ASK {}", "time"),
        ],
        [PageQuestion("01", "Third?", "ASK { ?a ?b ?c }")],
        {},
    )
    assert re.findall(r'<optgroup label="(\w+)">', html) == ["Supply", "Time"]
    [text] = re.findall(r'id="index">(.*?)</script>', html)
    held = json.loads(text)
    assert [*held["questions"]] == ["a", "b"]
    assert held["examples"] == {"01": "ASK { ?a ?b ?c }"}


SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_the_grams() -> None:
    found = example()
    root = ElementTree.fromstring(grams_drawing(found))
    labels = [each.text for each in root.iter(f"{SVG}text") if "value" not in each.attrib["class"]]
    assert labels == [
        *("Nd, by material", "Pr, by material", "Dy", "tested", "by grade"),
        *("Sm, by grade", "Tb, tested"),
    ]
    (nd,) = (each for each in found.elements if each.element == "Nd")
    bars = [each for each in root.iter(f"{SVG}rect") if each.attrib["class"] != "track"]
    least, most = (float(each.attrib["width"].rstrip("%")) for each in bars[:2])
    assert abs(least - 100 * nd.low / nd.high) < 0.01
    assert abs(least + most - 100) < 0.02
    assert [each.attrib["class"] for each in bars[-2:]] == ["least grade", "least bill"]


def test_without_grams_there_are_no_bars() -> None:
    assert grams_drawing(replace(example(), elements=())) == ""


def test_a_redacted_page_names_nothing() -> None:
    view = load()
    page = view.exposure_html(example(redact=True))
    assert "<title>product 1: exposure</title>" in page
    texts = [x.text for line in example().lines for x in line.suppliers]
    texts += [text for line in example().lines for text in (line.name, line.part_number)]
    assert [text for text in texts if text and text in page] == []


@pytest.mark.whole
def test_the_page_of_a_long_bill_stays_small() -> None:
    assert len(exposure_html(long_exposure(1_200))) < 250_000


def test_the_record_says_what_was_asked_and_nothing_of_the_bill() -> None:
    found = example()
    record = exposure_record(found)
    assert record["question"] == {
        "market": "EUE",
        "days": DAYS,
        "losses": False,
        "redact": False,
        "licence": "mofcom-gac-2025-18",
        "questionnaire": False,
        "record": "",
        "passport": False,
        "files": (),
    }
    tables = {row.partition("/")[0] for row in carried_rows(found)}
    assert tables >= {"rule_conditions", "rule_documents"}
    assert not tables & {"organisations", "facilities", "supply_links", "offtakes"}
    assert not re.search("Rotorwerk|EDU-15", str(record))
