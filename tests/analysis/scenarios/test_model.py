"""Scenarios on the shipped tables: against the losses of a year, by trials and their sums."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from types import SimpleNamespace
from typing import Any, cast

import pytest

import monazite
from monazite.analysis.robustness.sampling import NEVER
from monazite.analysis.scenarios.model import ScenarioModel, ScenarioRun
from monazite.analysis.scenarios.scenario_file import read_scenario
from monazite.analysis.scenarios.trials import AskedScenario, numbers_of, results_of, run_trial
from monazite.core.errors import NotKnownError
from monazite.core.package import ontology_folder
from monazite.model.contingencies.failure_points import BASE_YEAR
from monazite.model.months.engine import MonthEngine
from monazite.model.months.settings import horizons_of, settings_of
from monazite.model.network.shares import WORLD
from monazite.view.view import View
from tests.model.months.shocks import Shock, engine_of, one_market, two_markets
from tests.model.small_chains import MAGNETS
from tests.sharing import only_whole

TOP = 'title = "A"\ndescription = "A."\nstart = "2027-01"\nmonths = 23\n'
CLOSED = '[[shock]]\nkind = "close"\nwhat = "{}"\nfrom = 2027-01-01\n'


@pytest.fixture(scope="module")
def view() -> View:
    return monazite.load()


@pytest.fixture(scope="module")
def model(view: View) -> ScenarioModel:
    return ScenarioModel(view.network("MREE"), view.facts("MREE"))


def journey(model: ScenarioModel, shocks: str, steps: int = 50, top: str = TOP) -> ScenarioRun:
    scenario = read_scenario(top + shocks, "a.toml")
    return model.point.run(scenario, model.means(scenario), steps=steps)


def short(model: ScenarioModel, found: ScenarioRun, month: int, market: str = "WLD") -> float:
    keys = [
        key
        for key in found.run.used
        if key[0] in found.engine.chain.main and market in ("WLD", key[1])
    ]
    wanted = sum(found.run.wanted[key][month] for key in keys)
    return 1 - sum(found.run.used[key][month] for key in keys) / wanted


def shipped(view: View, model: ScenarioModel, name: str, steps: int = 50) -> ScenarioRun:
    scenario = read_scenario((view.ontology / "scenarios" / name).read_text("utf-8"), name)
    return model.point.run(scenario, model.means(scenario), steps=steps)


@pytest.mark.parametrize("line", ["separation/CHN", *only_whole("metal/CHN", "magnet/JPN")])
def test_when_stocks_are_used_up_a_closure_costs_what_it_costs_in_a_year(
    model: ScenarioModel, view: View, line: str
) -> None:
    """Two methods, one chain: the last of 23 months against the short run of the chokepoints."""
    found = journey(model, CLOSED.format(line))
    for market in ("WLD", "JPN"):
        loss = view.chokepoints("MREE", market).line(line).least_move
        assert loss is not None
        assert short(model, found, 22, market) == pytest.approx(loss, abs=0.03)


@pytest.mark.whole
@pytest.mark.parametrize("stretches", [False, True])
def test_a_shift_by_some_days_changes_what_is_lost_by_a_smooth_trend_of_stretch_alone(
    model: ScenarioModel, stretches: bool
) -> None:
    """China sells no magnets for two months: the later, the more trade stretches after them."""
    settings = settings_of(model.method, {}, horizons_of(model.base.chemistry, model.point.chain))
    if not stretches:
        settings = replace(settings, horizon=lambda _: BASE_YEAR)
    engine, lost = MonthEngine(model.point.chain, settings), []
    for later in (0.0, 0.25, 0.5, 0.75, 0.9):
        run = engine.run(Shock(2 + later, 4 + later, sales={("magnet", "CHN", "*", "*"): 0.0}), 14)
        main = [key for key in run.used if key[0] in engine.chain.main]
        lost.append(sum(sum(run.wanted[key]) - sum(run.used[key]) for key in main))
    if stretches:
        assert lost == sorted(lost, reverse=True)
    assert max(lost) - min(lost) < (0.03 if stretches else 0.002) * max(lost)


@pytest.mark.whole
def test_months_are_lost_one_after_the_other_and_never_before_goods_run_out(
    model: ScenarioModel,
) -> None:
    parts = [short(model, journey(model, CLOSED.format("separation/CHN")), at) for at in range(23)]
    assert parts[:3] == pytest.approx([0, 0, 0], abs=1e-9), "goods are under way, and stocks lie"
    assert parts == pytest.approx(sorted(parts), abs=0.01)


SHIPPED = sorted(each.name for each in (ontology_folder() / "scenarios").glob("*.toml"))


@pytest.mark.whole
@pytest.mark.parametrize("name", SHIPPED)
def test_fifty_and_more_steps_agree_in_each_market_product_and_month(
    view: View, model: ScenarioModel, name: str
) -> None:
    few, many = (shipped(view, model, name, steps).run for steps in (50, 120))
    for key, wanted in few.wanted.items():
        for month, whole in enumerate(wanted):
            apart = abs(few.used[key][month] - many.used[key][month]) / whole
            assert apart <= 0.01, (key, month)


def test_what_was_held_in_2025_fits_what_china_sold(view: View, model: ScenarioModel) -> None:
    """All Chinese magnets of April to June: rows of ``monthly`` of 2025 over those of 2024."""
    passed = shipped(view, model, "licence-2025-held.toml").effects.passes["shock 1"]
    sold, base = (2627, 1238, 3188), (4776, 4811, 5150)
    for part, before, after in zip(passed, base, sold, strict=False):
        assert part * before == pytest.approx(after, rel=0.1)


def test_the_text_alone_never_holds_back_more_than_what_was_held(
    view: View, model: ScenarioModel
) -> None:
    text, held = (shipped(view, model, f"licence-2025-{x}.toml") for x in ("text", "held"))
    by_text, as_held = (x.effects.passes["shock 1"] for x in (text, held))
    assert all(x <= y + 1e-9 for x, y in zip(as_held, by_text, strict=True))
    assert as_held[1] < by_text[1] - 0.3, "two fifths of all magnets are covered, no more"
    for market in ("WLD", *model.markets):
        for month in range(12):
            more = short(model, text, month, market)
            assert short(model, held, month, market) >= more - 1e-6, (market, month)


def test_a_licence_that_stays_never_supplies_the_world_more_than_one_that_ends(
    model: ScenarioModel,
) -> None:
    """What waited and passes at the end, beyond a normal month, sends no home goods under way."""
    rule = (
        '[[shock]]\nkind = "licence"\nseller = "CHN"\nheld = 0.9\nreason = "By hand."\n'
        "delay_days = 60\nfrom = 2027-01-01\n"
    )
    top = TOP.replace("23", "14")
    ends, stays = (
        sum(map(sum, journey(model, rule + until, top=top).run.used.values()))
        for until in ("until = 2027-03-31\n", "")
    )
    assert stays <= ends


def test_home_first_spares_the_country_that_makes_them(model: ScenarioModel) -> None:
    shock = CLOSED.format("separation/CHN")
    home = journey(model, shock, top=TOP + 'allocation = "home-first"\n')
    assert short(model, home, 8, "CHN") < short(model, journey(model, shock), 8, "CHN")
    assert short(model, home, 8, "USA") > short(model, journey(model, shock), 8, "USA")


def test_a_trial_is_drawn_by_seed_and_name_alone(model: ScenarioModel) -> None:
    assert model.drawn(4, 7) == model.drawn(4, 7)
    assert model.drawn(4, 7)[1] != model.drawn(4, 8)[1]
    times = {f"assumptions/method-{x}" for x in ("transit-time", "firm-stock", "plant-stock-mine")}
    assert times <= model.drawn(4, 7)[0].keys()


TEXT = (
    'title = "A"\ndescription = "A."\nstart = "2027-01"\nmonths = 5\nmarkets = ["USA"]\n'
    '[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2027-01-01\nuntil = 2027-02-28\n'
)


@pytest.fixture(scope="module")
def asked(model: ScenarioModel) -> AskedScenario:
    scenario = read_scenario(TEXT, "a.toml")
    return AskedScenario(scenario, model.means(scenario))


def test_a_trial_is_the_same_whoever_makes_it_and_whatever_else(
    model: ScenarioModel, asked: AskedScenario
) -> None:
    one = run_trial(model, [asked], 1, 3, 5)
    both = run_trial(model, [asked, asked], 1, 3, 5)
    assert one is not None
    assert both == (one[0], one[0])
    assert run_trial(model, [asked], 2, 3, 5) != one


def test_the_range_is_of_the_trials_and_the_middle_is_not(
    model: ScenarioModel, asked: AskedScenario
) -> None:
    """Trials are by hand: each doubles or halves what is done without."""
    journey = model.point.run(asked.scenario, asked.meant)
    numbers = numbers_of(journey, ("USA", "WLD"), model.products)
    found = [
        (
            {
                name: [*months] if name[0] == "last" else [part * x for x in months]
                for name, months in numbers.items()
            },
        )
        for part in [0.5] * 10 + [2.0] * 10
    ]
    (result,) = results_of(model, [asked], found, 0)
    most = max(result.of("USA"), key=lambda each: each.short.middle)
    assert most.short.middle > 0
    assert most.short.low == pytest.approx(most.short.middle / 2)
    assert most.short.high == pytest.approx(most.short.middle * 2)
    for total in result.totals:
        middle = total.most_short.middle
        assert total.most_short.high == pytest.approx(middle * 2)
        assert total.until.low == total.until.middle == total.until.high
        assert bool(total.until.middle) is (middle >= 0.005)
    assert result.trials is not None
    assert (result.trials.count, result.trials.rejected) == (20, 0)
    assert [each.limits for each in result.limits], "what runs short is named"


def test_too_few_trials_that_count_are_refused(model: ScenarioModel, asked: AskedScenario) -> None:
    with pytest.raises(NotKnownError, match="Only 0 of 12 trials could be worked out"):
        results_of(model, [asked], [None] * 12, 0)


HALT = Shock(begins=1, ends=3, sales={("*", "A", "*", "*"): 0.0})


def numbers(chain: Any, shock: Shock) -> dict[tuple[str, ...], list[float]]:
    engine = engine_of(chain)
    journey = SimpleNamespace(run=engine.run(shock, 6), engine=engine)
    return numbers_of(cast("Any", journey), ("B", WORLD), (MAGNETS,))


def test_a_part_is_of_what_is_wanted_in_the_same_run() -> None:
    found = numbers(one_market(), HALT)
    short, wanted = found["short", "B", MAGNETS], found["wanted", "B", MAGNETS]
    expected = [x / y for x, y in zip(short, wanted, strict=True)]
    assert found["part", "B", MAGNETS] == expected
    assert 0 == min(expected) < max(expected) <= 1


def test_over_all_months_it_is_their_sum() -> None:
    found = numbers(two_markets(), HALT)
    (whole,), (part,) = found["total", WORLD, MAGNETS], found["over", WORLD, MAGNETS]
    assert whole == pytest.approx(fsum(found["short", WORLD, MAGNETS]))
    assert part == pytest.approx(whole / fsum(found["wanted", WORLD, MAGNETS]))


def test_the_worst_and_the_last_month_are_of_the_same_run() -> None:
    found = numbers(one_market(), HALT)
    parts = found["part", "B", MAGNETS]
    assert found["most", "B", MAGNETS] == [max(parts)]
    (last,) = found["last", "B", MAGNETS]
    assert parts[int(last)] > 0 == max(parts[int(last) + 1 :])
    assert numbers(one_market(), Shock(9, 9))["last", "B", MAGNETS] == [NEVER]


def test_cover_is_in_months_of_the_use_of_the_same_run() -> None:
    found = numbers(one_market(), Shock(9, 9))
    # 1,200 t a year are used, and a month of them is held
    assert found["held", "B", MAGNETS][0] == pytest.approx(100.0)
    assert found["cover", "held", "B", MAGNETS][0] == pytest.approx(1.0)
