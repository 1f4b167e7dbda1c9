"""What each kind of server does otherwise, seen on the server itself."""

from __future__ import annotations

import pytest

from monazite.errors import EndpointError
from monazite.triples.remote.endpoint import JSON, XML, Endpoint
from monazite.triples.remote.engines import KINDS, UNKNOWN, ServerKind, kind_of, update_address
from monazite.triples.remote.manifest import solutions
from tests.mirror import TESTS
from tests.triples.remote.servers import Server

ROW = "https://w3id.org/monazite/row/elements/Dy"
KIND = {kind.name: kind for kind in KINDS}


def number(endpoint: Endpoint, query: str) -> str:
    (row,) = solutions(endpoint, endpoint.query(query))
    return str(row["n"].value)


@pytest.fixture
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """The server of the test's name."""
    name = "oxigraph" if "oxigraph" in request.node.name else "virtuoso"
    server: Server = request.getfixturevalue(name)
    for key, value in server.environment.items():
        monkeypatch.setenv(key, value)
    endpoint = Endpoint(server.query)
    endpoint.query("ASK { ?s ?p ?o }")
    return endpoint


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


def test_virtuoso_holds_graphs_of_its_own(asked: Endpoint) -> None:
    own = "http://www.openlinksw.com/schemas/virtrdf#"
    assert int(number(asked, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{own}> {{ ?s ?p ?o }} }}")) > 0


def test_virtuoso_gives_no_more_than_a_page(asked: Endpoint) -> None:
    rows = list(solutions(asked, asked.query("SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")))
    assert len(rows) == 10_000


def test_virtuoso_writes_the_same_terms_as_xml(asked: Endpoint) -> None:
    assert KIND["Virtuoso"].results == XML
    query = f"SELECT ?s ?p ?o {{ GRAPH <{ROW}> {{ ?s ?p ?o }} }}"
    found = [
        {(row["s"], row["p"], row["o"]) for row in solutions(asked, asked.query(query, form))}
        for form in (JSON, XML)
    ]
    assert found[0] == found[1] != set()


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


def test_virtuoso_cuts_long_decimals_and_rounds_points(asked: Endpoint) -> None:
    writes = asked.beside("sparql-auth")
    point = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    asked.update(
        "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 2.4618712374581975 ; "
        f'<urn:c> "POINT(-115.5325 35.4786)"^^{point} }} }}',
        writes,
    )
    assert (
        number(asked, "SELECT ?n { GRAPH <urn:g> { <urn:a> <urn:b> ?n } }") == "2.461871237458198"
    )
    assert number(asked, "SELECT ?n { GRAPH <urn:g> { <urn:a> <urn:c> ?n } }") != (
        "POINT(-115.5325 35.4786)"
    )
    asked.update("DROP SILENT GRAPH <urn:g>", writes)


def test_virtuoso_takes_no_update_of_many_lines(asked: Endpoint) -> None:
    lines = "\n".join(f'<urn:a:{n}> <urn:b> "{"x" * 40}" .' for n in range(20_000))
    with pytest.raises(EndpointError, match="refuses what it was sent"):
        asked.update(f"INSERT DATA {{ GRAPH <urn:g> {{ {lines} }} }}", asked.beside("sparql-auth"))


def test_ci_requires_the_servers() -> None:
    said = (TESTS.parent / ".ci" / "run").read_text(encoding="utf-8")
    assert "MONAZITE_REQUIRE_STORES=1" in said
    assert "missing+=(virtuoso-opensource)" in said
