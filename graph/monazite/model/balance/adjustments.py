"""What the reconciliation of a year says of an element: what moved, what stays, what is carried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.core.results import Value
from monazite.data.parameters import METAL, SEPARATION
from monazite.model.network.shares import REST
from monazite.model.reconciliation.columns import Moved
from monazite.model.reconciliation.year import PoolRange, ReconciledYear

TONNES, OXIDE, MAGNETS, PART = "t", "t REO", "t magnets", "part"
WORDS: Mapping[str, tuple[str, str]] = {
    "mined": ("ore mined in {0}", OXIDE),
    "ore_share": ("part of {1} in what {0} mines", PART),
    "ore_bought": ("ore from {0} to {1}", OXIDE),
    "assay": ("{3} in the ore of {1} from {0}", PART),
    "oxide_printed": ("{1} in oxide of {0}", TONNES),
    "oxide_share": ("part of {0} in the world's {1} oxide", PART),
    "scrap": ("{1} in oxide from scrap, {0}", TONNES),
    "sold": ("{3} in {0} from {1} to {2}", TONNES),
    "metal_printed": ("{1} in metal of {0}", TONNES),
    "other_uses": ("{0} used outside magnets over what becomes metal", PART),
    "blanks": ("magnets of {0}, as printed", MAGNETS),
    "finished_of_blanks": ("finished magnets over blanks, {0}", PART),
    "recipe": ("{1} in the magnets of {0}", PART),
    "yield": ("yield of {2} at {0}, {1}", PART),
    "magnet_share": ("part of {0} in the world's magnets", PART),
    "swarf": ("{1} back from cutting over what blanks hold, {0}", PART),
    "magnets_sold": ("magnets from {0} to {1}", MAGNETS),
}
GOODS = {SEPARATION: "compounds", METAL: "metal"}
IMPLIED = ("yield", "recipe", "finished_of_blanks", "other_uses")  # ratios of the solution
FELT = 0.02  # A number that moves by less of its range is not told
LEAST = 0.5  # Tonnes that are not printed as none


@dataclass(frozen=True)
class Adjustment(Value):
    """A number that the reconciliation moved, or a ratio that follows from it.

    Attributes:
        name: its name in the programme: ``ore_bought[AUS,MYS]``.
        text: the same in words.
        unit: tonnes of the element, of rare-earth oxide or of magnets, or a part of 1.
        value: where it began.
        low: the least that it may be.
        high: the most.
        found: where it ended.
        part: how far it moved, as a part of the wider side of its range.
        rows: keys of the rows that it was read from.
    """

    name: str
    text: str
    unit: str
    value: float
    low: float
    high: float
    found: float
    part: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Unexplained(Value):
    """What a pool lacks or has left over of an element at a stage, in tonnes of the element.

    Attributes:
        stage: mine, separation or metal.
        pool: code of a country or area, or ``ROW``.
        element: symbol.
        missing: what no row explains.
        surplus: what nobody takes.
    """

    stage: str
    pool: str
    element: str
    missing: float
    surplus: float


@dataclass(frozen=True)
class Reconciliation(Value):
    """What reconciled years say of the members of an element or group.

    Attributes:
        moved: numbers that moved, the farthest first.
        implied: yields, recipes and other ratios of what is made.
        unexplained: what stays missing or left over.
        pools: output of the pools that were asked for, and whether they are carried.
    """

    moved: tuple[Adjustment, ...]
    implied: tuple[Adjustment, ...]
    unexplained: tuple[Unexplained, ...]
    pools: tuple[PoolRange, ...]

    def left(self) -> dict[str, float]:
        """Return what is left over in the world by stage, in tonnes; less than 0 is missing."""
        found: dict[str, float] = {}
        for each in self.unexplained:
            found[each.stage] = found.get(each.stage, 0.0) + each.surplus - each.missing
        return found


def reconciliation_of(
    years: Mapping[str, ReconciledYear], labels: Mapping[str, str]
) -> Reconciliation:
    """Gather what reconciled years say of some elements."""
    single = {id(year): year for year in years.values()}.values()
    numbers = []
    for year in single:
        others = year.numbers.ledgers.keys() - years.keys()
        for each in year.moved:
            of = {*each.name[-1].split("+")}
            numbers += [each] if of & years.keys() or not of & others else []
    told = sorted(numbers, key=lambda each: (-round(each.part, 6), each.name))
    return Reconciliation(
        moved=tuple(_adjustment(each, labels) for each in told if each.part > FELT),
        implied=tuple(
            _adjustment(each, labels)
            for each in sorted(numbers, key=lambda each: each.name)
            if each.name[0] in IMPLIED
        ),
        unexplained=tuple(
            each for element, year in sorted(years.items()) for each in _unexplained(element, year)
        ),
        pools=tuple(each for year in single for each in year.ranges),
    )


def _unexplained(element: str, year: ReconciledYear) -> Iterable[Unexplained]:
    places = {name[1:3] for name in year.values if name[0] == "missing" and name[3] == element}
    for stage, pool in sorted(places):
        missing, surplus = (
            year.value(what, stage, pool, element) for what in ("missing", "surplus")
        )
        if max(missing, surplus) > LEAST:
            yield Unexplained(stage, pool, element, missing, surplus)


def _adjustment(each: Moved, labels: Mapping[str, str]) -> Adjustment:
    kind, *parts = each.name
    words, unit = WORDS[kind]
    if kind == "sold":
        parts[0] = GOODS[parts[0]]
    named = [labels.get(part, part) for part in parts]
    named = ["the rest of the world" if part == REST else part for part in named]
    return Adjustment(
        name=f"{kind}[{','.join(each.name[1:])}]",
        text=words.format(*named),
        unit=unit,
        **{x: getattr(each, x) for x in ("value", "low", "high", "found", "part", "rows")},
    )
