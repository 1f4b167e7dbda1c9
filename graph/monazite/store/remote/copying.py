"""A copy of a graph from a store elsewhere: read by named graphs, held to its record, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from monazite.core.errors import EndpointError
from monazite.core.formats import escaped
from monazite.core.results import do_nothing
from monazite.data.iris import BASE
from monazite.store.cache import cache_folder, keep
from monazite.store.loader import fill
from monazite.store.opening import open_ready
from monazite.store.remote.endpoint import JSON, XML, Endpoint
from monazite.store.remote.manifest import (
    ABOUT,
    Manifest,
    about_of,
    canonical_lines,
    digest_of,
    solutions,
)
from monazite.store.store import Store


@dataclass(frozen=True)
class ServerKind:
    """What a kind of server does otherwise.

    Attributes:
        update: the end of the address of its updates; as that of the queries if empty.
        quads: the end of the address that takes N-Quads of several graphs; none does if empty.
        dump: the end of the address that gives all quads of all graphs; none does if empty.
    """

    name: str
    banner: str = ""
    update: str = ""
    quads: str = ""
    dump: str = ""
    results: str = JSON
    lines: int = 2_000
    size: int = 400_000


UNKNOWN = ServerKind("unknown")
KINDS = (
    ServerKind(
        "Oxigraph",
        banner="Oxigraph/",
        update="update",
        quads="store?no_transaction",  # as its own bulk load; what is sent twice is there once
        dump="store",
        lines=50_000,
        size=16_000_000,
    ),
    # Queries are open, updates want a digest elsewhere; an update of 5,000 lines may be more than
    # its compiler takes. It writes JSON three times slower than XML.
    ServerKind("Virtuoso", banner="Virtuoso/", update="sparql-auth", results=XML, lines=1_000),
    ServerKind("Fuseki", banner="Apache Jena Fuseki", update="update"),
)


def kind_of(endpoint: Endpoint) -> ServerKind:
    """Return the kind of a server that has answered once."""
    return next((kind for kind in KINDS if endpoint.server.startswith(kind.banner)), UNKNOWN)


def update_address(endpoint: Endpoint, kind: ServerKind) -> str:
    """Return where a server takes updates.

    >>> update_address(Endpoint("http://localhost:7878/query"), KINDS[0])
    'http://localhost:7878/update'
    """
    return endpoint.beside(kind.update) if kind.update else endpoint.address


Reading: TypeAlias = Callable[[int, int], object]
"""Is told how many quads of a store elsewhere are read, and of how many."""
OURS = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}"))'
"""All quads that a store elsewhere holds below the address of this graph."""
MOST = 5_000_000
"""Quads of a copy, at the most: so many take a few gigabytes of memory while they are held to their
record."""
_PAGE = 10_000
"""Solutions that are asked for at once; a server may give fewer."""
_ROUNDS = 3
"""Times that the pages of a long graph are gone through."""
_OTHERS = 2
"""Times our quads that a server holds, at the most, where all that it holds is read at once."""
_LEAST = 100
"""Solutions that a page has at least, but for the last: fewer, and reading would never end."""
_GRAPHS = 400
"""Graphs whose quads are asked for at once."""


def copy_folder(manifest: Manifest) -> Path:
    """Return where the copy of a graph is kept: named by all that it holds."""
    said = f"copy {manifest.to_json()} pyoxigraph {ox.__version__}"
    return cache_folder() / f"copy-{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def open_copy(
    endpoint: Endpoint,
    kind: ServerKind,
    manifest: Manifest,
    *,
    cache: bool,
    reading: Reading = do_nothing,
) -> Store:
    """Open a copy of the graph in a store elsewhere, read from there where there is none."""
    if not cache:
        return Store(_load(_fetch(endpoint, kind, manifest, reading)), None, manifest.extent)
    folder = copy_folder(manifest)
    again: Callable[[], Store] = partial(open_copy, endpoint, kind, manifest, cache=True)
    store = open_ready(folder, again)
    if store is None:
        lines = _fetch(endpoint, kind, manifest, reading)
        keep(folder, lambda beside: _write(beside, lines, manifest))
        store = open_ready(folder, again)
    if store is None:
        return Store(_load(lines), None, manifest.extent)
    return store


def _write(beside: Path, lines: Sequence[bytes], manifest: Manifest) -> None:
    quads = beside / "copy.nq"
    quads.write_bytes(b"".join(line + b"\n" for line in lines))
    fill(beside, quads, manifest.extent)
    quads.unlink()


def _load(lines: Sequence[bytes]) -> ox.Store:
    engine = ox.Store()
    engine.load(b"\n".join(lines), format=ox.RdfFormat.N_QUADS, lenient=True)
    return engine


def count_quads(endpoint: Endpoint, but: str = "") -> int:
    """Count the quads that a store elsewhere holds below our address."""
    found = solutions(endpoint, endpoint.query(f"SELECT (COUNT(*) AS ?n) {{ {OURS} {but} }}"))
    return next(map(_number, found), -1)


def _number(row: ox.QuerySolution) -> int:
    """A count, of a server that may say anything."""
    said = str(getattr(row["n"], "value", ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else -1


def _fetch(
    endpoint: Endpoint, kind: ServerKind, manifest: Manifest, reading: Reading
) -> list[bytes]:
    """Read all quads; return them in canonical form."""
    told = escaped(endpoint.address)
    if manifest.quads > MOST:
        raise EndpointError(
            f"{told} holds {manifest.quads:,} quads, and no copy has more than {MOST:,}; push a "
            f"part of the facts, such as: monazite push {told} --tier 1"
        )
    reading(0, manifest.quads)
    dump = _dumped(endpoint, kind, manifest.quads)
    if dump is not None:
        lines = _ours(dump)
        held = len(lines)
        reading(held, manifest.quads)
    else:
        graphs = _graphs(endpoint)
        held, lines = sum(graphs.values()), set[bytes]()
        for page in _pages(endpoint, kind, graphs) if held == manifest.quads else ():
            lines.update(canonical_lines(ox.serialize(page, format=ox.RdfFormat.N_QUADS) or b""))
            reading(len(lines), manifest.quads)
    found = sorted(_restored(lines, manifest.exact))
    if digest_of(found) != manifest.hash:
        raise EndpointError(changed(endpoint, manifest, held))
    return found


def changed(endpoint: Endpoint, manifest: Manifest, held: int) -> str:
    """Say that a store elsewhere does not hold what its record says."""
    told = escaped(endpoint.address)
    return (
        f"{told} holds {held:,} quads that are not the {manifest.quads:,} of its record; "
        f"load it again with: monazite push {told}"
    )


def _dumped(endpoint: Endpoint, kind: ServerKind, quads: int) -> bytes | None:
    """Read all that a server holds at once, where it gives that and little of it is others'."""
    if not kind.dump:
        return None
    asked = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    held = next(map(_number, solutions(endpoint, endpoint.query(asked))), -1)
    if not quads <= held <= _OTHERS * quads + len(ABOUT):
        return None
    try:
        return endpoint.read(endpoint.beside(kind.dump))
    except EndpointError:
        return None  # queries alone may be open to us


