"""The public promise: what it names, that it is there, and the pages that are written from it.

The promise is ``tests/golden/public-api.txt``. After a change that CONTRIBUTING.md allows, write
it anew with ``MONAZITE_UPDATE_API=1``, and say in the changelog what changes for the reader.
"""

from __future__ import annotations

import inspect
import os
import textwrap
from pathlib import Path

import pytest

import monazite
from tests.reference_pages import FOLDER, build

ROOT = Path(__file__).resolve().parents[1]
PROMISE = Path(__file__).parent / "golden" / "public-api.txt"


def test_what_is_promised_is_kept() -> None:
    lines = (
        textwrap.fill(line, 96, subsequent_indent="    ", break_on_hyphens=False)
        for line in build.promise()
    )
    today = "\n".join([*lines, ""])
    if os.environ.get("MONAZITE_UPDATE_API") == "1":
        PROMISE.write_text(today, encoding="utf-8")
    assert today == PROMISE.read_text(encoding="utf-8")


def test_public_names_are_sorted_there_and_documented() -> None:
    assert sorted(monazite.__all__) == sorted(set(monazite.__all__)) == dir(monazite)
    found = {name: getattr(monazite, name) for name in monazite.__all__}
    assert isinstance(found.pop("__version__"), str)
    assert [name for name, each in found.items() if not inspect.getdoc(each)] == []
    members = {**build.verbs(), **{name: found[name] for name in build.functions()}}
    assert [name for name, each in members.items() if not inspect.getdoc(each)] == []


def test_help_of_a_result_tells_what_its_fields_hold() -> None:
    told = inspect.getdoc(monazite.Chokepoints) or ""
    assert "\nAttributes:\n    view: the view it was found in;" in told
    assert "    stages: who leads each stage, and how concentrated it is.\n" in told


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        getattr(monazite, "nope")  # noqa: B009 - the checker knows that it is not there


def test_the_reference_is_in_step() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")}
    stale = [name for name, text in build.pages().items() if kept.pop(name, "") != text]
    stale += [
        place.name for place, text in build.generated().items() if place.read_text("utf-8") != text
    ]
    assert (stale, kept) == ([], {}), "run examples/reference/build.py examples/reference"
