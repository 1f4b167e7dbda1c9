"""PDF, DOCX and PPTX of a briefing, each with the record by which it can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from monazite.pages.brief.carried import written_record
from monazite.pages.brief.docx import brief_docx
from monazite.pages.brief.page import Extras
from monazite.pages.brief.pdf import brief_pdf
from monazite.pages.brief.pptx import brief_pptx
from monazite.pages.brief.record import record_of

if TYPE_CHECKING:
    from monazite.pages.brief.briefing import Briefing
    from monazite.pages.brief.house_style import HouseStyle

_WRITERS = {"pdf": brief_pdf, "docx": brief_docx, "pptx": brief_pptx}


def render_document(
    briefing: Briefing, kind: str, house: HouseStyle, claimed: Mapping[str, object] | None = None
) -> bytes:
    """Return a briefing as a document that carries its record."""
    record = {**record_of(briefing, house, kind), "page": kind, **(claimed or {})}
    written = written_record(record, briefing.trig)
    return _WRITERS[kind](briefing.brief, Extras(briefing.pictures, house=house), written)
