"""The store as rdflib takes it: read as any, never written, and it calls nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDFS, Dataset, URIRef
from rdflib.plugins.sparql import prepareQuery

from monazite.errors import QueryError
from monazite.rows.iris import BASE, VOCABULARY
from monazite.triples.opening import open_store
from monazite.triples.store import Store
from tests.conftest import view_in_memory

DY = URIRef(BASE + "id/element/Dy")
ONE = URIRef("urn:one")
CALL = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }"


@pytest.fixture(params=["in memory", "kept"])
def store(request: pytest.FixtureRequest, built: Path) -> Store:
    return open_store() if request.param == "kept" else view_in_memory().store


@pytest.mark.parametrize(
    "write",
    [
        lambda dataset: dataset.update("CLEAR ALL"),
        lambda dataset: dataset.update("DROP ALL"),
        lambda dataset: dataset.add((ONE, ONE, ONE)),
        lambda dataset: dataset.addN([(ONE, ONE, ONE, ONE)]),
        lambda dataset: dataset.remove((None, None, None)),
        lambda dataset: dataset.remove_graph(URIRef(VOCABULARY)),
        lambda dataset: dataset.graph(URIRef(VOCABULARY)).remove((None, None, None)),
        lambda dataset: dataset.parse(data="<urn:a> <urn:a> <urn:a> .", format="nt"),
        lambda dataset: dataset.store.update("CLEAR ALL", {}, {}, ""),
    ],
)
def test_nothing_is_written(store: Store, write: Callable[[Dataset], object]) -> None:
    before = len(store)
    with pytest.raises(QueryError, match="read-only here"):
        write(store.dataset)
    assert len(store) == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda dataset: dataset.query(CALL),
        lambda dataset: dataset.query(CALL.replace("I", chr(92) + "u0049")),
        lambda dataset: dataset.graph(URIRef(VOCABULARY)).query(CALL),
        lambda dataset: dataset.query(prepareQuery(CALL)),
        lambda dataset: dataset.query("ASK {}", DEBUG=True),
        lambda dataset: dataset.query("ASK {}", base="urn:x"),
    ],
)
def test_nobody_is_called(store: Store, ask: Callable[[Dataset], object]) -> None:
    with pytest.raises(QueryError, match=r"SERVICE would send|as a text|^Leave out"):
        ask(store.dataset)


def test_it_is_read_as_any(store: Store) -> None:
    dataset = store.dataset
    assert str(dataset.value(DY, RDFS.label)) == "dysprosium"
    (row,) = dataset.query(f"SELECT ?l {{ <{DY}> rdfs:label ?l }}")
    assert str(row.l) == "dysprosium"  # type: ignore[union-attr]
    assert len(dataset.graph(URIRef(VOCABULARY))) > 100
