"""PDF of a brief, reopened: text, bookmarks, links; what a missing engine is told as."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from monazite.errors import NotInstalledError
from monazite.pages.brief import pdf as brief_pdf
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


def _titles(outline: Any) -> list[str]:
    return [
        title
        for entry in outline
        for title in (_titles(entry) if isinstance(entry, list) else [entry.title])
    ]
