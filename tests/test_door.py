"""One door: a finding has its verb, its command and its row in the README, or fails.

What is missing is said in a sentence each, so that one can work down the list.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import monazite
import monazite.cli
from monazite.core.results import Frozen, Result
from tests.reference_pages import build
from tests.results import is_own, own_results
from tests.test_readme import ASKED

OF_OTHERS = {"CutsAndFixes", "Triples", "YesOrNo"}
"""Results that are kinds or pairs of others, which a verb returns under their names."""
NO_COMMAND = {"describe", "evidence", "reason", "store_of"}
"""Verbs that serve commands and other verbs."""
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


@cache
def returned() -> set[type]:
    found: set[type] = set()
    for function in all_functions().values():
        told = typing.get_type_hints(function, names_in(function.__module__))["return"]
        kinds = (told, *typing.get_args(told))
        found |= {x for x in kinds if isinstance(x, type) and issubclass(x, Result)}
    return found


def missing_of_result(kind: type) -> Iterator[str]:
    """What a result lacks, in sentences."""
    if kind not in returned():
        yield (
            f"{kind.__name__} is returned by no verb: write a method of View in the file of the "
            "view for its row of README."
        )
    if kind.__name__ not in monazite.__all__:
        yield f"{kind.__name__} cannot be imported for annotations: add it to monazite/__init__.py."


def test_every_result_has_its_verb_and_its_name() -> None:
    kinds = {name: kind for name, kind in own_results().items() if name not in OF_OTHERS}
    lacks = [said for kind in kinds.values() for said in missing_of_result(kind)]
    assert not lacks, "\n".join(lacks)
    New = dataclasses.make_dataclass("New", ["share"], bases=(Result,), frozen=True)  # noqa: N806
    assert len([*missing_of_result(New)]) == 2


def test_every_verb_has_its_command_and_every_command_its_row_of_the_readme() -> None:
    folder = Path(monazite.cli.__file__).parent
    commands = "\n".join(file.read_text("utf-8") for file in sorted(folder.rglob("*.py")))
    unasked = {verb for verb in build.verbs() if not re.search(rf"\.{verb}\b", commands)}
    assert unasked == NO_COMMAND, "write a command that asks it"
    unnamed = {*build.commands()} - set().union(*ASKED.values())
    assert unnamed == set(), 'add it to the table "you ask" of README.md'


def test_verbs_tell_their_types() -> None:
    for name, verb in all_functions().items():
        hints = typing.get_type_hints(verb, names_in(verb.__module__))
        assert {*hints} == {*build.parameters_of(verb), "return"}, name


def fields_of(kind: type[Result]) -> dict[str, str]:
    return {each.name: str(each.type) for each in dataclasses.fields(kind)}


def test_a_result_is_a_frozen_value_with_what_all_have() -> None:
    for name, kind in own_results().items():
        params: Any = kind.__dict__["__dataclass_params__"]
        assert params.frozen, name
        assert kind.__hash__ not in (None, object.__hash__), name
        own = {each for base in kind.__mro__ if is_own(base) for each in vars(base)}
        assert {"content", "tables"} <= own, name
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
