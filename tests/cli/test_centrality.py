"""Centrality from the command line: tables, JSON, CSV, years, draws, the page, and bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx as nx
import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_table_has_measures_losses_and_their_correlation(run: Run) -> None:
    done = run("centrality", "--full", "-e", "Dy", "-m", "USA")
    assert done.code == 0
    heading, _, columns, first, *_ = done.out.splitlines()
    assert heading == "Dysprosium for the United States: centrality of flows, 2024"
    assert columns.split() == [
        *("what", "between", "on", "paths", "PageRank", "in", "out", "loss", "range", "alone")
    ]
    assert first.startswith("China separation")
    assert "No mine has any betweenness, whatever is lost: 34 % without Myanmar mining." in done.out
    assert "Without the most central by betweenness, China separation, 100 % would" in done.out
    assert "Is what is central what costs most? Rank correlation (Spearman)" in done.out
    assert "range not drawn; --draws N draws it" in done.out
    assert "Data: release of 24 Nov 2026" in done.out


def test_the_losses_are_those_of_chokepoints(run: Run) -> None:
    words = ("-e", "Dy", "-m", "USA", "-f", "json")
    nodes = {x["id"]: x for x in json.loads(run("centrality", *words).out)["nodes"]}
    lines = json.loads(run("chokepoints", *words, "--top", "100").out)["chokepoints"]
    same = [line for line in lines if line["id"] in nodes]
    assert len(same) > 10
    for line in same:
        for name in ("loss", "loss_low", "loss_high", "alone"):
            assert nodes[line["id"]][name] == line[name]


def test_the_json_is_a_graph_that_networkx_measures_alike(run: Run) -> None:
    found = json.loads(run("centrality", "-e", "NdPr", "-f", "json").out)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node["id"] for node in found["nodes"])
    for edge in found["edges"]:
        distance = 1 / edge["weight"]
        graph.add_edge(edge["source"], edge["target"], distance=distance)
    theirs = nx.betweenness_centrality(graph, weight="distance")
    for node in found["nodes"]:
        assert node["measures"]["betweenness"] == pytest.approx(theirs[node["id"]], abs=1e-12)


def test_csv_has_bare_numbers_and_all_nodes(run: Run) -> None:
    done = run("centrality", "-e", "Dy", "-f", "csv")
    lines = list(csv.DictReader(io.StringIO(done.out)))
    assert {line["stage"] for line in lines} == {"mine", "separation", "metal", "magnet", "use"}
    (first,) = (line for line in lines if line["id"] == "separation/CHN")
    assert float(first["tonnes_in"]) > 2000
    assert first["betweenness_low"] == ""
    assert "Data:" in done.err


def test_thin_records_of_firms_are_counted_and_it_is_said(run: Run) -> None:
    done = run("centrality", "--full", "-e", "Dy", "--kind", "firms")
    assert "between" not in done.out.splitlines()[2].split()
    assert "Records are thin: " in done.out
    assert "to or from a country: no path leads over a country." in done.out
    assert "MP Materials" in done.out
    assert done.out.startswith("Dysprosium: centrality of firms that supply each other, ")
    assert "Only perhaps on the day, by their dates: " in done.out


def test_places_that_tie_are_told(run: Run) -> None:
    """All shortest paths lead over China at three stages."""
    done = run("centrality", "--full", "-e", "Dy", "-m", "USA", "--by", "on_paths")
    assert "tie as most central by shortest paths from mines to the market. Without " in done.out
    assert "China metal (of 3 that tie)" in done.out


def test_policies_count_what_is_in_force(run: Run) -> None:
    done = run(
        "centrality", "--full", "-e", "Dy", "-m", "USA", "--kind", "policy", "--by", "in_force_by"
    )
    first = done.out.splitlines()[3]
    assert first.startswith("China ")
    assert "All destinations" in done.out
    assert done.out.startswith("Dysprosium: centrality of acts of states, 2026-11-24")
    assert "The graph is of the whole world; only the losses are of the United States." in done.out
    assert "Its own: its acts in force, each once for every state that it is aimed at." in done.out
    assert "Not counted: " in done.out


def test_over_years_there_are_ranks_only(run: Run) -> None:
    done = run("centrality", "-e", "NdPr", "--years", "2020:2024")
    lines = done.out.splitlines()
    assert lines[2].split() == ["what", "2020", "2021", "2022", "2023", "2024"]
    assert "Ranks only: " in done.out
    assert "2020 skips mining and separation." in done.out
    assert "." not in "".join(lines[3:8])
    assert "more share the last place in every year" in done.out


def test_draws_give_ranges(run: Run) -> None:
    done = run("centrality", "--full", "-e", "Dy", "--draws", "3", "--seed", "2")
    assert "between 5-95 %" in done.out
    assert "Ranges: 5 to 95 % of 3 of 3 random trials (seed 2)." in done.out


def test_the_page_is_drawn_beside_the_table(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "dy.html"
    done = run("centrality", "-e", "Dy", "--by", "pagerank", "--page", str(place))
    page = place.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Size: PageRank of the reversed flows" in page
    assert "The graph is in " in done.err
    assert done.out.startswith("Dysprosium for the world")
    alone = run("centrality", "-e", "Dy", "--by", "pagerank", "--page", "-")
    assert alone.out == page


def test_the_table_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "dy.md"
    done = run("centrality", "-e", "Dy", "-f", "markdown", "-o", str(place))
    assert done.out == ""
    assert "| China separation |" in place.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "flows"), "There is no kind of graph"),
        (("--by", "degree"), "has no measure"),
        (("--years", "2024"), "Years are the first and the last"),
        (("--years", "2020:2024", "--draws", "3"), "--years prints ranks only: leave --draws"),
        (("--kind", "firms", "--draws", "3"), "Only flows are drawn"),
        (("--seed", "3"), "A seed belongs to draws"),
        (("--draws", "0"), "draws"),
        (("-f", "xml"), "no format"),
        (("-e", "TREO"), "The flows of TREO are not known"),
    ],
)
def test_bad_words_are_refused_in_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run("centrality", *words).assert_refused()


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    view = view_in_memory()
    for kind in ("flow", "firms", "policy"):
        found = view.centrality("Dy", kind=kind)
        printed = run("centrality", "-e", "Dy", "--kind", kind, "-f", "json").out
        assert_is_what_the_command_prints(found, printed)
    years = view.centrality_over_years("Dy", years=(2023, 2024))
    printed = run("centrality", "-e", "Dy", "--years", "2023:2024", "-f", "json").out
    assert_is_what_the_command_prints(years, printed)
    assert years.to_csv() == run("centrality", "-e", "Dy", "--years", "2023:2024", "-f", "csv").out
