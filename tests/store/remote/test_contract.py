"""One contract: each server answers as the embedded store, and is loaded whole or not at all."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monazite.core.errors import EndpointError, MonaziteError, UnreadableError
from monazite.core.package import ontology_folder
from monazite.store.queries import read_queries
from monazite.store.remote.copying import (
    KINDS,
    UNKNOWN,
    ServerKind,
    kind_of,
    open_copy,
    update_address,
)
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.manifest import (
    MANIFEST,
    canonical_lines,
    read_held,
    read_manifest,
    solutions,
)
from monazite.store.remote.pushing import Loading
from monazite.view.opening import load
from monazite.view.view import View
from tests.store.remote.servers import (
    Handler,
    Server,
    hostile,
    oxigraph_server,
    results,
    virtuoso_server,
)

NAMED = {
    name: query
    for name, query in read_queries(ontology_folder() / "queries").items()
    if query.group != "network"
}
STORES = ("oxigraph", "virtuoso")
ROW = "https://w3id.org/monazite/row/elements/Dy"


@pytest.fixture(scope="session")
def views(
    request: pytest.FixtureRequest, asked_ontology: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, View]:
    """The view of each store, opened when first it is asked for, with a cache of its own."""

    class Views(dict[str, View]):
        def __missing__(self, name: str) -> View:
            server: Server = request.getfixturevalue(name)
            cache = tmp_path_factory.mktemp(f"cache-{name}")
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("MONAZITE_CACHE", str(cache))
                view = load(ontology=asked_ontology, endpoint=server.query)
            self[name] = view
            return view

    return Views()


@pytest.fixture(params=STORES)
def view(request: pytest.FixtureRequest, views: dict[str, View], tmp_path: Path) -> View:
    return views[request.param]


@pytest.fixture(autouse=True)
def own_cache(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A copy of one store is not read in the place of another, though they hold the same."""
    name = getattr(getattr(request.node, "callspec", None), "params", {}).get("view", "embedded")
    if name != "embedded":
        base = tmp_path_factory.getbasetemp() / f"copies-{name}"
        base.mkdir(exist_ok=True)
        monkeypatch.setenv("MONAZITE_CACHE", str(base))


def told(view: View, name: str, given: dict[str, str]) -> str:
    """What a question answers, or why it does not."""
    try:
        return view.query(name, parameters=given).to_json()
    except MonaziteError as error:
        return str(error)


def example_of(name: str) -> dict[str, str]:
    """The parameters of the example of a question."""
    words = shlex.split(NAMED[name].example)[3:]
    return dict(word.split("=", 1) for word in words if "=" in word)


def refusal_of(ask: Callable[[], object]) -> str:
    with pytest.raises(MonaziteError) as refused:
        ask()
    return str(refused.value)


