"""The canonical form of rows: the same text however their file is written."""

from __future__ import annotations

import pyoxigraph as ox

from monazite.core.errors import UnreadableError


def canonical_nquads(trig: str, *, file: str = "The page") -> bytes:
    """Return the quads of rows, given as TriG, in canonical form: N-Quads, sorted.

    Blank nodes, which rows do not have and which may take forever to tell apart, are refused. See
    RDF Dataset Canonicalization (RDFC-1.0), W3C Recommendation of 21 May 2024.
    """
    try:
        quads = ox.Dataset(ox.parse(trig.encode("utf-8", "replace"), format=ox.RdfFormat.TRIG))
    except (SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(f"{file} carries rows that are no TriG: {error}.") from None
    if any(map(_has_blank, quads)):
        raise UnreadableError(f"{file} carries rows with blank nodes, which no row has.")
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return canonical_lines("".join(f"{quad} .\n" for quad in quads).encode())


def canonical_lines(nquads: bytes) -> bytes:
    """Return N-Quads without blank nodes in canonical form: each statement once, sorted."""
    lines = {*nquads.split(b"\n")} - {b""}
    return b"".join(line + b"\n" for line in sorted(lines))


def _has_blank(term: object) -> bool:
    if isinstance(term, ox.Quad | ox.Triple):
        return any(map(_has_blank, term))
    return isinstance(term, ox.BlankNode)
