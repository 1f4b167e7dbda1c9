"""The embedded store: Oxigraph, built once from the tables, opened read-only ever after.

The tables are the truth and the store is a cache: its folder is named by the content it was
built from, and built again when it is missing, stale or damaged. Who asks first is answered from
memory while the store is written for the next time. A view is the rows that its filters keep.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import io
import json
import os
import re
import threading
import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from monazite.errors import (
    FaultyTablesError,
    KeptStoreWarning,
    NotKnownError,
    QueryError,
    UnreadableError,
)
from monazite.files import write_whole
from monazite.kept import Kept
from monazite.progress import do_nothing
from monazite.shipped import ontology_folder
from monazite.triples.cache import (
    WRITE_ERRORS,
    Building,
    answers_of,
    cache_folder,
    content_hash,
    discard,
    is_sound,
    is_whole,
    keep,
    mark_used,
)

if TYPE_CHECKING:
    from rdflib import Dataset

    from monazite.rows.filters import Filters, Index, KeptRows
    from monazite.rows.reader import Tables
    from monazite.triples.chunks import Chunks

STEPS = 2
"""Steps of a build: tables read, triples written."""
Step: TypeAlias = Callable[[], None]
Derived = TypeVar("Derived")
_EXTENT = "extent.json"
_MAY_CALL = re.compile(r"service|\\[uU]", re.IGNORECASE)
"""What every text has that could call out, however it is written."""
_DAMAGE = (OSError, RuntimeError, ValueError, KeyError, TypeError)
_BLOCK = 1 << 22
"""Bytes of text that the engine is given at once: a store in memory takes it bit by bit."""
Texts: TypeAlias = Callable[[], Iterable[bytes]]
"""N-Quads, in pieces that end with a line; they can be asked for again."""
_PARTS = 2
"""Loads that fill the engine's files. It sorts what it is given at once: two loads take half the
memory of one; with three, questions take half as long again, since each looks into three files."""


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


class Solutions(Iterator[ox.QuerySolution]):
    """The solutions of a SELECT, one after the other, and its variables."""

    def __init__(
        self, variables: Sequence[ox.Variable], solutions: Iterable[ox.QuerySolution]
    ) -> None:
        self.variables = tuple(variables)
        self._solutions = iter(solutions)

    def __next__(self) -> ox.QuerySolution:
        return next(self._solutions)


class Keeping:
    """A store that this process writes to the cache: whoever asks comes first.

    Args:
        write: does it, in whichever thread comes to it.
    """

    def __init__(self, place: Path, write: Callable[[], None]) -> None:
        self.turn = threading.RLock()
        self.is_done = False
        self._place, self._write = place, write
        _BEING_KEPT[place] = self

    def begin(self) -> None:
        """Write it while this thread goes on."""
        threading.Thread(target=self.wait, name="keeping a store").start()

    def wait(self) -> None:
        """Return when it is written; where nobody has begun, write it here."""
        with self.turn:
            if not self.is_done:
                try:
                    self._write()
                finally:
                    self.is_done = True
                    _BEING_KEPT.pop(self._place, None)


_BEING_KEPT: dict[Path, Keeping] = {}
"""What this process writes to the cache at this moment."""


class Store:
    """RDF quads that answer SPARQL on the union of their graphs.

    A kept store may turn out to be damaged long after it was opened, because the engine checks
    what it reads when it reads it. Then it is built anew, and asked again.

    Args:
        engine: holds the quads; or what returns a store that does, when first it is asked.
        folder: where they are kept; None for a store in memory.
        extent: how many facts they are.
        reopen: opens the same store again, after its folder was taken away.
        keeping: writes it to the cache.
        answers: what it, or another with the same quads, was asked before.
    """

    def __init__(
        self,
        engine: ox.Store | Callable[[], Store],
        folder: Path | None = None,
        extent: Extent | None = None,
        reopen: Callable[[], Store] | None = None,
        keeping: Keeping | None = None,
        answers: Kept | None = None,
    ) -> None:
        if isinstance(engine, ox.Store):
            self._engine = engine
        else:
            self._load = engine
        self.folder = folder
        self.extent = extent or Extent()
        self._reopen = reopen
        self._keeping = keeping
        self._answers = answers
        self._derived: dict[Hashable, object] = {}

    @cached_property
    def _engine(self) -> ox.Store:
        """Opened when first it is asked: who finds all answers kept needs none."""
        loaded = self._load()
        if loaded._reopen is not None:
            self.folder, self._reopen = loaded.folder, loaded._reopen
        return loaded._engine

    def attempt(self, work: Callable[[], Derived]) -> Derived:
        """Do some work on these quads, and again if the kept store turned out to be damaged.

        Args:
            work: asks this store, and reads all that it wants of the answers.
        """
        try:
            return work()
        except (OSError, RuntimeError):
            if self._reopen is None:
                raise
            self._heal()
            return work()

    def _heal(self) -> None:
        """Open a kept store again, built anew if it is damaged; another may have done that."""
        if self._reopen is None or self.folder is None:
            return
        damaged = not is_sound(self.folder)
        if damaged:
            discard(self.folder)
        sound = self._reopen()
        self._engine, self.folder, self._reopen = sound._engine, sound.folder, sound._reopen
        self._keeping = sound._keeping
        if damaged:
            _warn_of_damage()

    def _check(self) -> None:
        """Make sure of every byte, for whoever reads the engine without us."""
        if self.folder is not None and self._reopen is not None and not is_sound(self.folder):
            self._heal()

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
        return self.attempt(lambda: len(self._engine))

    def wait(self) -> None:
        """Wait until the store lies in the cache, for another process to open it there."""
        if self._keeping is not None:
            self._keeping.wait()
            _ = self._engine  # opened now, for the folder may be forgotten and the tables change

    def hold(self) -> None:
        """Open the files of a kept store now: they may be forgotten before anything is asked."""
        if self._reopen is not None:
            self.attempt(lambda: self._engine)

    def select(self, query: str) -> Solutions:
        """Answer a SELECT query of our own.

        >>> store = open_store()
        >>> ask = "SELECT ?n { <https://w3id.org/monazite/id/element/Dy> rdfs:label ?n }"
        >>> prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        >>> [row["n"].value for row in store.select(prefix + ask)]
        ['dysprosium']
        """
        if self._answers is None:
            found = self.answer(query)
            assert isinstance(found, ox.QuerySolutions)
            return Solutions(found.variables, found)

        def ask() -> bytes:
            found = self.answer(query)
            assert isinstance(found, ox.QuerySolutions)
            return found.serialize(format=ox.QueryResultsFormat.JSON) or b""

        kept = ox.parse_query_results(self._keep(query, ask), ox.QueryResultsFormat.JSON)
        assert isinstance(kept, ox.QuerySolutions)
        return Solutions(kept.variables, kept)

    def _keep(self, question: str, ask: Callable[[], bytes]) -> bytes:
        """Return what this store, or another with the same quads, answered before, or ask it."""
        found = None if self._answers is None else self._answers.read(question)
        if found is not None:
            return found
        answer = self.attempt(ask)
        if self._answers is not None:
            self._answers.keep(question, answer)
        return answer

    def answer(self, query: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Answer any query, of our own or of a reader, without limits.

        A text that could call out is judged first; in a process with limits, a reader's query is
        answered by :meth:`monazite.view.View.query`.

        Raises:
            QueryError: the query cannot be parsed, or reaches out.
        """
        if _MAY_CALL.search(query):
            from monazite.triples.sparql_text import judge

            query = judge(query).text
        try:
            return self._engine.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"The query cannot be parsed: {error}.") from None

    @property
    def dataset(self) -> Dataset:
        """The same quads as an rdflib ``Dataset``, which is read-only."""
        self._check()
        from rdflib import Dataset

        from monazite.triples.rdflib_store import ReadOnlyStore

        return Dataset(store=ReadOnlyStore(store=self._engine), default_union=True)

    def has_graph(self, iri: str) -> bool:
        """Tell whether a row, or any other named graph, is in the store."""
        return self.attempt(lambda: self._engine.contains_named_graph(ox.NamedNode(iri)))

    def quads_of(self, graphs: Iterable[str]) -> dict[str, list[ox.Quad]]:
        """Return the quads of rows, or of any other named graphs, by the IRI of the graph.

        A graph that is not in the store has none, and is not among the keys.
        """
        nodes = [ox.NamedNode(iri) for iri in graphs]

        def ask() -> bytes:
            quads = (
                quad
                for node in nodes
                for quad in self._engine.quads_for_pattern(None, None, None, node)
            )
            return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""

        text = self._keep(" ".join(["quads of", *map(str, nodes)]), ask)
        found: dict[str, list[ox.Quad]] = {}
        for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS, lenient=True):
            found.setdefault(quad.graph_name.value, []).append(quad)
        return found

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all quads."""
        self._check()
        return iter(self._engine)

    def copy(self) -> Store:
        """Return a copy in memory, which may be written; this one stays as it is."""
        engine = ox.Store()
        engine.bulk_extend(self.quads())
        return Store(engine, extent=self.extent)

    def add(self, triples: Iterable[str], graph: str) -> None:
        """Add triples, each in the form of N-Triples, to a graph of a store in memory."""
        lines = "".join(f"{triple} <{graph}> .\n" for triple in sorted(triples))
        self._engine.bulk_load(lines.encode(), format=ox.RdfFormat.N_QUADS)

    def dump(self, file: Path, fmt: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> None:
        """Write all quads to a file, whole or not at all."""
        write_whole(file, self.attempt(lambda: self._engine.dump(format=fmt)) or b"")


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
        return _in_memory(_read_all(ontology, data, step), filters, step)
    base = _folder(ontology, data)
    folder = _view_folder(base, filters) if filters else base
    _wait_for(base)
    store = _open_ready(folder, partial(_open_again, folder, ontology, data, filters))
    if store is None and filters:
        store = _open_view(base, filters)
    if store is None:  # a store has a length, which is counted: ask nothing else of it here
        return _build(ontology, data, filters, step)
    return store


def is_built(ontology: Path | None = None, data: Path | None = None) -> bool:
    """Tell whether the store of an ontology folder lies ready in the cache."""
    folder = _folder(ontology or ontology_folder(), data)
    return folder in _BEING_KEPT or is_whole(folder)


def _folder(ontology: Path, data: Path | None) -> Path:
    return cache_folder() / f"store-{content_hash(ontology, data)}"


def _view_folder(base: Path, filters: Filters) -> Path:
    asked = json.dumps([filters.valid, filters.known, filters.tier, filters.without])
    name = hashlib.sha256(f"{base.name} {asked}".encode()).hexdigest()[:32]
    return base.parent / f"view-{name}"


@atexit.register
def wait_for_all() -> None:
    """Wait until all that this process writes to the cache is there."""
    for keeping in list(_BEING_KEPT.values()):
        keeping.wait()


def _wait_for(base: Path) -> None:
    """Wait until this process has written a store: it is not to be built twice."""
    keeping = _BEING_KEPT.get(base)
    if keeping is not None:
        keeping.wait()


def _open_again(
    folder: Path, ontology: Path, data: Path | None, filters: Filters | None, *, cache: bool = True
) -> Store:
    """Open a store whose folder was taken away; in memory alone where it could not be."""
    base = _folder(ontology, data)
    if folder != (_view_folder(base, filters) if filters else base):
        raise UnreadableError(
            "The kept store was damaged, and the tables have changed since it was opened; "
            "ask again."
        )
    cache = cache and (not os.path.lexists(folder) or is_sound(folder))
    return open_store(ontology, data=data, filters=filters, cache=cache)


def _open_ready(folder: Path, reopen: Callable[[], Store]) -> Store | None:
    """Open a finished store; None where there is none, or it is damaged, which takes it away."""
    try:
        if is_whole(folder):
            extent = Extent(**json.loads((folder / _EXTENT).read_bytes()))
            mark_used(folder)
            return Store(
                lambda: Store(ox.Store.read_only(str(folder))),
                folder,
                extent,
                reopen,
                answers=Kept(answers_of(folder)),
            )
    except _DAMAGE:
        pass
    _discard_damaged(folder)
    return None


def _discard_damaged(folder: Path) -> None:
    """Take a folder away that is not as it was written, and say so."""
    if os.path.lexists(folder) and not is_sound(folder):
        discard(folder)
        _warn_of_damage()


def _warn_of_damage() -> None:
    warnings.warn("The kept store was damaged and is built anew.", KeptStoreWarning, stacklevel=2)


def _warn_of_loss(error: UnreadableError) -> None:
    warnings.warn(f"{error} What is answered is right.", KeptStoreWarning, stacklevel=2)


def _open_view(base: Path, filters: Filters) -> Store | None:
    """Load a view of a kept store into memory, and keep it; None where there is no sound store."""
    from monazite.triples.chunks import read_chunks

    try:
        chunks = read_chunks(base)
    except _DAMAGE:
        _discard_damaged(base)
        return None
    texts, extent = _choose(chunks, filters)
    engine = _load(texts())
    keeping = Keeping(
        _view_folder(base, filters), partial(_keep_view, base, filters, texts, extent)
    )
    keeping.begin()
    return Store(engine, None, extent, keeping=keeping)


def _keep_view(base: Path, filters: Filters, texts: Texts, extent: Extent) -> None:
    def fill(beside: Path) -> None:
        quads = beside / "view.nq"
        with quads.open("wb") as out:
            out.writelines(texts())
        _fill(beside, quads, extent)
        quads.unlink()

    try:
        keep(_view_folder(base, filters), fill)
    except UnreadableError as error:  # the view is there all the same
        _warn_of_loss(error)


def _in_memory(tables: Tables, filters: Filters | None, step: Step) -> Store:
    from monazite.triples.chunks import to_chunks

    chunks = to_chunks(tables.rows, tables.schema)
    step()
    texts, extent = _choose(chunks, filters)
    store = Store(_load(texts()), None, extent)
    step()
    return store


def _load(texts: Iterable[bytes]) -> ox.Store:
    """Load N-Quads into memory, block by block: the engine sorts and holds less at once."""
    engine = ox.Store()
    for block in _blocks(texts):
        engine.bulk_load(block, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    return engine


def _blocks(texts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _read_blocks(quads: Path) -> Iterator[bytes]:
    """Read a file of N-Quads in blocks that end with a line."""
    with quads.open("rb") as opened:
        while block := opened.read(_BLOCK):
            yield block + opened.readline()


def _choose(chunks: Chunks, filters: Filters | None) -> tuple[Texts, Extent]:
    """The quads of a view, and what it holds of all."""
    if not filters:
        return chunks.all, _whole_extent(chunks.index)
    from monazite.rows.filters import select

    chosen = select(chunks.index, filters)
    if not chosen.claims:
        raise NotKnownError(_empty(chunks, chosen, filters))
    extent = Extent(
        chosen.claims, chosen.all_claims, len(chosen.perhaps), chosen.undated, chosen.cost
    )
    return partial(chunks.view, chosen, filters), extent


def _whole_extent(index: Index) -> Extent:
    claims = sum(map(index.is_claim, index.entries))
    return Extent(claims, claims)


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


@contextmanager
def _no_collector() -> Iterator[None]:
    """Do not look for dead objects while rows are made: none dies, and looking costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_all(ontology: Path, data: Path | None, step: Step) -> Tables:
    from monazite.rows.columns import read_schema
    from monazite.rows.reader import read_tables

    with _no_collector():
        tables = read_tables(ontology / "tables", read_schema(ontology), data)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    step()
    return tables


