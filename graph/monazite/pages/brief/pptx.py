"""A brief as PPTX: the answer, a picture or a native table a slide, and the numbered sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, TypeVar

from monazite.findings.brief.document import ANSWERS, Brief, BriefLine, BriefPart, Sentence
from monazite.findings.brief.footnotes import NumberedSource
from monazite.pages.brief.office_files import drawn, engine_of, marks_of, moment_of, steady_zip
from monazite.pages.brief.page import Extras
from monazite.pages.brief.pictures import TOP
from monazite.pages.drawing.static_page import LICENCE
from monazite.rows.roots import tier_word
from monazite.safe_text import visible, web_address
from monazite.shipped import VERSION

_INSTALL = "A PPTX needs python-pptx, which is not here: pip install 'monazite[brief]'."
_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.6
"""Inches of a slide and of its margin."""
_LINES, _SOURCES, _POINTS = 7, 12, 8
"""Lines of a table, sources, and sentences on one slide."""
_INK, _MUTED, _ACCENT, _LINKED = "1D1F23", "5A5F68", "A84A00", "00558A"
_Item = TypeVar("_Item")


def find_engine() -> Any:  # noqa: ANN401 - the module
    """Return python-pptx.

    Raises:
        NotInstalledError: it is not installed.
    """
    return engine_of("pptx", _INSTALL)


def brief_pptx(brief: Brief, extras: Extras | None = None) -> bytes:
    """Return the brief as PPTX; the same brief gives the same bytes.

    Args:
        brief: what it says.
        extras: pictures, and a logo where it is a PNG.

    Raises:
        NotInstalledError: the engine is not installed.
        UnreadableError: a picture cannot be drawn.
    """
    writer = _PptxWriter(find_engine(), extras or Extras())
    writer.answer(brief)
    writer.pictures(TOP)
    for part in brief.parts:
        writer.pictures(part.id)
        writer.part(part)
    writer.sources(brief.sources)
    writer.repeat(brief)
    written = BytesIO()
    writer.deck.save(written)
    return steady_zip(written.getvalue())


def _shares(items: Sequence[_Item], most: int) -> Iterator[tuple[str, Sequence[_Item]]]:
    """Items a slide at a time, with what the heading adds where there are more slides."""
    slides = -(-len(items) // most)
    for number in range(slides):
        said = f" ({number + 1} of {slides})" if slides > 1 else ""
        yield said, items[number * most : (number + 1) * most]


class _PptxWriter:
    """Writes slides one after the other."""

    def __init__(self, pptx: Any, extras: Extras) -> None:  # noqa: ANN401
        from pptx.dml.color import RGBColor
        from pptx.util import Inches, Pt

        self.inches, self.pt = Inches, Pt
        self.colour: Any = RGBColor.from_string
        self.deck = pptx.Presentation()
        self.deck.slide_width, self.deck.slide_height = Inches(_WIDE), Inches(_HIGH)
        self.extras, self.pngs = extras, drawn(extras.pictures)

    def slide(self, heading: str) -> Any:  # noqa: ANN401
        """A slide with its title, in the layout that has only one."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        title = slide.shapes.title
        title.left, title.top = self.inches(_EDGE), self.inches(0.35)
        title.width, title.height = self.inches(_WIDE - 2 * _EDGE), self.inches(0.9)
        title.text_frame.text = ""
        self.write(title.text_frame.paragraphs[0], heading, size=26, bold=True)
        return slide

    def box(self, slide: Any, top: float, high: float) -> Any:  # noqa: ANN401
        """A box of text across a slide."""
        shape = slide.shapes.add_textbox(
            self.inches(_EDGE), self.inches(top), self.inches(_WIDE - 2 * _EDGE), self.inches(high)
        )
        shape.text_frame.word_wrap = True
        return shape.text_frame

    def write(
        self,
        paragraph: Any,  # noqa: ANN401
        text: str,
        *,
        size: float,
        bold: bool = False,
        colour: str = _INK,
        notes: Sequence[int] = (),
        url: str | None = None,
    ) -> None:
        """Text with its footnotes."""
        from pptx.enum.text import PP_ALIGN

        paragraph.alignment = paragraph.alignment or PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = _spaced(text)
        run.font.size, run.font.bold = self.pt(size), bold
        run.font.color.rgb = self.colour(colour)
        if url:
            run.hyperlink.address = url
        if notes:
            marks = f"\N{NO-BREAK SPACE}[{marks_of(notes)}]"
            self.write(paragraph, marks, size=size * 0.7, colour=_MUTED)

    def answer(self, brief: Brief) -> None:
        """The properties of the deck, and the slide that answers."""
        about = self.deck.core_properties
        about.title, about.author = visible(brief.question), "Monazite"
        about.subject, about.comments = visible(brief.title), visible(brief.view)
        about.created = about.modified = moment_of(brief.day)
        about.last_modified_by, about.revision, about.language = "Monazite", 1, "en"
        slide = self.slide(brief.question)
        if self.extras.house.logo_bytes:
            logo = BytesIO(self.extras.house.logo_bytes)
            slide.shapes.add_picture(
                logo, self.inches(_WIDE - 2.4), self.inches(0.2), height=self.inches(0.5)
            )
        text = self.box(slide, 1.5, 5.2)
        for number, (heading, sentence) in enumerate(zip(ANSWERS, brief.answer, strict=True)):
            head = text.paragraphs[0] if number == 0 else text.add_paragraph()
            head.space_before = self.pt(0 if number == 0 else 12)
            self.write(head, heading, size=13, bold=True, colour=_ACCENT)
            size = 22 if number == 0 else 15
            self.write(text.add_paragraph(), sentence.text, size=size, notes=sentence.notes)
        foot = self.box(slide, 6.8, 0.4).paragraphs[0]
        self.write(foot, f"{brief.title}, {brief.day}", size=11, colour=_MUTED)

    def pictures(self, place: str) -> None:
        """A slide for each picture of a place, as large as it fits."""
        for picture in self.extras.pictures:
            if picture.place != place:
                continue
            slide = self.slide(picture.caption)
            shape = slide.shapes.add_picture(
                BytesIO(self.pngs[picture.id]), self.inches(_EDGE), self.inches(1.3)
            )
            room = self.inches(_WIDE - 2 * _EDGE), self.inches(_HIGH - 1.3 - 0.4)
            scale = min(room[0] / shape.width, room[1] / shape.height)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
            shape.left = (self.inches(_WIDE) - shape.width) // 2
            shape._element.nvPicPr.cNvPr.set("descr", visible(picture.alt))

    def part(self, part: BriefPart) -> None:
        """The sentences of a part, or its table with what is said of it as the speaker's notes."""
        if not part.columns:
            for said, sentences in _shares(part.sentences, _POINTS):
                text = self.box(self.slide(part.heading + said), 1.4, 5.4)
                for number, sentence in enumerate(sentences):
                    paragraph = text.paragraphs[0] if number == 0 else text.add_paragraph()
                    paragraph.space_after = self.pt(8)
                    self.write(paragraph, sentence.text, size=15, notes=sentence.notes)
        for said, lines in _shares(part.lines, _LINES):
            slide = self.slide(part.heading + said)
            self.table(slide, part, lines)
            told = (*part.sentences, *part.remarks)
            if told:
                slide.notes_slide.notes_text_frame.text = "\n".join(map(_noted, told))

    def table(self, slide: Any, part: BriefPart, lines: Sequence[BriefLine]) -> None:  # noqa: ANN401
        """A native table, the first column wide."""
        from pptx.enum.text import PP_ALIGN

        shape = slide.shapes.add_table(
            len(lines) + 1,
            len(part.columns),
            self.inches(_EDGE),
            self.inches(1.4),
            self.inches(_WIDE - 2 * _EDGE),
            self.inches(0.4 * (len(lines) + 1)),
        )
        widths = _widths(part)
        for column, width in zip(shape.table.columns, widths, strict=True):
            column.width = self.inches((_WIDE - 2 * _EDGE) * width)
        rows = [(part.columns, ()), *((line.cells, line.notes) for line in lines)]
        for place, (cells, notes) in enumerate(rows):
            for number, text in enumerate(cells):
                paragraph = shape.table.cell(place, number).text_frame.paragraphs[0]
                if part.columns[number] in part.right:
                    paragraph.alignment = PP_ALIGN.RIGHT
                colour = "FFFFFF" if place == 0 else _INK
                marks = notes if number == 0 else ()
                self.write(paragraph, text, size=11, bold=place == 0, colour=colour, notes=marks)

    def sources(self, sources: Sequence[NumberedSource]) -> None:
        """The numbered list, on as many slides as it needs."""
        for said, some in _shares(sources, _SOURCES):
            text = self.box(self.slide("Sources" + said), 1.35, 5.7)
            for number, source in enumerate(some):
                paragraph = text.paragraphs[0] if number == 0 else text.add_paragraph()
                paragraph.space_after = self.pt(4)
                self.write(paragraph, f"{source.number}. {source.publisher}: ", size=11)
                url = web_address(source.url)
                colour = _LINKED if url else _INK
                title = visible(source.title) or "Untitled"
                self.write(paragraph, title, size=11, colour=colour, url=url)
                end = f", {visible(source.published) or 'undated'}, {tier_word(source.tier)}"
                self.write(paragraph, end, size=11, colour=_MUTED)

    def repeat(self, brief: Brief) -> None:
        """How to write it again, and its view."""
        text = self.box(self.slide("How to repeat and check it"), 1.4, 5)
        told = (f"Written by Monazite {VERSION}:", brief.command, brief.view, LICENCE)
        for number, line in enumerate(told):
            paragraph = text.paragraphs[0] if number == 0 else text.add_paragraph()
            paragraph.space_after = self.pt(10)
            self.write(paragraph, line, size=14)


def _spaced(text: str) -> str:
    """Text without hidden characters; a space at its ends sets it off from what stands beside."""
    before = "\N{NO-BREAK SPACE}" if text[:1].isspace() else ""
    return f"{before}{visible(text)}{' ' if text[-1:].isspace() else ''}"


def _noted(sentence: Sentence) -> str:
    """A sentence of the speaker's notes."""
    marks = f" [{marks_of(sentence.notes)}]" if sentence.notes else ""
    return visible(sentence.text) + marks


def _widths(part: BriefPart) -> list[float]:
    """The part of a table that each column takes, by the length of its texts."""
    rows = [part.columns, *(line.cells for line in part.lines)]
    longest = [min(46, max(8, *(len(row[n]) for row in rows))) for n in range(len(part.columns))]
    return [each / sum(longest) for each in longest]
