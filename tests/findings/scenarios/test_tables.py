"""A scenario as tables, JSON and CSV, on months by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.assumption_tables import assumed_range, assumed_value
from monazite.findings.scenarios.outcome import (
    FirmsStopped,
    MonthLimit,
    MonthStock,
    MonthSupply,
    RuleInForce,
    ScenarioResult,
    ScenarioResults,
    TrialsMade,
    UseTotal,
)
from monazite.findings.scenarios.tables import DRAWN
from monazite.findings.uncertainty.spans import MonthSpan, Span
from monazite.result import Assumption
from tests.pages.outcomes import small_outcome


def result() -> ScenarioResult:
    """Two months: in the second, 40 of 100 t are done without, 20 to 50 in trials."""
    months = ("2025-04", "2025-05")
    short = (Span(0.0, 0.0, 0.0), Span(40.0, 20.0, 50.0))
    return ScenarioResult(
        id="sample",
        title="A sample",
        description="By hand.",
        element="MREE",
        start=months[0],
        months=months,
        base_year=2024,
        allocation="proportion",
        supply=tuple(
            MonthSupply(month, "JPN", "magnets", Span(100.0), Span(100 - each.middle), each, part)
            for month, each, part in zip(
                months, short, (Span(0.0, 0.0, 0.0), Span(0.4, 0.2, 0.5)), strict=True
            )
        ),
        totals=(
            UseTotal(
                *("JPN", "magnets", 200.0, Span(40.0, 22.0, 48.0), Span(0.2, 0.1, 0.25)),
                *(Span(0.4, 0.25, 0.6), MonthSpan("2025-05", "2025-05", "2025-06")),
            ),
        ),
        stocks=(MonthStock(months[0], "JPN", "users", "magnet", "magnets", Span(50.0), Span(0.5)),),
        firms=(
            FirmsStopped(months[0], "JPN", "magnets", 14.0, 0.25, Span(0.0)),
            FirmsStopped(months[1], "JPN", "magnets", 14.0, 0.25, Span(0.8, 0.4, 1.0)),
        ),
        limits=(MonthLimit(months[1], 0.4, ("borders",), ("JPN",)),),
        rules=(
            RuleInForce(*("shock 1", "embargo", "Halt", "", "2025-05-01", ""), (("2025-05", 0.0),)),
        ),
        trials=TrialsMade(20, 0, 1),
        labels={"JPN": "Japan"},
        notes=("A note.",),
    )


def test_a_line_says_what_is_done_without_and_when() -> None:
    table, firms, rules = result().short_tables()
    assert [*table.rows] == [
        [
            *("Japan", "magnets", "40 %", "25 to 60 %", "2025-05", "2025-05"),
            *("2025-05 (to 2025-06)", "40 t", "20 %", "200 t"),
        ]
    ]
    assert DRAWN in table.remarks
    assert DRAWN not in replace(result(), trials=None).short_tables()[0].remarks
    assert "of 2 months" in table.columns, "a part over all months says of how many"
    assert [*firms.rows] == [
        ["Japan", "magnets", "14", "25 %", "80 %", "40 to 100 %", "2025-05", "2025-05"]
    ]
    assert [*rules.rows] == [
        ["shock 1", "embargo", "Halt", "2025-05-01", "stays", "0 %"],
    ]


@pytest.mark.parametrize(
    ("kind", "parts", "said"),
    [
        ("demand", (1.5, 2.0), "demand up to 200 %"),
        ("demand", (0.5, 0.8), "50 %"),
        ("embargo", (0.5, 0.0), "0 %"),
        ("embargo", (), "100 %"),
        ("stockpile", (3.0,), ""),
    ],
)
def test_more_demand_is_no_least_part(kind: str, parts: tuple[float, ...], said: str) -> None:
    rule = replace(result().rules[0], kind=kind, passes=tuple(("2025-05", x) for x in parts))
    assert replace(result(), rules=(rule,)).short_tables()[-1].rows[0][-1] == said


def test_a_range_that_was_drawn_never_gives_way_and_one_that_was_not_has_no_column() -> None:
    drawn, plain = result(), replace(result(), trials=None)
    for found, there in ((drawn, True), (plain, False)):
        market, firms, _ = found.short_tables()
        (all_,) = ScenarioResults((found,)).tables()
        for table in (market, firms, all_):
            assert ("5-95 %" in table.columns) is there
            assert "5-95 %" not in table.spare


def test_months_in_which_few_stand_still_are_no_part_of_a_stop_and_that_is_said() -> None:
    few = FirmsStopped("2025-04", "JPN", "magnets", 14.0, 0.25, Span(0.04))
    found = replace(result(), firms=(few, *result().firms[1:]))
    market, firms, _ = found.short_tables()
    assert firms.rows[0][-2:] == ["2025-05", "2025-05"]
    assert any("less than 5 % stopped" in x for x in firms.remarks)
    assert any("less than 0.5 % lacking" in x for x in market.remarks)


def test_the_part_of_the_worst_month_leads_whatever_the_months_after_it() -> None:
    after = replace(result().supply[0], month="2025-06")
    longer = replace(
        result(),
        months=("2025-04", "2025-05", "2025-06"),
        supply=(*result().supply, after),
    )
    for found in (result(), longer):
        assert found.short_tables()[0].rows[0][2] == "40 %"
        assert ScenarioResults((found,)).tables()[0].rows[0][3] == "40 %"


def test_what_is_assumed_stands_in_the_full_report() -> None:
    lead = Assumption("scenario-lead", "Months to the next", 1.0, 1.0, 2.0, "months", "A guess.")
    table = replace(result(), assumptions=(lead,)).tables()[-1]
    assert [*table.rows] == [["Months to the next", "1", "1 to 2", "A guess.", "scenario-lead"]]
    assert table.long
    fixed = replace(lead, text="Grade of ore", low=1.0, high=1.0, unit="%")
    assert (assumed_value(fixed), assumed_range(fixed)) == ("1 %", "1")


def test_what_a_scenario_supposes_stands_below_its_table() -> None:
    assert "By hand." in result().short_tables()[0].remarks


def test_csv_has_bare_numbers_a_line_a_month() -> None:
    lines = result().to_csv().splitlines()
    assert lines[0].startswith("scenario,month,market,product,wanted,wanted_low")
    assert lines[2] == (
        "sample,2025-05,JPN,magnets,100,,,60,,,40,20,50,0.4,0.25,0.6,2025-05,2025-05,2025-06"
    )
    assert lines[0].endswith("most_short,most_short_low,most_short_high,until,until_low,until_high")


def test_json_says_all_that_the_value_holds() -> None:
    found = json.loads(result().to_json())
    assert found["months"][1]["short"] == {"middle": 40.0, "low": 20.0, "high": 50.0}
    (total,) = found["totals"]
    assert total["most_short"] == {"middle": 0.4, "low": 0.25, "high": 0.6}
    assert total["until"] == {"middle": "2025-05", "low": "2025-05", "high": "2025-06"}
    assert found["firms"][1]["stopped"]["high"] == 1.0
    assert found["calendar"] == ["2025-04", "2025-05"]
    assert found["rules"][0]["passes"] == [["2025-05", 0.0]]
    assert found["trials"] == {"count": 20, "seed": 0, "rejected": 1}


def test_a_result_answers_for_a_market_and_a_product() -> None:
    found = result()
    assert found.markets == ("JPN",)
    assert found.products == ("magnets",)
    assert found.lost("JPN") == 40.0
    assert [each.part_short for each in found.of("JPN", "magnets")] == [
        Span(0.0, 0.0, 0.0),
        Span(0.4, 0.2, 0.5),
    ]
    assert found.headline() == (
        "sample: Japan would lack 40 % (25 to 60 %) of its magnets in May 2025, the worst of 2 "
        "months"
    )
    assert hash(found) == hash(result())


def test_a_market_or_product_that_is_not_told_of_is_refused_and_printed_names_are_taken() -> None:
    found = small_outcome()
    assert found.of("the United States") == found.of("USA") != ()
    assert found.of("JPN", "heavy magnets") == found.of("JPN", "magnets with Dy or Tb") != ()
    assert found.of("JPN", "magnets without") == found.of("JPN", "magnets without Dy or Tb") != ()
    with pytest.raises(UnknownNameError, match='no product "heavy magnet"; did you mean "heavy m'):
        found.of("JPN", "heavy magnet")
    with pytest.raises(UnknownNameError, match='no market "FRA"; it tells of Japan, the United'):
        found.of("FRA")
    with pytest.raises(UnknownNameError):
        found.lost("JPN", "tractors")
    for wrong in (None, 3, ["JPN"], "half\ud800"):
        with pytest.raises(UnknownNameError):
            found.of(wrong)  # type: ignore[arg-type]


def test_several_stand_side_by_side() -> None:
    found = ScenarioResults((result(), result()))
    (table,) = found.tables()
    assert [row[0] for row in table.rows] == ["sample", "sample"]
    assert len(found.to_csv().splitlines()) == 1 + 2 * 2
    assert len(json.loads(found.to_json())["scenarios"]) == 2
