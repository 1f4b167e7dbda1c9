"""Loading a graph into a store elsewhere: in parts, the record last, and again where it broke off.

All triples name what they speak of, so that a part that is sent twice is there once. What stands
there of an older graph is dropped first, its record before all else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import pyoxigraph as ox

from monazite.core.columns import Column, table
from monazite.core.errors import EndpointError
from monazite.core.formats import escaped, grouped
from monazite.core.results import Result, Struct, do_nothing
from monazite.core.tables import Table
from monazite.data.iris import BASE, PREFIXES
from monazite.store.quads import canonical_lines
from monazite.store.remote.endpoint import Endpoint
from monazite.store.store import Store

MANIFEST, LOADING = BASE + "graph/manifest", BASE + "graph/loading"
_VALUE = PREFIXES["rdf"] + "value"
_ASK = (
    f"SELECT ?about ?value {{ VALUES ?about {{ <{MANIFEST}> <{LOADING}> }} "
    f"GRAPH ?about {{ ?about <{_VALUE}> ?value }} }}"
)
_LONGEST = 300


class Held(Struct):
    """What a store elsewhere holds of a graph: all of it, a part, or nothing."""

    text: str | None = None  # its record as it stands there; None where there is no whole graph
    loading: tuple[str, int] | None = None  # hash of a graph in parts, and quads that are there


def read_held(endpoint: Endpoint) -> Held:
    """Ask what a store elsewhere holds."""
    found: dict[str, list[str]] = {}
    for row in solutions(endpoint, endpoint.query(_ASK)):
        about, value = (str(getattr(row[name], "value", "")) for name in ("about", "value"))
        found.setdefault(about, []).append(value)
    told = (text.partition(" ") for text in found.get(LOADING, []))
    steps = [(digest, count_in(count) or 0) for digest, _, count in told]
    loading = max(steps, default=None, key=lambda step: step[1])
    return Held(next(iter(found.get(MANIFEST, [])), None), loading)


def count_in(text: str) -> int | None:
    """Return a count that a server gives; None where it says anything else.

    >>> count_in("12"), count_in("-1")
    (12, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def value_quad(graph: str, text: str) -> str:
    """Return the triple that a graph about the graph holds, as SPARQL writes it in its graph."""
    return f"GRAPH <{graph}> {{ <{graph}> <{_VALUE}> {ox.Literal(text)} }}"


def solutions(endpoint: Endpoint, answer: bytes) -> list[ox.QuerySolution]:
    """Read the solutions of an answer, all of them: it may break off at any."""
    told = escaped(endpoint.address)
    try:
        found = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QuerySolutions):
            return list(found)
    except (SyntaxError, ValueError) as error:
        said = escaped(str(error))[:_LONGEST].rstrip(".")
        raise EndpointError(
            f"{told} answers what is no SPARQL result ({said}); name the address of a SPARQL "
            "endpoint."
        ) from None
    raise EndpointError(f"{told} answers another question than was asked.")


_OURS = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}"))'
"""All quads that a store elsewhere holds below the address of this graph."""


class ServerKind(Struct):
    """What a kind of server does otherwise."""

    name: str
    banner: str = ""
    update: str = ""  # the end of the address of its updates; as that of the queries if empty
    quads: str = ""  # the same of what takes N-Quads of several graphs; nothing does if empty
    lines: int = 2_000  # quads that it takes at once, at most
    size: int = 400_000  # bytes of quads that it takes at once


UNKNOWN = ServerKind("unknown")
KINDS = (
    ServerKind(
        "Oxigraph",
        banner="Oxigraph/",
        update="update",
        quads="store?no_transaction",  # as its own bulk load; what is sent twice is there once
        lines=50_000,
        size=16_000_000,
    ),
    # Updates want a digest at another address; one of 5,000 lines may be more than its compiler
    # takes.
    ServerKind("Virtuoso", banner="Virtuoso/", update="sparql-auth", lines=1_000),
    ServerKind("Fuseki", banner="Apache Jena Fuseki", update="update"),
)


def kind_of(endpoint: Endpoint) -> ServerKind:
    """Return the kind of a server that has answered once."""
    return next((kind for kind in KINDS if endpoint.server.startswith(kind.banner)), UNKNOWN)


def update_address(endpoint: Endpoint, kind: ServerKind) -> str:
    """Return where a server takes updates."""
    return endpoint.beside(kind.update) if kind.update else endpoint.address


def count_quads(endpoint: Endpoint, but: str = "") -> int:
    """Count the quads that a store elsewhere holds below our address; -1 if it does not say."""
    found = solutions(endpoint, endpoint.query(f"SELECT (COUNT(*) AS ?n) {{ {_OURS} {but} }}"))
    count = count_in(str(getattr(found[0]["n"], "value", ""))) if found else None
    return -1 if count is None else count


