"""Exports from Python: the bytes that the command writes, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnknownNameError
from monazite.exchange.formats import EXPORT_FORMATS
from monazite.view import load
from tests.cli.conftest import Run

PART = "lynas-malaysia-kuantan"


@pytest.mark.parametrize("name", ["turtle", "jsonld", "ftm"])
def test_the_bytes_are_those_of_the_command(name: str, run: Run) -> None:
    told: list[float] = []
    content = load().export(name, PART, progress=told.append)
    assert isinstance(content, bytes)
    assert run("export", name, PART).out.encode() == content
    assert all(0 <= share <= 1 for share in told)


def test_a_folder_is_files_by_name(run: Run, tmp_path: Path) -> None:
    files = load().export("csv", PART)
    assert isinstance(files, dict)
    run("export", "csv", PART, "-o", str(tmp_path))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == files


def test_a_network_takes_element_and_market(run: Run) -> None:
    content = load().export("graphml", element="Dy", market="USA")
    assert isinstance(content, bytes)
    assert run("export", "graphml", "-e", "Dy", "-m", "USA").out.encode() == content


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"format": "turtel"}, "did you mean"),
        ({"format": "gexf", "name": "Dy"}, "is the network of an element"),
        ({"format": "csv", "element": "Dy"}, "takes an entity"),
        ({"format": "csv", "name": "kuantam"}, 'There is no name "kuantam"'),
    ],
)
def test_what_cannot_be_is_told(words: dict[str, str], said: str) -> None:
    assert set(EXPORT_FORMATS) > {"turtle"}
    with pytest.raises(UnknownNameError, match=said):
        load().export(**words)  # type: ignore[arg-type]
