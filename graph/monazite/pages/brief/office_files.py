"""What documents share: pictures as PNG, fixed times, and a zip whose bytes repeat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from monazite.errors import NotInstalledError
from monazite.pages.brief.pictures import BriefPicture
from monazite.pages.drawing.png import to_png
from monazite.rows.dates import date_bounds

WIDE = 2000
"""Pixels across a picture in a document."""
_FIRST = (1980, 1, 1, 0, 0, 0)


def engine_of(module: str, install: str) -> Any:  # noqa: ANN401 - the module
    """Return a library that writes a kind of document.

    Args:
        module: its name.
        install: what to do where it is missing.

    Raises:
        NotInstalledError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise NotInstalledError(install) from None


def steady_zip(content: bytes) -> bytes:
    """Return a zip with the same members and no times: the same document has the same bytes."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(written, "w", ZIP_DEFLATED) as kept:
        for name in given.namelist():
            member = ZipInfo(name, _FIRST)
            member.compress_type = ZIP_DEFLATED
            kept.writestr(member, given.read(name))
    return written.getvalue()


def moment_of(day: str) -> datetime:
    """Return the noon of a day, as a document dates itself.

    >>> moment_of("2026-11-24").isoformat()
    '2026-11-24T12:00:00'
    """
    last = date_bounds(day)[1]
    return datetime.fromisoformat(f"{last}T12:00:00").replace(tzinfo=UTC).replace(tzinfo=None)


def drawn(pictures: Iterable[BriefPicture]) -> dict[str, bytes]:
    """Return the pictures as PNG, by id."""
    return {picture.id: to_png(picture.plain, width=WIDE) for picture in pictures}


def marks_of(notes: Iterable[int]) -> str:
    """Return footnote numbers as a document prints them.

    >>> marks_of([1, 2, 3, 7])
    '1–3, 7'
    """
    from monazite.findings.brief.footnotes import runs

    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs(notes))
