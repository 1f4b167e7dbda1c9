"""Losses that are kept beside a store are, to the last digit, those that were worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import BASE_YEAR, Event
from monazite.findings.flow_model.study import Study
from monazite.findings.losses import kept_losses as kept
from monazite.findings.losses.measure import Measure
from monazite.kept import Kept
from monazite.parameters import Contingency
from tests.conftest import view_in_memory
from tests.findings.sample import two_countries

EVENTS = [Event({("mine", "A"): 0.5}), Event(), Event(sales={("*", "A", "*", "*"): 0.0})]


class Beside:
    """A store that keeps in a folder what it is told to."""

    def __init__(self, folder: Path) -> None:
        self._answers = Kept(folder)

    def kept(self, question: str, work: Callable[[], bytes]) -> bytes:
        found = self._answers.read(question)
        if found is None:
            found = work()
            self._answers.keep(question, found)
        return found


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path / "answers")


def measure_of(chain: Chain, *, trade: float = 1.0, full: bool = False) -> Measure:
    horizon = replace(BASE_YEAR, trade=trade)
    return Measure(Study(chain, horizon, ("NdPr",), Contingency(), "A"), full)


def refuse(*_: object) -> Mapping[tuple[str, str], float]:
    raise AssertionError("worked out again")


def test_what_is_read_is_what_was_worked_out(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = measure_of(two_countries(), full=True)
    first = kept.kept_losses(measure, EVENTS, beside)  # type: ignore[arg-type]
    assert first == [measure.of_event(EVENTS[0]), None, measure.of_event(EVENTS[2])]
    assert first[0] != first[2]
    monkeypatch.setattr(Measure, "of_event", refuse)
    again = kept.kept_losses(measure_of(two_countries(), full=True), EVENTS, beside)  # type: ignore[arg-type]
    assert again == first


@pytest.mark.parametrize(
    ("measure", "events"),
    [
        (measure_of(replace(two_countries(), year=1)), EVENTS),
        (measure_of(two_countries(), trade=1.5), EVENTS),
        (measure_of(two_countries(), full=True), EVENTS),
        (measure_of(two_countries()), EVENTS[::-1]),
        (measure_of(two_countries()), [*EVENTS, Event({("metal", "A"): 0.5})]),
    ],
)
def test_another_question_is_another_answer(
    beside: Beside, measure: Measure, events: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.kept_losses(measure_of(two_countries()), EVENTS, beside)  # type: ignore[arg-type]
    monkeypatch.setattr(Measure, "of_event", refuse)
    with pytest.raises(AssertionError, match="worked out again"):
        kept.kept_losses(measure, events, beside)  # type: ignore[arg-type]


@pytest.mark.parametrize("damage", [b"", b"[[0.9, 0.9, [], '', 0.9, null]]", b"x" * 200])
def test_a_file_that_is_not_what_was_written_is_not_believed(
    beside: Beside, tmp_path: Path, damage: bytes
) -> None:
    measure = measure_of(two_countries())
    first = kept.kept_losses(measure, EVENTS, beside)  # type: ignore[arg-type]
    files = [*(tmp_path / "answers").iterdir()]
    assert files
    for file in files:
        file.write_bytes(damage)
    assert kept.kept_losses(measure, EVENTS, beside) == first  # type: ignore[arg-type]


def test_what_the_base_year_serves_is_kept_too(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = two_countries()
    first = kept.kept_demand(chain, beside)  # type: ignore[arg-type]
    assert first == Study(chain, BASE_YEAR, ("NdPr",), Contingency()).demand
    monkeypatch.setattr(kept, "demand_of", refuse)
    assert kept.kept_demand(two_countries(), beside) == first  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="worked out again"):
        kept.kept_demand(replace(chain, year=1), beside)  # type: ignore[arg-type]


def test_a_store_in_memory_keeps_nothing_and_answers() -> None:
    assert kept.kept_demand(two_countries(), view_in_memory().store)
