"""A brief as DOCX, to be edited: native headings, tables, pictures and a numbered source list."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from monazite.core.formats import NO_BREAK, visible, web_address
from monazite.core.package import VERSION
from monazite.data.dates import day_words
from monazite.report.brief import documents
from monazite.report.brief.document import Brief, BriefAnswer, BriefPart, NumberedSource, Sentence
from monazite.report.brief.house_style import HEADS, TEXT
from monazite.report.brief.page import TOP, Extras
from monazite.report.drawing.templates import LICENCE

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_COLUMN = 18.0  # Centimetres across the text of an A4 page
_CM_OF_PT = 0.0353
_TOGETHER = 16  # Sources that stay with the end, so that no last page is nearly empty


def brief_docx(brief: Brief, extras: Extras | None = None, written: str = "") -> bytes:
    """Return the brief as DOCX; the same brief gives the same bytes."""
    more = extras or Extras()
    writer = _DocxWriter(documents.find_engine("docx"), more)
    writer.head(brief)
    writer.front(brief)
    for part in brief.parts:
        writer.part(part)
    writer.end(brief)
    return documents.finished(writer.document, "docx", written)


class _DocxWriter:
    def __init__(self, docx: Any, extras: Extras) -> None:  # noqa: ANN401
        from docx.shared import Cm, Pt, RGBColor

        self.document = docx.Document()
        self.cm, self.pt, self.colour = Cm, Pt, RGBColor
        self.extras = extras
        self.pngs = documents.drawn(extras.pictures)
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - _COLUMN) / 2)
        section.top_margin = section.bottom_margin = Cm(1.4)
        self.accent = RGBColor.from_string(extras.house.accent)
        self.breaks = False
        house = extras.house
        text, heads = house.font("fonts", TEXT), house.font("serif", HEADS)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = text, self.pt(9.5)
        normal.paragraph_format.space_after = self.pt(2)
        for name, font, size, colour in (
            ("Title", heads, 16, self.colour(0x1D, 0x1F, 0x23)),
            ("Subtitle", text, 9, self.colour(0x5A, 0x5F, 0x68)),
            ("Heading 1", heads, 13, self.accent),
            ("Heading 2", text, 8.5, self.accent),
            ("Caption", text, 8, self.colour(0x5A, 0x5F, 0x68)),
        ):
            style = self.document.styles[name]
            style.font.name, style.font.size, style.font.color.rgb = font, self.pt(size), colour
            style.font.italic, style.font.bold = False, name != "Subtitle"
            style.element.rPr.rFonts.attrib.clear()
            style.font.name = font
            style.paragraph_format.space_after = self.pt(3)
            style.paragraph_format.keep_with_next = name == "Heading 1"
        self.document.styles["Title"].element.pPr.remove_all("w:pBdr")
        self.document.styles["Heading 1"].paragraph_format.space_before = self.pt(11)
        self.document.styles["Heading 2"].paragraph_format.space_before = self.pt(2)

    def head(self, brief: Brief) -> None:
        """The properties, the finding, and the answers in two columns."""
        documents.set_properties(self.document.core_properties, brief)
        if self.extras.house.logo_bytes:
            logo = BytesIO(self.extras.house.logo_bytes)
            self.document.add_picture(logo, height=self.cm(1.2))
        asked = f"{visible(brief.question)} {visible(day_words(brief.day))}"
        self.document.add_paragraph(asked, "Subtitle")
        self.document.add_heading(visible(brief.headline), 0)
        half = -(-len(brief.answer) // 2)
        for place, some in zip(
            self.beside(), (brief.answer[:half], brief.answer[half:]), strict=True
        ):
            for number, answer in enumerate(some):
                head = place.paragraphs[0] if number == 0 else place.add_paragraph()
                head.style = self.document.styles["Heading 2"]
                head.add_run(visible(answer.heading))
                self.sentence(answer, holder=place).runs[0].font.size = self.pt(8)

    def front(self, brief: Brief) -> None:
        """The picture of the chain, and the parts of the first page side by side."""
        self.pictures(TOP)
        if not brief.front:
            return
        sides = self.beside(len(brief.front))
        for place, part in zip(sides, brief.front, strict=True):
            head = place.paragraphs[0]
            head.style = self.document.styles["Heading 2"]
            head.add_run(visible(part.heading))
            for sentence in part.sentences:
                self.sentence(sentence, holder=place)
            if part.columns:
                self.table(part, holder=place, wide=_COLUMN / len(brief.front) - 0.4, size=7.0)
            last = place.add_paragraph()  # a cell cannot end with a table
            last.paragraph_format.space_after = self.pt(0)
            told = " ".join(visible(sentence.text) for sentence in part.remarks)
            last.add_run(told).font.size = self.pt(7)
        self.breaks = True

    def beside(self, count: int = 2) -> Any:  # noqa: ANN401
        """Cells side by side, without lines."""
        table = self.document.add_table(rows=1, cols=count)
        table.autofit = False
        for place in table.rows[0].cells:
            place.width = self.cm(_COLUMN / count)
        return table.rows[0].cells

    def part(self, part: BriefPart) -> None:
        """A part: its heading, picture, sentences, table and remarks."""
        head = self.document.add_heading(visible(part.heading), 1)
        head.paragraph_format.page_break_before = self.breaks
        self.breaks = False
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
        top = place == TOP  # it shares the first page with the answers
        for picture in (each for each in self.extras.pictures if each.place == place):
            content = BytesIO(self.pngs[picture.id])
            shape = self.document.add_picture(content, width=self.cm(14.8 if top else _COLUMN))
            if shape.height > self.cm(21):
                shape.width = int(shape.width * self.cm(21) / shape.height)
                shape.height = self.cm(21)
            shape._inline.docPr.set("descr", visible(picture.alt))
            if not (picture.titled or top):
                self.document.add_paragraph(visible(picture.caption), "Caption")

    def sentence(
        self,
        sentence: Sentence | BriefAnswer,
        style: str = "Normal",
        holder: Any = None,  # noqa: ANN401 - the document, or a cell
    ) -> Any:  # noqa: ANN401
        """A sentence with its footnotes."""
        paragraph = (holder or self.document).add_paragraph(style=self.document.styles[style])
        paragraph.add_run(visible(sentence.text))
        self.marks(paragraph, sentence.notes)
        return paragraph

    def marks(self, paragraph: Any, notes: Sequence[int]) -> None:  # noqa: ANN401
        """The numbers of sources, small but not raised: raised they would be too small."""
        if notes:
            run = paragraph.add_run(f"\N{NO-BREAK SPACE}[{documents.marks_of(notes)}]")
            run.font.size, run.font.bold = self.pt(7), False
            run.font.color.rgb = self.colour(0x5A, 0x5F, 0x68)

    def table(
        self,
        part: BriefPart,
        holder: Any = None,  # noqa: ANN401 - the document, or a cell
        wide: float = _COLUMN,
        size: float = 8.5,
    ) -> None:
        """A native table whose head repeats on each page, with no wider column than the text."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement

        place = holder or self.document
        table = place.add_table(rows=1, cols=len(part.columns))
        self.lined(table)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        rows = [(part.columns, ()), *((line.cells, line.notes) for line in part.lines)]
        shown = [[*map(visible, cells)] for cells, _ in rows]
        if part.columns[0] == "Date":  # which does not break
            shown = [[first.replace(" ", NO_BREAK), *rest] for first, *rest in shown]
        widths = documents.column_widths(shown, wide, size * _CM_OF_PT)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.cm(width)
        for number, (cells, (_, notes)) in enumerate(zip(shown, rows, strict=True)):
            row = table.rows[0] if number == 0 else table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            places = row.cells
            for name, cell, text, width in zip(part.columns, places, cells, widths, strict=True):
                cell.width = self.cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = self.pt(1)
                run = paragraph.add_run(text)
                run.font.size, run.font.bold = self.pt(size), number == 0
                if number == 0:
                    run.font.color.rgb = self.accent
                if name in part.right:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            longest = max(range(len(cells)), key=lambda n: (len(cells[n]), -n))
            if part.columns[longest] in part.right:
                longest = 0
            self.marks(places[longest].paragraphs[0], notes)
        if holder is None:
            self.document.add_paragraph()

    def lined(self, table: Any) -> None:  # noqa: ANN401
        """Hairlines between the rows of a table, and little room round its cells."""
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        line = 'w:val="single" w:sz="4" w:space="0" w:color="B9B5AB"'
        edges = "".join(f"<w:{edge} {line}/>" for edge in ("top", "bottom", "insideH"))
        sides = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
        properties = table._tbl.tblPr
        properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
        properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))

    def end(self, brief: Brief) -> None:
        """Sources, and how to repeat it."""
        self.document.add_heading("Sources", 1)
        for place, source in enumerate(brief.sources):
            paragraph = self.source(source)
            paragraph.paragraph_format.keep_with_next = len(brief.sources) - place <= _TOGETHER
        self.document.add_heading("How it was made", 1)
        told = self.document.add_paragraph(f"Written by Monazite {VERSION}. {visible(brief.view)}")
        told.paragraph_format.keep_with_next = True
        self.document.add_paragraph(LICENCE)

    def source(self, source: NumberedSource) -> Any:  # noqa: ANN401
        """A numbered source, its title a link where it has an address."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = self.cm(0.9)
        paragraph.paragraph_format.first_line_indent = self.cm(-0.9)
        paragraph.paragraph_format.space_after = self.pt(3)
        paragraph.add_run(f"{source.number}.\t{visible(source.publisher)}: ")
        if url := web_address(source.url):
            self.link(paragraph, source.titled, url)
        else:
            paragraph.add_run(source.titled).italic = True
        paragraph.add_run(f", {source.dated}, {source.evidence}.")
        return paragraph

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
