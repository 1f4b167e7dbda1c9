"""The evidence cut as tables, JSON and CSV, from a cut by hand."""

from __future__ import annotations

import json
from dataclasses import replace

from monazite.findings.doubt.premises import DROPPED, LOWEST, OTHERS
from monazite.findings.doubt.result import (
    EvidenceCut,
    Member,
    Outcome,
    OverturningSet,
    PremiseLine,
    TierWeight,
)
from monazite.findings.doubt.tables import doubt_csv, doubt_dict, doubt_tables
from monazite.findings.doubt.verdicts import CROSSED, OTHER, UNKNOWN

SAYS, WHO, TIER = "A; Mine; 2024; 9 tonne", ("Press 2024, tier 3",), "tier 3"
LINE = PremiseLine(
    rows=("production/a", "production/a-copy"),
    text=SAYS,
    sources=WHO,
    tier=TIER,
    value=9.0,
    unit="t",
    low=1.0,
    high=9.0,
    ranged_by=OTHERS,
    range_rows=("production/b",),
    outcomes=(
        Outcome(DROPPED, None, UNKNOWN, None, None, "No record is left that gives A mining."),
        Outcome(LOWEST, 1.0, CROSSED, "A mining", 0.2),
    ),
    effect=0.7,
)
CUT = EvidenceCut(
    element="Dy",
    market="EUE",
    market_label="European Union",
    year=2024,
    horizon="short-run",
    first="mine/A",
    label="A mining",
    beside=("B metal",),
    loss=0.9,
    second="C mining",
    second_loss=0.4,
    threshold=0.45,
    method="exact up to 1: there are none; greedy beyond: an upper bound",
    exact=1,
    trials=1234,
    sets=(
        OverturningSet(
            (
                Member(LINE.rows, SAYS, WHO, TIER, LOWEST, 1.0, "t"),
                Member(("assumptions/x",), "x", (), "assumption", LOWEST, 0.5, ""),
            ),
            Outcome("lowest + lowest", None, OTHER, "C mining", 0.3),
        ),
    ),
    lines=(LINE,),
    untouched=7,
    resting=(TierWeight("tier 3", 1, 1, 0.75, Outcome(DROPPED, None, OTHER, "C mining", 0.3)),),
    needed=("production/a",),
    notes=("A note.",),
)


def test_a_set_has_one_line_for_each_of_its_rows_and_ends_with_what_follows() -> None:
    sets, _, _ = doubt_tables(CUT)
    assert sets.heading.endswith("short run: what would unseat A mining and B metal as first")
    assert [row[:3] for row in sets.rows] == [
        ["2", f"lowest, 1 t: {SAYS}", "and"],
        ["", "lowest, 0.5: x", "first: C mining"],
    ]
    said = " ".join((*sets.remarks, *sets.details))
    assert "First is A mining, beside B metal, loss 90 %; next is C mining, 40 %" in said
    assert (
        "when another overtakes one of them by a whole per cent, or the loss crosses 45 %" in said
    )
    assert "upper bound (1,234 trials)" in said
    assert "without any one of them it is no longer known: production/a." in said
    assert "A note." in said


def test_a_line_tells_what_each_doubt_does() -> None:
    _, lines, resting = doubt_tables(CUT)
    (row,) = lines.rows
    assert row[:6] == [
        f"{SAYS} (2 records of one root)",
        "news",
        "no longer known",
        "1 t: loss 20 %",
        "as it is",
        OTHERS,
    ]
    assert "7 figures; dropping any one changes nothing." in lines.remarks
    assert resting.rows == [["news", "1", "1", "75 %", "first: C mining"]]
    assert resting.remarks[0] == (
        "On news, weak sources and assumptions rest 1 of 1 record and 75 % of the weight."
    )


def test_json_and_csv_tell_the_same_in_plain_numbers() -> None:
    plain = json.loads(json.dumps(doubt_dict(CUT)))
    assert (plain["loss"], plain["needed"], plain["horizon"]) == (
        0.9,
        ["production/a"],
        "short-run",
    )
    table = doubt_csv(CUT)
    found = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    outcomes = plain["lines"][0]["outcomes"]
    assert [(each["how"], each["verdict"]) for each in found] == [
        (each["how"], each["verdict"]) for each in outcomes
    ]
    assert found[1]["tried"] == "1"
    assert found[0]["why"] == "No record is left that gives A mining."


def test_what_top_leaves_out_is_counted_in_the_table_and_not_in_json() -> None:
    long = replace(CUT, lines=(*CUT.lines, *CUT.lines))
    short = long.top(1)
    assert doubt_dict(short) == {**doubt_dict(long), "lines": doubt_dict(CUT)["lines"]}
    _, lines, _ = doubt_tables(short)
    assert lines.remarks[0] == "1 more figure changes something: see --top, or JSON."
    assert CUT.top(1) == CUT
    assert "1 more rows" not in " ".join(doubt_tables(CUT)[1].remarks)
