"""Every command takes the options of a view, and every output records it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from monazite.rows.iris import NS
from tests.cli.conftest import Run

VIEW = ["--valid", "2025-05-15", "--known", "2025-05-20", "--tier", "2"]
LINE = (
    "Data: release of 24 Nov 2026, valid on 15 May 2025; known by 20 May 2025; sources of tier 2 "
    "or better; "
)
COMMANDS = {
    "chokepoints": ["chokepoints", "-e", "Dy"],
    "show": ["show", "Mountain Pass"],
    "named": ["query", "facility-life", "-p", "facility=mountain-pass"],
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_tables_end_with_the_view(words: list[str], run: Run) -> None:
    ended = run(*words, *VIEW)
    assert ended.code == 0, ended.err
    assert LINE in " ".join(ended.out.rpartition("\n\n")[2].split())
    marked = run(*words, *VIEW, "-f", "markdown")
    assert marked.out.splitlines()[-1].startswith(LINE)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_csv_is_bare_and_the_view_is_on_stderr(words: list[str], run: Run) -> None:
    ended = run(*words, *VIEW, "-f", "csv")
    assert "Data:" not in ended.out
    assert ended.err.splitlines()[-1].startswith(LINE)


@pytest.mark.parametrize("name", ["chokepoints", "show"])
def test_json_begins_with_the_view(name: str, run: Run) -> None:
    view = json.loads(run(*COMMANDS[name], *VIEW, "-f", "json").out)["view"]
    assert (view["valid"], view["known"], view["tier"]) == ("2025-05-15", "2025-05-20", 2)
    assert view["rows"] < view["all_rows"]
    assert len(view["tables"]) == 12


def test_results_of_sparql_record_the_view_and_stay_standard(run: Run, tmp_path: Path) -> None:
    import pyoxigraph as ox

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


def test_the_page_records_the_view(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "dy.html"
    assert run("graph", str(page), "-e", "Dy", *VIEW).code == 0
    assert "known by 20 May 2025; sources of tier 2 or better" in page.read_text(encoding="utf-8")


def test_a_view_narrows_what_a_reader_asks_himself(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "count.rq"
    count = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    file.write_text(count, encoding="utf-8")
    everything, some = (
        int(run("query", str(file), "-f", "csv", *view).out.split()[1]) for view in ([], VIEW)
    )
    assert some < everything / 2


def test_perhaps_is_said(run: Run, on_cut: None) -> None:
    ended = run("show", "Mountain Pass", "--valid", "2015-06-30", "-f", "json")
    rows = json.loads(ended.out)["rows"]
    perhaps = {row["row"] for row in rows if row["perhaps"]}
    assert any(row.startswith(("capacity/", "operations/")) for row in perhaps)
    card = run("show", "Mountain Pass", "--valid", "2015-06-30").out
    assert "Perhaps\nsuspended since 2015, 30 Jun 2015" in card
    table = run("show", "Mountain Pass", "--full", "--valid", "2015-06-30")
    assert "perhaps: " in table.out


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


@pytest.mark.parametrize("name", ["nowhere", "empty", "pipe", "rows.json", "folder"])
def test_own_data_that_is_no_table_is_refused_warm_and_cold(
    run: Run, on_cut: None, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "rows.json").write_text("[]", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "folder" / "capacity.csv")
    words = ["show", "Mountain Pass", "--data", str(tmp_path / name)]
    refused = {run(*words, *more).assert_refused() for more in ([], [], ["--no-cache"])}
    assert len(refused) == 1
    assert str(tmp_path / name) in refused.pop()


@pytest.mark.whole
def test_shares_of_a_wider_group_are_no_lack_of_shares_and_no_table_is_empty(run: Run) -> None:
    told = run("chokepoints", "-e", "La", "-m", "USA", "--valid", "2020-06-30")
    assert "Only shares of a wider group were found." in told.prose
    assert "No country shares were found" not in told.prose
    assert "If this stops" not in told.prose
    assert "To test it" not in told.prose
    refused = run("doubt", "-e", "La", "-m", "USA", "--valid", "2020-06-30").assert_refused()
    assert refused == "We found nothing that may fail: there is no rank to doubt."


def test_the_figure_of_a_timeline_tells_a_release_and_another_day_apart(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "dy.svg"
    assert run("figure", "timeline", "-e", "Dy", "--valid", "2015-06-30", "-o", str(file)).code == 0
    text = file.read_text("utf-8")
    assert "Release of 24 Nov 2026, as of 30 Jun 2015" in text
    assert "Release of 30 Jun 2015" not in text


def test_what_a_balance_does_not_know_is_not_said_to_close(run: Run) -> None:
    told = run("balance", "-e", "Nd", "--valid", "2020-06-30").prose
    assert "nothing stays short; of ore and oxide it is not known." in told


@pytest.mark.whole
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


def test_the_name_of_a_file_says_its_form_where_no_format_is_given(
    run: Run, tmp_path: Path
) -> None:
    asked = ["concentration", "-e", "Dy", "--tier", "1"]
    for name, form in (("a.json", "json"), ("a.csv", "csv"), ("a.tsv", "tsv"), ("a.md", "md")):
        assert run(*asked, "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text("utf-8") == run(*asked, "-f", form).out
    run(*asked, "-o", str(tmp_path / "a.txt"))
    run(*asked, "-f", "table", "-o", str(tmp_path / "b.json"))
    table = run(*asked).out
    assert (tmp_path / "a.txt").read_text("utf-8") == table
    assert (tmp_path / "b.json").read_text("utf-8") == table


def test_a_brief_has_the_form_that_its_name_says(run: Run, tmp_path: Path) -> None:
    asked = ["brief", "-e", "Sm", "-m", "KOR", "--known", "2024-06-30"]
    file = tmp_path / "brief.md"
    assert run(*asked, "-o", str(file)).code == 0
    assert file.read_text("utf-8") == run(*asked, "--markdown", "-").out
