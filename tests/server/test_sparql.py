"""The SPARQL protocol: behaviours of the W3C's test list by its names, and more that it leaves out.

References:
    SPARQL 1.1 Protocol, W3C Recommendation, 2013; its tests are in the W3C's ``rdf-tests``.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import httpx
import pyoxigraph as ox
import pytest

from monazite.store.queries import NamedQuery, read_queries
from monazite.store.questions import GROUPS
from monazite.store.store import Store
from tests.conftest import view_in_memory
from tests.server.conftest import Served, serving
from tests.sharing import only_whole

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
ROWS = [
    f"https://w3id.org/monazite/row/ownership/{key}"
    for key in ("jare-lynas-2023", "sojitz-lynas-2023")
]
OWNER = "SELECT ?owner { ?s mz:owner ?owner }"
BY_GRAPH = "SELECT ?g ?owner { GRAPH ?g { ?s mz:owner ?owner } }"


def values(answer: httpx.Response, name: str) -> list[str]:
    assert answer.status_code == 200, answer.text
    bindings = answer.json()["results"]["bindings"]
    return sorted(each[name]["value"].rpartition("/")[2] for each in bindings)


@pytest.mark.parametrize(
    "sent",
    [
        {"method": "GET", "params": {"query": "ASK { ?s ?p ?o }"}},
        {"method": "POST", "data": {"query": "ASK { ?s ?p ?o }"}},
        {"method": "POST", "content": b"ASK { ?s ?p ?o }", "headers": {"Content-Type": DIRECT}},
    ],
    ids=["get", "post_form", "post_direct"],
)
def test_query(sent: dict[str, Any], served: Served) -> None:
    answer = served.client.request(url="/sparql", **sent)
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)
    assert answer.headers["content-type"] == JSON


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_dataset_default_graphs(method: str, served: Served) -> None:
    asked = {"query": OWNER, "default-graph-uri": ROWS}
    place = "params" if method == "GET" else "data"
    answer = served.client.request(method, "/sparql", **{place: asked})  # type: ignore[arg-type]
    assert values(answer, "owner") == ["jare", "sojitz"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_query_dataset_named_graphs(method: str, served: Served) -> None:
    asked = {"query": BY_GRAPH, "named-graph-uri": ROWS}
    place = "params" if method == "GET" else "data"
    answer = served.client.request(method, "/sparql", **{place: asked})  # type: ignore[arg-type]
    assert values(answer, "g") == ["jare-lynas-2023", "sojitz-lynas-2023"]
    only = served.client.post("/sparql", data={"query": OWNER, "named-graph-uri": ROWS[0]})
    assert values(only, "owner") == []  # nothing is in the default graph then


def test_query_dataset_full(served: Served) -> None:
    query = "SELECT ?owner ?other { ?s mz:owner ?owner GRAPH ?g { ?t mz:owner ?other } }"
    asked = {"query": query, "default-graph-uri": ROWS[0], "named-graph-uri": ROWS[1]}
    answer = served.client.post("/sparql", data=asked)
    assert (values(answer, "owner"), values(answer, "other")) == (["jare"], ["sojitz"])


def test_query_multiple_dataset(served: Served) -> None:
    """What the protocol names comes before what the query names."""
    query = OWNER.replace("{", f"FROM <{ROWS[0]}> {{", 1)
    assert values(served.ask(query), "owner") == ["jare"]
    asked = {"query": query, "default-graph-uri": ROWS[1]}
    assert values(served.client.post("/sparql", data=asked), "owner") == ["sojitz"]


@pytest.mark.parametrize("kind", ["SELECT * { ?s ?p ?o } LIMIT 1", "ASK { ?s ?p ?o }"])
@pytest.mark.parametrize(
    "accept", [JSON, XML, "text/csv", "text/tab-separated-values", "application/json"]
)
def test_query_content_type_select_and_ask(kind: str, accept: str, served: Served) -> None:
    answer = served.ask(kind, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept
    assert answer.headers["vary"] == "Accept"
    formats = {
        "text/csv": ox.QueryResultsFormat.CSV,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV,
        XML: ox.QueryResultsFormat.XML,
    }
    if accept == "text/csv":  # gives no types, so the engine does not read it back
        assert answer.text.splitlines()[0] in {"o,p,s", "s,p,o", "true"}
        return
    found = ox.parse_query_results(answer.content, formats.get(accept, ox.QueryResultsFormat.JSON))
    assert bool(found) if isinstance(found, ox.QueryBoolean) else len([*found]) == 1


@pytest.mark.parametrize("kind", ["DESCRIBE element:Dy"])
@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_query_content_type_describe_and_construct(
    kind: str, accept: str, form: ox.RdfFormat, served: Served
) -> None:
    answer = served.ask(kind, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == accept
    found = {quad.triple for quad in ox.parse(answer.content, format=form)}
    turtle = served.ask(kind, "text/turtle").content
    assert found == {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    assert len(found) > 5


def refused(answer: httpx.Response, status: int) -> str:
    """One sentence, and no more."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.count("\n") == 1
    assert answer.text.endswith(".\n") or "; " in answer.text
    assert "Traceback" not in answer.text
    return answer.text.strip()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(method: str, served: Served) -> None:
    answer = served.client.request(method, "/sparql", params={"query": "ASK {}"})
    refused(answer, 405)
    assert {"GET", "POST"} <= {*answer.headers["allow"].split(", ")}


