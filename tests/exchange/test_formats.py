"""The formats by name, and the same bytes whatever the seed of the hashes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monazite.errors import UnknownNameError
from monazite.exchange.formats import (
    EXPORT_FORMATS,
    find_format,
    write_files,
    write_network,
    write_selection,
)
from monazite.exchange.selection import Selection
from monazite.progress import do_nothing
from monazite.triples.names import find_entity
from monazite.view import View
from tests.conftest import view_in_memory


def digests(view: View) -> Iterator[str]:
    """What every format makes of a part of a view, in short."""
    part = Selection(view, find_entity(view.store, "mountain-pass"))
    network = view.network("Dy", "USA")
    for name, form in EXPORT_FORMATS.items():
        if form.kind == "network":
            content = write_network(form, network)
        elif form.kind == "folder":
            content = b"".join(write_files(form, part, do_nothing).values())
        else:
            content = write_selection(form, part, do_nothing)
        yield f"{name} {hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_each_format_has_a_writer(name: str) -> None:
    assert callable(find_format(name).writer)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("turtel", 'There is no format "turtel"; did you mean "turtle"?'),
        ("TTL", 'There is no format "TTL"; did you mean "turtle"?'),
        ("json-ld", 'There is no format "json-ld"; did you mean "jsonld"?'),
        ("", 'There is no format ""; formats are turtle, trig, nquads, canonical, '),
        ("../x", 'There is no format "../x"; formats are turtle, '),
    ],
)
def test_an_unknown_format_is_told(word: str, said: str) -> None:
    with pytest.raises(UnknownNameError) as told:
        find_format(word)
    assert str(told.value).startswith(said)


@pytest.mark.whole
def test_the_same_bytes_whatever_the_seed() -> None:
    there = (
        "from tests.exchange.test_formats import digests; import monazite;"
        "print(*digests(monazite.load()), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", there],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    here = list(digests(view_in_memory()))
    assert done.stdout.splitlines() == here
    assert len(here) == len(EXPORT_FORMATS)
