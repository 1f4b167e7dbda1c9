"""Each server is loaded whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from monazite.core.errors import EndpointError
from monazite.data.iris import BASE
from monazite.store.quads import canonical_lines
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.pushing import (
    KINDS,
    MANIFEST,
    UNKNOWN,
    Loading,
    ServerKind,
    kind_of,
    read_held,
    solutions,
    update_address,
)
from monazite.view.opening import load
from monazite.view.view import View
from tests.sharing import only_whole
from tests.store.remote.servers import (
    Handler,
    Server,
    hostile,
    oxigraph_server,
    results,
    virtuoso_server,
)

KIND = {kind.name: kind for kind in KINDS}


def number(endpoint: Endpoint, query: str) -> str:
    (row,) = solutions(endpoint, endpoint.query(query))
    return str(row["n"].value)


def test_a_kind_is_known_by_its_banner() -> None:
    endpoint = Endpoint("http://a/sparql")
    assert kind_of(endpoint) is UNKNOWN
    for kind in KINDS:
        endpoint.server = f"{kind.banner}7"
        assert kind_of(endpoint) is kind


@pytest.mark.parametrize(
    ("kind", "query", "update"),
    [
        ("Oxigraph", "http://a:1/query", "http://a:1/update"),
        ("Virtuoso", "https://a/sparql", "https://a/sparql-auth"),
        ("Fuseki", "https://a/ds/query", "https://a/ds/update"),
    ],
)
def test_updates_have_an_address_of_their_own(kind: str, query: str, update: str) -> None:
    assert update_address(Endpoint(query), KIND[kind]) == update
    assert update_address(Endpoint(query), ServerKind("any")) == query


@pytest.fixture
def asked_virtuoso(virtuoso: Server, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    for key, value in virtuoso.environment.items():
        monkeypatch.setenv(key, value)
    endpoint = Endpoint(virtuoso.query)
    endpoint.query("ASK { ?s ?p ?o }")
    return endpoint


@pytest.mark.whole
def test_virtuoso_wants_a_digest_for_updates(
    virtuoso: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"USER": "dba", "PASSWORD": "wrong"}.items():
        monkeypatch.setenv(f"MONAZITE_ENDPOINT_{name}", value)
    endpoint = Endpoint(virtuoso.query)
    with pytest.raises(EndpointError, match=r"refuses this name and password \(401\)") as told:
        endpoint.update(
            "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", endpoint.beside("sparql-auth")
        )
    assert "wrong" not in str(told.value)


@pytest.mark.whole
def test_virtuoso_cuts_long_decimals_and_rounds_points(asked_virtuoso: Endpoint) -> None:
    writes = asked_virtuoso.beside("sparql-auth")
    point = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    asked_virtuoso.update(
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 2.4618712374581975 ; "
        f'<urn:c> "POINT(-115.5325 35.4786)"^^{point} }} }}',
        writes,
    )
    assert (
        number(asked_virtuoso, "SELECT ?n { GRAPH <urn:g> { <urn:a> <urn:b> ?n } }")
        == "2.461871237458198"
    )
    assert number(asked_virtuoso, "SELECT ?n { GRAPH <urn:g> { <urn:a> <urn:c> ?n } }") != (
        "POINT(-115.5325 35.4786)"
    )
    asked_virtuoso.update("DROP SILENT GRAPH <urn:g>", writes)


OTHER = "https://example.org/g"


@pytest.fixture(scope="module", params=["oxigraph", *only_whole("virtuoso")])
def to_fill(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of each kind."""
    start = oxigraph_server if request.param == "oxigraph" else virtuoso_server
    with start(tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture
def empty(to_fill: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server of each kind that holds nothing of ours."""
    for name, value in to_fill.environment.items():
        monkeypatch.setenv(name, value)
    endpoint = Endpoint(to_fill.query)
    read_held(endpoint)
    Loading(endpoint, kind_of(endpoint), "").clear(MANIFEST)
    return to_fill


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> View:
    """A view of few quads."""
    from tests.conftest import write_small_ontology

    folder = write_small_ontology(tmp_path_factory.mktemp("small"))
    return load(ontology=folder)


def holds(server: Server, view: View) -> bool:
    """Whether a server holds the record of a view, and as many quads of each graph as it."""
    endpoint = Endpoint(server.query)
    held = read_held(endpoint).text
    quads = canonical_lines(view.store.text())
    if held is None or json.loads(held)["hash"] != sha256(quads).hexdigest():
        return False
    asked = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}") && ?g != <{MANIFEST}>)'
    found = solutions(
        endpoint,
        endpoint.query(
            f"SELECT ?g (COUNT(*) AS ?n) {{ {asked} }} GROUP BY ?g ORDER BY ?g LIMIT 900"
        ),
    )
    graphs = Counter(line.rsplit(b" ", 2)[1].decode() for line in quads.splitlines())
    return {str(row["g"]): int(row["n"].value) for row in found} == dict(
        sorted(graphs.items())[:900]
    )


def test_what_is_pushed_is_there_once_and_again_nothing_is_sent(empty: Server, small: View) -> None:
    first, then = small.push(empty.query), small.push(empty.query)
    assert first.sent == first.quads == len(small.store)
    assert (then.sent, then.hash) == (0, first.hash)
    assert holds(empty, small)


@pytest.mark.whole
def test_a_push_that_was_killed_goes_on_and_doubles_nothing(empty: Server, cut: Path) -> None:
    view = load(ontology=cut)
    code = (
        "import sys, time, monazite\n"
        "from dataclasses import replace\n"
        "from monazite.store.remote import pushing\n"
        "pushing.KINDS = tuple(replace(kind, lines=1000) for kind in pushing.KINDS)\n"
        "view = monazite.load(ontology=sys.argv[1])\n"
        "def told(share):\n"
        "    print(share, flush=True)\n"
        "    time.sleep(0.3)\n"
        "view.push(sys.argv[2], progress=told)\n"
    )
    words = [sys.executable, "-c", code, str(cut), empty.query]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env={**os.environ}) as process:
        assert process.stdout is not None
        assert process.stdout.readline()  # a part is there
        process.send_signal(signal.SIGKILL)
    endpoint = Endpoint(empty.query)
    held = read_held(endpoint)
    assert held.text is None
    assert held.loading is not None
    done = view.push(empty.query)
    assert 0 < done.sent < done.quads
    assert holds(empty, view)


def test_another_graph_takes_the_place_of_the_first_and_leaves_those_of_others(
    empty: Server, small: View
) -> None:
    endpoint = Endpoint(empty.query)
    endpoint.query("ASK { ?s ?p ?o }")
    kind = kind_of(endpoint)
    assert kind in KINDS
    writes = endpoint.beside(kind.update)
    endpoint.update(f"INSERT DATA {{ GRAPH <{OTHER}> {{ <{OTHER}> <{OTHER}> 1 }} }}", writes)
    small.push(empty.query)
    part = load(ontology=small.ontology, tier=1)
    found = part.push(empty.query)
    assert found.quads < len(small.store)
    assert holds(empty, part)
    assert b"true" in endpoint.query(f"ASK {{ GRAPH <{OTHER}> {{ ?s ?p ?o }} }}").lower() or (
        kind.name == "Virtuoso"
    )


def test_own_tables_are_pushed_when_they_are_asked_for(
    empty: Server, small: View, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    name = r"Ann \\u0041 \"é\" \t{} € 人 ?x"
    (own / "persons.csv").write_text(
        f'id,name,source\nann,"{name.replace(chr(34), chr(34) * 2)}",annual\n', encoding="utf-8"
    )
    mine = load(ontology=small.ontology, data=own)
    mine.push(empty.query)
    assert holds(empty, mine)
    assert json.loads(read_held(Endpoint(empty.query)).text or "")["data"] == "own"
    asked = "ASK { GRAPH ?g { ?x ?p ?name } FILTER(CONTAINS(STR(?name), '人')) }"
    assert b"true" in Endpoint(empty.query).query(asked).lower()


def test_a_push_that_is_refused_is_told(small: View) -> None:
    def refuses(handler: Handler) -> None:
        if handler.query:
            handler.say(results())
        else:
            handler.say(b"read-only", 405, "text/plain")

    with (
        hostile(refuses) as server,
        pytest.raises(EndpointError, match=r"takes no updates \(405: read-only\)"),
    ):
        small.push(server.address)


def test_a_server_that_keeps_nothing_is_told(small: View) -> None:
    def forgets(handler: Handler) -> None:
        handler.say(results({"n": "0"}) if "COUNT" in handler.query else results())

    with hostile(forgets) as server:
        with pytest.raises(EndpointError, match=r"holds 0 quads after [\d,]+ were sent"):
            small.push(server.address)
        sent = [each.body.decode() for each in server.got if not each.query]
    assert len(sent) > 1
    assert all(len(text) < 500_000 for text in sent)
    assert not any("graph/manifest" in text for text in sent)
