"""What a short card is made from: the rows of a view, its day, and what other rooms find."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.findings.conflicts.conflicts import Conflict
from monazite.findings.shares.by_year import ConcentrationYear
from monazite.triples.store import Store

if TYPE_CHECKING:
    from monazite.rows.columns import TableShape


@dataclass(frozen=True)
class CardView:
    """What a card is made from.

    Attributes:
        conflicts: finds the facts on which the rows of the entity differ.
        leaders: finds who leads each stage of an element, by its id.
    """

    store: Store
    tables: Mapping[str, TableShape]
    day: str
    conflicts: Callable[[], Sequence[Conflict]]
    leaders: Callable[[str], Sequence[ConcentrationYear]]
