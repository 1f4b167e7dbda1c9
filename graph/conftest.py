"""The examples of docstrings ask the store of the tests, not the cache of whoever runs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import built, cache_of_the_tests, store, warm

from monazite.triples import store as stores
from monazite.triples.store import Store

__all__ = ["built", "cache_of_the_tests", "store", "warm"]


@pytest.fixture(autouse=True)
def ask_the_store_of_the_tests(
    warm: Callable[[Path], Store | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open the shipped store once for all examples."""
    monkeypatch.setattr(stores, "_open_ready", warm)
