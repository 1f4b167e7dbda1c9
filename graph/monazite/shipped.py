"""What is shipped: the version, and the ontology folder, in a package or beside a checkout."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from monazite.errors import UnreadableError

VERSION = "0.2.0"


@cache
def stamp_of(*modules: str) -> str:
    """Return a stamp of modules of the program: another one after any change of their files.

    Args:
        modules: their paths in the package.

    >>> len(stamp_of("shipped.py"))
    64
    """
    package = Path(__file__).resolve().parent
    found = [(name, (package / name).stat()) for name in modules]
    said = [(name, each.st_size, each.st_mtime_ns) for name, each in found]
    return hashlib.sha256(repr((VERSION, said)).encode()).hexdigest()


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