def _build(ontology: Path, data: Path | None, filters: Filters | None, step: Step) -> Store:
    """Write the chunks of a store; answer from memory while the engine writes its files."""
    from monazite.triples.chunks import rows_file

    tables = _read_all(ontology, data, step)
    base = _folder(ontology, data)
    folder = _view_folder(base, filters) if filters else base
    building = Building(base)
    texts, extent, whole = _write_chunks(tables, filters, building)
    del tables  # a third of the memory, which the engine needs
    step()

    def write() -> None:
        try:
            _fill(building.folder, rows_file(building.folder), whole)
            building.finish()
        except WRITE_ERRORS as error:
            _warn_of_loss(building.refusal(error))
        else:
            if filters:
                _keep_view(base, filters, texts, extent)
        finally:
            building.drop()

    keeping = Keeping(base, write)

    def load() -> Store:
        with keeping.turn:  # Windows renames nothing that is being read
            if not keeping.is_done:
                engine = _load(texts())
                keeping.begin()
                return Store(engine)
        again = partial(_open_again, folder, ontology, data, filters)
        ready = _open_ready(folder, again)
        return again(cache=False) if ready is None else ready

    return Store(
        load, None if filters else base, extent, keeping=keeping, answers=Kept(answers_of(folder))
    )


def _write_chunks(
    tables: Tables, filters: Filters | None, building: Building
) -> tuple[Texts, Extent, Extent]:
    """Write the chunks of a store; return the quads that are asked for, and what they and all are.

    All text goes to a file, and is read from it in blocks; only a view holds what it chooses from.
    """
    from monazite.triples.chunks import read_chunks, rows_file, write_chunks

    try:
        with _no_collector():
            index = write_chunks(tables.rows, tables.schema, building.folder)
        whole = extent = _whole_extent(index)
        texts: Texts = partial(_read_blocks, rows_file(building.folder))
        if filters:
            texts, extent = _choose(read_chunks(building.folder, finished=False), filters)
    except WRITE_ERRORS as error:
        building.drop()
        raise building.refusal(error) from None
    except BaseException:
        building.drop()
        raise
    return texts, extent, whole


class _Part(io.RawIOBase):
    """A file from where it stands to a place."""

    def __init__(self, opened: BinaryIO, end: int) -> None:
        self._opened, self._end = opened, end

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._opened.tell()
        return self._opened.read(left if size < 0 else min(size, left))


def _parts(opened: BinaryIO) -> Iterator[BinaryIO]:
    """Yield the parts of a file of lines, one after the other; nothing of them is held."""
    size = opened.seek(0, os.SEEK_END)
    begin = 0
    for part in range(1, _PARTS + 1):
        opened.seek(size * part // _PARTS)
        opened.readline()
        end = opened.tell()
        opened.seek(begin)
        yield cast("BinaryIO", _Part(opened, end))
        begin = end


def _fill(beside: Path, quads: Path, extent: Extent) -> None:
    """Load a file of N-Quads into the files of the engine."""
    engine = ox.Store(str(beside))
    with quads.open("rb") as opened:
        for part in _parts(opened):
            engine.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    engine.flush()
    del engine  # closes the files
    (beside / _EXTENT).write_text(json.dumps(asdict(extent)), encoding="utf-8")
