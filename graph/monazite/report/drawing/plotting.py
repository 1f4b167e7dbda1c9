"""The room of matplotlib: the same drawing gives the same bytes, by no setting of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from functools import cache
from io import BytesIO, StringIO
from math import cos, pi, sin
from typing import TYPE_CHECKING, Any, Protocol
from xml.etree import ElementTree

from monazite.core.results import Frozen, Struct, Value
from monazite.report.drawing.lettering import (
    FAMILY,
    SIZE,
    accessible_text,
    drawable,
    fitted,
    font_files,
    text_width,
    wrap,
)
from monazite.report.drawing.palette import DARK, LIGHT, dark_rules, mark_path
from monazite.report.drawing.templates import LICENCE

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

FONTS = f"'{FAMILY}', Verdana, sans-serif"  # Verdana has the widths of DejaVu
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LONG = re.compile(r"-?\d+\.\d{3,}")
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')
_FONT = re.compile(r"(?:italic )?(?:(?P<weight>\d+) )?(?P<size>[\d.]+)px .*")


def named(name: str | None) -> str | None:
    """Return a name that an SVG may give to a part, whatever is in it."""
    return None if name is None else re.sub(r"[^A-Za-z0-9_./-]", "-", name[:200])


def clean_svg(
    text: str,
    kind: str,
    size: tuple[float, float],
    texts: Mapping[str, str],
    tips: Mapping[str, str],
) -> str:
    """Return an SVG in its size in CSS pixels, with its words and without the library's traces."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(text)  # noqa: S314 - our own drawing
    shown = {f"{kind}-{named(name)}": tip for name, tip in tips.items()}
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"}:
                parent.remove(child)
    for element in root.iter():
        _unstyle(element)
        _rename(element, kind)
        if "d" in element.attrib:
            shorter = _LONG.sub(lambda found: f"{round(float(found[0]), 2):g}", element.attrib["d"])
            element.set("d", " ".join(shorter.split()))
        tip = shown.get(element.get("id", ""))
        if tip:
            title = ElementTree.Element(f"{{{_SVG}}}title")
            title.text = accessible_text(tip)
            element.insert(0, title)
    root.attrib.pop("version", None)
    root.attrib.update(
        {
            "width": f"{size[0]:g}",
            "height": f"{size[1]:g}",
            "viewBox": f"0 0 {size[0]:g} {size[1]:g}",
            "role": "img",
            "aria-labelledby": f"{kind}-title {kind}-desc",
            "stroke-linejoin": "round",
            "font-family": FONTS,
        }
    )
    for place, (tag, words) in enumerate(texts.items()):
        child = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{kind}-{tag}"})
        child.text = accessible_text(words)
        root.insert(place, child)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _unstyle(element: ElementTree.Element) -> None:
    """Turn a style into presentation attributes, which a policy of content lets through."""
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = (each.strip() for each in part.partition(":"))
        font = _FONT.fullmatch(value) if name == "font" else None
        if font:
            element.set("font-size", font["size"])
            if font["weight"]:
                element.set("font-weight", font["weight"])
        elif name:
            element.set(name, value)
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]


def _rename(element: ElementTree.Element, kind: str) -> None:
    """Begin every name with the kind of the picture, so that two pictures share a page."""
    if "id" in element.attrib:
        element.set("id", f"{kind}-{element.get('id')}")
    for name, value in element.attrib.items():
        if "#" in value and (name.endswith("href") or value.startswith("url(#")):
            element.set(name, value.replace("#", f"#{kind}-", 1))


INCH = 72.0  # Units of a page to an inch of matplotlib: one unit is one CSS pixel in the SVG
CSS_INCH = 96.0
MARGIN, TITLE_SIZE, SMALL = 24.0, 17.0, 10.5
_SETTINGS: dict[str, Any] = {
    "font.family": [FAMILY],
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "monazite",
    "hatch.linewidth": 0.7,
    "path.simplify": False,
}


