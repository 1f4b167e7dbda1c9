"""Who could replace what a country makes of an element for a market, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from monazite.analysis.claims import WorkedOut
from monazite.analysis.policies.acts import IN_FORCE, read_acts
from monazite.analysis.policies.policies import acts_on_sites
from monazite.analysis.policies.status import read_statuses
from monazite.analysis.replacement.candidates import ReplacementCase, ReplacementSite, find_sites
from monazite.analysis.replacement.need import (
    Need,
    cover,
    growth_of,
    hangs_on,
    made_outside,
    missing_words,
    need_of,
    odds_of,
    unweighed_words,
)
from monazite.analysis.replacement.result import (
    AimedAct,
    Feed,
    Replacement,
    ReplacementCandidate,
    SupplyOrder,
)
from monazite.analysis.replacement.slips import Slips, ValueRange, find_slips, read_plans
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import grouped_figures, percent
from monazite.data.parameters import LAST_BY, MAGNET, MINE, SEPARATION
from monazite.model.chain.base_year import (
    assumed_in,
    chain_elements,
    read_base_year,
    weak_note,
    year_of,
)
from monazite.model.chemistry import read_chemistry
from monazite.model.facilities.status import FacilityStatuses, read_lives
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import listed
from monazite.store.names import Entity, named
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

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
    accounts = base.accounts()
    chain = accounts.chain()
    chain.check_use(elements.names)
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
        notes=(
            *weak_note(accounts, facts),
            *_notes(name, facts, market, without, need),
            *(*unweighed[1:], *remarks),
        ),
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


SELLS = ("offtake", "planned", "tolling")
"""Links that speak for what is made; a shipment is past, and of one's own firm it is not sold."""
_OF_MINES = frozenset({"mine", "concentrate", "crack-leach"})  # steps whose goods a mine sells
_PER_YEAR = {"t-per-year": 1.0, "kg-per-year": 0.001}
_STEPS = 12  # sellers behind one another that are followed


class Links:
    """Supply links of a day, by who sells and who buys."""

    def __init__(self, store: Store, lives: FacilityStatuses, day: str, oxide: float) -> None:
        self.lives, self.day, self.oxide = lives, day, oxide
        rows: dict[str, list[QueryRecord]] = defaultdict(list)
        for answer in ask(store, "network-orders", date=day):
            rows[answer.row()].append(answer)
        self._sold: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        self._bought: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        for answers in rows.values():
            self._sold[answers[0]["supplier"]].append(answers)
            self._bought[answers[0]["customer"]].append(answers)

    def firms(self, facility: str) -> Mapping[str, str]:
        """Names of who runs or holds a plant on the day, and of who holds most of these, by id."""
        life = self.lives.on(facility, self.day)
        found = {x.id: x.label for x in (*life.operators, *life.owners)}
        # An operator without dates counts: the row tells who runs it at the release of the tables.
        for row in self.lives.operations.get(facility, ()):
            if row["operator"] and not (row["untilLatest"] and row["untilLatest"] < self.day):
                found[row["operator"]] = row["operatorLabel"]
        waiting = [facility, *found]
        for _ in range(_STEPS):
            above = {
                row["owner"]: row["ownerLabel"]
                for each in waiting
                for row in self.lives.holdings.get(each, ())
                if _holds_most(row, self.day) and row["owner"] not in found
            }
            found |= above
            waiting = [*above]
        return found

    def orders(self, site: ReplacementSite, members: frozenset[str]) -> tuple[SupplyOrder, ...]:
        """Return what a stage of a plant sells of an element, by it or by its firms."""
        own = [("", answers) for answers in self._sold.get(site.facility, ())]
        for firm, label in sorted(self.firms(site.facility).items()):
            own += [(label, answers) for answers in self._sold.get(firm, ())]
        found = []
        for by, lines in own:
            line = lines[0]
            if line["kind"] in SELLS and _is_of(lines, site.stage, members):
                found.append(
                    line.to(
                        SupplyOrder,
                        customer=line["customerLabel"],
                        country=line["customerCountry"],
                        goods="; ".join(sorted({x["materialLabel"] for x in lines} - {""})),
                        by=by,
                        tonnes=_tonnes(site, by, lines, members, self.oxide),
                        told=_amount_words(line),
                        since=line["from"],
                    )
                )
        return tuple(sorted(found, key=lambda x: (x.customer, x.row)))

    def feed(self, site: ReplacementSite, without: str) -> Feed | None:
        """Return where a stage of a plant gets what it works on; None where no row says."""
        if site.stage == MINE:
            return Feed((), (), ())
        stages = {x.stage for x in self.lives.on(site.facility, self.day).stages}
        sellers = ["its own mine"] if MINE in stages and site.stage == SEPARATION else []
        own = {site.facility, *self.firms(site.facility)}
        first = self._behind(own)
        sellers += [line["supplierLabel"] for line in first]
        lines, found = [*first], first
        for _ in range(_STEPS):
            known = own | {line["supplier"] for line in lines}
            sellers_of = {line["supplier"] for line in found}
            plants = sellers_of & self.lives.facilities.keys()
            firms = {firm for plant in plants for firm in self.firms(plant)}
            found = self._behind(sellers_of | firms, known)
            lines += found
        through = [x["supplierLabel"] for x in lines if x["supplierCountry"] == without]
        rows = [line.row() for line in lines]
        if not sellers:
            return None
        names, across = (tuple(dict.fromkeys(x)) for x in (sellers, through))
        return Feed(names, across, tuple(sorted(rows)))

    def _behind(self, buyers: Set[str], known: Set[str] = frozenset()) -> list[QueryRecord]:
        """The first line of what is sold to some buyers, by who is not known yet."""
        return [
            answers[0]
            for buyer in sorted(buyers)
            for answers in self._bought.get(buyer, ())
            if answers[0]["supplier"] not in known | buyers
        ]


