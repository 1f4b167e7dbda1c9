"""What every result must be: a value that is hashed, said in a line, and shown as a dataframe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy

from monazite.core.results import Result
from monazite.core.tables import Table
from tests.reference_pages import build

LONGEST = 200  # Characters of the one line of a result


def assert_is_what_the_command_prints(found: Result, printed: str) -> None:
    """A result is a frozen value, and its JSON is what the command printed."""
    assert json.loads(printed) == json.loads(found.to_json())
    assert hash(found) == hash(deepcopy(found))
    assert found in {found}
    assert len(repr(found)) < LONGEST
    assert "\n" not in repr(found)
    assert len(found.to_dataframe()) == len(found.records) > 0
    assert all(isinstance(each, Mapping) for each in found.records)
    assert "<table>" in (found._repr_html_() or "")
    assert found.view is not None
    assert found.row_keys
    assert all("/" in key for key in found.row_keys)


def records_in(table: Table) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def own_results() -> dict[str, type[Result]]:
    """The results that the package defines, by name."""
    every = build.classes().items()
    return {name: kind for name, kind in every if is_own(kind) and name not in build.UNSAID}


def is_own(kind: type) -> bool:
    """Tell whether a class is a result, and not the one that all are made from."""
    return issubclass(kind, Result) and kind is not Result