class Pushed(Result):
    """A graph that was loaded into a store elsewhere."""

    _json = "endpoint quads sent hash"

    endpoint: str  #: the address where the store takes queries
    quads: int  #: how many quads the store holds
    sent: int  #: how many of them were sent now; the others were there
    hash: str  #: SHA-256 of all quads in canonical form, sorted N-Quads

    def headline(self) -> str:
        """Return what the store holds now."""
        return (
            f"{grouped(self.quads)} quads at {escaped(self.endpoint)}, {grouped(self.sent)} of "
            "them sent now"
        )

    def tables(self) -> list[Table]:
        """Return what was loaded in one line."""
        columns = (
            Column("endpoint", "endpoint", escaped),
            Column("quads", "quads", grouped, right=True),
            Column("sent", "sent", grouped, right=True),
            Column("hash", lambda each: each.hash[:12]),
        )
        return [table("", [self], columns)]


def push(
    store: Store,
    endpoint: Endpoint,
    about: Mapping[str, object],
    progress: Callable[[float], object] = do_nothing,
) -> Pushed:
    """Load all quads of a store into another one, with a record that says what is told of them."""
    nquads = canonical_lines(store.text())
    lines, digest = nquads.split(b"\n")[:-1], hashlib.sha256(nquads).hexdigest()
    text = json.dumps({**about, "hash": digest, "quads": len(lines)})
    held = read_held(endpoint)
    load = Loading(endpoint, kind_of(endpoint), digest)
    if held.text == text and count_quads(endpoint) == len(lines) + 1:
        return Pushed(endpoint.address, len(lines), 0, digest)
    begin = held.loading[1] if held.loading and held.loading[0] == digest else 0
    if held.text is not None or not begin:
        load.clear(MANIFEST if held.text is not None else None)
        begin = 0
    for place in load.parts(lines, begin):
        progress(place / len(lines))
    load.finish(text, len(lines))
    return Pushed(endpoint.address, len(lines), len(lines) - begin, digest)


class Loading:
    """One graph on its way into a store elsewhere."""

    def __init__(self, endpoint: Endpoint, kind: ServerKind, digest: str) -> None:
        self._endpoint, self._kind, self._digest = endpoint, kind, digest
        self._update = partial(endpoint.update, address=update_address(endpoint, kind))
        self._name = escaped(endpoint.address)

    def clear(self, first: str | None) -> None:
        """Drop what is there below our address."""
        if first is not None:
            self._update(f"DROP SILENT GRAPH <{first}>")
        asked = f"SELECT DISTINCT ?g {{ {_OURS} }} LIMIT 500"
        before: set[str] = set()
        for _ in range(100_000):  # a server that keeps them would be asked for ever
            rows = solutions(self._endpoint, self._endpoint.query(asked))
            graphs = {str(row["g"]) for row in rows}
            if not graphs:
                return
            if graphs == before:
                break
            self._update(";\n".join(f"DROP SILENT GRAPH {graph}" for graph in sorted(graphs)))
            before = graphs
        raise EndpointError(f"{self._name} does not drop what it holds of the graph.")

    def parts(self, lines: Sequence[bytes], begin: int) -> Iterator[int]:
        """Send the quads from a place on, part by part; yield how many are there."""
        place = begin
        while place < len(lines):
            end = self._end(lines, place)
            part, data = lines[place:end], [value_quad(LOADING, f"{self._digest} {end}")]
            if self._kind.quads and not self._endpoint.updates:
                self._endpoint.add(b"\n".join(part), self._endpoint.beside(self._kind.quads))
            else:
                data[:0] = _by_graph(part)
            self._update("INSERT DATA {\n" + "\n".join(data) + "\n}")
            place = end
            yield place

    def _end(self, lines: Sequence[bytes], begin: int) -> int:
        """Where a part ends: it has at least one line, and no more than the server takes."""
        end, size = begin, 0
        while end < len(lines) and end - begin < self._kind.lines:
            size += len(lines[end])
            if size > self._kind.size and end > begin:
                break
            end += 1
        return end

    def finish(self, text: str, quads: int) -> None:
        """Write the record, if all is there that it speaks of."""
        found = count_quads(self._endpoint, f"FILTER(?g != <{LOADING}>)")
        if found != quads:
            raise EndpointError(
                f"{self._name} holds {grouped(found)} quads after {grouped(quads)} were sent; "
                "nobody else may write below their address meanwhile: run it again."
            )
        record = f"INSERT DATA {{\n{value_quad(MANIFEST, text)}\n}}"
        self._update(f"DROP SILENT GRAPH <{LOADING}> ;\n{record}")


def _by_graph(lines: Sequence[bytes]) -> Iterator[str]:
    """Write N-Quads as SPARQL does, the triples of each graph together."""
    graphs: dict[str, list[str]] = {}
    for line in lines:
        triple, _, graph = line.decode()[:-2].rpartition(" ")
        graphs.setdefault(graph, []).append(triple)
    for graph, triples in graphs.items():
        body = " .\n".join(triples)
        yield f"GRAPH {graph} {{\n{body}\n}}"
