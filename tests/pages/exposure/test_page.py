"""The page of an exposure: whatever the bill says it keeps its shape, and tells no name."""

from __future__ import annotations

import re

from hypothesis import given

from monazite.pages.exposure.page import exposure_html
from monazite.pages.exposure.record import carried_rows, exposure_record
from monazite.view import load
from tests.findings.exposure.bills import DAYS, example, hostile_exposure, long_exposure, with_texts
from tests.pages.test_any_text import TEXT, Shape


@given(TEXT)
def test_a_page_keeps_its_elements_whatever_the_text(text: str) -> None:
    page = exposure_html(with_texts(f"x{text}"))
    page.encode()
    shape = Shape(page)
    assert shape.hidden == []
    assert shape.found == Shape(exposure_html(with_texts("Plain"))).found


def test_a_hostile_bill_adds_no_element() -> None:
    page = exposure_html(hostile_exposure())
    kinds = {key[0] for key in Shape(page).found}
    assert not kinds & {"script", "img", "iframe", "object", "form", "b"}
    assert "script-src" not in page
    assert "onfocus=&#34;" in page


def test_a_redacted_page_names_nothing() -> None:
    view = load()
    page = view.exposure_html(example(redact=True))
    assert "<title>product 1: exposure</title>" in page
    texts = [x.text for line in example().lines for x in line.suppliers]
    texts += [text for line in example().lines for text in (line.name, line.part_number)]
    assert [text for text in texts if text and text in page] == []


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
