"""Supply links as arcs: only what moves, and to the plant where there is only one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.links import add_links
from monazite.network.sites import Site
from monazite.triples.records import QueryRecord
from monazite.view import View
from tests.golden.lines import line_of, lines_of

STAGES = (("mine", "Mine"), ("separation", "Separation"), ("metal", "Metal"), ("use", "Use"))


def site(facility: str, stage: str, firm: str, country: str = "A") -> Site:
    return Site(
        facility, facility, None, country, country, stage, ((firm, firm),), (f"o/{facility}",)
    )


def link(supplier: str, customer: str, **other: str) -> QueryRecord:
    return QueryRecord(
        {
            "supplier": supplier,
            "supplierKind": "organisation",
            "supplierLabel": supplier,
            "customer": customer,
            "customerKind": "organisation",
            "customerLabel": customer,
            "kind": "offtake",
            "material": "oxide",
            "materialLabel": "oxide",
            "stage": "mine",
            "element": "Dy",
            "certain": "true",
            "row": "row/supply_links/1",
            **other,
        }
    )


def arcs_of(sites: list[Site], *links: QueryRecord) -> list[tuple[str, str, dict[str, Any]]]:
    network = Network()
    for found in sites:
        network.add_node(
            f"{found.stage}/{found.facility}", kind="site", stage=found.stage, country=found.country
        )
    network.add_node("market/A", kind="market", stage="use", country="A")
    facts = SimpleNamespace(
        links=list(links), sites=sites, stages=STAGES, members=frozenset({"Dy"})
    )
    add_links(network, cast("Facts", facts))
    return [(s, t, arc) for s, t, arc in network.edges(data=True) if arc["kind"] != "possible"]


def test_a_firm_with_one_plant_at_the_stage_is_that_plant() -> None:
    sites = [site("pit", "mine", "digger"), site("plant", "separation", "refiner")]
    ((source, target, arc),) = arcs_of(sites, link("digger", "refiner"))
    assert (source, target) == ("mine/pit", "separation/plant")
    assert (arc["kind"], arc["rows"]) == ("observed", ("supply_links/1",))


def test_a_firm_with_two_plants_at_the_stage_stays_a_firm() -> None:
    sites = [site("pit", "mine", "digger")]
    sites += [site(name, "separation", "refiner") for name in ("east", "west")]
    ((source, target, _),) = arcs_of(sites, link("digger", "refiner"))
    assert (source, target) == ("mine/pit", "separation/firm-refiner")


def test_goods_go_to_the_first_stage_that_the_customer_has() -> None:
    sites = [site("pit", "mine", "digger"), site("smelter", "metal", "smelters")]
    ((_, target, _),) = arcs_of(sites, link("digger", "smelters"))
    assert target == "metal/smelter"


def test_a_captive_link_is_captive_and_a_material_of_other_elements_is_no_link() -> None:
    sites = [site("pit", "mine", "digger"), site("plant", "separation", "refiner")]
    ((_, _, arc),) = arcs_of(sites, link("digger", "refiner", kind="captive"))
    assert arc["kind"] == "captive"
    assert arcs_of(sites, link("digger", "refiner", element="La")) == []
    assert len(arcs_of(sites, link("digger", "refiner", element=""))) == 1


def test_a_material_of_two_elements_is_one_link() -> None:
    sites = [site("pit", "mine", "digger"), site("plant", "separation", "refiner")]
    both = [link("digger", "refiner"), link("digger", "refiner", element="Tb")]
    assert len(arcs_of(sites, *both)) == 1


@pytest.mark.parametrize("asked", [("MREE", "2026-11-24"), ("MREE", "2012-06-30")])
def test_ended_and_planned_links_of_the_shipped_tables_are_no_arcs(
    view: View, asked: tuple[str, str]
) -> None:
    element, day = asked
    network = View(view.store, view.ontology, day).network(element)
    drawn = {row for *_, arc in network.edges(data=True) for row in arc["rows"]}
    drawn = {row for row in drawn if row.startswith("supply_links/")}
    assert drawn
    kinds = {line["kind"] for line in lines_of("supply_links").values()}
    assert {"planned", "ended"} <= kinds
    for row in drawn:
        line = line_of(row)
        assert line["kind"] in {"shipment", "offtake", "captive", "tolling"}
        # partial dates: from their first day on, until their last
        assert line["valid_from"] <= day
        assert not line["valid_until"] or line["valid_until"] + "-12-31" >= day


def test_mt_weld_feeds_kuantan_as_one_firm(mree: Network) -> None:
    """Lynas: the concentrate of Mt Weld has gone to its own plant at Gebeng since 2012."""
    arcs = mree.get_edge_data("mine/mt-weld", "separation/lynas-malaysia-kuantan")
    assert {arc["kind"] for arc in arcs.values()} == {"captive"}
