"""Months of small chains: by hand, and laws that hold for any of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monazite.model.chain.chain import HEAVY_MAGNETS
from monazite.model.contingencies.failure_points import BASE_YEAR, Event, Horizon
from monazite.model.months.engine import (
    BORDERS,
    KEPT,
    REFILL,
    MonthEngine,
    MonthProgramme,
    MonthState,
)
from monazite.model.months.firms import DAYS, FirmClass, MarketStock
from tests.model.months.shocks import (
    SPARE,
    TIGHT,
    SeveralShocks,
    Shock,
    ShockPart,
    Undisturbed,
    bounds_met,
    engine_of,
    nested_pair,
    one_market,
    settings,
    short,
    two_markets,
    world_used,
)
from tests.model.sample import Draw, five_nodes
from tests.model.small_chains import MAGNETS, small_chain

EMBARGO = {("*", "A", "*", "*"): 0.0}
COVER = {"mine": 0.5, "separation": 0.5, "metal": 0.5, "magnet": 0.5}
LEADS = {"mine": 2, "separation": 1, "metal": 1, "magnet": 0}
CLASSES = (FirmClass(10.0, 0.4), FirmClass(40.0, 0.4), FirmClass(120.0, 0.2))
seeds = st.integers(0, 10**6)


@pytest.mark.parametrize("transit", [0, 1, 2])
@pytest.mark.parametrize("horizon", [TIGHT, SPARE])
def test_two_months_of_embargo_less_a_month_of_stock_are_a_month_of_use(
    transit: int, horizon: object
) -> None:
    """100 t a month, 100 t in stock: of 200 t that do not come, 100 are done without."""
    engine = engine_of(one_market(), transit=transit, horizon=horizon)
    found = short(engine.run(Shock(1, 3, sales=EMBARGO), 12), "B")
    assert sum(found) == pytest.approx(100.0)
    first = 2 + transit
    assert [round(x, 6) for x in found] == [100.0 if at == first else 0.0 for at in range(12)]


@pytest.mark.parametrize("later", [0.0, 0.3, 0.5, 0.97])
@pytest.mark.parametrize("transit", [0.0, 1.0, 1.25])
def test_it_does_not_matter_on_which_day_of_a_month_a_shock_begins(
    later: float, transit: float
) -> None:
    """Of 200 t that do not come 100 are done without, in the month before stocks come again."""
    engine = engine_of(one_market(), transit=transit)
    found = short(engine.run(Shock(1 + later, 3 + later, sales=EMBARGO), 12), "B")
    assert sum(found) == pytest.approx(100.0)
    last = 3 + later + transit  # goods come again, and lacked for a month
    own = [max(0.0, min(last, at + 1) - max(last - 1, at)) for at in range(12)]
    assert found == pytest.approx([100 * part for part in own], abs=1e-6)


@given(seeds, st.floats(0.02, 0.98), st.sampled_from([1.0, 1.5]))
def test_a_shift_of_a_shock_moves_what_is_lost_by_next_to_nothing(
    seed: int, later: float, step: float
) -> None:
    leads = {"magnet": 0.0, "metal": step, "separation": 2 * step, "mine": 3 * step}
    given = settings(classes=CLASSES, leads=leads, transit=1.25, cover=COVER)
    engine = MonthEngine(Draw(seed).chain(), given, steps=10)
    shock = shock_of(seed, 2, 5, 0.0)
    moved = replace(shock, begins=2 + later, ends=5 + later)
    one, other = (world_used(engine.run(each, 14)) for each in (shock, moved))
    assert other == pytest.approx(one, abs=NESTED * sum(engine.demand.values()) / 12)


def test_stocks_are_refilled_where_there_is_capacity_to_spare_and_else_never() -> None:
    key = (MAGNETS, "B")
    tight, spare = (
        engine_of(one_market(), horizon=horizon).run(Shock(0, 1, sales=EMBARGO), 4).held[key]
        for horizon in (TIGHT, SPARE)
    )
    assert tight == pytest.approx([0, 0, 0, 0])
    assert spare == pytest.approx([0, 50, 100, 100])


def test_firms_stop_class_by_class_and_not_on_one_day() -> None:
    """Days of stock of 0, 30 and 90 of some 30 a month: the classes stop one after the other."""
    classes = tuple(FirmClass(days * DAYS, 1 / 3) for days in (0.0, 1.0, 3.0))
    run = engine_of(one_market(), classes=classes).run(Shock(0, 4, sales=EMBARGO), 5)
    found = [tuple(round(x, 6) for x in each) for each in run.stopped[MAGNETS, "B"]]
    assert found == [(1, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 1), (0, 0, 0)]


def test_what_no_border_lets_out_is_kept_and_leaves_later() -> None:
    """100 t lie until the border opens; then 200 t leave: these, and 100 that are made."""
    kept = engine_of(one_market(), cover={**COVER, "magnet": 0.5}, horizon=SPARE)
    run = kept.run(Shock(1, 2, sales=EMBARGO), 6)
    (row,) = [row for row, x in kept.programme.places.items() if x.stage == "magnet"]
    assert run.kept[row][:3] == pytest.approx([50, 150, 50])
    assert run.sent[MAGNETS, "B"] == pytest.approx([100, 0, 200, 100, 100, 100])


def test_a_mine_that_closes_is_felt_when_its_ore_would_have_been_a_magnet() -> None:
    run = engine_of(one_market(), months_of_stock=0.0, leads=LEADS).run(
        Shock(1, 2, output={("mine", "A"): 0.0}), 6
    )
    assert short(run, "B") == pytest.approx([0, 0, 0, 100, 0, 0])


def test_contracts_share_in_proportion_and_home_first_serves_home() -> None:
    """Half of the ore: of 100 t a month 50; A uses 40, B 35 and C 25."""
    half = Shock(0, 1, output={("mine", "A"): 0.5})
    engine = engine_of(two_markets(), months_of_stock=0.0)
    found = [short(engine.run(half, 1, home_first=first), "A")[0] for first in (False, True)]
    assert found == pytest.approx([20, 0], abs=1e-3)
    assert sum(short(engine.run(half, 1, home_first=True), user)[0] for user in "BC") == (
        pytest.approx(50)
    )


def test_what_limits_is_named() -> None:
    engine = engine_of(one_market(), months_of_stock=0.0)
    run = engine.run(Shock(1, 2, sales=EMBARGO), 3, explain=True)
    assert run.limits == [(), (BORDERS,), ()]
    closed = Shock(1, 2, output={("mine", "A"): 0.0})
    assert engine.run(closed, 3, explain=True).limits == [(), ("Dy",), ()]
    plants = Shock(1, 2, output={("magnet", "A"): 0.0})
    assert engine.run(plants, 3, explain=True).limits == [(), ("plants",), ()]


def drawn_engine(seed: int, steps: int = 10) -> MonthEngine:
    return MonthEngine(
        Draw(seed).chain(),
        settings(classes=CLASSES, leads=LEADS, transit=1, cover=COVER, horizon=SPARE),
        steps=steps,
    )


@given(seeds)
def test_without_a_shock_all_is_as_in_the_base_year(seed: int) -> None:
    engine = drawn_engine(seed)
    run = engine.run(Undisturbed(), 6)
    for key, tonnes in engine.demand.items():
        assert run.used[key] == pytest.approx([tonnes / 12] * 6)
    for row, place in engine.programme.places.items():
        assert run.kept[row] == pytest.approx([place.target] * 6)


def shock_of(seed: int, begins: int, ends: int, part: float) -> Shock:
    chain = Draw(seed).chain()
    pools = sorted({pool for each in chain.element_chains.values() for _, pool in each.made})
    pool = pools[seed % len(pools)]
    if seed % 3:
        return Shock(begins, ends, sales={("*", pool, "*", "*"): part})
    return Shock(begins, ends, output={(stage, pool): part for stage in LEADS})


@given(seeds, st.integers(1, 4), st.sampled_from([0.0, 0.3, 0.7]))
def test_tonnes_are_conserved_with_what_is_under_way(seed: int, long: int, part: float) -> None:
    """What is sent is used, held or under way; nothing is less than nothing."""
    engine = drawn_engine(seed)
    run = engine.run(shock_of(seed, 1, 1 + long, part), 10)
    for key, tonnes in engine.demand.items():
        month = tonnes / 12
        before = month * sum(x.share * x.days / DAYS for x in CLASSES) + engine.normal[key][0]
        after = run.held[key][-1] + run.under_way[key][-1]
        sent, used = sum(run.sent[key]), sum(run.used[key])
        assert before + sent == pytest.approx(used + after, rel=1e-9, abs=1e-9)
        assert min(*run.held[key], *run.under_way[key], *run.used[key]) >= 0
    assert all(tonnes >= 0 for months in run.kept.values() for tonnes in months)


@given(seeds, st.integers(1, 4), st.sampled_from([0.0, 0.3, 0.7]))
def test_no_more_magnets_are_made_than_plants_can_make(seed: int, long: int, part: float) -> None:
    """Sent and laid by, of all products together: no more than plants can make in the months."""
    engine = drawn_engine(seed)
    run = engine.run(shock_of(seed, 1, 1 + long, part), 10)
    for product in engine.chain.main:
        sent = sum(sum(run.sent[key]) for key in engine.demand if key[0] == product)
        laid_by = sum(
            run.kept[row][-1] - place.target
            for row, place in engine.programme.places.items()
            if place.what == product
        )
        made = sum(x for (name, _), x in engine.chain.made.items() if name == product) / 12
        assert sent + laid_by <= made * SPARE.throughput * 10 * (1 + 1e-6)


def adapting_engine(seed: int) -> MonthEngine:
    given = settings(classes=CLASSES, leads=LEADS, transit=1, cover=COVER)
    return MonthEngine(
        Draw(seed).chain(),
        replace(given, horizon=lambda month: TIGHT if month < 3 else SPARE),
        steps=10,
    )


@given(seeds)
@example(0)
@example(3)
def test_a_wider_shock_loosens_no_bound(seed: int) -> None:
    """Strictly: what plants may make, keep and sell in any month is no more after the wider one."""
    engine = adapting_engine(seed)
    narrow, wide = (bounds_met(engine, each, 12) for each in nested_pair(engine.chain, seed))
    for less, more in zip(wide, narrow, strict=True):
        for column in less.keys() & more.keys():
            assert less[column] <= more[column] + 1e-9


def test_goods_are_as_long_on_their_way_whichever_border_closes() -> None:
    """B buys half of its magnets of A; when A may sell none, half of what is sent is under way."""
    half = {"A": 12.0, "B": 12.0}
    chain = small_chain({"mine": half, "separation": half, "metal": half, "magnet": half}, {})
    sold = {(MAGNETS, maker, "B"): 600.0 for maker in "AB"}
    engine = engine_of(replace(chain, sold=sold), transit=1)
    run = engine.run(Shock(1, 3, sales=EMBARGO), 4)
    key = (MAGNETS, "B")
    assert run.sent[key] == pytest.approx([100, 50, 50, 100])
    assert run.under_way[key] == pytest.approx([50, 25, 25, 50])


NESTED = 0.02  # Of a month's use: so far may it matter who of two users is sent the same tonnes


@given(seeds, st.booleans())
def test_a_wider_shock_never_supplies_the_world_more(seed: int, home_first: bool) -> None:
    """More sellers, buyers, stages, elements, plants, months, earlier, deeper, or all at once."""
    for engine in (drawn_engine(seed), adapting_engine(seed)):
        whole = sum(engine.demand.values()) / 12
        narrow, wide = (
            world_used(engine.run(each, 16, home_first=home_first))
            for each in nested_pair(engine.chain, seed)
        )
        assert wide <= narrow + NESTED * whole


@pytest.mark.parametrize("spared", ["B", "C"])
def test_no_rule_that_knows_nothing_of_the_next_month_supplies_never_more(spared: str) -> None:
    """Why the law cannot hold to the last tonne where months are solved one by one."""
    other = "C" if spared == "B" else "B"
    chain = replace(one_market(), sold={(MAGNETS, "A", user): 600.0 for user in "BC"})
    engine = engine_of(chain, horizon=SPARE)
    common = [
        ShockPart(("magnet", "A", "*", "*"), 0.0, 0, 1),
        ShockPart(("magnet", "A", other, "*"), 0.0, 2, 3),
    ]
    half = ShockPart(("magnet", "A", spared, "*"), 0.5, 1, 2)
    narrow = engine.run(SeveralShocks(common), 8)
    wide = engine.run(SeveralShocks([*common, half]), 8)
    assert sum(short(narrow, other)) == pytest.approx(25, abs=1)
    assert sum(short(wide, other)) == pytest.approx(0, abs=1e-3)
    assert sum(short(narrow, spared)) == sum(short(wide, spared)) == pytest.approx(0, abs=1e-6)


@pytest.mark.whole
@given(seeds)
def test_fifty_and_more_steps_agree_within_a_point(seed: int) -> None:
    shock = shock_of(seed, 1, 4, 0.2)
    few, many = (drawn_engine(seed, steps).run(shock, 10) for steps in (50, 120))
    for key, months in few.used.items():
        wanted = sum(few.wanted[key])
        assert sum(many.used[key]) == pytest.approx(sum(months), abs=0.01 * wanted)


HALVES = (FirmClass(0.0, 0.5), FirmClass(2 * DAYS, 0.5))


def market(lead: int = 1) -> MarketStock:
    return MarketStock(HALVES, 100.0, 60.0, lead)


def test_a_market_that_lost_a_shipment_orders_it_again() -> None:
    """60 t did not leave: they are missing a month later, and are ordered beside the 100 t."""
    found = market()
    found.use(found.send(0.0, 40.0), 100.0)
    use, stock, filled = found.wanted(100.0, 40.0)
    assert (use, stock) == pytest.approx((100.0, 60.0))
    assert filled == pytest.approx(1 - 60 / 160)


def test_what_comes_beyond_normal_stocks_is_held_in_common_and_ordered_less() -> None:
    found = market()
    found.use(found.send(60.0, 40.0) + 30.0, 100.0)
    assert (found.common, found.stock) == pytest.approx((30.0, 130.0))
    assert found.wanted(100.0, 40.0)[0] == pytest.approx(70.0)
    assert found.use(found.send(30.0, 10.0), 100.0)[0] == pytest.approx(100.0)


def test_a_reserve_is_bought_kept_and_released() -> None:
    found = market(lead=0)
    found.build(20.0)
    assert found.wanted(100.0, 40.0)[:2] == pytest.approx((100.0, 20.0))
    found.use(found.send(80.0, 40.0), 100.0)
    assert found.reserve == pytest.approx(20.0)
    assert found.at_rest()
    assert found.use(0.0, 100.0)[0] == pytest.approx(50.0), "firms do not use it"
    found.release(20.0)
    assert found.reserve == 0
    assert found.use(0.0, 100.0)[0] == pytest.approx(70.0)


MONTH_OF_ALL = {"mine": 1.0, "separation": 1.0, "metal": 1.0, "magnet": 1.0}


def programme() -> MonthProgramme:
    return MonthProgramme(one_market(), steps=10, cover=MONTH_OF_ALL)


def test_what_lies_serves_users_where_nothing_is_made() -> None:
    """No magnets are made, 100 t lie: a month of 1,200 t a year is served out of them."""
    found = programme()
    (row,) = (row for row, x in found.places.items() if x.stage == "magnet")
    found.now = MonthState(stock={row: 100.0})
    event = Event({("magnet", "A"): 0.0})
    assert found.serve(BASE_YEAR, event).amounts[MAGNETS, "B"] == pytest.approx(1200.0)
    found.now = MonthState(stock={row: 60.0})
    assert found.serve(BASE_YEAR, event).amounts[MAGNETS, "B"] == pytest.approx(720.0)


def test_users_are_served_before_their_stock_and_that_before_plants() -> None:
    """1,500 t can be made: 1,200 are used, 120 ordered for stock, the rest fills the plants'."""
    found = programme()
    (row,) = (row for row, x in found.places.items() if x.stage == "magnet")
    orders = (120.0 / found.order_steps,) * found.order_steps
    empty = dict.fromkeys(found.places, 0.0) | {each: 10.0 for each in found.places if each != row}
    found.now = MonthState(stock=empty, refill={(MAGNETS, "B"): orders})
    values = found.values(found.bounds(Horizon("more", 2.0, 1.25)))
    assert sum(values[x] for x in found.served[MAGNETS, "B"]) == pytest.approx(1200.0)
    assert sum(values[x] for x in found.refill[MAGNETS, "B"]) == pytest.approx(120.0)
    assert sum(values[x] for x in found.places[row].steps) == pytest.approx((1500 - 1320) / 12)


