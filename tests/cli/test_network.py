"""No command calls anybody but the store that it is sent to, seen by a tracer of every socket."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_golden_answers import QUESTIONS, prepare
from tests.fuzz.queries import ENDPOINT, SERVICES
from tests.store.remote.servers import Server, free_port, oxigraph_server

ELSEWHERE = "http://192.0.2.1:49321/"
"""In a network for documentation, which nobody has; the engine itself refuses low ports."""
HERE = "http://127.0.0.1:49321/"
ALLOWED = re.compile(
    r"socketpair\(AF_UNIX, |getsockname\(\d+, \{sa_family=AF_UNIX\}|"
    r"(<\.\.\. )?(sendfile|sendto|recvfrom)[( ]"
)
"""Two ends of a pipe within a process or its children, by which it also wakes itself, and a file
that is copied: to lead anywhere else they would need a socket, which is seen."""
CALLING = ("push", "serve")  # Commands whose work is to call, or to listen: other tests see whom
QUICK = {"contribute": "faulty", "reproduce": "--tier 1"}  # Commands of which the first is long
FAILING = ("contribute", "explore -e TREO", "mcp", "release", "verify brief.html")
"""How questions begin that are refused, for what they ask or for what is not written yet."""
OTHERS = (
    "explore -e Sc -m WLD --tier 1 -o explorer.html",
    "verify ./brief.html",
    "release -o release",
    "chokepoints -e Dy -m BRA --graph dy.html",
    "export jsonld mountain-pass -o mountain-pass.jsonld",
    "export rdfxml mountain-pass -o mountain-pass.rdf",
    "export ftm mountain-pass -o mountain-pass.ftm",
    "query -",
    "query - --reason",
    "export parquet mountain-pass -o columns",
    "export sqlite mountain-pass -o mountain-pass.sqlite",
)
DOCUMENTS = " --pdf brief.pdf --docx brief.docx --pptx brief.pptx"
HOUSE = {
    "brief.html": (
        '{% extends "default/brief.html" %}{% block foot %}'
        f'<img src="{ELSEWHERE}a.png"><object data="{ELSEWHERE}b.svg"></object>'
        f'<link rel="stylesheet" href="{ELSEWHERE}c.css">{{% endblock %}}'
    ),
    "brief.css": (
        f'@import "{ELSEWHERE}d.css";\nbody {{ background: url("{ELSEWHERE}e.png") }}\n'
        f'@font-face {{ font-family: F; src: url("{ELSEWHERE}f.woff2") }}\n'
    ),
    "logo.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<image href="{ELSEWHERE}g.png" width="9" height="9"/></svg>'
    ),
}
"""A house style from elsewhere, whose every part asks for more from there."""


def find_strace() -> str:
    """The path of a tracer that may trace; without one the test skips, or fails if required."""
    found = shutil.which("strace")
    said = "No strace is on PATH; install it to run this test."
    if found is not None:
        done = subprocess.run([found, "-o", os.devnull, "true"], capture_output=True, check=False)
        if done.returncode == 0:
            return found
        said = "This system lets no process be traced."
    if os.environ.get("MONAZITE_REQUIRE_STRACE") == "1":
        pytest.fail(f"MONAZITE_REQUIRE_STRACE=1, but: {said}")
    pytest.skip(said)


def traced(
    command: list[str], folder: Path, stdin: str = "", *, quick: bool = False
) -> tuple[str, list[str]]:
    """Run a process and all its children; return its stdout and every use of a socket."""
    trace = folder / "trace.txt"
    words = [find_strace(), "-f", "-qq", "-e", "trace=%network", "-e", "signal=none"]
    words += ["--seccomp-bpf"] if quick else []
    done = subprocess.run(
        [*words, "-o", str(trace), *command],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calls = [line.partition(" ")[2].strip() for line in trace.read_text("utf-8").splitlines()]
    return done.stdout, [call for call in calls if not ALLOWED.match(call)]


def run_commands(
    lines: Sequence[Mapping[str, object]], folder: Path, *, quick: bool = False
) -> tuple[dict[str, int], list[str]]:
    """Run commands in one traced process; return their exit codes, and every use of a socket."""
    driver = [sys.executable, "-m", "tests.cli.traced_process"]
    out, calls = traced(driver, folder, json.dumps(lines), quick=quick)
    done = json.loads(out)
    assert not any("Traceback" in each["told"] for each in done)
    return {" ".join(each["words"]): each["code"] for each in done}, calls


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))",
            'sin_addr=inet_addr("192.0.2.1")',
        ),
        (
            "import pyoxigraph as ox\n"
            f"list(ox.Store().query('SELECT * {{ SERVICE SILENT <{HERE}> {{ ?s ?p ?o }} }}'))",
            'sin_addr=inet_addr("127.0.0.1")',
        ),
        ("import socket; socket.getaddrinfo('endpoint.example', 9)", "AF_"),
        (
            "import subprocess, sys\n"
            "subprocess.run([sys.executable, '-c', 'import socket; socket.socket()'], check=True)",
            "socket(AF_INET, ",
        ),
    ],
    ids=["a datagram", "a query that nobody judged", "a name that is looked up", "a child"],
)
def test_a_call_is_seen(code: str, said: str, tmp_path: Path) -> None:
    _, calls = traced(
        [
            sys.executable,
            "-c",
            f"try:\n {code.replace(chr(10), chr(10) + ' ')}\nexcept OSError: pass",
        ],
        tmp_path,
    )
    assert any(said in call for call in calls), calls


@pytest.mark.whole
def test_no_command_calls_anybody_whatever_a_house_style_asks_for(
    built: Path, tmp_path: Path
) -> None:
    prepare(tmp_path)
    house = tmp_path / "house"
    house.mkdir()
    for name, text in HOUSE.items():
        (house / name).write_text(text, encoding="utf-8")
    documents = DOCUMENTS if find_spec("weasyprint") else ""
    lines = [f"{name} {QUICK.get(name, asked[0])}" for name, asked in QUESTIONS.items()]
    lines = [line for line in lines if not line.startswith(CALLING)]
    lines += [f"brief -e Dy -m LAO -o brief.html{documents}", *OTHERS]
    form = "--pdf house.pdf" if documents else "-o house.html"
    styled = f"brief -e Dy -m LAO --template house {form}"  # it may be refused
    asked = "SELECT * { ?s ?p ?o } LIMIT 3"
    codes, calls = run_commands(
        [{"words": shlex.split(line), "stdin": asked} for line in (*lines, styled)],
        tmp_path,
        quick=True,
    )
    assert calls == []
    assert codes.pop(styled) in {0, 2}
    assert [line for line, code in codes.items() if code and not line.startswith(FAILING)] == []


@pytest.mark.whole
def test_no_query_of_ones_own_calls_anybody(built: Path, tmp_path: Path) -> None:
    hostile = [f"SELECT * {{ ?s ?p ?o . {service} }}" for service in SERVICES if "<E>" in service]
    hostile += [
        "SELECT * FROM <E> { ?s ?p ?o }",
        "LOAD <E>",
        "BASE <E> SELECT * { SERVICE <a> {} }",
    ]
    texts = [text.replace("<E>", f"<{ELSEWHERE}>") for text in hostile]
    texts = [text.replace(ENDPOINT, ELSEWHERE) for text in texts]
    lines = [{"words": ["query", "-", "-f", "csv"], "stdin": text} for text in texts]
    codes, calls = run_commands(lines, tmp_path)
    assert calls == []
    assert {*codes.values()} == {2}


PART = ("--valid", "1995", "--tier", "1")  # A view of few rows


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as found:
        yield found


@pytest.mark.whole
def test_a_view_is_loaded_and_asked(run: Run, server: Server) -> None:
    done = run("push", server.query, *PART, "-f", "json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found["sent"] == found["quads"] > 0
    again = run("push", server.query, *PART)
    assert again.code == 0
    assert server.query in again.out
    assert found["hash"][:12] in again.out
    asked = "SELECT DISTINCT ?n { GRAPH ?g { ?x mz:atomicNumber ?n } } ORDER BY ?n LIMIT 3"
    words = ("query", f"PREFIX mz: <https://w3id.org/monazite/ns#> {asked}")
    for fmt in ("table", "json", "csv", "tsv"):
        there = run(*words, "--endpoint", server.query, "-f", fmt)
        assert (there.code, there.err) == (0, "")
        assert "21" in there.out
    construct = ("query", "CONSTRUCT WHERE { <urn:none> ?p ?o }", "-f", "turtle")
    assert run(*construct, "--endpoint", server.query).code == 0
    there = run(*words, "--endpoint", server.query, "--tier", "1")
    assert "leave out --param, --reason and the options" in there.assert_refused()
    there = run("query", "entities-named", "--endpoint", server.query)
    assert "entities-named has parameters" in there.assert_refused()


def test_what_is_wrong_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    down = f"http://127.0.0.1:{free_port()}/sparql"
    monkeypatch.setattr("monazite.store.remote.endpoint.PAUSES", ())
    assert "cannot be reached" in run("push", down, *PART).assert_refused()
    ask = ("query", "ASK { ?s ?p ?o }", "--endpoint")
    assert "cannot be reached" in run(*ask, down).assert_refused()
    assert "no address of an endpoint" in run(*ask, "here").assert_refused()
    assert "no address of an endpoint" in run("push", "here").assert_refused()


@pytest.mark.whole
def test_the_endpoint_is_called_and_nobody_else(server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monazite"]
    port = re.search(r":(\d+)/", server.query)
    assert port is not None
    _, pushed = traced([*command, "push", server.query, *PART], tmp_path)
    _, asked = traced([*command, "query", "ASK { ?s ?p ?o }", "--endpoint", server.query], tmp_path)
    for calls in (pushed, asked):
        connects = [call for call in calls if "connect(" in call]
        assert connects
        wanted = f'sin_port=htons({port[1]}), sin_addr=inet_addr("127.0.0.1")'
        assert [call for call in connects if wanted not in call] == []
