"""The routes of a reconciled year, by hand: mixes, scrap, what no row explains, remainders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.chain.chain import Chain
from monazite.findings.events.failure_points import ModelYear
from monazite.findings.routes.capacities import MARKET, SOURCE, UNIT
from monazite.findings.routes.disjoint_routes import find_routes
from monazite.findings.routes.year_routes import REMAINDER, SCRAP, UNEXPLAINED, YearRoutes
from tests.findings.small_chains import candidate, one_mine, small_chain, two_sellers


def routes_of(chain: Chain, market: str = "WLD") -> YearRoutes:
    return YearRoutes(ModelYear(chain, ("Dy",), {}, {}), market)


def changed(chain: Chain, **given: object) -> Chain:
    found = replace(chain.element_chains["Dy"], **given)  # type: ignore[arg-type]
    return replace(chain, element_chains={"Dy": found})


def test_a_market_is_brought_what_its_sellers_hold() -> None:
    """B makes 60 t of magnets of oxide that A sold it: all of it is A's ore."""
    found = routes_of(one_mine(), "B").brought
    assert found["magnet"] == found["metal"] == {"B": 1.0}
    assert found["separation"] == pytest.approx({"A": 1.0})
    assert found["mine"] == pytest.approx({"A": 1.0})
    assert routes_of(one_mine()).brought["metal"] == pytest.approx({"A": 0.4, "B": 0.6})


def test_two_sellers_bring_half_each_and_neither_is_sole() -> None:
    routes = routes_of(two_sellers(), "B")
    assert routes.brought["separation"] == pytest.approx({"A": 0.5, "C": 0.5})
    found = find_routes(routes.graph(), routes.unnamed)
    assert not found.dominates("separation/A")
    assert found.dominates("metal/B")
    graph = routes.graph()
    assert graph.edges["separation/A in", "separation/A out"]["capacity"] == UNIT // 2
    assert graph.has_edge("magnet/B out", MARKET)
    assert graph.has_edge(SOURCE, "mine/A in")


def test_who_sells_on_passes_the_mix_that_it_holds() -> None:
    """A and C sell 30 t each to T, which makes nothing; T sells all to B: half and half still."""
    ends = {"A": 30.0, "C": 30.0}
    made = {"mine": ends, "separation": ends, "metal": {"B": 60.0}, "magnet": {"B": 60.0}}
    flows = {
        ("separation", "A", "T"): 30.0,
        ("separation", "C", "T"): 30.0,
        ("separation", "T", "B"): 60.0,
    }
    routes = routes_of(small_chain(made, flows), "B")
    assert routes.brought["separation"] == pytest.approx({"A": 0.5, "C": 0.5})


def test_scrap_and_what_no_row_explains_are_sources_that_no_country_is() -> None:
    """Of A's 100 t of oxide 25 are of scrap; 50 t more that B takes are explained by nobody."""
    parts = {"A": 40.0, "B": 110.0}
    made = {"mine": {"A": 75.0}, "separation": {"A": 100.0}, "metal": parts, "magnet": parts}
    chain = small_chain(made, {("separation", "A", "B"): 60.0})
    taken = {**chain.element_chains["Dy"].taken, ("separation", "B"): 110.0, ("mine", "A"): 75.0}
    chain = changed(chain, scrap={"A": 25.0}, missing={("separation", "B"): 50.0}, taken=taken)
    found = routes_of(chain).brought
    assert found["separation"] == pytest.approx({"A": 100 / 150, UNEXPLAINED: 50 / 150})
    assert found["mine"] == pytest.approx({"A": 75 / 150, SCRAP: 25 / 150})
    assert routes_of(chain).unnamed == [f"mine/{SCRAP}", f"separation/{UNEXPLAINED}"]


@pytest.mark.parametrize(("small", "kept"), [(0.019, False), (0.021, True)])
def test_what_brings_less_than_the_stated_part_is_left_out(small: float, kept: bool) -> None:
    assert REMAINDER == 0.02
    parts = {"A": 100 * (1 - small), "B": 100 * small}
    routes = routes_of(
        small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    )
    assert ("B" in routes.kept["separation"]) is kept
    assert find_routes(routes.graph()).dominates("separation/A") is not kept
    assert routes.counts(candidate("separation/B")) is kept


def test_many_small_ones_together_are_no_remainder() -> None:
    """Ten makers of 1 % each: all but the first are kept, and A is not sole."""
    small = {f"B{number}": 1.0 for number in range(10)}
    parts = {"A": 90.0, **small}
    routes = routes_of(
        small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    )
    assert len(routes.kept["metal"]) == 10
    assert not find_routes(routes.graph()).dominates("metal/A")


def test_a_country_of_the_rest_of_the_world_is_a_part_of_it() -> None:
    parts = {"A": 50.0, "ROW": 50.0}
    chain = small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    home = dict.fromkeys(("mine", "separation", "metal", "magnet"), frozenset({"A"}))
    of = {**chain.element_chains["Dy"].parts, ("metal", "B"): 20.0}
    routes = routes_of(changed(chain, home=home, parts=of))
    placed = routes.placed(candidate("metal/B"))
    assert placed.hits == pytest.approx({"metal/ROW": 0.4})
    assert routes.counts(placed)


def test_a_year_that_lacks_a_stage_is_not_known() -> None:
    chain = one_mine()
    made = {key: x for key, x in chain.element_chains["Dy"].made.items() if key[0] != "metal"}
    assert routes_of(chain).known
    assert not routes_of(changed(chain, made=made)).known
