"""One contract, three stores: a server of the same engine and Virtuoso answer as the embedded."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monazite.errors import MonaziteError, UnreadableError
from monazite.result import Result
from monazite.shipped import ontology_folder
from monazite.triples.queries import read_queries
from monazite.triples.remote.endpoint import Endpoint
from monazite.view import View, load
from tests.triples.remote.servers import Server, virtuoso_server

NAMED = {
    name: query
    for name, query in read_queries(ontology_folder() / "queries").items()
    if query.group != "network"
}
STORES = ("oxigraph", "virtuoso")
DY = {"element": "Dy"}
ROW = "https://w3id.org/monazite/row/elements/Dy"


@pytest.fixture(scope="session")
def views(
    request: pytest.FixtureRequest,
    asked_ontology: Path,
    tmp_path_factory: pytest.TempPathFactory,
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


@pytest.mark.parametrize("name", NAMED)
def test_every_named_question_gives_the_same_answer(view: View, embedded: View, name: str) -> None:
    given = example_of(name)
    assert told(view, name, given) == told(embedded, name, given)


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


def test_the_view_is_the_same(view: View, embedded: View) -> None:
    assert view.describe() == embedded.describe()
    assert view.line() == embedded.line()
    assert len(view.store) == len(embedded.store)


def test_a_finding_is_the_same_digit_for_digit(view: View, embedded: View) -> None:
    asked: list[Callable[[View], Result]] = [
        lambda each: each.show("mountain-pass"),
        lambda each: each.parents("mountain-pass"),
        lambda each: each.policies("Dy"),
        lambda each: each.timeline("mountain-pass"),
        lambda each: each.info(),
    ]
    for ask in asked:
        assert ask(view).to_json() == ask(embedded).to_json()


def test_the_record_is_no_part_of_what_is_asked(view: View, embedded: View) -> None:
    for asked in (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    ):
        assert view.store.serialize(asked) == embedded.store.serialize(asked)


def test_rows_are_read_with_their_quads(view: View, embedded: View) -> None:
    graphs = [ROW, "https://w3id.org/monazite/row/elements/none"]
    found = view.store.quads_of(graphs)
    assert {name: set(quads) for name, quads in found.items()} == {
        name: set(quads) for name, quads in embedded.store.quads_of(graphs).items()
    }
    assert list(found) == [ROW]
    assert [view.store.has_graph(each) for each in graphs] == [True, False]


def test_an_export_is_the_same(view: View, embedded: View) -> None:
    assert view.export("nquads") == embedded.export("nquads")


def test_sparql_of_ones_own_is_the_same(view: View, embedded: View) -> None:
    for asked in (
        "SELECT (SUM(?v) AS ?sum) (AVG(?v) AS ?mean) { ?row mz:value ?v }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g LIMIT 50",
        "SELECT ?x ?y { ?x mz:broader+ ?y } ORDER BY ?x ?y LIMIT 50",
        "ASK { ?element mz:atomicNumber 66 }",
        "CONSTRUCT { ?x rdfs:label ?name } { ?x a mz:ChemicalElement ; rdfs:label ?name }",
    ):
        assert view.query(asked).to_json() == embedded.query(asked).to_json()
    with pytest.raises(MonaziteError, match="SERVICE"):
        view.query("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")


def test_what_the_rules_infer_is_the_same(view: View, embedded: View) -> None:
    asked = "SELECT ?x { ?x mz:locatedIn <https://w3id.org/monazite/id/area/EUE> } ORDER BY ?x"
    assert view.query(asked, reason=True).to_json() == embedded.query(asked, reason=True).to_json()


def test_rdflib_reads_the_same(view: View, embedded: View) -> None:
    assert len(view.dataset) == len(embedded.dataset)


def test_a_filtered_view_is_chosen_from_the_same_tables(
    view: View, embedded: View, asked_ontology: Path
) -> None:
    endpoint = view.remote.endpoint.address if view.remote else None
    chosen: list[dict[str, Any]] = [{"tier": 1}, {"valid": "2025-06-11", "known": "2025-12-31"}]
    for filters in chosen:
        found = load(ontology=asked_ontology, endpoint=endpoint, **filters)
        same = load(ontology=asked_ontology, **filters)
        assert found.describe() == same.describe()
        assert told(found, "element-profile", DY) == told(same, "element-profile", DY)


def test_a_store_is_read_once_and_then_its_copy_answers(
    oxigraph: Server,
    asked_ontology: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
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


@pytest.mark.whole
def test_what_was_loaded_since_is_what_the_next_command_asks(
    oxigraph: Server, embedded: View, asked_ontology: Path
) -> None:
    other = load(ontology=asked_ontology, valid="1995", tier=1)
    other.push(oxigraph.query)
    try:
        assert len(load(endpoint=oxigraph.query, ontology=asked_ontology).store) == len(other.store)
    finally:
        embedded.push(oxigraph.query)
    assert len(load(endpoint=oxigraph.query, ontology=asked_ontology).store) == len(embedded.store)


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
