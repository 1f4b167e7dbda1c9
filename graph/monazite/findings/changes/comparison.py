"""The two views of a comparison, and one change between them."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.rows.columns import Schema
from monazite.triples.store import Store

GROUPS = {
    "shares": "Shares, ranks and concentration",
    "policies": "Policies",
    "facilities": "Facilities",
    "ownership": "Ownership",
    "supply": "Supply links",
    "sources": "Sources and records that became known",
    "records": "Records of the tables",
}
"""Groups of changes, the most important first."""


@dataclass(frozen=True)
class ComparedView:
    """One of the two views."""

    store: Store
    schema: Schema
    day: str
    name: str


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        group: one of ``GROUPS``.
        kind: what changed, in a word: closed, begun, index.
        subject: what it changed of.
        text: the change in sentences.
        rows: the rows on which the two answers rest, the deciding ones first.
        market: whether it is about the market that is asked about.
    """

    group: str
    kind: str
    subject: str
    text: str
    rows: tuple[str, ...]
    market: bool = False
