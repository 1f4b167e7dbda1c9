"""What the tests of one worker share: a cache, each store opened once, how thorough they are."""

from __future__ import annotations

import gc
import hashlib
import inspect
import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import cache, partial, wraps
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from monazite.core.cache import Kept
from monazite.core.package import ontology_folder
from monazite.store import opening
from monazite.store.cache import answers_of, is_whole, mark_used
from monazite.store.chunks import read_chunks
from monazite.store.opening import Step, open_store
from monazite.store.store import Store
from monazite.view.view import View

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from monazite.data.filters import Filters
    from monazite.data.reader import Tables

TESTS = Path(__file__).parent  # The folder of the tests
THOROUGH = os.environ.get("MONAZITE_THOROUGH") == "1"
"""Whether everything is run, as ``.ci/run`` does: whole commands and the whole world."""
WAITS = 120  # Tenths of a second that a worker waits for a store that another one builds
MOST_OPEN = 16  # Stores that a worker keeps in memory
LONG_FINDINGS = (
    *("centrality", "centrality_over_years"),
    *("balance", "brief", "chokepoints", "claims", "conflicts", "cuts", "diff", "doubt", "draws"),
    *("fixes", "info", "reproduce", "rules"),
)
"""Verbs of the view that take long, and whose results are frozen values."""
PLAIN = (str, int, float, type(None))
"""What is told to a verb and says itself whole, to whatever worker."""
LONG_EXAMPLES = (
    "monazite.export.catalogues.publish",
    "monazite.export.contribution.contribute",
    "monazite.export.release.release",
    "monazite.analysis.conflicts.conflicts.conflicts_about",
    "monazite.analysis.conflicts.conflicts.find_conflicts",
    "monazite.analysis.robustness.evidence_cut.find_evidence_cut",
    "monazite.analysis.mitigation.fixes.find_fixes",
    "monazite.report.brief.briefing.Briefing.html",
    "monazite.report.brief.briefing.Briefing.markdown",
    "monazite.store.checks.check",
    "monazite.view.exports.catalogue",
    "monazite.view.pictures.brief",
    "monazite.view.pictures.explore",
    "monazite.view.own_tables.check",
)
"""Examples of docstrings that take seconds: tests ask the same, and ``.ci/run`` takes them."""

# Timings live in the bench. The examples are the same each time: what breaks a test is a change.
LAWS: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow],  # of a busy machine
}
settings.register_profile("default", **LAWS, max_examples=8)
settings.load_profile("default")
gc.set_threshold(200_000, 50, 100)  # the fixtures of a session live to its end


BUILDING = "Building the store from the tables, once\n"


def without_building(told: str) -> str:
    """What a command says, whether or not others have pushed its store out of the shared cache."""
    return told.replace(BUILDING, "")


def only_whole(*cases: object) -> list[ParameterSet]:
    """Cases of a test that only ``.ci/run`` takes, beside others that say the same."""
    return [pytest.param(case, marks=pytest.mark.whole) for case in cases]


def share(config: pytest.Config) -> None:
    """Register this module, for the tests and for the examples in docstrings."""
    if not config.pluginmanager.has_plugin(__name__):
        config.pluginmanager.register(sys.modules[__name__], __name__)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave whole commands to ``.ci/run``, which takes their files first, and then the longest."""
    for item in items:
        if item.name in LONG_EXAMPLES:
            item.add_marker("whole")
    whole = [item for item in items if item.get_closest_marker("whole")]
    if not THOROUGH and not config.option.markexpr:
        items[:] = [item for item in items if item not in {*whole}]
        config.hook.pytest_deselected(items=whole)
    first, many = {item.path for item in whole}, Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in first, -many[item.path], item.path))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look for what was left open once, not at each of the many collections of an end."""
    gc.collect()
    gc.freeze()


class OpenedStore(Store):
    """A store in memory that is written to the cache only when another process has to read it."""

    def keep_in(self, place: Path, write: Callable[[], None]) -> OpenedStore:
        """Say where the store would lie, and what writes it there."""
        self._place, self._write = place, write
        return self

    def wait(self) -> None:
        """Write the store where another process opens it."""
        if not is_whole(self._place):
            self._write()


