"""Views of shipped rows, a small and a hostile one, and what catalogues know of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.core.results import do_nothing
from monazite.data.iris import BASE
from monazite.export.catalogues import PublishedView, publish
from monazite.export.selection import Progress, Selection
from monazite.store.names import find_entity
from monazite.store.store import Store
from monazite.view.opening import load
from monazite.view.view import View
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


NASTY = "=1+1\x00\x07\x1b\ufffe\x9b\u202e\u2028\ufdd0\U0001ffff ]]> <script>&\"' 稀土 \r\n\t"


class HostileView:
    """Another view with one more quad."""

    def __init__(self, view: View) -> None:
        self._view = view
        engine = ox.Store()
        engine.extend(view.store.quads())
        row = ox.NamedNode(BASE + "row/facilities/kuantan")
        place = ox.NamedNode(BASE + "ns#place")
        facility = ox.NamedNode(BASE + "id/facility/kuantan")
        engine.add(ox.Quad(facility, place, ox.Literal(NASTY), row))
        self.store = Store(engine)

    def __getattr__(self, name: str) -> object:
        return getattr(self._view, name)


def hostile_selection(view: View) -> Selection:
    """All rows of a view, one of which holds the nasty text."""
    return Selection(HostileView(view))  # type: ignore[arg-type]


WriteCopy = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def small_view(cut: Path) -> View:
    return load(ontology=cut)


@pytest.fixture(scope="session")
def published(small_view: View) -> PublishedView:
    return publish(small_view)


@pytest.fixture
def write_copy(small_view: View, tmp_path: Path) -> WriteCopy:
    """Write the files of the view, and a description beside them; return its path."""

    def write(form: str, name: str) -> Path:
        files = small_view.export("csv")
        assert isinstance(files, dict)
        canonical = small_view.export("canonical")
        assert isinstance(canonical, bytes)
        for each, content in {**files, "canonical.nq": canonical}.items():
            (tmp_path / each).write_bytes(content)
        (tmp_path / name).write_text(small_view.catalogue(form), encoding="utf-8")
        return tmp_path / name

    return write
