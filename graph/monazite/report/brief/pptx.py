"""A brief as PPTX: slides whose titles are findings, with their sources as notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from monazite.core.formats import counted, shorten, visible
from monazite.data.dates import day_words
from monazite.report.brief import documents
from monazite.report.brief.document import Brief, BriefAnswer, BriefPart, Sentence
from monazite.report.brief.house_style import HEADS, TEXT
from monazite.report.brief.page import TOP, Extras
from monazite.report.drawing.templates import LICENCE

_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.6  # Inches of a slide and of its margin
_ACROSS = _WIDE - 2 * _EDGE
_TOP, _FOOT = 1.5, 7.0  # Where the content of a slide begins, and where its foot does
_LINES, _POINTS, _LONGEST = 7, 6, 150  # lines and points of a slide, letters of a title
_LEAST = 10  # Points of the smallest letters of a slide
_SHORT = 420  # Letters of answers up to which a slide has them large
_FILL = ((480, 18), (760, 16), (1_000, 14), (1 << 30, 12))  # letters of answers, points
_INK, _MUTED, _LINE = "1D1F23", "5A5F68", "D9D5CB"
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # No fills and lines of its own
_ROW = 0.62  # Inches of a line of a table, at the most
_SIZES = ((60, 18), (100, 16), (130, 14), (10_000, 13))  # The same of the longest line of a table
_FEW = 4  # Columns of a table whose letters may be large
_EXPLAINED = frozenset({"losses"})  # their first remark defines the numbers
_THEME = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
_BESIDE = 3  # sentences taken beside a table; the first is the title
_OF_BILL = ("bill", "bill-rules", "bill-questions")  # Parts on the bill of the reader
_SHOWN = {"changed": (0, 1, 2), "next": (0, 1, 2), "policies": (0, 1, 2, 5)}  # columns shown


def brief_pptx(brief: Brief, extras: Extras | None = None, written: str = "") -> bytes:
    """Return the brief as PPTX; the same brief gives the same bytes."""
    writer = _PptxWriter(documents.find_engine("pptx"), brief, extras or Extras())
    parts = {part.id: part for part in brief.all_parts}
    writer.answer()
    writer.picture(parts.get("stages"))
    losses = "losses" if "losses" in parts else "largest"
    for name in (losses, *_OF_BILL, "changed", "next", "policies"):
        if name in parts:
            writer.part(parts[name])
    writer.answers_beside(parts.get("fixes"), brief.answer[4:7])
    writer.answers_beside(parts.get("unknown"), brief.answer[3:4])
    return documents.finished(writer.deck, "pptx", written)


class _PptxWriter:
    def __init__(self, pptx: Any, brief: Brief, extras: Extras) -> None:  # noqa: ANN401
        from pptx.dml.color import RGBColor
        from pptx.util import Inches, Pt

        self.inches, self.pt = Inches, Pt
        self.colour: Any = RGBColor.from_string
        self.deck = pptx.Presentation()
        self.deck.slide_width, self.deck.slide_height = Inches(_WIDE), Inches(_HIGH)
        self.brief, self.extras = brief, extras
        self.sources = {source.number: source for source in brief.sources}
        self.titles: set[str] = set()
        self.dress()

    def dress(self) -> None:
        """The theme in the colour and fonts of the house, and the layout of a slide."""
        house = self.extras.house
        master = self.deck.slide_master
        theme = master.part.part_related_by(_THEME)
        theme._blob = _themed(
            theme.blob.decode("utf-8"),
            house.accent,
            house.font("serif", HEADS),
            house.font("fonts", TEXT),
        ).encode()
        self.layout = self.deck.slide_layouts[5]
        for place in self.layout.placeholders:
            if place.placeholder_format.type == 1 or place.placeholder_format.idx == 0:
                place.left, place.top = self.inches(_EDGE), self.inches(0.35)
                place.width, place.height = self.inches(_ACROSS), self.inches(1.05)
            else:
                place._element.getparent().remove(place._element)

    def slide(self, title: str, notes: Iterable[int], instead: str = "") -> Any:  # noqa: ANN401
        """A slide with its title, which no other has, its foot, and its sources as notes."""
        from pptx.enum.text import MSO_ANCHOR

        told = shorten(visible(title), _LONGEST)
        if told in self.titles or not told:
            told = shorten(visible(instead), _LONGEST)
        self.titles.add(told)
        slide = self.deck.slides.add_slide(self.layout)
        frame = slide.shapes.title.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        size = 26 if len(told) < 95 else 21
        self.write(frame.paragraphs[0], told, size=size, bold=True, theme="+mj-lt")
        foot = self.box(slide, (_EDGE, _FOOT, _ACROSS, 0.35)).paragraphs[0]
        about = f"{visible(self.brief.title)}, {visible(day_words(self.brief.day))}. {LICENCE}."
        self.write(foot, about, size=_LEAST, colour=_MUTED)
        cited = [self.sources[each] for each in sorted({*notes}) if each in self.sources]
        if cited:
            slide.notes_slide.notes_text_frame.text = "\n".join(
                ("Sources", *map(documents.source_line, cited))
            )
        return slide

    def box(self, slide: Any, place: tuple[float, float, float, float]) -> Any:  # noqa: ANN401
        """A box of text."""
        shape = slide.shapes.add_textbox(*map(self.inches, place))
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
        theme: str = "+mn-lt",
    ) -> None:
        """Text in a font of the theme, with its footnotes."""
        from pptx.enum.text import PP_ALIGN

        paragraph.alignment = paragraph.alignment or PP_ALIGN.LEFT
        run = paragraph.add_run()
        before = "\N{NO-BREAK SPACE}" if text[:1].isspace() else ""
        run.text = f"{before}{visible(text)}{' ' if text[-1:].isspace() else ''}"
        run.font.size, run.font.bold, run.font.name = self.pt(size), bold, theme
        if colour == "accent":
            from pptx.enum.dml import MSO_THEME_COLOR

            run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1
        else:
            run.font.color.rgb = self.colour(colour)
        if notes:
            marks = f"\N{NO-BREAK SPACE}[{documents.marks_of(notes)}]"
            self.write(paragraph, marks, size=_LEAST, colour=_MUTED)

    def answers(self, frame: Any, some: Iterable[BriefAnswer], size: float) -> None:  # noqa: ANN401
        """Answers below each other, each under its heading."""
        for number, answer in enumerate(some):
            head = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            head.space_before = self.pt(0 if number == 0 else 10)
            self.write(head, visible(answer.heading), size=size - 2, bold=True, colour="accent")
            self.write(frame.add_paragraph(), answer.text, size=size, notes=answer.notes)

    def answer(self) -> None:
        """The properties of the deck, and the slide that answers."""
        brief = self.brief
        documents.set_properties(self.deck.core_properties, brief)
        said = [*brief.answer[:4], *brief.answer[7:]]
        slide = self.slide(brief.headline, (n for each in said for n in each.notes), brief.question)
        if self.extras.house.logo_bytes:
            logo = BytesIO(self.extras.house.logo_bytes)
            slide.shapes.add_picture(
                logo, self.inches(_WIDE - 2.4), self.inches(_FOOT - 0.1), height=self.inches(0.45)
            )
        half = (_ACROSS - 0.5) / 2
        left = self.box(slide, (_EDGE, _TOP, half, _FOOT - _TOP))
        right = self.box(slide, (_EDGE + half + 0.5, _TOP, half, _FOOT - _TOP))
        sides = said[:3], said[3:]
        letters = max(sum(len(each.text) for each in some) for some in sides)
        size = next(size for most, size in _FILL if letters <= most)
        for frame, some in zip((left, right), sides, strict=True):
            self.answers(frame, some, size)

    def picture(self, stages: BriefPart | None) -> None:
        """A slide of the chain, as large as it fits."""
        for picture in (each for each in self.extras.pictures if each.place == TOP):
            title = stages.finding if stages else picture.caption
            notes = () if stages is None else (n for x in stages.lines for n in x.notes)
            slide = self.slide(title, notes, picture.caption)
            content = BytesIO(documents.drawn([picture])[picture.id])
            shape = slide.shapes.add_picture(content, self.inches(_EDGE), self.inches(_TOP))
            room = self.inches(_ACROSS), self.inches(_FOOT - _TOP - 0.05)
            scale = min(room[0] / shape.width, room[1] / shape.height)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
            shape.left = (self.inches(_WIDE) - shape.width) // 2
            shape._element.nvPicPr.cNvPr.set("descr", visible(picture.alt))

    def part(self, part: BriefPart) -> None:
        """The table of a part, or its sentences."""
        cited = [each.notes for each in (*part.sentences, *part.remarks)]
        notes = [n for each in (*cited, *(x.notes for x in part.lines[:_LINES])) for n in each]
        slide = self.slide(part.finding or part.heading, notes, part.heading)
        if not part.lines:
            self._sentences(self.box(slide, (_EDGE, _TOP, _ACROSS, 5)), part.sentences)
            return
        told = part.remarks[:1] if part.id in _EXPLAINED else part.sentences[1:_BESIDE]
        self.table(slide, part, _FOOT - _TOP - 0.4 - 0.7 * len(told))
        self._sentences(self.box(slide, (_EDGE, _FOOT - 1.1, _ACROSS, 0.7)), told, 12)
        left = len(part.lines) - _LINES
        if left > 0:
            more = f"{counted(left, 'more line')} in the brief."
            foot = self.box(slide, (_EDGE, _FOOT - 0.35, _ACROSS, 0.3)).paragraphs[0]
            self.write(foot, more, size=_LEAST, colour=_MUTED)

    def _sentences(self, frame: Any, sentences: Iterable[Sentence], size: float = 15) -> None:  # noqa: ANN401
        for number, sentence in enumerate(sentences):
            first = number == 0 and not frame.paragraphs[0].runs
            paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
            paragraph.space_after = self.pt(6)
            text = shorten(visible(sentence.text), 2 * _LONGEST)
            self.write(paragraph, text, size=size, notes=sentence.notes)

    def answers_beside(self, part: BriefPart | None, answers: Sequence[BriefAnswer]) -> None:
        """Answers, and beside them the sentences of a part."""
        if part is None or not answers:
            return
        points = part.sentences[:_POINTS] if part.id == "unknown" else ()
        told = [each.notes for each in answers] + [each.notes for each in points]
        notes = [n for each in told for n in each]
        slide = self.slide(part.finding or part.heading, notes, part.heading)
        wide = _ACROSS * 0.4 if points else _ACROSS
        letters = sum(len(each.text) for each in answers)
        size = 24 if letters <= _SHORT and not points else 20
        high = _FOOT - _TOP
        self.answers(self.box(slide, (_EDGE, _TOP, wide, high)), answers, size)
        if points:
            place = (_EDGE + wide + 0.5, _TOP, _ACROSS - wide - 0.5, high)
            frame = self.box(slide, place)
            self.write(frame.paragraphs[0], part.heading, size=14, bold=True, colour="accent")
            self._sentences(frame, points, 15)

    def table(self, slide: Any, part: BriefPart, room: float) -> None:  # noqa: ANN401
        """A native table whose columns hold their longest words, and whose lines fill the room."""
        from pptx.enum.text import PP_ALIGN

        every = range(len(part.columns))
        places = [n for n in _SHOWN.get(part.id, every) if n in every]
        names = [visible(part.columns[n]) for n in places]
        right = [part.columns[n] in part.right for n in places]
        lines = part.lines[:_LINES]
        cells = [[shorten(visible(x.cells[n]), _LONGEST) for n in places] for x in lines]
        rows = [names, *cells]
        high = min(_ROW, room / len(rows)) * len(rows)
        shape = slide.shapes.add_table(
            len(rows), len(names), *map(self.inches, (_EDGE, _TOP, _ACROSS, high))
        )
        shape._element.graphic.graphicData.tbl.tblPr.find(
            "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
        ).text = _PLAIN_TABLE
        longest = max(sum(map(len, row)) for row in rows)
        size = next((size for most, size in _SIZES if longest <= most), _SIZES[-1][1])
        size = min(size, 14) if len(names) > _FEW else size
        widths = documents.column_widths(rows, _ACROSS, size / 72)
        for column, width in zip(shape.table.columns, widths, strict=True):
            column.width = self.inches(width)
        for place, texts in enumerate(rows):
            for number, text in enumerate(texts):
                cell = shape.table.cell(place, number)
                _underline(cell, "accent1" if place == 0 else _LINE)
                paragraph = cell.text_frame.paragraphs[0]
                if right[number]:
                    paragraph.alignment = PP_ALIGN.RIGHT
                colour = "accent" if place == 0 else _INK
                self.write(paragraph, text, size=size, bold=place == 0, colour=colour)


def _underline(cell: Any, colour: str) -> None:  # noqa: ANN401
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    kind = "schemeClr" if colour.startswith("accent") else "srgbClr"
    fill = f'<a:solidFill><a:{kind} val="{colour}"/></a:solidFill>'
    line = f'<a:lnB {nsdecls("a")} w="9525">{fill}</a:lnB>'
    properties = cell._tc.get_or_add_tcPr()
    properties.append(parse_xml(line))
    properties.append(parse_xml(f"<a:noFill {nsdecls('a')}/>"))


def _themed(theme: str, accent: str, heads: str, text: str) -> str:
    theme = re.sub(
        r"(<a:accent1>).*?(</a:accent1>)", rf'\1<a:srgbClr val="{accent}"/>\2', theme, flags=re.S
    )
    for kind, font in (("majorFont", heads), ("minorFont", text)):
        theme = re.sub(
            rf'(<a:{kind}>\s*<a:latin typeface=")[^"]*', rf"\g<1>{font}", theme, flags=re.S
        )
    return theme
