"""DOCX of a brief, reopened: native tables, pictures, links, dates."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from io import BytesIO
from typing import Any

from monazite.findings.brief.document import BriefLine, BriefPart
from monazite.pages.brief.house_style import HouseStyle
from monazite.pages.brief.page import Extras
from tests.pages.briefs import pictures, small_brief, source
from tests.pages.documents import make


def test_a_docx_has_native_tables_pictures_and_numbered_sources() -> None:
    content = make("docx")
    document = import_module("docx").Document(BytesIO(content))
    answers, front, table = document.tables
    told = [cell.text.split("\n")[0] for cell in answers.rows[0].cells]
    assert told == ["What stops", "What would fix it"]
    assert front.rows[0].cells[0].tables[0].rows[1].cells[1].text == "100 %"
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["What stops", "Loss"]
    assert [row[0].replace("\N{NO-BREAK SPACE}", " ") for row in cells[1:]] == [
        "China separation [1]",
        "China",
    ]
    assert len(document.inline_shapes) == 2
    texts = [paragraph.text for paragraph in document.paragraphs]
    sources = [text for text in texts if ", official or company." in text]
    assert [text.split(".")[0] for text in sources] == ["1", "2", "3"]
    links = [link for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("Report 1", "https://example.org/a")]
    about = document.core_properties
    assert about.title == "What can stop dysprosium for the United States?"
    assert about.created.isoformat()[:10] == about.modified.isoformat()[:10] == "2026-11-24"
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert alts == ["Two sites.", "Two bars."]


def test_a_logo_stands_in_documents_where_it_is_a_png() -> None:
    from monazite.pages.drawing.png import to_png

    house = HouseStyle(logo_bytes=to_png(pictures()[0].plain))
    content = make("docx", extras=Extras(house=house))
    assert len(import_module("docx").Document(BytesIO(content)).inline_shapes) == 1


def test_no_letter_is_under_seven_points_and_the_style_is_that_of_the_house() -> None:
    css = ":root{--accent:#123abc;--fonts:'House Sans',Arial;--serif:'House Serif'}"
    content = make("docx", extras=Extras(pictures(), house=HouseStyle(css=css)))
    document = import_module("docx").Document(BytesIO(content))
    tables = [*document.tables, *(t for x in document.tables for t in nested(x))]
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    assert min(run.font.size.pt for run in runs if run.font.size) >= 7
    assert not any(run.font.superscript for run in runs)
    assert document.styles["Normal"].font.name == "House Sans"
    assert document.styles["Heading 1"].font.name == "House Serif"
    assert str(document.styles["Heading 1"].font.color.rgb) == "123ABC"


def test_tables_are_no_wider_than_the_text_and_the_rest_begins_on_a_new_page() -> None:
    content = BytesIO(make("docx"))  # skips without the libraries
    document = import_module("docx").Document(content)
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room + 10
        for inner in nested(table):
            assert sum(column.width for column in inner.columns) <= room / len(table.columns)
    heads = [each for each in document.paragraphs if each.style.name == "Heading 1"]
    breaks = [bool(head.paragraph_format.page_break_before) for head in heads]
    assert breaks[0]
    assert not any(breaks[1:])


def test_the_last_sources_stay_with_the_end_and_a_date_in_one_line() -> None:
    sources = tuple(source(n) for n in range(1, 41))
    dated = BriefPart(
        "dates", "Dates", columns=("Date", "What"), lines=(BriefLine(("1 Jan 2027", "Due"), ()),)
    )
    brief = replace(small_brief(), sources=sources, parts=(dated,))
    content = make("docx", brief)
    document = import_module("docx").Document(BytesIO(content))
    listed = [each for each in document.paragraphs if ", official or company." in each.text]
    kept = [bool(each.paragraph_format.keep_with_next) for each in listed]
    assert kept == [False] * 24 + [True] * 16
    assert (
        "1\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2027" in document.tables[-1].rows[1].cells[0].text
    )


def nested(table: Any) -> list[Any]:
    """The tables in the cells of a table."""
    return [inner for row in table.rows for cell in row.cells for inner in cell.tables]
