"""The embedded store: RDF quads in Oxigraph, which answer SPARQL, and what they are, counted."""

from __future__ import annotations

import re
import threading
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from monazite.core.cache import Kept
from monazite.core.errors import KeptStoreWarning, QueryError
from monazite.core.files import write_whole
from monazite.core.formats import grouped
from monazite.core.results import Struct, Value
from monazite.data.iris import BASE, NS, PREFIXES, local_name
from monazite.store.cache import KeyedFile, discard, is_sound

if TYPE_CHECKING:
    from rdflib import Dataset

Derived = TypeVar("Derived")
Quads: TypeAlias = dict[str, list[ox.Quad]]  # quads by the IRI of a graph, or by a key of it
# Texts of a kept store that are read without its engine:
ROWS = ("rows.nq", "rows.places")  # the quads of each row, by its key
FACTS = ("facts", "facts.places")  # what is looked up of things
ANSWERS = ("answers", "answers.places")  # by their questions
RELEASE = f"SELECT ?day {{ <{BASE}dataset> <http://purl.org/dc/terms/issued> ?day }}"
_MAY_CALL = re.compile(r"service|\\[uU]", re.IGNORECASE)  # in every text that could call out


class Extent(Struct):
    """How many facts a store holds, of how many, and what each filter cost."""

    rows: int = 0
    all_rows: int = 0
    perhaps: int = 0
    undated: int = 0
    cost: Mapping[str, int] = field(default_factory=dict)

    def costs(self) -> list[str]:
        """Say what each filter takes when it stands alone, in the words of the command line."""
        said = [
            f"{grouped(cost)} have no one source that passes all"
            if name == "together"
            else f"--{name} takes {grouped(cost)}"
            for name, cost in self.cost.items()
        ]
        return said + ([f"{grouped(self.undated)} have no dated source"] if self.undated else [])


