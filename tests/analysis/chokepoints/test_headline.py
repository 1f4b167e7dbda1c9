"""Reports by hand: their first sentences, their first screen, their tables, and as values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint, DrawsMade, Evidence
from monazite.analysis.chokepoints.headline import (
    SINGLE,
    evidence_of,
    first_line,
    first_screen,
    loss_answer,
    loss_word,
    stops,
)
from monazite.analysis.chokepoints.result import Chokepoints, chokepoints_csv
from monazite.analysis.concentration.shares import StageShares
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.tables import write_tables
from tests.report.networks import small_findings
from tests.results import records_in


def a_line(**given: Any) -> Chokepoint:
    own: dict[str, Any] = {
        "rank": 1,
        "year": 2024,
        "id": "separation/CHN",
        "label": "China separation",
        "kind": "country",
        "stage": "separation",
        "country": "CHN",
        "event": "outage",
        "loss": 0.93,
        "first_year": 0.3,
        "home_first": 0.95,
        "limited_by": ("Dy", "NdPr"),
        "limited_at": "separation",
        "share": 0.9,
    }
    return Chokepoint(**{**own, **given})


def a_base() -> BaseYearFigures:
    return BaseYearFigures(
        year=2024,
        product="magnets with Dy or Tb",
        unit="t",
        served=3331.4,
        horizon="short-run",
        trade=1.25,
        throughput=1.1,
        new_pairs=0.0,
        event="outage",
        approval=None,
        unexplained={"mine": 0.04, "separation": 0.0},
        outside={},
        rows=(),
        market_rows=(),
    )


def a_stage(stage: str, share: float | None, *, note: str = "", **given: Any) -> StageShares:
    leader = None if share is None else "China"
    return StageShares(
        stage, None, leader, share, None, "", "", 2024, ("production/a",), note, **given
    )


def a_report(*lines: Chokepoint, **given: Any) -> Chokepoints:
    own: dict[str, Any] = {"base": a_base(), "evidence": Evidence(271, 65, "mixed")}
    return Chokepoints(
        element="Dy",
        title="Dysprosium",
        market="USA",
        market_label="United States",
        chokepoints=lines,
        **{"stages": (), **own, **given},
    )


DRAWN = DrawsMade(count=100, seed=0, rejected=0, limit=0.1, shipped=True)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.995, 1.0, "all"),
        (0.994, 1.0, "most"),
        (0.5, 0.6, "most"),
        (0.49, 0.6, "some"),
        (0.01, 0.6, "some"),
        (0.009, 0.01, "perhaps none"),
        (-0.01, 0.009, "none"),
        (-0.02, -0.01, "gain"),
        (-0.02, 0.3, "perhaps a gain"),
        (None, None, ""),
    ],
)
def test_a_word_is_fixed_by_the_ends_of_a_range(
    low: float | None, high: float | None, word: str
) -> None:
    assert loss_word(low, high) == word


def answer_of(**line: Any) -> str:
    return str(loss_answer(a_report(a_line(**line), draws=DRAWN)))


def test_a_clear_loss_has_its_number_whole_time_and_trials() -> None:
    year = {"first_year_low": 0.2, "first_year_high": 0.4}
    assert answer_of(loss=0.93, loss_low=0.9, loss_high=0.95, **year) == (
        "The United States would lose most of its heavy magnets (with Dy or Tb), 93 %, if China "
        "stopped separating and stocks were gone. In the first year: 30 % (20 to 40). It used "
        "3,331 t in 2024; trade and plants may adjust for a year. Dy and neodymium-praseodymium "
        "(NdPr) would run short. In trials 90 to 95 %. Evidence: mixed (24 % of 271 figures have "
        "only news or weaker)."
    )


def test_a_wide_range_is_the_number_and_the_central_case_comes_after() -> None:
    text = answer_of(loss=0.8, loss_low=0.3, loss_high=1.0)
    assert "would lose 30 to 100 % of its heavy magnets" in text
    assert "if China stopped separating and stocks were gone; size not settled." in text
    assert "Central case 80 %." in text
    assert "In trials" not in text


def test_what_was_not_drawn_has_no_fixed_word() -> None:
    text = answer_of(loss=0.93)
    assert "would lose 93 % of its heavy magnets" in text
    assert "range not drawn." in text
    assert "most" not in text


def test_where_nothing_is_lost_the_line_that_comes_nearest_speaks() -> None:
    none = a_line(id="mine/CHN", stage="mine", label="China mining", loss=0.0)
    near = replace(none, id="mine/MMR", label="Myanmar mining", loss_low=0.0, loss_high=0.2)
    report = a_report(none, near, draws=DRAWN)
    assert first_line(report) == near
    assert "perhaps none of its heavy magnets" in str(loss_answer(report))


def test_what_is_not_known_says_what_is_missing_and_who_leads() -> None:
    report = replace(
        a_report(a_line(loss=None)),
        base=None,
        notes=("No assay gives how much Sc an ore holds: add one with --data.",),
        title="Scandium",
        evidence=Evidence(7, 1, "mixed"),
    )
    group = a_stage("metal", 0.94, note="The share is that of a wider group of rare earths, not.")
    text = str(loss_answer(replace(report, stages=(a_stage("separation", 0.67), group))))
    assert text.startswith("The United States' loss of scandium is not known. ")
    assert "What is missing: no assay gives how much Sc an ore holds." in text
    assert "By world share, China leads separation: 67 %, 2024." in text
    assert "94 %" not in text
    wider = str(loss_answer(replace(report, stages=(group,))))
    assert "Only shares of a wider group were found." in wider
    nobody = str(loss_answer(replace(report, stages=(a_stage("metal", None),))))
    assert "No country shares were found." in nobody


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        (a_line(), "China stopped separating"),
        (a_line(event="embargo", label="China", stage=""), "China sold nothing abroad"),
        (a_line(label="China", stage=""), "all rare-earth plants in China stopped"),
        (a_line(kind="site", label="Mt Weld = Lynas"), "Mt Weld stopped"),
        (
            a_line(event="licence", label="China", stage=""),
            "China licensed only 50 % of what it sold abroad",
        ),
        (
            a_line(event="licence", kind="policy", label="Notice 18", stage=""),
            'only 50 % of what "Notice 18" applies to were approved',
        ),
    ],
)
def test_what_stops_is_an_actor_and_a_verb(line: Chokepoint, clause: str) -> None:
    assert stops(line, replace(a_base(), approval=0.5)) == clause


@pytest.mark.parametrize(
    ("tiers", "word"),
    [((1, 1, 1, 1, 3), "mixed"), ((1, 1, 3, 4), "mixed"), ((1, 3, 4), "thin"), ((), "thin")],
)
def test_evidence_is_thin_where_most_of_it_is_news(tiers: tuple[int, ...], word: str) -> None:
    rows = tuple(f"production/{number}" for number in range(len(tiers)))
    base = replace(a_base(), rows=rows, market_rows=())
    report: Chokepoints = replace(a_report(a_line()), base=base)
    found = evidence_of(report, dict(zip(rows, tiers, strict=True)))
    assert (found.figures, found.word) == (len(tiers), word)


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
    assert " ".join(row.split()) == "China separation 30 % 93 % (90-95) 95 % Dy, NdPr 90 %"
    assert SINGLE in lines_of(a_report(a_line()))


def test_the_share_of_a_group_is_no_share_of_the_element() -> None:
    group = a_stage("separation", 0.9, note="The share is that of a wider group of rare earths.")
    own = a_stage("separation", 0.9)
    shown, hidden = (
        next(line for line in lines_of(a_report(a_line(), stages=(x,))) if "separation  " in line)
        for x in (own, group)
    )
    assert shown.endswith("90 %")
    assert hidden.endswith("Dy, NdPr")


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


def test_a_line_is_found_by_each_of_its_names() -> None:
    first, *others = small_findings().chokepoints
    named = replace(small_findings(), chokepoints=(replace(first, label="A = B"), *others))
    assert {named.line(word).id for word in ("A", "B", first.id)} == {first.id}
    with pytest.raises(UnknownNameError, match='There is no line "C at"'):
        named.line("C at")


def test_without_a_base_no_loss_is_known() -> None:
    with pytest.raises(NotKnownError, match="Stocks are not counted"):
        small_findings().known_base()


def test_a_stage_and_a_loss_stand_in_the_columns_of_their_names() -> None:
    index: dict[str, Any] = dict.fromkeys(("hhi", "hhi_low", "hhi_high"), 5200.0)
    mine = replace(
        a_stage("mine", 0.7), coverage=0.8, basis="reo", year=2023, then={"Myanmar": 0.2}, **index
    )
    loss = a_line(share=0.9, home_first=0.95, routes_without=2, dominator=True)
    stages, losses = a_report(loss, stages=(mine,)).tables()
    (stage,), (line,) = records_in(stages), records_in(losses)
    told = ("stage", "leader", "share", "HHI", "then", "year", "coverage", "basis", "row")
    assert [stage[name] for name in told] == [
        *("mine", "China", "70 %", "5,200", "Myanmar 20 %", "2023", "80 %", "reo", "production/a")
    ]
    asked = ("rank", "what stops", "for good", "home first", "share", "routes")
    assert [line[name] for name in asked] == [
        *("1", "China separation", "93 %", "95 %", "90 %", "2")
    ]
    assert (line["sole"], line["in cut"]) == ("yes", "not known")


def test_ranges_and_plain_values_stand_in_the_columns_of_their_names() -> None:
    told: dict[str, Any] = {
        "loss_low": 0.5,
        "least_move": 0.7,
        "loss_high": 0.95,
        "moved_by": "Assay: X",
    }
    told |= {"home_first_low": 0.8, "home_first_high": 0.99, "market_first": 0.2}
    base = replace(a_base(), approval=0.5, outside={"NdPr": 20_000.0})
    report = a_report(a_line(**told), draws=DRAWN, base=base)
    table = report.tables(assumptions=True)[1]
    (line,) = records_in(table)
    assert (line["for good"], line["moved by"]) == ("90 % (50-95)", "Assay: X")
    assert (line["home first"], line["market first"]) == ("95 % (80-99)", "20 %")
    remarks = " ".join(table.remarks)
    assert "licences cover 50 % of 2024 sales" in remarks
    assert "median of 100 trials; nine in ten lie in brackets" in remarks
    assert "NdPr 20,000 t a year" in remarks
    (plain,) = records_in(chokepoints_csv(report))
    assert (plain["id"], plain["loss"], plain["share"]) == ("separation/CHN", "0.93", "0.9")
    assert (plain["element"], plain["market"], plain["limited_by"]) == ("Dy", "USA", "Dy;NdPr")
