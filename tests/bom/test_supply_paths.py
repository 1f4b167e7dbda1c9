"""Paths of suppliers: which link stands behind a magnet, what reaches a line, what is shared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bom.exposure import known_materials
from monazite.bom.market_supply import (
    LineCase,
    LineSource,
    SharedPlant,
    reach_of_line,
    reach_of_source,
    shared_plants,
)
from monazite.bom.stop_order import StopFinder
from monazite.bom.stopping import bill_paths
from monazite.bom.supply_paths import (
    MOST_PATHS,
    SAME_PLANT,
    Hops,
    PathFinder,
    Tie,
    plants_on,
    read_plant_links,
    weakest_hop,
)
from monazite.data.filters import PERHAPS, SURELY
from monazite.store.store import Store
from tests.bom.planted import LINKS, SUPPLIES, TIES, link, plants

DAY = "2026-11-24"


def sellers(hops: Hops) -> list[str]:
    return [hop.seller for hop in hops]


def test_a_path_goes_back_to_the_mine() -> None:
    (hops,) = PathFinder(plants()).paths("maker-a", "ndfeb", "Nd")
    assert sellers(hops) == ["plant-a", "smelter", "refinery", "pit"]
    assert [hop.stage for hop in hops] == ["magnet", "metal", "separation", "mine"]
    assert [hop.country for hop in hops] == ["USA", "GBR", "FRA", "AUS"]
    assert weakest_hop(hops) == 2  # the only one whose dates leave it open


def test_an_owner_has_the_plants_of_its_firms() -> None:
    (hops,) = PathFinder(plants()).paths("group", "ndfeb", "Nd")
    assert sellers(hops)[:2] == ["maker-a", "plant-a"]
    assert [hop.seller for hop in plants_on(hops)] == ["plant-a", "smelter", "refinery", "pit"]


def test_a_link_of_other_elements_is_none() -> None:
    finder = PathFinder(plants())
    # The smelter sells NdPr metal to the maker of magnets; its samarium stands behind nobody here.
    assert [sellers(x) for x in finder.paths("maker-a", "ndfeb", "Dy")] == [["plant-a"]]
    assert [sellers(x) for x in finder.paths("maker-b", "smco", "Sm")] == [["plant-s"]]
    (hops,) = finder.paths("maker-b", "ndfeb", "Nd")
    assert "plant-s" not in sellers(hops)


def test_links_beside_each_other_stay_apart() -> None:
    both = (*LINKS, link("smelter", "plant-s", "metal", "Sm"))
    (hops,) = PathFinder(plants(both)).paths("maker-b", "smco", "Sm")
    assert hops[-1].row == "supply_links/samarium"
    (hops,) = PathFinder(plants(both)).paths("maker-b", "ndfeb", "Nd")
    assert hops[2].row == "supply_links/refinery-smelter"


def test_goods_of_a_later_stage_feed_no_earlier_one() -> None:
    turned = (*LINKS, link("plant-b", "smelter", "magnet"))
    (hops,) = PathFinder(plants(turned)).paths("maker-a", "ndfeb", "Nd")
    assert "plant-b" not in sellers(hops)


def test_what_a_firm_further_above_buys_counts_where_the_element_is_named() -> None:
    untold = (*LINKS, link("other", "group", "metal", "", kind="organisation"))
    named = (*LINKS, link("other", "group", "metal", kind="organisation"))
    assert len(PathFinder(plants(untold)).paths("maker-a", "ndfeb", "Nd")) == 1
    paths = PathFinder(plants(named)).paths("maker-a", "ndfeb", "Nd")
    assert sorted(x[1].seller for x in paths) == ["other", "smelter"]
    assert {hop.certainty for hops in paths for hop in hops if hop.seller == "other"} == {PERHAPS}


def test_the_weakest_hop() -> None:
    (hops,) = PathFinder(plants()).paths("maker-a", "ndfeb", "Nd")
    sure = tuple(replace(hop, certainty=SURELY) for hop in hops)
    assert weakest_hop(sure) == 3  # all alike: the nearest to the mine
    doubled = (*sure[:2], *(replace(hop, doubles=1) for hop in sure[2:]))
    assert weakest_hop(doubled) == 1  # nobody else doubles it
    inside = (*sure, replace(sure[3], kind=SAME_PLANT, certainty=PERHAPS))
    assert weakest_hop(inside) == 3
    assert weakest_hop(()) is None


def test_more_paths_than_are_told_leave_it_open() -> None:
    many = [link(f"smelter-{x}", "plant-a", "metal", kind="organisation") for x in range(40)]
    paths = PathFinder(plants(many)).paths("maker-a", "ndfeb", "Nd")
    assert len(paths) == MOST_PATHS + 1
    assert paths[-1] == ()


def test_a_circle_of_firms_ends() -> None:
    circle = (*TIES, Tie("maker-a", "group", "owns", SURELY, "ownership/back"))
    assert len(PathFinder(plants(ties=circle)).paths("group", "ndfeb", "Nd")) == 1


def test_records_of_real_plants(store: Store) -> None:
    finder = PathFinder(read_plant_links(store, DAY, known_materials(store)))

    def behind(firm: str, magnets: str, element: str) -> set[str]:
        return {x.seller for hops in finder.paths(firm, magnets, element) for x in hops}

    # MP sells NdPr to the American plant of VAC: it stands behind no SmCo of VAC.
    assert "mp-materials" in behind("vac", "ndfeb", "Nd")
    assert "mp-materials" not in behind("vac", "smco", "Sm")
    # By the offtake rows La Rochelle stands behind two American makers, and one maker of metal
    # behind the samarium of the second.
    assert "la-rochelle" in behind("noveon", "ndfeb", "Dy")
    assert {"la-rochelle", "lcm-ellesmere-port"} <= behind("permag", "smco", "Sm")
    # What the owner of that maker of metal buys for NdFeB feeds no SmCo.
    assert "asm" not in behind("permag", "smco", "Sm")


def test_a_plant_makes_the_magnets_that_records_say() -> None:
    links = plants()
    assert links.does("plant-a", "magnet", "ndfeb")
    assert not links.does("plant-a", "magnet", "smco")
    assert not links.does("plant-a", "metal", "")
    assert [ties[-1].owned for ties in links.plants_of("maker-b", "magnet", "smco")] == ["plant-s"]
    assert [ties[-1].owned for ties in links.plants_of("group", "magnet")] == ["plant-a"]
    assert links.buyers_for("plant-a") == {"plant-a": True, "maker-a": True, "group": False}
    assert links.next_inside("works", "magnet") == "separation"
    assert links.next_inside("pit", "mine") == ""


def test_records_of_a_day(store: Store) -> None:
    materials = known_materials(store)
    links = read_plant_links(store, "2026-11-24", materials)
    # MP Materials: 8 % of Shenghe's are no plants of Shenghe's.
    held = {tie.owned for tie in links.below["shenghe-resources"]}
    assert "mp-materials" not in held
    assert links.makes["eec-smco"] == {"smco"}
    assert "magnet" not in links.stages["mp-10x"]  # is being built
    assert "magnet" not in links.stages["hitachi-edmore"]  # closed in 2005
    # La Rochelle's offtake to Noveon begins in 2026; that of Mountain Pass to Shenghe has ended.
    assert any(x.seller == "la-rochelle" for x in links.sold_to["noveon"])
    before = read_plant_links(store, "2025-06-30", materials)
    assert not any(x.seller == "la-rochelle" for x in before.sold_to.get("noveon", ()))
    assert all(x.seller != "mountain-pass" for x in links.sold_to.get("shenghe-resources", ()))


FINDER = PathFinder(plants())
A = LineSource("A Inc.", "maker-a")
B = LineSource("B GmbH", "maker-b")


@pytest.mark.parametrize(
    ("source", "stage", "country", "element", "reaches"),
    [
        (A, "separation", "FRA", "Nd", "yes"),
        (A, "separation", "CHN", "Nd", "no"),
        (A, "mine", "AUS", "Nd", "yes"),
        # For dysprosium no record goes behind the plant: it may come from anywhere.
        (A, "separation", "CHN", "Dy", "may"),
        (LineSource("C KG"), "separation", "CHN", "Nd", "may"),
        # A plant that separates NdPr itself is not known to separate dysprosium.
        (LineSource("W", "maker-c"), "separation", "FRA", "Nd", "no"),
        (LineSource("W", "maker-c"), "separation", "FRA", "Dy", "may"),
        # Where it is made is what the bill says.
        (replace(A, made_in="CHN"), "magnet", "CHN", "Nd", "yes"),
        (replace(A, made_in="USA"), "magnet", "CHN", "Nd", "no"),
        # The firm is known to make it elsewhere only: nothing is known of the plant that does.
        (replace(A, made_in="CHN"), "separation", "FRA", "Nd", "may"),
    ],
)
def test_a_stop_reaches_a_source_by_its_paths(
    source: LineSource, stage: str, country: str, element: str, reaches: str
) -> None:
    assert reach_of_source(source, "ndfeb", element, stage, country, FINDER) == reaches


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
    unsplit = tuple(replace(x, split=None) for x in sources)
    for told, reaches in (
        (sources, ("no", 0.7, 0.7)),
        (unsplit, ("no", 0.0, 1.0)),
        (sources[:1], ("yes", 1.0, 1.0)),
        # A rest of the split may run through.
        ((replace(B, made_in="DEU", split=0.5), replace(A, made_in="CHN", split=0.2)),
         ("no", 0.2, 0.5)),
    ):  # fmt: skip
        case = LineCase("ndfeb", ("Nd",), told)
        assert reach_of_line(case, ("Nd",), "magnet", "CHN", FINDER) == reaches


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


@pytest.mark.parametrize("split", [0.2, None])
def test_what_stands_behind_a_source_is_no_other_source(split: float | None) -> None:
    case = LineCase("ndfeb", ("Nd",), (replace(A, split=split),))
    fed = replace(case, feeders=(LineSource("W", "maker-c"),))
    stops = StopFinder(SUPPLIES, FINDER)
    assert stops.stop(case) == stops.stop(fed)


A, B = LineSource("A Inc.", "maker-a"), LineSource("B GmbH", "maker-b")


def shared(cases: dict[int, LineCase], finder: PathFinder | None = None) -> dict[str, SharedPlant]:
    paths = bill_paths(cases, finder or PathFinder(plants()))
    return {each.facility: each for each in shared_plants(paths, cases)}


def test_a_plant_behind_suppliers_of_two_lines() -> None:
    found = shared({5: LineCase("ndfeb", ("Nd",), (A,)), 9: LineCase("ndfeb", ("Pr",), (B,))})
    assert list(found) == ["pit", "refinery", "smelter"]
    smelter = found["smelter"]
    assert smelter.suppliers == ("A Inc.", "B GmbH")
    assert (smelter.sheet_rows, smelter.same_source) == ((5, 9), ())
    assert (smelter.elements, smelter.certainty) == (("Nd", "Pr"), "surely")
    assert found["refinery"].certainty == "perhaps"  # a hop on the way to it is
    assert {"supply_links/smelter-plant-a", "operations/b"} <= {*smelter.rows}


def test_a_second_source_that_is_the_same_plant() -> None:
    found = shared({5: LineCase("ndfeb", ("Nd",), (A, B))})
    assert found["smelter"].same_source == (5,)
    assert "plant-a" not in found


def test_two_names_of_one_firm_are_no_second_source() -> None:
    twice = (A, LineSource("Group plc", "group"))
    found = shared({5: LineCase("ndfeb", ("Nd",), twice)})
    assert found["plant-a"].same_source == (5,)
    alone = {5: LineCase("ndfeb", ("Nd",), (A,)), 6: LineCase("ndfeb", ("Nd",), (A,))}
    assert shared(alone) == {}


def test_a_plant_may_stand_behind_different_elements() -> None:
    finder = PathFinder(plants((*LINKS, link("smelter", "plant-s", "metal", "Sm"))))
    cases = {5: LineCase("ndfeb", ("Nd",), (A,)), 6: LineCase("smco", ("Sm",), (B,))}
    found = shared(cases, finder)
    assert found["smelter"].elements == ("Nd", "Sm")
    # The mine's ore is of NdPr: it is not behind the samarium.
    assert "pit" not in found


def test_what_the_bill_names_behind_a_source_is_on_its_path() -> None:
    finder = PathFinder(plants(ties=(*TIES, Tie("smelters", "smelter", "operates", SURELY, "o/s"))))
    c, feeder = LineSource("C", "maker-c"), LineSource("S", "smelters")
    fed = LineCase("ndfeb", ("Nd",), (c,), (feeder,))
    paths = [x for x in bill_paths({3: fed}, finder) if x.hops[0].kind == "in the bill"]
    assert [[hop.seller for hop in x.hops] for x in paths] == [
        ["smelters", "smelter", "refinery", "pit"]
    ]
    assert (paths[0].supplier, paths[0].to_mine) == ("C", True)
    several = LineCase("ndfeb", ("Nd",), (A, c), (feeder,))
    told = {x.supplier for x in bill_paths({3: several}, finder)}
    assert told == {"A Inc.", "C", "S"}  # behind which of the two it stands is not known
    # So both lines may have it by C; B has it by itself.
    assert shared({3: replace(several, sources=(c, LineSource("D", "d"))), 4: fed}, finder) == {}
    found = shared({3: fed, 4: LineCase("ndfeb", ("Nd",), (B,))}, finder)
    assert found["smelter"].suppliers == ("B GmbH", "C")


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
