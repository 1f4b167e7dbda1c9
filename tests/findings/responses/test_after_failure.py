"""What follows a failure: one value that holds shifts and marginal values, with its rows."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from tests.conftest import view_in_memory


def test_what_follows_a_failure_is_one_value_with_its_rows() -> None:
    found = view_in_memory().after("China separation", "Sm", year=2024)
    assert (found.id, found.clause) == ("separation/CHN", "China stopped separating")
    assert found.row_keys == tuple(sorted({*found.rows, *(each.row for each in found.assumptions)}))
    assert len(found.to_dataframe()) == len(found.shifts) > 0
    assert [table.heading for table in found.tables()] == [
        "Who makes and sells what, if China stopped separating",
        "What one tonne changes if China stopped separating",
    ]
    assert hash(found) == hash(view_in_memory().after("separation/CHN", "Sm", year=2024))


def test_what_cannot_be_asked_is_said() -> None:
    view = view_in_memory()
    with pytest.raises(UnknownNameError, match="did you mean"):
        view.after("China at separatio", "Sm", year=2024)
    with pytest.raises(NotKnownError, match="No loss is known: The members of TREO"):
        view.after("China mining", "TREO")
