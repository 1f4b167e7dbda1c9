"""The chokepoint report: on the shipped tables, on chains worked by hand, and as text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import networkx as nx
import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.chokepoints import find_chokepoints
from monazite.findings.finding import Chokepoint, Chokepoints, StageShares
from monazite.network.graph import Network
from monazite.pages.report import write_chokepoints
from monazite.view import View
from tests.findings.chains import add_site, chain
from tests.golden.lines import line_of, lines_of

ASKED = [("MREE", "WLD"), ("Dy", "WLD"), ("NdPr", "USA"), ("NdPr", "JPN")]


@pytest.fixture(scope="module")
def networks(view: View) -> dict[tuple[str, str], Network]:
    return {(element, market): view.network(element, market) for element, market in ASKED}


@pytest.fixture(scope="module")
def reports(networks: dict[tuple[str, str], Network]) -> dict[tuple[str, str], Chokepoints]:
    return {asked: find_chokepoints(network) for asked, network in networks.items()}


def _by_id(report: Chokepoints) -> dict[str, Chokepoint]:
    return {point.id: point for point in report.chokepoints}


def test_chinese_separation_is_the_first_chokepoint_of_dysprosium(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    first = reports["Dy", "WLD"].chokepoints[0]
    assert (first.rank, first.stage, first.country) == (1, "separation", "CHN")
    assert first.loss is not None
    assert first.loss > 0.98  # EU 2023 study and later: China refines 98 to 100 %


def test_the_usa_lose_their_neodymium_with_china_at_every_later_stage(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    report = reports["NdPr", "USA"]
    assert [(point.country, point.rank) for point in report.chokepoints[:3]] == [
        ("CHN", 1),
        ("CHN", 2),
        ("CHN", 3),
    ]
    magnet = _by_id(report)["magnet/CHN"]
    assert magnet.loss_low is not None
    assert magnet.loss_high is not None
    # USITC: 75.25 % of what the USA paid for magnets in 2024 went to China. The first in the
    # queue loses at least that; the last loses everything.
    assert magnet.loss_low == pytest.approx(0.7525, abs=0.0005)
    assert magnet.loss_high == 1


def _most(network: Network, out: str) -> int:
    """Work out what reaches the world by another algorithm on a graph built here."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node, found in network.nodes(data=True):
        if found["kind"] == "country" and node != out:
            graph.add_edge(f"{node}<", f"{node}>", capacity=round(found["share"] * 10**6))
            if found["stage"] == "mine":
                graph.add_edge("ground", f"{node}<", capacity=10**7)
    for source, target, arc in network.edges(data=True):
        if arc["kind"] in {"trade", "domestic"}:
            cap = round(arc.get("share", 10) * 10**6)
            graph.add_edge(f"{source}>", f"{target}<", capacity=cap)
    edmonds_karp = nx.algorithms.flow.edmonds_karp
    return int(nx.maximum_flow_value(graph, "ground", "market/WLD<", flow_func=edmonds_karp))


def test_the_flow_of_the_shipped_network_is_that_of_another_algorithm(
    networks: dict[tuple[str, str], Network], reports: dict[tuple[str, str], Chokepoints]
) -> None:
    network = networks["MREE", "WLD"]
    base = _most(network, "")
    for point in reports["MREE", "WLD"].chokepoints:
        if point.kind == "country":
            assert point.loss == pytest.approx(1 - _most(network, point.id) / base, abs=1e-9)


@pytest.mark.parametrize("asked", ASKED)
def test_every_number_is_in_its_range(
    reports: dict[tuple[str, str], Chokepoints], asked: tuple[str, str]
) -> None:
    report = reports[asked]
    for stage in report.stages:
        assert stage.share is None or 0 <= stage.share <= 1
        assert stage.coverage is None or 0 <= stage.coverage <= 1
        assert stage.hhi is None or 0 <= stage.hhi <= 10_000
    for point in report.chokepoints:
        assert point.share is not None
        assert 0 < point.share <= 1
        assert point.betweenness is None or 0 <= point.betweenness <= 1
        if point.loss is not None:
            assert point.loss_low is not None
            assert point.loss_high is not None
            assert 0 <= point.loss_low <= point.loss <= point.loss_high <= 1


@pytest.mark.parametrize("asked", ASKED)
def test_every_row_and_assumption_is_a_line_of_the_tables(
    reports: dict[tuple[str, str], Chokepoints], asked: tuple[str, str]
) -> None:
    report = reports[asked]
    named = {assumption.row: assumption for assumption in report.assumptions}
    for point in report.chokepoints:
        assert point.rows, point.id
        assert all(line_of(row) for row in point.rows)
        assert set(point.assumptions) <= set(named)
        assert bool(point.assumptions) == (point.loss is not None)
    for row, assumption in named.items():
        line = line_of(row)
        assert (assumption.value, assumption.low, assumption.high, assumption.reason) == (
            float(line["value"]),
            float(line["value_low"]),
            float(line["value_high"]),
            line["reason"],
        )
    for stage in report.stages:
        assert all(line_of(row) for row in stage.rows)


