"""Capacities of sites as rows print them, in tonnes of the elements and products of a chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import fsum

from monazite.core.errors import NotKnownError
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    NAMEPLATE,
    QUOTA,
    SMCO_MAGNETS,
    Ceiling,
    Chain,
)
from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly, total
from monazite.model.facilities.status import OPERATING, read_lives
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST
from monazite.model.reconciliation.year import ReconciledYear
from monazite.model.trade_content import NDFEB
from monazite.store.queries import QueryRecord


class ChainElements(Struct):
    """The elements asked about, and those that go into the same products."""

    names: tuple[str, ...]
    members: Mapping[str, tuple[str, ...]]  # symbols; the first gives the number of magnets
    magnet: str  # family of the magnets; empty where the oxide is used as it is


STEPS = {MINE: {"mine", "concentrate"}, **{x: {x} for x in (SEPARATION, METAL, MAGNET)}}
"""What counts as output of a stage: cracked ore is none of separation, alloy none of magnets."""
LIGHT = frozenset({"La", "Ce", "Pr", "Nd"})  # what a row that names no element stands for
TONNES = {"t-per-year": 1.0, "kg-per-year": 0.001}
REO = "reo"
WEIGHED = ("oxide", "metal", "element")  # bases that weigh a named element


class Capacity(Struct):
    """One row on the capacity or the output of a site."""

    row: str
    facility: str
    country: str
    stage: str
    step: str
    kind: str
    earliest: str
    latest: str
    tonnes: Amount | None  # a year; None where it is not printed so
    basis: str
    materials: tuple[frozenset[str], ...]
    families: frozenset[str]  # of magnets; one is empty where a material belongs to none


def read_capacities(facts: Facts) -> list[Capacity]:
    """Read the rows on capacity and output of sites."""
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.ask("network-planned-capacity", date=facts.date):
        grouped[answer.row()].append(answer)
    found = []
    for row, answers in sorted(grouped.items()):
        first = answers[0]
        elements: dict[str, set[str]] = defaultdict(set)
        for answer in answers:
            elements[answer["material"]] |= {answer["element"]} - {""}
        capacity = first.to(
            Capacity,
            step=first["printed"],
            tonnes=_tonnes(row, first),
            materials=tuple(frozenset(parts) for _, parts in sorted(elements.items())),
            families=frozenset(answer["family"] for answer in answers),
        )
        found.append(capacity)
    return found


def _tonnes(row: str, answer: QueryRecord) -> Amount | None:
    """Tonnes a year; a range without a value counts with its lower end."""
    ends = [answer.number(end) for end in ("value", "low", "high") if answer[end]]
    scale = TONNES.get(answer["unit"])
    if scale is None or not ends:
        return None
    return Amount(ends[0] * scale, min(ends) * scale, max(ends) * scale, (row,))


def held_in(figure: Capacity, elements: ChainElements, chemistry: Chemistry) -> dict[str, Amount]:
    """Return the tonnes a year of each element or product that a capacity amounts to."""
    if figure.step not in STEPS.get(figure.stage, ()):
        raise NotKnownError(f"The chain has no stage {figure.step}; {figure.row} is left out.")
    if figure.tonnes is None:
        raise NotKnownError(f"No tonnes a year are printed; {figure.row} is left out.")
    if figure.stage == MAGNET:
        return _magnets(figure, figure.tonnes, elements, chemistry)
    if figure.basis in WEIGHED and not any(figure.materials):
        raise NotKnownError(
            f"Which rare earths its {figure.step} makes is not told; {figure.row} is left out."
        )
    found = {}
    for name, parts in elements.members.items():
        held = [_element(figure, element, chemistry) for element in parts]
        if any(part.value > 0 for part in held):
            found[name] = figure.tonnes * total(held)
    return found


def _element(figure: Capacity, element: str, chemistry: Chemistry) -> Amount:
    if figure.stage != MINE and element not in LIGHT and {element} not in figure.materials:
        return NOTHING
    if figure.basis == REO:
        return chemistry.in_oxide(figure.country, element)
    if figure.stage == MINE or figure.basis not in WEIGHED:
        raise _not_weighed(figure)
    members = frozenset().union(*figure.materials)
    own = replace(chemistry, materials={figure.row: members})
    return own.in_material(figure.row, figure.basis, figure.country, element)


def _magnets(
    figure: Capacity, tonnes: Amount, elements: ChainElements, chemistry: Chemistry
) -> dict[str, Amount]:
    if "" in figure.families:
        raise NotKnownError(f"Which magnets it makes is not told; {figure.row} is left out.")
    if figure.families != {elements.magnet}:
        return {}
    finished: Amount | None = exactly(1.0)
    if figure.basis == "magnet-blank":
        finished = chemistry.of("finished-per-blank", "sintered magnets")
    elif figure.basis not in ("magnet", "magnet-finished"):
        finished = None
    if finished is None:
        raise _not_weighed(figure)
    if elements.magnet != NDFEB:
        return {SMCO_MAGNETS: tonnes * finished}
    heavy = chemistry.of("heavy-magnet-share", NDFEB)
    if heavy is None:
        raise NotKnownError(
            "How many magnets hold heavy rare earths is an assumption that the data used leave "
            "out: "
            f"{figure.row} is left out."
        )
    light = replace(heavy, value=1 - heavy.value, low=1 - heavy.high, high=1 - heavy.low)
    return {HEAVY_MAGNETS: tonnes * finished * heavy, LIGHT_MAGNETS: tonnes * finished * light}


def _not_weighed(figure: Capacity) -> NotKnownError:
    counted = figure.basis or "something that is not told"
    return NotKnownError(
        f"Its {figure.step} is counted as {counted}, which does not tell what comes out; "
        f"{figure.row} is left out."
    )


STAGE_OF = {"mining-quota": MINE, "separation-quota": SEPARATION}  # What a quota bounds
ROUNDING = 0.02  # A quota that was exceeded by a smaller part was kept
_MANY = 99
Key = tuple[str, str, str]


class Quota(Struct):
    """What a country may make of all rare earths at a stage in a year, in tonnes of oxide."""

    country: str
    stage: str
    tonnes: float
    row: str


class SpareRows(Struct):
    """Rows of a base year that tell of spare capacity."""

    quotas: tuple[Quota, ...] = ()
    plates: tuple[Capacity, ...] = ()  # nameplates at its end, of plants that surely ran


def read_spare_rows(facts: Facts, year: int) -> SpareRows:
    """Read the quotas of a year, and the nameplates of plants that ran at its end."""
    end = f"{year}-12-31"
    quotas = tuple(
        answer.to(Quota, stage=STAGE_OF[answer["measure"]])
        for answer in facts.ask("network-quotas", year=str(year))
        if answer["measure"] in STAGE_OF
    )
    lives = read_lives(facts.store)

    def ran(figure: Capacity) -> bool:
        stages = lives.on(figure.facility, end).stages
        return any((x.stage, x.state) == (figure.stage, OPERATING) for x in stages)

    plates = [x for x in read_capacities(facts) if x.kind == "nameplate" and x.latest <= end]
    return SpareRows(quotas, tuple(each for each in plates if each.stage != MINE and ran(each)))


def with_ceilings(
    chain: Chain, rows: SpareRows, elements: ChainElements, year: ReconciledYear
) -> Chain:
    """Return the chain with what rows say that pools can make at the most."""
    chemistry = year.numbers.chemistry
    found = dict(_of_plates(chain, rows.plates, elements, chemistry))
    found |= dict(_of_quotas(chain, rows.quotas, year))
    return replace(chain, ceilings=dict(sorted(found.items()))) if found else chain


def _of_quotas(
    chain: Chain, quotas: Iterable[Quota], year: ReconciledYear
) -> Iterable[tuple[Key, Ceiling]]:
    for quota in quotas:
        sold = [x for (_, _, buyer), x in sorted(year.ore.items()) if buyer == quota.country]
        made = year.value("mined", quota.country) if quota.stage == MINE else fsum(sold)
        if made <= 0 or quota.tonnes < (1 - ROUNDING) * made:
            continue
        ceiling = Ceiling(max(1.0, quota.tonnes / made), QUOTA, (quota.row,))
        for name, element_chain in sorted(chain.element_chains.items()):
            if quota.stage == MINE:
                yield from (
                    ((MINE, quota.country, ore), ceiling)
                    for ore in element_chain.mined(quota.country)
                )
            elif element_chain.made.get((quota.stage, quota.country), 0.0) > 0:
                yield (quota.stage, quota.country, name), ceiling


def _of_plates(
    chain: Chain, plates: Iterable[Capacity], elements: ChainElements, chemistry: Chemistry
) -> Iterable[tuple[Key, Ceiling]]:
    """Nameplates of pools whose plants make up the pool."""
    newest: dict[tuple[str, Key], tuple[tuple[int, str, str], float]] = {}
    for figure in plates:
        breadth = _MANY if figure.basis == REO else len(frozenset().union(*figure.materials))
        rank = (-breadth, figure.latest, figure.row)
        try:
            held = held_in(figure, elements, chemistry)
        except NotKnownError:
            continue
        for what, amount in held.items():
            of = chain.element_chains.get(what) or next(iter(chain.element_chains.values()))
            pool = of.pool(figure.stage, figure.country)
            plant = figure.facility, (figure.stage, pool, what)
            if pool != REST and (plant not in newest or rank > newest[plant][0]):
                newest[plant] = rank, amount.value
    sums: dict[Key, list[tuple[float, str]]] = defaultdict(list)
    for (_, key), ((_, _, row), tonnes) in sorted(newest.items()):
        sums[key].append((tonnes, row))
    for key, parts in sums.items():
        made, most = chain.output(*key), fsum(tonnes for tonnes, _ in parts)
        if 0 < made <= most:
            yield key, Ceiling(most / made, NAMEPLATE, tuple(row for _, row in parts))
