"""What the page of an exposure records of itself: what was asked and with what it was made.

Nothing of the bill is in the record. The rows that the page carries are those of contents and of
rules: which firms a bill names is not told by them.
"""

from __future__ import annotations

from dataclasses import asdict

from monazite.findings.exposure.exposure import Exposure
from monazite.pages.brief.record import code_hash, filters_of, made_with
from monazite.pages.brief.seal import FORMAT
from monazite.shipped import VERSION

EXPOSURE = "exposure"
"""What the record of such a page says it is."""


def exposure_record(found: Exposure) -> dict[str, object]:
    """Return what a page was made from, and with which versions, for whoever verifies it."""
    view = {} if found.view is None else found.view.record
    return {
        "format": FORMAT,
        "page": EXPOSURE,
        "version": VERSION,
        "code": code_hash(),
        "made_with": made_with(),
        "signer": None,
        "tables": view.get("tables"),
        "release": view.get("release"),
        "question": None if found.asked is None else asdict(found.asked),
        "view": {**filters_of(found.view), "data": view.get("data")},
    }


def carried_rows(found: Exposure) -> tuple[str, ...]:
    """Return the keys of the rows that a page carries, sorted."""
    rows = {row for line in found.lines for each in line.grams for row in each.rows}
    rows.update(*(each.rows for each in found.judgements))
    rows.update(each.row for each in found.licence)
    return tuple(sorted(rows.union(each.row for each in found.assumptions)))
