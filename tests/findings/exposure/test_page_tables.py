"""The parts of the page: in their order, each table in one, and what has no room is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.exposure.page_tables import GRAMS, GRAMS_HEADING, page_parts
from tests.findings.exposure.bills import NAMES, example, long_exposure

ORDER = ["first", "grams", "rules", "questions", "licence", "more"]


@pytest.mark.parametrize("name", NAMES)
def test_parts_stand_in_the_order_in_which_a_buyer_asks(name: str) -> None:
    parts = {part.id: part for part in page_parts(example(name))}
    assert [part for part in parts if part in ORDER] == [part for part in ORDER if part in parts]
    assert [table.heading for table in parts["more"].tables] == ["What each text was taken for"]
    assert all(table.rows for part in parts.values() for table in part.tables)
    assert ("first" in parts) == (name != "petrol-car.csv")  # it gives no stock


def test_a_name_of_the_bill_chooses_no_part() -> None:
    for product in ("All lines", "Line by rule", "What stops first"):
        parts = page_parts(replace(example(), product=product))
        (grams,) = (part for part in parts if part.id == GRAMS)
        assert grams.tables[0].heading == GRAMS_HEADING
        assert [row[0] for row in grams.tables[0].rows] == ["Dy", "Nd", "Pr", "Sm", "Tb"]


def test_a_long_bill_is_cut_and_the_others_are_counted() -> None:
    found = long_exposure(1_200)
    assert len(found.lines) == 20_400
    parts = {part.id: part for part in page_parts(found)}
    tables = [table for part in parts.values() for table in (*part.tables, *part.folded)]
    assert sum(len(table.rows) for table in tables) < 400
    (held,) = (table for table in tables if table.heading == "Lines that hold most")
    assert held.remarks == ("3,570 more lines: in the workbook (-o FILE.xlsx)",)
    last = parts["rules"].folded[-1]
    assert last.remarks == ("5,988 more lines stand in the workbook (-o FILE.xlsx).",)


def test_what_is_caught_comes_first() -> None:
    (rules,) = (part for part in page_parts(example()) if part.id == "rules")
    first = rules.folded[0]
    assert first.heading == "Row 8: Magnet, inner layer (1 caught, 5 may by text)"
    outcomes = [row[3] for row in first.rows if row[1] == "text"]
    assert outcomes == sorted(outcomes)
    layers = [row[1] for row in first.rows if row[0] == "Announcement 18 of 2025"]
    assert layers == ["text", "guidance", "practice"]
