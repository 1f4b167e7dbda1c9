"""What every picture and page says of itself: its licence, its view, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from monazite.core.formats import NOT_KNOWN, visible
from monazite.core.tables import Table
from monazite.data.dates import day_words

LICENCE = "Data: CC BY 4.0, each source's own terms; drawn by Monazite"
_NAMED = 3  # Publishers that a credit names; the others are counted
_NOBODY = ("Author not known", "Not known", "Monazite")
_NO_VIEW: Mapping[str, object] = MappingProxyType({})


def release_words(day: str, view: Mapping[str, object]) -> str:
    """Return of which release a picture is; of which day and rows, where its view is of others.

    >>> release_words("2012-06-30", {"release": "2026-11-24"})
    'Release of 24 Nov 2026, as of 30 Jun 2012'
    >>> release_words("2026-11-24", {"release": "2026-11-24", "tier": 1, "without": ["USGS"]})
    'Release of 24 Nov 2026, tier 1 or better, without USGS'
    """
    release = str(view.get("release") or day)
    left = "".join(f", {each}" for each in _filters(view))
    if release == day:
        return f"Release of {day_words(day)}{left}"
    as_of = f"s of {day_words(day)}{left}"
    return f"A{as_of}" if release == NOT_KNOWN else f"Release of {day_words(release)}, a{as_of}"


def _filters(view: Mapping[str, object]) -> list[str]:
    """What else chose the rows of a view, in a few words: the line has little room."""
    known, tier, without = (view.get(name) for name in ("known", "tier", "without"))
    names = [visible(each) for each in without] if isinstance(without, (list, tuple)) else []
    return [
        *([f"known by {day_words(str(known))}"] if known else []),
        *([f"tier {tier} or better"] if tier else []),
        *([f"without {names[0] if len(names) == 1 else f'{len(names)} names'}"] if names else []),
        *(["with own tables"] if view.get("data") else []),
    ]


def credit_line(
    publishers: Mapping[str, int], day: str, view: Mapping[str, object] = _NO_VIEW
) -> str:
    """Return who says what a picture shows, of which day it is, and under which licence.

    >>> credit_line({"USGS": 2, "Argus": 5}, "2026-11-24").partition(" Data")[0]
    'Sources: Argus, USGS. Release of 24 Nov 2026.'
    """
    known = {name: count for name, count in publishers.items() if not name.startswith(_NOBODY)}
    first = sorted(known, key=lambda name: (-known[name], name))
    named = 1 if _filters(view) else _NAMED  # what chose the rows takes the room of the others
    more = f" and {len(first) - named} more" if len(first) > named else ""
    told = [f"Sources: {', '.join(first[:named])}{more}."] if first else []
    told += [f"{release_words(day, view)}."] if day else []
    return visible(" ".join([*told, f"{LICENCE}."]))


def record_view(svg: str, view_line: str) -> str:
    """Record in a picture, where a program finds it, the view that it was made from."""
    body, end, rest = svg.rpartition("</svg>")
    return f"{body}<metadata>{escape(visible(view_line))}</metadata>{end}{rest}"


def page_table(table: Table) -> dict[str, object]:
    """Return a table as a template takes it: a reader sees all of its texts."""
    right = [name in table.right for name in table.columns]
    return {
        "heading": visible(table.heading),
        "columns": [
            {"name": visible(name), "right": at_right}
            for name, at_right in zip(table.columns, right, strict=True)
        ],
        "rows": [
            [
                {"text": visible(cell), "right": at_right}
                for cell, at_right in zip(row, right, strict=True)
            ]
            for row in table.rows
        ],
        "remarks": [visible(remark) for remark in table.remarks],
    }
