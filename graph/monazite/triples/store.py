"""The embedded store: Oxigraph, built once from the tables, opened read-only ever after.

The tables are the truth and the store is a cache: its folder is named by the content it was
built from, written beside and renamed, and built again when it is missing, stale or damaged.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from monazite.errors import FaultyTablesError, QueryError, UnreadableError
from monazite.shipped import ontology_folder

if TYPE_CHECKING:
    from rdflib import Dataset

_READY = "complete"
_KEPT = 3
STEPS = 3
"""Steps of a build: tables read, triples written, store filled."""
Step: TypeAlias = Callable[[], None]
_DAMAGE = (OSError, RuntimeError, ValueError)


def do_nothing() -> None:
    """Step of a build that nobody watches."""


class Store:
    """RDF quads that answer SPARQL on the union of their graphs."""

    def __init__(self, engine: ox.Store, folder: Path | None = None) -> None:
        self._engine = engine
        self.folder = folder

    def __len__(self) -> int:
        return len(self._engine)

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

    def dump(self, file: Path, fmt: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> None:
        """Write all quads to a file."""
        with file.open("wb") as out:
            self._engine.dump(out, format=fmt)


def store_of(nquads: str) -> Store:
    """Return a store in memory that holds the quads of a text of N-Quads.

    >>> len(store_of('<https://a.org/a> <https://a.org/b> "c" <https://a.org/g> .'))
    1
    """
    engine = ox.Store()
    engine.bulk_load(nquads.encode(), format=ox.RdfFormat.N_QUADS)
    return Store(engine)


def cache_folder() -> Path:
    """Return the folder that keeps the stores; ``MONAZITE_CACHE`` names another."""
    chosen = os.environ.get("MONAZITE_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("monazite")


def content_hash(ontology: Path) -> str:
    """Return the hash of all that a store is built from: tables, shapes, schemes and this code."""
    digest = hashlib.sha256(f"pyoxigraph {ox.__version__}".encode())
    package = Path(__file__).resolve().parents[1]
    code = [*package.glob("rows/*.py"), *package.glob("triples/quads.py")]
    data = [ontology / "monazite.ttl"]
    for part, ending in (("shapes", "ttl"), ("schemes", "ttl"), ("tables", "csv")):
        data += (ontology / part).glob(f"*.{ending}")
    try:
        for file in sorted(code) + sorted(data):
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)} ".encode() + content)
    except OSError as error:
        raise UnreadableError(f"{error.filename} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()[:32]


def open_store(
    ontology: Path | None = None, *, cache: bool = True, step: Step = do_nothing
) -> Store:
    """Open the store of an ontology folder, building it when there is none.

    ``step`` is called after each of the ``STEPS`` of a build, for a progress bar.

    Raises:
        FaultyTablesError: the tables have faults.
        UnreadableError: the tables cannot be read, or the cache cannot be written.
    """
    ontology = ontology or ontology_folder()
    if not cache:
        return Store(_memory_store(ontology, step))
    folder = cache_folder() / f"store-{content_hash(ontology)}"
    store = _open_ready(folder)
    if store is None:
        _build(ontology, folder, step)
        store = _open_ready(folder)
    if store is None:
        raise UnreadableError(
            f"The store in {folder} cannot be opened; remove that folder, or use --no-cache."
        )
    return store


def is_built(ontology: Path | None = None) -> bool:
    """Tell whether the store of an ontology folder lies ready in the cache."""
    folder = cache_folder() / f"store-{content_hash(ontology or ontology_folder())}"
    return (folder / _READY).is_file()


def _open_ready(folder: Path) -> Store | None:
    """Open a finished store; None where there is none or it is damaged."""
    try:
        if (folder / _READY).read_text(encoding="ascii") != _sizes(folder):
            return None
        return Store(ox.Store.read_only(str(folder)), folder)
    except _DAMAGE:
        return None


def _sizes(folder: Path) -> str:
    """The files of a store with their sizes, but for the logs, which a reader may add to."""
    lines = [
        f"{file.name} {file.stat().st_size}\n"
        for file in folder.iterdir()
        if file.name != _READY and not file.name.startswith("LOG")
    ]
    return "".join(sorted(lines))


def _memory_store(ontology: Path, step: Step) -> ox.Store:
    engine = ox.Store()
    engine.bulk_load(_nquads(ontology, step), format=ox.RdfFormat.N_QUADS)
    step()
    return engine


def _nquads(ontology: Path, step: Step) -> bytes:
    from monazite.rows.columns import read_schema
    from monazite.rows.reader import read_tables
    from monazite.triples.quads import to_nquads, vocabulary_nquads

    schema = read_schema(ontology)
    tables = read_tables(ontology / "tables", schema)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    step()
    lines: Iterable[str] = to_nquads(tables.rows, schema)
    content = "".join([*lines, *vocabulary_nquads(schema)]).encode()
    step()
    return content


def _build(ontology: Path, folder: Path, step: Step) -> None:
    """Build a store beside its place and rename it; whoever renames first wins."""
    content = _nquads(ontology, step)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    except OSError as error:
        raise UnreadableError(
            f"The cache folder {folder.parent} cannot be written ({error.strerror}); "
            "name another in MONAZITE_CACHE, or use --no-cache."
        ) from None
    try:
        _fill(beside, content)
        step()
        _swap(beside, folder)
    except (OSError, RuntimeError) as error:
        raise UnreadableError(
            f"The store cannot be written to {folder.parent} ({error}); "
            "make room, name another folder in MONAZITE_CACHE, or use --no-cache."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _forget_old(folder)


def _fill(beside: Path, content: bytes) -> None:
    engine = ox.Store(str(beside))
    engine.bulk_load(content, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    engine.flush()
    del engine  # closes the files
    (beside / _READY).write_text(_sizes(beside), encoding="ascii")


def _swap(beside: Path, folder: Path) -> None:
    for _ in range(3):
        try:
            beside.rename(folder)
        except OSError:
            if _open_ready(folder) is not None:
                return
            damaged = Path(tempfile.mkdtemp(prefix="damaged-", dir=folder.parent))
            try:
                folder.replace(damaged)
            finally:
                shutil.rmtree(damaged, ignore_errors=True)
        else:
            return


def _forget_old(folder: Path) -> None:
    """Keep the newest few stores; readers of a removed one are not disturbed."""
    stores = sorted(folder.parent.glob("store-*"), key=lambda path: path.stat().st_mtime)
    for old in stores[:-_KEPT]:
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
