"""The named path of a supplier: firm, plant, its feed, back to the mine as far as records go.

A path is of one element: from a firm to the plants that it runs or holds by half, and from a plant
to its own earlier stage or to who sells to it. Its *weakest hop* is the least certain one, then one
that no other record doubles, then the one nearest to the mine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from monazite.bom.plant_links import PlantLink, PlantLinks, Tie
from monazite.core.results import Value
from monazite.data.filters import PERHAPS, SURELY
from monazite.data.parameters import MINE

MOST_PATHS = 24  # paths of a firm and an element that are told; what is beyond counts as not known
SAME_PLANT, IN_THE_BILL = "same plant", "in the bill"


@dataclass(frozen=True)
class PathHop(Value):
    """One step of a path, from who buys to who sells."""

    seller: str  # id of the plant, firm or country that sells; of a step inside a firm, the plant
    seller_label: str
    buyer: str
    buyer_label: str
    stage: str = ""  # magnet, alloy, metal, separation or mine; empty if not told
    country: str = ""  # code of where the seller does it; empty where no record says, and of a firm
    plant: bool = False
    kind: str = ""  # operates, owns, in the bill, same plant, or the kind of the supply link
    goods: str = ""  # names of what is sold, as the record has it
    certainty: str = PERHAPS
    doubles: int = 0  # how many others stand beside the seller, by record
    row: str = ""
    named: bool = True  # whether the record names the element, and not only goods that may hold it
    source: str = ""


Hops = tuple[PathHop, ...]


@dataclass(frozen=True)
class SupplyPath(Value):
    """A path from a supplier of the bill back towards the mine.

    Attributes:
        sheet_rows: of the lines that it stands behind.
        supplier: as the bill writes it.
        firm: id of the supplier.
        elements: symbols for which it stands; other elements may come another way.
        hops: from the supplier back.
        weakest: place of the weakest hop, from 0; None where there is none.
        to_mine: whether it reaches a mine; else no record goes on.
    """

    sheet_rows: tuple[int, ...]
    supplier: str
    firm: str
    elements: tuple[str, ...]
    hops: Hops
    weakest: int | None
    to_mine: bool


def weakest_hop(hops: Hops) -> int | None:
    """Return the place of the weakest hop of a path; None where it has none."""

    def strength(place: int) -> tuple[bool, bool, bool, int]:
        hop = hops[place]
        return hop.kind == SAME_PLANT, hop.certainty == SURELY, hop.doubles > 0, -place

    return min(range(len(hops)), key=strength, default=None)


@dataclass(frozen=True)
class PathFinder:
    """Finds the paths of firms, each firm, type of magnet and element once."""

    links: PlantLinks
    _known: dict[tuple[str, str, str, str], tuple[Hops, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def paths(self, firm: str, magnets: str, element: str, below: str = "") -> tuple[Hops, ...]:
        """Return the paths of a firm back towards the mines, one empty path where none is told."""
        key = (firm, magnets, element, below)
        if key not in self._known:
            found = tuple(islice(self._paths(*key), MOST_PATHS + 1))
            self._known[key] = found if len(found) <= MOST_PATHS else (*found[:MOST_PATHS], ())
        return self._known[key]

    def _paths(self, firm: str, magnets: str, element: str, below: str) -> Iterator[Hops]:
        order = self.links.order
        stages = sorted(order, key=order.__getitem__, reverse=True)
        told = False
        for stage in stages[stages.index(below) + 1 :] if below else stages:
            held = self.links.plants_of(firm, stage, magnets)
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
            seller = (tie.owned, labels.get(tie.owned, tie.owned))
            hop = PathHop(*seller, tie.owner, labels.get(tie.owner, tie.owner), kind=tie.kind)
            hops.append(replace(hop, certainty=tie.certainty, doubles=others, row=tie.row))
        country = self.links.countries.get(hops[-1].seller, "")
        return (*hops[:-1], replace(hops[-1], stage=stage, country=country, plant=True))

    def behind(self, who: str, stage: str, element: str) -> tuple[Hops, ...]:
        """Return what stands behind a plant or firm at a stage; one empty path for nothing."""
        key = (who, "behind", element, stage)
        if key not in self._known:
            found = tuple(islice(self._onward(who, stage, element), MOST_PATHS + 1))
            self._known[key] = found or ((),)
        return self._known[key]

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
                holds = link.may_hold(element) if near else element in link.elements
                if holds and (stages or not link.stages):
                    made = max(stages, key=order.__getitem__, default="")
                    yield from self._sold(link, who, made, element, sure=buyer == who)

    def _same_plant(self, plant: str, inside: str, element: str) -> PathHop:
        label = self.links.labels.get(plant, plant)
        rows = [tie.row for tie in self.links.above.get(plant, ())]
        return PathHop(
            seller=plant,
            seller_label=label,
            buyer=plant,
            buyer_label=label,
            stage=inside,
            country=self.links.countries.get(plant, ""),
            plant=True,
            kind=SAME_PLANT,
            row=rows[0] if rows else "",
            named=self.links.names(plant, inside, element),
        )

    def _sold(
        self, link: PlantLink, buyer: str, stage: str, element: str, *, sure: bool
    ) -> Iterator[Hops]:
        """Steps of a link: to a plant, or to a firm and on to its plants that do the stage."""
        links, is_firm = self.links, link.seller_kind == "organisation"
        held = links.plants_of(link.seller, stage) if stage and is_firm else ()
        told = sure and element in link.elements and len(held) < 2
        hop = PathHop(
            seller=link.seller,
            seller_label=link.seller_label,
            buyer=buyer,
            buyer_label=links.labels.get(buyer, buyer),
            stage=stage,
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
