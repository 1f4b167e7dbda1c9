"""Sites, links and trade: what a facility makes, which links move goods, which arcs goods are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from monazite.model.network.attributes import Network
from monazite.model.network.build import add_links
from monazite.model.network.facts import (
    Facts,
    Site,
    SiteFigure,
    read_facts,
    site_quantity,
    to_site_figures,
    to_sites,
)
from monazite.model.network.trade import Flow, TradeArc, market_mix, to_flows, trade_arcs
from monazite.store.queries import QueryRecord
from monazite.view.view import View
from tests.golden.lines import line_of, lines_of


def figure(kind: str, year: int, tonnes: float, *, basis: str = "reo", at: str = "x") -> SiteFigure:
    row = f"capacity/{kind}-{year}-{tonnes:g}"
    return SiteFigure(at, "mine", kind, year, tonnes, basis, frozenset(), row)


def chosen(*figures: SiteFigure, year: int = 2025) -> float | None:
    found = site_quantity(figures, "x", "mine", year, "reo")
    assert found == site_quantity(reversed(figures), "x", "mine", year, "reo")
    return None if found is None else found.tonnes


@pytest.mark.parametrize(
    ("figures", "year", "tonnes"),
    [
        # Output of the year stands before a neighbour, and that before a nameplate.
        (["nameplate 2025 900", "actual-output 2024 800", "actual-output 2025 700"], 2025, 700),
        (["nameplate 2025 900", "actual-output 2024 800"], 2025, 800),
        (["nameplate 2025 900"], 2025, 900),
        # An output two years away is none of the year.
        (["actual-output 2023 800"], 2025, None),
        (["actual-output 2023 800", "nameplate 2012 900"], 2025, 900),
        # A nameplate counts from its date until another.
        (["nameplate 2012 900", "nameplate 2020 500"], 2025, 500),
        (["nameplate 2012 900", "nameplate 2020 500"], 2019, 900),
        (["nameplate 2012 900", "nameplate 2020 500"], 2011, None),
        # A plan never counts.
        *([[f"{kind} 2024 9000"], 2025, None] for kind in ("planned", "target")),
        (["under-construction 2025 9000", "nameplate 2015 500"], 2025, 500),
    ],
)
def test_which_figure_of_a_site_counts(figures: list[str], year: int, tonnes: float | None) -> None:
    told = [each.split() for each in figures]
    rows = [figure(kind, int(of_year), float(value)) for kind, of_year, value in told]
    assert chosen(*rows, year=year) == tonnes


def test_another_basis_or_another_place_does_not_count() -> None:
    assert chosen(figure("nameplate", 2020, 500, basis="gross-weight")) is None
    assert chosen(figure("nameplate", 2020, 500, at="y")) is None


def test_a_range_counts_with_its_lower_end_and_an_empty_row_not_at_all() -> None:
    texts = "row/capacity/a x mine nameplate 2024 - 300 600 reo rare-earths"
    names = "row facility stage kind year tonnes low high basis material"
    answer = QueryRecord(dict(zip(names.split(), texts.split(), strict=True))).beside(tonnes="")
    (found,) = to_site_figures([answer, answer.beside(material="ndpr-oxide")])
    assert (found.tonnes, found.materials) == (300, frozenset({"rare-earths", "ndpr-oxide"}))
    assert to_site_figures([answer.beside(low="")]) == []


def operated(operator: str, row: int = 1, dated: str = "false") -> QueryRecord:
    texts = {"facility": "x", "stage": "mine", "label": "X", "dated": dated}
    names = {"operator": operator, "operatorLabel": operator.upper()}
    blank = dict.fromkeys(("labelZh", "country", "countryLabel"), "")
    return QueryRecord({**blank, **texts, **names, "row": f"row/operations/{row}"})


def test_operators_of_one_site_stand_on_one_site() -> None:
    (site,) = to_sites([operated("b"), operated("a", 2)])
    assert site.operators == (("a", "A"), ("b", "B"))
    assert site.rows == ("operations/1", "operations/2")


def test_an_undated_operator_of_today_is_not_named_in_earlier_years() -> None:
    (site,) = to_sites([operated("now"), operated("then", dated="true")], named=False)
    assert site.operators == (("then", "THEN"),)


@pytest.mark.parametrize(
    ("day", "stage", "operators"),
    [
        ("1990-12-31", "mine", ["Molycorp"]),
        ("1990-12-31", "separation", ["Molycorp"]),
        ("2005-12-31", "mine", None),
        ("2012-12-31", "mine", ["Molycorp"]),
        ("2016-12-31", "mine", None),
        ("2019-12-31", "mine", ["MP Materials Corp."]),
        ("2019-12-31", "separation", ["MP Materials Corp."]),
        ("2025-12-31", "separation", ["MP Materials Corp."]),
    ],
)
def test_who_ran_mountain_pass(
    view: View, day: str, stage: str, operators: list[str] | None
) -> None:
    """Rows of operation with dates: mine 1952 to 2002, 2010-12 to 2015, and from 2018."""
    found = {
        (site.facility, site.stage): [label for _, label in site.operators]
        for site in read_facts(view.store, "MREE", day).sites
    }
    assert found.get(("mountain-pass", stage)) == operators


def test_coverage_is_what_the_known_sites_explain(mree: Network) -> None:
    """MP Materials, 2025: 50,692 t REO of the 51,000 t that the USGS gives for the USA."""
    mine = mree.nodes["mine/USA"]
    assert mine["coverage"] == pytest.approx(50_692 / 51_000)
    assert mree.nodes["mine/mountain-pass"]["quantity"] == 50_692


def test_the_rest_of_a_country_is_its_total_minus_the_known_sites(view: View) -> None:
    """World Mining Data: 27,620 t in the USA in 2019; the nameplate of Mountain Pass is 15,000."""
    network = View(view.store, view.ontology, "2019-12-31").network("TREO")
    rests = {node for node, found in network.nodes(data=True) if found["kind"] == "rest"}
    assert rests == {"mine/USA-rest"}
    rest = network.nodes["mine/USA-rest"]
    assert rest["quantity"] == pytest.approx(27_620 - 15_000)
    assert rest["note"] == "National total minus the known sites; not a site."
    assert network.nodes["mine/USA"]["coverage"] == pytest.approx(15_000 / 27_620)
    assert network.has_edge("mine/USA-rest", "mine/USA", key="part")


def test_sites_above_their_nation_are_a_conflict_that_is_said_and_not_scaled(mree: Network) -> None:
    pool = mree.nodes["separation/MYS"]
    assert pool["coverage"] == 1
    assert "conflict" in pool["note"]


STAGES = (("mine", "Mine"), ("separation", "Separation"), ("metal", "Metal"), ("use", "Use"))


def site(facility: str, stage: str, firm: str, country: str = "A") -> Site:
    return Site(
        facility, facility, None, country, country, stage, ((firm, firm),), (f"o/{facility}",)
    )


def link(supplier: str, customer: str, **other: str) -> QueryRecord:
    ends = {
        name + part: text
        for name, text in (("supplier", supplier), ("customer", customer))
        for part, text in (("", text), ("Kind", "organisation"), ("Label", text))
    }
    goods = {"material": "oxide", "materialLabel": "oxide", "stage": "mine", "element": "Dy"}
    told = {"kind": "offtake", "certain": "true", "row": "row/supply_links/1"}
    return QueryRecord({**ends, **goods, **told, **other})


def links_of(sites: list[Site], *links: QueryRecord) -> list[tuple[str, str, dict[str, Any]]]:
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
    both = [link("digger", "refiner"), link("digger", "refiner", element="Tb")]  # of one material
    ((source, target, arc),) = links_of(sites, *both)
    assert (source, target) == ("mine/pit", "separation/plant")
    assert (arc["kind"], arc["rows"]) == ("observed", ("supply_links/1",))


def test_a_firm_with_two_plants_at_the_stage_stays_a_firm() -> None:
    sites = [site("pit", "mine", "digger")]
    sites += [site(name, "separation", "refiner") for name in ("east", "west")]
    ((source, target, _),) = links_of(sites, link("digger", "refiner"))
    assert (source, target) == ("mine/pit", "separation/firm-refiner")


def test_goods_go_to_the_first_stage_that_the_customer_has() -> None:
    sites = [site("pit", "mine", "digger"), site("smelter", "metal", "smelters")]
    ((_, target, _),) = links_of(sites, link("digger", "smelters"))
    assert target == "metal/smelter"


def test_a_captive_link_is_captive_and_a_material_of_other_elements_is_no_link() -> None:
    sites = [site("pit", "mine", "digger"), site("plant", "separation", "refiner")]
    ((_, _, arc),) = links_of(sites, link("digger", "refiner", kind="captive"))
    assert arc["kind"] == "captive"
    assert links_of(sites, link("digger", "refiner", element="La")) == []
    assert len(links_of(sites, link("digger", "refiner", element=""))) == 1


@pytest.mark.parametrize("day", ["2026-11-24", "2012-06-30"])
def test_ended_and_planned_links_of_the_shipped_tables_are_no_arcs(view: View, day: str) -> None:
    network = View(view.store, view.ontology, day).network("MREE")
    rows = {row for *_, arc in network.edges(data=True) for row in arc["rows"]}
    drawn = [line_of(row) for row in rows if row.startswith("supply_links/")]
    assert drawn
    kinds = {line["kind"] for line in lines_of("supply_links").values()}
    assert {"planned", "ended"} <= kinds
    for line in drawn:
        assert line["kind"] in {"shipment", "offtake", "captive", "tolling"}
        # partial dates: from their first day on, until their last
        assert line["valid_from"] <= day
        assert not line["valid_until"] or line["valid_until"] + "-12-31" >= day


def test_mt_weld_feeds_kuantan_as_one_firm(mree: Network) -> None:
    """Lynas: the concentrate of Mt Weld has gone to its own plant at Gebeng since 2012."""
    arcs = mree.get_edge_data("mine/mt-weld", "separation/lynas-malaysia-kuantan")
    assert {arc["kind"] for arc in arcs.values()} == {"captive"}


OXIDES, METALS = "2846.90", "2805.30"
ROUTES = {
    OXIDES: [("mine", "separation"), ("separation", "metal")],
    METALS: [("mine", "separation"), ("metal", "magnet")],
}
COUNTRIES = {
    "mine": {"CHN", "MMR", "AUS", "ROW"},
    "separation": {"CHN", "MYS", "ROW"},
    "metal": {"CHN", "ROW"},
    "magnet": {"CHN", "ROW"},
}


def flow(
    code: str,
    exporter: str,
    importer: str,
    tonnes: float | None,
    usd_per_kg: float | None = None,
    *,
    total: bool = False,
) -> Flow:
    usd = None if usd_per_kg is None or tonnes is None else usd_per_kg * tonnes * 1000
    row = f"baci/{exporter}-{importer}-{code}"
    return Flow(code, exporter, importer, total, tonnes, usd, None, row, reconciled=True)


def arcs(*flows: Flow) -> list[tuple[str, str, str, str, float]]:
    found = trade_arcs(flows, ROUTES, COUNTRIES, 10.0)
    return [(a.from_stage, a.exporter, a.to_stage, a.importer, a.tonnes) for a in found]


@pytest.mark.parametrize(
    ("goods", "from_stage", "to_stage"),
    [
        # Myanmar separates nothing: ion-adsorption feed, whatever it costs (BACI 2024).
        (flow(OXIDES, "MMR", "CHN", 44366, 18.4), "mine", "separation"),
        # Mt Weld's concentrate, declared as metal at four dollars a kilogram (BACI 2024).
        (flow(METALS, "AUS", "MYS", 31210, 4.1), "mine", "separation"),
        # Vietnam's magnet metal at sixty dollars is no ore, though Vietnam separates nothing here.
        (flow(METALS, "VNM", "JPN", 2688, 60.3), "metal", "magnet"),
        (flow(METALS, "CHN", "JPN", 5236, 11.8), "metal", "magnet"),
        # Malaysia separates and does not mine here: compounds.
        (flow(OXIDES, "MYS", "JPN", 1375, 46.8), "separation", "metal"),
        # China does both: the price decides, and only towards a country that separates.
        (flow(OXIDES, "CHN", "MYS", 100, 9.9), "mine", "separation"),
        (flow(OXIDES, "CHN", "MYS", 100, 10.1), "separation", "metal"),
        (flow(OXIDES, "CHN", "JPN", 100, 2.0), "separation", "metal"),
        # No price: not known to be cheap.
        (flow(OXIDES, "CHN", "MYS", 100), "separation", "metal"),
    ],
)
def test_a_code_is_split_between_feed_and_goods(
    goods: Flow, from_stage: str, to_stage: str
) -> None:
    assert arcs(goods) == [(from_stage, goods.exporter, to_stage, goods.importer, goods.tonnes)]


def test_totals_are_never_added_and_what_has_no_weight_or_route_is_no_arc() -> None:
    parts = [flow(OXIDES, "MYS", "JPN", 10, 40), flow(OXIDES, "MYS", "FRA", 20, 40)]
    total = flow(OXIDES, "MYS", "WLD", 30, 40, total=True)
    assert arcs(*parts, total) == arcs(*parts)
    assert sum(arc[-1] for arc in arcs(*parts)) == 30
    assert arcs(flow(OXIDES, "MYS", "JPN", None)) == []
    assert arcs(flow("2530.90", "AUS", "CHN", 100, 1)) == []


def test_rows_of_one_pair_add_up_and_all_are_named() -> None:
    one, two = flow(METALS, "AUS", "MYS", 10, 4), flow(OXIDES, "AUS", "MYS", 5, 4)
    (arc,) = trade_arcs([one, two], ROUTES, COUNTRIES, 10.0)
    assert arc == TradeArc(
        "mine", "AUS", "separation", "MYS", 15, tuple(sorted([one.row, two.row]))
    )


# What the USA paid for metal magnets in 2024 (USITC DataWeb, HTS 8505.11), in dollars.
USITC_2024 = {
    "CHN": 359_791_115,
    "JPN": 20_545_084,
    "DEU": 15_379_789,
    "KOR": 10_257_638,
    "PHL": 9_128_331,
    "TWN": 7_971_020,
    "FIN": 7_211_337,
    "IDN": 6_566_269,
    "VNM": 1_158_202,
}
CHINESE_PERCENT_2024 = 75.2504
CHINESE_EXPORTS = Flow("m", "CHN", "WLD", True, 58_152, 2.86e9, None, "trade_totals/chn-wld")


def _bought(percent: float | None) -> list[Flow]:
    flows = [
        Flow("m", place, "USA", False, None, usd, None, f"trade/{place}")
        for place, usd in USITC_2024.items()
    ]
    if percent is not None:
        flows.append(Flow("m", "CHN", "USA", False, None, None, percent, "trade/percent"))
    return flows


def test_dollars_and_a_printed_share_give_the_mix_of_a_market() -> None:
    mix = market_mix([*_bought(CHINESE_PERCENT_2024), CHINESE_EXPORTS], "USA", 2024)
    assert mix is not None
    whole = USITC_2024["CHN"] / 0.752504  # 478,125,187
    assert mix.shares["CHN"] == pytest.approx(0.752504)
    assert mix.shares["JPN"] == pytest.approx(USITC_2024["JPN"] / whole)
    assert mix.rest == pytest.approx(1 - sum(USITC_2024.values()) / whole)
    assert mix.tonnes == pytest.approx(whole / (2.86e9 / 58_152))
    assert {"trade/percent", "trade_totals/chn-wld", "trade/JPN"} <= set(mix.rows)
    lines = market_mix([*_bought(None), CHINESE_EXPORTS], "USA", 2024)  # they are all there is
    assert lines is not None
    assert lines.rest == 0
    assert sum(lines.shares.values()) == pytest.approx(1)


@pytest.fixture(scope="module")
def usa(view: View) -> dict[str, float]:
    network = view.network("NdPr", "USA")
    arcs_in = network.in_edges("market/USA", data=True)
    return {source: arc["quantity"] for source, _, arc in arcs_in if arc["kind"] == "trade"}


def test_most_of_what_the_usa_takes_is_chinas_as_its_customs_print(usa: dict[str, float]) -> None:
    """Of the dollars 75 %; of rare-earth tonnes more, as others sell dearer magnets."""
    assert usa["magnet/CHN"] / sum(usa.values()) == pytest.approx(0.752504, abs=0.08)


def test_a_market_without_a_mix_has_a_gap_that_says_where_one_would_look(view: View) -> None:
    network = view.network("NdPr", "LAO")
    assert not [a for *_, a in network.in_edges("market/LAO", data=True) if a["kind"] == "trade"]
    assert "customs statistics of HS 8505.11" in network.nodes["gap/market-LAO"]["text"]


def _tonnes(line: dict[str, str]) -> float:
    return float(line.get("tonnes") or line.get("value") or 0)


def test_arcs_of_the_shipped_network_stay_between_pools_and_name_their_rows(mree: Network) -> None:
    network = mree
    trade = [(s, t, a) for s, t, a in network.edges(data=True) if a["kind"] == "trade"]
    assert trade
    for source, target, arc in trade:
        assert network.nodes[source]["country"] != network.nodes[target]["country"]
        flows = [row for row in arc["rows"] if row.startswith(("baci/", "trade/"))]
        assert arc["quantity"] == pytest.approx(sum(_tonnes(line_of(row)) for row in flows))
        assert {line_of(row)["year"] for row in flows} == {str(network.graph["trade_year"])}
    assert network.edges["mine/AUS", "separation/MYS", "trade"]["quantity"] == 31_209.685


def test_a_flow_that_several_sources_tell_counts_once() -> None:
    def told(row: str, tonnes: str, usd: str, *, reconciled: bool = True) -> QueryRecord:
        pair = {"code": OXIDES, "exporter": "CHN", "importer": "USA", "total": "false"}
        numbers = {"tonnes": tonnes, "usd": usd, "percent": ""}
        return QueryRecord(
            {**pair, **numbers, "row": f"row/{row}", "reconciled": str(reconciled).lower()}
        )

    ours, yours = told("baci/ours", "12", "90"), told("baci/yours", "9", "80")
    value_alone = told("baci/value-alone", "", "10")
    reports = [told(f"trade/{each}", "9", "80", reconciled=False) for each in ("a", "b")]
    flows = to_flows([ours, value_alone, yours, *reports])
    assert [each.row for each in flows] == ["baci/yours", "trade/a", "trade/b"]
    assert [each.row for each in to_flows([ours, value_alone])] == ["baci/ours"]
