"""PDF, DOCX and PPTX of a brief, reopened: text, tables, links, dates, and the same bytes twice."""

from __future__ import annotations

import sys
from io import BytesIO
from zipfile import ZipFile

import pytest

from monazite.errors import NotInstalledError
from tests.pages.briefs import hostile_brief
from tests.pages.documents import ENGINES, make
from tests.pages.test_any_text import hidden_in
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
        ENGINES[kind].find_engine()
    assert "\n" not in str(told.value)
