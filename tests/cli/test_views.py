"""The data used: options of a view, own tables, releases, and what descriptions of them verify."""

from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import VOID

from monazite.data.iris import NS
from monazite.data.parameters import CATALOGUES
from tests.cli.conftest import Run
from tests.sharing import only_whole

pytestmark = pytest.mark.whole


VIEW = ["--valid", "2025-05-15", "--known", "2025-05-20", "--tier", "2"]
LINE = (
    "Data: release of 24 Nov 2026, valid on 15 May 2025; known by 20 May 2025; sources of tier 2 "
    "or better; "
)
COMMANDS = {
    "show": ["show", "Mountain Pass"],
    "named": ["query", "facility-life", "-p", "facility=mountain-pass"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_form_records_the_view(words: list[str], run: Run) -> None:
    ended = run(*words, *VIEW)
    assert ended.code == 0, ended.err
    assert LINE in " ".join(ended.out.rpartition("\n\n")[2].split())
    marked = run(*words, *VIEW, "-f", "markdown")
    assert marked.out.splitlines()[-1].startswith(LINE)
    bare = run(*words, *VIEW, "-f", "csv")
    assert "Data:" not in bare.out
    assert bare.err.splitlines()[-1].startswith(LINE)
    view = json.loads(run(*words, *VIEW, "-f", "json").out)["view"]
    assert (view["valid"], view["known"], view["tier"]) == ("2025-05-15", "2025-05-20", 2)
    assert view["rows"] < view["all_rows"]


def test_results_of_sparql_record_the_view_and_stay_standard(run: Run, tmp_path: Path) -> None:
    text = run(*COMMANDS["named"], *VIEW, "-f", "json").out
    assert json.loads(text)["view"]["known"] == "2025-05-20"
    results = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)
    assert list(results)
    file = tmp_path / "own.rq"
    file.write_text(f"CONSTRUCT {{ ?s a ?o }} {{ ?s a <{NS}Facility>, ?o }} ORDER BY ?s ?o LIMIT 3")
    turtle = run("query", str(file), *VIEW, "-f", "turtle").out
    assert turtle.startswith(f"# {LINE}")
    assert len(list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))) == 3


