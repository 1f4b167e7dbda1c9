"""Every public name can be imported, is documented, and ``import monazite`` stays light."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import FunctionType

import pytest

import monazite
from monazite import errors
from monazite.result import Result


@pytest.mark.parametrize("name", monazite.__all__)
def test_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(monazite, name)
    if inspect.isclass(found) or inspect.isfunction(found):
        assert inspect.getdoc(found)
    else:
        assert (name, type(found)) == ("__version__", str)


def test_public_methods_of_the_view_are_documented() -> None:
    fields = {field.name for field in dataclasses.fields(monazite.View)}
    members = inspect.getmembers(monazite.View)
    public = [name for name, found in members if name[0] != "_" and not inspect.getdoc(found)]
    assert set(public) <= fields
    assert [name for name in fields if f"{name}: " not in str(inspect.getdoc(monazite.View))] == []


def promised_functions() -> dict[str, object]:
    """What is promised, by the name under which a reader calls it."""
    found: dict[str, object] = {
        f"monazite.{name}": getattr(monazite, name)
        for name in monazite.__all__
        if inspect.isfunction(getattr(monazite, name))
    }
    for kind in (monazite.View, Result):
        for name in dir(kind):
            held = inspect.getattr_static(kind, name)
            if name[0] != "_" and isinstance(held, FunctionType | property | cached_property):
                found[f"{kind.__name__}.{name}"] = held
    return found


NAMES_OF_THE_READER = {"element", "market", "name", "line", "stage", "question", "term"}
"""Parameters that a reader may spell wrongly: what takes one says what is raised then."""
WATCHERS = {"self", "step", "progress"}


def sections_lacking(name: str, function: Callable[..., object]) -> list[str]:
    """What the docstring of a promised function does not say."""
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    taken = {each for each in signature.parameters if each not in WATCHERS}
    lacking = [each for each in taken if not re.search(rf"^ +\**{each}: ", text, re.MULTILINE)]
    wanted = {"Args": bool(taken), "Returns": signature.return_annotation != "None"}
    wanted["Raises"] = bool(taken & NAMES_OF_THE_READER) or raises(function)
    lacking += [
        section
        for section, wants in wanted.items()
        if wants and not re.search(rf"^{section}:$", text, re.MULTILINE)
    ]
    if taken & NAMES_OF_THE_READER and "UnknownNameError: " not in text:
        lacking.append("UnknownNameError")
    if not name.startswith("Result.") and ">>> " not in text:
        lacking.append("an example")
    return lacking


def raises(function: Callable[..., object]) -> bool:
    """Whether the body raises an error on purpose, as all of ours stand in one tree."""
    body = ast.parse(textwrap.dedent(inspect.getsource(function)))
    raised = [node.exc for node in ast.walk(body) if isinstance(node, ast.Raise)]
    names = {getattr(getattr(error, "func", error), "id", "") for error in raised}
    return any(hasattr(errors, each) for each in names)


@pytest.mark.parametrize("name", sorted(promised_functions()))
def test_a_promised_function_says_what_it_takes_gives_and_raises(name: str) -> None:
    found = promised_functions()[name]
    if inspect.isfunction(found):
        assert sections_lacking(name, found) == []
    else:
        first = (inspect.getdoc(found) or "").partition("\n")[0]
        assert re.match(r"[A-Z].*[.:;`\w]$", first), name


def test_names_are_sorted_and_listed() -> None:
    assert sorted(monazite.__all__) == sorted(set(monazite.__all__)) == dir(monazite)


GUARDS = {
    ("__init__.py", "AttributeError"): "what Python asks of a module",
    ("result.py", "TypeError"): "what Python asks of a value that cannot change",
    ("result.py", "NotImplementedError"): "a class without its method",
    **dict.fromkeys(
        [
            *(("files.py", f"{kind}Error") for kind in ("OS", "Value", "IsADirectory")),
            *(("files.py", f"{kind}Error") for kind in ("Permission", "NotADirectory")),
            *((f"{file}.py", "OSError") for file in ("leftovers",)),
            *(("folders.py", f"{kind}Error") for kind in ("Value", "Permission")),
            ("folders.py", "NotADirectoryError"),
        ],
        "what the system would say; caught beside it",
    ),
    **dict.fromkeys(
        ((f"rows/xlsx/{name}.py", "ValueError") for name in ("parts", "sheet_cells")),
        "a part that no workbook has; caught where it is read",
    ),
    ("cli/app.py", "KeyError"): "what Python asks of a mapping",
    ("serve/guards.py", "ConnectionError"): "what the server asks of a client that left",
    ("serve/guards.py", "ValueError"): "a length that is none; caught beside it",
    ("serve/workers/worker.py", "RuntimeError"): "a mistake in this code, as its worker told it",
    ("assistants/server.py", "MCPError"): "what the protocol asks of a refusal",
    ("triples/cache.py", "ValueError"): "a damaged cache, which is written anew",
    ("triples/packed.py", "OSError"): "a damaged cache, which is written anew",
    ("findings/losses/released_ranges.py", "ValueError"): "no range, but what a release wrote",
    ("findings/scenarios/released/outcomes.py", "ValueError"): "no outcome that a release wrote",
    ("triples/remote/manifest.py", "ValueError"): "no record of a store; caught beside it",
    **dict.fromkeys(
        [(f"pages/explorer/{file}.py", "ValueError") for file in ("pieces", "verification")],
        "no block of a page; caught where it is verified",
    ),
    ("pages/drawing/policy.py", "ValueError"): "a mistake in this code: a page has a policy",
    ("view/explorer/elements.py", "LookupError"): "what is not kept; caught beside it",
    ("findings/linear_programme.py", "IndexError"): "a mistake in this code",
    ("findings/linear_programme.py", "ValueError"): "a mistake in this code",
}
"""Errors outside the tree, which no reader meets, with what they are for."""


def test_errors_draw_their_tree() -> None:
    classes = inspect.getmembers(errors, inspect.isclass)
    children = [name for name, found in classes if issubclass(found, errors.MonaziteError)]
    assert [name for name in children if name not in (errors.__doc__ or "")] == []


def test_all_errors_of_the_package_stand_in_the_tree() -> None:
    package = Path(monazite.__file__).parent
    defined, raised = set(), set()
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {getattr(base, "id", "") for base in node.bases}
                if any(base.endswith(("Error", "Exception")) for base in bases):
                    defined.add(name)
            elif isinstance(node, ast.Raise):
                error = getattr(getattr(node.exc, "func", node.exc), "id", "")
                if error.endswith("Error") and not hasattr(errors, error):
                    raised.add((name, error))
    assert defined == {"errors.py"}
    assert raised == set(GUARDS)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = monazite.nope


def test_import_is_light() -> None:
    slow = ("networkx", "pyvis", "pyoxigraph", "rdflib", "typer", "pyshacl", "matplotlib")
    code = f"import sys, monazite; print(sorted(set({slow!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
