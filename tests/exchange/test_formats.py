"""The formats by name, and the same bytes whatever the seed of the hashes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from monazite.errors import UnknownNameError
from monazite.exchange.formats import FORMS, find_form

WRITE_ALL = """
import hashlib
from monazite.exchange.formats import FORMS, write_files, write_network, write_selection
from monazite.exchange.selection import Selection, no_progress
from monazite.triples.names import find_entity
from monazite.view import load
view = load()
part = Selection(view, find_entity(view.store, "mountain-pass"))
network = view.network("Dy", "USA")
for name, form in FORMS.items():
    if form.kind == "network":
        content = write_network(form, network)
    elif form.kind == "folder":
        content = b"".join(write_files(form, part, no_progress).values())
    else:
        content = write_selection(form, part, no_progress)
    print(name, hashlib.sha256(content).hexdigest())
"""


@pytest.mark.parametrize("name", FORMS)
def test_each_format_has_a_writer(name: str) -> None:
    assert callable(find_form(name).writer)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("turtel", 'There is no format "turtel"; did you mean "turtle"?'),
        ("TTL", 'There is no format "TTL"; did you mean "turtle"?'),
        ("json-ld", 'There is no format "json-ld"; did you mean "jsonld"?'),
        ("", 'There is no format ""; formats are turtle, trig, nquads, jsonld, '),
        ("../x", 'There is no format "../x"; formats are turtle, '),
    ],
)
def test_an_unknown_format_is_told(word: str, said: str) -> None:
    with pytest.raises(UnknownNameError) as told:
        find_form(word)
    assert str(told.value).startswith(said)


def test_the_same_bytes_whatever_the_seed() -> None:
    found = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", WRITE_ALL],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    (text,) = found
    assert text.count("\n") == len(FORMS)
