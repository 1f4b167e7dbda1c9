"""PPTX of a brief, reopened: findings as titles, the theme of the house, sources as notes."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from monazite.findings.brief.document import BriefAnswer, BriefLine, BriefPart, Sentence
from monazite.pages.brief.house_style import HouseStyle
from monazite.pages.brief.page import Extras
from tests.pages.briefs import hostile_brief, pictures, small_brief
from tests.pages.documents import make

PARTS = ("changed", "next", "policies", "fixes", "stages", "unknown")


def whole_brief(lines: int = 2) -> bytes:
    """A deck of a brief that has all parts of which a slide is made."""
    told = tuple(BriefLine((f"Line {n}", "100 %"), (2,)) for n in range(lines))
    parts = tuple(
        BriefPart(
            name,
            f"Heading {name}",
            (Sentence(f"Sentence of {name}.", (3,)),),
            ("What stops", "Loss") if name not in {"fixes", "unknown"} else (),
            told if name not in {"fixes", "unknown"} else (),
            finding=f"Finding {name}",
        )
        for name in PARTS
    )
    answers = tuple(BriefAnswer(f"Question {n}", f"Answer {n}.", (1,)) for n in range(8))
    return make("pptx", replace(small_brief(), answer=answers, parts=parts))


def deck_of(content: bytes) -> Any:
    return import_module("pptx").Presentation(BytesIO(content))


def titles_of(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def test_a_deck_has_eight_slides_whose_titles_are_findings() -> None:
    deck = deck_of(whole_brief())
    assert titles_of(deck) == [
        "The United States would lose all of it if China stopped separating.",
        "Finding stages",
        "China separation costs most",
        "Finding changed",
        "Finding next",
        "Finding policies",
        "Finding fixes",
        "Finding unknown",
    ]
    assert deck.core_properties.created.isoformat()[:10] == "2026-11-24"


def test_sources_are_notes_and_no_slide_of_their_own() -> None:
    deck = deck_of(whole_brief())
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert all(text.startswith("Sources\n[") for text in notes)
    assert notes[0] == (
        "Sources\n[1] USGS: Report 1, 2026-01, official or company. https://example.org/a"
    )
    assert "[2] USGS: Report 2" in notes[3]
    assert not any("Sources" in title for title in titles_of(deck))


def test_a_title_stands_once_and_a_long_table_says_what_is_left_out() -> None:
    deck = deck_of(make("pptx", hostile_brief(), Extras()))
    assert len(set(titles_of(deck))) == len(titles_of(deck))
    long = deck_of(whole_brief(12))
    texts = [
        shape.text_frame.text for x in long.slides for shape in x.shapes if shape.has_text_frame
    ]
    assert "5 more lines in the brief." in texts
    (table,) = (shape.table for shape in long.slides[3].shapes if shape.has_table)
    assert len(table.rows) == 8


def test_tables_and_pictures_stay_on_the_slide_and_no_letter_is_small() -> None:
    deck = deck_of(whole_brief())
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
        frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
        frames += [
            cell.text_frame
            for shape in slide.shapes
            if shape.has_table
            for row in shape.table.rows
            for cell in row.cells
        ]
        sizes = {run.font.size.pt for x in frames for p in x.paragraphs for run in p.runs}
        assert min(sizes) >= 10


def test_the_losses_fill_their_slide_and_say_what_a_loss_is() -> None:
    told = tuple(BriefLine((f"Line {n}", "9 %", "8 to 10 %", "9 %"), (2,)) for n in range(8))
    columns = ("What stops", "Loss", "Range", "Home first")
    remarks = (Sentence("Loss: the part that would not come."),)
    part = BriefPart("losses", "Losses", (), columns, told, remarks, finding="Nine failures")
    deck = deck_of(make("pptx", replace(small_brief(), parts=(part,))))
    (slide,) = (each for each in deck.slides if each.shapes.title.text_frame.text == part.finding)
    (shape,) = (each for each in slide.shapes if each.has_table)
    assert shape.top + shape.height > 0.7 * deck.slide_height
    texts = [x.text_frame.text for x in slide.shapes if x.has_text_frame]
    assert "Loss: the part that would not come." in texts
    assert [cell.text for cell in shape.table.rows[0].cells] == list(columns)


def test_the_theme_is_that_of_the_house() -> None:
    css = ":root{--accent:#123abc;--fonts:'House Sans',Arial}"
    content = make("pptx", extras=Extras(pictures(), house=HouseStyle(css=css)))
    with ZipFile(BytesIO(content)) as held:
        theme = held.read("ppt/theme/theme1.xml").decode()
    assert '<a:accent1><a:srgbClr val="123ABC"/></a:accent1>' in theme
    assert '<a:latin typeface="House Sans"' in theme
    assert '<a:latin typeface="Georgia"' in theme
