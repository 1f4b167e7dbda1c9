"""RDF 1.2: each row annotates the triples it says, so that no named graph is needed.

The row is the reifier: ``<row> rdf:reifies <<( s p o )>>``, and the row's sources, attribution
and locator hang on it. Turtle 1.2; see https://www.w3.org/TR/rdf12-turtle/.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from monazite.exchange.rdf import serialise
from monazite.exchange.selection import Progress, Selection
from monazite.progress import do_nothing
from monazite.rows.iris import BASE, PREFIXES

_REIFIES = ox.NamedNode(PREFIXES["rdf"] + "reifies")
_ROW = BASE + "row/"


def write_annotations(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the union of all graphs, and which row says each triple, as Turtle 1.2."""
    quads = selection.quads(progress)
    found = {str(quad.triple): quad.triple for quad in quads}
    found |= {str(triple): triple for triple in _annotations(quads)}
    triples = [triple for _, triple in sorted(found.items())]
    return serialise(triples, ox.RdfFormat.TURTLE, selection.view.schema, progress)


def _annotations(quads: list[ox.Quad]) -> Iterator[ox.Triple]:
    for quad in quads:
        row = quad.graph_name
        if isinstance(row, ox.NamedNode) and row.value.startswith(_ROW):
            yield ox.Triple(row, _REIFIES, quad.triple)
