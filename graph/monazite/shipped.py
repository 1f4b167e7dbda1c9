"""Where the ontology folder is: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from monazite.errors import UnreadableError


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