def test_a_view_narrows_what_a_reader_asks_himself(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "count.rq"
    count = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    file.write_text(count, encoding="utf-8")
    everything, some = (
        int(run("query", str(file), "-f", "csv", *view).out.split()[1]) for view in ([], VIEW)
    )
    assert some < everything / 2


def test_own_tables_are_taken_along(run: Run, on_cut: None, tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(
        "id,publisher,title,accessed,kind,tier\nown-note,We,A note,2026-11-24,company,3\n",
        encoding="utf-8",
    )
    (tmp_path / "facility_events.csv").write_text(
        "row,facility,date,event,detail,source\n"
        "own-visit,mountain-pass,2026-10,restarted,we saw it run,own-note\n",
        encoding="utf-8",
    )
    ended = run("show", "Mountain Pass", "--data", str(tmp_path), "--limit", "100")
    assert "we saw it run" in ended.out
    assert f"; with {tmp_path.name}; " in ended.out
    assert "we saw it run" not in run("show", "Mountain Pass", "--limit", "100").out


def test_what_lies_beside_own_tables_is_said_once(run: Run, on_cut: None, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "PERSONS.CSV").write_text("id,name,names,source,note\n", encoding="utf-8")
    for name in ("prices.ods", "~$own.xlsx"):
        (own / name).touch()
    said = "Not read: prices.ods, ~$own.xlsx; a table is a file that ends in .csv or .xlsx and "
    said += "begins with no . or ~$.\n"
    for _ in ("cold", "warm"):
        ended = run("show", "Mountain Pass", "--data", str(own), "-f", "json")
        assert (ended.code, ended.err.count(said)) == (0, 1), ended.err


@pytest.mark.parametrize("name", ["nowhere", "pipe", "rows.json"])
def test_own_data_that_is_no_table_is_refused_warm_and_cold(
    run: Run, on_cut: None, tmp_path: Path, name: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "rows.json").write_text("[]", encoding="utf-8")
    words = ["show", "Mountain Pass", "--data", str(tmp_path / name)]
    refused = {run(*words, *more).assert_refused() for more in ([], [], ["--no-cache"])}
    assert len(refused) == 1
    assert str(tmp_path / name) in refused.pop()


def test_shares_of_a_wider_group_are_no_lack_of_shares_and_no_table_is_empty(run: Run) -> None:
    told = run("chokepoints", "-e", "La", "-m", "USA", "--valid", "2020-06-30")
    assert "Only shares of a wider group were found." in told.prose
    assert "No country shares were found" not in told.prose
    assert "If this stops" not in told.prose
    assert "To test it" not in told.prose
    doubted = run("doubt", "-e", "La", "-m", "USA", "--valid", "2020-06-30")
    assert doubted.prose.startswith("We found no figures for how much La is used")


def test_the_commands_of_an_answer_ask_the_view_of_the_answer(run: Run) -> None:
    view = ["--valid", "2020-06-30", "--without", "table:prices"]
    words = " ".join(view)
    short = run("chokepoints", "-e", "Dy", "-m", "USA", *view)
    assert f"monazite doubt -e Dy -m USA {words}." in short.prose
    assert (
        f"1 more: monazite parents mountain-pass {words}"
        in run("show", "mountain-pass", *view).prose
    )
    assert f"All records of one claim: monazite claims ID {words}" in run("claims", *view).prose
    assert "--valid" not in run("claims").prose


QUESTION = ("policies", "--by", "JPN", "-f")


@pytest.fixture
def tables(cut: Path, on_cut: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of a cut that all commands ask, in a folder of their own."""
    for module in ("export.release", "store.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    return Path(shutil.copytree(cut / "tables", tmp_path / "tables"))


def test_the_same_tables_answer_byte_for_byte_the_same(
    run: Run, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "release"
    assert run("release", str(tables), "-o", str(folder)).code == 0
    for fmt in ("table", "json"):
        alone = run(*QUESTION, fmt)
        named = run(*QUESTION, fmt, "--tables", str(tables))
        assert (named.out, named.err) == (alone.out, alone.err)
        released = run(*QUESTION, fmt, "--tables", str(folder))
        assert released.out == alone.out
        assert "release of 2026-11-24, release.json SHA-256 " in released.err


def test_newer_rows_are_answered_with_their_day_and_hash(
    run: Run, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons = tables / "persons.csv"
    persons.write_text(persons.read_text("utf-8").replace("Howard Lutnick", "Howard W. Lutnick"))
    folder = tmp_path / "release"
    words = ("--issued", "2026-12-24", "-f", "json")
    done = run("release", str(tables), "-o", str(folder), *words)
    assert json.loads(done.out)["issued"] == "2026-12-24"
    monkeypatch.setenv("MONAZITE_TABLES", str(folder))
    found = run("show", "howard-lutnick")
    assert found.out.startswith("Howard W. Lutnick")
    assert "Data: release of 24 Dec 2026, " in found.prose
    digest = sha256((folder / "release.json").read_bytes()).hexdigest()
    assert digest in found.err
    monkeypatch.delenv("MONAZITE_TABLES")
    assert run("show", "howard-lutnick").out.startswith("Howard Lutnick")
    own = tmp_path / "own"
    own.mkdir()
    row = "id,name,source\nhoward-lutnick,Another,monazite-compilation\n"
    (own / "persons.csv").write_text(row, encoding="utf-8")
    monkeypatch.setenv("MONAZITE_TABLES", str(folder))
    assert 'for "Howard W. Lutnick" already' in run("check", str(own)).out
    monkeypatch.delenv("MONAZITE_TABLES")
    assert 'for "Howard Lutnick" already' in run("check", str(own)).out
    shown = run("check", str(folder))
    assert digest in shown.err


def test_a_release_that_somebody_altered_is_refused(run: Run, tables: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    run("release", str(tables), "-o", str(folder))
    with (folder / "tables" / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    done = run("info", "--tables", str(folder))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "no release" in run("info", "--tables", str(tmp_path)).assert_refused()


def test_two_folders_are_two_releases(run: Run, cut: Path, on_cut: None, tmp_path: Path) -> None:
    newer = Path(shutil.copytree(cut / "tables", tmp_path / "newer"))
    persons = newer / "persons.csv"
    persons.write_text(persons.read_text("utf-8").replace("Howard Lutnick", "Howard W. Lutnick"))
    words = ("diff", str(cut / "tables"), str(newer))
    found = json.loads(run(*words, "-f", "json").out)
    assert [(each["group"], each["kind"], each["text"]) for each in found["changes"]] == [
        (
            "records",
            "changed",
            "persons/howard-lutnick: name: Howard Lutnick, now Howard W. Lutnick.",
        )
    ]
    shown = run(*words)
    assert "Records of the tables: 1 changed" in shown.out
    assert f"Tables of {newer}: no release, as they stand." in shown.err
    said = run("diff", str(newer), "2026-11-24").assert_refused()
    assert "is a folder, and what it is compared with is none" in said


PERSON = "id,name,source\nann,Ann Example,monazite-compilation\n"


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


def test_turtle_is_read_by_rdflib(run: Run) -> None:
    graph = Graph().parse(data=run("info", "-f", "turtle").out, format="turtle")
    told = json.loads(run("info", "-f", "json").out)
    triples = graph.value(URIRef("https://w3id.org/monazite/dataset"), VOID.triples)
    assert int(str(triples)) == told["counts"]["triples"]


@pytest.mark.parametrize(
    "form", ["croissant", *only_whole(*(x for x in CATALOGUES if x != "croissant"))]
)
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
