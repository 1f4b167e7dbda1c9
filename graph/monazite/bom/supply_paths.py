"""The named path of a supplier: firm, plant, its feed, back to the mine as far as records go.

A path is of one element: from a firm to the plants that it runs or holds by half, and from a plant
to its own earlier stage or to who sells to it. Its *weakest hop* is the least certain one, then one
that no other record doubles, then the one nearest to the mine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TypeVar

from monazite.bom.contents import Materials
from monazite.bom.line_cases import magnet_type
from monazite.core.formats import NOT_KNOWN
from monazite.core.results import Struct, Value
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


class Tie(Struct):
    """A record by which a firm has another firm or a plant."""

    owner: str
    owned: str
    kind: str
    certainty: str
    row: str


class PlantLink(Struct):
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


class PlantLinks(Struct):
    """What records of a day tell of plants and of what they sell."""

    order: Mapping[str, int]  # place of each stage in the chain, the mine first
    labels: Mapping[str, str]
    countries: Mapping[str, str]
    stages: Mapping[str, frozenset[str]]
    makes: Mapping[str, frozenset[str]]
    elements: Mapping[tuple[str, str], frozenset[str]]  # by record, of a plant at a stage
    below: Mapping[str, tuple[Tie, ...]]
    above: Mapping[str, tuple[Tie, ...]]
    sold_to: Mapping[str, tuple[PlantLink, ...]]

    def does(self, plant: str, stage: str, magnets: str) -> bool:
        """Whether a plant does a stage, and may make magnets of a type."""
        known = self.makes.get(plant, frozenset())
        fits = stage != MAGNET or not magnets or not known or magnets in known
        return fits and stage in self.stages.get(plant, frozenset())

    def plants_of(self, firm: str, stage: str, magnets: str = "") -> tuple[tuple[Tie, ...], ...]:
        """Return the plants of a firm that do a stage, each by the records that lead to it."""
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
        return tuple(found)

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


MOST_PATHS = 24  # paths of a firm and an element that are told; what is beyond counts as not known
SAME_PLANT, IN_THE_BILL = "same plant", "in the bill"


class PathHop(Value):
    """One step of a path, from who buys to who sells."""

    seller: str  #: id of the plant, firm or country that sells; of a step inside a firm, the plant
    seller_label: str  #: its name
    buyer: str  #: id of the plant or firm that buys
    buyer_label: str  #: its name
    stage: str = ""  #: magnet, alloy, metal, separation or mine; empty if not told
    #: code of where the seller does it; empty where no record says, and of a firm
    country: str = ""
    plant: bool = False  #: whether the seller is a plant
    kind: str = ""  #: operates, owns, in the bill, same plant, or the kind of the supply link
    goods: str = ""  #: names of what is sold, as the record has it
    certainty: str = PERHAPS
    doubles: int = 0  #: how many others stand beside the seller, by record
    row: str = ""  #: that says so; empty where the bill does
    named: bool = True  #: whether the record names the element, and not only goods that may hold it
    source: str = ""  #: who says so, in a few words; empty where no record does


Hops = tuple[PathHop, ...]


class SupplyPath(Value):
    """A path from a supplier of the bill back towards the mine."""

    sheet_rows: tuple[int, ...]  #: of the lines that it stands behind
    supplier: str  #: as the bill writes it
    firm: str  #: id of the supplier
    elements: tuple[str, ...]  #: symbols for which it stands; other elements may come another way
    hops: Hops  #: from the supplier back
    weakest: int | None  #: place of the weakest hop, from 0; None where there is none
    to_mine: bool  #: whether it reaches a mine; else no record goes on


def weakest_hop(hops: Hops) -> int | None:
    """Return the place of the weakest hop of a path; None where it has none."""

    def strength(place: int) -> tuple[bool, bool, bool, int]:
        hop = hops[place]
        return hop.kind == SAME_PLANT, hop.certainty == SURELY, hop.doubles > 0, -place

    return min(range(len(hops)), key=strength, default=None)


class PathFinder:
    """Finds the paths of firms, each firm, type of magnet and element once."""

    def __init__(self, links: PlantLinks) -> None:
        self.links = links
        self.paths, self.behind = cache(self._known_paths), cache(self._behind)
        self.plants_of = cache(links.plants_of)

    def _known_paths(
        self, firm: str, magnets: str, element: str, below: str = ""
    ) -> tuple[Hops, ...]:
        """The paths of a firm back towards the mines, one empty path where none is told."""
        found = tuple(islice(self._paths(firm, magnets, element, below), MOST_PATHS + 1))
        return found if len(found) <= MOST_PATHS else (*found[:MOST_PATHS], ())

    def _paths(self, firm: str, magnets: str, element: str, below: str) -> Iterator[Hops]:
        order = self.links.order
        stages = sorted(order, key=order.__getitem__, reverse=True)
        told = False
        for stage in stages[stages.index(below) + 1 :] if below else stages:
            held = self.plants_of(firm, stage, magnets)
            for ties in held:
                hops = self._inside(ties, stage, len(held) - 1)
                yield from ((*hops, *tail) for tail in self.behind(ties[-1].owned, stage, element))
            if held and not below:
                return
            told = told or bool(held)
        if told:
            return
        last = below or max(order, key=order.__getitem__, default="")
        yield from self.behind(firm, last, element)

    def _inside(self, ties: tuple[Tie, ...], stage: str, others: int) -> Hops:
        """Steps from a firm to a plant of its own."""
        labels, hops = self.links.labels, []
        for tie in ties:
            seller, buyer = ((name, labels.get(name, name)) for name in (tie.owned, tie.owner))
            hop = PathHop(*seller, *buyer, kind=tie.kind, certainty=tie.certainty, row=tie.row)
            hops.append(replace(hop, doubles=others))
        country = self.links.countries.get(hops[-1].seller, "")
        return (*hops[:-1], replace(hops[-1], stage=stage, country=country, plant=True))

    def _behind(self, who: str, stage: str, element: str) -> tuple[Hops, ...]:
        """What stands behind a plant or firm at a stage; one empty path for nothing."""
        return tuple(islice(self._onward(who, stage, element), MOST_PATHS + 1)) or ((),)

    def _onward(self, who: str, stage: str, element: str) -> Iterator[Hops]:
        steps = list(self._steps(who, stage, element))
        others = len({step[-1].seller for step in steps}) - 1
        for first, *rest in steps:
            step = (replace(first, doubles=others), *rest)
            last = step[-1]
            ends = last.stage in ("", MINE) or last.seller not in self.links.labels
            tails = ((),) if ends else self.behind(last.seller, last.stage, element)
            yield from ((*step, *tail) for tail in tails)

    def _steps(self, who: str, stage: str, element: str) -> Iterator[Hops]:
        """The steps from a plant or firm to an earlier stage."""
        order, place = self.links.order, self.links.order[stage]
        inside = self.links.next_inside(who, stage) if who in self.links.stages else ""
        if inside:
            yield (self._same_plant(who, inside, element),)
        least = order.get(inside, -1)
        for buyer, near in self.links.buyers_for(who).items():
            for link in self.links.sold_to.get(buyer, ()):
                stages = [x for x in link.stages if least <= order.get(x, -1) < place]
                # who is near may buy goods of which nothing is told
                holds = element in link.elements or (near and not link.elements)
                if holds and (stages or not link.stages):
                    made = max(stages, key=order.__getitem__, default="")
                    yield from self._sold(link, who, made, element, sure=buyer == who)

    def _same_plant(self, plant: str, inside: str, element: str) -> PathHop:
        own = (plant, self.links.labels.get(plant, plant))
        return PathHop(
            *(*own, *own, inside),
            country=self.links.countries.get(plant, ""),
            plant=True,
            kind=SAME_PLANT,
            row=next((tie.row for tie in self.links.above.get(plant, ())), ""),
            named=inside == MINE or element in self.links.elements.get((plant, inside), ()),
        )

    def _sold(
        self, link: PlantLink, buyer: str, stage: str, element: str, *, sure: bool
    ) -> Iterator[Hops]:
        """Steps of a link: to a plant, or to a firm and on to its plants that do the stage."""
        links, is_firm = self.links, link.seller_kind == "organisation"
        held = self.plants_of(link.seller, stage) if stage and is_firm else ()
        told = sure and element in link.elements and len(held) < 2
        hop = PathHop(
            *(link.seller, link.seller_label, buyer, links.labels.get(buyer, buyer), stage),
            country="" if is_firm else links.countries.get(link.seller, link.seller),
            plant=link.seller_kind == "facility",
            kind=link.kind,
            goods=link.goods,
            certainty=link.certainty if told else PERHAPS,
            row=link.row,
            named=element in link.elements,
        )
        if not held:
            yield (hop,)
        for ties in held:
            yield (replace(hop, stage=""), *self._inside(ties, stage, len(held) - 1))


def plants_on(hops: Iterable[PathHop]) -> Iterator[PathHop]:
    """Return the hops that lead to a plant at a stage, once for each stage."""
    return (hop for hop in hops if hop.plant and hop.stage)
