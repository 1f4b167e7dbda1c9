"""Who could replace what a country makes of an element for a market, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.chain.base_year import (
    assumed_in,
    chain_elements,
    read_base_year,
    year_of,
)
from monazite.findings.plants.lives import read_lives
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.on_sites import acts_on_sites
from monazite.findings.policies.status import read_statuses
from monazite.findings.policies.status_values import IN_FORCE
from monazite.findings.replacements.answer_tables import answer_words
from monazite.findings.replacements.candidate_sites import ReplacementCase, ReplacementSite
from monazite.findings.replacements.candidates import find_sites
from monazite.findings.replacements.coverage import YearCover, cover, made_outside, odds_of
from monazite.findings.replacements.missing import (
    StageHang,
    hangs_on,
    missing_words,
    unweighed_words,
)
from monazite.findings.replacements.need import Growth, Need, ValueRange, growth_of, need_of
from monazite.findings.replacements.orders import Feed, Links, SupplyOrder
from monazite.findings.replacements.plain_forms import candidates_csv, replacement_dict
from monazite.findings.replacements.product_limit import Odds
from monazite.findings.replacements.slips import Slips, find_slips, read_plans
from monazite.findings.replacements.tables import replacement_tables, short_replacement_tables
from monazite.network.facts import Facts
from monazite.network.shares import WORLD
from monazite.parameters import LAST_BY
from monazite.quantities.chemistry import read_chemistry
from monazite.result import Result, Value
from monazite.tables import Table
from monazite.triples.names import Entity, named


@dataclass(frozen=True)
class ReplacementCandidate(Value):
    """A stage of a plant that could stand in.

    Attributes:
        site: the stage, its tonnes, status and plan.
        odds: that it runs at the end of the year asked about; None where no row says when.
        kind: the stage whose plants the odds come from; empty where they are of all stages.
        orders: what is sold of it, as rows tell.
        free: tonnes a year that no order takes; the least is 0 where an order tells no amount.
        feed: where it gets what it works on; None where no row says.
        acts: ids and titles of acts in force that are aimed at it or its firms.
    """

    site: ReplacementSite
    odds: Odds | None
    kind: str
    orders: tuple[SupplyOrder, ...]
    free: ValueRange
    feed: Feed | None
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Replacement(Result):
    """Who could replace what a country makes, what of it is spoken for, and how far it goes.

    Attributes:
        element: symbol of the element chain; ``NdPr`` counts as one.
        title: its name.
        without: code of the country that is to be replaced.
        without_label: its name.
        market: code of the market.
        market_label: its name.
        by: the year at whose end the question is asked.
        day: on which the status of the plants is known.
        base_year: whose output and use everything is measured against.
        candidates: stages of plants outside, by stage; those of the base year among them.
        years: what of the need is covered, year by year.
        need: of the base year, by stage, in tonnes of the element.
        growth: of the need.
        slips: how the plants of the past slipped.
        hangs: how far what was made outside in the base year hung on the country, by stage.
        missing: what would have to be known, or be built, that the answer lacks.
    """

    records_key: ClassVar[str] = "candidates"

    element: str
    title: str
    without: str
    without_label: str
    market: str
    market_label: str
    by: int
    day: str
    base_year: int
    candidates: tuple[ReplacementCandidate, ...]
    years: tuple[YearCover, ...]
    need: Need
    growth: Growth
    slips: Slips
    hangs: tuple[StageHang, ...]
    missing: tuple[str, ...]

    @property
    def asked(self) -> YearCover:
        """The year asked about."""
        return next(each for each in self.years if each.year == self.by)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that the market's need goes through."""
        return tuple(each.stage for each in self.asked.stages)

    def content(self) -> dict[str, object]:
        """Return what was found, as JSON has it: tonnes of the element, parts from 0 to 1."""
        return replacement_dict(self)

    def tables(self) -> list[Table]:
        """Return the answer, the candidates, the years, and how plans slipped."""
        return replacement_tables(self)

    def short_tables(self) -> list[Table]:
        """Return the answer, the years, the plants that matter most, and how plans slipped."""
        return short_replacement_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return the candidates as one table of plain values."""
        return [candidates_csv(self)]

    def headline(self) -> str:
        """Return the part of the need that is covered."""
        return answer_words(self)


def find_replacement(
    facts: Facts, market: Entity, without: Entity, by: int, *, year: int | None = None
) -> Replacement:
    """Find who could replace what a country makes of an element for a market.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.names import find_entity
    >>> from monazite.triples.opening import open_store
    >>> store = open_store()
    >>> facts = read_facts(store, "Dy", "2026-11-24")
    >>> places = [find_entity(store, name, "Country") for name in ("DEU", "CHN")]
    >>> found = find_replacement(facts, *places, 2028)
    >>> found.asked.least.stage
    'metal'
    """
    first, last = int(facts.date[:4]), LAST_BY
    if not first <= by <= last:
        raise UnknownNameError(
            f"The year {by} cannot be asked about: take one from {first} to {last}."
        )
    if market.id == without.id:
        raise UnknownNameError(
            f"{named(without.label)} cannot be replaced for itself: name another market."
        )
    elements = chain_elements(facts)
    if len(elements.names) > 1:
        raise NotKnownError(
            f"Tonnes of the members of {facts.title} go into different products: ask for one of "
            f"{', '.join(elements.names)}."
        )
    (name,) = elements.names
    base_year = year_of(facts, year)
    base = read_base_year(facts, base_year, market.id, market.label)
    chain = base.accounts().chain()
    asked = ReplacementCase(facts, elements, read_chemistry(facts), chain, name, without.id, last)
    lives, day = read_lives(facts.store), facts.date
    plans = read_plans(facts.store, day)
    slips = find_slips(plans, lives, day)
    sites, remarks = find_sites(asked, lives, plans, slips)
    need = need_of(chain, name, market.id, without.id, chain.main)
    growth = growth_of(facts, base_year, last)
    stages = [*need.market]
    element_chain = chain.element_chains[name]
    made = made_outside(element_chain, without.id, stages)
    whole = made_outside(element_chain, "", stages)
    own = {stage: whole[stage] - made[stage] for stage in stages}
    used = [each for each in sites if each.stage in stages]
    years = cover(used, slips, made, own, need, growth, day, range(first, last + 1))
    (member, *_) = elements.members[name]
    links = Links(facts.store, lives, day, 1 / asked.chemistry.factors[member].value)
    reader = _CandidateReader(facts, links, slips, without.id, by)
    hangs = tuple(hangs_on(element_chain, without, base_year))
    unweighed = tuple(unweighed_words(lives, plans, without, used, day, name))
    return Replacement(
        element=name,
        title=facts.title if name == facts.symbol else name,
        without=without.id,
        without_label=without.label,
        market=market.id,
        market_label=market.label,
        by=by,
        day=day,
        base_year=base_year,
        candidates=tuple(reader.candidate(each) for each in used),
        years=years,
        need=need,
        growth=growth,
        slips=slips,
        hangs=hangs,
        missing=(
            *(each.words for each in hangs),
            *missing_words(name, without, stages, used),
            *unweighed[:1],
        ),
        assumptions=assumed_in(base, facts),
        notes=(*_notes(name, facts, market, without, need), *unweighed[1:], *remarks),
    )


@dataclass(frozen=True)
class _CandidateReader:
    """Reads what is known of a stage of a plant beside its tonnes."""

    facts: Facts
    links: Links
    slips: Slips
    without: str
    by: int

    def candidate(self, site: ReplacementSite) -> ReplacementCandidate:
        """Orders, feed, odds and acts of a stage of a plant."""
        orders = self.links.orders(site, self.facts.members)
        return ReplacementCandidate(
            site=site,
            odds=odds_of(site, self.slips, self.facts.date, self.by),
            kind=self.slips.kind(site.stage),
            orders=orders,
            free=_free(site, orders),
            feed=self.links.feed(site, self.without),
            acts=tuple(self._acts(site)),
        )

    def _acts(self, site: ReplacementSite) -> Iterable[tuple[str, str]]:
        store, firms = self.facts.store, self.links.firms(site.facility)
        named_things = [f"facility/{site.facility}", *(f"organisation/{each}" for each in firms)]
        acts, statuses = read_acts(store).acts, read_statuses(store, self.facts.date)
        for policy in sorted(acts_on_sites(store, named_things, ())):
            if statuses[policy].value == IN_FORCE:
                yield policy, acts[policy].title


def _free(site: ReplacementSite, orders: Iterable[SupplyOrder]) -> ValueRange:
    """What no order takes; an order that tells no amount may take all."""
    known, untold = 0.0, False
    for order in orders:
        known += order.tonnes or 0.0
        untold = untold or order.tonnes is None
    most = max(0.0, site.tonnes.high - known)
    value = 0.0 if untold else max(0.0, site.tonnes.value - known)
    low = 0.0 if untold else max(0.0, site.tonnes.low - known)
    return ValueRange(max(low, min(value, most)), low, most)


def _notes(name: str, facts: Facts, market: Entity, without: Entity, need: Need) -> Iterable[str]:
    """What was taken for what."""
    if name != facts.symbol:
        yield f"{facts.title} is made and counted together with its neighbour, as {name}."
    if need.of_all:
        yield (
            f"Who uses {name} is not known: the need is that of the whole world, "
            f"{named(without.label)} included."
        )
    elif market.id == WORLD:
        yield f"The need is that of all countries but {named(without.label)}."
