"""The reconciled year: worked by hand, its laws on the shipped rows, and GLPK as the referee."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from math import fsum
from pathlib import Path

import pytest
import swiglpk as glpk

from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.model.balance.balance import IMPLIED
from monazite.model.chemistry import Amount, exactly, read_chemistry
from monazite.model.linear_programme import LinearProgramme
from monazite.model.network.facts import read_facts
from monazite.model.reconciliation.columns import MOVE_COST, WORSE, NamedProgramme
from monazite.model.reconciliation.numbers import Printed, SoldGoods
from monazite.model.reconciliation.programme import YearProgramme
from monazite.model.reconciliation.year import (
    PoolRange,
    ReconciledYear,
    reconcile_members,
    reconcile_year,
)
from tests.conftest import view_in_memory
from tests.model.reconciliation.by_hand import (
    ASSUMED,
    book,
    chemistry,
    scaled,
    two_countries,
    year_of,
)
from tests.sharing import only_whole


def test_a_number_moves_no_farther_than_it_has_to() -> None:
    programme = NamedProgramme()
    made = programme.number(Amount(10.0, 5.0, 20.0), "made")
    programme.row([(made, 1.0)], ("at_least",), lower=13.0)
    assert programme.solve()["made",] == pytest.approx(13.0)
    (moved,) = programme.moved()
    assert moved.name == ("made",)
    assert moved.found == pytest.approx(13.0)
    assert moved.part == pytest.approx(0.3)  # three of the ten tonnes of the wider side


def test_years_near_the_best_keep_its_rows_and_differ_by_chance() -> None:
    """A is 10 (5 to 15), B 20 (10 to 30), both 30: what moves costs a little, never a row."""
    programme = NamedProgramme()
    a = programme.number(Amount(10.0, 5.0, 15.0), "mined", "A")
    b = programme.number(Amount(20.0, 10.0, 30.0), "mined", "B")
    programme.row([(a, 1.0), (b, 1.0)], ("both",), lower=30.0, upper=30.0)
    found = [programme.near_best(str(chance)) for chance in range(60)]
    mined = [(each["mined", "A"], each["mined", "B"]) for each in found]
    assert all(x + y == pytest.approx(30.0) and 5 <= x <= 15 and 10 <= y <= 30 for x, y in mined)
    moves = [abs(x - 10) for x, _ in mined]  # a tonne costs 0.01 / 5 of A and 0.01 / 10 of B
    assert 0 < fsum(moves) / len(moves) <= WORSE / 0.003
    assert programme.near_best("7") == found[7] != found[8]


def test_the_number_that_is_known_least_moves() -> None:
    # Both together have to be 30: the wide one gives way.
    programme = NamedProgramme()
    columns = [
        programme.number(Amount(10.0, 9.0, 11.0), "sure"),
        programme.number(Amount(10.0, 0.0, 40.0), "unsure"),
    ]
    programme.row([(x, 1.0) for x in columns], ("both",), lower=30.0, upper=30.0)
    assert programme.solve() == {("sure",): pytest.approx(10), ("unsure",): pytest.approx(20)}


def test_a_ratio_stays_between_its_ends() -> None:
    programme = NamedProgramme()
    ore = programme.column("ore", lower=100.0, upper=100.0)
    oxide = programme.column("oxide", lower=94.0)
    programme.ratio(oxide, ore, Amount(0.9, 0.8, 0.95), 100.0, "yield")
    assert programme.solve()["oxide",] == pytest.approx(94.0)
    (moved,) = programme.moved()
    assert moved.found == pytest.approx(0.94)
    programme.row([(oxide, 1.0)], ("more",), lower=96.0)
    with pytest.raises(ProgrammeError, match="contradict each other"):
        programme.solve()


def test_a_ratio_without_a_range_is_exact_and_a_ratio_of_nothing_is_not_told() -> None:
    programme = NamedProgramme()
    none = programme.column("none", upper=0.0)
    programme.ratio(programme.column("part"), none, Amount(0.9, 0.8, 0.95), 1.0, "yield")
    whole = programme.column("whole", lower=4.0, upper=4.0)
    programme.ratio(programme.column("half"), whole, exactly(0.5), 4.0, "half")
    assert programme.solve()["half",] == pytest.approx(2.0)
    assert list(programme.moved()) == []


def test_the_range_of_a_number_is_what_costs_little_more() -> None:
    # 10 may be 0 to 30: for half of a range (MOVE_COST / 2) it moves by ten either way.
    programme = NamedProgramme()
    made = programme.number(Amount(10.0, 0.0, 30.0), "made")
    programme.solve()
    end = programme.held_at_best(MOVE_COST / 2)
    assert [end([made], sign) for sign in (1.0, -1.0)] == pytest.approx([0.0, 20.0])


DAY = "2026-11-24"
ELEMENTS = ("MREE", "Sm", *only_whole("La", "Ce", "Y", "Gd"))


@cache
def year(element: str) -> ReconciledYear:
    facts = read_facts(view_in_memory().store, element, DAY)
    return next(iter(reconcile_members(facts, read_chemistry(facts), 2024).values()))


def test_numbers_that_fit_do_not_move() -> None:
    programme = YearProgramme(year_of())
    found = programme.solve()
    tonnes = {"feed": 200.0, "oxide": 180.0, "used": 18.0, "metal": 145.8, "in_blanks": 131.22}
    assert {name: found[name, "A", "Nd"] for name in tonnes} == pytest.approx(tonnes)
    assert found["finished", "A"] == pytest.approx(0.7 * 437.4)
    assert max(each.part for each in programme.moved()) == pytest.approx(0.0, abs=1e-6)


def test_oxide_beyond_the_best_yield_is_missing_ore() -> None:
    # At 0.95 the richest ore, 264 t, gives 250.8 t of oxide: of 300 t printed the ore of 51.79 t
    # more (49.2 / 0.95) is missing.
    numbers = year_of(
        output={"separation": (Printed("A", ("Nd",), exactly(300.0)),), "metal": ()},
        blanks={"A": Amount(700.0, 600.0, 900.0)},
    )
    found = YearProgramme(numbers).solve()
    assert found["missing", "mine", "A", "Nd"] == pytest.approx(300 / 0.95 - 1100 * 0.3 / 1.25)
    assert found["oxide", "A", "Nd"] == pytest.approx(300.0)


def test_goods_hold_no_more_than_was_paid_for_them() -> None:
    # A sells B 100 t for 2.2 million dollars: at 50 dollars a kilogram of oxide, 62.5 of the
    # element, and a tenth more, that buys 38.72 t, though the weight would hold 80.
    sold = SoldGoods(100.0, 2_200_000.0, {"Nd": Amount(60.0, 10.0, 80.0)})
    numbers = year_of(
        goods={("separation", "A", "B"): sold},
        prices={"Nd": exactly(50.0)},
        makers={**year_of().makers, "metal": frozenset({"A", "B"})},
    )
    found = YearProgramme(numbers).solve()
    assert found["sold", "separation", "A", "B", "Nd"] <= 1.1 * 2200 / (50 * 1.25) + 1e-9


def test_a_sole_buyer_may_have_bought_what_no_customs_office_booked() -> None:
    # B books 300 t of A's 1,000; its oxide needs 180 / 0.9 / 0.2 = 1,000: the border was blind.
    numbers = year_of(
        goods={("mine", "A", "B"): SoldGoods(300.0, None, {"Nd": exactly(60.0)}, exactly(300.0))},
        output={"separation": (Printed("B", ("Nd",), exactly(180.0)),), "metal": ()},
        makers={stage: frozenset({"B"}) for stage in ("separation", "metal", "magnet")},
        blanks={"B": Amount(437.4, 400.0, 500.0)},
        printed=frozenset({"B"}),
    )
    found = YearProgramme(numbers).solve()
    assert found["ore_sold", "A", "pit", "B"] == pytest.approx(900.0, abs=101)
    assert found["missing", "mine", "B", "Nd"] == pytest.approx(0)


@pytest.mark.parametrize(
    ("mined", "low"), [({"A": Amount(1000.0, 900.0, 1100.0)}, 900.0), ({}, 1500.0)]
)
def test_a_country_mines_at_least_what_its_buyers_booked(
    mined: dict[str, Amount], low: float
) -> None:
    # A prints 1,000 t or nothing, B books 1,500 of it: half as much again was mined and sold.
    reo = Amount(1500.0, 1400.0, 1600.0)
    numbers = year_of(
        mined=mined,
        goods={("mine", "A", "B"): SoldGoods(1500.0, None, {"Nd": exactly(300.0)}, reo)},
        output={"separation": (Printed("B", ("Nd",), exactly(270.0)),), "metal": ()},
        makers={stage: frozenset({"B"}) for stage in ("separation", "metal", "magnet")},
        blanks={"B": Amount(656.1, 600.0, 750.0)},
        printed=frozenset({"B"}),
    )
    programme = YearProgramme(numbers)
    found = programme.solve()
    assert found["ore_sold", "A", "pit", "B"] == pytest.approx(1500.0)
    assert found["missing", "mine", "B", "Nd"] == pytest.approx(0)
    (ore,) = [each for each in programme.moved() if each.name == ("mined", "A")]
    assert (ore.low, ore.value, ore.high) == (low, 1500, 1600)


def test_scrap_that_cutting_cannot_give_has_another_origin() -> None:
    # Blanks hold 131 t; cutting takes 30 % off, of which half comes back: 19.7 t of 50 t of scrap.
    assumed = {("swarf-recovery", "sintered magnets", ""): exactly(0.5)}
    numbers = year_of(
        chemistry=replace(chemistry(), assumed={**ASSUMED, **assumed}),
        ledgers={"Nd": book(200.0, {"A": exactly(50.0)})},
        output={"separation": (Printed("A", ("Nd",), exactly(180.0)),), "metal": ()},
    )
    found = YearProgramme(numbers).solve()
    assert found["swarf", "A", "Nd"] == pytest.approx(0.15 * found["in_blanks", "A", "Nd"])
    assert found["other_scrap", "A", "Nd"] == pytest.approx(50 - found["swarf", "A", "Nd"])


def test_without_yields_no_year_is_reconciled() -> None:
    bare = replace(chemistry(), assumed={})
    with pytest.raises(NotKnownError, match="stage-yield separation"):
        YearProgramme(year_of(chemistry=bare))


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_yield_and_recipe_lies_in_its_range(element: str) -> None:
    found = [each for each in year(element).moved if each.name[0] in (*IMPLIED, "assay")]
    assert found
    for each in found:
        wide = 1e-6 * max(1.0, each.high)
        assert each.low - wide <= each.found <= each.high + wide, each


@pytest.mark.parametrize("element", ELEMENTS)
def test_tonnes_are_conserved_at_every_node(element: str) -> None:
    """What comes to a pool of an element at a stage goes on, is used, or is told as left over."""
    found = year(element)
    balance: dict[tuple[str, str, str], float] = defaultdict(float)
    for name, tonnes in found.values.items():
        for place, sign in _ends(name):
            balance[place] += sign * tonnes
    assert balance
    whole = max(tonnes for tonnes in found.values.values())
    for place, left in balance.items():
        assert left == pytest.approx(0, abs=1e-7 * whole), place


COMES_AND_GOES = {
    "feed": [("ore", 1, -1.0)],
    "in_ore": [("ore", 3, 1.0)],
    "passed_on": [("ore", 2, 1.0)],
    "oxide": [("oxide", 1, 1.0)],
    "scrap": [("oxide", 1, 1.0)],
    "used": [("oxide", 1, -1.0)],
    "into_metal": [("oxide", 1, -1.0)],
    "metal": [("metal", 1, 1.0)],
    "into_magnets": [("metal", 1, -1.0)],
}
"""Where tonnes of a column come to (1) or leave (-1), and where its pool stands in the name."""


def _ends(name: tuple[str, ...]) -> list[tuple[tuple[str, str, str], float]]:
    kind, element = name[0], name[-1]
    if kind == "sold":
        goods = {"separation": "oxide", "metal": "metal"}[name[1]]
        return [((goods, name[2], element), -1.0), ((goods, name[3], element), 1.0)]
    if kind in ("missing", "surplus"):
        goods = {"mine": "ore", "separation": "oxide", "metal": "metal"}[name[1]]
        return [((goods, name[2], element), 1.0 if kind == "missing" else -1.0)]
    return [
        ((goods, name[place], element), sign) for goods, place, sign in COMES_AND_GOES.get(kind, [])
    ]


def test_what_the_shipped_year_leaves_unexplained() -> None:
    found = year("MREE")
    taken = fsum(x for name, x in found.values.items() if name[0] == "feed")
    missing = fsum(x for name, x in found.values.items() if name[0] == "missing")
    assert missing < 0.02 * taken
    # Kuantan: 6,197 t of oxide in four quarters of 2024, and ore to make it of
    made = sum(found.value("oxide", "MYS", each) for each in ("Nd", "Pr"))
    assert made == pytest.approx(6197 / 1.17, rel=0.01)


@pytest.mark.parametrize("element", ["MREE", "Sm", *only_whole("La")])
def test_another_solver_finds_the_same_cost(element: str, tmp_path: Path) -> None:
    found = year(element)
    assert found.model is not None
    cost = fsum(
        found.model.cost[place] * found.values[name]
        for place, name in found.model.names.items()
        if name in found.values
    )
    least = _by_glpk(found.model, tmp_path / "year.lp")
    ours = found.model.solve()
    assert ours is not None
    assert fsum(x * y for x, y in zip(found.model.cost, ours, strict=True)) == pytest.approx(
        least, rel=1e-6
    )
    assert cost <= least + 1e-9  # named columns only: the rest is what moving costs


def _by_glpk(model: LinearProgramme, file: Path) -> float:
    file.write_text(model.text(), "utf-8")
    problem = glpk.glp_create_prob()
    glpk.glp_term_out(glpk.GLP_OFF)
    assert glpk.glp_read_lp(problem, None, str(file)) == 0
    glpk.glp_scale_prob(problem, glpk.GLP_SF_AUTO)
    glpk.glp_adv_basis(problem, 0)
    assert glpk.glp_simplex(problem, None) == 0
    assert glpk.glp_get_status(problem) == glpk.GLP_OPT
    value: float = glpk.glp_get_obj_val(problem)
    glpk.glp_delete_prob(problem)
    return value


def magnets(values: dict[tuple[str, ...], float], *carried: str) -> ReconciledYear:
    ranges = tuple(PoolRange("magnet", pool, 1.0, 1.0, 1.0) for pool in carried)
    return ReconciledYear(year_of(), values, (), ranges)


def test_what_a_pool_makes_and_buys_is_mixed() -> None:
    # B makes 20 and buys 60 of A: of what it sells C, 40, a quarter is its own.
    found = magnets(
        {
            ("finished", "A"): 100.0,
            ("finished", "B"): 20.0,
            ("magnets_sold", "A", "B"): 60.0,
            ("magnets_sold", "B", "C"): 40.0,
        },
        *"AB",
    ).magnets_by_maker()
    assert found["A", "C"] == pytest.approx(30.0)
    assert found["B", "C"] == pytest.approx(10.0)
    assert sum(found.values()) == pytest.approx(120.0)  # all that was made


@pytest.mark.parametrize(
    ("low", "high", "carried"), [(0.0, 5.0, False), (1.0, 5.0, True), (0.9, 5.0, False)]
)
def test_a_pool_is_carried_where_the_least_is_a_fifth_of_the_most(
    low: float, high: float, carried: bool
) -> None:
    assert PoolRange("metal", "A", 1.0, low, high).carried is carried
    assert PoolRange("metal", "A", 1.0, low, high, stated=True).carried is (low > 0)  # by its row


def test_a_stage_carries_the_pools_of_the_next() -> None:
    found = magnets({}, "B")
    assert found.carried["metal"] == {"B"}
    assert found.carried["separation"] == {"A", "B"}  # A by its row
    assert [found.pool("metal", place) for place in "AB"] == ["ROW", "B"]
    assert found.pool("mine", "Z") == "Z"


@pytest.mark.parametrize("by", [1000.0, 0.01])
def test_a_thousand_times_the_tonnes_are_a_thousand_times_the_tonnes(by: float) -> None:
    small, large = (reconcile_year(each) for each in (two_countries(), scaled(two_countries(), by)))
    for name, tonnes in small.values.items():
        assert large.value(*name) == pytest.approx(by * tonnes, abs=1e-6 * by), name
    carried = [(each.stage, each.pool, each.carried) for each in small.ranges]
    assert [(each.stage, each.pool, each.carried) for each in large.ranges] == carried


def test_recipes_outside_the_rows_are_those_of_the_world() -> None:
    numbers = replace(two_countries(), blanks={**two_countries().blanks, "B": exactly(50.0)})
    found = reconcile_year(numbers)
    world = sum(found.value("in_blanks", each, "Nd") for each in "AB")
    world /= sum(found.value("blanks", each) for each in "AB")
    own = found.value("in_blanks", "B", "Nd") / found.value("blanks", "B")
    assert own == pytest.approx(world, rel=0.16)


def test_ranges_that_are_known_are_not_worked_out_again() -> None:
    known = (PoolRange("metal", "A", 1.0, 1.0, 1.0),)
    before = replace(reconcile_year(two_countries(), asks=False), ranges=known)
    assert reconcile_year(scaled(two_countries(), 2.0), before).ranges == known
    assert reconcile_year(two_countries()).ranges != known
