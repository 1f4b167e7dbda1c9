"""RDF 1.2: each row annotates the triples it says, so that no named graph is needed.

The row is the reifier: ``<row> rdf:reifies <<( s p o )>>``, and the row's sources, attribution
and locator hang on it. A direct fact reifies its triple too, in place of subject, predicate and
object; its rows and certainty hang on it. Turtle 1.2; see https://www.w3.org/TR/rdf12-turtle/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from monazite.exchange.rdf import serialise
from monazite.exchange.selection import Progress, Selection
from monazite.progress import do_nothing
from monazite.rows.iris import BASE, DIRECT_EVIDENCE, PREFIXES

_REIFIES = ox.NamedNode(PREFIXES["rdf"] + "reifies")
_PARTS = tuple(PREFIXES["rdf"] + name for name in ("subject", "predicate", "object"))
_FACTS = ox.NamedNode(DIRECT_EVIDENCE)
_ROW = BASE + "row/"


def write_annotations(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the union of all graphs, and which row says each triple, as Turtle 1.2."""
    quads = selection.quads(progress)
    found = {str(quad.triple): quad.triple for quad in quads if not _is_part(quad)}
    found |= {str(triple): triple for triple in _annotations(quads)}
    triples = [triple for _, triple in sorted(found.items())]
    return serialise(triples, ox.RdfFormat.TURTLE, selection.view.schema, progress)


def _annotations(quads: list[ox.Quad]) -> Iterator[ox.Triple]:
    facts: dict[Any, dict[str, Any]] = defaultdict(dict)
    for quad in quads:
        row = quad.graph_name
        if isinstance(row, ox.NamedNode) and row.value.startswith(_ROW):
            yield ox.Triple(row, _REIFIES, quad.triple)
        elif _is_part(quad):
            facts[quad.subject][quad.predicate.value] = quad.object
    for node, parts in facts.items():
        subject, predicate, value = (parts[name] for name in _PARTS)
        yield ox.Triple(node, _REIFIES, ox.Triple(subject, predicate, value))


def _is_part(quad: ox.Quad) -> bool:
    """Tell whether a quad says what the subject, predicate or object of a direct fact is."""
    return quad.predicate.value in _PARTS and quad.graph_name == _FACTS
