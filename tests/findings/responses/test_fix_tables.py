"""Fixes as tables, JSON and CSV, from fixes by hand."""

from __future__ import annotations

import json

from monazite.findings.responses.fix_tables import fixes_csv, fixes_dict, fixes_tables
from monazite.findings.responses.fixes import Fix, Fixes, FixPoint
from monazite.result import Assumption

FIX = Fix(
    stage="mine",
    pool="ROW",
    new=(),
    mix={"Tb": 0.25, "Dy": 0.75},
    points=(FixPoint(0.0, 0.6, 0.6), FixPoint(100.0, 0.2, 0.1)),
    halves=None,
    half_back=40.0,
    best=0.2,
    then="separation",
    then_by=("Dy",),
    borders=0.1,
    rows=("production/a",),
)
FIXES = Fixes(
    element="Dy",
    market="USA",
    market_label="United States",
    id="mine/MMR",
    label="Myanmar mining",
    clause="Myanmar stopped mining",
    year=2024,
    horizon="short-run",
    product="magnets",
    loss=0.6,
    limited_by=("Dy",),
    limited_at="separation",
    fixes=(FIX,),
    tried=3,
    rows=("production/b",),
    assumptions=(Assumption("assumptions/c", "a rule", 1.0, None, None, "", "nobody says"),),
    notes=("A note.",),
)


def test_a_fix_says_what_is_added_where_and_what_binds_then() -> None:
    whole, curve = fixes_tables(FIXES)
    assert whole.heading == "Dy for the United States: the cheapest fixes if Myanmar stopped mining"
    assert whole.rows == [
        [
            *("Dy 75 %, Tb 25 % in ore", "mine, rest of the world", "never", "40 t", "20 %"),
            *("Dy at separation", "10"),
        ]
    ]
    assert whole.remarks[1] == "3 additions were tried."
    assert curve.rows == [["0", "60 %", "60 %"], ["100", "20 %", "10 %"]]


def test_json_and_csv_tell_the_same_in_plain_numbers() -> None:
    plain = json.loads(json.dumps(fixes_dict(FIXES)))
    assert (plain["loss"], plain["assumptions"]) == (0.6, ["assumptions/c"])
    assert [*plain][-3:] == ["rows", "assumptions", "notes"]
    rows = fixes_csv(FIXES).rows
    assert rows[1] == ["mine", "ROW", "Tb 0.25;Dy 0.75", "100", "0.2", "0.1"]


def test_fixes_name_all_rows_that_they_rest_on() -> None:
    assert FIXES.row_keys == ("assumptions/c", "production/a", "production/b")
    assert repr(FIXES) == "<Fixes Dy for USA 2024, short run: 1 fixes of Myanmar mining>"
