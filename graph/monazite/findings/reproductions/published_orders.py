"""Orders of elements that others published, beside what a market loses of each of them.

A published size says what an economy would lose, or how risky a supply is; ours says which part
of an element a market no longer gets. The two are never computed with each other: only their
orders are compared, and each element that stands elsewhere says why, as far as rows tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monazite.errors import NotKnownError, ProgrammeError
from monazite.findings.losses.model import LossModel
from monazite.findings.reproductions.orders import Order, OrderPlace, order_of
from monazite.network.build import build_network
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.safe_text import percent
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

BY_LOSS = "part-lost"
"""Code of an order whose other side is the part that a market loses."""
SUPPLIER = "CHN"
"""What stops: every plant of the country that makes most of each rare earth."""
MIN_ELEMENTS = 3
"""Fewer elements have no order to speak of."""
ASSESSED_MARKETS = {"eu-crm": "EUE"}
"""Whose supply an assessment is of, by its code."""
MOST = 0.5
"""A loss below this leaves most of the element."""
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
    found = (
        _order(store, date, market, _one_an_element(answers))
        for (market, *_), answers in sorted(groups.items())
    )
    return tuple(order for order in found if order is not None)


def _one_an_element(answers: Iterable[QueryRecord]) -> list[QueryRecord]:
    first: dict[str, QueryRecord] = {}
    for answer in answers:
        first.setdefault(answer["element"], answer)
    return list(first.values())


def _order(store: Store, date: str, market: str, answers: list[QueryRecord]) -> Order | None:
    if len(answers) < MIN_ELEMENTS:
        return None
    kind, author, edition = (answers[0][name] for name in ("kind", "author", "edition"))
    counted = answers[0]["counted"]
    what = (
        f"loss of {counted.lower()}, {author}"
        if kind == "loss"
        else f"EU {counted.lower()} {edition}"
    )

    def reason(place: OrderPlace, beside: int) -> str:
        return _reason(place, beside, COUNTS[kind])

    given = [_place(store, date, market, answer) for answer in answers]
    return order_of(given, measure=BY_LOSS, what=what, market=market, reason=reason)


def _place(store: Store, date: str, market: str, answer: QueryRecord) -> OrderPlace:
    lost, why = part_lost(store, answer["element"], market, date)
    return OrderPlace(
        element=answer["element"],
        printed=answer.number("value"),
        unit=answer["unit"],
        ours=None if lost is None else float(round(100 * lost)),
        our_unit="%",
        printed_row=answer.row(),
        reason=why,
    )


def part_lost(store: Store, element: str, market: str, date: str) -> tuple[float | None, str]:
    """Return the part of an element that a market loses when all plants of the supplier stop.

    >>> from monazite.triples.opening import open_store
    >>> part_lost(open_store(), "Lu", "USA", "2026-11-24")
    (1.0, '')
    """
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