def _ours(nquads: bytes) -> set[bytes]:
    """The quads of our graphs, but for those that speak of the graph."""
    ends = tuple(f"<{name}> .".encode() for name in ABOUT)
    begin = f" <{BASE}".encode()
    return {
        line
        for line in nquads.split(b"\n")
        if line.startswith(begin, line.rfind(b" ", 0, -2)) and not line.endswith(ends)
    }


def _graphs(endpoint: Endpoint) -> dict[str, int]:
    """Return how many quads each of our graphs has, by its name as SPARQL writes it.

    Each page begins after the last name of the one before: pages that are counted off overlap where
    a server sorts nothing, and Virtuoso sorts 10,000 rows at most.
    """
    found: dict[str, int] = {}
    after = BASE
    for _ in range(MOST // _LEAST):
        page = f'FILTER(STR(?g) > "{after}") }} GROUP BY ?g ORDER BY STR(?g) LIMIT {_PAGE}'
        rows = solutions(endpoint, endpoint.query(f"SELECT ?g (COUNT(*) AS ?n) {{ {OURS} {page}"))
        if any(not isinstance(row["g"], ox.NamedNode) for row in rows):
            raise _another(endpoint)
        found |= {
            str(row["g"]): max(_number(row), 0) for row in rows if row["g"].value not in ABOUT
        }
        if len(rows) < _LEAST:
            break
        after = rows[-1]["g"].value
    return found


def _pages(endpoint: Endpoint, kind: ServerKind, graphs: dict[str, int]) -> Iterator[list[ox.Quad]]:
    """Read quads page by page, those of some graphs at a time.

    Pages of a long graph may overlap, as nobody sorts them: what they left out is asked for again.
    """
    for some, count in _together(graphs):
        found = set[ox.Quad]()
        for _ in range(_ROUNDS):
            for page in _round(endpoint, kind, some, count):
                yield page
                if count > _PAGE:
                    found.update(page)
            if count <= _PAGE or len(found) >= count:
                break


def _round(
    endpoint: Endpoint, kind: ServerKind, some: list[str], count: int
) -> Iterator[list[ox.Quad]]:
    """Go once through the quads of some graphs."""
    place = 0
    while place < count:
        asked = (
            f"SELECT ?s ?p ?o ?g {{ VALUES ?g {{ {' '.join(some)} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            f" LIMIT {_PAGE} OFFSET {place}"
        )
        rows = solutions(endpoint, endpoint.query(asked, kind.results))
        place += len(rows)
        try:
            yield [ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows]
        except (TypeError, ValueError, KeyError):
            raise _another(endpoint) from None
        if len(rows) < _LEAST:
            return  # what is there is held to the record


def _another(endpoint: Endpoint) -> EndpointError:
    return EndpointError(f"{escaped(endpoint.address)} answers another question than was asked.")


def _together(graphs: dict[str, int]) -> Iterator[tuple[list[str], int]]:
    """Put graphs together whose quads are one page, and how many those are."""
    waiting = iter(graphs.items())
    while some := list(islice(waiting, _GRAPHS)):
        yield [name for name, _ in some], sum(count for _, count in some)


def _restored(lines: set[bytes], exact: Iterable[str]) -> set[bytes]:
    """Put quads in the place of what a server made of them."""
    text = "\n".join(exact).encode()
    try:
        quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    except (SyntaxError, ValueError):
        return lines  # what is there is held against the hash
    right = canonical_lines(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    places = set(map(about_of, right))
    subjects = {subject for subject, _, _ in places}
    changed = {line for line in lines if line[: line.find(b" ")] in subjects}
    return lines - {line for line in changed if about_of(line) in places} | set(right)
