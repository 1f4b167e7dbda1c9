"""Trade as arcs between stages, and the mix of a market, worked by hand."""

from __future__ import annotations

import pytest

from monazite.network.graph import Network
from monazite.network.trade import Flow, TradeArc, market_mix, to_flows, trade_arcs
from monazite.triples.records import QueryRecord
from monazite.view import View
from tests.golden.lines import line_of

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


def test_totals_are_never_added() -> None:
    parts = [flow(OXIDES, "MYS", "JPN", 10, 40), flow(OXIDES, "MYS", "FRA", 20, 40)]
    total = flow(OXIDES, "MYS", "WLD", 30, 40, total=True)
    assert arcs(*parts, total) == arcs(*parts)
    assert sum(arc[-1] for arc in arcs(*parts, total)) == 30


def test_a_missing_tonnage_is_not_zero_and_makes_no_arc() -> None:
    assert arcs(flow(OXIDES, "MYS", "JPN", None)) == []


def test_an_unknown_code_joins_nothing() -> None:
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


def test_without_a_printed_share_the_lines_are_all_there_is() -> None:
    mix = market_mix([*_bought(None), CHINESE_EXPORTS], "USA", 2024)
    assert mix is not None
    assert mix.rest == 0
    assert sum(mix.shares.values()) == pytest.approx(1)


def test_one_exporter_alone_says_nothing_of_the_rest() -> None:
    only = Flow("m", "CHN", "JPN", False, 4_877.6, None, None, "trade/chn-jpn")
    assert market_mix([only], "JPN", 2025) is None
    assert market_mix([], "JPN", 2025) is None


@pytest.fixture(scope="module")
def usa(view: View) -> dict[str, float]:
    network = view.network("NdPr", "USA")
    arcs_in = network.in_edges("market/USA", data=True)
    return {source: arc["quantity"] for source, _, arc in arcs_in if arc["kind"] == "trade"}


def test_most_of_what_the_usa_takes_is_chinas_as_its_customs_print(usa: dict[str, float]) -> None:
    """Of the dollars 75 %; of rare-earth tonnes more, as others sell dearer magnets."""
    assert usa["magnet/CHN"] / sum(usa.values()) == pytest.approx(0.752504, abs=0.08)


def test_two_customs_agree_on_what_china_sold_to_the_usa(usa: dict[str, float]) -> None:
    """China's customs: 5,933 t in 2025, 20.3 % less than in 2024; ours is less what is sold on."""
    chinese = 5_933 / (1 - 0.203)
    assert usa["magnet/CHN"] == pytest.approx(chinese, rel=0.1)


def test_the_european_union_takes_about_20_thousand_tonnes(view: View) -> None:
    """European Court of Auditors, on 2024: 20,000 t, 17,000 of them from China."""
    network = view.network("NdPr", "EUE")
    market = network.nodes["market/EUE"]
    assert (market["quantity"], market["year"]) == (pytest.approx(20_000, rel=0.07), 2024)
    found = {
        source: arc["quantity"]
        for source, _, arc in network.in_edges("market/EUE", data=True)
        if arc["kind"] == "trade"
    }
    assert found["magnet/CHN"] == pytest.approx(17_000, rel=0.18)
    assert sum(found.values()) == pytest.approx(market["quantity"])


def test_a_market_without_a_mix_has_a_gap_that_says_where_one_would_look(view: View) -> None:
    network = view.network("NdPr", "LAO")
    assert not [a for *_, a in network.in_edges("market/LAO", data=True) if a["kind"] == "trade"]
    assert "customs statistics of HS 8505.11" in network.nodes["gap/market-LAO"]["text"]


def test_japans_own_magnets_are_of_the_rest_of_the_world_where_it_is_no_pool(view: View) -> None:
    network = view.network("NdPr", "JPN")
    arcs_in = network.in_edges("market/JPN", data=True)
    found = {source: arc["quantity"] for source, _, arc in arcs_in if arc["kind"] == "trade"}
    assert found.keys() == {"magnet/CHN", "magnet/ROW"}
    assert found["magnet/ROW"] > 2 * found["magnet/CHN"]
    note = network.nodes["market/JPN"]["note"]
    assert "Japan made 8,841 t of magnets" in note  # 0.713 of 12,400 t of blanks
    assert "production/jpn-magnet-ndfeb-magnet-2020-jsnm" in note


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
