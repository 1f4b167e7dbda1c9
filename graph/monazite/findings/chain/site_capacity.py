"""Capacities of sites as rows print them, in tonnes of the elements and products of a chain.

Oxide becomes the element, rare-earth oxide is split by the ore of the country, magnets become the
products they are sold as. A row that cannot be converted says why; nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, SMCO_MAGNETS
from monazite.findings.chain.elements import ChainElements
from monazite.network.facts import Facts
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.quantities.amount import NOTHING, Amount, exactly, total
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import NDFEB
from monazite.triples.records import QueryRecord

STEPS = {MINE: {"mine", "concentrate"}, **{x: {x} for x in (SEPARATION, METAL, MAGNET)}}
"""What counts as output of a stage: cracked ore is none of separation, alloy none of magnets."""
LIGHT = frozenset({"La", "Ce", "Pr", "Nd"})
"""What a plant separates where the row names no element; of others it has to name each."""
TONNES = {"t-per-year": 1.0, "kg-per-year": 0.001}
REO = "reo"
WEIGHED = ("oxide", "metal", "element")
"""Bases that tell the weight of an element, if the elements are named."""


@dataclass(frozen=True)
class Capacity:
    """One row on the capacity or the output of a site.

    Attributes:
        tonnes: a year; None where it is not printed so.
        families: of magnets; one is empty where a material belongs to none.
    """

    row: str
    facility: str
    country: str
    stage: str
    step: str
    kind: str
    earliest: str
    latest: str
    tonnes: Amount | None
    basis: str
    materials: tuple[frozenset[str], ...]
    families: frozenset[str]


def read_capacities(facts: Facts) -> list[Capacity]:
    """Read the rows on capacity and output of sites."""
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.ask("network-planned-capacity", date=facts.date):
        grouped[answer.row()].append(answer)
    return [_capacity(row, answers) for row, answers in sorted(grouped.items())]


def _capacity(row: str, answers: list[QueryRecord]) -> Capacity:
    first = answers[0]
    elements: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        elements[answer["material"]] |= {answer["element"]} - {""}
    return Capacity(
        row=row,
        facility=first["facility"],
        country=first["country"],
        stage=first["stage"],
        step=first["printed"],
        kind=first["kind"],
        earliest=first["earliest"],
        latest=first["latest"],
        tonnes=_tonnes(row, first),
        basis=first["basis"],
        materials=tuple(frozenset(parts) for _, parts in sorted(elements.items())),
        families=frozenset(answer["family"] for answer in answers),
    )


def _tonnes(row: str, answer: QueryRecord) -> Amount | None:
    """Tonnes a year; a range without a value counts with its lower end."""
    ends = [answer.number(end) for end in ("value", "low", "high") if answer[end]]
    scale = TONNES.get(answer["unit"])
    if scale is None or not ends:
        return None
    return Amount(ends[0] * scale, min(ends) * scale, max(ends) * scale, (row,))


def held_in(figure: Capacity, elements: ChainElements, chemistry: Chemistry) -> dict[str, Amount]:
    """Return the tonnes a year of each element or product that a capacity amounts to.

    >>> from monazite.findings.chain.base_year import chain_elements
    >>> from monazite.quantities.chemistry import read_chemistry
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> row = "capacity/src-saskatoon-separation-dysprosium-oxide-planned-2027"
    >>> figure = next(x for x in read_capacities(facts) if x.row == row)
    >>> found = held_in(figure, chain_elements(facts), read_chemistry(facts))
    >>> {what: round(tonnes.value, 1) for what, tonnes in found.items()}
    {'Dy': 26.1}
    """
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
    """Tonnes of an element in a tonne that a row counts."""
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
    """Finished magnets, by product."""
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
    return {
        HEAVY_MAGNETS: tonnes * finished * heavy,
        LIGHT_MAGNETS: tonnes * finished * light,
    }


def _not_weighed(figure: Capacity) -> NotKnownError:
    counted = figure.basis or "something that is not told"
    return NotKnownError(
        f"Its {figure.step} is counted as {counted}, which does not tell what comes out; "
        f"{figure.row} is left out."
    )
