"""The elements that a chain is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ChainElements:
    """The elements asked about, and those that go into the same products.

    Attributes:
        members: symbols of the elements in each, of all that share products; the number of
            magnets made is worked out from the first.
        magnet: family of the magnets; empty where the oxide is used as it is.
    """

    names: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]
    magnet: str
