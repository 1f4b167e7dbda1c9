"""Where cards, ribbons and pills stand, in pixels of a drawing 1,300 wide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum

from monazite.core.formats import visible
from monazite.core.results import Struct
from monazite.report.chain_diagram.cards import BackboneCard, BackboneCards, Ribbon

FULL, BETWEEN, TOP = 216.0, 12.0, 46.0  # heights: a whole stage, between cards, start
ROW = 17.0  # Between two rows of counts
THIN = 4.0  # A ribbon that would be narrower is a line


class PictureSizes(Struct):
    """How large the parts of a drawing are, in pixels."""

    width: float = 1300.0
    card: float = 184.0
    unknown: float = 60.0
    gap: float = 210.0
    least: float = 148.0
    pad: float = 17.0
    inner: float = 155.0
    pill: tuple[float, float] = (66.0, 19.0)
    narrow: bool = False

    def rows_of(self, counts: Iterable[tuple[str, int]]) -> int:
        """In how many rows the counts of a card's sites stand."""
        return 2 if fsum(count_width(count) for _, count in counts) > self.inner + 12 else 1


def count_width(count: int) -> float:
    """How much room a mark and its count take."""
    return 17.5 + 6.8 * len(str(count))


SCREEN = PictureSizes()
PAPER = PictureSizes(912.0, 142.0, 44.0, 120.0, 136.0, 15.0, 119.0, (22.0, 17.0), narrow=True)


class CardBox(Struct):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def foot(self) -> float:
        """Its lower edge."""
        return self.y + self.height


class StageHead(Struct):
    """The heading of a column; ``box`` is the hatched column of a stage that no figure splits."""

    name: str
    x: float
    box: CardBox | None = None


