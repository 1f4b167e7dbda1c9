"""The SVG of the plotting library made ours: no date, no style, names of its own, alt text.

Every part keeps presentation attributes alone, so that a picture also shows in a page whose policy
forbids styles; every name begins with the kind of the picture, so that two can share a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from monazite.pages.drawing.lettering import FAMILY, accessible_text

FONTS = f"'{FAMILY}', Verdana, sans-serif"
"""Verdana has the widths of DejaVu Sans, where a reader has only that."""
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_LONG = re.compile(r"-?\d+\.\d{3,}")
_FONT = re.compile(r"(?:italic )?(?:(?P<weight>\d+) )?(?P<size>[\d.]+)px .*")


def named(name: str | None) -> str | None:
    """Return a name that an SVG may give to a part, whatever is in it.

    >>> named("loss-separation/CHN"), named("loss-<b> x"), named(None)
    ('loss-separation/CHN', 'loss--b--x', None)
    """
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
