"""Elements of SVG as text, from which pictures that are drawn by hand are put together.

A number is written with six figures at most; a text in its place stays as it is.
"""

from __future__ import annotations

from html import escape

from monazite.core.formats import visible

Number = float | str


def digits(number: Number) -> str:
    """Return a number as an attribute."""
    return number if isinstance(number, str) else f"{number:g}"


def rect(
    look: str, x: Number, y: Number, wide: Number, high: Number, rx: Number | None = None
) -> str:
    """Return a rectangle, with round corners where they have a radius."""
    x, y, wide, high = map(digits, (x, y, wide, high))
    corners = "" if rx is None else f' rx="{digits(rx)}"'
    return f'<rect class="{look}" x="{x}" y="{y}" width="{wide}" height="{high}"{corners}/>'


def text_at(look: str, x: Number, y: Number, words: str, more: str = "") -> str:
    """Return words on a baseline, escaped; ``more`` is markup that follows them."""
    return f'<text class="{look}" x="{digits(x)}" y="{digits(y)}">{escape(words)}{more}</text>'


def circle(look: str, x: Number, y: Number, radius: Number) -> str:
    """Return a circle."""
    x, y, radius = map(digits, (x, y, radius))
    return f'<circle class="{look}" cx="{x}" cy="{y}" r="{radius}"/>'


def tenths(number: float) -> str:
    """Return a number as an attribute, to one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def safe(text: object) -> str:
    """Return text as markup that says nothing else, each character seen."""
    return escape(visible(text))


def path(look: str, way: str) -> str:
    """Return a path."""
    return f'<path class="{look}" d="{way}"/>'


def moved(x: Number, y: Number, inner: str) -> str:
    """Return what is drawn round another origin."""
    return f'<g transform="translate({digits(x)} {digits(y)})">{inner}</g>'


def opened(
    look: str,
    name: str,
    size: tuple[Number, Number],
    title: str,
    desc: str | None,
    between: str = "",
) -> str:
    """Return the beginning of a picture: its size, and what is read to those who do not see it."""
    wide, high = map(digits, size)
    labels, told = f"{name}-title", f'<title id="{name}-title">{escape(title)}</title>'
    if desc is not None:
        labels += f" {name}-desc"
        told += f'{between}<desc id="{name}-desc">{escape(desc)}</desc>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{look}" role="img" '
        f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'aria-labelledby="{labels}">{between}{told}'
    )
