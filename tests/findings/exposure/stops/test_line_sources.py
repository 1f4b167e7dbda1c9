"""What reaches a line: all its sources, or none; and a supplier more never raises a loss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.exposure.exposure import known_materials
from monazite.findings.exposure.stops.line_sources import (
    LineCase,
    LineSource,
    reach_of_line,
    reach_of_source,
)
from monazite.findings.exposure.stops.plant_links import read_plant_links
from monazite.findings.exposure.stops.stop_order import StopFinder
from monazite.findings.exposure.stops.supply_paths import PathFinder
from monazite.triples.store import Store
from tests.findings.exposure.stops.planted import LINKS, link, plants
from tests.findings.exposure.stops.test_stop_order import SUPPLIES

FINDER = PathFinder(plants())
A = LineSource("A Inc.", "maker-a")
B = LineSource("B GmbH", "maker-b")
UNKNOWN = LineSource("C KG")


def reach(source: LineSource, stage: str, country: str, element: str = "Nd") -> str:
    return reach_of_source(source, "ndfeb", element, stage, country, FINDER)


def test_a_stop_reaches_a_source_by_its_paths() -> None:
    assert reach(A, "separation", "FRA") == "yes"
    assert reach(A, "separation", "CHN") == "no"
    assert reach(A, "mine", "AUS") == "yes"
    # For dysprosium no record goes behind the plant: it may come from anywhere.
    assert reach(A, "separation", "CHN", "Dy") == "may"
    assert reach(UNKNOWN, "separation", "CHN") == "may"
    # A plant that separates NdPr itself is not known to separate dysprosium.
    own = LineSource("W", "maker-c")
    assert reach(own, "separation", "FRA") == "no"
    assert reach(own, "separation", "FRA", "Dy") == "may"


def test_where_it_is_made_is_what_the_bill_says() -> None:
    assert reach(replace(A, made_in="CHN"), "magnet", "CHN") == "yes"
    assert reach(replace(A, made_in="USA"), "magnet", "CHN") == "no"
    # The firm is known to make it elsewhere only: nothing is known of the plant that does.
    assert reach(replace(A, made_in="CHN"), "separation", "FRA") == "may"


def test_goods_that_do_not_name_the_element_place_nothing() -> None:
    vague = PathFinder(plants([*LINKS[:3], link("smelter", "plant-a", "metal", "")]))
    assert reach_of_source(A, "ndfeb", "Nd", "separation", "CHN", vague) == "may"


def test_a_plant_that_may_make_it_itself_does_not_open_a_known_path() -> None:
    # The works separate; whether dysprosium is not told. That they buy dysprosium in France is.
    bought = link("refinery", "works", "separation", "Dy")
    finder = PathFinder(plants([*LINKS, bought]))
    works = LineSource("W", plant="works")
    assert reach_of_source(works, "ndfeb", "Dy", "separation", "AUS", finder) == "no"
    assert reach_of_source(works, "ndfeb", "Dy", "separation", "CHN", finder) == "may"
    assert reach_of_source(works, "ndfeb", "Sm", "separation", "AUS", finder) == "may"


def test_one_source_elsewhere_is_enough() -> None:
    sources = (replace(A, made_in="CHN", split=0.7), replace(B, made_in="DEU", split=0.3))
    case = LineCase("ndfeb", ("Nd",), sources)
    assert reach_of_line(case, ("Nd",), "magnet", "CHN", FINDER) == ("no", 0.7, 0.7)
    unsplit = LineCase("ndfeb", ("Nd",), tuple(replace(x, split=None) for x in sources))
    assert reach_of_line(unsplit, ("Nd",), "magnet", "CHN", FINDER) == ("no", 0.0, 1.0)
    assert reach_of_line(replace(case, sources=sources[:1]), ("Nd",), "magnet", "CHN", FINDER) == (
        *("yes", 1.0),
        1.0,
    )


def test_a_rest_of_the_split_may_run_through() -> None:
    rest = LineCase("ndfeb", ("Nd",), (replace(B, made_in="DEU", split=0.5), replace(A, split=0.2)))
    elsewhere = replace(rest, sources=(rest.sources[0], replace(A, made_in="CHN", split=0.2)))
    assert reach_of_line(elsewhere, ("Nd",), "magnet", "CHN", FINDER)[1:] == (0.2, 0.5)


SOURCE = st.builds(
    LineSource,
    text=st.sampled_from(["x", "y", "z"]),
    firm=st.sampled_from(["", "maker-a", "maker-b", "maker-c", "group", "nobody"]),
    plant=st.sampled_from(["", "plant-a", "works"]),
    made_in=st.sampled_from(["", "CHN", "USA", "DEU"]),
    split=st.sampled_from([None, 0.0, 0.3, 1.0]),
)


@given(
    sources=st.lists(SOURCE, min_size=1, max_size=3),
    more=SOURCE,
    elements=st.sampled_from([("Nd",), ("Dy", "Nd"), ("Sm",), ("Dy",), ("Nd", "Pr")]),
)
def test_a_supplier_more_never_raises_a_loss(
    sources: list[LineSource], more: LineSource, elements: tuple[str, ...]
) -> None:
    stops = StopFinder(SUPPLIES, FINDER)
    before = stops.stop(LineCase("ndfeb", elements, tuple(sources))).loss
    after = stops.stop(LineCase("ndfeb", elements, (*sources, more))).loss
    if before is None:  # of no stop that reaches it is a loss known
        assert after in (None, 0.0)
    else:
        assert after is None or after <= before


def test_no_firm_of_the_tables_raises_a_loss_as_a_second_source(store: Store) -> None:
    links = read_plant_links(store, "2026-11-24", known_materials(store))
    stops = StopFinder(SUPPLIES, PathFinder(links))
    firms = [LineSource(name, name) for name in sorted(links.below)]
    assert len(firms) > 100
    for first in ("jl-mag", "noveon", "permag", "neo-performance", "nobody"):
        case = LineCase("ndfeb", ("Dy", "Nd"), (LineSource(first, first),))
        loss = stops.stop(case).loss
        assert loss is not None
        after = [stops.stop(replace(case, sources=(*case.sources, each))).loss for each in firms]
        assert all(each is not None and each <= loss for each in after)


@pytest.mark.parametrize("split", [0.2, None])
def test_what_stands_behind_a_source_is_no_other_source(split: float | None) -> None:
    case = LineCase("ndfeb", ("Nd",), (replace(A, split=split),))
    fed = replace(case, feeders=(LineSource("W", "maker-c"),))
    stops = StopFinder(SUPPLIES, FINDER)
    assert stops.stop(case) == stops.stop(fed)
