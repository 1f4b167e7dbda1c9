"""The frame of a picture that leaves a page: title, legend, remarks, source; and as PNG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from monazite.core.errors import UnreadableError
from monazite.core.formats import grouped, visible, whole
from monazite.core.results import Struct
from monazite.report.drawing.lettering import drawable, text_width, wrap
from monazite.report.drawing.palette import DARK, LIGHT, without_variables
from monazite.report.drawing.shapes import moved, opened, path, text_at
from monazite.report.drawing.templates import drawing_rules

MARGIN, LEAST = 28.0, 640.0
TITLE, UNDER, NOTE = 27.0, 13.0, 12.0
_ROW, _LINES = 24.0, 6  # How high a row of the legend is, and how many lines a title may take

Piece = tuple[str, float, str]  # of a legend: a drawing 24 high, its width, its words


class PictureFrame(Struct):
    """What stands round a picture."""

    kind: str  # the class of the document, to which the rules of its style belong
    title: str
    desc: str  # the picture for those who do not see it
    source: str
    subtitle: str = ""
    legend: Sequence[Piece] = ()
    notes: Sequence[str] = ()
    least: float = LEAST  # how wide the frame is at least; a narrow picture leaves room for a title
    margin: float = MARGIN

    def document(
        self, drawing: str, size: tuple[float, float], rules: str, theme: str = "screen"
    ) -> str:
        """Return the framed picture as one SVG document, with the rules of its drawing."""
        frame = drawing_rules("frame", kind=self.kind, title=TITLE, under=UNDER, note=NOTE)
        style = file_style(f"{rules}{frame}", theme=theme)
        room = max(size[0], self.least)
        wide = room + 2 * self.margin
        lines = wrap(drawable(visible(self.title)), room * 0.94, TITLE, most=_LINES)
        more = _lines([self.subtitle], room, UNDER)
        below_title = 33 * len(lines)
        head = text_lines("headline", self.margin, 48, 33, lines)
        head += text_lines("under", self.margin, 40 + below_title, 19, more)
        top = 34.0 + below_title + 19 * len(more)
        foot = top + size[1] + 14
        legend, rows = legend_rows(self.legend, room)
        below = foot + _ROW * rows + (28 if rows else 12)
        notes = _lines(self.notes, room)
        source = _lines([self.source], room)
        first = below + 18 * len(notes) + 16
        size = (wide, first + 16 * len(source))
        title, desc = visible(self.title), visible(self.desc)
        return (
            f"{opened(self.kind, f'{self.kind}-file', size, title, desc)}<style>{style}</style>"
            f'<rect class="paper" width="{wide:g}" height="{size[1]:g}"/>{head}'
            f"{moved(self.margin, top, drawing)}{moved(self.margin, foot, legend)}"
            f"{text_lines('note', self.margin, below, 18, notes)}"
            f"{text_lines('credit', self.margin, first, 16, source)}</svg>\n"
        )


def _lines(texts: Iterable[str], room: float, size: float = NOTE) -> list[str]:
    return [line for text in texts if text for line in wrap(drawable(visible(text)), room, size)]


def text_lines(look: str, x: float, y: float, step: float, lines: Iterable[str]) -> str:
    """Return lines of text one below the other."""
    return "".join(text_at(look, x, y + step * number, line) for number, line in enumerate(lines))


def legend_rows(
    pieces: Sequence[Piece],
    room: float,
    *,
    look: str = "key",
    top: float = 8,
    low: float = 16,
    begins: str = "",
) -> tuple[str, int]:
    """Return a legend set in rows that fit, of which a word may begin one, and how many."""
    if not pieces:
        return "", 0
    drawn, rows = [path("rule", f"M0 0H{room:g}")], [0.0]
    for piece, size, words in pieces:
        needed = size + 6 + text_width(words, NOTE)
        if rows[-1] and (rows[-1] + needed > room or words == begins):
            rows.append(0.0)
        key = piece + text_at(look, size + 6, low, words)
        drawn.append(moved(rows[-1], _ROW * (len(rows) - 1) + top, key))
        rows[-1] = round(rows[-1] + needed + 18, 1)
    return "".join(drawn), len(rows)


def file_style(text: str, *, theme: str = "screen") -> str:
    """Return rules with plain colours; for a screen also those of a dark one."""
    if theme != "screen":
        return without_variables(text, DARK if theme == "dark" else LIGHT)
    dark = without_variables(text, DARK)
    return f"{without_variables(text, LIGHT)}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


MAX_PIXELS = 20_000  # No side of a PNG is longer: few programs open what is
_FAMILIES = (  # the first installed
    *("Noto Sans", "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans"),
    *("Roboto", "Open Sans", "Ubuntu", "Cantarell", "FreeSans", "Verdana", "Tahoma"),
)
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
_LETTER = '<text x="2" y="16" font-family="sans-serif" font-size="16">M</text>'


def to_png(svg: str, *, scale: float = 2.0, width: int | None = None) -> bytes:
    """Draw an SVG document as PNG; the same document and fonts give the same bytes."""
    from xml.etree import ElementTree

    from resvg_py import svg_to_bytes

    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by this package, not by others
    across, down = float(root.get("width") or 1), float(root.get("height") or 1)
    zoom = width / across if width else scale
    if max(across, down) * zoom > MAX_PIXELS:
        raise UnreadableError(
            f"A PNG of {whole(across * zoom)} by {whole(down * zoom)} pixels is too large; "
            f"the longer side may have {grouped(MAX_PIXELS)}."
        )
    family = _installed() if "<text" in svg else ""
    if family is None:
        raise UnreadableError(
            "The PNG would have no text: no font is found; install one, such as DejaVu Sans."
        )
    return svg_to_bytes(svg_string=svg, zoom=zoom, sans_serif_family=family or None)


@cache
def _installed() -> str | None:
    """The first family that leaves a trace."""
    from resvg_py import svg_to_bytes

    blank = svg_to_bytes(svg_string=_PROBE.format(""))
    for family in _FAMILIES:
        drawn = svg_to_bytes(svg_string=_PROBE.format(_LETTER), sans_serif_family=family)
        if drawn != blank:
            return family
    return None
