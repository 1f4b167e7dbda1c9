"""Pages of a small brief, whole with record and seal."""

from __future__ import annotations

from functools import cache
from typing import Any

from monazite.report.brief.page import Extras, as_shown, brief_html
from monazite.report.brief.seal import FORMAT, seal_page
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
    "version": "1.0.0",
    "code": "c" * 12,
    "made_with": {"python": "3.11"},
    "house": None,
    "seed": None,
    "signer": None,
    "tables": "a" * 12,
    "release": "2026-11-24",
    "says": as_shown(small_brief()),
    "left_out": [],
}


@cache
def page_of(**house: Any) -> str:
    """The page without its blocks, drawn once in a worker."""
    return brief_html(small_brief(), Extras(pictures(), GRAPH, "1 rows", **house))


def sealed(page: str | None = None, trig: str = TRIG, **changes: Any) -> str:
    """A whole page: its record has these changes."""
    return seal_page(page_of() if page is None else page, {**RECORD, **changes}, trig)
