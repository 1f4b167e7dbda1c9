"""CONTRIBUTING says what the house is: its map, the direction of imports, files that are there.

``MONAZITE_UPDATE_MAP=1`` writes the map anew.
"""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import monazite

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
PACKAGE = Path(monazite.__file__).parent
TITLES = {
    "monazite": "The house",
    "monazite.findings": "Rooms of `findings/`",
    "monazite.pages": "Rooms of `pages/`",
}


def layers_of(container: str) -> list[str]:
    """The layers of a container in the contracts of imports, from the top down."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = told["tool"]["importlinter"]["contracts"]
    (layers,) = [each["layers"] for each in contracts if each.get("containers") == [container]]
    return [str(layer) for layer in layers]


def sentence_of(path: Path) -> str:
    """The sentence with which a room or a module says what it is for."""
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return told.partition("\n\n")[0].replace("\n", " ")


def lines_of(container: str) -> Iterator[str]:
    """The rooms of a container as a table, in the order of their layers."""
    folder = PACKAGE.joinpath(*container.split(".")[1:])
    yield "| layer | room | what it is for |"
    yield "| ---: | --- | --- |"
    for number, layer in enumerate(reversed(layers_of(container)), 1):
        for name in layer.split(" | "):
            room = folder / name / "__init__.py"
            is_room = room.is_file()
            told = sentence_of(room if is_room else folder / f"{name}.py")
            yield f"| {number} | `{name}{'/' if is_room else '.py'}` | {told} |"


def expected() -> str:
    """The map of the house."""
    parts = [f"**{title}**\n\n" + "\n".join(lines_of(each)) for each, title in TITLES.items()]
    return "\n\n".join(parts)


def test_the_map_is_that_of_the_house() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(r"^\*\*The house\*\*$.*?(?=\n\n[^|*\n])", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    if os.environ.get("MONAZITE_UPDATE_MAP") == "1":
        PAGE.write_text(text.replace(found[0], expected()), encoding="utf-8")
        return
    assert found[0] == expected(), "MONAZITE_UPDATE_MAP=1 pytest tests/test_contributing.py"


def test_every_room_is_on_the_map() -> None:
    for container in TITLES:
        folder = PACKAGE.joinpath(*container.split(".")[1:])
        there = {path.parent.name for path in folder.glob("*/__init__.py")}
        there |= {path.stem for path in folder.glob("*.py") if path.name != "__init__.py"}
        listed = {name for each in layers_of(container) for name in each.split(" | ")}
        assert not there ^ listed, f"layers of {container} in pyproject.toml: {there ^ listed}"


def test_every_file_it_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:graph|tests|ontology|examples)/[\w/.-]+)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
