"""Sentences of a scenario: who lacks how much of what, when, with the range of the trials."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.scenarios.firms import DAYS
from monazite.findings.scenarios.headline import (
    deepest_stock,
    is_spared,
    range_words,
    scenario_finding,
    spread,
    spread_cell,
    use_lines,
    use_sentence,
    why_nothing_is_short,
    worst_month,
)
from monazite.findings.scenarios.outcome import FirmsStopped, MonthStock, ScenarioResult
from monazite.findings.uncertainty.spans import MonthSpan, Span
from monazite.result import Assumption
from tests.pages.outcomes import HEAVY, LIGHT, small_outcome, with_supply

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


def test_the_range_is_of_the_worst_month_and_end_of_each_trial() -> None:
    """In trials another month may be worse than the one that is worst by the values."""
    line = use_lines(small_outcome())[0]
    total = replace(
        line.total,
        most_short=Span(0.75, 0.6, 0.97),
        until=MonthSpan("2025-11", "2025-11", "2025-12"),
    )
    said = use_sentence(replace(line, total=total))
    assert "75 % (60 to 97 %) of its heavy magnets in Jun 2025, the worst month" in said
    assert "and go short until Nov 2025 (to Dec 2025);" in said


def test_nothing_used_is_not_known() -> None:
    assert "not known" in scenario_finding(with_supply(small_outcome(), ()))


def test_the_worst_month_is_that_of_the_largest_part_not_of_the_most_tonnes() -> None:
    months = small_outcome().of("JPN", HEAVY)
    later = replace(months[-1], short=Span(1e6))
    assert worst_month((*months[:-1], later)).month == "2025-06"


def test_a_number_outside_of_its_range_is_said_to_be() -> None:
    assert range_words(Span(0.3, 0.4, 0.6)) == "40 to 60 %, number outside"
    assert range_words(Span(0.404, 0.4, 0.6)) == "40 to 60 %"
    assert spread_cell(Span(0.3)) == ""


def test_what_may_be_short_in_trials_alone_is_not_spared() -> None:
    found = small_outcome()
    none, maybe = Span(0.0, 0.0, 0.0), Span(0.0, 0.0, 0.2)
    for part, spared in ((none, True), (maybe, False)):
        months = [replace(x, part_short=part) for x in found.supply]
        assert is_spared(with_supply(found, months)) is spared


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


def test_a_few_tonnes_that_are_lacking_are_not_called_none() -> None:
    found = spared(stock("2025-04", 0.03))
    few = [replace(each, short=Span(8.0), part_short=Span(0.001)) for each in found.totals]
    none = [replace(each, short=Span(0.0), part_short=Span(0.0)) for each in found.totals]
    said = why_nothing_is_short(replace(found, totals=tuple(few)))
    assert said.startswith("In no month would a market lack 0.5 % of a product. Assumed stocks of")
    assert why_nothing_is_short(replace(found, totals=tuple(none))).startswith("No user would go")


def test_why_stands_too_where_only_some_trials_leave_somebody_short() -> None:
    found = spared(stock("2025-04", 0.03))
    months = [replace(x, part_short=Span(0.0, 0.0, 0.02)) for x in found.supply]
    said = with_supply(found, months).short_tables()[0].remarks[0]
    assert said.startswith("By the middle of the trials no user would go short. Assumed stocks of")


def test_a_stock_that_only_grows_or_is_under_way_has_not_fallen() -> None:
    grows = spared(stock("2025-03", 0.5), stock("2025-04", 0.9), stock("2025-04", 0, "under way"))
    assert deepest_stock(grows, "plants") is None
    assert "Assumed stocks would not fall." in why_nothing_is_short(grows)


def test_a_stock_falls_from_where_it_begins_in_this_run() -> None:
    """Two months by the file, or half of one as it is assumed."""
    own = replace(COVER, row="small/cover.separation", value=2.0)
    found = replace(spared(stock("2025-03", 0.52)), id="small", assumptions=(own, TRADE))
    assert "plants in Japan would fall to 0.52 months" in why_nothing_is_short(found)
    assert "plants in Japan would fall to 0.46" in why_nothing_is_short(
        spared(stock("2025-03", 0.46))
    )
    assert deepest_stock(spared(stock("2025-03", 0.496)), "plants") is None


def test_users_that_never_hold_again_what_they_began_with_have_gone_down() -> None:
    firms = (FirmsStopped("2025-03", "JPN", HEAVY, 3 * DAYS, 1.0, Span(0.0)),)
    found = replace(spared(stock("2025-03", 1.5, "users")), firms=firms)
    assert deepest_stock(found, "users") is not None


def test_a_place_that_keeps_next_to_nothing_is_told_where_no_other_falls() -> None:
    small = replace(stock("2025-03", 0.1, tonnes=0.001), place="USA")
    said = why_nothing_is_short(spared(stock("2025-03", 0.5), small))
    assert "plants in the United States would fall to 0.1 months" in said


def test_users_are_told_beside_plants_and_a_place_that_keeps_next_to_nothing_is_not() -> None:
    tiny = replace(stock("2025-04", 0.0, tonnes=0.001), place="USA")
    big = (stock("2025-03", 0.5), stock("2025-04", 0.25))
    used = (stock("2025-03", 2.0, "users"), stock("2025-04", 1.2, "users"))
    small = replace(stock("2025-03", 0.5, tonnes=0.001), place="USA")
    told = why_nothing_is_short(spared(*big, *used, small, tiny))
    assert "plants in Japan would fall to 0.25 months" in told
    assert "heavy magnets with users in Japan would fall to 1.2 months" in told
    assert "United States" not in told


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


def test_a_few_tonnes_are_told_of_a_use_too() -> None:
    found = spared(stock("2025-04", 0.03))
    few = replace(use_lines(found)[0].total, short=Span(8.0))
    said = use_sentence(replace(use_lines(found)[0], total=few))
    assert said == "Japan would lack less than 0.5 % of its heavy magnets in any month."


def test_where_something_is_short_no_reason_stands_below_the_table() -> None:
    assert not any("No user" in x for x in small_outcome().short_tables()[0].remarks)
