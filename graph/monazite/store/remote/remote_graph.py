"""A graph in a store elsewhere: asked by its copy, which holds what the store holds at that moment.

Each opening reads the record of the graph. Where it speaks of a graph that was copied before, the
copy answers, in the same engine and as fast as the tables; where somebody loaded another, that is
copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monazite.core.errors import UnreadableError
from monazite.core.formats import escaped
from monazite.core.results import do_nothing
from monazite.data.filters import Filters
from monazite.store.cache import tables_hash
from monazite.store.opening import open_store
from monazite.store.remote.copying import Reading, changed, count_quads, kind_of, open_copy
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.manifest import Manifest, read_manifest
from monazite.store.store import Store


@dataclass(frozen=True, eq=False)
class RemoteGraph:
    """A graph in a store elsewhere, of which views are opened."""

    endpoint: Endpoint
    manifest: Manifest

    def has_not(self, ontology: Path, data: Path | None) -> bool:
        """Tell whether tables of the reader's own are not among those of the store elsewhere."""
        return data is not None and tables_hash(ontology, data) != self.manifest.tables

    def kept_copy(
        self, filters: Filters, ontology: Path, *, data: Path | None = None, cache: bool = True
    ) -> Path | None:
        """Return the folder of a copy of a view; None where the view is chosen here."""
        if filters != self.manifest.filters or self.has_not(ontology, data):
            return None
        if not cache:
            raise UnreadableError(
                "SPARQL of your own asks a copy of the store in the cache folder; leave out "
                "--no-cache."
            )
        return self._copy(cache=True).folder

    def _copy(self, *, cache: bool, reading: Reading = do_nothing) -> Store:
        kind = kind_of(self.endpoint)
        return open_copy(self.endpoint, kind, self.manifest, cache=cache, reading=reading)

    def open(
        self,
        filters: Filters,
        ontology: Path,
        *,
        data: Path | None = None,
        cache: bool = True,
        reading: Reading = do_nothing,
    ) -> Store:
        """Open a view: a copy of the store elsewhere, or chosen here where the same tables are."""
        own = self.has_not(ontology, data)
        if filters == self.manifest.filters and not own:
            return self._copy(cache=cache, reading=reading)
        if self.manifest.filters:
            raise UnreadableError(
                f"{escaped(self.endpoint.address)} holds a part of the facts, which is asked as it "
                "is; leave out filters and tables of your own."
            )
        self.check_tables(ontology, data)
        return open_store(ontology, data=data, filters=filters or None, cache=cache)

    def check_tables(self, ontology: Path, data: Path | None = None) -> None:
        """Make sure that the tables here are those that the store elsewhere was made from."""
        if self.manifest.tables not in {tables_hash(ontology), tables_hash(ontology, data)}:
            raise UnreadableError(
                f"{escaped(self.endpoint.address)} holds the tables {self.manifest.tables}, and "
                "others are here, from which no filter chooses and no table is written; name the "
                "same with --tables or --data."
            )

    def changes(self) -> tuple[str, ...]:
        """Say in a sentence that the store elsewhere holds more or fewer quads than its record.

        The record is what was loaded; who changed the graph afterwards did not write it again.
        """
        held = count_quads(self.endpoint) - 1  # the record is one
        return () if held == self.manifest.quads else (changed(self.endpoint, self.manifest, held),)


def open_remote(address: str) -> RemoteGraph:
    """Find the graph in a store elsewhere."""
    endpoint = Endpoint(address)
    return RemoteGraph(endpoint, read_manifest(endpoint))