class AskedGraphs(Struct):
    """The graphs that a query is asked of, by their IRIs; those that it names itself if none."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store:
    """RDF quads that answer SPARQL on the union of their graphs.

    The engine finds damage only as it reads: a damaged store is then built anew, and asked again.
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
        """Do some work on these quads, and again if the kept store turned out to be damaged."""
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
            warn_of_damage()

    def _check(self) -> None:
        """Make sure of every byte, for whoever reads the engine without us."""
        if self.folder is not None and self._reopen is not None and not is_sound(self.folder):
            self._heal()

    def derive(self, key: Hashable, work: Callable[[], Derived]) -> Derived:
        """Return what was worked out of these quads, which never change, or work it out."""
        if key not in self._derived:
            self._derived[key] = work()
        return cast("Derived", self._derived[key])

    def kept(self, question: str, work: Callable[[], bytes], *, apart: str = "") -> bytes:
        """Return what was worked out of these quads before, by any process, or work it out."""
        if not apart or self._answers is None:
            return self._keep(question, work)
        beside = self._answers.folder
        with suppress(OSError):  # nothing is kept then
            beside.mkdir(mode=0o700, exist_ok=True)
        room = Kept(beside / f"{apart}-{beside.name}")
        found = room.read(question)
        if found is None:
            found = self.attempt(work)
            room.keep(question, found)
        return found

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

    def select(self, query: str) -> ox.QuerySolutions:
        """Answer a SELECT query of our own."""
        if self._answers is None:
            found: object = self.answer(query)
        else:
            kept = self._keep(query, lambda: self.serialize(query))
            found = ox.parse_query_results(kept, ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        return found

    def serialize(self, query: str) -> bytes:
        """Answer a SELECT query of our own in the SPARQL 1.1 Query Results JSON Format."""
        found = self.answer(query)
        assert isinstance(found, ox.QuerySolutions)
        return found.serialize(format=ox.QueryResultsFormat.JSON) or b""

    def _keep(self, question: str, ask: Callable[[], bytes]) -> bytes:
        """Return what this store, or another with the same quads, answered before, or ask it."""
        found = (self.read_packed(ANSWERS, [question]) or {}).get(question)
        if found is None and self._answers is not None:
            found = self._answers.read(question)
        if found is not None:
            return found
        answer = self.attempt(ask)
        if self._answers is not None:
            self._answers.keep(question, answer)
        return answer

    def answer(
        self,
        query: str,
        prefixes: Mapping[str, str] | None = None,
        *,
        graphs: AskedGraphs | None = None,
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Answer any query without limits; a text that could call out is judged first."""
        if _MAY_CALL.search(query):
            from monazite.store.sparql_text import judge

            query = judge(query, may_choose_graphs=graphs is not None).text
        asked = graphs or AskedGraphs()
        chosen = bool(asked.default or asked.named)
        try:
            return self._engine.query(
                query,
                base_iri=BASE,
                prefixes=dict(prefixes or {}),
                use_default_graph_as_union=graphs is None,
                default_graph=[*map(ox.NamedNode, asked.default)] if chosen else None,
                named_graphs=[*map(ox.NamedNode, asked.named)] if chosen else None,
            )
        except SyntaxError as error:
            raise QueryError(f"The query cannot be parsed: {error}.") from None

    @property
    def dataset(self) -> Dataset:
        """The same quads as an rdflib ``Dataset``, which is read-only."""
        self._check()
        from rdflib import Dataset

        from monazite.store.rdflib_store import ReadOnlyStore

        return Dataset(store=ReadOnlyStore(store=self._engine), default_union=True)

    def has_graph(self, iri: str) -> bool:
        """Tell whether a row, or any other named graph, is in the store."""
        return self.attempt(lambda: self._engine.contains_named_graph(ox.NamedNode(iri)))

    def quads_of(self, graphs: Iterable[str]) -> Quads:
        """Return the quads of rows or other named graphs by IRI; a missing one is no key."""
        nodes = [ox.NamedNode(iri) for iri in graphs]

        def ask() -> bytes:
            found = (self._engine.quads_for_pattern(None, None, None, node) for node in nodes)
            quads = chain.from_iterable(found)
            return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""

        return by_graph(self._keep(" ".join(["quads of", *map(str, nodes)]), ask))

    def read_packed(self, names: tuple[str, str], keys: Iterable[str]) -> dict[str, bytes] | None:
        """Return texts that were written when the store was built; they need no engine."""
        keys = tuple(keys)

        def read() -> dict[str, bytes] | None:
            if self.folder is None or self._reopen is None:
                return None
            texts, index = (self.folder / name for name in names)
            try:
                return self.derive(("packed", texts), lambda: KeyedFile(texts, index)).read(keys)
            except FileNotFoundError:  # a view has no rows, and others may forget a store
                return None

        try:
            return self.attempt(read)
        except OSError:
            return None

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
        self.load("".join(f"{triple} <{graph}> .\n" for triple in sorted(triples)).encode())

    def load(self, nquads: bytes) -> None:
        """Add quads that were written here to a store in memory."""
        self._engine.load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def dump(self, file: Path) -> None:
        """Write all quads to a file, whole or not at all."""
        write_whole(file, self.text())

    def text(self, fmt: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> bytes:
        """Return all quads as text, in no order."""
        return self.attempt(lambda: self._engine.dump(format=fmt)) or b""


def store_of(nquads: str | bytes) -> Store:
    """Return a store in memory of N-Quads; bytes were written here and are not checked."""
    text = nquads.encode() if isinstance(nquads, str) else nquads
    engine = ox.Store()
    engine.load(text, format=ox.RdfFormat.N_QUADS, lenient=isinstance(nquads, bytes))
    return Store(engine)


def by_graph(nquads: bytes) -> Quads:
    """Read quads that were written here, by the IRI of their graph."""
    found: Quads = {}
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS, lenient=True):
        found.setdefault(quad.graph_name.value, []).append(quad)
    return found


def warn_of_damage() -> None:
    """Say that a kept store is built anew."""
    warnings.warn("The kept store was damaged and is built anew.", KeptStoreWarning, stacklevel=2)


class Keeping:
    """A store that this process writes to the cache: whoever asks comes first."""

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


_BEING_KEPT: dict[Path, Keeping] = {}  # what this process writes to the cache at this moment


_CLASSES = "SELECT ?key (COUNT(DISTINCT ?s) AS ?count) { ?s a ?key } GROUP BY ?key"
_PROPERTIES = (
    "SELECT ?key (COUNT(*) AS ?count) { SELECT DISTINCT ?s ?key ?o { ?s ?key ?o } } GROUP BY ?key"
)
_SUBJECTS = "SELECT (COUNT(DISTINCT ?s) AS ?count) { ?s ?p ?o }"
_GRAPHS = "SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } }"
_SOURCES = f"""PREFIX mz: <{NS}> SELECT ?source ?tier ?published {{
  ?source a mz:Source ; mz:tier ?tier . OPTIONAL {{ ?source mz:published ?published }} }}"""
_EVIDENCE = f"SELECT DISTINCT ?row ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"


class CountedSource(Struct):
    """A source of the store: its tier, and its date as printed (empty where it has none)."""

    tier: str
    published: str


class Statistics(Value):
    """Counts of a store."""

    quads: int  #: how many there are
    triples: int  #: how many there are
    subjects: int
    tables: Mapping[str, int]
    classes: Mapping[str, int]  #: members of each class, by IRI
    properties: Mapping[str, int]  #: triples of each property, by IRI
    sources: Mapping[str, CountedSource]  #: tier and date of each, by IRI
    evidence: Mapping[str, tuple[str, ...]]  #: the sources of each row, by IRI


def count_triples(store: Store) -> int:
    """Count the triples of a store, each once however many graphs state it."""
    return store.derive("triples", lambda: sum(_counts(store, _PROPERTIES).values()))


def read_statistics(store: Store) -> Statistics:
    """Count what is in a store: a triple in two named graphs is one triple and two quads."""
    properties = _counts(store, _PROPERTIES)
    sources = {}
    for row in store.select(_SOURCES):
        day = "" if row["published"] is None else row["published"].value
        sources[row["source"].value] = CountedSource(local_name(row["tier"].value), day)
    evidence: dict[str, list[str]] = defaultdict(list)
    for row in store.select(_EVIDENCE):
        evidence[row["row"].value].append(row["source"].value)
    # each row is one named graph, but sources, which share the graph of the evidence
    graphs = [row["graph"].value.partition(f"{BASE}row/") for row in store.select(_GRAPHS)]
    tables = Counter(name.partition("/")[0] for before, own, name in graphs if own and not before)
    return Statistics(
        quads=len(store),
        triples=sum(properties.values()),
        subjects=next(int(row["count"].value) for row in store.select(_SUBJECTS)),
        tables=dict(sorted(tables.items())),
        classes=_counts(store, _CLASSES),
        properties=properties,
        sources=sources,
        evidence={row: tuple(sorted(found)) for row, found in evidence.items()},
    )


def _counts(store: Store, query: str) -> dict[str, int]:
    found = {row["key"].value: int(row["count"].value) for row in store.select(query)}
    return dict(sorted(found.items()))
