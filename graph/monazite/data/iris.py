"""How rows, entities, sources, concepts and terms are named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

BASE = "https://w3id.org/monazite/"
NS = BASE + "ns#"
SCHEME = BASE + "scheme/"
EVIDENCE = BASE + "graph/evidence"
VOCABULARY = BASE + "graph/vocabulary"
ALIGNMENTS = BASE + "graph/alignments"
INFERRED = BASE + "graph/inferred"
DIRECT = BASE + "graph/direct"
DIRECT_EVIDENCE = BASE + "graph/direct-evidence"

PREFIXES = {
    "mz": NS,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "org": "http://www.w3.org/ns/org#",
    "stage": SCHEME + "stage/",
}

_PLAIN = re.compile(r"[A-Za-z0-9_.~-]*")


def entity_iri(id_path: str, key: str) -> str:
    """Return the IRI of an entity."""
    return BASE + id_path + _quoted(key)


def row_iri(table: str, key: str) -> str:
    """Return the IRI of a row, which is also its named graph and, for a claim, its record."""
    return f"{BASE}row/{table}/{_quoted(key)}"


def _quoted(key: str) -> str:
    """A key as a part of an IRI; most need no quotes, which is told sooner than they are made."""
    return key if _PLAIN.fullmatch(key) else quote(key, safe="")


def row_name(iri: str) -> str:
    """Return ``table/key`` for the IRI of a row, the short form that reports print."""
    return iri.removeprefix(BASE + "row/")


def local_name(iri: str) -> str:
    """Return the last part of an IRI: the id of an entity, the code of a concept.

    >>> local_name("https://w3id.org/monazite/scheme/stage/mine")
    'mine'
    """
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


class Statements:
    """What triples say of each IRI, in the order of the files."""

    def __init__(self, triples: Iterable[Any]) -> None:
        self.of: dict[str, dict[str, list[str]]] = {}
        for triple in triples:
            subject = str(getattr(triple.subject, "value", ""))
            value = str(getattr(triple.object, "value", ""))
            said = self.of.setdefault(subject, {})
            said.setdefault(triple.predicate.value, []).append(value)

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        """Return the values of a property."""
        return tuple(self.of.get(subject, {}).get(predicate, ()))

    def text(self, subject: str, predicate: str) -> str:
        """Return the first value of a property, or an empty text."""
        return next(iter(self.all(subject, predicate)), "")
