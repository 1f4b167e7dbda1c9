"""What documents of a brief share, and the PDF: pictures, fixed times, a zip whose bytes repeat."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monazite.core.errors import NotInstalledError
from monazite.core.formats import em_width, visible, web_address
from monazite.data.dates import date_bounds
from monazite.report.brief.document import Brief, NumberedSource, runs
from monazite.report.brief.embedded_record import MEMBER, as_xml
from monazite.report.brief.page import BriefPicture, Extras, print_html
from monazite.report.drawing.frame import to_png

WIDE = 2000  # Pixels across a picture in a document
_PAD = 1.6  # Room round the text of a cell, in letters
_CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_PARTS = {"docx": "docx.opc.part", "pptx": "pptx.opc.package"}
_FIRST = (1980, 1, 1, 0, 0, 0)


def finished(document: Any, engine: str, written: str) -> bytes:  # noqa: ANN401 - a document
    """Return a document with its record, in a zip without times: the same has the same bytes."""
    if written:  # a part of custom XML, which an office keeps and hides
        main, holder = document.part, import_module(_PARTS[engine])
        uri = import_module(f"{engine}.opc.packuri").PackURI(f"/{MEMBER}")
        held = {"content_type": "application/xml", "package": main.package}
        main.relate_to(holder.Part(partname=uri, blob=as_xml(written), **held), _CUSTOM_XML)
    saved, steady = BytesIO(), BytesIO()
    document.save(saved)
    with ZipFile(saved) as given, ZipFile(steady, "w", ZIP_DEFLATED) as kept:
        for name in given.namelist():
            member = ZipInfo(name, _FIRST)
            member.compress_type = ZIP_DEFLATED
            kept.writestr(member, given.read(name))
    return steady.getvalue()


def moment_of(day: str) -> datetime:
    """Return the noon of a day, as a document dates itself."""
    last = date_bounds(day)[1]
    return datetime.fromisoformat(f"{last}T12:00:00").replace(tzinfo=UTC).replace(tzinfo=None)


def drawn(pictures: Iterable[BriefPicture]) -> dict[str, bytes]:
    """Return the pictures as PNG, by id."""
    return {picture.id: to_png(picture.plain, width=WIDE) for picture in pictures}


def column_widths(rows: Sequence[Sequence[str]], whole: float, letter: float) -> list[float]:
    """Return how wide the columns of a table are: no word breaks, and long texts get the rest."""
    columns = list(zip(*rows, strict=True))
    words = [max(em_width(word) for text in x for word in text.split(" ")) for x in columns]
    least = [word * letter + _PAD * letter for word in words]
    if sum(least) >= whole:
        return [whole * each / sum(least) for each in least]
    wanted = [
        max(0.0, min(40.0, max(em_width(text) for text in x)) * letter + _PAD * letter - floor)
        for x, floor in zip(columns, least, strict=True)
    ]
    left, sum_wanted = whole - sum(least), sum(wanted)
    if not sum_wanted:
        return [each + left / len(least) for each in least]
    return [floor + left * more / sum_wanted for floor, more in zip(least, wanted, strict=True)]


def source_line(source: NumberedSource) -> str:
    """Return a numbered source in a line, as the notes of a slide have it."""
    url = web_address(source.url)
    told = f"[{source.number}] {visible(source.publisher)}: {source.titled}, {source.dated}"
    return f"{told}, {source.evidence}.{f' {url}' if url else ''}"


def set_properties(about: Any, brief: Brief) -> None:  # noqa: ANN401 - of an office file
    """Set the properties of a document, which name the brief and its day."""
    about.title, about.author = visible(brief.question), "Monazite"
    about.subject, about.comments = visible(brief.title), visible(brief.view)
    about.created = about.modified = moment_of(brief.day)
    about.last_modified_by, about.revision, about.language = "Monazite", 1, "en"


def marks_of(notes: Iterable[int]) -> str:
    """Return footnote numbers as a document prints them: 1–3, 7."""
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs(notes))


_INSTALL = {
    "pdf": "A PDF needs WeasyPrint and Pango, which are not here{why}: pip install "
    "'monazite[brief]', and Pango from your system (Debian: apt install libpango-1.0-0 "
    "libpangoft2-1.0-0).",
    "docx": "A DOCX needs python-docx, which is not here: pip install 'monazite[brief]'.",
    "pptx": "A PPTX needs python-pptx, which is not here: pip install 'monazite[brief]'.",
}


def find_engine(kind: str) -> Any:  # noqa: ANN401 - the module
    """Return the library that writes a kind of document."""
    try:
        return import_module("weasyprint" if kind == "pdf" else kind)
    except ImportError:
        raise NotInstalledError(_INSTALL[kind].format(why="")) from None
    except OSError as error:
        why = str(error).split("\n", 1)[0][:80]
        raise NotInstalledError(_INSTALL[kind].format(why=f" ({why})")) from None


def brief_pdf(brief: Brief, extras: Extras | None = None, written: str = "") -> bytes:
    """Return the brief as a tagged PDF; the same brief gives the same bytes."""
    weasyprint = find_engine("pdf")
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # rules for screens are no news
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    only_data = weasyprint.URLFetcher(allowed_protocols={"data"})  # nothing is fetched
    document = weasyprint.HTML(string=print_html(brief, extras), url_fetcher=only_data)
    moment = moment_of(brief.day)
    record = weasyprint.Attachment(
        string=written,
        name="monazite-record.json",
        description="What monazite verify checks this briefing by",
        created=moment,
        modified=moment,
        relationship="Data",
    )
    return bytes(
        document.write_pdf(pdf_variant="pdf/ua-1", attachments=[record] if written else None)
    )
