"""Kinds of servers: what each does otherwise than the embedded engine, all of it here.

A server that is not known answers too: whatever answers is read, and its copy is asked here.
"""

from __future__ import annotations

from dataclasses import dataclass

from monazite.triples.remote.endpoint import JSON, XML, Endpoint


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