def _holds_most(row: QueryRecord, day: str) -> bool:
    """Whether an owner holds more than half on the day, or is said to control."""
    percent = row.get("percent", "")
    most = float(percent) > 50 if percent else row.get("givesControl", "") == "true"
    return most and not (row["untilLatest"] and row["untilLatest"] < day)


def _is_of(lines: list[QueryRecord], stage: str, members: frozenset[str]) -> bool:
    """Whether goods are what a stage sells, and may hold the element; of magnets no row tells."""
    elements = {x["element"] for x in lines} - {""}
    steps = {x["step"] for x in lines} - {""}
    if stage == MAGNET:
        return bool(steps & {MAGNET}) or not steps
    if elements and not elements & members:
        return False
    return not steps or bool(steps & (_OF_MINES if stage == MINE else {stage}))


def _amount_words(line: QueryRecord) -> str:
    if line["percent"]:
        return f"{line['percent']} %"
    amount = line["value"] or line["low"]
    if not amount:
        return ""
    unit = line["unit"].replace("-per-", " a ").replace("usd", "USD")
    return f"{grouped_figures(float(amount), 10)} {unit}"


def _tonnes(
    site: ReplacementSite, by: str, lines: list[QueryRecord], members: frozenset[str], oxide: float
) -> float | None:
    """Tonnes of the element a year that are sold, where the row tells as much.

    A part of a firm's output is not known of one plant. A weight of the same elements as the
    plant's own number is its part; one of the element alone is oxide, where the plant separates.
    """
    line, elements = lines[0], {x["element"] for x in lines} - {""}
    if line["percent"]:
        return None if by else line.number("percent") / 100 * site.tonnes.value
    amount, scale = line["value"] or line["low"], _PER_YEAR.get(line["unit"])
    if not amount or scale is None:
        return None
    weight = float(amount) * scale
    if site.stage == SEPARATION and elements and elements <= members:
        return min(site.tonnes.high, weight * oxide)
    same = site.stage == MAGNET or elements == members | {*site.tonnes.joint}
    if not same or site.tonnes.printed <= 0:
        return None
    return min(1.0, weight / site.tonnes.printed) * site.tonnes.value
