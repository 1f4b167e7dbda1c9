"""PDF, DOCX and PPTX of a brief, reopened: text, tables, links, dates, and the same bytes twice."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from monazite.errors import NotInstalledError
from monazite.findings.brief.document import Brief
from monazite.pages.brief import docx as brief_docx
from monazite.pages.brief import pdf as brief_pdf
from monazite.pages.brief import pptx as brief_pptx
from monazite.pages.brief.house_style import HouseStyle
from monazite.pages.brief.page import Extras
from tests.pages.briefs import hostile_brief, pictures, small_brief

ENGINES: dict[str, Any] = {"pdf": brief_pdf, "docx": brief_docx, "pptx": brief_pptx}
MODULES = {"pdf": "weasyprint", "docx": "docx", "pptx": "pptx"}
DOCUMENTS = tuple(ENGINES)
Make = Callable[..., bytes]


def make(kind: str, brief: Brief | None = None, extras: Extras | None = None) -> bytes:
    """The document; without its engine the test skips, or fails where engines are required."""
    try:
        ENGINES[kind].find_engine()
    except NotInstalledError as missing:
        if os.environ.get("MONAZITE_REQUIRE_BRIEF") == "1":
            pytest.fail(f"MONAZITE_REQUIRE_BRIEF=1, but: {missing}")
        pytest.skip(str(missing))
    write: Make = getattr(ENGINES[kind], f"brief_{kind}")
    return write(brief or small_brief(), extras or Extras(pictures()))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_same_brief_gives_the_same_bytes(kind: str) -> None:
    assert make(kind) == make(kind)


@pytest.mark.parametrize("kind", DOCUMENTS)
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
    assert "\u202e" not in text


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_missing_engine_is_told_with_what_to_install(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, MODULES[kind], None)
    with pytest.raises(NotInstalledError, match=r"pip install 'monazite\[brief\]'") as told:
        ENGINES[kind].find_engine()
    assert "\n" not in str(told.value)


def test_a_missing_pango_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without_pango(name: str, *given: Any, **named: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'\nAdditionally ...")
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(NotInstalledError, match="apt install libpango") as told:
        brief_pdf.find_engine()
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
        title for title in titles if title in {"What would be lost", "Sources"} or "repeat" in title
    ] == ["What would be lost", "Sources", "How to repeat and check it"]
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


def _titles(outline: Any) -> list[str]:
    return [
        title
        for entry in outline
        for title in (_titles(entry) if isinstance(entry, list) else [entry.title])
    ]


def test_a_docx_has_native_tables_pictures_and_numbered_sources() -> None:
    content = make("docx")
    document = import_module("docx").Document(BytesIO(content))
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["What stops", "Loss"]
    assert [row[0].replace("\N{NO-BREAK SPACE}", " ") for row in cells[1:]] == [
        "China at separation 1",
        "China",
    ]
    assert len(document.inline_shapes) == 2
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [text.split(".")[0] for text in texts if ", tier 1." in text] == ["1", "2", "3"]
    links = [link for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert [(link.text, link.address) for link in links] == [("Report 1", "https://example.org/a")]
    about = document.core_properties
    assert about.title == "What can stop dysprosium for the United States?"
    assert about.created.isoformat()[:10] == about.modified.isoformat()[:10] == "2026-11-24"
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert alts == ["Two sites.", "Two bars."]


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
    assert table.cell(1, 0).text_frame.text == "China at separation\N{NO-BREAK SPACE}[1]"
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


def test_a_logo_stands_in_documents_where_it_is_a_png() -> None:
    from monazite.pages.drawing.png import to_png

    house = HouseStyle(logo_bytes=to_png(pictures()[0].plain))
    content = make("docx", extras=Extras(house=house))
    assert len(import_module("docx").Document(BytesIO(content)).inline_shapes) == 1