class Drawing(Value):
    """What a picture says and how it is drawn, in CSS pixels; a pointer shows its ``tips``."""

    kind: str
    title: str
    subtitle: str
    alt: str
    width: float
    room: float  # how high it is below its head
    draw: Callable[[Page, float], None] = field(compare=False)  # from where its head ends
    tips: Mapping[str, str] = field(default_factory=Frozen)
    source: str = LICENCE

    @property
    def top(self) -> float:
        """Where title and subtitle end."""
        lines, more = _head(self)
        return 22 + 22 * len(lines) + 15 * len(more) + 10

    @property
    def height(self) -> float:
        """How high it is in all."""
        return self.top + self.room

    def svg(self, theme: str = "light") -> str:
        """Return the picture as one SVG document that needs nothing else."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        with _drawn(self, DARK if theme == "dark" else LIGHT) as sheet:
            text = StringIO()
            none = dict.fromkeys(("Date", "Creator", "Format", "Type"))
            canvas: Any = FigureCanvasSVG(sheet)
            canvas.print_svg(text, metadata=none)
        texts = {"title": self.title, "desc": self.alt}
        size = (self.width, self.height)
        cleaned = clean_svg(text.getvalue(), self.kind, size, texts, self.tips)
        if theme != "screen":
            return cleaned
        return cleaned.replace("</desc>", f"</desc><style>{dark_rules()}</style>", 1)

    def pixels(self, dpi: float, theme: str = "light") -> Any:  # noqa: ANN401 - an image of Pillow
        """Return the picture as an image of so many dots to an inch."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        with _drawn(self, DARK if theme == "dark" else LIGHT) as sheet:
            sheet.set_dpi(INCH * dpi / CSS_INCH)
            canvas: Any = FigureCanvasAgg(sheet)
            canvas.draw()
            width, height = canvas.get_width_height()
            pixels = bytes(canvas.buffer_rgba())
        return Image.frombytes("RGBA", (width, height), pixels).convert("RGB")


class DrawnFigure(Struct):
    """A picture that is drawn by hand as SVG, in its own size or scaled to a width."""

    title: str
    alt: str
    document: Callable[[str, str], str] = field(compare=False)  # of a theme, with a source
    width: float | None = None
    source: str | None = LICENCE  # None where the picture names its own

    def svg(self, theme: str = "screen") -> str:
        """Return it as one SVG document: light, dark, or as the screen prefers."""
        text = self.document(theme, self.source or "")
        if self.width is None:
            return text
        across, down = size_of(text)
        sized = f' width="{self.width:g}" height="{round(down * self.width / across, 2):g}"'
        return _SIZE.sub(sized, text, count=1)

    def pixels(self, dpi: float, theme: str = "light") -> Any:  # noqa: ANN401 - an image of Pillow
        """Return it as an image of so many dots to an inch."""
        from PIL import Image
        from resvg_py import svg_to_bytes

        text = self.document(theme, self.source or "")
        found = svg_to_bytes(
            svg_string=text,
            width=round((self.width or size_of(text)[0]) * dpi / CSS_INCH),
            background=(DARK if theme == "dark" else LIGHT)["paper"],
            skip_system_fonts=True,
            font_files=list(font_files()),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            serif_family=FAMILY,
        )
        return Image.open(BytesIO(bytes(found))).convert("RGB")


class Drawable(Protocol):
    """What is drawn: by matplotlib, or by hand as SVG."""

    @property
    def title(self) -> str:
        """What it finds, in a sentence."""

    @property
    def alt(self) -> str:
        """What it shows, in words."""

    def svg(self, theme: str = "light") -> str:
        """Return it as one SVG document: light, dark, or as the screen prefers."""

    def pixels(self, dpi: float, theme: str = "light") -> Any:  # noqa: ANN401 - an image of Pillow
        """Return it as an image, light or dark."""


def size_of(text: str) -> tuple[float, float]:
    """Return the size that an SVG document gives itself."""
    found = _SIZE.search(text)
    assert found is not None
    return float(found[1]), float(found[2])


