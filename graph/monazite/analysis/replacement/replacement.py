"""Who could replace what a country makes of an element for a market, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monazite.analysis.claims import WorkedOut
from monazite.analysis.policies.acts import IN_FORCE, read_acts
from monazite.analysis.policies.policies import acts_on_sites
from monazite.analysis.policies.status import read_statuses
from monazite.analysis.replacement.candidates import ReplacementCase, ReplacementSite, find_sites
from monazite.analysis.replacement.need import (
    Need,
    ValueRange,
    cover,
    growth_of,
    hangs_on,
    made_outside,
    missing_words,
    need_of,
    odds_of,
    unweighed_words,
)
from monazite.analysis.replacement.orders import Links, SupplyOrder
from monazite.analysis.replacement.result import AimedAct, Replacement, ReplacementCandidate
from monazite.analysis.replacement.slips import Slips, find_slips, read_plans
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import percent
from monazite.data.parameters import LAST_BY
from monazite.model.chain.base_year import assumed_in, chain_elements, read_base_year, year_of
from monazite.model.chemistry import read_chemistry
from monazite.model.facilities.status import read_lives
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import listed
from monazite.store.names import Entity, named

ELEMENTS = ("Dy", "NdPr")
"""What magnets cannot do without, of which the need of single markets is known."""
_ALL = 1 - 1e-9


def judge_forecast(found: Sequence[Replacement]) -> WorkedOut:
    """Judge whether a market does without a country by a year.

    It does if what is likely covers its need of every element, in proportion to what all need. It
    does not if even all that is promised, for this market first, does not.
    """
    asked = [each.asked for each in found]
    first = found[0]
    market, country = named(first.market_label), named(first.without_label)
    parts = listed(
        f"{percent(x.asked.covered.value)} of the {x.element} ({x.asked.least.stage})"
        for x in found
    )
    most = listed(f"{percent(x.asked.covered.high)} of the {x.element}" for x in found)
    reason = (
        f"By the end of {first.by}, {parts} that {market} needs could come from outside {country}; "
        f"if all plans begin when their owners say, {most}."
    )
    served_first = min(stage.first.high for year in asked for stage in year.stages)
    if all(year.covered.value >= _ALL for year in asked):
        relation = "supports"
    elif served_first >= _ALL:
        relation = "partly-contradicts"
        first_served = f"{market} were served before all others"
        reason += f" Only if all plans began so and {first_served} would it be all."
    else:
        relation = "contradicts"
    return WorkedOut(
        relation,
        reason,
        f"(monazite replace -e {first.element} --from {first.without} -m {first.market} "
        f"--by {first.by})",
        tuple(sorted({row for each in found for row in each.row_keys})),
    )


def find_replacement(
    facts: Facts, market: Entity, without: Entity, by: int, *, year: int | None = None
) -> Replacement:
    """Find who could replace what a country makes of an element for a market."""
    first, last = int(facts.date[:4]), LAST_BY
    if not first <= by <= last:
        said = f"The year {by} cannot be asked about: take one from {first} to {last}."
        raise UnknownNameError(said)
    if market.id == without.id:
        said = f"{named(without.label)} cannot be replaced for itself: name another market."
        raise UnknownNameError(said)
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
    lives, day, chemistry = read_lives(facts.store), facts.date, read_chemistry(facts)
    plans = read_plans(facts.store, day)
    slips = find_slips(plans, lives, day)
    whole_case = (facts, elements, chemistry, chain, name, without.id, last, lives, plans, slips)
    sites, remarks = find_sites(ReplacementCase(*whole_case))
    need = need_of(chain, name, market.id, without.id, chain.main)
    growth = growth_of(facts, base_year, last)
    stages = [*need.market]
    element_chain = chain.element_chains[name]
    made = made_outside(element_chain, without.id, stages)
    whole = made_outside(element_chain, "", stages)
    own = {stage: whole[stage] - made[stage] for stage in stages}
    used = [each for each in sites if each.stage in stages]
    years = cover(used, slips, made, own, need, growth, day, range(first, last + 1))
    member = elements.members[name][0]
    links = Links(facts.store, lives, day, 1 / chemistry.factors[member].value)
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
        candidates=tuple(_candidate(x, facts, links, slips, without.id, by) for x in used),
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


def _candidate(
    site: ReplacementSite, facts: Facts, links: Links, slips: Slips, without: str, by: int
) -> ReplacementCandidate:
    """Orders, feed, odds and acts of a stage of a plant."""
    orders, firms = links.orders(site, facts.members), links.firms(site.facility)
    things = [f"facility/{site.facility}", *(f"organisation/{each}" for each in firms)]
    acts, statuses = read_acts(facts.store).acts, read_statuses(facts.store, facts.date)
    aimed = sorted(acts_on_sites(facts.store, things, ()))
    return ReplacementCandidate(
        site=site,
        odds=odds_of(site, slips, facts.date, by),
        kind=slips.kind(site.stage),
        orders=orders,
        free=_free(site, orders),
        feed=links.feed(site, without),
        acts=tuple(AimedAct(x, acts[x].title) for x in aimed if statuses[x].value == IN_FORCE),
    )


def _free(site: ReplacementSite, orders: Iterable[SupplyOrder]) -> ValueRange:
    """What no order takes; an order that tells no amount may take all."""
    ordered, known = [order.tonnes for order in orders], 0.0
    for each in ordered:
        known += each or 0.0
    most = max(0.0, site.tonnes.high - known)
    value = 0.0 if None in ordered else max(0.0, site.tonnes.value - known)
    low = 0.0 if None in ordered else max(0.0, site.tonnes.low - known)
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
