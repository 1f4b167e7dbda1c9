"""Each server is started once in a session, and holds the graph that all tests ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monazite.view.opening import load
from monazite.view.view import View
from tests.store.remote.servers import Server, oxigraph_server, virtuoso_server


@pytest.fixture(scope="session")
def asked_ontology(cut: Path) -> Path:
    """The tables that the servers hold: a cut. All are pushed by tests of their own."""
    return cut


@pytest.fixture(scope="session")
def embedded(asked_ontology: Path) -> View:
    return load(ontology=asked_ontology)


def hold(server: Server, view: View) -> Server:
    """Load a view into a server."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        view.push(server.query)
    return server


@pytest.fixture(scope="session")
def oxigraph(embedded: View, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as server:
        yield hold(server, embedded)


@pytest.fixture(scope="session")
def virtuoso(embedded: View, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as server:
        yield hold(server, embedded)


@pytest.fixture
def anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's credentials."""
    for name in ("USER", "PASSWORD", "TOKEN", "TIMEOUT"):
        monkeypatch.delenv(f"MONAZITE_ENDPOINT_{name}", raising=False)
