"""By what a printed share differs from the share of the reconciled year, from its own attributes.

Nothing is guessed: the year, the kind of the number, the materials and the basis of the rows are
named where they are not those of the reconciled year.
"""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.wording import basis_words
from monazite.network.facts import Facts
from monazite.network.shares import OutputFigure
from monazite.rows.iris import local_name
from monazite.triples.names import find_entity

CONTAINED = "element"
"""The basis of tonnes of the element itself, as the reconciled year has them."""
OWN_COUNT = "the source's own count"


def why_other(
    figures: Iterable[OutputFigure], facts: Facts, *, year: int, basis: str, reconciled: int
) -> str:
    """Say by what a printed share differs from that of the reconciled year."""
    chosen = list(figures)
    told = [f"of {year}, not {reconciled}"] if year != reconciled else []
    told += sorted({each.figure for each in chosen} - {""})
    wider = any(each.rank > 1 for each in chosen)
    told += [f"{'a wider group, ' if wider else 'of '}{name}" for name in _materials(chosen, facts)]
    told += [f"basis: {basis_words(basis)}"] if basis != CONTAINED else []
    return "; ".join(told) or OWN_COUNT


def _materials(figures: Iterable[OutputFigure], facts: Facts) -> list[str]:
    """What was counted, where its name is not that of the element; several together say so."""
    names = {local_name(each.material) for each in figures if not each.joint}
    labels = {find_entity(facts.store, x, "Material", what="material").label for x in names}
    own = facts.element.label.lower()
    return sorted(label for label in labels if not label.lower().startswith(own))