def test_what_a_share_rests_on_is_the_line_of_its_country_stage_and_year(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    for report in reports.values():
        for point in report.chokepoints:
            if point.kind == "country":
                line = line_of(point.rows[0])
                assert (line["country"], line["year"]) == (point.country, str(point.year))


def test_one_effect_of_one_thing_is_one_line(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    report = reports["MREE", "WLD"]
    merged = _by_id(report)["separation/MYS"]  # Lynas runs the only plant that Malaysia has
    assert merged.label.startswith("Malaysia at separation = ")
    assert merged.label.count(" = ") == 2
    assert "separation/lynas-malaysia-kuantan" not in _by_id(report)
    assert "firm/lynas-malaysia" not in _by_id(report)
    assert any(row.startswith("capacity/lynas-malaysia-kuantan") for row in merged.rows)


def test_a_small_part_of_a_small_country_is_not_the_country() -> None:
    network = chain({"mine": {"A": 0.992, "B": 0.008}, "magnet": {"A": 1.0}})
    network.nodes["mine/B"]["coverage"] = 0.6
    add_site(network, "mine/B", "pit", 0.6, ["digger"])
    report = _by_id(find_chokepoints(network))
    assert report["mine/B"].label == "B at mine"
    assert report["mine/pit"].label == "Pit = Digger"
    assert report["mine/pit"].share == pytest.approx(0.6 * 0.008)


def test_two_sites_of_one_size_are_two_lines() -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = 1.0
    for facility in ("east", "west"):
        add_site(network, "mine/A", facility, 0.5)
    report = find_chokepoints(network)
    sites = [point for point in report.chokepoints if point.kind == "site"]
    assert [point.id for point in sites] == ["mine/east", "mine/west"]
    assert [point.loss for point in sites] == pytest.approx([0.5, 0.5])


def test_a_firm_fails_with_all_its_sites_and_a_joint_site_is_nobodys() -> None:
    network = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    for stage in ("mine", "separation"):
        network.nodes[f"{stage}/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.5, ["digger"])
    add_site(network, "separation/A", "plant", 0.4, ["digger"])
    add_site(network, "separation/A", "venture", 0.5, ["digger", "partner"])
    report = _by_id(find_chokepoints(network))
    firm = report["firm/digger"]
    assert firm.stage == "mine + separation"
    assert firm.loss == pytest.approx(0.5)  # the pit binds: series, not sum
    assert "firm/partner" not in report
    assert report["separation/venture"].loss == pytest.approx(0.5)


def test_a_sole_source_dominates_and_a_detour_ends_that() -> None:
    shares = {"mine": {"A": 0.5, "B": 0.5}, "separation": {"A": 1.0}, "magnet": {"A": 1.0}}
    trade = {("mine/B", "separation/A"): 0.5}
    report = _by_id(find_chokepoints(chain(shares, trade)))
    assert {key for key, point in report.items() if point.dominator} == {
        "separation/A",
        "magnet/A",
    }
    shares["separation"] = {"A": 0.9, "B": 0.1}
    trade["separation/B", "magnet/A"] = 0.1
    report = _by_id(find_chokepoints(chain(shares, trade)))
    assert {key for key, point in report.items() if point.dominator} == {"magnet/A"}


def test_equal_whole_percents_share_a_rank() -> None:
    shares = {"mine": {"A": 0.4, "B": 0.298, "C": 0.302}, "magnet": {"A": 0.4, "B": 0.3, "C": 0.3}}
    report = find_chokepoints(chain(shares))
    ranks = {point.id: point.rank for point in report.chokepoints}
    assert ranks["mine/A"] == ranks["magnet/A"] == 1
    assert {ranks[f"{stage}/{c}"] for stage in shares for c in "BC"} == {3}


def test_a_range_runs_over_what_other_rows_print() -> None:
    network = chain({"mine": {"A": 0.8, "B": 0.2}, "magnet": {"A": 0.8, "B": 0.2}})
    network.nodes["mine/A"].update(share_low=0.7, share_high=0.9, other_rows=("production/other",))
    point = _by_id(find_chokepoints(network))["mine/A"]
    # Low: 0.7 of A and 0.2 of B reach the world (B's magnets stop at 0.2), and A's 0.7 of 0.9 go.
    # High: 0.8 (A's magnets) and 0.1 reach it, and 0.8 of 0.9 go.
    found = [point.loss, point.loss_low, point.loss_high]
    assert found == pytest.approx([0.8, 7 / 9, 8 / 9], abs=1e-5)
    assert "production/other" in point.rows


@pytest.mark.parametrize(("coverage", "ranked"), [(0.5, True), (0.499, False), (None, False)])
def test_a_site_is_ranked_only_where_half_of_its_country_is_known(
    coverage: float | None, ranked: bool
) -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = coverage
    add_site(network, "mine/A", "pit", 0.3, ["digger"])
    assert ("mine/pit" in _by_id(find_chokepoints(network))) == ranked
    names = " ".join(point.label for point in find_chokepoints(network).chokepoints)
    assert ("Digger" in names) == ranked


def test_the_shipped_sites_are_ranked_where_half_of_their_country_is_known(
    networks: dict[tuple[str, str], Network], reports: dict[tuple[str, str], Chokepoints]
) -> None:
    for asked, report in reports.items():
        network, names = networks[asked], " ".join(point.label for point in report.chokepoints)
        for node, found in network.nodes(data=True):
            if found["kind"] == "site" and found.get("of_country"):
                pool = network.nodes.get(f"{found['stage']}/{found['country']}", {})
                known = (pool.get("coverage") or 0.0) >= 0.5
                assert (found["label"] in names) == known, node
        assert not any(point.id.endswith("-rest") for point in report.chokepoints)


def test_a_market_without_trade_rows_loses_what_is_not_known(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    report = reports["NdPr", "JPN"]
    for point in report.chokepoints:
        assert (point.loss, point.loss_low, point.loss_high) == (None, None, None)
        assert (point.dominator, point.betweenness, point.assumptions) == (None, None, ())
    assert "What Japan loses is not known: no trade rows give its magnets by origin." in (
        report.notes
    )
    shares = [point.share or 0 for point in report.chokepoints]
    assert shares == sorted(shares, reverse=True)


def test_the_last_stage_has_no_remark_that_its_output_goes_nowhere(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    """What China does not send to one market it sends to the others: nothing is stranded."""
    for report in reports.values():
        assert _by_id(report)["magnet/CHN"].note == ""


def test_top_returns_the_first_lines_and_leaves_their_numbers_alone(
    networks: dict[tuple[str, str], Network], reports: dict[tuple[str, str], Chokepoints]
) -> None:
    whole = reports["MREE", "WLD"]
    three = find_chokepoints(networks["MREE", "WLD"], top=3)
    assert three.chokepoints == whole.chokepoints[:3]
    assert three.stages == whole.stages
    assert find_chokepoints(networks["MREE", "WLD"], top=0).chokepoints == ()


def test_ranks_follow_the_losses(reports: dict[tuple[str, str], Chokepoints]) -> None:
    for asked in (("MREE", "WLD"), ("NdPr", "USA")):
        points = reports[asked].chokepoints
        losses = [point.loss or 0 for point in points]
        ranks = [point.rank or 0 for point in points]
        assert losses == sorted(losses, reverse=True)
        assert ranks == sorted(ranks)
        assert ranks[0] == 1


CONTRACT = {
    "": {"view", "element", "market", "stages", "chokepoints", "assumptions", "notes"},
    "stages": {
        "stage",
        "coverage",
        "leader",
        "share",
        "hhi",
        "denominator",
        "basis",
        "year",
        "rows",
        "note",
        "share_low",
        "share_high",
        "hhi_low",
        "hhi_high",
        "range_rows",
    },
    "chokepoints": {
        "rank",
        "id",
        "label",
        "kind",
        "stage",
        "country",
        "loss",
        "loss_low",
        "loss_high",
        "dominator",
        "betweenness",
        "share",
        "coverage",
        "basis",
        "year",
        "rows",
        "assumptions",
        "note",
        "range_rows",
    },
    "assumptions": {"row", "text", "value", "low", "high", "unit", "reason"},
}


@pytest.mark.parametrize("asked", [("MREE", "WLD"), ("NdPr", "JPN")])
def test_the_json_report_keeps_its_contract(
    reports: dict[tuple[str, str], Chokepoints], asked: tuple[str, str]
) -> None:
    content = json.loads(write_chokepoints(reports[asked], "json"))
    assert set(content) == CONTRACT[""]
    for part in ("stages", "chokepoints", "assumptions"):
        for item in content[part]:
            assert set(item) == CONTRACT[part]
    assert [content["element"], content["market"]] == list(asked)
    assert all(isinstance(note, str) for note in content["notes"])
    assert {point["kind"] for point in content["chokepoints"]} <= {"country", "site", "firm"}


def test_the_range_of_a_loss_names_the_rows_that_set_it(
    reports: dict[tuple[str, str], Chokepoints],
) -> None:
    """China's magnets: 85 % by the newest row, 94 % by the IEA."""
    points = reports["MREE", "WLD"].chokepoints
    china = next(point for point in points if point.id == "magnet/CHN")
    assert china.range_rows == (
        "production/chn-magnet-rare-earth-magnet-2025-news",
        "production/chn-magnet-permanent-magnet-2024-news",
    )
    assert set(china.range_rows) <= set(china.rows)


HOSTILE = "=cmd|' /C calc'!A0, \"x\"\n</script><script>alert(1)</script>|`"


@pytest.fixture
def hostile() -> Chokepoints:
    report = find_chokepoints(chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}}))
    stage = StageShares("mine", None, HOSTILE, 1.0, 1e4, HOSTILE, HOSTILE, 2024, ("a/b",), HOSTILE)
    points = tuple(replace(point, label=HOSTILE, note=HOSTILE) for point in report.chokepoints)
    return replace(report, stages=(stage,), chokepoints=points, notes=(HOSTILE,))


def test_csv_runs_no_formula_and_keeps_a_hostile_label_in_its_cell(hostile: Chokepoints) -> None:
    text = write_chokepoints(hostile, "csv")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == len(hostile.chokepoints)
    for line in lines:
        assert line["label"] == "'" + HOSTILE
        assert line["note"] == "'" + HOSTILE
        assert None not in line


def test_markdown_keeps_a_hostile_label_in_its_cell(hostile: Chokepoints) -> None:
    text = write_chokepoints(hostile, "markdown")
    assert "<script" not in text
    bars = {
        line.replace("\\|", "").count("|") for line in text.splitlines() if line.startswith("| ")
    }
    assert bars <= {4 + 1, 10 + 1}  # columns of the two kinds of table, and one bar more


def test_json_carries_a_hostile_label_unchanged(hostile: Chokepoints) -> None:
    content = json.loads(write_chokepoints(hostile, "json"))
    assert {point["label"] for point in content["chokepoints"]} == {HOSTILE}


def _years(row: str) -> list[int]:
    line = line_of(row)
    dated = [line[name] for name in ("year", "as_of", "valid_from") if line.get(name)]
    return [int(text[:4]) for text in dated]


def test_a_view_of_june_2012_uses_nothing_of_2012(view: View) -> None:
    then = replace(view, valid="2012-06-30")
    network = then.network("MREE")
    report = find_chokepoints(network)
    statistics = {"production", "production_totals", "baci", "trade", "trade_totals", "capacity"}
    used = {row for point in report.chokepoints for row in point.rows}
    used |= {row for _, found in network.nodes(data=True) for row in found["rows"]}
    used |= {row for *_, arc in network.edges(data=True) for row in arc["rows"]}
    found = [year for row in used if row.split("/")[0] in statistics for year in _years(row)]
    assert found
    assert max(found) <= 2011
    links = [year for row in used if row.startswith("supply_links/") for year in _years(row)]
    assert all(year <= 2012 for year in links)
    metal = {stage.stage: stage for stage in report.stages}["metal"]
    assert (metal.leader, metal.denominator) == (None, "not known")
    assert (
        "No rows split metal and alloy into countries: what is lost there is not known."
        in report.notes
    )


def test_the_world_of_2011_is_the_one_that_the_yearbooks_print(view: View) -> None:
    """BGS, World Mineral Production 2011: nearly all of the world's output is Chinese."""
    mine = replace(view, valid="2012-06-30").chokepoints("TREO", top=1).stages[0]
    lines = {
        line["country"]: float(line["value"])
        for line in lines_of("production").values()
        if (line["stage"], line["material"], line["year"], line["series"])
        == ("mine", "rare-earths", "2011", "bgs")
        and line["value"]
    }
    assert mine.share == pytest.approx(lines["CHN"] / sum(lines.values()))
    assert lines["CHN"] / sum(lines.values()) > 0.95
    assert mine.denominator == "line sum"


def test_before_all_rows_nothing_is_known(view: View) -> None:
    with pytest.raises(NotKnownError, match="No row up to 1899"):
        replace(view, valid="1900-06-30").chokepoints("Dy")


@pytest.mark.parametrize(("element", "market"), [("Dyy", "WLD"), ("", "WLD"), ("Dy", "Atlantis")])
def test_unknown_names_are_refused(view: View, element: str, market: str) -> None:
    with pytest.raises(UnknownNameError):
        view.chokepoints(element, market)
