"""Fixes: by hand, by laws, on the shipped tables, and as tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.mitigation.fixes import Fix, Fixes, FixPoint, find_fixes, fixes_of
from monazite.core.errors import UnknownNameError
from monazite.core.results import Assumption
from monazite.data.parameters import Contingency
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import NO_EVENT, Event, Horizon
from monazite.model.flow.study import Study
from monazite.model.network.facts import read_facts
from monazite.view.view import View
from tests.golden.lines import line_of
from tests.model.small_chains import STAGES, one_mine, small_chain, study_of, two_sellers
from tests.results import records_in

NO_PLANT_OF_A = Event(output={("separation", "A"): 0.0})


def fixed(chain: Chain, event: Event, trade: float = 1.0) -> tuple[Fix, ...]:
    study = study_of(chain, trade=trade)
    return fixes_of(study, event)[0]


def two_plants() -> Chain:
    half = {"A": 50.0, "B": 50.0}
    plants = {"A": 40.0, "B": 60.0}
    made = {"mine": {"A": 100.0}, "separation": plants, "metal": half, "magnet": half}
    return small_chain(made, {("mine", "A", "B"): 60.0, ("separation", "B", "A"): 10.0})


def test_another_plant_brings_all_back_and_half_of_it_half() -> None:
    # without A's plant 60 of 100 t are left; each tonne more of B's is one, up to 40
    (fix,) = fixed(two_plants(), NO_PLANT_OF_A, trade=5.0)
    assert (fix.stage, fix.pool, fix.mix, fix.new) == ("separation", "B", {"Dy": 1.0}, ())
    losses = {point.tonnes: point.loss for point in fix.points}
    assert losses[0] == pytest.approx(0.4)
    assert losses[20] == pytest.approx(0.2)
    assert losses[50] == losses[100] == 0
    assert fix.halves == pytest.approx(20, abs=0.1)
    assert fix.half_back == fix.halves
    assert (fix.best, fix.then, fix.borders) == (0, "", 0)
    assert fix.rows == ("production/separation-B",)


def test_where_the_border_binds_the_curve_ends_and_the_border_is_told() -> None:
    # oxide from B to A up to 1.5 x 10 t: B's own 50 t and 15 t of A's are served
    (fix,) = fixed(two_plants(), NO_PLANT_OF_A, trade=1.5)
    assert fix.best == pytest.approx(0.35)
    assert fix.halves is None
    assert fix.half_back == pytest.approx(2.5, abs=0.1)
    assert (fix.then, fix.then_by) == ("separation", ("Dy",))
    assert fix.borders == pytest.approx(0.35), "with free trade B feeds A"


def test_what_takes_nothing_needs_no_fix_and_what_is_all_but_lost_has_failed() -> None:
    assert fixes_of(study_of(one_mine()), NO_EVENT) == ((), 0)
    fixes, _ = fixes_of(study_of(two_sellers()), Event({("mine", "A"): 5e-324}))
    assert all((fix.stage, fix.pool) != ("mine", "A") for fix in fixes)


def test_where_no_capacity_helps_within_the_horizon_free_trade_is_told() -> None:
    found = fixed(two_plants(), NO_PLANT_OF_A)
    assert [(fix.stage, fix.pool, fix.half_back) for fix in found] == [("separation", "B", None)]
    assert found[0].points[-1].unbound == 0
    assert found[0].points[-1].loss == found[0].points[0].loss


def test_a_new_plant_takes_the_ore_that_is_there() -> None:
    # B mines 30 t for A's plant, the only one, and makes all metal; its own plant is for its ore
    last = {"B": 100.0}
    made = {"mine": {"A": 70.0, "B": 30.0}, "separation": {"A": 100.0}, "metal": last}
    flows = {("mine", "B", "A"): 30.0, ("separation", "A", "B"): 100.0}
    (fix,) = fixed(small_chain({**made, "magnet": last}, flows), NO_PLANT_OF_A)
    assert (fix.stage, fix.pool, fix.new) == ("separation", "B", ("Dy",))
    assert fix.best == pytest.approx(0.7)
    assert fix.half_back == pytest.approx(15, abs=0.2)
    assert (fix.halves, fix.then) == (None, "mine")


def test_a_mine_gives_as_much_ore_as_is_counted() -> None:
    event = Event(output={("mine", "A"): 0.0})
    found = fixed(two_sellers(), event, trade=3.0)
    # C's mine, but not its plant, has to grow: nothing comes of it
    assert found == ()
    half = Event(output={("mine", "A"): 0.5})
    ((stage, pool, halves),) = [(x.stage, x.pool, x.halves) for x in fixed(two_sellers(), half)]
    assert (stage, pool) == ("mine", "A")
    assert halves == pytest.approx(7.5, abs=0.1)


parts = st.floats(0, 0.9)


@given(st.sampled_from(STAGES[:3]), st.sampled_from("AB"), parts, st.floats(1, 3))
def test_more_capacity_never_loses_more(stage: str, pool: str, part: float, trade: float) -> None:
    for fix in fixed(two_plants(), Event(output={(stage, pool): part}), trade=trade):
        assert sum(fix.mix.values()) == pytest.approx(1)
        for one, other in pairwise(fix.points):
            assert other.tonnes > one.tonnes
            assert other.loss <= one.loss + 1e-6
            assert other.unbound <= one.unbound + 1e-6
        for least, aim in ((fix.halves, fix.points[0].loss / 2),):
            if least is not None:
                losses = [x.loss for x in fix.points if x.tonnes >= least]
                assert all(loss <= aim + 1e-3 for loss in losses)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from(["CHN", "ROW", "MMR", "MYS", "USA"])),
        parts,
        max_size=3,
    )
)
def test_a_plant_that_may_be_built_changes_nothing_until_it_is(
    output: dict[tuple[str, ...], float],
) -> None:
    made = {
        "mine": {"CHN": 50.0, "MMR": 40.0, "USA": 10.0},
        "separation": {"CHN": 100.0},
        "metal": {"CHN": 70.0, "ROW": 30.0},
        "magnet": {"CHN": 70.0, "ROW": 30.0},
    }
    flows = {
        ("mine", "MMR", "CHN"): 40.0,
        ("mine", "USA", "CHN"): 10.0,
        ("separation", "CHN", "ROW"): 30.0,
    }
    chain = small_chain(made, flows)
    opened = replace(chain, opened=frozenset({("Dy", "ROW"), ("Dy", "USA")}))
    event = Event(output=output)
    for horizon in (Horizon("short", 1.25, 1.1), Horizon("medium", 2.0, 1.3, 0.15)):
        plain, may = (
            Study(x, horizon, ("Dy",), Contingency()).loss(event) for x in (chain, opened)
        )
        assert plain == pytest.approx(may, abs=1e-6)


@cache
def of_shipped(view: View, element: str, what: str) -> Fixes:
    network = view.network(element, "WLD")
    return find_fixes(network, read_facts(view.store, element, view.valid), what)


@pytest.mark.whole
def test_on_the_shipped_tables_heavy_oxide_outside_china_waits_for_light_oxide(view: View) -> None:
    found = of_shipped(view, "Dy", "first")
    assert (found.id, found.limited_by) == ("separation/CHN", ("Dy", "Tb"))
    # light magnets have the light oxide by contract: heavy oxide alone brings nothing back, and
    # with light oxide beside it no more than plants outside China and their metal allow
    assert not [fix for fix in found.fixes if fix.mix.keys() == {"Dy", "Tb"}]
    first = found.fixes[0]
    assert (first.stage, first.pool, first.new) == ("separation", "ROW", ("Dy", "NdPr", "Tb"))
    assert found.loss - 0.05 < first.best < found.loss - 0.005
    assert found.rows
    assert all(line_of(row) for row in found.rows)
    assert all(line_of(each.row) for each in found.assumptions)


@pytest.mark.parametrize("name", ["separation/CHM", "x"])
def test_an_unknown_name_is_refused(view: View, name: str) -> None:
    with pytest.raises(UnknownNameError, match="There is nothing named"):
        of_shipped(view, "Dy", name)


FIX = Fix(
    stage="mine",
    pool="ROW",
    new=(),
    mix={"Tb": 0.25, "Dy": 0.75},
    points=(FixPoint(0.0, 0.6, 0.6), FixPoint(100.0, 0.2, 0.1)),
    halves=None,
    half_back=40.0,
    best=0.2,
    then="separation",
    then_by=("Dy",),
    borders=0.1,
    rows=("production/a",),
)
FIXES = Fixes(
    element="Dy",
    market="USA",
    market_label="United States",
    id="mine/MMR",
    label="Myanmar mining",
    clause="Myanmar stopped mining",
    year=2024,
    horizon="short-run",
    product="magnets",
    loss=0.6,
    limited_by=("Dy",),
    limited_at="separation",
    fixes=(FIX,),
    tried=3,
    rows=("production/b",),
    assumptions=(Assumption("assumptions/c", "a rule", 1.0, None, None, "", "nobody says"),),
    notes=("A note.",),
)


def test_a_fix_says_what_is_added_where_and_what_binds_then() -> None:
    whole, curve = FIXES.tables()
    (told,) = records_in(whole)
    assert told == {
        "what is added": "Dy 75 %, Tb 25 % in ore",
        "where": "mine, rest of the world",
        "halves the loss": "never",
        "brings half back": "40 t",
        "loss left": "20 %",
        "then short": "Dy at separation",
        "free trade": "10",
    }
    assert whole.remarks[1] == "3 additions were tried."
    last = records_in(curve)[-1]
    assert last == {"tonnes added": "100", "loss": "20 %", "loss if trade were free": "10 %"}
    assert FIXES.row_keys == ("assumptions/c", "production/a", "production/b")


def test_csv_has_plain_numbers() -> None:
    rows = FIXES.csv_tables()[0].rows
    assert rows[1] == ["mine", "ROW", "Tb 0.25;Dy 0.75", "100", "0.2", "0.1"]
