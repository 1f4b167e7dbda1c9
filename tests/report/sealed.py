"""Pages of a small brief, whole with record and seal, and what verifies them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from monazite.export.rdf import read_enclosed
from monazite.report.brief.page import Extras, brief_dict, brief_html
from monazite.report.brief.seal import FORMAT, blank_page, open_page, seal_page
from monazite.report.brief.verification import Comparison, RecomputedBrief, compare
from tests.report.briefs import pictures, small_brief

ROW = "https://w3id.org/monazite/row/prices/a"

TRIG = f'<{ROW}> {{ <{ROW}> <urn:says> "3 </script><!-- t" }}\n'

GRAPH = (
    "<!doctype html>\n<html>\n<head>\n"
    '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
    'script-src &#39;sha256-A=&#39;; style-src &#39;sha256-C=&#39;">\n'
    "<style>p{color:red}</style>\n</head>\n<body>\n<p>Two sites.</p>\n"
    '<script type="application/json">{"nodes":["China"]}</script>\n<script>run()</script>\n'
    "</body>\n</html>\n"
)

RECORD: dict[str, Any] = {
    "format": FORMAT,
    "version": "1",
    "code": "c",
    "made_with": {"python": "3.11"},
    "house": None,
    "seed": None,
    "signer": None,
    "tables": "aaa",
    "says": brief_dict(small_brief()),
    "left_out": [],
}

OLDER: dict[str, Any] = {"version": "0.9", "code": "b", "made_with": {"python": "3.10"}}


@cache
def page_of(**house: Any) -> str:
    """The page without its blocks, drawn once in a worker."""
    return brief_html(small_brief(), Extras(pictures(), GRAPH, "1 rows", **house))


def sealed(page: str | None = None, trig: str = TRIG, **changes: Any) -> str:
    """A whole page: its record has these changes."""
    return seal_page(page_of() if page is None else page, {**RECORD, **changes}, trig)


def resealed(page: str, change: Callable[[str], str], **changes: Any) -> str:
    """A page altered by one who makes the seal fit again, and changes the record."""
    opened = open_page(page, "a page")
    altered = change(opened.page)
    assert altered != opened.page
    return seal_page(altered, {**opened.record, **changes}, opened.trig)


def verdict(page: str, **changes: Any) -> Comparison:
    """What is said of a page, where the tables or the versions changed."""
    opened = open_page(page, "a page")
    fixed = {name: changes.get(name, RECORD[name]) for name in ("version", "code", "tables")}
    anew = changes.get("anew", page_of())
    claimed = {name: opened.record.get(name) for name in ("version", "code", "made_with", "signer")}
    record = {**RECORD, **claimed, "tables": fixed["tables"]}
    whole = blank_page(anew, record, TRIG, signed=opened.signature is not None)
    now = RecomputedBrief(
        content=changes.get("content", RECORD["says"]),
        rows=changes.get("rows", read_enclosed(TRIG)),
        made_with=changes.get("made_with", RECORD["made_with"]),
        house=changes.get("house"),
        page=anew,
        blank=whole if opened.record["format"] == FORMAT else None,
        **fixed,
    )
    return compare(opened, read_enclosed(opened.trig), now)


def told(page: str, **changes: Any) -> tuple[bool, str]:
    """Whether a page is the same, and all that is said of it."""
    found = verdict(page, **changes)
    return found.same, " ".join(found.sentences)
