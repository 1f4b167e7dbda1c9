"""Plants, who runs and holds them, and what they sell to each other, as records of a day tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from monazite.bom.contents import Materials
from monazite.bom.line_cases import magnet_type
from monazite.core.formats import NOT_KNOWN
from monazite.data.filters import NO, PERHAPS, SURELY, bounds_in, holds
from monazite.data.parameters import MAGNET, MINE, USE
from monazite.model.facilities.status import OPERATING, PARTLY, FacilityStatuses, read_lives
from monazite.model.ownership import links_on
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

Item = TypeVar("Item")
Key = TypeVar("Key")
_HALF = 50.0
_STEPS = 8  # firms above one another that are followed
_RUNS = {OPERATING, PARTLY, NOT_KNOWN, ""}


@dataclass(frozen=True)
class Tie:
    """A record by which a firm has another firm or a plant."""

    owner: str
    owned: str
    kind: str
    certainty: str
    row: str


@dataclass(frozen=True)
class PlantLink:
    """A record by which goods move from a seller to a buyer."""

    seller: str
    seller_label: str
    seller_kind: str
    buyer: str
    kind: str
    goods: str
    stages: frozenset[str]  # at which the goods are made; none where the record names no stage
    elements: frozenset[str]  # that they hold; none where the record does not tell
    certainty: str
    row: str

    def may_hold(self, element: str) -> bool:
        """Whether the goods may hold an element: by what they are, or because nothing is told."""
        return not self.elements or element in self.elements


@dataclass(frozen=True)
class PlantLinks:
    """What records of a day tell of plants and of what they sell."""

    order: Mapping[str, int]  # place of each stage in the chain, the mine first
    labels: Mapping[str, str]
    countries: Mapping[str, str]
    stages: Mapping[str, frozenset[str]]
    makes: Mapping[str, frozenset[str]]
    elements: Mapping[tuple[str, str], frozenset[str]]
    below: Mapping[str, tuple[Tie, ...]]
    above: Mapping[str, tuple[Tie, ...]]
    sold_to: Mapping[str, tuple[PlantLink, ...]]
    _held: dict[tuple[str, str, str], tuple[tuple[Tie, ...], ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def does(self, plant: str, stage: str, magnets: str) -> bool:
        """Whether a plant does a stage, and may make magnets of a type."""
        known = self.makes.get(plant, frozenset())
        fits = stage != MAGNET or not magnets or not known or magnets in known
        return fits and stage in self.stages.get(plant, frozenset())

    def plants_of(self, firm: str, stage: str, magnets: str = "") -> tuple[tuple[Tie, ...], ...]:
        """Return the plants of a firm that do a stage, each by the records that lead to it."""
        key = (firm, stage, magnets)
        if key in self._held:
            return self._held[key]
        seen, found = {firm}, []
        waiting: list[tuple[tuple[Tie, ...], str]] = [((), firm)]
        for ties, owner in waiting:  # grows while it is walked
            for tie in self.below.get(owner, ()):
                if tie.owned in seen or len(ties) >= _STEPS:
                    continue
                seen.add(tie.owned)
                if tie.owned not in self.stages:
                    waiting.append(((*ties, tie), tie.owned))
                elif self.does(tie.owned, stage, magnets):
                    found.append((*ties, tie))
        self._held[key] = tuple(found)
        return self._held[key]

    def buyers_for(self, plant: str) -> Mapping[str, bool]:
        """Return who may buy for a plant: itself, who runs or holds it, and who holds these."""
        found = {plant: True}
        waiting = [plant]
        for each in waiting:  # grows while it is walked
            for tie in self.above.get(each, ()):
                if tie.owner not in found and len(found) < _STEPS:
                    found[tie.owner] = each == plant
                    waiting.append(tie.owner)
        return found

    def names(self, plant: str, stage: str, element: str) -> bool:
        """Whether a record says that a plant makes an element at a stage; ore holds all of them."""
        return stage == MINE or element in self.elements.get((plant, stage), ())

    def next_inside(self, plant: str, stage: str) -> str:
        """Return the nearest earlier stage that a plant does itself; empty for none."""
        place = self.order[stage]
        earlier = [x for x in self.stages.get(plant, ()) if self.order.get(x, place) < place]
        return max(earlier, key=self.order.__getitem__, default="")


def read_plant_links(store: Store, day: str, materials: Materials) -> PlantLinks:
    """Read the plants that run on a day and their links, once while the store is open."""
    return store.derive(f"plant links of {day}", lambda: _read(store, day, materials))


def _read(store: Store, day: str, materials: Materials) -> PlantLinks:
    lives = read_lives(store)
    order = {row["stage"]: place for place, row in enumerate(ask(store, "network-stages"))}
    order.pop(USE, None)
    labels = {name: label for name, (label, _) in lives.facilities.items()}
    countries = {
        name: row["country"] for name, rows in lives.operations.items() for row in rows[:1]
    }
    for row in ask(store, "bill-firms"):
        labels.setdefault(row["id"], row["label"])
        countries.setdefault(row["id"], row["country"])
    made = ask(store, "bill-plants")
    ties = [*_operations(lives, day), *_holdings(lives, day)]
    return PlantLinks(
        order=order,
        labels=labels,
        countries=countries,
        stages={name: frozenset(_stages(lives, name, day) & {*order}) for name in lives.facilities},
        makes=_sets((x["facility"], magnet_type(x["material"], materials)) for x in made),
        elements=_sets(((x["facility"], x["stage"]), x["element"]) for x in made),
        below=_grouped((tie.owner, tie) for tie in ties),
        above=_grouped((tie.owned, tie) for tie in ties),
        sold_to=_grouped((link.buyer, link) for link in _links(store, day)),
    )


def _grouped(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, tuple[Item, ...]]:
    found: dict[Key, list[Item]] = defaultdict(list)
    for name, item in pairs:
        found[name].append(item)
    return {name: tuple(items) for name, items in found.items()}


def _stages(lives: FacilityStatuses, plant: str, day: str) -> set[str]:
    """Stages of a plant by the rows of who runs it, but those that do not run on the day."""
    named = {row["stage"] for row in lives.operations.get(plant, ()) if _certainty(row, day) != NO}
    states = {each.stage: each.state for each in lives.on(plant, day).stages}
    return {stage for stage in named if stage and states.get(stage, "") in _RUNS}


def _operations(lives: FacilityStatuses, day: str) -> Iterator[Tie]:
    """Who runs each plant; a row without dates stands aside where a dated one is sure."""
    for plant, rows in sorted(lives.operations.items()):
        told: dict[str, list[QueryRecord]] = defaultdict(list)
        for row in rows:
            if row["operator"] and _certainty(row, day) != NO:
                told[row["stage"]].append(row)
        firms: dict[str, Tie] = {}
        for same in told.values():
            sure = [row for row in same if _certainty(row, day) == SURELY]
            for row in sure or same:
                tie = Tie(row["operator"], plant, "operates", _certainty(row, day), row.row())
                if tie.owner not in firms or tie.certainty == SURELY:
                    firms[tie.owner] = tie
        yield from (firms[name] for name in sorted(firms))


def _holdings(lives: FacilityStatuses, day: str) -> Iterator[Tie]:
    """Who holds what: more than half, or with control; half and an unknown share are perhaps."""
    answers = [row for _, rows in sorted(lives.holdings.items()) for row in rows]
    for links in links_on(answers, day).values():
        for link in links:
            perhaps = any(one.in_place and one.percent in (None, _HALF) for one in link.holdings)
            if link.owner and link.owned and (link.control or perhaps):
                certainty = link.certainty if link.control else PERHAPS
                yield Tie(link.owner, link.owned, "owns", certainty, link.rows[0])


def _certainty(row: QueryRecord, day: str) -> str:
    return holds(bounds_in(row, "from"), bounds_in(row, "until"), day)


def _sets(pairs: Iterable[tuple[Key, str]]) -> dict[Key, frozenset[str]]:
    named = _grouped((key, name) for key, name in pairs if name)
    return {key: frozenset(names) for key, names in named.items()}


def _links(store: Store, day: str) -> Iterator[PlantLink]:
    told = _grouped((answer.row(), answer) for answer in ask(store, "network-links", date=day))
    for row, answers in sorted(told.items()):
        first = answers[0]
        materials, stages, elements = (
            sorted({answer[name] for answer in answers} - {""})
            for name in ("materialLabel", "stage", "element")
        )
        yield PlantLink(
            seller=first["supplier"],
            seller_label=first["supplierLabel"],
            seller_kind=first["supplierKind"],
            buyer=first["customer"],
            kind=first["kind"],
            goods=", ".join(materials),
            stages=frozenset(stages),
            elements=frozenset(elements),
            certainty=SURELY if first.flag("certain") else PERHAPS,
            row=row,
        )
