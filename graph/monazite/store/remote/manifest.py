"""The record of a graph in a store elsewhere: whose it is and what it holds, written last.

It stands in a graph of its own. While a graph is being loaded there is none, and another graph says
how far that has come, so that nobody takes half a graph for a whole one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyoxigraph as ox

from monazite.core.errors import EndpointError
from monazite.core.formats import escaped
from monazite.core.package import VERSION
from monazite.data.filters import Filters
from monazite.data.iris import BASE, PREFIXES
from monazite.store.remote.endpoint import Endpoint
from monazite.store.store import Extent

MANIFEST, LOADING = BASE + "graph/manifest", BASE + "graph/loading"
ABOUT = (MANIFEST, LOADING)
"""Graphs that speak of the graph and are no part of it."""
_VALUE = PREFIXES["rdf"] + "value"
_ASK = (
    f"SELECT ?about ?value {{ VALUES ?about {{ <{MANIFEST}> <{LOADING}> }} "
    f"GRAPH ?about {{ ?about <{_VALUE}> ?value }} }}"
)
_CHANGED = re.compile(
    rb'"[+-]?\d*\.\d{16,}"\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> <'
    rb"|\^\^<http://www\.opengis\.net/ont/geosparql#wktLiteral> <"
)
"""Literals that a server changes: decimals of more than 15 digits, and points."""
_LONGEST = 300


@dataclass(frozen=True)
class Manifest:
    """What a store elsewhere says that it holds.

    Attributes:
        tables: the hash of the tables it was made from.
        data: the name of tables of one's own among them; None without.
        exact: quads as they are, where some servers change them.
    """

    version: str
    tables: str
    hash: str
    quads: int
    filters: Filters
    extent: Extent
    data: str | None = None
    exact: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return it as it is written to the store."""
        return json.dumps(asdict(self), ensure_ascii=True)


@dataclass(frozen=True)
class Held:
    """What a store elsewhere holds of a graph: all of it, a part, or nothing.

    Attributes:
        text: its record as it stands there; None where there is no whole graph.
        loading: the hash of a graph that is being loaded, and how many quads are there.
    """

    text: str | None = None
    loading: tuple[str, int] | None = None


def read_held(endpoint: Endpoint) -> Held:
    """Ask what a store elsewhere holds."""
    found: dict[str, list[str]] = {}
    for row in solutions(endpoint, endpoint.query(_ASK)):
        about, value = (str(getattr(row[name], "value", "")) for name in ("about", "value"))
        found.setdefault(about, []).append(value)
    records, steps = found.get(MANIFEST, []), found.get(LOADING, [])
    if len(records) > 1:
        raise _unreadable(endpoint)
    return Held(records[0] if records else None, max(map(_step, steps), default=None, key=_place))


def _step(text: str) -> tuple[str, int]:
    """A step of loading: the hash of the whole, and how many quads are there."""
    digest, _, count = text.partition(" ")
    return digest, int(count) if count.isascii() and count.isdigit() and len(count) < 16 else 0


def _place(step: tuple[str, int]) -> int:
    return step[1]


def step_text(digest: str, count: int) -> str:
    """Return what is written of a step of loading."""
    return f"{digest} {count}"


def value_quad(graph: str, text: str) -> str:
    """Return the triple that a graph about the graph holds, as SPARQL writes it in its graph."""
    return f"GRAPH <{graph}> {{ <{graph}> <{_VALUE}> {ox.Literal(text)} }}"


def read_manifest(endpoint: Endpoint) -> Manifest:
    """Read what a store elsewhere holds, which has to be a whole graph of this version."""
    held, told = read_held(endpoint), escaped(endpoint.address)
    if held.text is None:
        how = "is being loaded, or that broke off" if held.loading else "is not there"
        raise EndpointError(f"The graph {how} at {told}; load it with: monazite push {told}")
    try:
        found = json.loads(held.text)
        version = found["version"]
        if version == VERSION:
            return _manifest_of(found)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _unreadable(endpoint) from None
    raise EndpointError(
        f"The graph at {told} is of Monazite {escaped(str(version)[:20])}, and this is {VERSION}; "
        f"load it again with: monazite push {told}"
    )


def _unreadable(endpoint: Endpoint) -> EndpointError:
    told = escaped(endpoint.address)
    return EndpointError(
        f"The record of the graph at {told} is none of ours; load it again with: "
        f"monazite push {told}"
    )


def _manifest_of(found: Mapping[str, Any]) -> Manifest:
    """Take a record that others may have written: each part has to be of its type."""
    filters, extent, data = found["filters"], found["extent"], found["data"]
    asked = Filters(
        _is(filters["valid"], str, type(None)),
        _is(filters["known"], str, type(None)),
        _is(filters["tier"], int, type(None)),
        tuple(_is(each, str) for each in filters["without"]),
    )
    counts = {name: _is(extent[name], int) for name in ("rows", "all_rows", "perhaps", "undated")}
    cost = {_is(name, str): _is(each, int) for name, each in extent["cost"].items()}
    tables, digest = _is(found["tables"], str), _is(found["hash"], str)
    if not re.fullmatch("[0-9a-f]{12}", tables) or not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError("no hash")
    return Manifest(
        version=VERSION,
        tables=tables,
        hash=digest,
        quads=_is(found["quads"], int),
        filters=asked,
        extent=Extent(**counts, cost=cost),
        data=_is(data, str, type(None)),
        exact=tuple(_is(each, str) for each in found["exact"]),
    )


def _is(value: Any, *kinds: type) -> Any:  # noqa: ANN401 - of a JSON of others
    if type(value) not in kinds or (isinstance(value, str) and len(value) > 10_000):
        raise ValueError("of another type")
    return value


def canonical_lines(nquads: bytes) -> list[bytes]:
    """Return the lines of N-Quads without blank nodes in canonical form: each once, sorted.

    References:
        RDF Dataset Canonicalization (RDFC-1.0), W3C Recommendation of 21 May 2024.
    """
    return sorted({line for line in nquads.split(b"\n") if line})


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the hash of quads in canonical form.

    >>> digest_of([])[:8]
    'e3b0c442'
    """
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def exact_lines(lines: Iterable[bytes]) -> tuple[str, ...]:
    """Return the quads that some servers change, with all that say the same thing otherwise."""
    held = list(lines)
    kinds = (b"#wktLiteral", b"#decimal")
    may = (line for line in held if any(kind in line for kind in kinds))
    changed = {about_of(line) for line in may if _CHANGED.search(line)}
    if not changed:
        return ()
    return tuple(line.decode() for line in held if about_of(line) in changed)


def about_of(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the subject, predicate and graph of a line of N-Quads."""
    subject, predicate, _ = line.split(b" ", 2)
    return subject, predicate, line.rsplit(b" ", 2)[1]


def solutions(endpoint: Endpoint, answer: bytes) -> list[ox.QuerySolution]:
    """Read the solutions of an answer, all of them: it may break off at any."""
    told = escaped(endpoint.address)
    forms = ox.QueryResultsFormat
    try:
        found = ox.parse_query_results(answer, forms.XML if answer[:1] == b"<" else forms.JSON)
        if isinstance(found, ox.QuerySolutions):
            return list(found)
    except (SyntaxError, ValueError) as error:
        said = escaped(str(error))[:_LONGEST].rstrip(".")
        raise EndpointError(
            f"{told} answers what is no SPARQL result ({said}); name the address of a SPARQL "
            "endpoint."
        ) from None
    raise EndpointError(f"{told} answers another question than was asked.")
