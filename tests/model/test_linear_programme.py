"""The linear programme and its session: laws, and GLPK as the referee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, nan
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monazite.model import linear_programme as linear
from monazite.model.linear_programme import LinearProgramme, Session
from tests.model.referees import glpk_optimum

Numbers = dict[int, float]
Rows = list[tuple[Numbers, float]]


@dataclass(frozen=True)
class Change:
    upper: Numbers = field(default_factory=dict)
    row_upper: Numbers = field(default_factory=dict)
    cost: Numbers = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """Columns from 0 to their upper bound, rows at most theirs: and what changes, call by call."""

    upper: list[float]
    cost: list[float]
    rows: Rows
    changes: list[Change]

    def programme(self, change: Change | None = None) -> LinearProgramme:
        change = change or Change()
        built = LinearProgramme()
        for place, (upper, cost) in enumerate(zip(self.upper, self.cost, strict=True)):
            built.column(upper=change.upper.get(place, upper), cost=change.cost.get(place, cost))
        for place, (terms, upper) in enumerate(self.rows):
            built.row(terms, upper=change.row_upper.get(place, upper))
        return built


def solve(session: Session, change: Change) -> list[float] | None:
    return session.solve(upper=change.upper, row_upper=change.row_upper, cost=change.cost)


def value(programme: LinearProgramme, values: list[float] | None) -> float | None:
    if values is None:
        return None
    return sum(cost * amount for cost, amount in zip(programme.cost, values, strict=True))


def alike(one: float | None, other: float | None, tolerance: float) -> bool:
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=tolerance, abs=tolerance)


AMOUNTS = st.integers(0, 40).map(lambda n: n / 4)
COSTS = st.integers(-20, 20).map(lambda n: n / 7)


def known(changes: dict[int | None, float]) -> Numbers:
    return {place: amount for place, amount in changes.items() if place is not None}


@st.composite
def programmes(draw: st.DrawFn) -> Given:
    """Bounded, and feasible or not: a changed bound of a row may be below what it can reach."""
    width = draw(st.integers(1, 8))
    places = st.integers(0, width - 1)
    terms = st.dictionaries(places, COSTS.filter(bool), min_size=1, max_size=4)
    rows = draw(st.lists(st.tuples(terms, AMOUNTS), max_size=6))
    columns = st.lists(AMOUNTS, min_size=width, max_size=width)
    lines = st.sampled_from([*range(len(rows)), None])
    changes = st.builds(
        Change,
        st.dictionaries(places, AMOUNTS, max_size=3),
        st.dictionaries(lines, st.integers(-8, 40).map(float), max_size=2).map(known),
        st.dictionaries(places, COSTS, max_size=3),
    )
    costs = st.lists(COSTS, min_size=width, max_size=width)
    several = st.lists(changes, min_size=1, max_size=5)
    return Given(draw(columns), draw(costs), rows, draw(several))


@given(programmes())
def test_hot_finds_what_cold_finds(one: Given) -> None:
    session = one.programme().open(maximise=True)
    for change in one.changes:
        fresh = one.programme(change)
        found = value(fresh, solve(session, change))
        assert alike(found, value(fresh, fresh.solve(maximise=True)), 1e-9)


TIES = Given(
    [0.0, 0.0, 0.25, 0.0],
    [0.0] * 4,
    [({0: 1 / 7}, 0.25), ({0: -1 / 7}, 0.0), ({2: 1 / 7, 0: 17 / 7}, 0.25)],
    [Change(), Change({0: 0.25}, {}, {2: 1 / 7, 0: 17 / 7})],
)
"""Several optima: a solver that goes on with the random numbers of a call before takes another."""


@example(TIES, Random(1))
@given(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_calls_and_the_session_do_not_matter(one: Given, rng: Random) -> None:
    first = one.programme().open(maximise=True)
    in_order = {place: solve(first, change) for place, change in enumerate(one.changes)}
    places = [*in_order, *in_order]
    rng.shuffle(places)
    other = one.programme().open(maximise=True)
    assert {place: solve(other, one.changes[place]) for place in places} == in_order


@given(programmes())
def test_without_changes_it_is_the_programme_as_built(one: Given) -> None:
    programme = one.programme()
    session = programme.open(maximise=True)
    before = session.solve()
    for change in one.changes:
        solve(session, change)
    assert session.solve() == before
    cold = programme.solve(maximise=True)
    assert alike(value(programme, before), value(programme, cold), 1e-9)


@given(programmes())
def test_another_code_base_finds_the_same_optimum(one: Given) -> None:
    session = one.programme().open(maximise=True)
    for change in one.changes:
        fresh = one.programme(change)
        assert alike(value(fresh, solve(session, change)), by_glpk(fresh), 1e-7)


def by_glpk(programme: LinearProgramme) -> float | None:
    """The optimum by GLPK, or None where nothing is feasible."""
    ends = [*programme.starts, len(programme.index)][1:]
    terms = [
        [(programme.index[at], programme.value[at]) for at in range(start, end)]
        for start, end in zip(programme.starts, ends, strict=True)
    ]
    return glpk_optimum(programme.cost, programme.upper, terms, programme.row_upper)


def two(upper: float = 3.0) -> tuple[LinearProgramme, int]:
    programme = LinearProgramme()
    x, y = programme.column(upper=upper, cost=2.0), programme.column(upper=3.0, cost=1.0)
    return programme, programme.row({x: 1.0, y: 1.0}, upper=4.0)


@pytest.mark.parametrize(
    "change",
    [
        {"upper": {0: -1.0}},  # nothing is feasible
        {"row_upper": {0: -1.0}},
        {"row_upper": {0: inf}, "upper": {0: inf}},  # nothing bounds it
    ],
)
@pytest.mark.parametrize("large", [0, linear.LARGE])
def test_no_optimum_is_none_and_leaves_no_trace(
    change: Mapping[str, Numbers], large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear, "LARGE", large)
    session = two()[0].open(maximise=True)
    assert session.solve(**change) is None
    assert session.solve() == [3.0, 1.0]


def test_a_programme_without_an_optimum_may_have_one_after_a_change() -> None:
    programme = LinearProgramme()
    x = programme.column(cost=1.0)
    row = programme.row({x: -1.0}, upper=0.0)
    session = programme.open(maximise=True)
    assert session.solve() is None
    assert session.solve(upper={x: 7.0}) == [7.0]
    assert session.solve(upper={x: 7.0}, row_upper={row: -8.0}) is None
    assert programme.solve(maximise=True) is None


def test_it_minimises_too() -> None:
    programme = LinearProgramme()
    x, y = programme.column(cost=2.0), programme.column(cost=3.0)
    programme.row({x: 1.0, y: 1.0}, lower=4.0)
    session = programme.open()
    assert session.solve() == [4.0, 0.0]
    assert session.solve(upper={x: 1.0}) == [1.0, 3.0]


def test_a_dual_is_what_one_more_of_a_bound_is_worth() -> None:
    # at most 4 of both together and 3 of the first, worth 3 and 2: 3 and 1; one more of both is 2
    built = LinearProgramme()
    one, other = built.column(cost=3.0), built.column(cost=2.0)
    built.row({one: 1.0, other: 1.0}, upper=4.0)
    built.row({one: 1.0}, upper=2.0)
    session = built.open(maximise=True)
    assert session.solve(row_upper={1: 3.0}) == pytest.approx([3, 1])
    assert session.row_duals() == pytest.approx([2, 1])


@pytest.mark.parametrize("place", [-1, 2])
def test_a_place_that_is_none_is_refused(place: int) -> None:
    session = two()[0].open(maximise=True)
    with pytest.raises(IndexError):
        session.solve(upper={place: 1.0})
    assert session.solve() == [3.0, 1.0]


@pytest.mark.parametrize(
    "change",
    [{"cost": {0: nan}}, {"upper": {0: nan}}, {"upper": {0: -inf}}, {"row_upper": {0: -inf}}],
)
def test_what_bounds_nothing_is_refused(change: Mapping[str, Numbers]) -> None:
    session = two()[0].open(maximise=True)
    with pytest.raises(ValueError, match=r"not a number|minus infinity"):
        session.solve(**change)
    assert session.solve() == [3.0, 1.0]


def shared(users: int) -> LinearProgramme:
    """One pool, and users whose demand is cut into steps: enough columns to need many steps."""
    programme = LinearProgramme()
    pool = programme.column(upper=50.0 * users)
    steps = [
        programme.columns([1.3 - 0.01 * n for n in range(60)], upper=1.0, name=("step", str(user)))
        for user in range(users)
    ]
    arcs = [programme.column(upper=60.0) for _ in range(users)]
    for columns, arc in zip(steps, arcs, strict=True):
        programme.row({**dict.fromkeys(columns, 1.0), arc: -1.0}, upper=0.0)
    programme.row({**dict.fromkeys(arcs, 1.0), pool: -1.0}, upper=0.0)
    return programme


def test_a_hot_solve_that_takes_too_long_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = shared(5)
    patient = programme.open(maximise=True)
    upper = {0: 20.0}
    expected = patient.solve(upper=upper)
    assert patient.restarts == 0
    monkeypatch.setattr(linear, "LIMIT", 0)
    monkeypatch.setattr(linear, "LEAST_LIMIT", 1)
    hasty = programme.open(maximise=True)
    found = hasty.solve(upper=upper)
    assert hasty.restarts == 1
    assert value(programme, found) == pytest.approx(value(programme, expected), rel=1e-9)
    after = hasty.solve(upper={0: 10.0})
    hasty.solve()
    assert (hasty.solve(upper=upper), hasty.solve(upper={0: 10.0})) == (found, after)


@given(programmes())
def test_a_large_programme_is_solved_by_another_way_to_the_same_end(one: Given) -> None:
    session = one.programme().open(maximise=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linear, "LARGE", 0)
        large = one.programme().open(maximise=True)
        for change in one.changes:
            programme = one.programme(change)
            found = value(programme, solve(large, change))
            assert alike(found, value(programme, solve(session, change)), 1e-9)
            assert alike(found, value(programme, programme.solve(maximise=True)), 1e-9)


def test_the_transport_problem_of_the_textbook() -> None:
    """The canneries of Hillier and Lieberman, Introduction to Operations Research: 152,535."""
    cost = {
        "Bellingham": (464, 513, 654, 867),
        "Eugene": (352, 416, 690, 791),
        "Albert Lea": (995, 682, 388, 685),
    }
    supply, demand = (75.0, 125.0, 100.0), (80.0, 65.0, 70.0, 85.0)
    programme = LinearProgramme()
    shipped = [[programme.column(cost=each) for each in row] for row in cost.values()]
    for row, output in zip(shipped, supply, strict=True):
        programme.row(dict.fromkeys(row, 1.0), lower=output, upper=output)
    for column, taken in zip(zip(*shipped, strict=True), demand, strict=True):
        programme.row(dict.fromkeys(column, 1.0), lower=taken, upper=taken)
    values = programme.solve()
    assert values is not None
    assert sum(x * y for x, y in zip(values, programme.cost, strict=True)) == pytest.approx(152_535)


def test_columns_that_differ_between_solutions_of_one_cost_have_their_ends() -> None:
    """Of x + y = 10 with y up to 4 at one price, z = 2: x is 6 to 10, y 0 to 4, and z is 2."""
    model = LinearProgramme()
    x, y, z = model.column(cost=1.0), model.column(cost=1.0, upper=4.0), model.column(cost=1.0)
    model.row({x: 1.0, y: 1.0}, lower=10.0, upper=10.0)
    model.row({z: 1.0}, lower=2.0)
    ends = model.not_unique((x, y, z))
    assert ends.keys() == {x, y}
    assert ends[x] == pytest.approx((6, 10))
    assert ends[y] == pytest.approx((0, 4))
