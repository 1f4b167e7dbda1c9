"""Output that plants under construction add to a base year within a few years.

A site counts at a stage if it was being built at the end of the base year and is to open within
``YEARS_AHEAD`` years, or has opened since, and construction has not stopped by the day of the view.
It adds its newest nameplate capacity, else the least planned (later phases come later), else the
least aimed at. A site that ran already adds the excess over its nameplate of the base year, or a
product that it did not make. What cannot be determined is left out with a remark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.chain.base_year import ChainElements
from monazite.findings.chain.chain import Chain
from monazite.findings.chain.site_capacity import REO, Capacity, held_in, read_capacities
from monazite.findings.events.event import ANY, Event
from monazite.findings.plants.lives import Lives, read_lives
from monazite.findings.plants.states import (
    BEGINS,
    BUILDING,
    CLOSED,
    OPERATING,
    PARTLY,
    PLANNED,
    SUSPENDED,
    FacilityEvent,
    state_on,
)
from monazite.network.facts import Facts
from monazite.parameters import MINE, SEPARATION
from monazite.quantities.amount import Amount
from monazite.quantities.chemistry import Chemistry

YEARS_AHEAD = 3
KINDS = ("nameplate", "planned", "target")
_MANY = 99
_Choice = tuple[Capacity, Amount]


@dataclass(frozen=True)
class Addition:
    """What a site under construction adds, in tonnes a year of an element or a product.

    Attributes:
        site: id of the facility.
        label: its name.
        country: its code.
        stage: of the chain.
        what: an element chain of the chain, or a product.
        tonnes: a year, of the element or the product.
        kind: nameplate, planned or target.
        start: when it opened or is to open, as printed.
        rows: that say so.
    """

    site: str
    label: str
    country: str
    stage: str
    what: str
    tonnes: Amount
    kind: str
    start: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Additions:
    """What counts, and what was left out and why."""

    found: tuple[Addition, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Start:
    """When a stage of a site opens; whether it ran in the base year already."""

    printed: str
    ran: bool
    rows: tuple[str, ...]


def additions_of(
    facts: Facts, elements: ChainElements, chemistry: Chemistry, year: int
) -> Additions:
    """Return what sites under construction at the end of a year add to the elements asked about.

    Args:
        facts: rows of a view; its date tells what has become of the sites.
        elements: the element chains and the family of magnets.
        chemistry: what goods hold.
        year: the base year.

    Returns:
        Their output, in tonnes a year, and remarks on what could not be read.

    >>> from monazite.findings.chain.base_year import chain_elements
    >>> from monazite.quantities.chemistry import read_chemistry
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "NdPr", "2026-11-24")
    >>> found = additions_of(facts, chain_elements(facts), read_chemistry(facts), 2024).found
    >>> [(x.what, round(x.tonnes.value), x.start) for x in found if x.site == "neo-narva"]
    [('magnets with Dy or Tb', 800, '2025-05'), ('magnets without', 1200, '2025-05')]
    """
    lives = read_lives(facts.store)
    sites: dict[tuple[str, str], list[Capacity]] = defaultdict(list)
    for figure in read_capacities(facts):
        sites[figure.facility, figure.stage].append(figure)
    found: list[Addition] = []
    remarks: list[str] = []
    for (facility, stage), figures in sorted(sites.items()):
        label = lives.facilities[facility][0]
        try:
            start = _start(lives, facility, stage, year, facts.date)
        except NotKnownError as why:
            remarks.append(f"{label}: {why}")
            continue
        if start is not None:
            choices_of, why_not = _choices_of(figures, elements, chemistry, year)
            found += _of_site(label, figures, choices_of, start, year)
            remarks += [f"{label}: {why}" for why in why_not]
    return Additions(tuple(found), tuple(dict.fromkeys(remarks)))


def _choices_of(
    figures: list[Capacity], elements: ChainElements, chemistry: Chemistry, year: int
) -> tuple[dict[str, list[_Choice]], list[str]]:
    """The planned output of a site by element or product, and why other rows do not count."""
    choices_of: dict[str, list[_Choice]] = defaultdict(list)
    remarks = []
    for figure in figures:
        try:
            for what, amount in held_in(figure, elements, chemistry).items():
                choices_of[what].append((figure, amount))
        except NotKnownError as why:
            if figure.kind in KINDS and year < int(figure.latest[:4]) <= year + YEARS_AHEAD:
                remarks.append(str(why))
    return dict(sorted(choices_of.items())), remarks


def _of_site(
    label: str,
    figures: list[Capacity],
    choices_of: dict[str, list[_Choice]],
    start: _Start,
    year: int,
) -> Iterable[Addition]:
    """What a site adds at a stage, of each element chain or product that its rows tell of."""
    for what, choices in choices_of.items():
        new = _new(choices, figures, start, year)
        if new is not None and new[1].value > 0:
            figure, tonnes = new
            yield Addition(
                site=figure.facility,
                label=label,
                country=figure.country,
                stage=figure.stage,
                what=what,
                tonnes=tonnes,
                kind=figure.kind,
                start=start.printed,
                rows=tuple(sorted({*tonnes.rows, figure.row, *start.rows})),
            )


def opened_by(found: Iterable[Addition], chain: Chain) -> Chain:
    """Return the chain with pools that may separate an element for the first time.

    They take the ore that reaches them, at the yield of the world.

    Args:
        found: what sites add.
        chain: of the base year.

    Returns:
        The chain; its base year is unchanged.
    """
    new = {
        (each.what, _pool(each, chain))
        for each in found
        if each.stage == SEPARATION and _base(each, _pool(each, chain), chain) <= 0
    }
    return replace(chain, opened=chain.opened | new) if new else chain


def event_of_additions(found: Iterable[Addition], chain: Chain, share: float) -> Event:
    """Return the additions as an event that adds capacity to pools of the chain.

    Ore comes with all that it holds: the level of a mine rises by the least that any element
    allows. What has no base to be added to is left out; ``without_base`` names it.

    Args:
        found: what sites add.
        chain: of the base year.
        share: the part of it that counts, 0 to 1.

    Returns:
        An event with ``added`` capacity and nothing lost.
    """
    added: dict[tuple[str, str, str], float] = defaultdict(float)
    levels: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in found:
        pool = _pool(each, chain)
        base = _base(each, pool, chain)
        if base <= 0 and not _opened(each, pool, chain):
            continue
        if each.stage == MINE:
            levels[each.site, pool].append(each.tonnes.value / base)
        else:
            added[each.stage, pool, each.what] += each.tonnes.value * share
    for (_, pool), parts in sorted(levels.items()):
        added[MINE, pool, ANY] += min(parts) * share
    return Event(added=dict(sorted(added.items())))


def without_base(found: Iterable[Addition], chain: Chain) -> tuple[str, ...]:
    """Return remarks on additions that have no output of the base year to be added to.

    Args:
        found: what sites add.
        chain: of the base year.

    Returns:
        A sentence for each; they do not count.
    """
    return tuple(
        f"{each.label} is to make {each.tonnes.value:,.0f} t of {each.what} a year from "
        f"{each.start}: the base year has no {each.stage} there that it can be added to, and it "
        "does not count."
        for each in found
        for pool in [_pool(each, chain)]
        if _base(each, pool, chain) <= 0 and not _opened(each, pool, chain)
    )


def _opened(addition: Addition, pool: str, chain: Chain) -> bool:
    return addition.stage == SEPARATION and (addition.what, pool) in chain.opened


def _pool(addition: Addition, chain: Chain) -> str:
    element_chain = (
        chain.element_chains.get(addition.what) or chain.element_chains[min(chain.element_chains)]
    )
    return element_chain.pool(addition.stage, addition.country)


def _base(addition: Addition, pool: str, chain: Chain) -> float:
    """What the pool of an addition made of the same in the base year."""
    if addition.what in chain.element_chains:
        return chain.element_chains[addition.what].made.get((addition.stage, pool), 0.0)
    return chain.made.get((addition.what, pool), 0.0)


def _start(lives: Lives, facility: str, stage: str, year: int, date: str) -> _Start | None:
    """When a stage opens that was being built at the end of a year; None where none was.

    Raises:
        NotKnownError: nothing tells when it is to open.
    """
    end, last = f"{year}-12-31", f"{year + YEARS_AHEAD}-12-31"
    events = lives.events.get(facility, ())
    own = [each for each in events if each.stage in ("", stage) and not each.part]
    before = state_on(stage, events, lives.versions, end)
    gone = {SUSPENDED, CLOSED}
    if {before.state, state_on(stage, events, lives.versions, date).state} & gone:
        return None
    begun = min(
        (x for x in own if x.event in BEGINS and end < x.earliest <= date), key=_when, default=None
    )
    built = [each for each in own if each.state == BUILDING and each.earliest <= end]
    ran = before.state in (OPERATING, PARTLY)
    building = _extends(own, end) if ran else bool(built)
    late = any(each.state == BUILDING and each.earliest > end for each in own)
    if not building and (begun is None or late):
        return None
    if begun is None:
        plans = [each for each in own if each.state == PLANNED and each.latest > date]
        # the day of a plan may be that of its announcement: the last one is when it is to open
        begun = max(plans, key=lambda each: (each.latest, each.earliest, each.row), default=None)
        if begun is None:
            raise NotKnownError("No row tells when what is being built is to open; it is left out.")
    if begun.earliest > last:
        return None  # opens too late
    return _Start(begun.printed, ran, tuple(sorted({begun.row, *(each.row for each in built)})))


def _when(event: FacilityEvent) -> tuple[str, str, str]:
    return event.earliest, event.latest, event.row


def _extends(events: Iterable[FacilityEvent], end: str) -> bool:
    """Whether a site that runs was being extended: built since it last opened something."""
    past = [each for each in events if each.latest <= end]
    built = max((each.earliest for each in past if each.state == BUILDING), default="")
    return built > max((each.latest for each in past if each.event in BEGINS), default="")


def _new(
    choices: list[_Choice], figures: list[Capacity], start: _Start, year: int
) -> _Choice | None:
    """The row that tells what is added, and how much that is."""
    end, last = f"{year}-12-31", f"{year + YEARS_AHEAD}-12-31"
    now = [(each, amount) for each, amount in choices if each.latest <= end]
    coming = [
        (each, amount)
        for each, amount in choices
        if each.kind in KINDS and each.earliest <= last and (each.latest > end or not start.ran)
    ]
    if not coming:
        return None
    best = _best(coming)
    if not start.ran:
        return best
    plates = [choice for choice in now if choice[0].kind == "nameplate"]
    if plates:
        (figure, amount), (_, present) = best, _best(plates)
        more = max(0.0, amount.value - present.value)
        rows = tuple(sorted({*amount.rows, *present.rows}))
        return figure, Amount(more, more, more, rows, amount.assumptions)
    made_other = any(each.latest <= end and each.kind != "planned" for each in figures)
    return best if made_other and not now else None


def _best(choices: list[_Choice]) -> _Choice:
    """The narrowest material, then the surest kind; the newest nameplate, the least of plans."""

    def rank(choice: _Choice) -> tuple[int, int]:
        figure = choice[0]
        breadth = _MANY if figure.basis == REO else len(frozenset().union(*figure.materials))
        return breadth, KINDS.index(figure.kind)

    first = min(map(rank, choices))
    alike = sorted((x for x in choices if rank(x) == first), key=lambda x: (x[1].value, x[0].row))
    if KINDS[first[1]] == "nameplate":
        return max(alike, key=lambda choice: choice[0].latest)
    return alike[0]
