"""The cards: up to three countries of a stage stand alone, the others together on one more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import fsum

from monazite.analysis.chokepoints.headline import is_wide, of_group
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.countries_of_chain import Backbone, PlaceFlow, PlaceSite, StagePlace
from monazite.core.formats import (
    NO_BREAK,
    NOT_KNOWN,
    between_ends,
    counted,
    marked,
    short_mark,
    tonnes,
    visible,
)
from monazite.core.results import Struct
from monazite.data.dates import day_words
from monazite.data.parameters import USE
from monazite.model.network.shares import REST
from monazite.report.drawing.lettering import bounded_percent, percent
from monazite.report.drawing.palette import LOSSES
from monazite.store.names import named

ALONE, LEAST = 3, 0.05  # How many countries of a stage have a card, and from which share or loss on
DASH = "\N{EN DASH}"
DRAWN = 0.001  # Flows of less than this part of a stage are not drawn; the table has them
STATUSES = (
    ("operating", "operating"),
    ("partly", "partly operating"),
    ("planned", "planned or being built"),
    ("suspended", "suspended"),
    ("closed", "closed"),
    ("unknown", "status not known"),
)
_STATUS_WORDS = dict(STATUSES)
_MARK_OF = {
    "operating": "operating",
    "partly operating": "partly",
    "under construction": "planned",
    "planned": "planned",
    "not yet": "planned",
    "suspended": "suspended",
    "closed": "closed",
}


def status_mark(status: str) -> str:
    """Return the mark of a state in words: operating, under construction, not known."""
    return _MARK_OF.get(status, "unknown")


def loss_step(loss: float | None) -> str:
    """The step of the ramp of losses; ``unknown`` is hatched."""
    if loss is None:
        return "unknown"
    if loss <= NEGLIGIBLE_LOSS:
        return LOSSES[0]
    return LOSSES[min(4, 1 + int(loss * 4))]


class BackboneCard(Struct):
    """A card: one country at a stage, or those that have none of their own."""

    id: str
    stage: str
    stage_name: str
    name: str
    places: tuple[StagePlace, ...]  # one, or all that are folded, the largest share first

    @property
    def folded(self) -> bool:
        """Whether it stands for several."""
        return len(self.places) > 1

    @property
    def code(self) -> str:
        """The code of its country; nothing for several."""
        code = self.places[0].code
        return "" if self.folded or code == REST else visible(code)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the places that it stands for."""
        return frozenset(place.code for place in self.places)

    @cached_property
    def share(self) -> float | None:
        """Its part of the world's output at the stage."""
        known = [place.share for place in self.places if place.share is not None]
        return fsum(known) if known else None

    @property
    def figure(self) -> str:
        """What its share is where it is not measured."""
        return "" if self.folded else self.places[0].figure

    @property
    def year(self) -> int | None:
        """The year of its share."""
        return next((place.year for place in self.places if place.year is not None), None)

    @cached_property
    def place(self) -> StagePlace:
        """The place whose loss it tells: its own, or the largest."""
        return max(self.places, key=lambda each: (each.loss is not None, each.loss or 0.0))

    @property
    def loss(self) -> float | None:
        """What is lost if it stops; of several, what the worst of them costs."""
        return self.place.loss

    @property
    def ends(self) -> tuple[float, float] | None:
        """Where nine in ten trials lie; None where the range was not drawn."""
        point = self.place.point
        if point is None or point.loss_low is None or point.loss_high is None:
            return None
        return point.loss_low, point.loss_high

    @property
    def step(self) -> str:
        """The step of its loss."""
        return loss_step(self.loss)

    @cached_property
    def sites(self) -> tuple[PlaceSite, ...]:
        """All sites and firms of its places."""
        return tuple(site for place in self.places for site in place.sites)

    @cached_property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many sites have each mark, in the order of the legend."""
        found = Counter(status_mark(site.status) for site in self.sites)
        return tuple((mark, found[mark]) for mark, _ in STATUSES if found[mark])

    @property
    def counted(self) -> str:
        """Its sites in words: 10 sites, 3 operating."""
        if not self.sites:
            return "no site known"
        told = ", ".join(f"{count} {_STATUS_WORDS[mark]}" for mark, count in self.counts)
        return f"{counted(len(self.sites), 'site')}: {told}"

    @property
    def loss_words(self) -> str:
        """What is lost, in large letters."""
        return "Loss not known" if self.loss is None else percent(self.loss, narrow=True)

    @property
    def loss_range(self) -> str:
        """The range of the loss, short."""
        if self.loss is None:
            return ""
        if self.ends is None:
            return "range not drawn"
        low, high = (percent(end, narrow=True) for end in self.ends)
        if low == high:
            return "in all trials" if low == self.loss_words else f"in trials {low}"
        return f"{low.removesuffix(NO_BREAK + '%')}{DASH}{high}"

    @property
    def loss_label(self) -> str:
        """What the loss is of, and what is lost before stocks are gone."""
        point = self.place.point
        if point is None or self.loss is None:
            return ""
        return f"{'at most' if self.folded else 'for good'}; {self.first_year}"

    @property
    def first_year(self) -> str:
        """What is lost in the first year, in words."""
        point = self.place.point
        return f"first year {percent(point and point.told_at_first, narrow=True)}"

    @property
    def share_words(self) -> str:
        """What it makes of the world's output, short; a star where it is not measured."""
        if self.share is None:
            return "no output found"
        return short_mark(self.share, self.figure, space=NO_BREAK)

    @property
    def makes(self) -> str:
        """The same, as a card says it."""
        return self.share_words if self.share is None else f"makes {self.share_words}"


