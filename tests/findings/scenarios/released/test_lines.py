"""The table of scenarios in a brief: the worst first, with its month and range."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.scenarios.released.lines import MAX_LINES, outcome_table
from monazite.findings.scenarios.released.outcomes import ReleasedOutcome
from monazite.findings.uncertainty.spans import MonthSpan, Span

DAY = "2026-11-24"
HARD = ReleasedOutcome(
    *("closed", "A border closes", "USA", "magnets with Dy or Tb", ("Dy",)),
    ("2027-01", "2027-02"),
    400.0,
    Span(0.35, 0.3, 0.4),
    (Span(0.2, 0.1, 0.4), Span(0.5, 0.4, 0.6)),
    Span(0.5, 0.4, 0.7),
    MonthSpan("2027-02", "2027-01", "2027-02"),
    20,
)
SPARED = replace(
    HARD,
    scenario="mild",
    title="A mine closes",
    over=Span(0, 0, 0),
    parts=(Span(0, 0, 0),) * 2,
    most=Span(0, 0, 0),
    until=MonthSpan("", "", ""),
)


def test_a_line_says_how_much_of_what_is_lacking_when() -> None:
    found = outcome_table([HARD, SPARED], DAY)
    assert [*found.rows] == [
        [
            *("A border closes", "50 %", "40 to 70 %", "Feb 2027"),
            *("Feb 2027 (Jan 2027 to Feb 2027)", "heavy magnets"),
        ]
    ]
    assert "Nothing is short while assumed stocks last: A mine closes." in found.remarks
    assert "Ranges rest on 20 random trials." in found.remarks


def test_what_is_set_before_the_day_has_no_line_and_is_said_to_be_past() -> None:
    old = replace(HARD, title="The quota of 2010", months=("2010-07", "2010-08"))
    found = outcome_table([old, HARD], DAY)
    assert [row[0] for row in found.rows] == ["A border closes"]
    assert found.remarks[-1] == "Set before Nov 2026, not listed: The quota of 2010."


def test_a_range_that_does_not_hold_its_number_says_so() -> None:
    outside = replace(HARD, parts=(Span(0.7, 0.4, 0.6),) * 2, most=Span(0.7, 0.4, 0.6))
    assert outcome_table([outside], DAY).rows[0][2] == "40 to 60 %, number outside"


def test_what_is_too_long_is_counted() -> None:
    many = [replace(HARD, scenario=str(x)) for x in range(MAX_LINES + 2)]
    spared = [replace(SPARED, title=f"Mine {x}") for x in range(MAX_LINES + 3)]
    found = outcome_table([*many, *spared], DAY)
    assert len(found.rows) == MAX_LINES
    assert "2 more scenarios would cost less." in found.remarks
    assert found.remarks[-1].endswith("Mine 5 and 3 more.")


def test_where_nothing_is_lacking_there_is_no_line() -> None:
    found = outcome_table([SPARED], DAY)
    assert [*found.rows] == []
    assert not [each for each in found.remarks if each.startswith(("Lacking", "Ranges"))]
