"""Questions that every command or a whole finding asks: answered when the store is built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from monazite.shipped import ontology_folder
from monazite.triples.packed import Packing
from monazite.triples.queries import INNER, read_query, read_text
from monazite.triples.store import ANSWERS, RELEASE, Store

NEWS = (
    "SELECT ?day { <https://w3id.org/monazite/dataset>"
    " <https://w3id.org/monazite/ns#newsReadTo> ?day }"
)
_ANSWERED = "\n# answered: with the store\n"
"""What an inner query without parameters says that is answered when the store is built."""


def write_answers(store: Store, folder: Path) -> None:
    """Write the answers beside the files of a store."""
    texts, index = (folder / name for name in ANSWERS)
    with texts.open("wb") as out:
        packing = Packing(out)
        for question in _questions():
            packing.write(question, store.serialize(question))
    packing.write_index(index)


def _questions() -> Iterator[str]:
    yield from (RELEASE, NEWS)
    for file in sorted((ontology_folder() / "queries" / INNER).glob("*.rq")):
        if _ANSWERED in read_text(file):
            yield read_query(file.stem).text
