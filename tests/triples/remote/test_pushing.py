"""A push: whole or not at all, nothing twice, and on from where it broke off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monazite.errors import EndpointError
from monazite.triples.remote.copying import open_copy
from monazite.triples.remote.endpoint import Endpoint
from monazite.triples.remote.engines import KINDS, kind_of
from monazite.triples.remote.manifest import (
    MANIFEST,
    canonical_lines,
    read_held,
    read_manifest,
)
from monazite.triples.remote.pushing import Loading, Pushed
from monazite.view import View, load
from tests.triples.remote.hostile import Handler, hostile, results
from tests.triples.remote.servers import Server, oxigraph_server, virtuoso_server

OTHER = "https://example.org/g"


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
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
    """Whether a server holds the quads of a view, all of them, and no others below our address."""
    endpoint = Endpoint(server.query)
    manifest = read_manifest(endpoint)
    copy = open_copy(endpoint, kind_of(endpoint), manifest, cache=False)
    return canonical_lines(copy.nquads()) == canonical_lines(view.store.nquads())


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
        "from monazite.triples.remote import engines\n"
        "engines.KINDS = tuple(replace(kind, lines=1000) for kind in engines.KINDS)\n"
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
    with pytest.raises(EndpointError, match="is being loaded, or that broke off"):
        load(endpoint=empty.query, ontology=cut)
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
    asked = load(endpoint=empty.query, ontology=small.ontology)
    assert asked.describe() == part.describe()
    with pytest.raises(Exception, match="holds a part of the facts"):
        load(endpoint=empty.query, ontology=small.ontology, valid="2025")


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
    asked = load(endpoint=empty.query, ontology=small.ontology)
    assert asked.describe()["data"] == "own"
    assert len(asked.query("ASK { ?x rdfs:label ?name FILTER(CONTAINS(?name, '人')) }")) == 1


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


def test_a_server_that_drops_nothing_is_not_asked_for_ever(small: View) -> None:

    def keeps(handler: Handler) -> None:
        body = results({"g": "x"}).replace(
            b'"type": "literal", "value": "x"',
            b'"type": "uri", "value": "https://w3id.org/monazite/graph/direct"',
        )
        handler.say(body if "DISTINCT ?g" in handler.query else results())

    with hostile(keeps) as server:
        with pytest.raises(EndpointError, match="does not drop what it holds"):
            small.push(server.address)
        assert len(server.got) < 10


def test_what_was_pushed_is_told_as_a_result() -> None:
    found = Pushed("http://a/query", 1_200, 200, "ab")
    assert repr(found) == "<Pushed 1,200 quads at http://a/query, 200 of them sent now>"
    assert found.to_dict()["sent"] == 200
    assert found.tables()[0].rows[0][1] == "1,200"
