"""``monazite info``: every format says the same of the same view."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import VOID

from monazite.parameters import CATALOGUES
from monazite.rows.reader import Tables
from tests.cli.conftest import Run
from tests.cli.test_network import PERSON


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


@pytest.mark.parametrize("form", CATALOGUES)
def test_a_description_is_verified_against_this_copy(
    form: str, run: Run, on_cut: None, tmp_path: Path
) -> None:
    file = tmp_path / "described"
    assert run("info", "-f", form, "--tier", "1", "-o", str(file)).code == 0
    assert run("info", "-f", form, "--tier", "1").out == file.read_text(encoding="utf-8")
    done = run("verify", str(file))
    assert (done.code, done.err) == (0, "")
    assert done.prose.startswith("Same: ")


def test_another_copy_is_told_by_what_differs(run: Run, on_cut: None, tmp_path: Path) -> None:
    file = tmp_path / "described.json"
    run("info", "-f", "croissant", "-o", str(file))
    whole = file.read_text(encoding="utf-8")
    told = json.loads(whole)
    told["distribution"][0]["sha256"] = "0" * 64
    file.write_text(json.dumps(told), encoding="utf-8")
    done = run("verify", str(file))
    assert done.code == 1
    assert f"Other contents: {told['distribution'][0]['name']}." in done.prose
    file.write_text(whole.replace('\\"tier\\": null', '\\"tier\\": 1'), encoding="utf-8")
    done = run("verify", str(file))
    assert done.code == 1
    assert done.prose.startswith("Not the same: the canonical hash is")
    file.write_text(whole.replace('\\"tier\\": null', '\\"tier\\": \\"x\\"'), encoding="utf-8")
    assert "no view that can be asked" in run("verify", str(file)).assert_refused()


def test_own_tables_are_named_and_needed(run: Run, on_cut: None, tmp_path: Path) -> None:
    own, file = tmp_path / "own", tmp_path / "described.ttl"
    own.mkdir()
    (own / "persons.csv").write_text(PERSON, encoding="utf-8")
    run("info", "-f", "dcat", "--data", str(own), "-o", str(file))
    assert "name them with --data" in run("verify", str(file)).assert_refused()
    assert run("verify", str(file), "--data", str(own)).code == 0
    (own / "persons.csv").write_text(PERSON.replace("Ann", "Anna"), encoding="utf-8")
    assert "persons.csv" in run("verify", str(file), "--data", str(own)).prose


@pytest.mark.parametrize("words", [("-e", "Xx"), ("-f", "xml"), ("--tier", "9")])
def test_bad_input_is_one_sentence(words: tuple[str, ...], run: Run) -> None:
    run("info", *words).assert_refused()
