"""A scenario in sentences, tables, JSON and CSV: who lacks how much of what, when."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monazite.analysis.robustness.sampling import MonthSpan, Span
from monazite.analysis.scenarios.outcome import (
    FirmsStopped,
    MonthLimit,
    MonthStock,
    MonthSupply,
    RuleInForce,
    TrialsMade,
    UseTotal,
)
from monazite.analysis.scenarios.result import (
    DRAWN,
    ScenarioResult,
    ScenarioResults,
    deepest_stock,
    range_words,
    scenario_finding,
    spread,
    spread_cell,
    use_lines,
    use_sentence,
    why_nothing_is_short,
)
from monazite.core.errors import UnknownNameError
from monazite.core.results import Assumption
from monazite.model.assumptions import assumed_range, assumed_value
from monazite.model.months.firms import DAYS
from tests.report.outcomes import HEAVY, LIGHT, small_outcome, with_supply
from tests.results import records_in


def result() -> ScenarioResult:
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
    table, *others = result().short_tables()
    assert DRAWN in table.remarks
    other = replace(
        result(), totals=tuple(replace(x, most_short=Span(0.5)) for x in result().totals)
    )
    assert DRAWN not in other.short_tables()[0].remarks
    (use,), (firms,), (rule,) = map(records_in, (table, *others))
    assert (use["5-95 %"], use["until"]) == ("25 to 60 %", "2025-05 (to 2025-06)")
    assert (use["of 2 months"], use["wanted"]) == ("20 %", "200 t")
    assert (firms["days"], firms["of use"], firms["stopped at most"]) == ("14", "25 %", "80 %")
    assert (firms["5-95 %"], firms["from"], firms["until"]) == ("40 to 100 %", *["2025-05"] * 2)
    assert (rule["from"], rule["until"], rule["least part left"]) == ("2025-05-01", "stays", "0 %")


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
    (line,) = records_in(replace(result(), rules=(rule,)).short_tables()[-1])
    assert line["least part left"] == said


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


COVER = Assumption(
    "assumptions/method-plant-stock-separation", "Kept", 0.5, 0.25, 1.0, "months", "A guess."
)
TRADE = Assumption(
    "assumptions/method-horizon-trade-short-run", "Trade", 1.25, 1.0, 2.0, "times", "A choice."
)


def test_the_market_asked_about_stands_first_and_the_world_last() -> None:
    lines = use_lines(small_outcome())
    assert [(line.market, line.product) for line in lines] == [
        ("JPN", HEAVY), ("JPN", LIGHT), ("USA", HEAVY), ("WLD", HEAVY), ("WLD", LIGHT),
    ]  # fmt: skip
    assert [line.label for line in lines[::2]] == ["Japan", "the United States", "the world"]


def test_the_finding_is_the_worst_month_of_the_first_market_that_lacks_something() -> None:
    found = small_outcome()
    assert scenario_finding(found) == (
        "Japan would lack 75 % (52 to 94 %: size not settled) of its heavy magnets in Jun 2025, "
        "the worst of 10 months"
    )
    abroad = with_supply(found, tuple(x for x in found.supply if x.market != "JPN"))
    assert scenario_finding(abroad).startswith("The world would lack 30 %")


def test_a_use_is_told_by_its_worst_month_and_over_all() -> None:
    japan, _, states, *_ = use_lines(small_outcome())
    # parts lacking: 0, .1, .6, .75, .55, .4, .25, .15, .05, 0: 2.85 of 10 months
    assert japan.total.part_short.middle == 0.285
    assert use_sentence(japan).endswith(
        "the worst month, and go short until Nov 2025; over 10 months 28 % (20 to 31 %) of 2,400 t."
    )
    assert use_sentence(states) == "The United States would lack none of its heavy magnets."


def test_a_range_that_was_not_drawn_is_said() -> None:
    assert "(range not drawn)" in scenario_finding(small_outcome(trials=False))
    assert spread(Span(1.0, 1.0, 1.0)) == "100 % (in all trials)"


def test_what_may_be_lacking_by_the_trials_is_not_called_none() -> None:
    found = small_outcome()
    maybe = tuple(
        replace(x, part_short=Span(0.0, 0.0, 0.1)) if x.market == "USA" else x for x in found.supply
    )
    line = next(x for x in use_lines(with_supply(found, maybe)) if x.market == "USA")
    assert "would lack up to 10 % of" in use_sentence(line)
    until = replace(line.total, until=MonthSpan("", "", "2025-07"))
    assert "and go short in trials until Jul 2025;" in use_sentence(replace(line, total=until))


def test_the_worst_month_is_that_of_the_largest_part_not_of_the_most_tonnes() -> None:
    line = use_lines(small_outcome())[0]
    later = replace(line.months[-1], short=Span(1e6))
    assert replace(line, months=(*line.months[:-1], later)).worst.month == "2025-06"


def test_a_number_outside_of_its_range_is_said_to_be() -> None:
    assert range_words(Span(0.3, 0.4, 0.6)) == "40 to 60 %, number outside"
    assert range_words(Span(0.404, 0.4, 0.6)) == "40 to 60 %"
    assert spread_cell(Span(0.3)) == ""


def stock(month: str, cover: float, where: str = "plants", tonnes: float = 10.0) -> MonthStock:
    stage, what = ("separation", "NdPr") if where == "plants" else ("magnet", HEAVY)
    return MonthStock(month, "JPN", where, stage, what, Span(tonnes), Span(cover))


def spared(*stocks: MonthStock) -> ScenarioResult:
    none = Span(0.0, 0.0, 0.0)
    found = small_outcome()
    months = [replace(x, short=none, part_short=none) for x in found.supply]
    return replace(with_supply(found, months), stocks=stocks, assumptions=(COVER, TRADE))


def test_the_lowest_stock_stands_with_its_month_and_what_is_assumed_of_trade() -> None:
    found = spared(stock("2025-03", 0.4), stock("2025-04", 0.03), stock("2025-05", 0.5))
    told = (
        "No user would go short. Assumed stocks of NdPr oxide at plants in Japan would fall to "
        "0.03 months of use in Apr 2025. After three months we assume that trade may grow to 1.25 "
        "times"
    )
    assert why_nothing_is_short(found) == told
    assert scenario_finding(found) == told.partition(". After")[0]
    assert found.short_tables()[0].remarks[0] == f"{told}."


def test_a_stock_that_only_grows_or_is_under_way_has_not_fallen() -> None:
    grows = spared(stock("2025-03", 0.5), stock("2025-04", 0.9), stock("2025-04", 0, "under way"))
    assert deepest_stock(grows, "plants") is None
    assert "Assumed stocks would not fall." in why_nothing_is_short(grows)


def test_what_a_reserve_added_does_not_fall_and_no_number_has_an_exponent() -> None:
    """Firms hold two months of use: all above was released to them."""
    firms = (FirmsStopped("2025-03", "JPN", HEAVY, 2 * DAYS, 1.0, Span(0.0)),)
    used = (stock("2025-03", 150.0, "users"), stock("2025-04", 130.0, "users"))
    found = replace(spared(*used), firms=())
    assert "users in Japan would fall to 130 months" in why_nothing_is_short(found)
    assert deepest_stock(replace(found, firms=firms), "users") is None
    below = spared(*used, stock("2025-05", 1.5, "users"))
    deepest = deepest_stock(replace(below, firms=firms), "users")
    assert deepest is not None
    assert deepest.month == "2025-05"


def test_what_is_assumed_stands_in_the_full_report() -> None:
    lead = Assumption("scenario-lead", "Months to the next", 1.0, 1.0, 2.0, "months", "A guess.")
    table = replace(result(), assumptions=(lead,)).tables()[-1]
    assert [*table.rows] == [["Months to the next", "1", "1 to 2", "A guess.", "scenario-lead"]]
    assert table.long
    fixed = replace(lead, text="Grade of ore", low=1.0, high=1.0, unit="%")
    assert (assumed_value(fixed), assumed_range(fixed)) == ("1 %", "1")


def test_csv_has_bare_numbers_a_line_a_month() -> None:
    lines = result().to_csv().splitlines()
    assert lines[2] == (
        "sample,2025-05,JPN,magnets,100,,,60,,,40,20,50,0.4,0.25,0.6,2025-05,2025-05,2025-06"
    )
    assert lines[0].endswith("most_short,most_short_low,most_short_high,until,until_low,until_high")


def test_several_stand_side_by_side() -> None:
    found = ScenarioResults((result(), result()))
    (table,) = found.tables()
    assert len(table.rows) == 2
    assert len(found.to_csv().splitlines()) == 1 + 2 * 2
    assert len(json.loads(found.to_json())["scenarios"]) == 2
