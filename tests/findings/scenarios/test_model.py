"""Scenarios on the shipped tables: against the losses of a year, and by what must hold."""

from __future__ import annotations

import pytest

import monazite
from monazite.findings.scenarios.model import ScenarioModel, ScenarioRun
from monazite.findings.scenarios.scenario_file import read_scenario
from monazite.shipped import ontology_folder
from monazite.view import View

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
    return model.point.run(scenario, model.means(scenario, "a.toml"), steps=steps)


def short(model: ScenarioModel, found: ScenarioRun, month: int, market: str = "WLD") -> float:
    """The part of magnets that a market does without in a month."""
    keys = [
        key
        for key in found.run.used
        if key[0] in found.engine.chain.main and market in ("WLD", key[1])
    ]
    wanted = sum(found.run.wanted[key][month] for key in keys)
    return 1 - sum(found.run.used[key][month] for key in keys) / wanted


def shipped(view: View, model: ScenarioModel, name: str, steps: int = 50) -> ScenarioRun:
    scenario = read_scenario((view.ontology / "scenarios" / name).read_text("utf-8"), name)
    return model.point.run(scenario, model.means(scenario, name), steps=steps)


@pytest.mark.parametrize("line", ["separation/CHN", "metal/CHN", "magnet/JPN"])
def test_when_stocks_are_used_up_a_closure_costs_what_it_costs_in_a_year(
    model: ScenarioModel, view: View, line: str
) -> None:
    """Two methods, one chain: the last of 23 months against the short run of the chokepoints."""
    found = journey(model, CLOSED.format(line))
    for market in ("WLD", "JPN"):
        loss = view.chokepoints("MREE", market).line(line).loss
        assert loss is not None
        assert short(model, found, 22, market) == pytest.approx(loss, abs=0.03)


@pytest.mark.whole
def test_months_are_lost_one_after_the_other_and_never_before_goods_run_out(
    model: ScenarioModel,
) -> None:
    parts = [short(model, journey(model, CLOSED.format("separation/CHN")), at) for at in range(23)]
    assert parts[:3] == pytest.approx([0, 0, 0], abs=1e-9), "goods are under way, and stocks lie"
    assert parts == pytest.approx(sorted(parts), abs=0.01)


def test_no_shock_is_the_base_year(model: ScenarioModel) -> None:
    found = journey(model, "")
    for key, months in found.run.used.items():
        assert months == pytest.approx([found.engine.demand[key] / 12] * 23)


def test_fifty_and_more_steps_agree_within_a_point(model: ScenarioModel) -> None:
    shock = '[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2027-01-01\nuntil = 2027-06-30\n'
    few, many = (journey(model, shock, steps) for steps in (50, 120))
    for market in ("WLD", "USA", "JPN", "EUE"):
        months = range(23)
        one, other = (sum(short(model, x, at, market) for at in months) for x in (few, many))
        assert one == pytest.approx(other, abs=0.01 * 23)


HARDEST = ("china-halt-12.toml", "japan-2010-quota.toml")
SHIPPED = sorted(each.name for each in (ontology_folder() / "scenarios").glob("*.toml"))


@pytest.mark.parametrize(
    "name",
    [x if x in HARDEST else pytest.param(x, marks=pytest.mark.whole) for x in SHIPPED],
)
def test_fifty_and_more_steps_agree_in_each_market_product_and_month(
    view: View, model: ScenarioModel, name: str
) -> None:
    few, many = (shipped(view, model, name, steps).run for steps in (50, 120))
    for key, wanted in few.wanted.items():
        for month, whole in enumerate(wanted):
            apart = abs(few.used[key][month] - many.used[key][month]) / whole
            assert apart <= 0.01, (key, month)


def test_a_longer_halt_never_supplies_the_world_more(model: ScenarioModel) -> None:
    used = []
    for ends in ("2027-01-31", "2027-03-31", "2027-12-31"):
        shock = f'[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2027-01-01\nuntil = {ends}\n'
        found = journey(model, shock)
        used.append(sum(sum(x) for key, x in found.run.used.items()))
    assert used == sorted(used, reverse=True)


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


def test_goods_like_those_of_a_rule_go_to_buyers_that_it_is_aimed_at(
    model: ScenarioModel, view: View
) -> None:
    """A rule on what others make binds no sale to China; one on Japan no sale to anybody else."""
    for policy, buyers in (
        ("mofcom-2025-61", {*model.markets} - {"CHN"}),
        ("china-japan-informal-2026", {"JPN"}),
    ):
        rule = (
            f'[[shock]]\nkind = "licence"\npolicy = "{policy}"\nfrom = 2027-01-01\n'
            'delay_days = 60\nheld_outside = 1\nreason = "By hand."\n'
        )
        event = journey(model, rule).effects.event(12, {"magnet": 12, "metal": 12})
        held = {key[2] for key, left in event.sales.items() if left < 0.5}
        assert held, policy
        assert held <= buyers, policy


def test_the_two_licences_of_2025_differ_in_what_is_held_beyond_the_text(view: View) -> None:
    text, held = (
        dict(read_scenario((view.ontology / "scenarios" / x).read_text("utf-8"), x).shocks[0].given)
        for x in ("licence-2025-text.toml", "licence-2025-held.toml")
    )
    assert held.pop("held_outside") == pytest.approx(0.72)
    assert held.pop("reason")
    assert held == text


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
