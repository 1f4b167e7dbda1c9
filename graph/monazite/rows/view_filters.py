"""What a reader asks of a view: a day, what was known by a day, a tier, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Filters:
    """What a reader asks of a view; days are ISO days, None filters nothing.

    >>> bool(Filters()), bool(Filters(tier=2))
    (False, True)
    """

    valid: str | None = None
    known: str | None = None
    tier: int | None = None
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()
