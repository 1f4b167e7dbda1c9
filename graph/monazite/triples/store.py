"""The embedded store: Oxigraph, built once from the tables, opened read-only ever after.

The tables are the truth and the store is a cache: its folder is named by the content it was
built from, and built again when it is missing, stale or damaged. A view is the rows that its
filters keep, loaded into memory at first, kept like the store for the next time.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from monazite.errors import FaultyTablesError, NotKnownError, QueryError, UnreadableError
from monazite.files import write_whole
from monazite.progress import do_nothing
from monazite.shipped import ontology_folder
from monazite.triples.cache import cache_folder, content_hash, is_whole, keep, mark_used

if TYPE_CHECKING:
    from rdflib import Dataset

    from monazite.rows.filters import Filters, KeptRows
    from monazite.triples.chunks import Chunks

STEPS = 3
"""Steps of a build: tables read, triples written, store filled."""
Step: TypeAlias = Callable[[], None]
Derived = TypeVar("Derived")
_EXTENT = "extent.json"
_DAMAGE = (OSError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True)
class Extent:
    """How many facts a store holds, of how many, and what each filter cost."""

    rows: int = 0
    all_rows: int = 0
    perhaps: int = 0
    undated: int = 0
    cost: Mapping[str, int] = field(default_factory=dict)

    def costs(self) -> list[str]:
        """Say what each filter takes when it stands alone, in the words of the command line.

        >>> Extent(cost={"tier 1": 1200, "together": 3}).costs()
        ['--tier 1 takes 1,200', '3 have no one source that passes all']
        """
        said = [
            f"{cost:,} have no one source that passes all"
            if name == "together"
            else f"--{name} takes {cost:,}"
            for name, cost in self.cost.items()
        ]
        return said + ([f"{self.undated:,} have no dated source"] if self.undated else [])


class Store:
    """RDF quads that answer SPARQL on the union of their graphs."""

    def __init__(
        self, engine: ox.Store, folder: Path | None = None, extent: Extent | None = None
    ) -> None:
        self._engine = engine
        self.folder = folder
        self.extent = extent or Extent()
        self._keeping: threading.Thread | None = None
        self._derived: dict[Hashable, object] = {}

    def derive(self, key: Hashable, work: Callable[[], Derived]) -> Derived:
        """Return what was worked out of these quads before, or work it out.

        A store never changes, so nothing is asked of it twice while it lives.

        Args:
            key: what is asked; the same key means the same work.
            work: works it out; nobody may change what it returns.
        """
        if key not in self._derived:
            self._derived[key] = work()
        return cast("Derived", self._derived[key])

    def __len__(self) -> int:
        return len(self._engine)

    def keep_by(self, write: Callable[[], None]) -> Store:
        """Write this store to the cache while its reader goes on; ``wait`` waits for that."""
        self._keeping = threading.Thread(target=write, name="keeping a view")
        self._keeping.start()
        return self

    def wait(self) -> None:
        """Wait until the store lies in the cache, for another process to open it there."""
        if self._keeping is not None:
            self._keeping.join()

    def select(self, query: str) -> ox.QuerySolutions:
        """Answer a SELECT query of our own.

        >>> store = open_store()
        >>> ask = "SELECT ?n { <https://w3id.org/monazite/id/element/Dy> rdfs:label ?n }"
        >>> prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        >>> [row["n"].value for row in store.select(prefix + ask)]
        ['dysprosium']
        """
        found = self.answer(query)
        assert isinstance(found, ox.QuerySolutions)
        return found

    def answer(self, query: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Answer any query.

        Raises:
            QueryError: the query cannot be parsed.
        """
        try:
            return self._engine.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"The query cannot be parsed: {error}.") from None

    @property
    def dataset(self) -> Dataset:
        """The same quads as an rdflib ``Dataset``, read-only when the store is a cache."""
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        return Dataset(store=OxigraphStore(store=self._engine), default_union=True)

    def has_graph(self, iri: str) -> bool:
        """Tell whether a row, or any other named graph, is in the store."""
        return self._engine.contains_named_graph(ox.NamedNode(iri))

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all quads."""
        return iter(self._engine)

    def copy(self) -> Store:
        """Return a copy in memory, which may be written; this one stays as it is."""
        engine = ox.Store()
        engine.bulk_extend(iter(self._engine))
        return Store(engine, extent=self.extent)

    def add(self, triples: Iterable[str], graph: str) -> None:
        """Add triples, each in the form of N-Triples, to a graph of a store in memory."""
        lines = "".join(f"{triple} <{graph}> .\n" for triple in sorted(triples))
        self._engine.bulk_load(lines.encode(), format=ox.RdfFormat.N_QUADS)

    def dump(self, file: Path, fmt: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> None:
        """Write all quads to a file, whole or not at all."""
        write_whole(file, self._engine.dump(format=fmt) or b"")


def store_of(nquads: str) -> Store:
    """Return a store in memory that holds the quads of a text of N-Quads.

    >>> len(store_of('<https://a.org/a> <https://a.org/b> "c" <https://a.org/g> .'))
    1
    """
    engine = ox.Store()
    engine.bulk_load(nquads.encode(), format=ox.RdfFormat.N_QUADS)
    return Store(engine)


def open_store(
    ontology: Path | None = None,
    *,
    data: Path | None = None,
    filters: Filters | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> Store:
    """Open the store of an ontology folder, or a view of it, building what there is not.

    Args:
        ontology: the folder; the shipped one if None.
        data: tables of the reader's own, added to those of the ontology.
        filters: which rows a view keeps; all if None or empty.
        cache: keep what was built in the user's cache folder.
        step: called after each of the ``STEPS`` of a build, for a progress bar.

    Raises:
        FaultyTablesError: the tables have faults.
        UnreadableError: the tables cannot be read, or the cache cannot be written.
        UnknownNameError: a filter names what is not there.
        NotKnownError: the filters keep no fact.
    """
    ontology = ontology or ontology_folder()
    if not cache:
        return _in_memory(_chunks_of(ontology, data, step), filters, step)
    folder = _folder(ontology, data)
    if filters:
        ready = _open_ready(_view_folder(folder, filters))
        if ready is not None:
            return ready
    store = _open_ready(folder)
    if store is None:
        _build(folder, _chunks_of(ontology, data, step), step)
        store = _open_ready(folder)
    if store is None:
        raise UnreadableError(
            f"The store in {folder} cannot be opened; remove that folder, or use --no-cache."
        )
    return _open_view(folder, filters) if filters else store


def is_built(ontology: Path | None = None, data: Path | None = None) -> bool:
    """Tell whether the store of an ontology folder lies ready in the cache."""
    return is_whole(_folder(ontology or ontology_folder(), data))


def _folder(ontology: Path, data: Path | None) -> Path:
    return cache_folder() / f"store-{content_hash(ontology, data)}"


def _view_folder(base: Path, filters: Filters) -> Path:
    asked = json.dumps([filters.valid, filters.known, filters.tier, filters.without])
    name = hashlib.sha256(f"{base.name} {asked}".encode()).hexdigest()[:32]
    return base.parent / f"view-{name}"


def _open_ready(folder: Path) -> Store | None:
    """Open a finished store; None where there is none or it is damaged."""
    try:
        if not is_whole(folder):
            return None
        extent = Extent(**json.loads((folder / _EXTENT).read_bytes()))
        engine = ox.Store.read_only(str(folder))
    except _DAMAGE:
        return None
    mark_used(folder)
    return Store(engine, folder, extent)


def _open_view(base: Path, filters: Filters) -> Store:
    """Load a view into memory, and keep it for the next time while its reader goes on."""
    from monazite.triples.chunks import read_chunks

    content, extent = _choose(read_chunks(base), filters)

    def write() -> None:
        with suppress(UnreadableError):  # the view is there all the same
            keep(_view_folder(base, filters), lambda beside: _fill(beside, content, extent))

    return Store(_load(content), None, extent).keep_by(write)


def _in_memory(chunks: Chunks, filters: Filters | None, step: Step) -> Store:
    content, extent = _choose(chunks, filters)
    store = Store(_load(content), None, extent)
    step()
    return store


def _load(content: bytes) -> ox.Store:
    engine = ox.Store()
    engine.bulk_load(content, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    return engine


def _choose(chunks: Chunks, filters: Filters | None) -> tuple[bytes, Extent]:
    """The quads of a view, and what it holds of all."""
    if not filters:
        claims = sum(map(chunks.index.is_claim, chunks.index.entries))
        return chunks.nquads(), Extent(claims, claims)
    from monazite.rows.filters import select

    chosen = select(chunks.index, filters)
    if not chosen.claims:
        raise NotKnownError(_empty(chunks, chosen, filters))
    extent = Extent(
        chosen.claims, chosen.all_claims, len(chosen.perhaps), chosen.undated, chosen.cost
    )
    return chunks.view_nquads(chosen, filters), extent


def _empty(chunks: Chunks, chosen: KeptRows, filters: Filters) -> str:
    """Say which filter emptied a view."""
    first = min((each.known for each in chunks.index.sources.values() if each.known), default="")
    if filters.known and filters.known < first:
        return (
            f"The view has no rows: no source was known by {filters.known}, the first is of "
            f"{first}; take a later --known."
        )
    alone = [name for name, cost in chosen.cost.items() if cost == chosen.all_claims]
    if alone:
        return f"The view has no rows: --{alone[0]} alone leaves none; widen it."
    costs = ", ".join(Extent(cost=chosen.cost).costs())
    return f"The view has no rows: of {chosen.all_claims:,} facts {costs}; widen one of them."


def _chunks_of(ontology: Path, data: Path | None, step: Step) -> Chunks:
    from monazite.rows.columns import read_schema
    from monazite.rows.reader import read_tables
    from monazite.triples.chunks import to_chunks

    schema = read_schema(ontology)
    tables = read_tables(ontology / "tables", schema, data)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    step()
    chunks = to_chunks(tables.rows, schema)
    step()
    return chunks


def _build(folder: Path, chunks: Chunks, step: Step) -> None:
    """Build a store, with its chunks beside the files of the engine."""
    from monazite.triples.chunks import write_chunks

    content, extent = _choose(chunks, None)

    def fill(beside: Path) -> None:
        _fill(beside, content, extent)
        write_chunks(chunks, beside)
        step()

    keep(folder, fill)


def _fill(beside: Path, content: bytes, extent: Extent) -> None:
    engine = ox.Store(str(beside))
    engine.bulk_load(content, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    engine.flush()
    del engine  # closes the files
    (beside / _EXTENT).write_text(json.dumps(asdict(extent)), encoding="utf-8")