class Page:
    """A sheet with its origin at the top left, in CSS pixels; every part may have a name."""

    def __init__(
        self, sheet: Sheet, width: float, height: float, hues: Mapping[str, str] = LIGHT
    ) -> None:
        self.width, self.height, self._hues = width, height, hues
        self._axes = sheet.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SIZE,
        hue: str = "ink",
        at: str = "left",
        bold: bool = False,
        halo: bool = False,
        max_width: float | None = None,
        name: str | None = None,
    ) -> None:
        """Write words on a baseline, cut where they have no room; ``halo`` sets them off."""
        shown = drawable(words)
        if max_width is not None:
            shown = fitted(shown, max_width, size, bold=bold)
        if not shown:
            return
        weight = "bold" if bold else "normal"
        if halo:
            wide = text_width(shown, size, bold=bold) + 4
            left = x - 2 - {"left": 0.0, "center": wide / 2 - 2, "right": wide - 4}[at]
            self.box(left, y - size * 0.88, wide, size * 1.14, fill="paper", order=5)
        self._axes.text(
            x, y, shown, fontsize=size, color=self._hue(hue), ha=at, va="baseline", weight=weight,
            gid=named(name), zorder=6,
        )  # fmt: skip

    def aside(self, x: float, y: float, words: str, **more: Any) -> None:  # noqa: ANN401
        """Write small, muted words: those of an axis, a basis, a range."""
        self.text(x, y, words, size=SMALL, hue="muted", **more)

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        *,
        fill: str | None = None,
        edge: str | None = None,
        hatch: str | None = None,
        opacity: float = 1.0,
        order: float = 2,
        name: str | None = None,
    ) -> None:
        """Draw a rectangle by its top left corner; hues are names of the palette or values."""
        from matplotlib.patches import Rectangle

        patch = Rectangle(
            (x, y), wide, high, facecolor=self._hue(fill), edgecolor=self._hue(edge),
            linewidth=0.8 if edge else 0, hatch=hatch, alpha=opacity, zorder=order, gid=named(name),
        )  # fmt: skip
        self._axes.add_patch(patch)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        hue: str = "ink",
        wide: float = 1.0,
        dash: Sequence[float] = (),
        opacity: float = 1.0,
        order: float = 3,
        name: str | None = None,
    ) -> None:
        """Draw a line through points."""
        from matplotlib.lines import Line2D

        style: Any = (0, tuple(dash)) if dash else "solid"
        xs, ys = zip(*points, strict=True)
        line = Line2D(
            xs, ys, color=self._hue(hue), linewidth=wide, linestyle=style, alpha=opacity,
            zorder=order, gid=named(name), solid_capstyle="butt", solid_joinstyle="round",
        )  # fmt: skip
        self._axes.add_line(line)

    def _hue(self, name: str | None) -> str:
        return "none" if name is None else self._hues.get(name, name)

    def whisker(self, ends: tuple[float, float], y: float, *, name: str) -> None:
        """Draw a range, set off from the bar under it."""
        for hue, wide, order in (("card", 3.6, 4.0), ("ink", 1.3, 5.0)):
            self.line([(ends[0], y), (ends[1], y)], hue=hue, wide=wide, order=order,
                      name=name if hue == "ink" else None)  # fmt: skip
            for x in ends:
                self.line([(x, y - 4.5), (x, y + 4.5)], hue=hue, wide=wide, order=order)

    def shape(
        self,
        rings: Sequence[Sequence[tuple[float, float]]],
        *,
        fill: str | None = None,
        edge: str | None = None,
        wide: float = 0.6,
        opacity: float = 1.0,
        order: float = 2,
        name: str | None = None,
    ) -> None:
        """Draw closed rings as one shape, or open lines without a fill."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        points, codes = [], []
        for ring in rings:
            points += [*ring, ring[0]] if fill else list(ring)
            codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 1)]
            codes += [Path.CLOSEPOLY] if fill else []
        if not points:
            return
        patch = PathPatch(
            Path(points, codes), facecolor=self._hue(fill), edgecolor=self._hue(edge),
            linewidth=wide if edge else 0, alpha=opacity, zorder=order, gid=named(name),
        )  # fmt: skip
        self._axes.add_patch(patch)

    def mark(
        self,
        x: float,
        y: float,
        shape: str,
        radius: float,
        *,
        fill: str,
        edge: str = "paper",
        wide: float = 0.8,
        order: float = 4,
        name: str | None = None,
    ) -> None:
        """Draw one of the palette's marks round a point."""
        rings = _mark(shape)
        placed = [[(x + radius * dx, y + radius * dy) for dx, dy in ring] for ring in rings]
        self.shape(placed, fill=fill, edge=edge, wide=wide, order=order, name=name)