class OpenedStores:
    """The stores of the shared cache, each opened once: a store never changes."""

    def __init__(self, cache_of_the_tests: Path) -> None:
        self.cache = cache_of_the_tests
        self.open_ready, self.open_view = opening.open_ready, opening.open_filtered
        self.read_all = opening.read_all
        self._kept: dict[Path, Store] = {}
        self._claimed: set[Path] = set()
        self._read_chunks = cache(read_chunks)
        self._shipped: Tables | None = None

    def ready(self, folder: Path, reopen: Callable[[], Store]) -> Store | None:
        """Open a finished store, or return it as it was opened before."""
        if folder.parent != self.cache:
            return self.open_ready(folder, reopen)
        if folder in self._kept and (folder.exists() or not folder.name.startswith("store-")):
            mark_used(folder)
            return self._keep(folder, self._kept.pop(folder))
        found = self.open_ready(folder, reopen) or self._built_by_another(folder, reopen)
        if found is None or not folder.name.startswith("store-"):
            return found

        def load() -> Store:
            return Store(opening.ViewTexts(self._read_chunks(folder, ontology_folder()).all).load())

        answers = Kept(answers_of(folder))
        return self._keep(folder, Store(load, folder, found.extent, answers=answers))

    def _built_by_another(self, folder: Path, reopen: Callable[[], Store]) -> Store | None:
        """Wait for the worker that builds the shipped store; None for the one that is to."""
        if not folder.name.startswith("store-") or folder in self._claimed:
            return None
        self._claimed.add(folder)
        try:
            (self.cache / f"claimed-{folder.name}").mkdir()
        except FileExistsError:
            for _ in range(WAITS):
                if is_whole(folder):
                    return self.open_ready(folder, reopen)
                sleep(0.1)
        return None

    def view(self, base: Path, ontology: Path, filters: Filters) -> Store | None:
        """Load a view into memory; ``ready`` finds it the next time."""
        if base.parent != self.cache:
            return self.open_view(base, ontology, filters)
        if not is_whole(base):
            return None
        texts, extent = opening.choose(self._read_chunks(base, ontology), filters)
        place = opening.view_folder(base, filters)
        answers = Kept(answers_of(place))
        texts = opening.ViewTexts(texts.rows, partial(self._facts, place.name, texts.facts))
        found = OpenedStore(lambda: Store(texts.load()), None, extent, answers=answers)
        write = partial(opening.keep_view, base, filters, texts, extent)
        return self._keep(place, found.keep_in(place, write))

    def _facts(self, view: str, work_out: Callable[[], bytes]) -> bytes:
        """The direct facts of a view, worked out by the worker that asks first."""
        place = self.cache.with_name("found") / view
        if not place.exists():
            _leave(place, work_out())
        return place.read_bytes()

    def tables(self, ontology: Path, data: Path | None, step: Step) -> Tables:
        """Read the shipped tables once."""
        if ontology != ontology_folder() or data is not None:
            return self.read_all(ontology, data, step)
        if self._shipped is None:
            self._shipped = self.read_all(ontology, data, step)
        else:
            step()
        return self._shipped

    def _keep(self, folder: Path, store: Store) -> Store:
        self._kept[folder] = store
        if len(self._kept) > MOST_OPEN:
            del self._kept[next(iter(self._kept))]
        return store


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes to the cache of whoever runs it; the workers of a run share one."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    folder.mkdir(exist_ok=True)
    folder.with_name("found").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONAZITE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def opened_stores(cache_of_the_tests: Path) -> Iterator[OpenedStores]:
    """Every store of the shared cache is opened once by a worker, and answers from memory."""
    opened = OpenedStores(cache_of_the_tests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_ready", opened.ready)
        patch.setattr(opening, "open_filtered", opened.view)
        patch.setattr(opening, "read_all", opened.tables)
        yield opened


def _leave(place: Path, found: bytes) -> None:
    """Leave what was found to the other workers, whole."""
    beside = place.with_suffix(f".{os.getpid()}")
    beside.write_bytes(found)
    beside.replace(place)


class FoundOnce:
    """What was asked of a view and found, for the long findings."""

    def __init__(self, folder: Path) -> None:
        self.asleep = False
        self._folder = folder
        self._found: dict[Hashable, Any] = {}

    def remember(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Return a verb that works nothing out twice."""
        signature = inspect.signature(verb)

        @wraps(verb)
        def ask(view: View, *given: Any, **named: Any) -> Any:
            if self.asleep:
                return verb(view, *given, **named)
            bound = signature.bind(view, *given, **named)
            bound.apply_defaults()
            wanted = [each for each in bound.arguments.items() if each[0] not in {"self", "step"}]
            key = (verb.__name__, view, *wanted)
            try:
                known = key in self._found
            except TypeError:  # a list, which may change
                return verb(view, *given, **named)
            if not known:
                find = partial(verb, view, *given, **named)
                self._found[key] = self._read_or(find, view, verb.__name__, *wanted)
            return self._found[key]

        return ask

    def _read_or(
        self, find: Callable[[], Any], view: View, verb: str, *wanted: tuple[str, Any]
    ) -> Any:
        shipped = (view.ontology, view.data) == (ontology_folder(), None)
        if not shipped or not all(isinstance(given, PLAIN) for _, given in wanted):
            return find()
        asked = repr((verb, wanted, view.filters, view.valid, view.reasoned))
        place = self._folder / hashlib.sha256(asked.encode()).hexdigest()
        if place.exists():
            return pickle.loads(place.read_bytes())  # another worker wrote it
        found = find()
        _leave(place, pickle.dumps(found))
        return found


@pytest.fixture(scope="session")
def found_once(cache_of_the_tests: Path) -> Iterator[FoundOnce]:
    """The long findings are worked out once, by the worker that asks first."""
    found = FoundOnce(cache_of_the_tests.with_name("found"))
    with pytest.MonkeyPatch.context() as patch:
        for name in LONG_FINDINGS:
            home = next(each for each in View.__mro__ if name in vars(each))
            patch.setattr(home, name, found.remember(getattr(View, name)))
        yield found


@pytest.fixture(autouse=True)
def found_anew(found_once: FoundOnce, request: pytest.FixtureRequest) -> None:
    """A test that changes how something is found is answered by its change, or asks for it."""
    found_once.asleep = not {"monkeypatch", "anew"}.isdisjoint(request.fixturenames)


@pytest.fixture
def anew() -> None:
    """What this test asks is worked out each time."""


@pytest.fixture(scope="session")
def built(opened_stores: OpenedStores, cache_of_the_tests: Path) -> Path:
    """The cache with the store in it, so that no command has to say that it builds one."""
    open_store().wait()
    return cache_of_the_tests
