"""What a reader asks of a view: a day, what was known by a day, a tier, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from monazite.rows.dates import date_bounds

_WORST = 4
"""The tier of the weakest sources."""


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

    def narrowed(self, asked: Mapping[str, Any]) -> Filters:
        """Return the filters with those of a question beside them: what is left out stays out.

        >>> served = Filters(known="2025-12-31", tier=2, without=("table:prices",))
        >>> served.narrowed({"known": "2026", "tier": 4, "without": ["usgs-mcs-2026"]})
        Filters(valid=None, known='2025-12-31', tier=2, without=('table:prices', 'usgs-mcs-2026'))
        """
        given = {name: value for name, value in asked.items() if value is not None}
        if self.known is not None and "known" in given:
            given["known"] = min(date_bounds(given["known"])[1], self.known)
        if self.tier is not None and given.get("tier") in range(self.tier, _WORST + 1):
            given["tier"] = self.tier
        return replace(self, **{**given, "without": (*self.without, *given.get("without", ()))})
