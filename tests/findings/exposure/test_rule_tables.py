"""Tables of rules: counts by day that are those of the lines, and none without days."""

from __future__ import annotations

from collections import Counter

from tests.conftest import view_in_memory
from tests.mirror import TESTS

BILL = TESTS.parent / "examples" / "bills" / "drive-unit.xlsx"
DAYS = ("2025-03-31", "2025-04-04", "2026-12-02")


def test_the_counts_are_those_of_the_lines() -> None:
    found = view_in_memory().exposure(BILL, "EUE", days=DAYS)
    assert found.days == DAYS
    [counts] = [x for x in found.short_tables() if x.heading == "What rules make of the lines"]
    [lines] = [x for x in found.tables() if x.heading.startswith("Line by rule")]
    assert len(lines.rows) == len(found.judgements)
    for row in counts.rows:
        own = [x for x in found.judgements if (x.rule_label, x.layer) == (row[0], row[1])]
        for day, cell in zip(DAYS, row[2:], strict=True):
            told = Counter(x.outcomes[day] for x in own)
            assert (f"{told['caught']} caught" in cell) == bool(told["caught"])
            assert (f"{told['may']} may" in cell) == bool(told["may"])
    before = [x.outcomes["2025-03-31"] for x in found.judgements if x.rule == "mofcom-18"]
    assert set(before) == {"not"}


def test_it_is_asked_of_the_day_of_the_view_where_no_day_is_named() -> None:
    view = view_in_memory()
    assert view.exposure(BILL, "EUE").days == (view.valid,)


def test_it_is_no_legal_advice() -> None:
    assert "no legal advice" in view_in_memory().exposure(BILL, "EUE").to_text(width=80)


def test_stock_lasts_as_long_as_it_is_used() -> None:
    found = view_in_memory().exposure(BILL, "EUE")
    [stock] = [x for x in found.tables() if x.heading.startswith("How long stock lasts")]
    by_row = {line.sheet_row: line for line in found.lines}
    assert stock.rows
    days = [float(each[2].replace(",", "")) for each in stock.rows]
    assert days == sorted(days)
    for row, _, printed in stock.rows:
        line = by_row[int(row)]
        assert line.stock is not None
        assert line.use_per_day is not None
        assert float(printed.replace(",", "")) == float(f"{line.stock / line.use_per_day:.3g}")