class Ribbon(Struct):
    """What one card delivers to another, or to the market."""

    source: BackboneCard | None  # the card of who made it; None where no figure says who
    target: BackboneCard | None  # the card of who uses it; None is the market
    part: float | None  # of the world's output of the stage that goes there; None is not known
    arriving: float | None  # of what the market takes; the same as ``part`` between cards
    controls: tuple[str, ...]  # ids of the controls in force that cover it


class BackboneCards(Struct):
    """All cards of a backbone, and the ribbons between them."""

    backbone: Backbone
    cards: tuple[BackboneCard, ...]
    ribbons: tuple[Ribbon, ...]

    def at(self, stage: str) -> list[BackboneCard]:
        """The cards of a stage, from above."""
        return [card for card in self.cards if card.stage == stage]

    def is_known(self, stage: str) -> bool:
        """Whether the share of any country at a stage is known."""
        return any(card.share is not None for card in self.at(stage))

    def to_market(self) -> list[Ribbon]:
        """The ribbons that end at the market, the largest first."""
        found = [ribbon for ribbon in self.ribbons if ribbon.target is None]
        return sorted(found, key=lambda ribbon: -(ribbon.arriving or 0.0))


def cards_of(backbone: Backbone) -> BackboneCards:
    """Return the cards of a backbone, from left to right and from above."""
    made: Counter[str] = Counter()
    for place in backbone.places:
        if place.code not in {"", REST}:
            made[place.code] += round(1e6 * (place.share or 0.0))
    # Who leads most: its cards stand in one line.
    spine = min(made, key=lambda code: (-made[code], code), default="")
    cards: list[BackboneCard] = []
    for stage, label in backbone.stages:
        places = [place for place in backbone.places if place.stage == stage]
        for name, group in _groups(places, spine):
            number = f"card-{len(cards)}"
            cards.append(BackboneCard(number, stage, visible(label), name, tuple(group)))
    return BackboneCards(backbone, tuple(cards), tuple(_ribbons(backbone, cards)))


def _groups(places: Sequence[StagePlace], spine: str) -> Iterable[tuple[str, list[StagePlace]]]:
    named = [place for place in places if place.code not in {"", REST} and _weight(place) >= LEAST]
    named.sort(key=lambda place: (place.code != spine, -_weight(place), place.code))
    alone = named[:ALONE]
    left = [place for place in places if place not in alone]
    counted = [place for place in left if place.share is not None or place.loss is not None]
    yield from ((visible(place.label), [place]) for place in alone)
    if len(left) == 1:
        yield visible(left[0].label), left
    elif left and {place.code for place in counted} == {REST}:
        yield "Rest of the world", left
    elif left:
        yield "Other countries", left


def _weight(place: StagePlace) -> float:
    return max(place.share or 0.0, place.loss or 0.0)


def _ribbons(backbone: Backbone, cards: Sequence[BackboneCard]) -> Iterable[Ribbon]:
    by_place = {(card.stage, code): card for card in cards for code in card.codes}
    rest = {card.stage: card for card in cards if card.folded or card.codes == {REST}}
    world = dict(backbone.world_parts)
    order: dict[tuple[str, str], list[PlaceFlow]] = {}
    for flow in backbone.flows:
        source = by_place.get((flow.stage, flow.seller)) or rest.get(flow.stage)
        source = source if flow.seller else None  # no figure says who made it
        target = by_place.get((flow.to, flow.buyer)) or rest.get(flow.to)
        if flow.to == USE or target is not None:
            ends = (source.id if source else "", target.id if target and flow.to != USE else "")
            order.setdefault(ends, []).append(flow)
    by_id = {card.id: card for card in cards}
    for (start, end), group in order.items():
        known = [flow.part for flow in group if flow.part is not None]
        arriving = fsum(known) if len(known) == len(group) else None
        if arriving is None or arriving >= DRAWN:
            part = arriving if end else _world_part(group, world, by_place)
            controls = tuple(sorted({name for flow in group for name in flow.controls}))
            yield Ribbon(by_id.get(start), by_id.get(end), part, arriving, controls)


