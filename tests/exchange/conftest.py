"""A view of shipped rows, a small one, and the part of the first that speaks of a mine."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.exchange.selection import Progress, Selection
from monazite.progress import do_nothing
from monazite.triples.names import find_entity
from monazite.view import View, load
from tests.conftest import view_in_memory, write_small_ontology
from tests.sharing import THOROUGH


@pytest.fixture(scope="session")
def view(cut: Path) -> View:
    """A cut of the shipped rows; all of them where the run is thorough."""
    return view_in_memory() if THOROUGH else load(ontology=cut, cache=False)


class Fixed(Selection):
    """A selection that reads and sorts its quads once: many tests write all of them."""

    @cached_property
    def _read(self) -> list[ox.Quad]:
        return super().quads()

    def quads(self, progress: Progress = do_nothing) -> list[ox.Quad]:
        return self._read


@pytest.fixture(scope="session")
def whole(view: View) -> Selection:
    """All rows of the view, as a selection."""
    return Fixed(view)


@pytest.fixture(scope="session")
def primary(cut: Path) -> View:
    """What primary sources say."""
    return view_in_memory(tier=1) if THOROUGH else load(ontology=cut, tier=1, cache=False)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> View:
    """A dozen tables of a few rows."""
    folder = write_small_ontology(tmp_path_factory.mktemp("small") / "ontology")
    return load(ontology=folder, cache=False)


@pytest.fixture(scope="session")
def mine(view: View) -> Selection:
    """The rows that speak of Mountain Pass."""
    return Fixed(view, find_entity(view.store, "mountain-pass"))
