"""Text in the font that matplotlib ships: what it can draw, how wide it is, where it breaks."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import Any

from monazite.core import formats
from monazite.core.formats import ELLIPSIS, NO_BREAK, REPLACEMENT, visible

percent = partial(formats.percent, space=NO_BREAK)  # no line breaks before its sign
bounded_percent = partial(formats.bounded_percent, space=NO_BREAK)
SIZE = 12.0
FAMILY = "DejaVu Sans"
_NO_GLYPH = 0.6  # The width in ems of what the font cannot draw


def drawable(text: object) -> str:
    """Return text with what the shipped font cannot draw as a box, and no control characters."""
    shown = visible(text)
    return "".join("\N{WHITE SQUARE}" if _advance(each) is None else each for each in shown)


def accessible_text(text: object) -> str:
    """Return text as it may stand in a title or a description, also in XML."""
    return re.sub("[\ufffe\uffff]", REPLACEMENT, visible(text))


def in_sentence(title: object) -> str:
    """Return the title of an element as it stands inside a sentence; a long list is left out."""
    name = visible(title)
    if len(name) > 30:
        name = name.partition(" (")[0]
    return name.lower() if name.istitle() and name.isalpha() else name


def text_width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Return how wide a text is set in the shipped font, in CSS pixels."""
    widths = (_advance(each, bold) for each in text)
    return size * sum(_NO_GLYPH if each is None else each for each in widths)


def fitted(text: str, max_width: float, size: float = SIZE, *, bold: bool = False) -> str:
    """Return a text, cut with an ellipsis where it has no room."""
    if text_width(text, size, bold=bold) <= max_width:
        return text
    left = max_width - text_width(ELLIPSIS, size, bold=bold)
    kept, wide = 0, 0.0
    while kept < len(text) and (wide := wide + text_width(text[kept], size, bold=bold)) <= left:
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS


def wrap(
    text: str, max_width: float, size: float, *, bold: bool = False, most: int = 3
) -> list[str]:
    """Break a text between words into lines that fit; what is too long for the last is cut."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        last = not lines[-1] or len(lines) == most
        if last or text_width(longer, size, bold=bold) <= max_width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fitted(line, max_width, size, bold=bold) for line in lines]


def font_files() -> tuple[str, str]:
    """Return the files of the font that matplotlib ships, regular and bold."""
    import matplotlib as mpl

    folder = f"{mpl.get_data_path()}/fonts/ttf"
    return f"{folder}/DejaVuSans.ttf", f"{folder}/DejaVuSans-Bold.ttf"


@cache
def _advance(character: str, bold: bool = False) -> float | None:
    """The width of a character in ems; None where the font has none."""
    from matplotlib.ft2font import LoadFlags

    font, glyphs = _font(bold)
    if character not in glyphs:
        return None
    glyph = font.load_glyph(glyphs[character], LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance / 6_553_600)


@cache
def _font(bold: bool) -> tuple[Any, dict[str, int]]:
    """The font, and its glyphs by character: each is measured when it is first asked for."""
    from matplotlib.ft2font import FT2Font

    font = FT2Font(font_files()[bold])
    font.set_size(100, 72)
    return font, {chr(code): glyph for code, glyph in font.get_charmap().items()}
