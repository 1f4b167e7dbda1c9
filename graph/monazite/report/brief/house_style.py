"""A house style: templates, style, logo and fonts of the reader's own, put into a brief.

Its template runs in a sandbox and may ask only for what a brief has.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from monazite.core.errors import LimitError, UnreadableError
from monazite.core.files import read_bounded
from monazite.core.formats import grouped, shorten, visible
from monazite.core.limited_process import Limits, run_limited
from monazite.core.results import Struct
from monazite.report.drawing.templates import template

MOST_LOGO, MOST_FONT, MOST_TEXT = 200_000, 1_000_000, 200_000  # bytes
MOST_PAGE = 30_000_000  # Characters of a page; more is no page that can be verified
SECONDS, MEMORY = 30, 1 << 30  # What a template of a house may take
_LONGEST = 600
_LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}
_FONTS = {".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf"}
ACCENT, TEXT, HEADS = "A84A00", "Calibri", "Georgia"  # where no house has its own
_HEX = re.compile(r"--accent:\s*#([0-9A-Fa-f]{6})\b")
_FAMILY = re.compile(r"[^A-Za-z0-9 _-]")


class HouseStyle(Struct):
    """A house style; all empty is the shipped one."""

    template: str | None = None  # text of its ``brief.html``, None for the shipped one
    css: str = ""
    fonts: str = ""
    logo: str = ""
    logo_bytes: bytes = b""  # the same for documents that take files; only a PNG is one

    @property
    def accent(self) -> str:
        """The colour that ``brief.css`` first gives ``--accent``, for documents of an office."""
        found = _HEX.search(self.css)
        return found[1].upper() if found else ACCENT

    def font(self, variable: str, otherwise: str) -> str:
        """Return the first font that ``brief.css`` gives ``--fonts`` or ``--serif``."""
        found = re.search(rf"--{variable}:\s*([^;}}]+)", self.css)
        name = _FAMILY.sub("", found[1].split(",")[0]).strip() if found else ""
        return name or otherwise

    @property
    def digest(self) -> str | None:
        """A hash of what it brings to a page; None for the shipped style."""
        brings = (self.template, self.css, self.fonts, self.logo)
        if brings == (None, "", "", ""):
            return None
        return sha256(json.dumps(brings).encode()).hexdigest()[:32]


def read_house(folder: Path) -> HouseStyle:
    """Read a house style from its folder."""
    if not folder.is_dir():
        raise UnreadableError(f"{folder} is no folder; --template takes a folder of a house style.")
    logo, logo_bytes = _logo(folder)
    css = _text(folder / "brief.css") or ""
    if "</" in css or "<!--" in css:
        raise UnreadableError(f"{folder / 'brief.css'} holds markup; a style has no tags.")
    found = HouseStyle(
        template=_text(folder / "brief.html"),
        css=css,
        fonts="".join(_fonts(folder / "fonts")),
        logo=logo,
        logo_bytes=logo_bytes,
    )
    if found == HouseStyle():
        raise UnreadableError(
            f"{folder} holds no house style: put brief.html, brief.css, logo.svg, logo.png or a "
            "folder of fonts in it."
        )
    return found


def fill(house: HouseStyle, page: Mapping[str, Any]) -> str:
    """Fill the template of a house with a page; what is not marked safe is escaped."""
    from monazite.report.brief.template_process import render

    shipped = template("brief.html")
    texts = {"default/brief.html": shipped, "brief.html": house.template or shipped}
    if house.template is None:
        return render(texts, page, MOST_PAGE) + "\n"
    # A template from outside runs in a process that can be ended.
    sent = json.dumps({"texts": texts, "page": page, "most": MOST_PAGE}).encode()
    try:
        done = run_limited(
            "monazite.report.brief.template_process",
            {},
            sent,
            Limits(SECONDS, MEMORY),
            what="template brief.html of the house style",
            too_slow="mend its loops",
            too_big="mend its loops",
        )
    except LimitError as error:
        raise UnreadableError(shorten(visible(error), _LONGEST)) from None
    return done.output.decode("utf-8", "surrogatepass") + "\n"


def _text(file: Path) -> str | None:
    if not file.exists():
        return None
    content = _read(file, MOST_TEXT)
    try:
        return content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise UnreadableError(f"{file} is not UTF-8; save it as UTF-8.") from None


def _read(file: Path, most: int) -> bytes:
    told = f"is too large: it may have {grouped(most)} bytes, for it is put into every page."
    return read_bounded(file, most, told)


def _logo(folder: Path) -> tuple[str, bytes]:
    for name, kind in _LOGOS.items():
        file = folder / name
        if not file.exists():
            continue
        content = _read(file, MOST_LOGO)
        is_png = content.startswith(b"\x89PNG\r\n\x1a\n")
        if (kind == "image/png") != is_png or (kind != "image/png" and b"<svg" not in content):
            raise UnreadableError(f"{file} is no {kind.split('/')[1].split('+')[0].upper()}.")
        other = folder / "logo.png"
        png = content if is_png else _read(other, MOST_LOGO) if other.exists() else b""
        return data_address(kind, content), png
    return "", b""


def _fonts(folder: Path) -> Iterable[str]:
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        kind = _FONTS.get(file.suffix.lower())
        if kind is None:
            raise UnreadableError(f"{file} is no font; take {', '.join(_FONTS)}.")
        family = _FAMILY.sub("", file.stem)
        address = data_address(kind, _read(file, MOST_FONT))
        yield f'@font-face{{font-family:"{family}";src:url("{address}")}}\n'


def data_address(kind: str, content: bytes) -> str:
    """Return content as an address that needs no file."""
    return f"data:{kind};base64,{b64encode(content).decode()}"
