"""Fixes: by hand, by laws, by another formulation in scipy, on the shipped tables, as tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from monazite.analysis.mitigation.expansion import ALIKE, FIRST, HARMLESS, RULES, Expansion
from monazite.analysis.mitigation.fixes import Fixes, find_fixes, least_fix
from monazite.analysis.mitigation.plans import YEARS, magnets_of
from monazite.core.errors import UnknownNameError
from monazite.core.results import NotKnown
from monazite.data.parameters import Contingency
from monazite.model.chain.chain import Chain, Product
from monazite.model.chain.element_chain import ANY
from monazite.model.contingencies.failure_points import Event, Horizon
from monazite.model.flow.study import Study
from monazite.view.view import View
from tests.golden.lines import line_of
from tests.model.small_chains import HELD, MAGNETS, STAGES, small_chain, study_of
from tests.results import records_in

ALL_OF_A = Event(output={(stage, "A"): 0.0 for stage in ("mine", "separation", "metal", "magnet")})
about = partial(pytest.approx, rel=1e-4)  # as floors are held to a part in a million


def supplied_by_a(ore: float = 50.0, metal: float = 20.0) -> Chain:
    """A makes most magnets, for itself, B and D; C has ore to spare, and makes its own 20 t."""
    made = {
        "mine": {"A": 100.0 - ore, "C": ore},
        "separation": {"A": 80.0, "C": 20.0},
        "metal": {"A": 100.0 - metal, "C": metal},
        "magnet": {"A": 80.0, "C": 20.0},
    }
    flows = {("mine", "C", "A"): ore - 20.0, ("separation", "A", "C"): max(0.0, metal - 20.0)}
    flows |= {("separation", "C", "A"): max(0.0, 20.0 - metal)}
    flows |= {("metal", "A", "C"): max(0.0, 20.0 - metal)}
    flows |= {("metal", "C", "A"): max(0.0, metal - 20.0)}
    chain = small_chain(made, {flow: tonnes for flow, tonnes in flows.items() if tonnes})
    users = {("A", "A"): 40.0, ("A", "B"): 20.0, ("A", "D"): 20.0, ("C", "C"): 20.0}
    return replace(chain, sold={(MAGNETS, *pair): x / HELD for pair, x in users.items()})


def expansion(chain: Chain, event: Event = ALL_OF_A, market: str = "B") -> Expansion:
    return Expansion(study_of(chain, market), event, "A")


def test_what_each_rule_takes_by_hand() -> None:
    # 20 t of C's magnets are left: half of B's use is 10 t of them. If C is to keep its own, 10 t
    # of oxide and of metal and 500 t of magnets are new; if D is served alike, twice that.
    asked = expansion(supplied_by_a())
    first, harmless, alike = (least_fix(asked, rule, 0.5) for rule in RULES)
    assert (first.tonnes, first.added, first.part) == (0.0, (), None)
    assert harmless.tonnes == about(520)
    assert harmless.next_point == about(10.4)
    assert harmless.new_sales == about(500)
    assert {(x.stage, x.what): x.tonnes for x in harmless.added} == {
        ("separation", "Dy"): about(10),
        ("metal", "Dy"): about(10),
        ("magnet", MAGNETS): about(500),
    }
    assert {pool for each in harmless.added for pool in each.places} == {"C"}
    assert alike.tonnes == about(1040)
    assert alike.part == about(1040 / 3), "B uses a third of what B, C and D use"
    assert alike.run_again == pytest.approx(0.5, abs=0.01)
    # ore for 50 t: with C served its 20, B and D may have 15 of 20 each, and B alone all of it
    assert alike.lost_anyway == about(0.25)
    assert (first.lost_anyway, harmless.lost_anyway) == (0, 0)
    # below 25 % mines of C have to give more: 52 t of ore, 32 t of oxide and metal, 1,600 t
    more = least_fix(asked, ALIKE, 0.2)
    assert {x.stage: x.tonnes for x in more.added} == {
        "mine": about(2),
        "separation": about(32),
        "metal": about(32),
        "magnet": about(1600),
    }
    assert more.lost_anyway == about(0.25)
    assert more.run_again == pytest.approx(0.2, abs=0.01)


def test_no_plant_helps_where_the_event_closes_the_border() -> None:
    closed = ALL_OF_A.together_with(Event(sales={(ANY, "C", ANY, ANY): 0.0}))
    assert least_fix(expansion(supplied_by_a(), closed), FIRST, 0.5).lost_anyway == 1


def test_new_sales_do_not_lead_through_the_country_that_failed() -> None:
    # A has metal and magnet plants left for C's new oxide, and may not get it
    event = Event(output={("separation", "A"): 0.0})
    assert least_fix(expansion(supplied_by_a(), event), FIRST, 0.0).tonnes == pytest.approx(0)
    found = least_fix(expansion(supplied_by_a(), event), HARMLESS, 0.5)
    assert {each.stage for each in found.added} == {"separation", "metal", "magnet"}


chains = st.builds(supplied_by_a, st.floats(20.0, 90.0), st.floats(5.0, 60.0))
targets = st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3, unique=True).map(sorted)


@given(chains, targets, st.sampled_from(RULES))
def test_tonnes_never_rise_with_the_loss_and_are_convex(
    chain: Chain, lost: list[float], rule: str
) -> None:
    asked = expansion(chain)
    anyway = asked.lost_anyway(rule)
    found = [(each, *asked.least(rule, each)) for each in lost if each > anyway + 1e-6]
    for (low, more, dear), (high, less, cheap) in pairwise(found):
        slope = (more - less) / (100 * (high - low))
        assert cheap - 1e-4 <= slope <= dear + 1e-4, "between what a point takes at its ends"
        assert more >= less - 1e-4


@given(chains, st.floats(0.05, 0.95))
def test_harder_rules_take_more_and_the_loss_programme_reaches_the_aim(
    chain: Chain, lost: float
) -> None:
    asked = expansion(chain)
    fixes = [least_fix(asked, rule, lost) for rule in RULES]
    known = [each.tonnes for each in fixes if each.tonnes is not None]
    assert len(known) == 3, "there is no end to new mines"
    assert all(one <= other + 1e-3 for one, other in pairwise(known))
    for each in fixes[:2]:
        assert each.run_again is not None
        assert each.run_again <= lost + 1e-6
        if each.tonnes and each.tonnes > 1 and each.lost_anyway <= lost:
            built, _ = asked.plants(asked.held(each.rule, lost, each.tonnes))
            fewer = {plant: 0.99 * tonnes for plant, tonnes in built.items()}
            assert asked.lost(each.rule, fewer) > lost + 1e-6


@given(chains, st.sampled_from([FIRST, HARMLESS]))
def test_what_is_lost_already_takes_nothing(chain: Chain, rule: str) -> None:
    asked = expansion(chain)
    assert asked.least(rule, asked.study.loss(ALL_OF_A))[0] == 0


def by_scipy(chain: Chain, lost: float) -> float | None:
    """The least for B served first: oxide, metal, magnets of C, new and as they are; own rows."""
    own = chain.element_chains["Dy"]
    have = [*(own.made[stage, "C"] for stage in ("separation", "metal")), chain.made[MAGNETS, "C"]]
    # oxide, metal, magnets, then what is new of each
    rows = [[1, 0, 0, 0, 0, 0], [-1, 1, 0, 0, 0, 0], [0, -1, HELD, 0, 0, 0]]
    most = [own.made["mine", "C"], 0.0, 0.0]
    for at, tonnes in enumerate(have):
        rows.append([1.0 * (x == at) - (x == at + 3) for x in range(6)])
        most.append(tonnes)
    rows.append([0, 0, -1, 0, 0, 0])
    most.append(-(1 - lost) * 20.0 / HELD)
    found = linprog([0, 0, 0, 1, 1, 1], np.array(rows), most)
    return float(found.fun) if found.status == 0 else None


@given(chains, st.floats(0.0, 1.0))
def test_another_formulation_in_scipy_takes_the_same(chain: Chain, lost: float) -> None:
    theirs, ours = by_scipy(chain, lost), least_fix(expansion(chain), FIRST, lost)
    assert (theirs is None) == (ours.lost_anyway > lost + 1e-7)
    assert theirs is None or ours.tonnes == pytest.approx(theirs, abs=1e-3)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(STAGES), st.sampled_from(["CHN", "ROW", "MMR", "MYS", "USA"])),
        st.floats(0, 0.9),
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


def test_heavy_magnets_take_their_part_of_what_plants_hold_and_light_ones_the_rest() -> None:
    chain = replace(
        supplied_by_a(),
        products={name: Product(name) for name in ("heavy", "light")},
        recipe={("heavy", "Dy"): 0.02, ("heavy", "NdPr"): 0.3, ("light", "NdPr"): 0.3},
    )
    assert magnets_of(chain, {"Dy": 2.0, "NdPr": 45.0}) == {
        "heavy": pytest.approx(100),
        "light": pytest.approx(50),
    }


@pytest.mark.parametrize("name", ["separation/CHM", "x"])
def test_an_unknown_name_is_refused(view: View, name: str) -> None:
    with pytest.raises(UnknownNameError, match="There is nothing named"):
        find_fixes(view.network("Dy", "WLD"), view.facts("Dy"), name)


def shipped(view: View, element: str, market: str, below: float | None = None) -> Fixes:
    network, facts = view.network(element, market), view.facts(element)
    return find_fixes(network, facts, "country/CHN", below=below)


@pytest.mark.whole
def test_on_the_shipped_tables_plants_and_sales_together_halve_what_single_plants_do_not(
    view: View,
) -> None:
    found = shipped(view, "Dy", "DEU", 0.5)
    first, harmless, alike = found.fixes
    assert first.tonnes is not None
    assert harmless.tonnes is not None
    assert alike.tonnes is not None
    assert 50 < first.tonnes <= harmless.tonnes + 1e-3 < 100
    assert 10_000 < alike.tonnes < 20_000
    assert first.run_again == pytest.approx(0.5, abs=1e-9)
    for each in alike.added:
        least, most = (sum(span[end] for span in each.places.values()) for end in (0, 1))
        assert least - 0.1 <= each.tonnes <= most + 0.1
    for year in YEARS:
        assert "metal/Dy" not in found.likely[year], "no record plans a tonne of it"
        on_record = [(found.likely_of(year, each) or 0.0, each.tonnes) for each in alike.added]
        part = found.likely_part(year, alike) or 0.0
        assert part == about(sum(map(min, on_record)) / alike.tonnes), "of the table itself"
        assert 0 < part < 1
    assert any("Dy metal" in sentence for sentence in found.answer)


@pytest.mark.whole
def test_samarium_has_a_joint_fix_and_what_no_magnet_holds_says_why_not(view: View) -> None:
    assert shipped(view, "Sm", "WLD").of(ALIKE).tonnes is not None
    unknown = view.fixes("Y")
    assert isinstance(unknown, NotKnown)
    assert "We found no figures for how much Y is used" in unknown.why


@pytest.mark.whole
def test_where_a_mine_fails_others_have_to_give_more(view: View) -> None:
    found = find_fixes(view.network("Dy", "WLD"), view.facts("Dy"), "mine/MMR", below=0.1)
    assert "mine" in {each.stage for each in found.of(ALIKE).added}
    assert found.of(ALIKE).lost_anyway > 0.1
    assert all(line_of(row) for row in found.row_keys)


@pytest.mark.whole
def test_csv_has_a_line_for_each_place_with_plain_numbers(view: View) -> None:
    (table,) = shipped(view, "Sm", "WLD", 0.5).csv_tables()
    (line,) = [x for x in records_in(table) if x["rule"] == ALIKE]
    assert (line["stage"], line["what"], line["place"]) == ("separation", "Sm", "ROW")
    assert float(line["least"]) == pytest.approx(float(line["tonnes"]), rel=1e-3)
    assert line["likely_2028"] == "", "no tonnes on record is not none"
