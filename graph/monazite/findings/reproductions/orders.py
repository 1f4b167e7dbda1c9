"""Elements in the order of a published number, and in ours: rank correlation and each miss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monazite.findings.rank_correlation import (
    kendall,
    pair_signs,
    places,
    spearman,
)

NEAR = 2
"""An element is out of place from more places than this on."""


@dataclass(frozen=True)
class OrderPlace:
    """An element in a published order and in ours; None is not known.

    Attributes:
        element: its symbol.
        printed: the published number.
        unit: of the published number.
        ours: the number that orders the elements here.
        our_unit: of ours.
        printed_row: the row that prints the number.
        reason: what sets the two apart, or why ours is not known.
        first: its first place in the published order, 1 for the largest number.
        last: its last place there; equal numbers share theirs.
        our_first: its first place in ours.
        our_last: its last place in ours.
        out: how many places it stands lower here (above 0) or higher; 0 where places overlap.
    """

    element: str
    printed: float
    unit: str
    ours: float | None
    our_unit: str
    printed_row: str
    reason: str = ""
    first: int | None = None
    last: int | None = None
    our_first: int | None = None
    our_last: int | None = None
    out: int | None = None

    @property
    def is_out(self) -> bool:
        """Whether it is out of place by more than a few places."""
        return self.out is not None and abs(self.out) > NEAR


@dataclass(frozen=True)
class Order:
    """Whether numbers stand in the printed order.

    Attributes:
        measure: what ours is, as a code.
        what: what is ordered, in words.
        market: the market whose loss ours is; empty where it is none.
        numbers: how many numbers were compared.
        pairs: pairs of them whose printed numbers differ.
        kept: pairs that stand in the same order in ours (the concordant pairs).
        tied: pairs that are equal in ours.
        spearman: rank correlation of Spearman, -1 to 1; None where a side has no order.
        kendall: rank correlation tau-b of Kendall, -1 to 1; None where a side has no order.
        places: the elements, largest printed number first; those without a number of ours too.
    """

    measure: str
    what: str
    numbers: int
    pairs: int
    kept: int
    market: str = ""
    tied: int = 0
    spearman: float | None = None
    kendall: float | None = None
    places: tuple[OrderPlace, ...] = ()


def order_of(
    given: Sequence[OrderPlace],
    *,
    measure: str,
    what: str,
    market: str = "",
    reason: Callable[[OrderPlace, int], str] | None = None,
) -> Order | None:
    """Put elements into their places and correlate the two orders.

    >>> pairs = {"Lu": (2059, 100.0), "Tb": (1809, 100.0), "Nd": (154, 96.0)}
    >>> given = [OrderPlace(name, size, "usd-million", lost, "%", "")
    ...     for name, (size, lost) in pairs.items()]
    >>> found = order_of(given, measure="part-lost", what="sizes")
    >>> found.kept, found.tied, [place.our_last for place in found.places]
    (2, 1, [2, 2, 3])
    """
    known = [place for place in given if place.ours is not None]
    printed = [place.printed for place in known]
    ours = [place.ours or 0.0 for place in known]
    same, turned, tied, _ = pair_signs(printed, ours)
    unknown = [place for place in given if place.ours is None]
    if not unknown and not same + turned + tied:
        return None
    placed = [
        _placed(place, theirs, mine, reason)
        for place, theirs, mine in zip(known, places(printed), places(ours), strict=True)
    ]
    return Order(
        measure=measure,
        what=what,
        numbers=len(known),
        pairs=same + turned + tied,
        kept=same,
        market=market,
        tied=tied,
        spearman=spearman(printed, ours),
        kendall=kendall(printed, ours),
        places=tuple(sorted([*placed, *unknown], key=lambda each: (-each.printed, each.element))),
    )


def _placed(
    place: OrderPlace,
    theirs: tuple[int, int],
    ours: tuple[int, int],
    reason: Callable[[OrderPlace, int], str] | None,
) -> OrderPlace:
    lower, higher = ours[0] - theirs[1], ours[1] - theirs[0]
    found = replace(
        place,
        first=theirs[0],
        last=theirs[1],
        our_first=ours[0],
        our_last=ours[1],
        out=lower if lower > 0 else min(higher, 0),
    )
    return replace(found, reason=reason(found, ours[1] - ours[0])) if reason else found
