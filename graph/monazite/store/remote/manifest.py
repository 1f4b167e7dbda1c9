"""The record of a graph in a store elsewhere: whose it is and what it holds, written last.

It has a graph of its own. While a graph is being loaded there is none, and another graph says
how far that has come, so that nobody takes half a graph for a whole one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from monazite.core.errors import EndpointError
from monazite.core.formats import escaped
from monazite.data.iris import BASE, PREFIXES
from monazite.store.remote.endpoint import Endpoint

MANIFEST, LOADING = BASE + "graph/manifest", BASE + "graph/loading"
_VALUE = PREFIXES["rdf"] + "value"
_ASK = (
    f"SELECT ?about ?value {{ VALUES ?about {{ <{MANIFEST}> <{LOADING}> }} "
    f"GRAPH ?about {{ ?about <{_VALUE}> ?value }} }}"
)
_LONGEST = 300


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
    steps = map(_step, found.get(LOADING, []))
    return Held(
        next(iter(found.get(MANIFEST, [])), None),
        max(steps, default=None, key=lambda step: step[1]),
    )


def _step(text: str) -> tuple[str, int]:
    """A step of loading: the hash of the whole, and how many quads are there."""
    digest, _, count = text.partition(" ")
    return digest, count_in(count) or 0


def count_in(text: str) -> int | None:
    """Return a count that a server gives; None where it says anything else.

    >>> count_in("12"), count_in("-1")
    (12, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def step_text(digest: str, count: int) -> str:
    """Return what is written of a step of loading."""
    return f"{digest} {count}"


def value_quad(graph: str, text: str) -> str:
    """Return the triple that a graph about the graph holds, as SPARQL writes it in its graph."""
    return f"GRAPH <{graph}> {{ <{graph}> <{_VALUE}> {ox.Literal(text)} }}"


def canonical_lines(nquads: bytes) -> list[bytes]:
    """Return the lines of N-Quads without blank nodes in canonical form: each once, sorted."""
    return sorted({line for line in nquads.split(b"\n") if line})


def digest_of(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of quads in canonical form."""
    return hashlib.sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


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
