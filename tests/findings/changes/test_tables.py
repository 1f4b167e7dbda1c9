"""Changes as tables, CSV and JSON, by hand."""

from __future__ import annotations

from monazite.findings.changes.changes import Changes
from monazite.findings.changes.comparison import Change
from monazite.findings.changes.tables import changes_csv, changes_dict, changes_tables

FOUND = Changes(
    "2019",
    "2020",
    "Dy",
    "USA",
    (
        Change("shares", "index", "mine", "The index rose.", ("a/1", "a/2", "a/3")),
        Change("facilities", "closed", "Works", "It closed.", ("b/1",), market=True),
        Change("facilities", "closed", "Mine", "It closed too.", ()),
    ),
    notes=("A note.",),
)


def test_a_group_is_a_table_headed_by_how_many_of_which_kind() -> None:
    shares, facilities = changes_tables(FOUND)
    assert shares.heading == "Shares, ranks and concentration: 1 index"
    assert facilities.heading == "Facilities: 2 closed"
    assert [row[3] for table in (shares, facilities) for row in table.rows] == ["a/1 +2", "b/1", ""]


def test_csv_has_all_rows_of_a_change() -> None:
    table = changes_csv(FOUND)
    assert table.columns == ("group", "kind", "market", "subject", "text", "rows")
    assert list(table.rows[0]) == ["shares", "index", "", "mine", "The index rose.", "a/1;a/2;a/3"]


def test_json_has_counts_changes_and_notes() -> None:
    told = changes_dict(FOUND)
    assert list(told) == ["before", "after", "element", "market", "counts", "changes", "notes"]
    assert told["counts"] == {"shares": {"index": 1}, "facilities": {"closed": 2}}
    assert told["notes"] == ["A note."]
