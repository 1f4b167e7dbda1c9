"""An SVG as PNG, without a browser: drawn by resvg from the same coordinates, at any size."""

from __future__ import annotations

from functools import cache

from monazite.core.errors import UnreadableError
from monazite.core.formats import grouped, whole

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
    return svg_to_bytes(svg_string=svg, zoom=zoom, sans_serif_family=_sans_serif(svg))


def _sans_serif(svg: str) -> str | None:
    if "<text" not in svg:
        return None
    if _installed() is None:
        raise UnreadableError(
            "The PNG would have no text: no font is found; install one, such as DejaVu Sans."
        )
    return _installed()


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
