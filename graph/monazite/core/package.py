"""What the package ships, and by which names the store finds what analyses work out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from monazite.core.errors import UnreadableError

WorkedOut: TypeAlias = Callable[[Any, str], Iterable[Sequence[str]]]
_ENTERED: list[Callable[[], Mapping[str, WorkedOut]]] = []


def enter(find: Callable[[], Mapping[str, WorkedOut]]) -> None:
    """Say how what is worked out is found; it is asked when first something is needed."""
    _ENTERED[:] = [find]


def worked_out(name: str) -> WorkedOut:
    """Return what works out something."""
    return _ENTERED[0]()[name]


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
def ontology_folder() -> Path:
    """Return the folder that holds the vocabulary, shapes, tables and queries."""
    return _beside("ontology", "ontology", "monazite.ttl", "ontology folder is")


@cache
def schemas_folder() -> Path:
    """Return the folder that holds the schemas of the JSON of reports."""
    return _beside("schemas", "examples/reference/schemas", "query.json", "schemas are")


def _beside(inside: str, outside: str, held: str, what: str) -> Path:
    """A folder in the installed package, or beside it in a working copy."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / inside, package.parents[1] / outside):
        if (folder / held).is_file():
            return folder
    raise UnreadableError(f"The {what} neither in {package} nor beside it; install monazite again.")
