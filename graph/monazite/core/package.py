"""What the package ships, and by which names the store finds what analyses work out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from monazite.core.errors import UnreadableError

Finder: TypeAlias = Callable[[Any, str], Iterable[Sequence[str]]]
_REGISTRY: list[Callable[[], Mapping[str, Finder]]] = []


def register(find: Callable[[], Mapping[str, Finder]]) -> None:
    """Say how what is worked out is found; it is asked when first something is needed."""
    _REGISTRY[:] = [find]


def registered(name: str) -> Finder:
    """Return what works out something."""
    return _REGISTRY[0]()[name]


VERSION = "0.3.0"


@cache
def hash_of(*modules: str) -> str:
    """Return the hash of modules of the program."""
    package = Path(__file__).resolve().parents[1]
    said = [(name, (package / name).read_bytes()) for name in modules]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()


@cache
def modules_below(room: str) -> tuple[str, ...]:
    """Return the modules of a room of the program, sorted, as :func:`hash_of` takes them."""
    package = Path(__file__).resolve().parents[1]
    files = (package / room).rglob("*.py")
    return tuple(sorted(file.relative_to(package).as_posix() for file in files))


@cache
def question_names() -> tuple[str, ...]:
    """Return the names of the questions of the registry: a file each, whose name it is."""
    files = os.listdir(Path(__file__).resolve().parents[1] / "questions")  # noqa: PTH208 - fast
    return tuple(sorted(name[:-3] for name in files if name.endswith(".py") and name[0] != "_"))


@cache
def ontology_folder() -> Path:
    """Return the folder that holds the vocabulary, shapes, tables and queries."""
    return _packaged_folder("ontology", "ontology", "monazite.ttl", "ontology folder is")


@cache
def schemas_folder() -> Path:
    """Return the folder that holds the schemas of the JSON of reports."""
    return _packaged_folder("schemas", "examples/reference/schemas", "query.json", "schemas are")


def _packaged_folder(inside: str, outside: str, held: str, what: str) -> Path:
    """A folder in the installed package, or beside it in a working copy."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / inside, package.parents[1] / outside):
        if (folder / held).is_file():
            return folder
    raise UnreadableError(f"The {what} neither in {package} nor beside it; install monazite again.")
