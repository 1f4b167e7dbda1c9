"""What a page records of itself: what was asked, what it says, and all that decides its bytes."""

from __future__ import annotations

import platform
import sys
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.pages.brief.page import Extras, brief_dict, brief_html
from monazite.pages.brief.seal import FORMAT
from monazite.pages.brief.shown import shown_text
from monazite.pages.brief.verification import not_shown
from monazite.safe_text import counted
from monazite.shipped import VERSION

if TYPE_CHECKING:
    from monazite.pages.brief.briefing import Briefing
    from monazite.pages.brief.house_style import HouseStyle
    from monazite.result import ViewSummary

LIBRARIES = (
    "highspy",
    "jinja2",
    "markupsafe",
    "matplotlib",
    "networkx",
    "numpy",
    "pyoxigraph",
    "pyvis",
)
"""Packages of others that have a say in what a page holds."""
ENGINES = {
    "pdf": ("fonttools", "pydyf", "tinycss2", "weasyprint"),
    "docx": ("lxml", "python-docx", "resvg_py"),
    "pptx": ("lxml", "python-pptx", "resvg_py"),
}
"""The same of documents."""


def page_and_record(briefing: Briefing, house: HouseStyle) -> tuple[str, dict[str, object]]:
    """Return a page without its blocks, and its record."""
    carries = f"{counted(len(briefing.brief.rows), 'record')}"
    extras = Extras(briefing.pictures, briefing.page.network_html, carries, house)
    page = brief_html(briefing.brief, extras)
    record = record_of(briefing, house)
    return page, {**record, "left_out": not_shown(brief_dict(briefing.brief), shown_text(page))}


def record_of(briefing: Briefing, house: HouseStyle, kind: str = "html") -> dict[str, object]:
    """Return what a file of a briefing records of itself."""
    view = {} if briefing.view is None else briefing.view.record
    return {
        "format": FORMAT,
        "version": VERSION,
        "code": code_hash(),
        "made_with": made_with(kind),
        "house": house.digest,
        "seed": None,  # nothing in a briefing is drawn by chance
        "signer": None,
        "tables": view.get("tables"),
        "release": view.get("release"),
        "question": asdict(briefing.question),
        "view": {**filters_of(briefing.view), "data": view.get("data")},
        "command": briefing.brief.command,
        "says": brief_dict(briefing.brief),
        "left_out": [],
        **({} if briefing.bill is None else {"bill": asdict(briefing.bill)}),
    }


def filters_of(view: ViewSummary | None) -> dict[str, Any]:
    """What was asked of the view: only a day that it filters by is one.

    >>> filters_of(None)["without"]
    []
    """
    record: Mapping[str, Any] = {} if view is None else view.record
    return {
        "valid": record.get("valid") if record.get("filtered_by_valid") else None,
        "known": record.get("known"),
        "tier": record.get("tier"),
        "without": list(record.get("without") or ()),
    }


def made_with(kind: str = "html") -> dict[str, str]:
    """Return the versions of what has a say in the bytes of a page, beside Monazite and its tables.

    Python brings the table of letters, the machine its arithmetic, zlib the packing of documents.

    >>> sorted(made_with())[:3]
    ['highspy', 'jinja2', 'machine']
    """
    return {
        "python": platform.python_version(),
        "machine": f"{sys.platform} {platform.machine()}",
        **{name: _version(name) for name in (*LIBRARIES, *ENGINES.get(kind, ()))},
        **({"zlib": zlib.ZLIB_RUNTIME_VERSION} if kind in ENGINES else {}),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


@cache
def code_hash() -> str:
    """Return a hash of the code and its templates, which tells two states of one version apart."""
    package = Path(__file__).parents[2]
    digest = sha256()
    for file in sorted(_code(package)):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _code(package: Path) -> set[Path]:
    templates = (file for file in (package / "pages" / "templates").iterdir() if file.is_file())
    return {*package.rglob("*.py"), *templates}
