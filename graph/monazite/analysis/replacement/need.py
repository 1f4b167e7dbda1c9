"""What a market needs of an element, stage by stage, and how that grows.

A market needs at a stage the world's output of the stage for each tonne of the element in use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from statistics import median_low

from monazite.analysis.replacement.candidates import OUTPUT, ReplacementSite
from monazite.analysis.replacement.slips import Plan, Slips, ValueRange
from monazite.core.formats import counted, percent, tonnes
from monazite.core.results import Value
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ElementChain
from monazite.model.facilities.status import FacilityStatuses
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import listed
from monazite.store.names import Entity, named

_GOODS = {SEPARATION: (METAL, "oxide", "metal plants"), METAL: (MAGNET, "metal", "magnet plants")}
"""The next stage of one, what it works on, and who does."""
_WORTH_SAYING = 0.01


class StageHang(Value):
    """How far a stage outside a country hung on it in the base year."""

    stage: str  #: the stage
    #: of what was worked on that came from the country; of what was mined, what was separated
    #: there. 0 to 1
    part: float
    short: str  #: the same in a few words
    words: str  #: the same in a sentence


def hangs_on(element_chain: ElementChain, without: Entity, year: int) -> Iterable[StageHang]:
    """Return how far what was made outside in the base year hung on the country."""
    code, name = without.id, named(without.label)
    flows = sorted(element_chain.flows.items())
    for stage in (SEPARATION, METAL, MINE):
        mined = stage == MINE
        amounts = sorted((element_chain.made if mined else element_chain.taken).items())
        whole = fsum(x for (at, pool), x in amounts if at == stage and pool != code)
        across = fsum(
            x
            for (at, seller, buyer), x in flows
            if at == stage and seller != buyer and (buyer if mined else seller) == code
        )
        if whole <= 0 or across / whole <= _WORTH_SAYING:
            continue
        part = min(1.0, across / whole)
        told = percent(part)
        if mined:
            short = f"{told} separated in {name}"
            words = f"Of the {tonnes(whole)} t that was mined outside {name} in {year}, {told} was "
            yield StageHang(MINE, part, short, f"{words}separated there.")
        else:
            after, goods, makers = _GOODS[stage]
            words = f"Of the {goods} that {makers} outside {name} worked on in {year}, {told} came "
            yield StageHang(after, part, f"{goods} {told} from {name}", f"{words}from there.")


def missing_words(
    name: str, without: Entity, stages: Iterable[str], sites: Iterable[ReplacementSite]
) -> Iterable[str]:
    """Say at which stages nothing comes on top, and of what no start is known."""
    coming = [each for each in sites if not each.in_base]
    empty = [stage for stage in stages if stage not in {each.stage for each in coming}]
    if empty:
        yield (
            f"At {listed(empty)} we found no plant outside {named(without.label)} that comes on "
            f"top, with tonnes of {name}."
        )
    undated = [*dict.fromkeys(x.label for x in coming if not x.runs and x.plan is None)]
    if undated:
        more = len(undated) - 3
        told = listed([*undated[:3], f"{more} more"]) if more > 1 else listed(undated)
        yield f"No start is known of these, and they do not count: {told}."


def unweighed_words(
    lives: FacilityStatuses,
    plans: Sequence[Plan],
    without: Entity,
    sites: Iterable[ReplacementSite],
    day: str,
    name: str,
) -> Iterable[str]:
    """Say which planned plants have no tonnes that can be read."""
    known = {each.facility for each in sites}
    waiting = set()
    for plan in plans:
        label, country = lives.facilities[plan.facility]
        if plan.latest >= day and plan.facility not in known and country != without.label:
            waiting.add(label)
    if waiting:
        plants = counted(len(waiting), "other plant")
        yield f"No tonnes of {name} can be read of {plants} to come."
        yield f"They are {listed(sorted(waiting))}."


class Growth(Value):
    """How much more of the element is needed in a year than in the base year."""

    _json = "material scenarios rows factors"

    factors: Mapping[int, ValueRange]  #: by year, of the base year
    scenarios: tuple[str, ...]  #: names of the scenarios
    material: str  #: of which the scenarios speak
    rows: tuple[str, ...]  #: keys of the rows that print them


def growth_of(facts: Facts, base: int, until: int) -> Growth:
    """Return how demand for an element grows, by the scenarios of the narrowest material."""
    printed: dict[tuple[str, str], dict[int, tuple[str, float, str]]] = defaultdict(dict)
    elements: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for answer in facts.ask("network-forecasts"):
        if answer["published"] > facts.date:
            continue
        material, basis, year = answer["material"], answer["basis"], answer.year()
        elements[material] |= {answer["element"]} - {""}
        labels[basis] = answer["basisLabel"]
        told = (answer["published"], answer.number("tonnes"), answer.row())
        known = printed[material, basis].get(year)
        if known is None or told[::2] > known[::2]:
            printed[material, basis][year] = told
    for material in sorted(elements, key=lambda x: (len(elements[x]), x)):
        if not facts.members <= elements[material]:
            continue
        series = {basis: told for (of, basis), told in printed.items() if of == material}
        start = next((told[base] for told in series.values() if base in told), None)
        ahead = {basis: told for basis, told in sorted(series.items()) if max(told) > base}
        if start is not None and ahead:
            break
    else:
        return Growth({year: ValueRange(1, 1, 1) for year in range(base, until + 1)}, (), "", ())
    _, first, row = start
    lines = [
        {base: first, **{year: told[1] for year, told in series.items() if year > base}}
        for series in ahead.values()
    ]
    factors = {}
    for year in range(base, until + 1):
        found = sorted(_at(points, year) / first for points in lines)
        factors[year] = ValueRange(median_low(found), found[0], found[-1])
    rows = {row, *(told[2] for series in ahead.values() for told in series.values())}
    names = tuple(labels[basis] or basis for basis in ahead)
    return Growth(factors, names, material, tuple(sorted(rows)))


def _at(points: Mapping[int, float], year: int) -> float:
    """The value of a year: printed, or at one rate of growth between two that are; then held."""
    before = max(x for x in points if x <= year)
    after = min((x for x in points if x >= year), default=before)
    if before == after:
        return points[before]
    part = (year - before) / (after - before)
    return float(points[before] * (points[after] / points[before]) ** part)


class Need(Value):
    """What is needed at each stage in the base year, in tonnes of the element."""

    _json = "taken market"

    market: Mapping[str, float]  #: tonnes by stage, of the market
    others: Mapping[str, float]  # of all users outside the country that is to be replaced
    world: Mapping[str, float]
    taken: float  #: tonnes of the element in what the market took
    of_all: bool  # who uses it is not known: it is the need of the whole world


def need_of(chain: Chain, name: str, market: str, without: str, used: Iterable[str]) -> Need:
    """Return what a market, and all outside a country, need at each stage."""
    element_chain = chain.element_chains[name]
    products = set(used)
    taken: dict[str, float] = defaultdict(float)
    for (product, user), amount in chain.demand.items():
        if product in products:
            taken[user] += amount * chain.recipe.get((product, name), 0.0)
    whole = fsum(taken.values())
    outside = fsum(x for user, x in sorted(taken.items()) if user != without)
    of_all = market == WORLD and outside <= 0
    outside = whole if of_all else outside
    own = outside if market == WORLD else taken.get(market, 0.0)
    factors: dict[str, float] = {}
    for stage in (MINE, SEPARATION, METAL):
        made = fsum(x for (at, _), x in sorted(element_chain.made.items()) if at == stage)
        if made > 0 and whole > 0:
            factors[stage] = made / whole
    factors[MAGNET] = 1.0
    market_need, others, world = (
        {stage: amount * factor for stage, factor in factors.items()}
        for amount in (own, outside, whole)
    )
    return Need(market_need, others, world, own, of_all)


class StageCover(Value):
    """What is made outside at a stage in a year, and what of the need that is."""

    stage: str  #: of the network
    base: float  #: tonnes that the base year made outside
    #: what has come since and is to come: what runs, with the odds of the rest, as promised
    added: ValueRange
    need: ValueRange  #: tonnes that the market needs
    need_of_all: ValueRange  #: tonnes that all outside need
    covered: ValueRange  #: part of the market's need, 0 to 1, in proportion
    first: ValueRange  #: the same if the market were served first
    #: the same with what the country made in the base year: below 1 where the need grows and
    #: nothing more is planned
    with_country: float


class YearCover(Value):
    """A year: its stages, and the stage that covers least."""

    _json = "year covered least_stage=least.stage stages"

    year: int  #: at its end
    stages: tuple[StageCover, ...]  #: the stages in their order

    @property
    def least(self) -> StageCover:
        """The stage that covers least; the first of several."""
        return min(self.stages, key=lambda x: x.covered.value)

    @property
    def covered(self) -> ValueRange:
        """The part of the need that all stages cover, 0 to 1."""
        ends = ("value", "low", "high")
        return ValueRange(*(min(getattr(x.covered, end) for x in self.stages) for end in ends))


def made_outside(
    element_chain: ElementChain, without: str, stages: Iterable[str]
) -> dict[str, float]:
    """Return what single countries but one made at each stage, in tonnes of the element."""
    parts = sorted(element_chain.parts.items())
    return {
        stage: fsum(x for (at, country), x in parts if at == stage and country != without)
        for stage in stages
    }


def odds_of(site: ReplacementSite, slips: Slips, day: str, year: int) -> ValueRange | None:
    """Return the probability that a stage of a plant runs at the end of a year."""
    if site.runs:
        return ValueRange(1.0, 1.0, 1.0)
    if site.plan is None:
        return None
    return slips.odds(site.first or site.plan, site.stage, day, f"{year}-12-31")


def cover(
    sites: Iterable[ReplacementSite],
    slips: Slips,
    base: Mapping[str, float],
    own: Mapping[str, float],
    need: Need,
    growth: Growth,
    day: str,
    years: Iterable[int],
) -> tuple[YearCover, ...]:
    """Return what of a need is covered, by year."""
    added = [each for each in sites if not each.in_base]
    found = []
    for year in years:
        factor = growth.factors[year]
        stages = []
        for stage, taken in need.market.items():
            more = _added([x for x in added if x.stage == stage], slips, day, year)
            made = [base[stage] + end for end in (more.value, more.low, more.high)]
            market, of_all = factor.times(taken), factor.times(need.others[stage])
            world = factor.value * need.world.get(stage, need.others[stage])
            covered, first = _covered(made, of_all), _covered(made, market)
            with_country = _part(made[0] + own[stage], world)
            stages.append(
                StageCover(stage, base[stage], more, market, of_all, covered, first, with_country)
            )
        found.append(YearCover(year, tuple(stages)))
    return tuple(found)


def _covered(made: Sequence[float], need: ValueRange) -> ValueRange:
    """What is made, as likely, at its least and at its most, over a need at its other end."""
    value, low, high = made
    return ValueRange(_part(value, need.value), _part(low, need.high), _part(high, need.low))


def _part(made: float, needed: float) -> float:
    return min(1.0, made / needed) if needed > 0 else 1.0


def _added(sites: Iterable[ReplacementSite], slips: Slips, day: str, year: int) -> ValueRange:
    """What is likely, and all as promised, late promises by their odds."""
    end = f"{year}-12-31"
    value, low, high = [], [], []
    for site in sites:
        odds = odds_of(site, slips, day, year)
        if site.runs:
            made = site.tonnes.kind == OUTPUT
            low.append(site.tonnes.value if made else site.tonnes.low)
        value.append(site.tonnes.value * (odds.value if odds is not None else 0.0))
        promised = site.plan is not None and day <= site.plan.latest and site.plan.earliest <= end
        most = 1.0 if site.runs or promised else (odds.high if odds is not None else 0.0)
        high.append(max(value[-1], site.tonnes.high * most))
    return ValueRange(fsum(value), min(fsum(low), fsum(value)), fsum(high))
