"""A store elsewhere from the command line: loaded, asked by every command, and nobody else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_network import traced
from tests.triples.remote.servers import Server, free_port, oxigraph_server

PART = ("--valid", "1995", "--tier", "1")
"""A view of few rows."""
ASKED = (
    ("info",),
    ("show", "mountain-pass"),
    ("query", "element-profile", "--param", "element=Dy"),
    ("query", "SELECT (COUNT(*) AS ?n) { ?row mz:value ?v }"),
    ("policies",),
    ("export", "nquads"),
)
EVERY = (
    *(("alignments", "Dy"), ("balance", "-e", "Dy"), ("claims",), ("concentration", "-e", "Dy")),
    *(("conflicts", "mountain-pass"), ("diff", "2025-05-15", "2026-01-15", "-e", "Dy")),
    *(("export", "csv", "mountain-pass", "-o", "rows"), ("export", "graphml", "-e", "Dy")),
    *(("exposure", "bill.csv", "-m", "BRA"), ("graph", "-", "-e", "Dy"), ("info",)),
    *(("parents", "mountain-pass"), ("policies", "--to", "USA", "--since", "2026")),
    *(("query", "owners"), ("show", "mountain-pass"), ("show", "mountain-pass", "--tier", "1")),
    *(("timeline", "mountain-pass"), ("chokepoints", "-e", "Dy", "-m", "USA")),
)
BILL = "Part,Qty,Mass (g),Material,Supplier\nA,1,5,NdFeB N42SH,JL MAG\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as found:
        yield found


@pytest.mark.whole
def test_a_view_is_loaded_and_asked_as_it_is_here(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run("push", server.query, *PART, "-f", "json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["sent"] == found["quads"] > 0
    again = run("push", server.query, *PART)
    assert again.code == 0
    assert server.query in again.out
    assert found["hash"][:12] in again.out
    for words in ASKED:
        here, there = run(*words, *PART), run(*words, "--endpoint", server.query)
        assert (there.code, there.out) == (here.code, here.out), (words, there.err)
    monkeypatch.setenv("MONAZITE_ENDPOINT", server.query)
    assert json.loads(run("push", server.query, *PART, "-f", "json").out)["sent"] == 0
    assert run("info").out == run("info", *PART, "--endpoint", server.query).out
    told = run("info", "--tier", "2").assert_refused()
    assert "holds a part of the facts" in told


@pytest.mark.whole
def test_a_copy_is_said_where_it_is_made(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = json.loads(run("push", server.query, *PART, "-f", "json").out)["quads"]
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    said = f"Copying {held:,} quads of {server.query} to {tmp_path / 'cache'}, once: about"
    asked = ("query", "element-profile", "--param", "element=Dy", "--endpoint", server.query)
    first, then = run(*asked), run(*asked)
    assert first.out == then.out
    assert (said in first.err, "Copying" in then.err) == (True, False)
    assert list((tmp_path / "cache").glob("copy-*"))


@pytest.mark.whole
def test_every_command_answers_the_same(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bill.csv").write_text(BILL, encoding="utf-8")
    assert run("push", server.query).code == 0
    for words in EVERY:
        here = run(*words)
        files = {file.name: file.read_bytes() for file in Path("rows").glob("*")}
        with monkeypatch.context() as patch:  # named once: no answer leads on with it
            patch.setenv("MONAZITE_ENDPOINT", server.query)
            there = run(*words)
        assert (there.code, there.out) == (here.code, here.out), (words, there.err)
        assert files == {file.name: file.read_bytes() for file in Path("rows").glob("*")}


def test_what_is_wrong_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    down = f"http://127.0.0.1:{free_port()}/sparql"
    monkeypatch.setattr("monazite.triples.remote.endpoint.PAUSES", ())
    assert "cannot be reached" in run("push", down, *PART).assert_refused()
    assert "cannot be reached" in run("info", "--endpoint", down).assert_refused()
    assert "no address of an endpoint" in run("info", "--endpoint", "here").assert_refused()
    assert "no address of an endpoint" in run("push", "here").assert_refused()


@pytest.mark.whole
def test_the_endpoint_is_called_and_nobody_else(server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monazite"]
    port = re.search(r":(\d+)/", server.query)
    assert port is not None
    _, pushed = traced([*command, "push", server.query, *PART], tmp_path)
    _, asked = traced([*command, "info", "--endpoint", server.query], tmp_path)
    for calls in (pushed, asked):
        connects = [call for call in calls if "connect(" in call]
        assert connects
        wanted = f'sin_port=htons({port[1]}), sin_addr=inet_addr("127.0.0.1")'
        assert [call for call in connects if wanted not in call] == []