def _world_part(
    group: Iterable[PlaceFlow],
    world: Mapping[str, float],
    by_place: Mapping[tuple[str, str], BackboneCard],
) -> float:
    return fsum(
        world.get(flow.seller, 0.0) * (place.share or 0.0)
        for flow in group
        if (card := by_place.get((flow.stage, flow.seller))) is not None
        for place in card.places
        if place.code == flow.seller
    )


CONTROLS = "controls in force on a flow"  # What a pill counts


def market_words(backbone: Backbone) -> str:
    """The market as its card names it."""
    return visible(backbone.report.market_label)


def taken_words(backbone: Backbone) -> tuple[str, str]:
    """How much the market took, and of what; not known where no figure says."""
    base = backbone.report.base
    if base is None:
        return "Use not known", "no figure of what it uses"
    return f"{tonnes(base.served)}{NO_BREAK}t", f"{_goods(backbone)} used in {base.year}"


def _goods(backbone: Backbone) -> str:
    return visible(backbone.product).partition(" (")[0]


def subtitle(backbone: Backbone) -> str:
    """The line under the headline: how much, when, in which time, how sure, on which day."""
    base = backbone.report.base
    told = []
    if base is not None:
        goods = _goods(backbone)
        made = goods if goods.startswith("of ") else f"of {goods}"
        told.append(f"{tonnes(base.served)} t {made} used in {base.year}; {backbone.allowed}.")
        first = next((x for x in backbone.report.chokepoints if x.id == backbone.first), None)
        if first is not None and is_wide(first):
            told.append(f"Central case {percent(first.told)}.")
        elif first is not None and first.loss_low is not None and first.loss_high is not None:
            told.append(f"In trials {between_ends(first.loss_low, first.loss_high)}.")
    told.append(f"Sites and controls as of {day_words(backbone.day)}.")
    return visible(" ".join(told))


def mix_lines(cards: BackboneCards) -> list[tuple[str, str, str]]:
    """From whom the market buys: how much, from whom, and what that is to the seller."""
    lines = []
    for ribbon in cards.to_market():
        source = ribbon.source
        if source is None or ribbon.arriving is None:
            continue
        name = source.name.lower() if source.folded else named(source.name)
        if source.name == "Rest of the world":
            name = "the rest of the world"
        whole = ribbon.part / source.share if ribbon.part is not None and source.share else 1.0
        of = f"{percent(whole, narrow=True)} of {'their' if source.folded else 'its'} output"
        of = "" if whole > 0.995 else of  # of the world: all of it
        lines.append((percent(ribbon.arriving, narrow=True), f"from {name}", of))
    return lines


def ribbon_words(cards: BackboneCards, ribbon: Ribbon, titles: Mapping[str, str]) -> str:
    """A ribbon as a sentence, for those who point at it or hear it."""
    source = "An unknown seller" if ribbon.source is None else ribbon.source.name
    stage = "" if ribbon.source is None else ribbon.source.stage_name.lower()
    if ribbon.target is None:
        target = market_words(cards.backbone)
        of = "of what it uses"
    else:
        target = f"{ribbon.target.name} ({ribbon.target.stage_name.lower()})"
        of = "of the stage\u2019s world output"
    part = ribbon.arriving
    size = f"size {NOT_KNOWN}" if part is None else f"{percent(part, narrow=True)} {of}"
    told = f"{source} ({stage}) to {target}: {size}"
    names = "; ".join(titles[name] for name in ribbon.controls if name in titles)
    return f"{told}. Controls in force: {names}." if names else f"{told}."


def known_lines(backbone: Backbone) -> list[str]:
    """Where no loss is known: who leads each stage by world share."""
    if backbone.report.base is not None:
        return []
    names = dict(backbone.stages)
    return [
        f"{visible(names[each.stage])}: {named(visible(each.leader))} leads with "
        f"{marked(bounded_percent(each.share, each.figure), visible(each.figure))} "
        f"of world output, {each.year or 'year not known'}."
        for each in backbone.report.stages
        if each.leader and each.share is not None and each.stage in names and not of_group(each)
    ]
