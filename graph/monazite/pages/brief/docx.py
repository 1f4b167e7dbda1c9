"""A brief as DOCX, to be edited: native headings, tables, pictures and a numbered source list."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from monazite.findings.brief.document import ANSWERS, Brief, BriefPart, Sentence
from monazite.findings.brief.footnotes import NumberedSource
from monazite.pages.brief.office_files import drawn, engine_of, marks_of, moment_of, steady_zip
from monazite.pages.brief.page import Extras
from monazite.pages.brief.pictures import TOP, BriefPicture
from monazite.pages.drawing.static_page import LICENCE
from monazite.rows.roots import tier_word
from monazite.safe_text import visible, web_address
from monazite.shipped import VERSION

_INSTALL = "A DOCX needs python-docx, which is not here: pip install 'monazite[brief]'."
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_COLUMN = 16.5
"""Centimetres across the text of an A4 page."""


def find_engine() -> Any:  # noqa: ANN401 - the module
    """Return python-docx.

    Raises:
        NotInstalledError: it is not installed.
    """
    return engine_of("docx", _INSTALL)


def brief_docx(brief: Brief, extras: Extras | None = None) -> bytes:
    """Return the brief as DOCX; the same brief gives the same bytes.

    Args:
        brief: what it says.
        extras: pictures, and a logo where it is a PNG.

    Raises:
        NotInstalledError: the engine is not installed.
        UnreadableError: a picture cannot be drawn.
    """
    more = extras or Extras()
    writer = _DocxWriter(find_engine(), more)
    writer.head(brief)
    for part in brief.parts:
        writer.part(part)
    writer.end(brief)
    written = BytesIO()
    writer.document.save(written)
    return steady_zip(written.getvalue())


_LONG = 36
"""Letters beyond which a column grows no wider: its text takes lines instead."""


def _widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Centimetres of the columns of a table, by their longest texts.

    >>> [round(width, 1) for width in _widths([["Date", "What"], ["2025-04", "x" * 90]])]
    [4.7, 11.8]
    """
    longest = [12 + min(_LONG, max(map(len, column))) for column in zip(*rows, strict=True)]
    return [_COLUMN * each / sum(longest) for each in longest]


