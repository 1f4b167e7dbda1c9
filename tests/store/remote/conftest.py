"""A server is started once in a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.remote.servers import Server, virtuoso_server


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture
def anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's credentials."""
    for name in ("USER", "PASSWORD", "TOKEN", "TIMEOUT"):
        monkeypatch.delenv(f"MONAZITE_ENDPOINT_{name}", raising=False)
