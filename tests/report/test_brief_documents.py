"""PDF, DOCX and PPTX of a brief, reopened: text, tables, links, titles, dates, sizes."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from monazite.core.errors import NotInstalledError
from monazite.core.formats import em_width
from monazite.report.brief import documents
from monazite.report.brief.document import BriefAnswer, BriefLine, BriefPart, Sentence
from monazite.report.brief.documents import column_widths, source_line
from monazite.report.brief.house_style import HouseStyle
from monazite.report.brief.page import Extras
from tests.conftest import view_in_memory
from tests.report.briefs import hostile_brief, pictures, small_brief, source
from tests.report.documents import ENGINES, make
from tests.report.test_any_text import hidden_in
from tests.sharing import only_whole

MODULES = {"pdf": "weasyprint", "docx": "docx", "pptx": "pptx"}

DOCUMENTS = tuple(ENGINES)


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.whole
def test_the_same_brief_gives_the_same_bytes(kind: str) -> None:
    assert make(kind) == make(kind)
    assert make(kind, written="{}") == make(kind, written="{}") != make(kind)


@pytest.mark.parametrize("kind", [*only_whole("pdf"), "docx", "pptx"])
def test_hostile_text_makes_a_document_that_opens(kind: str) -> None:
    content = make(kind, hostile_brief())
    if kind == "pdf":
        from pypdf import PdfReader

        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    else:
        with ZipFile(BytesIO(content)) as held:
            names = [name for name in held.namelist() if name.endswith(".xml")]
            text = b"".join(held.read(name) for name in names).decode()
    assert "window.hacked=1" in text
    hidden = set(hidden_in(text))
    if kind == "pdf":  # pypdf gives the two bytes of a glyph whose font names no character
        hidden -= set(map(chr, range(32)))
    assert not hidden


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_missing_engine_is_told_with_what_to_install(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, MODULES[kind], None)
    with pytest.raises(NotInstalledError, match=r"pip install 'monazite\[brief\]'") as told:
        documents.find_engine(kind)
    assert "\n" not in str(told.value)


ROWS = [
    ["Stage", "Leader", "What it is a share of"],
    ["separation", "Myanmar", "reconciled, contained element of all that is known of it"],
]


@pytest.mark.parametrize("wide", [12.0, 17.6, 30.0])
def test_columns_fill_the_table_and_no_word_breaks(wide: float) -> None:
    letter = 0.3
    widths = column_widths(ROWS, wide, letter)
    assert sum(widths) == pytest.approx(wide)
    for column, width in zip(zip(*ROWS, strict=True), widths, strict=True):
        assert width >= max(em_width(word) * letter for text in column for word in text.split())


def test_a_source_is_a_line_whose_address_is_one() -> None:
    assert source_line(source(1)) == (
        "[1] USGS: Report 1, 2026-01, official or company. https://example.org/a"
    )
    assert source_line(source(3, url="javascript:alert(1)")).endswith("official or company.")


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
    assert document.element.xpath("//wp:docPr/@descr") == ["Two sites.", "Two bars."]


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


def nested(table: Any) -> list[Any]:
    """The tables in the cells of a table."""
    return [inner for row in table.rows for cell in row.cells for inner in cell.tables]


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


def test_the_theme_is_that_of_the_house() -> None:
    css = ":root{--accent:#123abc;--fonts:'House Sans',Arial}"
    content = make("pptx", extras=Extras(pictures(), house=HouseStyle(css=css)))
    with ZipFile(BytesIO(content)) as held:
        theme = held.read("ppt/theme/theme1.xml").decode()
    assert '<a:accent1><a:srgbClr val="123ABC"/></a:accent1>' in theme
    assert '<a:latin typeface="House Sans"' in theme
    assert '<a:latin typeface="Georgia"' in theme


def test_a_missing_pango_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_pango(_: str) -> Any:
        raise OSError("cannot load library 'libpango-1.0-0'\nAdditionally ...")

    monkeypatch.setattr(documents, "import_module", without_pango)
    with pytest.raises(NotInstalledError, match="apt install libpango") as told:
        documents.find_engine("pdf")
    assert "\n" not in str(told.value)


def test_a_pdf_has_text_bookmarks_links_and_page_numbers() -> None:
    content = make("pdf")
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "What can stop dysprosium for the United States?" in " ".join(text.split())
    assert f"1 / {len(reader.pages)}" in text
    titles = _titles(reader.outline)
    assert [
        title for title in titles if title in {"What would be lost", "Sources"} or "made" in title
    ] == ["What would be lost", "Sources", "How it was made"]
    links = [
        annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", ())
    ]
    addresses = {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}
    assert addresses == {"https://example.org/a"}
    assert sum("/Dest" in link or "/D" in link.get("/A", {}) for link in links) >= 6
    assert reader.metadata is not None
    assert reader.metadata.title == "Dysprosium for the United States: briefing"
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]  # tagged: a screen reader can follow
    assert root["/Lang"] == "en"  # type: ignore[index]


QUESTIONS = only_whole(("Sc", "WLD"), ("Dy", "USA"))


@pytest.mark.parametrize("asked", QUESTIONS)
def test_one_page_answers_and_no_page_is_half_empty_and_no_letter_small(
    asked: tuple[str, str],
) -> None:
    make("pdf")  # skips without the engine
    briefing = view_in_memory().brief(*asked)
    pages = [Printed(page) for page in _reader(briefing.pdf()).pages]
    first, second = pages[0].text, pages[1].text
    told = [briefing.brief.headline, *(x.text for x in briefing.brief.answer)]
    for part in briefing.brief.front:
        told += [part.heading, *(line.cells[-1] for line in part.lines)]
    for text in told:
        assert _letters(text)[:30] in first, text
    cells = briefing.brief.front[0].lines[0].cells
    drawn = view_in_memory().chokepoints(*asked).draws is not None
    assert drawn == bool(re.search(r"\d+ % \(\d+-\d+\)", cells[1])), cells
    assert second.startswith(_letters(briefing.brief.parts[0].heading))
    assert min(size for page in pages for size in page.sizes) >= 7
    assert all(page.lowest < 0.5 * A4_HIGH for page in pages[:-1])
    assert pages[-1].lowest < 2 / 3 * A4_HIGH
    titles = [part.heading for part in briefing.brief.parts]
    assert len(titles) == len(set(titles))


A4_HIGH = 842.0


class Printed:
    """What stands on a page: its letters, their sizes in points, and how far down they reach."""

    def __init__(self, page: Any) -> None:
        self.sizes: set[float] = set()
        self.lowest = A4_HIGH
        texts: list[str] = []

        def see(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
            if not text.strip():
                return
            texts.append(text)
            wide = tm[0] * cm[0] + tm[1] * cm[2]
            self.sizes.add(round(size * abs(wide), 2))
            down = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            if down > FOOT:
                self.lowest = min(self.lowest, down)

        page.extract_text(visitor_text=see)
        self.text = _letters("".join(texts))


FOOT = 50.0  # Points from below of the number of the page


def _letters(text: str) -> str:
    """Text without spaces and hyphens, where lines may break."""
    return "".join(each for each in text if each.isalnum())


def _reader(content: bytes) -> Any:
    from pypdf import PdfReader

    return PdfReader(BytesIO(content))


def _titles(outline: Any) -> list[str]:
    return [
        title
        for entry in outline
        for title in (_titles(entry) if isinstance(entry, list) else [entry.title])
    ]
