"""Where a facility stands: of its points the most exact, of those that with more decimals.

It needs no network, and so no graph library: a view asks it while it is put together.
"""

from __future__ import annotations

from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

_PRECISIONS = (
    "site",
    "precision",
    "station-or-street",
    "likely",
    "town",
    "district",
    "approximate",
)
"""How near a point is (scheme coordinate-precision), best first."""


def best_points(store: Store) -> dict[str, QueryRecord]:
    """Return the most exact point of each facility that has one."""
    points: dict[str, QueryRecord] = {}
    for answer in sorted(ask(store, "network-coordinates"), key=_exactness):
        points.setdefault(answer["facility"], answer)
    return points


def _exactness(answer: QueryRecord) -> tuple[int, int, str]:
    named = answer["precision"]
    decimals = min(len(answer[each].partition(".")[2]) for each in ("lat", "lon"))
    return (
        _PRECISIONS.index(named) if named in _PRECISIONS else len(_PRECISIONS),
        -decimals,
        answer["row"],
    )
