"""Every public name can be imported, is documented, and ``import monazite`` stays light."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import monazite
from monazite import errors


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


def test_names_are_sorted_and_listed() -> None:
    assert sorted(monazite.__all__) == sorted(set(monazite.__all__)) == dir(monazite)


GUARDS = {
    ("__init__.py", "AttributeError"): "what Python asks of a module",
    ("result.py", "TypeError"): "what Python asks of a value that cannot change",
    ("result.py", "NotImplementedError"): "a class without its method",
    ("files.py", "PermissionError"): "what the system would say; caught beside it",
    ("triples/chunks.py", "ValueError"): "a damaged cache, which is written anew",
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
