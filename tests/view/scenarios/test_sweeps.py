"""Trials on processes and on a real Dask cluster: what one process finds, to the byte."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import monazite
from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.scenarios.trials import TrialFound
from monazite.view import View
from monazite.view.scenarios.sweeps import ViewRecipe, Work, check_workers, sweep, work

NAME, MARKET, MONTHS, TRIALS = "china-halt-1", ("USA",), 3, 6


@pytest.fixture(scope="module")
def view() -> View:
    return monazite.load()


@pytest.fixture(scope="module")
def serial(view: View) -> str:
    return view.scenario(NAME, markets=MARKET, months=MONTHS, draws=TRIALS, seed=3).to_json()


def run(view: View, workers: int | str, **given: Any) -> str:
    found = view.scenario(
        NAME, markets=MARKET, months=MONTHS, draws=TRIALS, seed=3, workers=workers, **given
    )
    return found.to_json()


@pytest.mark.whole
def test_two_processes_find_what_one_does(view: View, serial: str) -> None:
    told: list[float] = []
    assert run(view, 2, step=told.append) == serial
    assert told == pytest.approx([(at + 1) / TRIALS for at in range(TRIALS)])


def test_another_seed_finds_something_else(view: View, serial: str) -> None:
    other = view.scenario(NAME, markets=MARKET, months=MONTHS, draws=TRIALS, seed=4)
    assert other.to_json() != serial


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="the extra sweep is not installed")
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 10}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
        ) as found,
    ):
        yield found


@pytest.mark.whole
def test_a_cluster_finds_what_one_process_does(view: View, serial: str, cluster: Any) -> None:
    assert run(view, cluster.scheduler_address) == serial


@pytest.mark.whole
def test_nothing_is_lost_or_doubled_where_a_worker_is_killed(
    view: View, serial: str, cluster: Any
) -> None:
    """One of two workers is killed while it works; the cluster starts another, or does without."""
    killed: list[int] = []

    def kill() -> None:
        for _ in range(600):
            busy = cluster.scheduler.workers.values()
            pids = [
                worker.process.pid
                for worker in cluster.workers.values()
                if any(state.processing and state.nanny == worker.address for state in busy)
                or worker.process is not None
            ]
            if pids and any(state.processing for state in busy):
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    found = run(view, cluster.scheduler_address)
    killer.join()
    assert killed, "a worker was killed while trials were made"
    assert found == serial


def test_workers_with_other_tables_are_refused(view: View) -> None:
    recipe: ViewRecipe = view._recipe("MREE", 2024)
    other = replace(recipe, tables="000000000000")
    with pytest.raises(NotKnownError, match="A worker has other tables"):
        work(Work(other, (), 0, 1, 0))


def test_each_trial_comes_back_once_whatever_the_order(view: View) -> None:
    recipe: ViewRecipe = view._recipe("MREE", 2024)
    works = [Work(recipe, (), place, 4, 0) for place in range(4)]
    found = sweep(works, 2, lambda _: None)
    assert [each.place for each in found] == [0, 1, 2, 3]
    assert all(isinstance(each, TrialFound) for each in found)


@pytest.mark.parametrize("workers", ["two", "0", "257", -1, "udp://x", "1.5", "9" * 40])
def test_what_is_no_number_of_workers_is_refused(workers: int | str) -> None:
    with pytest.raises(UnknownNameError, match="Workers are a number, 1 to 256, or a cluster"):
        check_workers(workers)


def test_a_cluster_that_is_not_there_is_told(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monazite.view.scenarios.sweeps.PATIENCE", "1s")
    with pytest.raises(NotKnownError, match=r"The cluster tcp:.* does not answer"):
        run(view, "tcp://127.0.0.1:9")
