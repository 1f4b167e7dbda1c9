"""Fixes: by hand, by laws, on the shipped tables, and as tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.mitigation.fixes import Fix, Fixes, find_fixes, fixes_of
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
    return fixes_of(study, event, study.loss(event) / 2)[0]


def two_plants() -> Chain:
    half = {"A": 50.0, "B": 50.0}
    plants = {"A": 40.0, "B": 60.0}
    made = {"mine": {"A": 100.0}, "separation": plants, "metal": half, "magnet": half}
    return small_chain(made, {("mine", "A", "B"): 60.0, ("separation", "B", "A"): 10.0})


def test_another_plant_brings_all_back_and_half_of_it_half() -> None:
    # without A's plant 60 of 100 t are left; each tonne more of B's is one, up to 40
    (fix,) = fixed(two_plants(), NO_PLANT_OF_A, trade=5.0)
    assert (fix.stage, fix.pool, fix.mix, fix.new) == ("separation", "B", {"Dy": 1.0}, ())
    assert fix.least == pytest.approx(20, abs=0.1)
    assert (fix.best, fix.then) == (0, "")
    assert fix.rows == ("production/separation-B",)


def test_where_the_border_binds_no_amount_halves_the_loss() -> None:
    # oxide from B to A up to 1.5 x 10 t: B's own 50 t and 15 t of A's are served
    (fix,) = fixed(two_plants(), NO_PLANT_OF_A, trade=1.5)
    assert fix.best == pytest.approx(0.35)
    assert fix.least is None
    assert (fix.then, fix.then_by) == ("separation", ("Dy",))


def test_what_takes_nothing_needs_no_fix_and_what_is_all_but_lost_has_failed() -> None:
    assert fixes_of(study_of(one_mine()), NO_EVENT, 0.0) == ((), 0)
    fixes, _ = fixes_of(study_of(two_sellers()), Event({("mine", "A"): 5e-324}), 0.1)
    assert all((fix.stage, fix.pool) != ("mine", "A") for fix in fixes)


def test_where_the_border_is_full_no_capacity_helps() -> None:
    assert fixed(two_plants(), NO_PLANT_OF_A) == ()


def test_a_new_plant_takes_the_ore_that_is_there() -> None:
    # B mines 30 t for A's plant, the only one, and makes all metal; its own plant is for its ore
    last = {"B": 100.0}
    made = {"mine": {"A": 70.0, "B": 30.0}, "separation": {"A": 100.0}, "metal": last}
    flows = {("mine", "B", "A"): 30.0, ("separation", "A", "B"): 100.0}
    (fix,) = fixed(small_chain({**made, "magnet": last}, flows), NO_PLANT_OF_A)
    assert (fix.stage, fix.pool, fix.new) == ("separation", "B", ("Dy",))
    assert fix.best == pytest.approx(0.7)
    assert (fix.least, fix.then) == (None, "mine")


def test_a_mine_gives_as_much_ore_as_is_counted() -> None:
    event = Event(output={("mine", "A"): 0.0})
    found = fixed(two_sellers(), event, trade=3.0)
    # C's mine, but not its plant, has to grow: nothing comes of it
    assert found == ()
    half = Event(output={("mine", "A"): 0.5})
    ((stage, pool, least),) = [(x.stage, x.pool, x.least) for x in fixed(two_sellers(), half)]
    assert (stage, pool) == ("mine", "A")
    assert least == pytest.approx(7.5, abs=0.1)


parts = st.floats(0, 0.9)


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
def test_on_the_shipped_tables_nothing_alone_brings_heavy_magnets_back(view: View) -> None:
    found = of_shipped(view, "Dy", "first")
    assert (found.id, found.limited_by) == ("separation/CHN", ("Dy", "Tb"))
    # light magnets have the light oxide by contract, and borders hold: no addition is enough
    assert found.tried
    assert all(fix.least is None for fix in found.fixes)
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
    least=None,
    best=0.2,
    then="separation",
    then_by=("Dy",),
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
    (whole,) = FIXES.tables()
    (told,) = records_in(whole)
    assert told == {
        "what is added": "Dy 75 %, Tb 25 % in ore",
        "where": "mine, rest of the world",
        "reaches it": "never",
        "loss left": "20 %",
        "then short": "Dy at separation",
    }
    assert whole.remarks[1].startswith("3 additions were tried")
    assert FIXES.row_keys == ("assumptions/c", "production/a", "production/b")