def _head(drawing: Drawing) -> tuple[list[str], list[str]]:
    across, under = drawing.width - 2 * MARGIN, drawing.subtitle
    lines = wrap(drawable(drawing.title), across, TITLE_SIZE, bold=True)
    return lines, wrap(drawable(under), across, SIZE, most=2) if under else []


@contextmanager
def _drawn(drawing: Drawing, hues: Mapping[str, str]) -> Iterator[Sheet]:
    """Draw on a sheet of its own, with our settings and nobody else's while it lasts."""
    import matplotlib as mpl
    from matplotlib import style
    from matplotlib.figure import Figure as Sheet

    settings = {**_SETTINGS, "text.color": hues["ink"], "hatch.color": hues["muted"]}
    with mpl.rc_context(), style.context(["default", settings]):
        nudge = 1e-6  # a size that is whole pixels must not round down
        size = (drawing.width / INCH + nudge, drawing.height / INCH + nudge)
        sheet = Sheet(figsize=size, dpi=INCH, facecolor=hues["paper"])
        page = Page(sheet, drawing.width, drawing.height, hues)
        _write_frame(page, drawing)
        drawing.draw(page, drawing.top)
        yield sheet


def _write_frame(page: Page, drawing: Drawing) -> None:
    lines, more = _head(drawing)
    y = 18.0
    for line in lines:
        y += 22
        page.text(MARGIN, y - 4, line, size=TITLE_SIZE, bold=True)
    for line in more:
        y += 15
        page.text(MARGIN, y, line, hue="muted")
    told = wrap(drawable(drawing.source), page.width - 2 * MARGIN, SMALL, most=2)
    page.line([(MARGIN, page.height - 32), (page.width - MARGIN, page.height - 32)], hue="hairline")
    low = page.height - (14 if len(told) == 1 else 18)
    for number, line in enumerate(told):
        name = "source" if number == 0 else None
        page.text(MARGIN, low + 13 * number, line, size=SMALL, hue="muted", name=name)


@cache
def _mark(shape: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    """A mark of radius 1 as rings; ``diamond`` is a square on its corner, ``cross`` a plus."""
    corners = {"circle": (32, 0.0), "diamond": (4, 0.0), "square": (4, pi / 4)}.get(shape)
    if shape == "cross":
        thick, long = 0.42, 1.15
        arm = [(-thick, -long), (thick, -long), (thick, -thick)]
        turns: list[tuple[float, float]] = []
        for _ in range(4):
            turns += arm
            arm = [(-y, x) for x, y in arm]
        return (tuple(turns),)
    if corners is None:
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", mark_path(shape, 1))]
        return (tuple(zip(numbers[::2], numbers[1::2], strict=True)),)
    count, turn = corners
    size = {"circle": 0.92, "diamond": 1.15, "square": 1.15}[shape]
    angles = [turn + 2 * pi * step / count for step in range(count)]
    return (tuple((size * cos(angle), size * sin(angle)) for angle in angles),)


def png_of(image: Any, dpi: float, words: Mapping[str, str]) -> bytes:  # noqa: ANN401
    """Return an image as PNG with its resolution and texts that a program can read."""
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    for key, text in words.items():
        texts.add_text(key, accessible_text(text))
    data = BytesIO()
    image.save(data, format="PNG", dpi=(dpi, dpi), pnginfo=texts, optimize=True)
    return data.getvalue()
