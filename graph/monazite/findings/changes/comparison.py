"""The two views of a comparison, and one change between them."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.rows.columns import Schema
from monazite.triples.store import Store


@dataclass(frozen=True)
class Side:
    """One of the two views: its rows, the day it is asked about, and how to name it."""

    store: Store
    schema: Schema
    day: str
    name: str


@dataclass(frozen=True)
class Change:
    """One change: a sentence, and the rows on which the two answers rest, the deciding first."""

    group: str
    kind: str
    subject: str
    text: str
    rows: tuple[str, ...]
