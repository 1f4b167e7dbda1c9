"""The words of a command line and the arguments of a model: an answer, or one sentence."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.cli import main
from monazite.core.errors import UnknownNameError
from monazite.core.formats import first_hidden
from monazite.server.assistants.server import check_arguments
from monazite.server.assistants.tools import offers
from monazite.store import opening
from monazite.store.opening import open_store
from monazite.store.store import Store
from tests.fuzz.target import HOSTILE_TEXT, NUMBERS, Target, edited, require
from tests.small_ontology import write_cut

LINES = (
    "show {}",
    "ask {}",
    "ask who --group {}",
    "parents {}",
    "parents mountain-pass --valid {}",
    "claims {}",
    "claims -e {}",
    "timeline -e {}",
    "timeline --country {}",
    "timeline --since {}",
    "alignments {}",
    "info -e {}",
    "info -f {}",
    "query {}",
    "query owners -p {}",
    "query policies-in-force -p date={}",
    "query policies-on-element -p element={}",
    "query owners -p facility={}",
    "concentration -e {}",
    "concentration --since {}",
    "conflicts --kind {}",
    "balance -e {} -m USA",
    "balance -e Dy -m {}",
    "balance -e Dy -y {}",
    "chokepoints -e {}",
    "chokepoints -e Dy -m {}",
    "chokepoints --horizon {}",
    "chokepoints --event {}",
    "chokepoints --approval {}",
    "cuts -e Dy -m {}",
    "cuts --size {}",
    "doubt -e {}",
    "diff {}",
    "diff {} .",
    "new-table {}",
    "contribute {}",
    "release --issued {} no-folder",
    "figure {}",
    "graph -e {} -",
    "export {}",
    "verify {}",
    "reproduce {}",
    "show mountain-pass --valid {}",
    "show mountain-pass --known {}",
    "show mountain-pass --tier {}",
    "show mountain-pass --without {}",
    "show mountain-pass --data {}",
    "show mountain-pass --tables {}",
    "{} Dy",
    "show --{} Dy",
)
"""Where on a command line a reader's words stand."""
KNOWN = (
    *("Dy", "NdPr", "USA", "mountain-pass", "2025-06", "2010", "1", "lynas", "usgs", "prices/a"),
    "-",
)


def commands(folder: Path) -> Target:
    """A command of which one word is anything; it asks a small cut of the tables."""
    ontology = folder / "cut"
    ontology = ontology if ontology.exists() else write_cut(ontology)
    kept: dict[object, Store] = {}

    def open_once(*_: object, filters: object = None, data: object = None, **__: object) -> Store:
        if data is not None:
            return open_store(ontology, data=data, filters=filters, cache=False)  # type: ignore[arg-type]
        if filters not in kept:
            kept[filters] = open_store(ontology, filters=filters, cache=False)  # type: ignore[arg-type]
        found = kept[filters]
        if len(kept) > 8:
            kept.clear()
        return found

    def check(words: list[str]) -> None:
        with (
            mock.patch("monazite.view.own_tables.ontology_folder", return_value=ontology),
            mock.patch("monazite.view.opening.open_store", open_once),
            mock.patch.object(opening, "is_built", return_value=True),
            contextlib.chdir(folder),
        ):
            check_command(words)

    return Target(command_lines(), check, seconds=20)


@st.composite
def command_lines(draw: DrawFn) -> list[str]:
    pieces = ("--", "-", "=", "/", "..", "row:", "source:", "\n", '"', "today", "|")
    word = st.one_of(edited(KNOWN, pieces, most=2), HOSTILE_TEXT, NUMBERS)
    return [
        draw(word) if part == "{}" else part.replace("{}", draw(word)) if "{}" in part else part
        for part in draw(st.sampled_from(LINES)).split()
    ]


def check_command(words: list[str]) -> None:
    """Run a command in this process, as the terminal would, and look at what it leaves behind."""
    words = [word.replace("\x00", "") for word in words]  # a terminal sends none
    with streams() as (out, err), mock.patch.object(sys, "argv", ["monazite", *words]):
        code: object = 0
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code or 0
    told = err.getvalue().decode()
    require(code in {0, 1, 2}, f"exit {code}")
    require("Traceback" not in told, "a traceback")
    if code == 2:
        require(out.getvalue() == b"", "data of a command that could not do it")
        require(told.strip(), "no sentence")


@contextlib.contextmanager
def streams() -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    held = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding="utf-8", write_through=True) for each in held)
    given = io.TextIOWrapper(io.BytesIO(b""), encoding="utf-8")
    with (
        mock.patch.object(sys, "stdin", given),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        yield held
        out.flush()
        err.flush()
        out.detach()
        err.detach()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda held: (
        st.lists(held, max_size=4) | st.dictionaries(st.text(max_size=8), held, max_size=4)
    ),
    max_leaves=12,
)


def arguments(folder: Path) -> Target:
    del folder
    names = sorted({name for each in offers().values() for name in each.parameters})
    keys = st.sampled_from([*names, "valid", "tier", "without", "part", "limit"]) | st.text()

    def check(given: tuple[str, dict[str, Any]]) -> None:
        tool, asked = given
        try:
            taken = check_arguments(offers()[tool], asked)
        except UnknownNameError as error:
            require("\n" not in str(error) and not first_hidden(str(error)), "one line, all seen")
        else:
            require(taken.items() <= asked.items(), "other arguments")

    return Target(
        st.tuples(st.sampled_from([*offers()]), st.dictionaries(keys, _JSON, max_size=5)), check
    )
