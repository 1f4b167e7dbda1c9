"""A year that is kept beside a store is, to the last digit, the one that was solved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.reconciliation import kept_year as kept
from monazite.findings.reconciliation.numbers import YearNumbers
from monazite.findings.reconciliation.year import ReconciledYear, reconcile_year
from tests.conftest import view_in_memory
from tests.findings.reconciliation.test_year import two_countries


class Beside:
    """A store that keeps what it is told to."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}

    def kept(self, question: str, work: object) -> bytes:
        assert callable(work)
        if question not in self.answers:
            self.answers[question] = work()
        return self.answers[question]


def test_what_is_read_is_what_was_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    store, numbers = Beside(), two_countries()
    first = kept.kept_year(numbers, store)  # type: ignore[arg-type]
    solved = reconcile_year(numbers)
    assert first.values == solved.values
    assert first.ranges == solved.ranges

    def refuse(_: YearNumbers) -> ReconciledYear:
        raise AssertionError("solved again")

    monkeypatch.setattr(kept, "reconcile_year", refuse)
    assert kept.kept_year(numbers, store) == first  # type: ignore[arg-type]
    (place, mined), *_ = numbers.mined.items()
    moved = replace(numbers, mined={**numbers.mined, place: mined.times(1.5)})
    with pytest.raises(AssertionError, match="solved again"):
        kept.kept_year(moved, store)  # type: ignore[arg-type]


def test_a_store_in_memory_keeps_nothing_and_answers() -> None:
    store = view_in_memory().store
    assert kept.kept_year(two_countries(), store).values
