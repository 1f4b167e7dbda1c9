"""Questions that are answered when a store is built: the same answers as those of its engine."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.rows.filters import Filters
from monazite.triples.opening import open_store
from monazite.triples.queries import ask, read_query
from monazite.triples.ready import NEWS, write_answers
from monazite.triples.store import ANSWERS, RELEASE, Store

ASKED = ("claim-links", "claim-responses", "claim-statements")


def test_they_are_those_that_say_so_and_need_nothing(tmp_path: Path) -> None:
    write_answers(Store(ox.Store()), tmp_path)
    texts = [read_query(name).text for name in ASKED]
    assert all(read_query(name).parameters == () for name in ASKED)
    index = tmp_path / ANSWERS[1]
    assert (index.stat().st_size - 8) // 32 == len([RELEASE, NEWS, *texts])


@pytest.mark.parametrize("filters", [None, Filters(tier=2)])
def test_they_need_no_engine(
    cut: Path, tmp_path: Path, filters: Filters | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    built = open_store(cut, filters=filters)
    built.wait()
    right = open_store(cut, filters=filters, cache=False)

    def refuse(*_: object) -> None:
        raise AssertionError("the engine was opened")

    monkeypatch.setattr(ox.Store, "read_only", refuse)
    kept = open_store(cut, filters=filters)
    for question in (RELEASE, NEWS):
        assert [str(row) for row in kept.select(question)] == [
            str(row) for row in right.select(question)
        ]
    for name in ASKED:
        assert ask(kept, name) == ask(right, name)
