"""The pages of quoted indices and of reproductions: what is not known, ranges, hostile notes."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.indices.quoted_index import QuotedIndex
from monazite.findings.indices.tables import LABELS, quoted_csv, quoted_dict, quoted_tables
from monazite.findings.reproductions.orders import Order, OrderPlace
from monazite.findings.reproductions.reproductions import Reproduction, Reproductions
from monazite.findings.reproductions.tables import reproduce_csv, reproduce_tables
from monazite.tables import write_tables

KNOWN = QuotedIndex(
    *("mine", "hhi", 5_054.4, 5_000, 5_100, "0 to 10,000", 2025, "reo", "line sum"),
    rows=("production/a", "production/b"),
    equation="read",
    note="a | b <i>",
)
UNKNOWN = QuotedIndex(
    *("mine", "hhi-wgi", None, None, None, "0 to 10", None, "not known", "not known"),
    rows=(),
    equation="read",
    missing=("rule of law", "regulatory quality"),
)
LINE = Reproduction(
    row="reproductions/x",
    measure="share",
    what="Share",
    element="MREE",
    stage="mine",
    place="CHN",
    year=2035,
    printed=None,
    printed_low=35.0,
    printed_high=40.0,
    figure="forecast",
    ours=20.04,
    low=20.04,
    high=20.04,
    our_figure="",
    difference=-14.96,
    unit="%",
    tolerance=0.5,
    expected="reproduces",
    outcome="differs",
    reason="",
    note="why not",
    series="iea-2025",
    printed_row="production_totals/p",
    rows=("production/a",),
)


def test_a_table_says_not_known_and_for_want_of_what() -> None:
    (table,) = quoted_tables([KNOWN, UNKNOWN], "TREO")
    text = write_tables([table.full()], "markdown")
    assert "| HHI | 5,054 | 5,000 to 5,100 | 0 to 10,000 | measured | world | 2025 |" in text
    assert "rule of law, regulatory quality" in text
    assert "production/a +1" in text
    assert "- HHI: a \\| b &lt;i>" in text


def test_each_stage_has_a_table() -> None:
    tables = quoted_tables([KNOWN, UNKNOWN], "TREO")
    assert [table.heading for table in tables] == ["TREO at stage mine: indices that people quote"]
    assert quoted_tables([], "TREO") == []


def test_plain_values_have_empty_cells_for_what_is_not_known() -> None:
    rows = quoted_csv([KNOWN, UNKNOWN]).rows
    assert rows[1][2:5] == ["", "", ""]
    assert rows[1][11] == "rule of law;regulatory quality"
    assert quoted_dict([UNKNOWN])[0]["value"] is None


def test_every_index_has_a_name() -> None:
    assert len(set(LABELS.values())) == len(LABELS) == 11


def test_a_printed_range_a_difference_and_what_is_against_the_table() -> None:
    found = Reproductions((LINE,), (), (), ("reproductions/y",))
    numbers, _, _ = reproduce_tables(found)
    (row,) = numbers.rows
    assert row[:9] == [
        *("Share CHN", "MREE", "mine", "2035", "35.0 to 40.0 (forecast)", "20.0", "", "-15.0", "%"),
    ]
    assert row[9] == "differs, against what is expected"
    assert numbers.full().remarks[-1] == (
        "The data used leaves 1 printed number out, which is not compared."
    )
    assert found.summary().endswith("not as expected: reproductions/x.")
    assert reproduce_csv(found).rows[0][0] == "reproductions/x"


def test_an_order_says_its_correlations_or_that_nothing_is_known() -> None:
    place = OrderPlace("Lu", 2059, "usd-million", 100, "%", "row/lu", "all", 1, 1, 1, 3, 0)
    known = Order("part-lost", "sizes", 3, 3, 1, "USA", 1, 0.5, None, (place,))
    bare = Order("part-lost", "sizes", 0, 0, 0, "EUE", places=(replace(place, ours=None),))
    alone = Order("eu-supply-risk", "index", 2, 1, 1)
    _, orders, _ = reproduce_tables(Reproductions((), (known, bare, alone), (), ()))
    assert [row[1] for row in orders.rows] == ["USA", "EUE"]
    assert orders.rows[0][3:9] == ["2,059", "usd-million", "1", "100 %", "1 to 3", "0"]
    assert orders.rows[1][6] == "not known"
    assert orders.remarks[0] == (
        "Order of sizes, USA: 1 of 3 pairs whose printed numbers differ stand in the same order "
        "in ours, 1 are equal in ours; rank correlation of Spearman 0.50, of Kendall not known, "
        "over 3 elements."
    )
    assert orders.remarks[1] == "Order of sizes, EUE: no number of ours is known."
