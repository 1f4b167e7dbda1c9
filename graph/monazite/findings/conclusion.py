"""The conclusion of the chokepoint report: one function from a view's rows to who stands first.

It is the report's ranking by :func:`monazite.findings.chokepoints.find_chokepoints` without the
ranges and the structure, for a search that draws it thousands of times. Another flow model is
another function of the same form, ``Conclude``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from monazite.errors import NotKnownError
from monazite.findings.candidates import Candidate, find_candidates
from monazite.findings.flow import Supply, flow_graph, loss
from monazite.network.behind import rows_behind
from monazite.network.build import build_network
from monazite.network.facts import Facts
from monazite.network.graph import Network

_KINDS = {"country": 0, "site": 1, "firm": 2}


@dataclass(frozen=True)
class Place:
    """What may fail, by its place in the ranking; ``loss`` is None where it is not known.

    ``rows`` are those that print its share.
    """

    id: str
    label: str
    loss: float | None
    share: float
    rows: tuple[str, ...] = field(default=(), compare=False)

    @property
    def percent(self) -> int | None:
        """The loss in whole percent: equal ones share a rank."""
        return None if self.loss is None else round(100 * self.loss)


@dataclass(frozen=True)
class Conclusion:
    """The ranking of a view, the largest loss first; ``why`` says why there is none.

    ``rests_on`` finds the rows that it rests on: without rows outside of these, or with other
    numbers in them, it is the same, as long as all inside stay as they are.
    """

    places: tuple[Place, ...]
    why: str = ""
    rests_on: Callable[[], frozenset[str]] = field(
        default=frozenset, compare=False, repr=False, kw_only=True
    )

    @property
    def first(self) -> Place | None:
        """What stands first."""
        return self.places[0] if self.places else None

    def place(self, id: str) -> Place | None:  # noqa: A002 - the name of the field
        """Return what has an id, None if it is not ranked."""
        return next((place for place in self.places if place.id == id), None)

    def leads(self, id: str) -> bool:  # noqa: A002 - the name of the field
        """Tell whether something has rank one, alone or with equals."""
        place = self.place(id)
        if place is None or self.first is None:
            return False
        return place == self.first or (
            place.loss is not None and place.percent == self.first.percent
        )


Conclude: TypeAlias = Callable[[Facts, str], Conclusion]


def conclude(
    facts: Facts, market: str, *, drawn: dict[Hashable, Conclusion] | None = None
) -> Conclusion:
    """Draw the conclusion of the rows of a view, by max-flow.

    Args:
        facts: the rows of an element.
        market: code of a country or aggregate.
        drawn: conclusions by what they were drawn from, to draw none twice.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> found = conclude(read_facts(open_store(), "Dy", "2026-11-24"), "WLD")
    >>> found.first.label, found.first.percent
    ('China at separation', 100)
    """
    try:
        network = build_network(facts, market, links=False)
    except NotKnownError as error:
        return Conclusion((), str(error))
    ground = ground_of(network)
    known = drawn if drawn is not None else {}
    if ground not in known:
        known[ground] = conclude_network(network)
    return replace(known[ground], rests_on=partial(rows_behind, facts, network))


def ground_of(network: Network) -> Hashable:
    """Return all that the ranking is worked out from: capacities, and what may fail."""
    graph = flow_graph(network)
    arcs = tuple((tail, head, arc.get("capacity")) for tail, head, arc in graph.edges(data=True))
    things = tuple(
        (thing.id, thing.thing, thing.share, tuple(thing.hits.items()), thing.rows)
        for thing in find_candidates(network)
    )
    return arcs, things


def conclude_network(network: Network) -> Conclusion:
    """Draw the conclusion of a network.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
    """
    supply = Supply(network)
    base = supply.fair()
    places: dict[tuple[object, ...], Place] = {}
    lost: dict[tuple[tuple[str, float], ...], float | None] = {}
    for thing in sorted(find_candidates(network), key=lambda c: (_KINDS[c.kind], c.id)):
        hits = tuple(sorted(thing.hits.items()))
        if hits not in lost:
            lost[hits] = loss(base, supply.fair(_left(network, thing.hits))) if base else None
        place = Place(
            thing.id, thing.label, lost[hits], thing.share, tuple(dict.fromkeys(thing.rows))
        )
        places.setdefault(_line(thing, place.loss), place)
    return Conclusion(tuple(sorted(places.values(), key=_order)))


def _line(thing: Candidate, lost: float | None) -> tuple[object, ...]:
    """Names of one thing stand on one line if their effects are equal."""
    return thing.thing, None if lost is None else round(lost, 2)


def _order(place: Place) -> tuple[float, float, str]:
    return (-(place.loss if place.loss is not None else -1), -place.share, place.id)


def _left(network: Network, hits: Mapping[str, float]) -> dict[str, float]:
    return {pool: network.nodes[pool]["share"] * (1 - part) for pool, part in hits.items()}