def test_no_product_is_worth_more_in_stock_than_in_use() -> None:
    """All elements of a magnet and the magnet itself, kept at their best step, against the last."""
    found = MonthProgramme(five_nodes(), steps=10, cover=MONTH_OF_ALL)
    last = min(found.columns.cost[x] for columns in found.served.values() for x in columns)
    elements = len(found.chain.element_chains)
    assert KEPT[0] * elements < last
    assert KEPT[0] < REFILL[1]
    assert REFILL[0] < last
    for place in found.places.values():
        worth = [found.columns.cost[x] for x in place.steps]
        assert worth == sorted(worth, reverse=True), "value falls with cover"


def gained(engine: MonthEngine, narrow: list[ShockPart], more: list[ShockPart]) -> float:
    used, wider = (
        world_used(engine.run(SeveralShocks(each), 14)) for each in (narrow, [*narrow, *more])
    )
    return (wider - used) / (sum(engine.demand.values()) / 12)


def test_what_nobody_takes_is_kept_whichever_border_closes() -> None:
    """What B makes for A and cannot sell lies there, whether its own border is closed or not."""
    narrow = [
        ShockPart(("magnet", "A", "*", HEAVY_MAGNETS), 0.0, 1, 4),
        *(ShockPart((stage, "ROW"), 0.0, 4, 8) for stage in LEADS),
    ]
    more = [ShockPart((stage, "B", "*", "*"), 0.7, 1, 4) for stage in LEADS]
    assert gained(drawn_engine(18), narrow, more) <= 1e-6


@pytest.mark.parametrize("seller", ["A", "B", "C", "ROW"])
def test_a_shock_that_is_felt_sooner_gives_nobody_a_start(seller: str) -> None:
    """A mine that closes is felt months later, a border at once: trade stretches no sooner."""
    narrow = [ShockPart(("mine", "A"), 0.0, 2, 6)]
    more = [ShockPart(("magnet", seller, "*", "*"), 0.9, 0, 1)]
    assert gained(adapting_engine(0), narrow, more) <= 1e-6
