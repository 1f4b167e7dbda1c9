"""A reader's own SPARQL: from stdin and files, bounded, kept from the network; named queries."""

from __future__ import annotations

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from monazite.store.cache import answers_of
from monazite.store.opening import open_store
from tests.cli.conftest import Run
from tests.kill_and_damage import flip_blocks

pytestmark = pytest.mark.whole


DY = "https://w3id.org/monazite/id/element/Dy"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
NAME_OF_DY = f"SELECT ?name {{ <{DY}> <{LABEL}> ?name }}"
LIFE = ["query", "facility-life", "-p", "facility=mountain-pass"]


def table_in(out: str) -> list[str]:
    """Lines of a table, without the line of the view that ends it."""
    table, _, view = out.rpartition("\n\n")
    assert view.startswith("Data: ")
    return table.splitlines()


SHORT = "SELECT ?name { element:Dy rdfs:label ?name }"
"""The same as NAME_OF_DY, with preset prefixes."""


@pytest.mark.parametrize(
    "text",
    [
        SHORT,
        SHORT.lower().replace("dy", "Dy"),
        f"# the name\n{SHORT}",
        "BASE <https://w3id.org/monazite/id/> SELECT ?name { <element/Dy> rdfs:label ?name }",
        "PREFIX element: <https://w3id.org/monazite/id/element/T> "
        "SELECT ?name { element:b rdfs:label ?name }",
        "SELECT ?name { <id/element/Dy> rdfs:label ?name }",
    ],
)
def test_sparql_stands_in_quotes(text: str, run: Run) -> None:
    name = "terbium" if "element/T" in text else "dysprosium"
    done = run("query", text)
    assert (done.code, done.err, table_in(done.out)) == (0, "", ["name", name])


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (" ", "The query is empty; name one, or write SPARQL in quotes."),
        ("closed facilities", 'There is no query and no file "closed facilities"; did you mean '
         '"closed-facilities"?'),
        ("who owns it", 'There is no query and no file "who owns it"; list the queries with: '
         "monazite query --list"),
        ("closed-facilites", 'Unknown question "closed-facilites"; did you mean '
         '"closed-facilities"?'),
        ("none/own.rq", "none/own.rq cannot be read: No such file or directory."),
        ("SELECT ?x", "The query cannot be parsed: line 1, column 10, near 'SELECT ?x'."),
        ("SELEC ?x { }", "The query cannot be parsed: it begins with 'SELEC', and should with "
         "PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE."),
        ("INSERT DATA { <a:a> <a:b> 1 }", "The store is read-only: ask a query, not an update."),
        ("ASK { ?x ?y facilty:a }", 'No prefix "facilty" is declared or preset; did you mean '
         '"facility"?'),
        ("ASK { ?x ?y zzz:a }", 'No prefix "zzz" is declared or preset; monazite query --prefixes '
         "lists those that are."),
    ],
)  # fmt: skip
def test_what_is_no_question_is_one_sentence(word: str, sentence: str, run: Run) -> None:
    assert run("query", word).assert_refused() == sentence


def test_a_query_that_finds_nothing_says_why(run: Run) -> None:
    done = run("query", "SELECT ?x { ?x a mz:Facilty }")
    assert (done.code, table_in(done.out)) == (0, ["x"])
    assert done.err == "The vocabulary has no class mz:Facilty; did you mean mz:Facility?\n"
    count = run("query", "SELECT (COUNT(*) AS ?n) { ?x a mz:Facilty }", "-f", "csv")
    assert (count.code, count.out) == (0, "n\n0\n")
    assert done.err in count.err
    triples = run("query", "DESCRIBE facility:mountain-pas", "-f", "turtle")
    assert triples.err == (
        "The data used have no facility:mountain-pas; did you mean facility:mountain-pass?\n"
    )


def test_own_file_with_a_parameter(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    text = NAME_OF_DY.replace(f"<{DY}>", f"VALUES ?element {{ <{DY}> }} ?element")
    file.write_text(f"# param: element | element | | An element.\n{text}", encoding="utf-8")
    done = run("query", str(file), "-p", "element=terbium")
    assert table_in(done.out) == ["name", "terbium"]
    said = run("query", str(file), "-p", "elemnt=terbium").assert_refused()
    assert 'did you mean "element"?' in said
    said = run("query", str(file), "-p", "element=").assert_refused()
    assert said == "The query own needs --param element=... (An element.)"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would send a request"),
        (
            "SELECT * { OPTIONAL { { SELECT * { SERVICE SILENT <http://127.0.0.1:9/> "
            "{ ?s ?p ?o } } } } }",
            "SERVICE would send a request",
        ),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", "FROM is not used here"),
        ("LOAD <http://127.0.0.1:9/>", "The store is read-only"),
        ("SELECT ?x {\n  ?x }", "The query cannot be parsed: line 2, column"),
        ('ASK { ?s ?p "\\U00110000" }', "U00110000 is no character"),
        ("SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }", "nested too deeply"),
        ("# param: x\nSELECT * {}", "stdin:1: a parameter is # param: name | type | default |"),
        ("# param: x | words | | All.\nSELECT * {}", 'stdin:1: there is no type "words"; types'),
    ],
)
def test_refused(query: str, sentence: str, run: Run) -> None:
    assert sentence in run("query", "-", stdin=query).assert_refused()


