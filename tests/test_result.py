"""Results: frozen to the core, hashed by value, and the same after a copy."""

from __future__ import annotations

import pickle
from copy import deepcopy
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.result import Frozen, Result, Value, frozen

TREES = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=2), each, max_size=3)
    ),
    max_leaves=8,
)


@dataclass(frozen=True)
class Part(Value):
    shares: dict[str, list[float]]


@dataclass(frozen=True)
class Whole(Result):
    parts: tuple[Part, ...]
    more: dict[str, object]


def whole() -> Whole:
    return Whole((Part({"CHN": [0.9, 1.0]}),), {"a": {"b": [1]}}, notes=["A note."])  # type: ignore[arg-type]


@given(TREES)
def test_whatever_is_frozen_hashes_and_is_equal_to_its_copy(tree: Any) -> None:
    value = frozen(tree)
    assert hash(value) == hash(frozen(deepcopy(tree)))
    assert value == frozen(deepcopy(tree)) == frozen(value)
    assert pickle.loads(pickle.dumps(value)) == deepcopy(value) == value


def test_a_result_holds_nothing_that_could_be_changed() -> None:
    found = whole()
    assert (hash(found), {found}) == (hash(whole()), {whole()})
    assert found.notes == ("A note.",)
    with pytest.raises(FrozenInstanceError):
        found.more = {}  # type: ignore[misc]
    with pytest.raises(TypeError, match="make a dict of it first"):
        found.more["a"] = 1
    with pytest.raises(TypeError, match="make a dict of it first"):
        found.parts[0].shares.update({})
    assert isinstance(found.parts[0].shares["CHN"], tuple)


@pytest.mark.parametrize("verb", ["clear", "pop", "popitem", "setdefault", "update"])
def test_no_verb_of_a_dict_changes_a_frozen_one(verb: str) -> None:
    with pytest.raises(TypeError, match="a result cannot be changed"):
        getattr(Frozen({"a": 1}), verb)("a")
