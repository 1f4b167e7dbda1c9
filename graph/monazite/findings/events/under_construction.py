"""Output that plants under construction add to a base year within a few years.

Which sites count is told in ``openings``: what is being built on the day of the view, or has opened
since the base year. A site adds its newest nameplate capacity, else the least planned (later phases
come later), else the least aimed at. A site that ran already adds the excess over its nameplate of
the base year, or a product that it did not make. What is left out is named in a remark, and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.chain.chain import Chain
from monazite.findings.chain.elements import ChainElements
from monazite.findings.chain.site_capacity import REO, STEPS, Capacity, held_in, read_capacities
from monazite.findings.events.event import ANY, Event
from monazite.findings.events.openings import Opening, last_day, opening_of
from monazite.findings.plants.lives import Lives, read_lives
from monazite.findings.plants.states import BUILDING
from monazite.network.facts import Facts
from monazite.parameters import MINE, SEPARATION
from monazite.quantities.amount import Amount
from monazite.quantities.chemistry import Chemistry
from monazite.safe_text import tonnes

KINDS = ("nameplate", "planned", "target")
_MANY = 99
Choice = tuple[Capacity, Amount]


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


def additions_of(
    facts: Facts, elements: ChainElements, chemistry: Chemistry, year: int
) -> Additions:
    """Return what sites being built on the day of a view add to the elements asked about.

    >>> from monazite.findings.chain.base_year import chain_elements
    >>> from monazite.quantities.chemistry import read_chemistry
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "NdPr", "2026-11-24")
    >>> found = additions_of(facts, chain_elements(facts), read_chemistry(facts), 2024).found
    >>> [(x.what, round(x.tonnes.value), x.start) for x in found if x.site == "neo-narva"]
    [('magnets with Dy or Tb', 800, '2025-05'), ('magnets without', 1200, '2025-05')]
    """
    lives = read_lives(facts.store)
    sites: dict[tuple[str, str], list[Capacity]] = {
        place: [] for place in _being_built(lives, facts.date)
    }
    for figure in read_capacities(facts):
        sites.setdefault((figure.facility, figure.stage), []).append(figure)
    found: list[Addition] = []
    remarks: list[str] = []
    waiting: list[str] = []
    for (facility, stage), figures in sorted(sites.items()):
        label = lives.facilities[facility][0]
        span = f"{year}-12-31", last_day(facts.date)
        choices_of, why_not = choices_of_site(figures, elements, chemistry, span)
        try:
            opening = opening_of(lives, facility, stage, year, facts.date)
        except NotKnownError as why:
            remarks += [f"{label}: {why}"] if choices_of or why_not or not figures else []
            continue
        if opening is None:
            waiting += [label for told in choices_of.values() if _only_planned(told, span)]
            continue
        added = list(_of_site(label, choices_of, figures, opening, span))
        found += added
        remarks += [f"{label}: {why}" for why in why_not]
        if not figures:
            remarks.append(
                f"{label}: We found no figure of what its {stage} is to make: it is left out."
            )
    if waiting:
        names = ", ".join(dict.fromkeys(waiting))
        remarks.append(f"Planned, and we found no start of building: {names}.")
    return Additions(tuple(found), tuple(dict.fromkeys(remarks)))


def _being_built(lives: Lives, date: str) -> Iterable[tuple[str, str]]:
    """Stages of the chain of the sites that are or were being built by a day, if not in part."""
    for facility, events in lives.events.items():
        own = [x for x in events if x.state == BUILDING and x.earliest <= date and not x.part]
        for stage in lives.on(facility, date).stages if own else ():
            if stage.stage in STEPS and any(x.stage in ("", stage.stage) for x in own):
                yield facility, stage.stage


def choices_of_site(
    figures: list[Capacity], elements: ChainElements, chemistry: Chemistry, span: tuple[str, str]
) -> tuple[dict[str, list[Choice]], list[str]]:
    """Return what the rows of a site tell, by element or product, and why others do not count."""
    choices_of: dict[str, list[Choice]] = defaultdict(list)
    remarks = []
    for figure in figures:
        try:
            for what, amount in held_in(figure, elements, chemistry).items():
                choices_of[what].append((figure, amount))
        except NotKnownError as why:
            if figure.kind in KINDS and span[0] < figure.latest and figure.earliest <= span[1]:
                remarks.append(str(why))
    return dict(sorted(choices_of.items())), remarks


def _only_planned(choices: list[Choice], span: tuple[str, str]) -> bool:
    """Whether rows tell of a plan for after the base year, and of no output yet."""
    told = [figure for figure, amount in choices if amount.value > 0]
    ahead = any(span[0] < each.latest and each.earliest <= span[1] for each in told)
    return ahead and all(each.kind in ("planned", "target") for each in told)


def _of_site(
    label: str,
    choices_of: Mapping[str, list[Choice]],
    figures: list[Capacity],
    opening: Opening,
    span: tuple[str, str],
) -> Iterable[Addition]:
    """What a site adds at a stage, of each element chain or product that its rows tell of."""
    for what, choices in choices_of.items():
        new = added_figure(choices, figures, span, ran=opening.ran)
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
                start=opening.printed,
                rows=tuple(sorted({*tonnes.rows, figure.row, *opening.rows})),
            )


def opened_by(found: Iterable[Addition], chain: Chain) -> Chain:
    """Return the chain with pools that may separate an element for the first time.

    They take the ore that reaches them, at the yield of the world.
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
    """Return remarks on additions that have no output of the base year to be added to."""
    return tuple(
        f"{each.label} is to make {tonnes(each.tonnes.value)} t of {each.what} a year from "
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


def added_figure(
    choices: list[Choice], figures: list[Capacity], span: tuple[str, str], *, ran: bool
) -> Choice | None:
    """Return the row that tells what a site adds after the base year, and how much that is."""
    end, last = span
    now = [(each, amount) for each, amount in choices if each.latest <= end]
    coming = [
        (each, amount)
        for each, amount in choices
        if each.kind in KINDS and each.earliest <= last and (each.latest > end or not ran)
    ]
    if not coming:
        return None
    best = _best(coming)
    if not ran:
        return best
    plates = [choice for choice in now if choice[0].kind == "nameplate"]
    if plates:
        (figure, amount), (_, present) = best, _best(plates)
        more = max(0.0, amount.value - present.value)
        rows = tuple(sorted({*amount.rows, *present.rows}))
        return figure, Amount(more, more, more, rows, amount.assumptions)
    made_other = any(each.latest <= end and each.kind != "planned" for each in figures)
    return best if made_other and not now else None


def _best(choices: list[Choice]) -> Choice:
    """The narrowest material, then the surest kind; the newest nameplate, the least of plans."""

    def rank(choice: Choice) -> tuple[int, int]:
        figure = choice[0]
        breadth = _MANY if figure.basis == REO else len(frozenset().union(*figure.materials))
        return breadth, KINDS.index(figure.kind)

    first = min(map(rank, choices))
    alike = sorted((x for x in choices if rank(x) == first), key=lambda x: (x[1].value, x[0].row))
    if KINDS[first[1]] == "nameplate":
        return max(alike, key=lambda choice: choice[0].latest)
    return alike[0]
