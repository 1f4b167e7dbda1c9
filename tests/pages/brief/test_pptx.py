"""PPTX of a brief, reopened: the answer first, the sources last, long tables on more slides."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO

from monazite.pages.brief.page import Extras
from tests.pages.briefs import hostile_brief
from tests.pages.documents import make


def test_a_pptx_answers_first_and_ends_with_its_sources() -> None:
    content = make("pptx")
    deck = import_module("pptx").Presentation(BytesIO(content))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == [
        "What can stop dysprosium for the United States?",
        "The network",
        "What is told",
        "What is not known",
        "Losses",
        "What would be lost",
        "Sources",
        "How to repeat and check it",
    ]
    (table,) = (shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table)
    assert table.cell(1, 0).text_frame.text == "China separation\N{NO-BREAK SPACE}[1]"
    assert table.cell(2, 1).text_frame.text == "69 %"
    assert deck.slides[5].notes_slide.notes_text_frame.text == "Loss: of magnets. [2]"
    runs = [
        run
        for shape in deck.slides[6].shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    ]
    assert "".join(run.text for run in runs).startswith("Sources1. USGS: Report 1, 2026-01")
    assert [run.hyperlink.address for run in runs if run.hyperlink.address] == [
        "https://example.org/a"
    ]
    assert deck.core_properties.created.isoformat()[:10] == "2026-11-24"


def test_long_tables_and_lists_take_more_slides() -> None:
    content = make("pptx", hostile_brief(), Extras())
    deck = import_module("pptx").Presentation(BytesIO(content))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert any(title.endswith("(2 of 2)") for title in titles)
