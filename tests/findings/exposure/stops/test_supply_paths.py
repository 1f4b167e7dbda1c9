"""Paths of suppliers: element and stage decide which link stands behind which magnet."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.exposure.exposure import known_materials
from monazite.findings.exposure.stops.plant_links import Tie, read_plant_links
from monazite.findings.exposure.stops.supply_paths import (
    MOST_PATHS,
    SAME_PLANT,
    Hops,
    PathFinder,
    plants_on,
    weakest_hop,
)
from monazite.rows.filters import PERHAPS, SURELY
from monazite.triples.store import Store
from tests.findings.exposure.stops.planted import LINKS, TIES, link, plants

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
