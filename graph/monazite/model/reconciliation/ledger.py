"""The ledger of one element in one year: what each country makes, buys, sells and takes up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from math import fsum

from monazite.core.formats import NOT_KNOWN
from monazite.core.results import Struct
from monazite.data.parameters import ALLOY, MAGNET, METAL, MINE, SEPARATION, USE, stages
from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly, total
from monazite.model.network.shares import REST, OutputFigure, split_stage
from monazite.model.trade_content import HEAVY, NDFEB, Content, ElementFlow, Output, national_output
from monazite.store.queries import QueryRecord

_COUNTED_AS = {ALLOY: METAL}  # Alloys count as metal, as trade rows do not tell them apart
STAGES = tuple(stage for stage in stages() if stage not in {*_COUNTED_AS, USE})
"""The stages of the chain that are balanced, in order; what is used is the last line."""


def balanced_stage(stage: str) -> str:
    """Return the stage in whose balance something stands: alloys and powders go with the metals.

    >>> balanced_stage("alloy"), balanced_stage("mine")
    ('metal', 'mine')
    """
    return _COUNTED_AS.get(stage, stage)


class StageLine(Struct):
    """A country at a stage, in tonnes of the element; None is not known."""

    _json = "stage country how figure year made imports exports scrap taken used left left_range"

    stage: str  #: of the chain
    country: str  #: its code, or ``ROW``, the rest of the world
    made: Amount | None  #: what is made, in tonnes of the element
    how: str  #: whether rows give it or it is worked out
    year: int | None  #: that the output is of
    imports: Amount  #: what is bought abroad, in tonnes of the element
    exports: Amount  #: what is sold abroad, in tonnes of the element
    needed: Amount | None  #: what the next stage takes, in tonnes of the element
    scrap: Amount = NOTHING  #: what comes from scrap, in tonnes of the element
    used: Amount | None = None  #: what is used outside magnets, in tonnes of the element
    #: what the output rests on that is not measured of the element alone, such as proxy of rare
    #: earths, upper bound, forecast; empty where all is
    figure: str = ""

    @property
    def taken(self) -> Amount | None:
        """What the next stage and other users take, in tonnes; None where it is not known."""
        if self.needed is None or self.used is None:
            return self.used if self.needed is None else self.needed
        return self.needed + self.used

    @property
    def left(self) -> float | None:
        """What is left over: made plus net imports less taken, in tonnes; negative is missing."""
        if self.made is None or self.taken is None:
            return None
        return self.made.value + self.imports.value - self.exports.value - self.taken.value

    @property
    def left_range(self) -> tuple[float, float] | None:
        """The least and the most that can be left over, by interval arithmetic, in tonnes."""
        if self.made is None or self.taken is None:
            return None
        low = self.made.low + self.imports.low - self.exports.high - self.taken.high
        high = self.made.high + self.imports.high - self.exports.low - self.taken.low
        return low, high


CHINA = "CHN"
SMCO = "smco-magnet"
ELEMENTS_OF_MAGNETS = {NDFEB: frozenset({"Nd", "Pr", "Dy", "Tb"}), SMCO: frozenset({"Sm"})}
"""Elements that magnets hold; of all others the oxide is what is used."""


def magnet_share(chemistry: Chemistry, family: str, place: str) -> Amount | None:
    """Return the part of the world's magnets of a family that a place makes, where assumed.

    The row of neodymium magnets names no element, that of others the one that they hold.
    """
    named = "" if family == NDFEB else next(iter(ELEMENTS_OF_MAGNETS.get(family, ())), "")
    return chemistry.of("magnet-share", place, named) if family else None


ROWS = "rows"
NEEDED, FLOOR, REMAINDER = "what its magnets need", "net exports", "rest of the world by share"
BY_SHARE = "its share of what the world's ore gives"


class Interpretation(Struct):
    """How rows are read that can be read in two ways."""

    finished: bool = False  # printed magnets are finished ones, else blanks
    by_imports: bool = False  # a country mines at least what others book as bought from it
    scrap: bool = True  # printed oxide holds what comes from scrap; else it comes all from ore


class Ledger(Struct):
    """Works out the lines of one element under one reading."""

    element: str  # Symbol of the element
    figures: Sequence[OutputFigure]  # National figures that speak for the element
    chemistry: Chemistry
    year: int
    ore_figures: Sequence[OutputFigure]
    traded: list[ElementFlow]
    scrap: Mapping[str, Amount]
    reading: Interpretation = Interpretation()
    drawn: Mapping[str, Amount] = field(default_factory=dict)  # tonnes by row

    @cached_property
    def magnet(self) -> str:
        """The family of magnets that hold the element; empty if none does."""
        return next(
            (family for family, held in ELEMENTS_OF_MAGNETS.items() if self.element in held), ""
        )

    @property
    def inputs(self) -> dict[str, Amount]:
        """Tonnes of the rows that output rests on, as wide as their rivals, by row."""
        stages = (self.mined, self.separated, self.metal, self.magnets)
        printed = (made.printed for stage in stages for made in stage.values())
        return {amount.name: amount for amount in printed if amount is not None}

    @cached_property
    def mined(self) -> dict[str, Output]:
        """What is mined, by country."""
        found = self._output(
            self.ore_figures,
            MINE,
            lambda _material, _basis, place: self.chemistry.in_oxide(place, self.element),
        )
        if not self.reading.by_imports:
            return found
        for place, made in found.items():
            sold = self._sum(MINE, "exporter", place)
            if sold.value > made.amount.value:
                found[place] = replace(made, amount=sold, how="what others buy from it")
        return found

    @cached_property
    def separated(self) -> dict[str, Output]:
        """What comes out of separation; heavy ones outside China only where a row names them."""

        def content(material: str, basis: str, place: str) -> Amount:
            members = self.chemistry.materials.get(material, frozenset())
            if self.element in HEAVY and len(members) > 1 and place != CHINA:
                return NOTHING
            held = self.chemistry.in_material(material, basis, place, self.element)
            beside, others = self.chemistry.of("use-beside-row", material), self._beside_magnets
            if beside is None or others is None:
                return held
            return held * (exactly(1.0) + beside * others)

        return self._output(self.figures, SEPARATION, content) or self._by_share()

    def _by_share(self) -> dict[str, Output]:
        """Where rows print shares only: those of what the world's ore gives."""
        if self.magnet == NDFEB:
            return {}
        loss = self.chemistry.of("stage-yield", SEPARATION)
        split = split_stage(self.figures, SEPARATION, self.year + 1)
        mined = total(made.amount for made in self.mined.values())
        if loss is None or split is None or not mined.value:
            return {}
        world = mined * loss
        buyers = {flow.importer for flow in self.traded if flow.stage == SEPARATION} - {REST}
        none = Output(NOTHING, "no share", split.year)
        others = {} if self.magnet else dict.fromkeys(sorted(buyers), none)
        return others | {
            place: Output(world * share, BY_SHARE, split.year)
            for place, share in self.separated_shares.items()
        }

    @cached_property
    def separated_shares(self) -> dict[str, Amount]:
        """Printed parts of what the world separates, by country."""
        split = split_stage(self.figures, SEPARATION, self.year + 1)
        return {
            place: Amount(each.share, each.low, each.high, each.rows)
            for place, each in sorted(split.shares.items() if split is not None else ())
            if each.share > 0
        }

    @cached_property
    def used(self) -> dict[str, Amount]:
        """Oxide that is used as it is: beside magnets, or all that a country has of it."""
        if self.magnet:
            others, needed = self._beside_magnets, self._needed(SEPARATION)
            return (
                {} if others is None else {place: need * others for place, need in needed.items()}
            )
        return {
            place: (made.amount + self._sum(SEPARATION, "importer", place)).less(
                self._sum(SEPARATION, "exporter", place)
            )
            for place, made in self.separated.items()
        }

    @cached_property
    def _beside_magnets(self) -> Amount | None:
        """Oxide that other users take, over what magnets take; None where nothing says it."""
        share = self.chemistry.of("magnet-use-share", self.magnet, self.element)
        return None if share is None else (exactly(1.0) / share).less(exactly(1.0))

    @cached_property
    def magnets(self) -> dict[str, Output]:
        """What is in magnets made, those of the rest of the world by the share of China."""
        share = self.chemistry.of("element-per-magnet", self.magnet, self.element)
        if share is None:
            return {}
        found = self._magnets(share)
        part = magnet_share(self.chemistry, self.magnet, CHINA)
        if CHINA not in found or part is None:
            return found
        china = found[CHINA].amount
        world = exactly(china.value) / part
        listed = fsum(made.amount.value for place, made in found.items() if place != CHINA)
        value, low, high = (
            max(0.0, max(0.0, whole - china.value) - listed)
            for whole in (world.value, world.low, world.high)
        )
        assumed = tuple(sorted({*china.assumptions, *part.assumptions}))
        rest = Amount(value, low, high, china.rows, assumed)
        return {**found, REST: Output(rest, REMAINDER, found[CHINA].year)}

    @cached_property
    def blanks(self) -> dict[str, Output]:
        """Magnets made, in tonnes as rows print them."""
        return self._magnets(exactly(1.0)) if self.magnet else {}

    def _magnets(self, share: Amount) -> dict[str, Output]:
        figures = [
            figure
            for figure in self.figures
            if figure.material.rsplit("/", 1)[-1].startswith(self.magnet.removesuffix("-magnet"))
        ]
        return self._output(figures, MAGNET, lambda *_: share)

    def _output(
        self, figures: Sequence[OutputFigure], stage: str, content: Content
    ) -> dict[str, Output]:
        return national_output(
            figures,
            stage,
            self.year,
            content,
            self.drawn,
            lambda material: self.chemistry.of("output-of-forecast", material),
        )

    def _metal_for_magnets(self, place: str) -> Amount | None:
        loss = self.chemistry.of("stage-yield", MAGNET)
        if place not in self.magnets or loss is None:
            return None
        needed = self.magnets[place].amount / loss
        blank = self.chemistry.of("finished-per-blank", "sintered magnets")
        return needed / blank if self.reading.finished and blank is not None else needed

    @cached_property
    def metal(self) -> dict[str, Output]:
        """What is made into metal: rows, what magnets need, or net exports."""
        rows = self._output(
            self.figures,
            METAL,
            lambda material, basis, place: self.chemistry.in_material(
                material, basis, place, self.element
            ),
        )
        found = dict(rows)
        traders = {flow.exporter for flow in self.traded if flow.stage == METAL} | {REST}
        named = {*rows, *self.magnets} - {REST}
        for place in sorted((traders | {*self.magnets}) - {*rows}):
            made = self._metal_without_rows(place, named)
            if made is not None:
                found[place] = made
        return found

    def _metal_without_rows(self, place: str, named: set[str]) -> Output | None:
        if place == REST:
            traders = {flow.exporter for flow in self.traded if flow.stage == METAL} - {REST}
            named = named | {each for each in traders - named if self._floor(each) is not None}
        bought, sold = self._bought_and_sold(METAL, place, named)
        needed = self._metal_for_magnets(place)
        if needed is None:
            return self._floor(place) if place != REST else None
        return Output((needed + sold).less(bought), NEEDED, self.year)

    def _floor(self, place: str) -> Output | None:
        sold, bought = (self._sum(METAL, side, place) for side in ("exporter", "importer"))
        net = sold.less(bought)
        return Output(net, FLOOR, self.year) if net.value > 0 else None

    @cached_property
    def _sums(self) -> dict[tuple[str, str, str], Amount]:
        parts: dict[tuple[str, str, str], list[Amount]] = defaultdict(list)
        for flow in self.traded:
            parts[flow.stage, "exporter", flow.exporter].append(flow.amount)
            parts[flow.stage, "importer", flow.importer].append(flow.amount)
        return {key: total(amounts) for key, amounts in parts.items()}

    def _sum(self, stage: str, side: str, place: str) -> Amount:
        return self._sums.get((stage, side, place), NOTHING)

    def _bought_and_sold(self, stage: str, place: str, named: set[str]) -> tuple[Amount, Amount]:
        """What a place trades; those without a line of their own, with those that have one."""
        if place != REST:
            return self._sum(stage, "importer", place), self._sum(stage, "exporter", place)
        between = [
            (flow.exporter in named, flow.importer in named, flow.amount)
            for flow in self.traded
            if flow.stage == stage
        ]
        bought = total(amount for sells, buys, amount in between if sells and not buys)
        return bought, total(amount for sells, buys, amount in between if buys and not sells)

    def _needed(self, stage: str) -> dict[str, Amount]:
        if stage == METAL:
            needs = {place: self._metal_for_magnets(place) for place in self.magnets}
            return {place: need for place, need in needs.items() if need is not None}
        if stage == SEPARATION and not self.magnet:
            return dict.fromkeys(self.used, NOTHING)
        after = {MINE: self.separated, SEPARATION: self.metal}.get(stage, {})
        loss = self.chemistry.of("stage-yield", SEPARATION if stage == MINE else METAL)
        if loss is None:
            return {}
        scrap = self.scrap if stage == MINE and self.reading.scrap else {}
        return {
            place: (made.amount.less(scrap[place]) if place in scrap else made.amount) / loss
            for place, made in after.items()
        }

    def lines(self) -> list[StageLine]:
        """The lines of all stages, countries by what they make, the rest of the world last."""
        return [line for stage in STAGES for line in self._lines_of(stage)]

    def _lines_of(self, stage: str) -> list[StageLine]:
        made = {
            MINE: self.mined,
            SEPARATION: self.separated,
            METAL: self.metal,
            MAGNET: self.magnets,
        }[stage]
        needed = self._needed(stage)
        used = self.used if stage == SEPARATION else {}
        scrap = self.scrap if stage == SEPARATION and self.reading.scrap else {}
        named = ({*made} | {*needed} | {*used}) - {REST}

        def line(place: str) -> StageLine:
            own = made.get(place)
            bought, sold = self._bought_and_sold(stage, place, named)
            # ore that nobody separates in its country is not taken there; else it is not known
            none = NOTHING if stage == MINE and place != REST and self.separated else None
            return StageLine(
                stage=stage,
                country=place,
                made=None if own is None else own.amount,
                how=NOT_KNOWN if own is None else own.how,
                year=None if own is None else own.year,
                imports=bought,
                exports=sold,
                needed=needed.get(place, none),
                scrap=scrap.get(place, NOTHING),
                used=used.get(place),
            )

        lines = [line(place) for place in sorted(named)]
        lines.sort(key=lambda each: (-(each.made.value if each.made else 0.0), each.country))
        rest = line(REST)
        empty = rest.made is None and rest.taken is None
        return lines if empty and not (rest.imports.value or rest.exports.value) else [*lines, rest]


def scrap_of(
    answers: Iterable[QueryRecord], chemistry: Chemistry, element: str
) -> dict[str, Amount]:
    """Return the element in oxide recovered from scrap, by country."""
    found: dict[str, Amount] = {}
    for answer in answers:
        material, place = answer["material"], answer["country"]
        if len(chemistry.materials.get(material, frozenset())) <= 2:
            content = chemistry.in_material(material, "oxide", place, element)
            amount = content * exactly(answer.number("tonnes"), answer.row())
            if amount.value:
                found[place] = found.get(place, NOTHING) + amount
    return found
