"""A briefing as a value: what it holds cannot be changed, and a copy writes the same page."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass

import pytest

from monazite.pages.brief.briefing import Briefing
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return view_in_memory().brief("Sm")


def changeable(value: object, place: str) -> Iterator[str]:
    """Where a value holds what could be changed; a network is one of networkx."""
    if type(value) in {dict, list, set}:
        yield place
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from changeable(getattr(value, each.name), f"{place}.{each.name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from changeable(item, f"{place}[{key}]")
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from changeable(item, f"{place}[]")


def test_nothing_that_it_was_written_from_can_be_changed(briefing: Briefing) -> None:
    assert [*changeable([1], "it"), *changeable(briefing, "briefing")] == ["it"]
    assert hash(briefing.found) == hash(deepcopy(briefing.found))


def test_it_has_the_assumptions_and_notes_of_its_report(briefing: Briefing) -> None:
    report = view_in_memory().chokepoints("Sm")
    assert briefing.assumptions == report.assumptions != ()
    assert briefing.notes == report.notes != ()


@pytest.mark.whole
def test_a_copy_writes_the_same_page(briefing: Briefing) -> None:
    for copied in (pickle.loads(pickle.dumps(briefing)), deepcopy(briefing)):
        assert copied == briefing
        assert copied.found == briefing.found
        assert copied.html() == briefing.html()
