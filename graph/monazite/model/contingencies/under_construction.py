"""Output that plants under construction add to a base year within a few years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf

from monazite.core.errors import NotKnownError
from monazite.core.formats import tonnes
from monazite.core.results import Struct
from monazite.data.parameters import CONTRACTS, FREE, MINE, SEPARATION, horizons
from monazite.model.chain.base_year import Accounts, BaseYear, assumptions_horizon
from monazite.model.chain.chain import NAMEPLATE, QUOTA, Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.chain.site_capacity import (
    REO,
    STEPS,
    Capacity,
    ChainElements,
    held_in,
    read_capacities,
)
from monazite.model.chemistry import Amount, Chemistry
from monazite.model.contingencies.failure_points import BASE_YEAR, Horizon
from monazite.model.facilities import status
from monazite.model.network.facts import Facts

YEARS_AHEAD = 3


class Opening(Struct):
    """When a stage of a site opens."""

    printed: str  # when it opened or is to open, as printed
    ran: bool
    rows: tuple[str, ...]


def last_day(date: str) -> str:
    """Return the last day on which what is being built may open.

    >>> last_day("2024-02-29")
    '2027-02-29'
    """
    return f"{int(date[:4]) + YEARS_AHEAD}{date[4:]}"


def opening_of(
    lives: status.FacilityStatuses, facility: str, stage: str, year: int, date: str
) -> Opening | None:
    """Return when a stage of a site opens that the base year does not hold."""
    end = f"{year}-12-31"
    events = lives.events.get(facility, ())
    own = [each for each in events if each.stage in ("", stage) and not each.part]
    before, now = (status.state_on(stage, events, lives.versions, day).state for day in (end, date))
    built = [each for each in own if each.state == status.BUILDING and each.earliest <= date]
    ran = before in (status.OPERATING, status.PARTLY)
    building = any(_extends(own, day) for day in (end, date)) if ran else bool(built)
    opened = min(
        (x for x in own if x.event in status.BEGINS and end < x.earliest <= date),
        key=_when,
        default=None,
    )
    if not building and opened is None:
        later = [x for x in own if x.state == status.BUILDING and x.earliest > date]
        if later:
            raise NotKnownError(
                f"Building began only after {date}, the day asked about "
                f"({min(later, key=_when).printed}): it is left out."
            )
        return None
    if stopped := {before, now} & {status.SUSPENDED, status.CLOSED}:
        if _extends(own, date):
            raise NotKnownError(
                f"What was being built is left out: the plant is {' and '.join(sorted(stopped))}."
            )
        return None
    plans = [x for x in own if x.state == status.PLANNED and x.latest > date]
    if opened is None and not plans:
        raise NotKnownError(
            "We found no date at which what is being built is to open: it is left out."
        )
    # the day of a plan may be that of its announcement: the last one is when it is to open
    opens = opened or max(plans, key=lambda each: (each.latest, each.earliest, each.row))
    if opens.earliest > last_day(date):
        raise NotKnownError(
            f"It is to open more than {YEARS_AHEAD} years after {date} ({opens.printed}); "
            "it is left out."
        )
    return Opening(opens.printed, ran, tuple(sorted({opens.row, *(each.row for each in built)})))


def _when(event: status.FacilityEvent) -> tuple[str, str, str]:
    return event.earliest, event.latest, event.row


def _extends(events: Iterable[status.FacilityEvent], day: str) -> bool:
    """Whether a site was being built or extended: built since it last opened something."""
    past = [each for each in events if each.latest <= day]
    built = max((each.earliest for each in past if each.state == status.BUILDING), default="")
    return built > max((each.latest for each in past if each.event in status.BEGINS), default="")


KINDS = ("nameplate", "planned", "target")
_MANY = 99
Choice = tuple[Capacity, Amount]


class Addition(Struct):
    """What a site under construction adds, in tonnes a year of an element or a product."""

    site: str  #: id of the facility
    label: str
    country: str
    stage: str  #: of the chain
    what: str  #: an element or a product
    tonnes: Amount  #: a year, of the element or the product
    kind: str  #: nameplate, planned or target
    start: str  #: when it opened or is to open, as printed
    rows: tuple[str, ...]  #: keys of the rows that say so


class Additions(Struct):
    """What counts, and what was left out and why."""

    found: tuple[Addition, ...]
    remarks: tuple[str, ...]


def additions_of(
    facts: Facts, elements: ChainElements, chemistry: Chemistry, year: int
) -> Additions:
    """Return what sites being built on the day of a view add to the elements asked about."""
    lives = status.read_lives(facts.store)
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
            for choices in choices_of.values():
                told = [figure for figure, amount in choices if amount.value > 0]
                ahead = any(span[0] < each.latest and each.earliest <= span[1] for each in told)
                if ahead and all(each.kind in ("planned", "target") for each in told):
                    waiting.append(label)
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


def _being_built(lives: status.FacilityStatuses, date: str) -> Iterable[tuple[str, str]]:
    """Stages of the chain of the sites that are or were being built by a day, if not in part."""
    for facility, events in lives.events.items():
        own = [
            x for x in events if x.state == status.BUILDING and x.earliest <= date and not x.part
        ]
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


def _of_site(
    label: str,
    choices_of: Mapping[str, list[Choice]],
    figures: list[Capacity],
    opening: Opening,
    span: tuple[str, str],
) -> Iterable[Addition]:
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


def _places(found: Iterable[Addition], chain: Chain) -> Iterable[tuple[Addition, str, float, bool]]:
    """Additions with their pool, its output of the base year, and whether they can be added."""
    for each in found:
        known = chain.element_chains
        pool = (known.get(each.what) or known[min(known)]).pool(each.stage, each.country)
        base = chain.output(each.stage, pool, each.what)
        opened = each.stage == SEPARATION and (each.what, pool) in chain.opened
        yield each, pool, base, base > 0 or opened


def added_by(
    found: Iterable[Addition], chain: Chain, share: float
) -> dict[tuple[str, str, str], float]:
    """Return the tonnes that additions add to pools of the chain, by stage, pool and product."""
    added: dict[tuple[str, str, str], float] = defaultdict(float)
    levels: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each, pool, base, is_added in _places(found, chain):
        if is_added and each.stage == MINE:
            levels[each.site, pool].append(each.tonnes.value / base)
        elif is_added:
            added[each.stage, pool, each.what] += each.tonnes.value * share
    for (_, pool), parts in sorted(levels.items()):
        added[MINE, pool, ANY] += min(parts) * share
    return dict(sorted(added.items()))


def without_base(found: Iterable[Addition], chain: Chain) -> tuple[str, ...]:
    """Return remarks on additions that have no output of the base year to be added to."""
    return tuple(
        f"{each.label} is to make {tonnes(each.tonnes.value)} t of {each.what} a year from "
        f"{each.start}: the base year has no {each.stage} there that it can be added to, and it "
        "does not count."
        for each, _, _, is_added in _places(found, chain)
        if not is_added
    )


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


def breadth_of(figure: Capacity) -> int:
    """Return of how many elements a number is; total oxide is of all."""
    return _MANY if figure.basis == REO else len(frozenset().union(*figure.materials))


def _best(choices: list[Choice]) -> Choice:
    """The narrowest material, then the surest kind; the newest nameplate, the least of plans."""

    def rank(choice: Choice) -> tuple[int, int]:
        return breadth_of(choice[0]), KINDS.index(choice[0].kind)

    first = min(map(rank, choices))
    alike = sorted((x for x in choices if rank(x) == first), key=lambda x: (x[1].value, x[0].row))
    if KINDS[first[1]] == "nameplate":
        return max(alike, key=lambda choice: choice[0].latest)
    return alike[0]


def additions_in(base: BaseYear, facts: Facts, horizon: str) -> Additions:
    """Return the plants under construction that a horizon counts."""
    if base.chemistry.of("horizon-construction", assumptions_horizon(horizon)) is None:
        return Additions((), ())
    return additions_of(facts, base.elements, base.chemistry, base.year_rows.year)


def opened_year(
    accounts: Accounts, horizon: str, built: Iterable[Addition]
) -> tuple[Chain, Horizon]:
    """Return the chain of a year with pools that plants open, and the horizon that counts them."""
    chain = accounts.chain()
    new = {
        (each.what, pool)
        for each, pool, base, _ in _places(built, chain)
        if each.stage == SEPARATION and base <= 0
    }
    chain = replace(chain, opened=chain.opened | new) if new else chain
    return chain, horizon_of(accounts.base.chemistry, horizon, chain, built)


def horizon_of(
    chemistry: Chemistry, name: str, chain: Chain, built: Iterable[Addition] = ()
) -> Horizon:
    """Return a horizon with its parameters, no less than those of the horizon before it."""
    behind = horizons_behind(name)
    before = horizon_of(chemistry, behind[-2], chain, built) if len(behind) > 1 else None
    least = before or BASE_YEAR
    trade, plants, pairs, share = (
        chemistry.of(f"horizon-{what}", assumptions_horizon(name))
        for what in ("trade", "throughput", "new-pairs", "construction")
    )
    if trade is None or plants is None:
        raise NotKnownError(
            f"The horizon {name} rests on assumptions that the data used leave out: use them too."
        )
    bounds = {NAMEPLATE, QUOTA} if before is None else {NAMEPLATE}  # a quota is of its year only
    return Horizon(
        name,
        trade=inf if name == FREE else max(trade.value, least.trade),
        throughput=max(plants.value, least.throughput),
        new_pairs=inf if name == FREE else pairs.value if pairs else 0.0,
        thrift={
            element: amount.value
            for (what, subject, element), amount in sorted(chemistry.assumed.items())
            if (what, subject) == ("horizon-thrift", assumptions_horizon(name))
        },
        added=added_by(built, chain, share.value if share else 0.0),
        before=before,
        bids=name != CONTRACTS,
        ceilings=frozenset() if name == CONTRACTS else frozenset(bounds),
    )


def horizons_behind(name: str) -> tuple[str, ...]:
    """Return the horizons whose floors a horizon holds, and itself, last.

    >>> horizons_behind("medium-run"), horizons_behind("immediate")
    (('short-run', 'medium-run'), ('immediate',))
    """
    bidding = [each for each in horizons() if each != CONTRACTS]
    return (*bidding[: bidding.index(name)], name) if name in bidding else (name,)