GRAPHS = [ROW, "https://w3id.org/monazite/row/elements/none"]
EUROPE = "SELECT ?x { ?x mz:locatedIn <https://w3id.org/monazite/id/area/EUE> } ORDER BY ?x"
SERIALIZED = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
)
SPARQL = (
    "SELECT (SUM(?v) AS ?sum) (AVG(?v) AS ?mean) { ?row mz:value ?v }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g LIMIT 50",
    "SELECT ?x ?y { ?x mz:broader+ ?y } ORDER BY ?x ?y LIMIT 50",
    "ASK { ?element mz:atomicNumber 66 }",
    "CONSTRUCT { ?x rdfs:label ?name } { ?x a mz:ChemicalElement ; rdfs:label ?name }",
)
CONTRACT: dict[str, Callable[[View], object]] = {
    "description": lambda view: (view.describe(), view.line(), len(view.store)),
    "named questions": lambda view: {name: told(view, name, example_of(name)) for name in NAMED},
    "show": lambda view: view.show("mountain-pass").to_json(),
    "parents": lambda view: view.parents("mountain-pass").to_json(),
    "policies": lambda view: view.policies("Dy").to_json(),
    "timeline": lambda view: view.timeline("mountain-pass").to_json(),
    "info": lambda view: view.info().to_json(),
    "what is asked has no record": lambda view: [view.store.serialize(x) for x in SERIALIZED],
    "quads of rows": lambda view: {
        name: set(quads) for name, quads in view.store.quads_of(GRAPHS).items()
    },
    "graphs that are there": lambda view: [view.store.has_graph(each) for each in GRAPHS],
    "export": lambda view: view.export("nquads"),
    "SPARQL of one's own": lambda view: [view.query(each).to_json() for each in SPARQL],
    "SERVICE": lambda view: refusal_of(
        lambda: view.query("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    ),
    "rules": lambda view: view.query(EUROPE, reason=True).to_json(),
    "rdflib": lambda view: len(view.dataset),
}
"""What a store elsewhere must answer to the letter as the embedded one does."""


@pytest.mark.parametrize("asked", CONTRACT)
def test_a_server_keeps_the_contract(view: View, embedded: View, asked: str) -> None:
    assert CONTRACT[asked](view) == CONTRACT[asked](embedded)


@pytest.mark.whole
def test_virtuoso_holds_all_rows_and_answers_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of Oxigraph is in ``tests/cli/test_push.py``, by every command."""
    here = load()
    with virtuoso_server(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        pushed = here.push(server.query)
        assert pushed.sent == pushed.quads == len(here.store)
        monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
        there = load(endpoint=server.query)
        assert there.describe() == here.describe()
        for name in list(NAMED)[::7]:
            given = example_of(name)
            assert told(there, name, given) == told(here, name, given)
        assert there.show("mountain-pass").to_json() == here.show("mountain-pass").to_json()
        assert there.balance("Dy").to_json() == here.balance("Dy").to_json()


def test_a_filtered_view_is_chosen_from_the_same_tables(
    view: View, embedded: View, asked_ontology: Path
) -> None:
    endpoint = view.remote.endpoint.address if view.remote else None
    chosen: list[dict[str, Any]] = [{"tier": 1}, {"valid": "2025-06-11", "known": "2025-12-31"}]
    for filters in chosen:
        found = load(ontology=asked_ontology, endpoint=endpoint, **filters)
        same = load(ontology=asked_ontology, **filters)
        assert found.describe() == same.describe()
        assert told(found, "element-profile", {"element": "Dy"}) == told(
            same, "element-profile", {"element": "Dy"}
        )


def test_a_store_is_read_once_and_then_its_copy_answers(
    oxigraph: Server, asked_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    asked: list[str] = []
    query = Endpoint.query

    def listen(self: Endpoint, text: str, *form: str) -> bytes:
        asked.append(text)
        return query(self, text, *form)

    monkeypatch.setattr(Endpoint, "query", listen)
    load(endpoint=oxigraph.query, ontology=asked_ontology)
    assert len(asked) == 2  # the record, and how much there is to read at once
    asked.clear()
    load(endpoint=oxigraph.query, ontology=asked_ontology).query("policies-in-force")
    assert len(asked) == 1
    assert "graph/manifest" in asked[0]


def test_a_graph_that_was_changed_after_it_was_loaded_is_told(
    oxigraph: Server, asked_ontology: Path
) -> None:
    view = load(endpoint=oxigraph.query, ontology=asked_ontology)
    assert view.info().notes == ()
    endpoint = Endpoint(oxigraph.query)
    added = f"GRAPH <{ROW}-more> {{ <{ROW}-more> <{ROW}> 1 }}"
    endpoint.update(f"INSERT DATA {{ {added} }}", endpoint.beside("update"))
    try:
        (told,) = load(endpoint=oxigraph.query, ontology=asked_ontology).info().notes
    finally:
        endpoint.update(f"DROP GRAPH <{ROW}-more>", endpoint.beside("update"))
    held = len(view.store)
    assert f"holds {held + 1:,} quads that are not the {held:,} of its record" in told
    assert told.endswith(f"monazite push {oxigraph.query}")


def test_a_filter_is_refused_where_other_tables_are_here(
    oxigraph: Server, small_ontology: Path
) -> None:
    with pytest.raises(UnreadableError, match=r"holds the tables .*, and others are here"):
        load(endpoint=oxigraph.query, ontology=small_ontology, tier=1)
    view = load(endpoint=oxigraph.query, ontology=small_ontology)
    assert len(view.query("ASK { ?element mz:atomicNumber 66 }")) == 1
    for wants_the_tables in (view.rows, view.open_here):
        with pytest.raises(UnreadableError, match="others are here"):
            wants_the_tables()


def test_own_tables_stay_here(
    oxigraph: Server, asked_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "persons.csv").write_text("id,name,source\nann,Ann Example,monazite-compilation\n")
    found = load(endpoint=oxigraph.query, ontology=asked_ontology, data=own)
    same = load(ontology=asked_ontology, data=own)
    assert found.describe() == same.describe()
    asked = 'ASK { ?x rdfs:label "Ann Example" }'
    assert bool(found.query(asked))
    assert not bool(load(endpoint=oxigraph.query, ontology=asked_ontology).query(asked))


def test_without_a_cache_nothing_is_kept(
    oxigraph: Server, asked_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    view = load(endpoint=oxigraph.query, ontology=asked_ontology, cache=False)
    assert len(view.query("element-profile", element="Dy")) > 0
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").glob("store-*"))
    with pytest.raises(UnreadableError, match="leave out --no-cache"):
        view.query("SELECT * { ?s ?p ?o } LIMIT 1")


def test_what_others_hold_beside_it_is_not_read(
    oxigraph: Server, asked_ontology: Path, embedded: View
) -> None:
    endpoint = Endpoint(oxigraph.query)
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    other = f'GRAPH <https://example.org/g> {{ <{ROW}> {label} "not ours" }}'
    endpoint.update(f"INSERT DATA {{ {other} }}", endpoint.beside("update"))
    try:
        view = load(endpoint=oxigraph.query, ontology=asked_ontology, cache=False)
        assert view.info().notes == ()
        asked = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        assert view.store.serialize(asked) == embedded.store.serialize(asked)
    finally:
        endpoint.update("DROP GRAPH <https://example.org/g>", endpoint.beside("update"))


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
        "from monazite.store.remote import engines\n"
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
