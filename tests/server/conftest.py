"""Servers on loopback, each in a thread of the tests, with real sockets and real workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from monazite.core.package import ontology_folder
from monazite.server.dispatcher import Dispatcher
from monazite.server.server import Listening
from monazite.server.settings import Settings
from monazite.store.opening import open_store
from tests.cli.conftest import run as run
from tests.server.near import listening, near_application, shipped_view

PATIENCE = 60.0  # Seconds after which a test gives up what never comes


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what comes in the end, whatever else this machine does."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


class Served:
    """A server that answers, its door, and a client of it."""

    def __init__(self, address: str, door: Dispatcher) -> None:
        self.address, self.door = address, door
        self.client = httpx.Client(base_url=address, timeout=5 * PATIENCE, trust_env=False)

    @property
    def place(self) -> tuple[str, int]:
        """Where a socket connects."""
        url = httpx.URL(self.address)
        assert url.port is not None
        return url.host, url.port

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> httpx.Response:
        """Send a query by POST."""
        return self.client.post("/sparql", data={"query": query}, headers={"Accept": accept})


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """Serve in a thread as long as the tests need it."""
    began = threading.Event()
    addresses: list[str] = []

    def begin(address: str) -> None:
        addresses.append(address)
        began.set()

    server = Listening(settings, begin)
    thread = threading.Thread(target=server.run, name="served")
    thread.start()
    assert began.wait(PATIENCE)
    served = Served(addresses[0], server.application.state.door)
    try:
        wait_until(lambda: served.client.get("/health").status_code == 200)
        yield served
    finally:
        served.client.close()
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def served(cache_of_the_tests: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The shipped tables, served as they are by default."""
    open_store().wait()
    log = tmp_path_factory.mktemp("served") / "access.log"
    with serving(Settings(ontology_folder(), port=0, log=log, long_seconds=300.0)) as found:
        yield found


@pytest.fixture(scope="session")
def on_a_cut(cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Settings]:
    """Settings of a server of a small cut of the tables."""
    open_store(cut).wait()
    folder = tmp_path_factory.mktemp("cut-served")

    def settle(**given: object) -> Settings:
        return Settings(cut, port=0, log=folder / "access.log", **given)  # type: ignore[arg-type]

    return settle


@pytest.fixture(scope="session")
def small(on_a_cut: Callable[..., Settings]) -> Iterator[Served]:
    """A small cut of the tables, served with little time and room."""
    with serving(
        on_a_cut(seconds=2.0, long_seconds=10.0, body_bytes=1 << 16, body_seconds=1.0)
    ) as found:
        yield found


@pytest.fixture(scope="module")
def near() -> Iterator[httpx.Client]:
    """A client of the shipped tables, whose work is done in this process."""
    with (
        pytest.MonkeyPatch.context() as patch,
        listening(near_application(patch, shipped_view)) as address,
        httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False) as client,
    ):
        yield client
