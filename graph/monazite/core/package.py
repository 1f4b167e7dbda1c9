"""What the package ships, and by which names its rooms find what is above them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from monazite.core.errors import UnreadableError

WorkedOut: TypeAlias = Callable[[Any, str], Iterable[Sequence[str]]]
"""Lines of short texts, of a store and a day."""
_ENTERED: list[Callable[[], Mapping[str, WorkedOut]]] = []


def enter(find: Callable[[], Mapping[str, WorkedOut]]) -> None:
    """Say how what is worked out is found; it is asked when first something is needed."""
    _ENTERED[:] = [find]


def worked_out(name: str) -> WorkedOut:
    """Return what works out something."""
    return _ENTERED[0]()[name]


VERSION = "0.2.0"


@cache
def hash_of(*modules: str) -> str:
    """Return the hash of modules of the program.

    >>> len(hash_of("core/package.py"))
    64
    """
    package = Path(__file__).resolve().parents[1]
    said = [(name, (package / name).read_bytes()) for name in modules]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()


@cache
def modules_below(room: str) -> tuple[str, ...]:
    """Return the modules of a room of the program, sorted, as :func:`hash_of` takes them.

    >>> "analysis/cards.py" in modules_below("analysis")
    True
    """
    package = Path(__file__).resolve().parents[1]
    return tuple(
        sorted(file.relative_to(package).as_posix() for file in (package / room).rglob("*.py"))
    )


@cache
def ontology_folder() -> Path:
    """Return the folder that holds the vocabulary, shapes, tables and queries."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "ontology", package.parents[1] / "ontology"):
        if (folder / "monazite.ttl").is_file():
            return folder
    raise UnreadableError(
        f"The ontology folder is neither in {package} nor beside it; install monazite again."
    )


@cache
def schemas_folder() -> Path:
    """Return the folder that holds the schemas of the JSON of reports.

    >>> (schemas_folder() / "parents.json").is_file()
    True
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "schemas", package.parents[1] / "examples/reference/schemas"):
        if (folder / "query.json").is_file():
            return folder
    raise UnreadableError(
        f"The schemas are neither in {package} nor beside it; install monazite again."
    )
