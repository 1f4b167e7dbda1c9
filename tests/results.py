"""Results that the package defines, and the rows of their tables by the names of columns."""

from __future__ import annotations

from monazite.core.results import Listing, Result
from monazite.core.tables import Table
from tests.reference_pages import build


def records_in(table: Table) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def own_results() -> dict[str, type[Result]]:
    """The results that the package defines, by name."""
    every = build.classes().items()
    return {name: kind for name, kind in every if is_own(kind) and name not in build.UNSAID}


def is_own(kind: type) -> bool:
    """Tell whether a class is a result, and none of those that results are made from."""
    return issubclass(kind, Result) and kind not in {Result, Listing}
