"""What changed between two states of a table, cell by cell."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.changes.row_changes import (
    ADDED,
    CHANGED,
    REMOVED,
    CellChange,
    Cells,
    RowChange,
    row_changes,
)

COLUMNS = ("value", "unit", "note")
STATES = st.dictionaries(
    st.sampled_from("abcd"),
    st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(["1", "2", "t"])),
)
BACK = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}


def turned(change: RowChange) -> RowChange:
    cells = tuple(CellChange(each.column, each.after, each.before) for each in change.cells)
    return RowChange(change.table, change.key, BACK[change.kind], cells)


@given(STATES, STATES)
def test_the_way_back_is_the_way_there_turned_round(
    one: dict[str, Cells], two: dict[str, Cells]
) -> None:
    there = row_changes("t", one, two, COLUMNS)
    assert [turned(each) for each in there] == row_changes("t", two, one, COLUMNS)


@given(STATES, STATES)
def test_the_changes_make_the_one_state_of_the_other(
    one: dict[str, Cells], two: dict[str, Cells]
) -> None:
    made = {key: dict(cells) for key, cells in one.items()}
    for change in row_changes("t", one, two, COLUMNS):
        row = made.setdefault(change.key, {})
        row.update({each.column: each.after for each in change.cells})
    said = {key: {name: text for name, text in row.items() if text} for key, row in made.items()}
    assert {key: row for key, row in said.items() if row} == {k: r for k, r in two.items() if r}


def test_a_change_is_said_a_sentence_a_cell_and_a_new_row_in_one() -> None:
    before = {"old": {"value": "1", "note": "n"}}
    after = {"old": {"value": "2"}, "new": {"value": "3", "unit": "t"}}
    new, old = row_changes("prices", before, after, COLUMNS)
    assert (new.row, new.kind, new.sentences) == ("prices/new", "added", ("value 3; unit t",))
    assert old.sentences == ("value: 1, now 2", "note: n, now blank")
