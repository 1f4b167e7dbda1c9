"""A reader's own query in its child: what it is told, and what comes back as a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import LimitError, QueryError
from monazite.limited_process import Finished, Limits
from monazite.rows.filters import Filters
from monazite.triples import query_process
from monazite.triples.query_process import run_guarded


def test_what_the_child_says_is_a_fault_of_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Finished:
        raise LimitError("The query was stopped after 7 seconds; narrow it.")

    monkeypatch.setattr(query_process, "run_limited", fail)
    with pytest.raises(QueryError, match=r"^The query was stopped after 7 seconds; narrow it\.$"):
        run_guarded("ASK {}", Path(), cache=False, rows=1, limits=Limits(7))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(QueryError, match="half of a character"):
        run_guarded("ASK { ?s ?p '\ud800' }", Path(), cache=False, rows=1, limits=Limits(7))


def test_the_child_is_told_of_the_view(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[dict[str, object]] = []

    def take(module: str, words: dict[str, object], *_: object, **__: object) -> Finished:
        told.append(words)
        return Finished(b"", ())

    monkeypatch.setattr(query_process, "run_limited", take)
    filters = Filters(valid="2025-05-15", tier=2, without=("table:baci",))
    run_guarded("ASK {}", tmp_path, filters=filters, cache=True, rows=5, limits=Limits(7))
    assert told == [
        {
            "ontology": str(tmp_path),
            "data": None,
            "filters": {
                "valid": "2025-05-15",
                "known": None,
                "tier": 2,
                "without": ("table:baci",),
            },
            "reason": None,
            "cache": True,
            "rows": 5,
            "wanted": "answer",
            "copy": None,
        }
    ]
