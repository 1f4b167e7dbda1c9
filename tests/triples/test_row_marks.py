"""What numbers are is asked of the rows that are looked at, and is the same as of all rows."""

from __future__ import annotations

import pytest

import monazite
from monazite.network.facts import read_facts
from monazite.network.facts_without import record, table_of, tiers_of
from monazite.triples.opening import open_store
from monazite.triples.queries import ask_of_rows
from monazite.triples.row_marks import RowMarks

FLOW = "baci/mmr-chn-2846.90-2024"


def test_each_row_is_marked_as_among_all() -> None:
    whole, asked = RowMarks(open_store()), RowMarks(open_store())
    known = {row: whole[row] for row in whole}
    assert {row: asked[row] for row in known} == known
    assert {"trade", "production"} <= {table_of(row) for row in known}
    assert RowMarks(open_store()).of([*known, FLOW]) == known


def test_what_was_measured_and_what_is_no_row_have_no_mark() -> None:
    marks = RowMarks(open_store())
    assert [row in marks for row in (FLOW, "trade/none", "nothing/none")] == [False] * 3


def test_a_table_is_asked_once_and_of_trade_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def count(store: object, name: str, rows: list[str] | None) -> object:
        asked.append((name, len(rows or ())))
        return ask_of_rows(open_store(), name, rows)

    marks = RowMarks(open_store())
    known = [*marks]
    monkeypatch.setattr("monazite.triples.row_marks.ask_of_rows", count)
    marks = RowMarks(open_store())
    made = [row for row in known if table_of(row) == "production"]
    traded = [row for row in known if table_of(row) == "trade"]
    assert all(row in marks for row in made)
    assert asked == [("row-marks-beside", 1)]
    marks.of(traded)
    assert asked[1:] == [("row-marks", len(traded))]


def test_tiers_of_some_rows_are_those_of_all() -> None:
    view = monazite.load()
    facts = record(read_facts(view.store, "Dy", view.valid))
    rows = [figure.row for figure in facts.own_figures]
    known = tiers_of(facts)
    assert tiers_of(facts, rows) == {row: known[row] for row in rows}
    assert tiers_of(facts, []) == {}
