"""The short report: one screen, whole numbers, and what is kept from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.losses.first_screen import first_screen, line_name
from monazite.findings.losses.result import Chokepoints, DrawsMade
from monazite.tables import write_tables
from tests.findings.losses.reports import a_base, a_line, a_report, a_stage

DRAWN = DrawsMade(count=100, seed=0, rejected=0, limit=0.1)


def lines_of(report: Chokepoints, lines: int = 5) -> list[str]:
    return write_tables(first_screen(report, lines), "table", width=80).splitlines()


def test_the_largest_losses_stand_first_and_the_others_are_counted() -> None:
    lines = [
        a_line(id=f"mine/{n}", label=f"Land {n} at mine", stage="mine", loss=n / 10, limited_by=())
        for n in range(9)
    ]
    told = lines_of(a_report(*lines), 3)
    assert [line.split()[1] for line in told if line.startswith("Land ")] == ["8", "7", "6"]
    assert "5 others: 10-50 %; --full names them." in told
    assert not any("Land 0" in line for line in told)


def test_ranges_stand_where_trials_were_made() -> None:
    report = a_report(a_line(loss_low=0.9, loss_high=0.95), draws=DRAWN)
    (row,) = [line for line in lines_of(report) if line.startswith("China separation")]
    assert row.split() == [
        "China",
        "separation",
        "93",
        "%",
        "90-95",
        "%",
        "95",
        "%",
        "Dy,",
        "NdPr",
        "90",
        "%",
    ]
    assert "5-95 %" not in "\n".join(lines_of(a_report(a_line())))
    assert "Range not drawn: --draws 200 runs random trials." in lines_of(a_report(a_line()))


def test_the_share_of_a_group_is_no_share_of_the_element() -> None:
    group = a_stage("separation", 0.9, note="The share is that of a wider group of rare earths.")
    own = a_stage("separation", 0.9)
    shown, hidden = (
        next(line for line in lines_of(a_report(a_line(), stages=(x,))) if "separation  " in line)
        for x in (own, group)
    )
    assert shown.endswith("90 %")
    assert hidden.endswith("Dy, NdPr")


def test_a_remark_says_which_way_it_moves_the_answer() -> None:
    told = "\n".join(lines_of(a_report(a_line())))
    assert "Unaccounted for: 4 % of ore, 0 % of oxide. If it stops, losses grow." in told
    closed = replace(a_base(), unexplained={"mine": 0.0})
    assert "Unaccounted" not in "\n".join(lines_of(replace(a_report(a_line()), base=closed)))


@pytest.mark.parametrize("word", ["magnet", "alloy"])
def test_nothing_is_said_of_magnets_for_an_oxide(word: str) -> None:
    base = replace(a_base(), product="Y in oxide", unit="t of the element")
    report = replace(a_report(a_line(limited_by=("Y",))), base=base, title="Yttrium")
    assert word not in "\n".join(lines_of(report))
    assert "Use by weight is unknown; only mine output checks the tonnage." in lines_of(report)


def test_what_is_not_known_is_listed_with_what_to_ask() -> None:
    stages = (
        a_stage("mine", None),
        a_stage("separation", 0.67),
        a_stage("metal", 0.94, note="The share is that of a wider group of rare earths, not."),
    )
    report = replace(a_report(a_line(loss=None)), base=None, stages=stages)
    told = lines_of(report)
    assert any(line.split()[:3] == ["Separation", "China", "67"] for line in told)
    assert not any(line.startswith("Metal ") for line in told)
    assert "Metal: only shares of a wider group were found." in told
    assert "Mining: no country shares found." in told
    assert "What is recorded: monazite show Dy." in told


def test_a_line_is_named_by_who_and_what() -> None:
    assert line_name(a_line()) == "China separation"
    assert line_name(a_line(label="China", stage="")) == "China, all stages"
    assert line_name(a_line(kind="site", label="Mt Weld = Lynas")) == "Mt Weld"
