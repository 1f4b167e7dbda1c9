"""A timeline as tables, CSV and JSON: they tell the same, and a life is a sentence."""

from __future__ import annotations

from monazite.findings.plants.lives import read_lives
from monazite.findings.timeline.tables import (
    life_lines,
    timeline_csv,
    timeline_dict,
    timeline_tables,
)
from monazite.triples.store import Store
from tests.pages.timelines import small_timeline


def test_the_table_and_the_json_tell_the_same() -> None:
    timeline = small_timeline()
    (table,) = timeline_tables(timeline)
    content = timeline_dict(timeline)
    lines = content["lines"]
    assert isinstance(lines, list)
    assert len(table.rows) == len(lines) == len(timeline.events)
    for row, line in zip(table.rows, lines, strict=True):
        assert row[0] == line["date"]
        assert row[3] == line["sentence"]
        assert row[-1] == line["rows"][0]
    assert table.remarks == ("3 rows are left out.",)
    partial = next(line for line in lines if line["date"] == "1952")
    assert (partial["certainty"], partial["earliest"], partial["latest"]) == (
        "year",
        "1952-01-01",
        "1952-12-31",
    )
    assert partial["sources"][0]["publisher"] == "A survey"
    assert partial["sources"][0]["tier"] == "1"


def test_csv_has_a_line_a_happening() -> None:
    table = timeline_csv(small_timeline())
    assert len(table.rows) == len(small_timeline().events)
    assert dict(zip(table.columns, table.rows[0], strict=True))["sources"] == "paper"


def test_a_life_in_a_sentence(store: Store) -> None:
    lives = read_lives(store)
    assert life_lines(lives.on("mountain-pass", "2010-12-31")) == (
        "On 2010-12-31: perhaps partly operating (other versions: suspended); mine operating, "
        "separation suspended. Owner: Molycorp. Operator: Molycorp."
    )
    assert life_lines(lives.on("bukit-merah", "1999-01-01")) == (
        "On 1999-01-01: closed. Owner: not known (last on record: Asian Rare Earth Sdn Bhd until "
        "1994). Operator: not known."
    )