def test_what_is_no_text_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "long.rq").write_bytes(b"#" * (17 << 20))
    said = run("query", str(tmp_path / "long.rq")).assert_refused()
    assert said.endswith("long.rq is longer than a query can be (4,194,304 characters).")
    said = run("query", "-", stdin=b"ASK { ?s ?p \xff }").assert_refused()
    assert said == "What stands on stdin is not UTF-8; save it as UTF-8."


def test_a_query_runs_in_no_folder_of_modules(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert table_in(run("query", "-", stdin=NAME_OF_DY).out) == ["name", "dysprosium"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f LIMIT 1",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    ],
)
def test_endless_query_is_stopped(query: str, run: Run) -> None:
    started = time.monotonic()
    said = run("query", "-", "--timeout", "1", stdin=query).assert_refused()
    assert said.startswith("The query was stopped after 1 seconds")
    assert time.monotonic() - started < 10


def test_row_cap(run: Run) -> None:
    every = "SELECT * { ?s ?p ?o }"
    said = run("query", "-", "--max-rows", "10", stdin=every).assert_refused()
    assert said == "The query gives more than 10 rows; add LIMIT or narrow it."
    done = run("query", "-", "--max-rows", "10", "-f", "csv", stdin=every + " LIMIT 10")
    assert (done.code, done.out.count("\n")) == (0, 11)


WIDE = 'SELECT ?what ?n { BIND("' + "plant " * 20 + '" AS ?what) BIND(1 AS ?n) }'


def test_a_table_too_wide_is_a_record_below_the_other_and_none_is_cut(run: Run) -> None:
    lines = table_in(run("query", "-", stdin=WIDE).out)
    assert [line.split()[0] for line in lines] == ["what", "plant", "n"]
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).count("plant") == 20


def test_construct_is_turtle(run: Run) -> None:
    query = NAME_OF_DY.replace("SELECT ?name", f"CONSTRUCT {{ <{DY}> <{LABEL}> ?name }} WHERE")
    done = run("query", "-", "-f", "turtle", stdin=query)
    graph = Graph().parse(data=done.out, format="turtle")
    assert [str(name) for name in graph.objects(URIRef(DY), URIRef(LABEL))] == ["dysprosium"]
    assert "--format turtle" in run("query", "-", "-f", "csv", stdin=query).assert_refused()
    said = run("query", "-", "-f", "turtle", stdin=NAME_OF_DY).assert_refused()
    assert said.startswith("Turtle is for CONSTRUCT and DESCRIBE")


@pytest.mark.parametrize("start", ["=", "@", "\\t"])
def test_csv_gives_a_spreadsheet_no_formula(start: str, run: Run) -> None:
    query = f'SELECT ?x {{ BIND("{start}cmd()" AS ?x) }}'
    done = run("query", "-", "-f", "csv", stdin=query)
    assert done.code == 0
    cell = list(csv.reader(io.StringIO(done.out, newline="")))[1][0]
    assert cell[0] == "'"


def test_a_store_in_memory_answers_the_same(run: Run) -> None:
    assert run(*LIFE, "--no-cache").out == run(*LIFE).out


def test_parameter_cannot_break_out(run: Run) -> None:
    done = run("query", "entities-named", "-p", 'name=x" } SERVICE <http://127.0.0.1:9/> { ?a ?b "')
    assert (done.code, done.err) == (0, "")
    assert len(table_in(done.out)) == 1


@pytest.mark.parametrize("word", ["reason", "parameters"])
def test_a_parameter_may_be_called_as_an_option_of_the_view(run: Run, word: str) -> None:
    done = run("query", "owners", "-p", f"{word}=x")
    said = f'The query owners has no parameter "{word}"; it takes date, entity.'
    assert (done.code, done.err.strip()) == (2, said)


@pytest.mark.parametrize("seconds", ["nan", "1e30"])
def test_a_time_that_is_none_is_refused(run: Run, seconds: str) -> None:
    done = run("query", "-", "--timeout", seconds, stdin=NAME_OF_DY)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_a_command_says_a_word_and_answers_right(
    run: Run, on_cut: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder,) = Path(os.environ["MONAZITE_CACHE"]).iterdir()
    before = run(*LIFE)
    assert (before.code, before.err) == (0, "")
    monkeypatch.setattr("monazite.store.cache.SMALL", 1 << 10)  # as with all tables
    shutil.rmtree(answers_of(folder))  # nobody would read the store
    flip_blocks(folder)  # found in the middle of the command
    after = run(*LIFE)
    assert (after.code, after.out) == (0, before.out)
    assert after.err == "The kept store was damaged and is built anew.\n"
    open_store().wait()
    (folder / "CURRENT").write_bytes(b"")  # found when it is opened
    after = run(*LIFE)
    assert (after.code, after.out) == (0, before.out)
    assert after.err == "The kept store was damaged and is built anew.\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows interrupts otherwise.")
def test_who_interrupts_the_writing_of_the_store_has_the_answer_and_no_traceback(
    built: Path, tmp_path: Path
) -> None:
    environ = {**os.environ, "MONAZITE_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "monazite", *LIFE]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=120)
    assert first.startswith(b"date_printed")
    assert b"\n\nData: " in rest
    assert b"Traceback" not in err