class _DocxWriter:
    """Writes a document from its top to its end."""

    def __init__(self, docx: Any, extras: Extras) -> None:  # noqa: ANN401
        from docx.shared import Cm, Pt, RGBColor

        self.document = docx.Document()
        self.cm, self.pt, self.colour = Cm, Pt, RGBColor
        self.extras = extras
        self.pngs = drawn(extras.pictures)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - _COLUMN) / 2)
        section.top_margin = section.bottom_margin = Cm(2.2)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10)

    def head(self, brief: Brief) -> None:
        """The properties, the question, and the three sentences."""
        about = self.document.core_properties
        about.title, about.author = visible(brief.question), "Monazite"
        about.subject, about.comments = visible(brief.title), visible(brief.view)
        about.created = about.modified = moment_of(brief.day)
        about.last_modified_by, about.revision, about.language = "Monazite", 1, "en"
        if self.extras.house.logo_bytes:
            logo = BytesIO(self.extras.house.logo_bytes)
            self.document.add_picture(logo, height=self.cm(1.2))
        self.document.add_paragraph(f"{visible(brief.title)}, {visible(brief.day)}", "Subtitle")
        self.document.add_heading(visible(brief.question), 0)
        for heading, sentence in zip(ANSWERS, brief.answer, strict=True):
            self.document.add_heading(heading, 2)
            self.sentence(sentence).runs[0].font.size = self.pt(12)
        self.pictures(TOP)

    def part(self, part: BriefPart) -> None:
        """A part: its heading, picture, sentences, table and remarks."""
        self.document.add_heading(visible(part.heading), 1)
        self.pictures(part.id)
        style = "List Bullet" if len(part.sentences) > 1 else "Normal"
        for sentence in part.sentences:
            self.sentence(sentence, style)
        if part.columns:
            self.table(part)
        for sentence in part.remarks:
            self.sentence(sentence, "List Bullet").runs[0].font.size = self.pt(8.5)

    def pictures(self, place: str) -> None:
        """The pictures of a place, each with its caption and its words for who does not see it."""
        for picture in self.extras.pictures:
            if picture.place == place:
                self.picture(picture)

    def picture(self, picture: BriefPicture) -> None:
        """One picture across the text."""
        content = BytesIO(self.pngs[picture.id])
        shape = self.document.add_picture(content, width=self.cm(_COLUMN))
        if shape.height > self.cm(21):
            shape.width = int(shape.width * self.cm(21) / shape.height)
            shape.height = self.cm(21)
        shape._inline.docPr.set("descr", visible(picture.alt))
        if not picture.titled:
            self.document.add_paragraph(visible(picture.caption), "Caption")

    def sentence(self, sentence: Sentence, style: str = "Normal") -> Any:  # noqa: ANN401
        """A sentence with its footnotes."""
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(visible(sentence.text))
        self.marks(paragraph, sentence.notes)
        return paragraph

    def marks(self, paragraph: Any, notes: Sequence[int]) -> None:  # noqa: ANN401
        """The numbers of sources, raised."""
        if notes:
            run = paragraph.add_run(f"\N{NO-BREAK SPACE}{marks_of(notes)}")
            run.font.superscript, run.font.bold = True, False

    def table(self, part: BriefPart) -> None:
        """A native table whose head repeats on each page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement

        table = self.document.add_table(rows=1, cols=len(part.columns), style="Light List Accent 1")
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        rows = [(part.columns, ()), *((line.cells, line.notes) for line in part.lines)]
        widths = _widths([cells for cells, _ in rows])
        table.autofit = False
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = self.cm(wide)
        for number, (cells, notes) in enumerate(rows):
            row = table.rows[0] if number == 0 else table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            places = row.cells
            for name, place, text, wide in zip(part.columns, places, cells, widths, strict=True):
                place.width = self.cm(wide)
                paragraph = place.paragraphs[0]
                paragraph.add_run(visible(text)).font.size = self.pt(8.5)
                if name in part.right:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            self.marks(places[0].paragraphs[0], notes)
        self.document.add_paragraph()

    def end(self, brief: Brief) -> None:
        """Sources, and how to repeat it."""
        self.document.add_heading("Sources", 1)
        for source in brief.sources:
            self.source(source)
        self.document.add_heading("How to repeat and check it", 1)
        self.document.add_paragraph(f"Written by Monazite {VERSION}:")
        self.document.add_paragraph(visible(brief.command), "Intense Quote")
        self.document.add_paragraph(visible(brief.view))
        self.document.add_paragraph(LICENCE)

    def source(self, source: NumberedSource) -> None:
        """A numbered source, its title a link where it has an address."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = self.cm(0.9)
        paragraph.paragraph_format.first_line_indent = self.cm(-0.9)
        paragraph.paragraph_format.space_after = self.pt(3)
        paragraph.add_run(f"{source.number}.\t{visible(source.publisher)}: ")
        url = web_address(source.url)
        title = visible(source.title) or "Untitled"
        if url:
            self.link(paragraph, title, url)
        else:
            paragraph.add_run(title).italic = True
        when = visible(source.published) or "undated"
        paragraph.add_run(f", {when}, {visible(tier_word(source.tier))}.")

    def link(self, paragraph: Any, text: str, url: str) -> None:  # noqa: ANN401
        """A link, which python-docx reads and does not write."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(url, _LINK, is_external=True))
        run = paragraph.add_run(text)
        run.font.underline, run.font.color.rgb = True, self.colour(0x00, 0x55, 0x8A)
        link.append(run._r)
        paragraph._p.append(link)