def test_bad_multiple_queries(served: Served) -> None:
    said = refused(served.client.get("/sparql?query=ASK%20%7B%7D&query=SELECT"), 400)
    assert said == "2 queries are sent; send one, as query=..."


def test_bad_query_wrong_media_type(served: Served) -> None:
    """A wrong one, or none at all."""
    headers = {"Content-Type": "text/plain"}
    refused(served.client.post("/sparql", content=b"ASK {}", headers=headers), 415)
    for content in (b"query=ASK%20%7B%7D", b"ASK {}"):
        refused(served.client.post("/sparql", content=content), 415)


def test_bad_query_non_utf8(served: Served) -> None:
    latin = "ASK { ?s ?p 'é' }".encode("latin-1")
    refused(served.client.post("/sparql", content=latin, headers={"Content-Type": DIRECT}), 400)
    refused(served.client.get("/sparql?query=%E9"), 400)
    utf16 = {"Content-Type": f"{DIRECT}; charset=UTF-16"}
    refused(served.client.post("/sparql", content="ASK {}".encode("utf-16"), headers=utf16), 415)


def test_bad_query_syntax(served: Served) -> None:
    said = refused(served.ask("SELECT * {\n ?s ?p ; }"), 400)
    assert said.startswith("The query cannot be parsed: line 2, column ")


def test_update_is_refused(served: Served) -> None:
    for sent in (
        {"data": {"update": "DROP ALL"}},
        {"content": b"DROP ALL", "headers": {"Content-Type": "application/sparql-update"}},
        {"params": {"update": "DROP ALL"}, "data": {"query": "ASK {}"}},
    ):
        answer = served.client.post("/sparql", **sent)
        assert refused(answer, 405) == "The store is read-only: ask a query, not an update."
    refused(served.client.get("/sparql", params={"update": "DROP ALL"}), 405)
    refused(served.ask("DROP ALL"), 400)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://192.0.2.1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://192.0.2.1/> { ?s ?p ?o } }",
        "LOAD <http://192.0.2.1/>",
    ],
)
def test_nobody_is_called(query: str, served: Served) -> None:
    refused(served.ask(query), 400)


def test_a_graph_of_elsewhere_is_no_call(served: Served) -> None:
    """FROM and the protocol name graphs of the store, and fetch none."""
    asked = {"query": OWNER, "default-graph-uri": "http://192.0.2.1/graph"}
    assert values(served.client.post("/sparql", data=asked), "owner") == []
    assert values(served.ask(OWNER.replace("{", "FROM <file:///etc/passwd> {", 1)), "owner") == []


@pytest.mark.parametrize("iri", ["", "graph", "urn:a b", "http://[/"])
def test_a_graph_has_a_whole_iri(iri: str, served: Served) -> None:
    asked = {"query": OWNER, "default-graph-uri": iri}
    refused(served.client.post("/sparql", data=asked), 400)


def test_what_is_not_offered_is_said(served: Served) -> None:
    said = refused(served.ask("ASK {}", "image/png"), 406)
    assert JSON in said
    assert "text/turtle" in refused(served.ask("DESCRIBE element:Dy", "text/csv"), 406)


@pytest.mark.parametrize("call", ["uuid()", "UU\\u0049D()", "UU\\U00000049D()"])
def test_what_is_another_each_time_is_asked_each_time(call: str, served: Served) -> None:
    asked = {"query": f"SELECT ?x {{ BIND({call} AS ?x) }}"}
    one, other = (values(served.client.get("/sparql", params=asked), "x") for _ in range(2))
    assert one != other