class PlacedRibbon(Struct):
    """A ribbon with its course: the middle of each end and how wide it is there."""

    ribbon: Ribbon
    start: tuple[float, float, float]
    end: tuple[float, float, float]

    @property
    def is_line(self) -> bool:
        """Whether it is too thin for a ribbon, or its size is not known."""
        return max(self.start[2], self.end[2]) < THIN

    @property
    def middle(self) -> tuple[float, float]:
        """Where it is half way."""
        return (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2

    def path(self) -> str:
        """Its outline, or the line along its middle."""
        (x, y, wide), (to_x, to_y, to_wide) = self.start, self.end
        half = (x + to_x) / 2
        if self.is_line:
            bend = f"{half:.1f} {y:.1f} {half:.1f} {to_y:.1f}"
            return f"M{x:.1f} {y:.1f}C{bend} {to_x:.1f} {to_y:.1f}"
        up, down = y - wide / 2, y + wide / 2
        to_up, to_down = to_y - to_wide / 2, to_y + to_wide / 2
        return (
            f"M{x:.1f} {up:.1f}C{half:.1f} {up:.1f} {half:.1f} {to_up:.1f} {to_x:.1f} {to_up:.1f}"
            f"V{to_down:.1f}C{half:.1f} {to_down:.1f} {half:.1f} {down:.1f} {x:.1f} {down:.1f}Z"
        )


class BackboneLayout(Struct):
    """The whole drawing, placed."""

    cards: BackboneCards
    heads: tuple[StageHead, ...]
    boxes: Mapping[str, CardBox]
    market: CardBox
    ribbons: tuple[PlacedRibbon, ...]
    pills: tuple[tuple[float, float, Ribbon], ...]
    width: float
    height: float
    sizes: PictureSizes = SCREEN


def lay_out(cards: BackboneCards, sizes: PictureSizes = SCREEN) -> BackboneLayout:
    """Place the cards of a backbone."""
    stages = cards.backbone.stages
    known = {stage: cards.is_known(stage) for stage, _ in stages}
    columns_wide = {stage: sizes.card if known[stage] else sizes.unknown for stage, _ in stages}
    wide = fsum(columns_wide.values()) + sizes.card
    gap = min(sizes.gap, (sizes.width - wide) / max(1, len(stages)))
    boxes: dict[str, CardBox] = {}
    columns: list[tuple[str, str, float]] = []
    x = 0.0
    for stage, label in stages:
        columns.append((stage, visible(label), x))
        if known[stage]:
            y = TOP
            for card in cards.at(stage):
                least = sizes.least + ROW * (sizes.rows_of(card.counts) - 1)
                high = max(least, (card.share or 0.0) * FULL)
                boxes[card.id] = CardBox(x, y, sizes.card, high)
                y += high + BETWEEN
        x += columns_wide[stage] + gap
    lines = max(1, len(cards.to_market()))
    market = CardBox(x, TOP, sizes.card, max(FULL, 112.0 + 42 * lines))
    foot = max(box.foot for box in (*boxes.values(), market))
    gap_foot = min(foot, TOP + 2 * sizes.least + BETWEEN)
    heads = [
        StageHead(
            label, at, None if known[stage] else CardBox(at, TOP, sizes.unknown, gap_foot - TOP)
        )
        for stage, label, at in columns
    ]
    ribbons = tuple(_place(cards, boxes, market))
    return BackboneLayout(
        cards,
        (*heads, StageHead("Market", x)),
        boxes,
        market,
        ribbons,
        tuple(_pills(ribbons, gap, sizes.pill[1])),
        market.right,
        foot + 2,
        sizes,
    )


def _place(
    cards: BackboneCards, boxes: Mapping[str, CardBox], market: CardBox
) -> Iterator[PlacedRibbon]:
    """Ports of a card stand in the order of the other ends, so that ribbons do not cross there."""
    there = {*boxes, ""}
    from_there = [each for each in cards.ribbons if each.source and each.source.id in boxes]
    drawn = [each for each in from_there if _id(each.target) in there]
    leaving: dict[str, list[Ribbon]] = defaultdict(list)
    entering: dict[str, list[Ribbon]] = defaultdict(list)
    for ribbon in drawn:
        leaving[_id(ribbon.source)].append(ribbon)
        entering[_id(ribbon.target)].append(ribbon)
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for name, group in leaving.items():
        group.sort(key=lambda each: _top(each.target, boxes, market))
        starts |= _ports(boxes[name], group, [_wide(each.part) for each in group])
    for name, group in entering.items():
        group.sort(key=lambda each: _top(each.source, boxes, market))
        box = boxes[name] if name else market
        whole = FULL if name else box.height
        ends |= _ports(box, group, [(each.arriving or 0.0) * whole for each in group])
    for ribbon in drawn:
        into = boxes[ribbon.target.id] if ribbon.target else market
        whole = FULL if ribbon.target else market.height
        yield PlacedRibbon(
            ribbon,
            (boxes[_id(ribbon.source)].right, starts[id(ribbon)], _wide(ribbon.part)),
            (into.x, ends[id(ribbon)], (ribbon.arriving or 0.0) * whole),
        )


def _id(card: BackboneCard | None) -> str:
    return "" if card is None else card.id


def _wide(part: float | None) -> float:
    return (part or 0.0) * FULL


def _top(card: BackboneCard | None, boxes: Mapping[str, CardBox], market: CardBox) -> float:
    return market.y if card is None else boxes[card.id].y


def _ports(box: CardBox, group: Sequence[Ribbon], widths: Sequence[float]) -> dict[int, float]:
    """The middle of each end at one side of a card; thin ones keep apart."""
    apart = 7.0
    thin = [wide for wide in widths if wide < apart]
    left = box.height - fsum(wide for wide in widths if wide >= apart)
    if thin and left < apart * len(thin):
        apart = max(2.0, left / len(thin))
    room = [max(wide, apart) for wide in widths]
    y = box.y + max(0.0, box.height - fsum(room)) / 2
    found = {}
    for ribbon, wide in zip(group, room, strict=True):
        found[id(ribbon)] = y + wide / 2
        y += wide
    return found


def _pills(
    ribbons: Sequence[PlacedRibbon], gap: float, high: float
) -> Iterator[tuple[float, float, Ribbon]]:
    """A pill for each ribbon that a control covers; pills of a gap keep apart."""
    taken: dict[float, float] = {}
    bound = [each for each in ribbons if each.ribbon.controls]
    for placed in sorted(bound, key=lambda each: (each.start[0], each.middle[1])):
        x = placed.start[0] + min(gap, placed.end[0] - placed.start[0]) / 2
        over = (x - placed.start[0]) / max(1.0, placed.end[0] - placed.start[0])
        bend = over * over * (3 - 2 * over)
        y = placed.start[1] + (placed.end[1] - placed.start[1]) * bend
        y = max(y, taken.get(round(x), 0.0) + high + 3)
        taken[round(x)] = y
        yield x, y, placed.ribbon
