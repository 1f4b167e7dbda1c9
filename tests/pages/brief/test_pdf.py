"""PDF of a brief, reopened: text, bookmarks, links; what a missing engine is told as."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from monazite.errors import NotInstalledError
from monazite.pages.brief import pdf as brief_pdf
from tests.conftest import view_in_memory
from tests.pages.briefs import small_brief, source
from tests.pages.documents import make


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


QUESTIONS = [
    ("Sc", "WLD"),
    pytest.param("Dy", "USA", marks=pytest.mark.whole),
    pytest.param("Nd", "EUE", marks=pytest.mark.whole),
    pytest.param("Y", "JPN", marks=pytest.mark.whole),
]


@pytest.mark.parametrize(("element", "market"), QUESTIONS)
def test_one_page_answers_and_no_page_is_half_empty_and_no_letter_small(
    element: str, market: str
) -> None:
    make("pdf")  # skips without the engine
    briefing = view_in_memory().brief(element, market)
    pages = [Printed(page) for page in _reader(briefing.pdf()).pages]
    first, second = pages[0].text, pages[1].text
    told = [briefing.brief.headline, *(x.text for x in briefing.brief.answer)]
    for part in briefing.brief.front:
        told += [part.heading, *(line.cells[-1] for line in part.lines)]
    for text in told:
        assert _letters(text)[:30] in first, text
    assert second.startswith(_letters(briefing.brief.parts[0].heading))
    assert min(size for page in pages for size in page.sizes) >= 7
    assert all(page.lowest < 0.5 * A4_HIGH for page in pages[:-1])
    assert pages[-1].lowest < 2 / 3 * A4_HIGH
    titles = [part.heading for part in briefing.brief.parts]
    assert len(titles) == len(set(titles))


@pytest.mark.whole
def test_no_last_page_is_nearly_empty_however_many_sources_there_are() -> None:
    for count in (45, 62, 66, 70):
        brief = replace(small_brief(), sources=tuple(source(n) for n in range(1, count + 1)))
        pages = [Printed(page) for page in _reader(make("pdf", brief)).pages]
        assert len(pages) > 2
        assert pages[-1].lowest < 2 / 3 * A4_HIGH, count


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


FOOT = 50.0
"""Points from below of the number of the page."""


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