def test_the_service_is_described(served: Served) -> None:
    answer = served.client.get("/sparql", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    graph = {
        (q.predicate.value, str(q.object))
        for q in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)
    }
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert (f"{sd}endpoint", f"<{served.address}sparql>") in graph
    assert (f"{sd}supportedLanguage", f"<{sd}SPARQL11Query>") in graph
    assert (f"{sd}feature", f"<{sd}UnionDefaultGraph>") in graph
    [size] = [value for name, value in graph if name == "http://rdfs.org/ns/void#triples"]
    assert int(size.split('"')[1]) > 300_000
    for accept in ("application/ld+json", "application/rdf+xml", "*/*"):
        described = served.client.get("/sparql", headers={"Accept": accept})
        assert described.status_code == 200


def test_a_browser_is_shown_where_to_ask(served: Served) -> None:
    answer = served.client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/query")


def test_other_origins_are_let_in_by_option_alone(served: Served, on_a_cut: Any) -> None:
    asks = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    assert (
        "access-control-allow-origin"
        not in served.client.get("/sparql?query=ASK%20%7B%7D", headers=asks).headers
    )
    with serving(on_a_cut(origins=("https://a.example",))) as open_:
        answer = open_.client.options("/sparql", headers=asks)
        assert answer.headers["access-control-allow-origin"] == "https://a.example"
        other = open_.client.get("/health", headers={"Origin": "https://b.example"})
        assert "access-control-allow-origin" not in other.headers


def questions() -> list[NamedQuery]:
    return [each for each in read_queries().values() if each.group in GROUPS]


def example_of(question: NamedQuery) -> dict[str, str]:
    words = shlex.split(question.example)
    given = [words[place + 1] for place, word in enumerate(words) if word in {"-p", "--param"}]
    return dict(each.split("=", 1) for each in given)


def asked_text(question: NamedQuery) -> tuple[str, Any]:
    """The SPARQL that a named question becomes, and what the command finds by it."""
    texts: dict[tuple[str, ...], str] = {}
    select = Store.select

    def listen(store: Store, text: str) -> Any:
        answer = select(store, text)
        texts[tuple(each.value for each in answer.variables)] = text
        return answer

    with patch.object(Store, "select", listen):
        found = view_in_memory().query(question.name, parameters=example_of(question))
    return texts[found.variables], found


def in_order(bindings: list[dict[str, Any]]) -> Iterator[str]:
    return iter(sorted(json.dumps(each, sort_keys=True) for each in bindings))


@pytest.mark.parametrize(
    "question", [*questions()[:3], *only_whole(*questions()[3:])], ids=lambda each: each.name
)
def test_answers_are_those_of_the_command(question: NamedQuery, served: Served) -> None:
    text, found = asked_text(question)
    answer = served.ask(text).json()
    expected = json.loads(found.to_json())
    assert answer["head"] == expected["head"]
    assert [*in_order(answer["results"]["bindings"])] == [
        *in_order(expected["results"]["bindings"])
    ]


def index(near: httpx.Client) -> dict[str, dict[str, object]]:
    [text] = re.findall(r'id="index">(.*?)</script>', near.get("/query").text)
    found: dict[str, dict[str, object]] = json.loads(text)
    return found


def test_it_offers_the_questions_and_the_examples(near: httpx.Client) -> None:
    held = index(near)
    assert {"owners", "policies-in-force"} <= held["questions"].keys()
    assert "network-members" not in held["questions"]  # an inner one, which nobody asks
    assert len(held["examples"]) == 20
    owners = held["questions"]["owners"]
    assert isinstance(owners, dict)
    assert [each["name"] for each in owners["parameters"]] == ["entity", "date"]
    assert owners["text"].startswith("PREFIX")


@pytest.mark.whole
def test_examples_and_questions_can_be_asked_of_the_store(near: httpx.Client) -> None:
    held = index(near)
    for text in held["examples"].values():
        assert len(view_in_memory().query(str(text))) > 0


def test_it_may_ask_this_server_and_nobody_else(near: httpx.Client) -> None:
    policy = near.get("/query").headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_words_are_terms_concepts_and_things_with_their_preset_prefix(near: httpx.Client) -> None:
    words = {word: (kind, about) for word, kind, about in near.get("/query/words").json()}
    assert words["mz:Facility"][0] == "class"
    assert words["mz:operatedBy"][0] == "object property"
    assert words["stage:mine"][0] == "concept"
    assert "白云鄂博" in words["facility:bayan-obo"][1]
    prefixes = view_in_memory().prefixes
    assert all(word.partition(":")[0] in prefixes for word in words)
    ask = "ASK { %s a ?kind }"
    for word in ("facility:bayan-obo", "organisation:mp-materials", "element:Dy"):
        assert word in words
        assert view_in_memory().query(ask % word)
