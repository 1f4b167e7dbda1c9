"""Elements in the order of a published number, and in ours: rank correlation and each miss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.rank_correlation import kendall, pair_signs, places, spearman
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.formats import percent
from monazite.data.parameters import Contingency
from monazite.model.network.build import build_network
from monazite.model.network.facts import read_facts
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

NEAR = 2  # an element is out of place from more places than this on


@dataclass(frozen=True)
class OrderPlace:
    """An element in a published order and in ours; None is not known.

    Attributes:
        element: its symbol.
        printed: the published number.
        unit: of the published number.
        ours: the number that orders the elements here.
        our_unit: of ours.
        printed_row: key of the row that prints the number.
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
        measure: what ours is: a measure, or part-lost, the part that the market loses.
        what: the same in words.
        numbers: how many printed numbers are compared.
        market: the market whose loss ours is; empty where it is none.
        pairs: how many pairs of them have printed numbers that differ.
        kept: how many of these pairs stand in the same order in ours (the concordant pairs).
        tied: how many of these pairs are equal in ours.
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
    """Put elements into their places and correlate the two orders."""
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
    found = replace(place, first=theirs[0], last=theirs[1], our_first=ours[0], our_last=ours[1])
    found = replace(found, out=lower if lower > 0 else min(higher, 0))
    return replace(found, reason=reason(found, ours[1] - ours[0])) if reason else found


SUPPLIER = "CHN"  # what stops: every plant of the country that makes most of each rare earth
MIN_ELEMENTS = 3  # fewer have no order to speak of
ASSESSED_MARKETS = {"eu-crm": "EUE"}
"""Whose supply an assessment is of, by its code."""
MOST = 0.5  # a loss below this leaves most of the element
COUNTS = {
    "loss": "what the economy loses",
    "assessment": "how concentrated and how badly governed the supply was",
}
"""What a published number counts, by the kind of the publication."""


def published_orders(store: Store, date: str) -> tuple[Order, ...]:
    """Put what markets lose beside each published order of elements."""
    groups: dict[tuple[str, ...], list[QueryRecord]] = defaultdict(list)
    for answer in ask(store, "network-published-orders"):
        market = answer["market"] or ASSESSED_MARKETS.get(answer["author"], "")
        key = ("kind", "author", "edition", "scenario", "counted", "unit")
        if market:
            groups[market, *(answer[name] for name in key)].append(answer)
    orders = []
    for (market, *_), answers in sorted(groups.items()):
        first: dict[str, QueryRecord] = {}
        for answer in answers:
            first.setdefault(answer["element"], answer)
        orders.append(_order(store, date, market, list(first.values())))
    return tuple(order for order in orders if order is not None)


def _order(store: Store, date: str, market: str, answers: list[QueryRecord]) -> Order | None:
    if len(answers) < MIN_ELEMENTS:
        return None
    kind, author, edition = (answers[0][name] for name in ("kind", "author", "edition"))
    counted = answers[0]["counted"].lower()
    what = f"loss of {counted}, {author}" if kind == "loss" else f"EU {counted} {edition}"
    given = []
    for answer in answers:
        lost, why = part_lost(store, answer["element"], market, date)
        ours = None if lost is None else float(round(100 * lost))
        printed, unit = answer.number("value"), answer["unit"]
        given.append(OrderPlace(answer["element"], printed, unit, ours, "%", answer.row(), why))
    reason = partial(_reason, counts=COUNTS[kind])
    return order_of(given, measure="part-lost", what=what, market=market, reason=reason)


def part_lost(store: Store, element: str, market: str, date: str) -> tuple[float | None, str]:
    """Return the part of an element that a market loses when the supplier stops, or why none."""
    facts = read_facts(store, element, date)
    try:
        model = LossModel(build_network(facts, market), facts, Contingency())
    except (NotKnownError, ProgrammeError) as unknown:
        return None, str(unknown)
    candidates = [each for each in model.candidates if each.id == f"country/{SUPPLIER}"]
    if not candidates:
        supplier = facts.country_labels.get(SUPPLIER, SUPPLIER)
        return None, f"No record says that {supplier} makes any of it."
    return model.study.loss(model.study.event_of(candidates[0])), ""


def _reason(place: OrderPlace, beside: int, counts: str) -> str:
    """What sets an element apart; equal whole percents share their places, as chokepoints do."""
    part = (place.ours or 0.0) / 100
    lost = f"{percent(part)} is lost"
    shared = f", as with {beside} other{'s' if beside > 1 else ''}" if beside else ""
    if place.is_out:
        where = "lower" if (place.out or 0) > 0 else "higher"
        elsewhere = ", for most of it comes from elsewhere" if part < MOST else ""
        return (
            f"Stands {where} here: {lost}{shared}{elsewhere}; the published number counts {counts}."
        )
    if beside:
        return f"{lost}{shared}: only the published number tells them apart."
    return ""
