"""``monazite info``: every format says the same of the same view."""

from __future__ import annotations

import csv
import json
import re

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import VOID

from monazite.rows.reader import Tables
from tests.cli.conftest import Run


def test_json_holds_counts_sources_coverage_and_the_view(run: Run) -> None:
    told = json.loads(run("info", "-f", "json", "-e", "Dy").out)
    assert next(iter(told)) == "view"
    assert told["dataset"]["issued"] == told["view"]["release"] == "2026-11-24"
    assert told["dataset"]["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["counts"]["rows"] == sum(table["rows"] for table in told["tables"])
    assert sum(tier["sources"] for tier in told["sources_by_tier"]) == told["counts"]["sources"]
    assert sum(age["sources"] for age in told["sources_by_age"]) == told["counts"]["sources"]
    stages = {each["stage"]: each["coverage"] for each in told["coverage"]["stages"]}
    assert told["coverage"]["element"] == "Dy"
    assert 0 < stages["mine"] < 1
    assert stages["metal"] is None


def test_a_filtered_view_gives_its_own_counts(run: Run, on_cut: None) -> None:
    words = ("info", "--without", "table:production", "-f")
    told = json.loads(run(*words, "json").out)
    whole = json.loads(run("info", "-f", "json").out)
    assert told["counts"]["quads"] < whole["counts"]["quads"]
    assert "production" not in {table["table"] for table in told["tables"]}
    table = run(*words, "table").out
    assert "without table:production" in " ".join(table.split())
    assert f"{told['counts']['quads']:,} quads" in table


def test_table_markdown_and_csv_hold_the_same_tables(run: Run, shipped: Tables) -> None:
    plain = run("info").out
    for part in ("Sources by tier", "Primary", "undated", "Coverage of MREE", "not known"):
        assert part in plain
    marked = run("info", "-f", "markdown").out
    assert re.search(r"\| mine \| \d+ % \| element \| 20\d\d \|", marked)
    lines = list(csv.reader(run("info", "-f", "csv").out.splitlines()))
    assert ["production", "mz:Production", "fact", f"{len(shipped.of('production')):,}"] in lines


def test_turtle_is_read_by_rdflib(run: Run) -> None:
    graph = Graph().parse(data=run("info", "-f", "turtle").out, format="turtle")
    told = json.loads(run("info", "-f", "json").out)
    triples = graph.value(URIRef("https://w3id.org/monazite/dataset"), VOID.triples)
    assert int(str(triples)) == told["counts"]["triples"]


def test_a_view_whose_rows_split_no_stage_says_not_known(run: Run, on_cut: None) -> None:
    words = [f"--without=table:{name}" for name in ("production", "production_totals")]
    done = run("info", *words)
    assert done.code == 0
    assert "No record splits any stage: not known." in done.out


@pytest.mark.parametrize("words", [("-e", "Xx"), ("-f", "xml"), ("--tier", "9")])
def test_bad_input_is_one_sentence(words: tuple[str, ...], run: Run) -> None:
    run("info", *words).assert_refused()
