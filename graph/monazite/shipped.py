"""What is shipped: the version, the ontology and the schemas, in a package or in a checkout."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from monazite.errors import UnreadableError

VERSION = "0.2.0"


@cache
def hash_of(*modules: str) -> str:
    """Return the hash of modules of the program.

    >>> len(hash_of("shipped.py"))
    64
    """
    package = Path(__file__).resolve().parent
    said = [(name, (package / name).read_bytes()) for name in modules]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()


@cache
def modules_below(room: str) -> tuple[str, ...]:
    """Return the modules of a room of the program, sorted, as :func:`hash_of` takes them.

    >>> "findings/cards/card.py" in modules_below("findings")
    True
    """
    package = Path(__file__).resolve().parent
    return tuple(
        sorted(file.relative_to(package).as_posix() for file in (package / room).rglob("*.py"))
    )


@cache
def ontology_folder() -> Path:
    """Return the folder that holds the vocabulary, shapes, tables and queries.

    >>> (ontology_folder() / "monazite.ttl").is_file()
    True
    """
    package = Path(__file__).resolve().parent
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
    package = Path(__file__).resolve().parent
    for folder in (package / "schemas", package.parents[1] / "examples/reference/schemas"):
        if (folder / "query.json").is_file():
            return folder
    raise UnreadableError(
        f"The schemas are neither in {package} nor beside it; install monazite again."
    )
