"""Verbs tell their types, and what they hand over is frozen."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from monazite.core.results import Frozen, Result
from tests.reference_pages import build
from tests.results import is_own, own_results

SHARED = {field.name for field in dataclasses.fields(Result)} | {
    *("records", "row_keys", "content", "tables", "to_dict", "to_dataframe")
}

Functions = Mapping[str, Callable[..., object]]


@cache
def names_in(home: str) -> dict[str, object]:
    """What an annotation in a module may name: also what is imported for annotations only."""
    module = sys.modules[home]
    names = dict(vars(module))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), module.__name__, "exec"), names)
    return names


@cache
def all_functions() -> Functions:
    """Verbs and public functions, but for ``graph``, whose network only a type checker reads."""
    return {**build.verbs(), **{x: y for x, y in build.functions().items() if x != "graph"}}


PARAMETERS = names_in("monazite.asking.question")


def test_verbs_tell_their_types() -> None:
    for name, verb in all_functions().items():
        hints = typing.get_type_hints(verb, PARAMETERS | names_in(verb.__module__))
        assert {*hints} == {*build.parameters_of(verb), "return"}, name


def fields_of(kind: type[Result]) -> dict[str, str]:
    return {each.name: str(each.type) for each in dataclasses.fields(kind)}


def test_a_result_is_a_frozen_value_with_what_all_have() -> None:
    for name, kind in own_results().items():
        params: Any = kind.__dict__["__dataclass_params__"]
        assert params.frozen, name
        assert kind.__hash__ not in (None, object.__hash__), name
        own = {each for base in kind.__mro__ if is_own(base) for each in vars(base)}
        assert "tables" in own, name
        assert {each for each in SHARED if not hasattr(kind, each)} <= {*fields_of(kind)}, name
        mutable = [x for x, told in fields_of(kind).items() if re.match(r"(list|dict|set)\b", told)]
        assert mutable == [], name


def test_whatever_a_finding_hands_over_its_result_is_frozen_and_hashes() -> None:
    for name, kind in own_results().items():
        if kind.__post_init__ is not Result.__post_init__:
            continue
        held: dict[str, Any] = {each: {"key": [1, {2}]} for each in fields_of(kind)}
        made = kind(**held)
        assert hash(made) == hash(kind(**held)), name
        assert all(isinstance(getattr(made, each), Frozen) for each in held), name
