"""One number of several things is a number of them together, and is never shown of one alone."""

from __future__ import annotations

from collections.abc import Iterable


def together(names: Iterable[str]) -> str:
    """Return the things that share one number as a text.

    Named queries write the same words (``ontology/queries/include/together.rq``).

    >>> together(["Terbium oxide", "Dysprosium oxide"])
    'Dysprosium oxide and Terbium oxide, together'
    >>> together(["Terbium oxide"])
    'Terbium oxide'
    """
    found = sorted(set(names))
    return " and ".join(found) + (", together" if len(found) > 1 else "")
