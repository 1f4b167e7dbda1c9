"""Which products a scenario file names: as tables print them, or by words of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monazite.findings.scenarios.headline import name_of

_NOT_IN_IT = re.compile(r"\b(outside|without)\b")
"""What follows in a name is what the product does not hold, or is not used in."""


def is_named(text: str, product: str) -> bool:
    """Return whether a text names a product: whole words of its name, printed or inner.

    Goods that are used outside magnets are named only by a text that says "outside".

    Args:
        text: as a scenario file has it.
        product: as the base year has it.

    >>> is_named("heavy magnets", "magnets with Dy or Tb"), is_named("Dy", "magnets with Dy or Tb")
    (True, True)
    >>> is_named("magnets without Dy or Tb", "magnets without"), is_named("Dy", "magnets without")
    (True, False)
    >>> is_named("magnets", "NdPr outside magnets"), is_named("outside", "NdPr outside magnets")
    (False, True)
    """
    return any(_has(name.casefold(), text.casefold()) for name in (product, name_of(product)))


def products_named(text: str, products: Iterable[str]) -> tuple[str, ...]:
    """Return the products that a text names; all where there is no text.

    Args:
        text: as a scenario file has it; empty for none.
        products: as the base year has them.

    >>> products_named("magnet", ("magnets with Dy or Tb", "Tb outside magnets"))
    ('magnets with Dy or Tb',)
    """
    return tuple(each for each in products if not text or is_named(text, each))


def _has(name: str, text: str) -> bool:
    """Whether a name has the words of a text, and says them of the product itself."""
    away = _NOT_IN_IT.search(name)
    if away and not re.search(rf"\b{away[1]}\b", text):
        if away[1] == "outside":
            return False
        name = name[: away.start()]
    return re.search(rf"(?<!\w){re.escape(text.strip())}s?(?!\w)", name) is not None
