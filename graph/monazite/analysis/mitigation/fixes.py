"""Fixes: the least new plants at all stages together that cut the loss of an outage to a part.

By each rule of who is served, as ``expansion`` solves it; beside it what plans on record are likely
to give. Sales grow with plants: within the borders of a horizon no single plant halves most losses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import partial
from math import fsum

from monazite.analysis.chokepoints.headline import ONE_BALANCE, product_names, stopped
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS, LossModel, loss_of
from monazite.analysis.mitigation.expansion import (
    ALIKE,
    BUILT,
    BY_STAGE,
    FIRST,
    LEAST,
    PLANT,
    RULES,
    SLACK,
    Expansion,
    Span,
)
from monazite.analysis.mitigation.plans import likely_plans
from monazite.analysis.mitigation.rerouting import ore_of, place
from monazite.core.columns import Column, bare, blank, table
from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import between, figures, percent, tonnes
from monazite.core.results import Frozen, Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import FIRST as COSTLIEST
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, Contingency, check_text
from monazite.model.assumptions import assumptions_among
from monazite.model.chain.base_year import weak_note
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.flow.study import Study
from monazite.model.linear_programme import Session
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital, listed, place_noun
from monazite.store.names import named


class AddedCapacity(Value):
    """New capacity of one stage and element, or product, wherever it is built."""

    stage: str  #: separation, metal or magnet; mine only where plants alone do not do it
    what: str  #: an element, a product, or ``*`` for ore with all of it that magnets take
    tonnes: float  #: a year
    #: least and most of it that a country can have at the least tonnes of all together
    places: Mapping[str, Span]


class Fix(Value):
    """The least capacity by one rule of who is served."""

    rule: str  #: market first, no other loses, or all alike
    lost_anyway: float  #: what stays lost whatever plants are built without more ore, 0 to 1
    #: a year in all, of elements and products alike; None where nothing brings the loss down
    tonnes: float | None = None
    part: float | None = None  #: of these the market's, by its use; None where it is served first
    next_point: float | None = None  #: tonnes that one point less of loss would take
    new_sales: float | None = None  #: least sales beyond those of the horizon, in tonnes
    #: the loss by the loss programme with all this built; where all fare alike users bid for it
    run_again: float | None = None
    added: tuple[AddedCapacity, ...] = ()  #: what is built, by stage and element or product


class Fixes(Result):
    """What capacity, at all stages together, brings a loss under a part of what a market uses."""

    records_key = "fixes"
    _json = (
        "element market id label without year horizon product loss limited_by limited_at below "
        "fixes likely plan_rows rows assumptions=assumption_rows notes"
    )

    element: str
    market: str
    market_label: str
    id: str  #: of what fails
    label: str
    without: str  #: code of the country of what fails
    without_label: str
    clause: str  #: what happens, as the clause of an if
    year: int  #: the base year
    horizon: str  #: within which the world has to answer
    product: str  #: what the market loses
    loss: float  #: without a fix, 0 to 1
    limited_by: tuple[str, ...] = ()  #: the elements that are short then
    limited_at: str = ""  #: the stage at which they are
    below: float | None = None  #: the loss that new plants are to leave; None where none are needed
    fixes: tuple[Fix, ...] = ()  #: one a rule of who is served
    #: what plans on record are likely to give in tonnes, by year and ``stage/what``; what is not
    #: here has no tonnes on record; empty where the horizon counts plans itself
    likely: Mapping[int, Mapping[str, float]] = field(default_factory=Frozen)
    #: rows that the plans rest on, by ``stage/what``
    plan_rows: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    rows: tuple[str, ...] = ()  #: that the losses rest on
    labels: Mapping[str, str] = field(default_factory=Frozen)  #: names of countries, by code

    def headline(self) -> str:
        """Return what fails, and what cuts the loss to what."""
        asked = f"{self.element} for {self.market} {self.year}"
        where = f"{asked}, {self.horizon.replace('-', ' ')}: {self.label}"
        if self.below is None:
            return f"{where} takes nothing"
        taken = (f"{x.rule} {_or('cannot')(x.tonnes)} t" for x in self.fixes)
        return f"{where} to {percent(self.below)}: {', '.join(taken)}"

    def of(self, rule: str) -> Fix:
        """Return the fix by one rule."""
        return next(each for each in self.fixes if each.rule == rule)

    def likely_of(self, year: int, added: AddedCapacity) -> float | None:
        """Return what plans are likely to give of it by a year; None without tonnes on record."""
        return self.likely[year].get(f"{added.stage}/{added.what}")

    def likely_part(self, year: int, fix: Fix) -> float | None:
        """Return the part of a fix that plans are likely to give; None: no tonnes on record."""
        likely = [(self.likely_of(year, each), each.tonnes) for each in fix.added]
        given = [min(amount, wanted) for amount, wanted in likely if amount is not None]
        return fsum(given) / fix.tonnes if given and fix.tonnes else None

    def rows_of(self, added: AddedCapacity) -> tuple[str, ...]:
        """Return the rows that plans for it rest on."""
        return self.plan_rows.get(f"{added.stage}/{added.what}", ())

    def built_by(self, rule: str, added: AddedCapacity) -> float | None:
        """Return what one rule takes of the same; None where no plants do."""
        fix, same = self.of(rule), (added.stage, added.what)
        if fix.tonnes is None:
            return None
        return fsum(each.tonnes for each in fix.added if (each.stage, each.what) == same)

    @property
    def built(self) -> tuple[AddedCapacity, ...]:
        """What is built by any rule, in order; of several that of the last."""
        found = {(each.stage, each.what): each for fix in self.fixes for each in fix.added}
        return tuple(sorted(found.values(), key=lambda x: (BY_STAGE.index(x.stage), x.what)))

    @property
    def outside(self) -> str:
        """Where plants may be built and users are served alike, in words."""
        return f"outside {named(self.without_label)}" if self.without else "elsewhere"

    @property
    def meaning(self) -> tuple[str, ...]:
        """What the rules are, what is counted, and what is not."""
        return (
            "Market first: others may lose more. No other loses: than without new plants. All "
            f"alike: no user {self.outside} loses more than {percent(self.below)}.",
            f"Tonnes of elements, and of magnets, alike. Use is that of {self.year}.",
            "Money, years to build and alloys are not counted. More ore counts only where plants "
            "alone fall short, then of any mine that runs, however much.",
        )

    @property
    def answer(self) -> tuple[str, ...]:
        """What it takes, how much of it is likely, and what no plan gives, in sentences."""
        return tuple(_answer(self)) if self.fixes else ()

    def tables(self) -> list[Table]:
        """Return what each rule takes, and what it is of with what is likely."""
        if self.below is None:
            heading = f"{self.element} for {named(self.market_label)}: what would offset a shutdown"
            none = f"{self.label} takes nothing within the time allowed: there is nothing to fix."
            return [Table(heading, (), (), remarks=self.notes or (none,))]
        return [_rules_table(self), *([_stage_table(self)] if self.built else [])]

    def csv_tables(self) -> list[Table]:
        """Return what is built by rule, stage, element or product, and place."""
        names = ("rule", "stage", "what", "tonnes", "place", "least", "most")
        years = [f"likely_{year}" for year in self.likely]
        rows = [
            [
                *(fix.rule, each.stage, each.what, figures(each.tonnes, 6), pool),
                *(figures(end, 6) for end in span),
                *(bare(of.get(f"{each.stage}/{each.what}"), 6) for of in self.likely.values()),
            ]
            for fix in self.fixes
            for each in fix.added
            for pool, span in each.places.items()
        ]
        return [Table("", (*names, *years), rows)]


def _answer(found: Fixes) -> Iterable[str]:
    market, outside = named(found.market_label), found.outside
    first, alike = found.of(FIRST), found.of(ALIKE)
    below = percent(found.below)
    cut = f"cut {_whose(market)} loss to {below}"
    if found.market != WORLD:
        if first.tonnes is None:
            yield (
                f"Served first, {market} would still lose {percent(first.lost_anyway)} whatever "
                f"plants are built {outside}."
            )
        elif not first.tonnes:
            yield f"Served first by plants {outside}, {market} would lose less than {below}."
        else:
            yield (
                f"{tonnes(first.tonnes)} t more {_stages(first)} a year {outside} would {cut} if "
                f"{market} were served first."
            )
    if alike.tonnes is None:
        yield (
            f"If all users {outside} are served alike, {percent(alike.lost_anyway)} stays lost "
            "whatever plants are built."
        )
        return
    yield (
        f"If no user {outside} is to lose more than {below}, it takes {tonnes(alike.tonnes)} t a "
        "year."
    )
    if found.below is not None and alike.lost_anyway > found.below + SLACK:
        yield f"Without more ore {percent(alike.lost_anyway)} would stay lost."
    if alike.part is not None:
        yield f"{capital(_whose(market))} part of that is {tonnes(alike.part)} t."
    if (again := alike.run_again) is not None and again > (found.below or 0.0) + NEGLIGIBLE_LOSS:
        who = f"users {outside}" if found.market == WORLD else market
        yield f"If users bid for it instead, {who} would still lose {percent(again)}."
    parts = {year: found.likely_part(year, alike) for year in found.likely}
    if None not in parts.values() and parts:
        last = max(parts)
        if not parts[last]:
            yield f"Plans on record are likely to give none of it by {last}."
        else:
            likely = listed(f"{percent(part)} by {year}" for year, part in parts.items())
            yield f"Of these tonnes, stages added up, plans are likely to give {likely}."
        missing = [x for x in alike.added if found.likely_of(last, x) is None]
        if missing:
            yield f"Without tonnes on record: {listed(map(goods_of, missing))}."
    elif alike.tonnes and found.likely:
        yield "No plan on record gives tonnes of it."


def _whose(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


_GOODS = {MINE: "ore", SEPARATION: "oxide", METAL: "metal", MAGNET: "magnets"}


def _stages(fix: Fix) -> str:
    return listed(dict.fromkeys(_GOODS[each.stage] for each in fix.added))


def goods_of(added: AddedCapacity) -> str:
    """Return what new capacity makes: ``Dy oxide``, ``heavy magnets``, ``ore``."""
    if added.stage == MAGNET:
        return product_names(added.what)[1]
    ore = ore_of(MINE, added.what)
    return ore if added.stage == MINE else f"{added.what} {_GOODS[added.stage]}"


def _or(unknown: str) -> Callable[[float | None], str]:
    return lambda amount: unknown if amount is None else tonnes(amount)


_TERMS = (
    "Stays lost: whatever plants are built, without more ore. Next point: for one point less of "
    "loss. New sales: beyond those the time allowed permits.",
    "Run again: the loss with all of it built; where all are alike, users bid for it, and of the "
    "world those where plants stop are left out.",
)


def _rules_table(found: Fixes) -> Table:
    market, below = named(found.market_label), percent(found.below)

    def likely(year: int) -> Column:
        return Column(f"likely {year}", partial(found.likely_part, year), blank(percent_cell), True)

    columns = (
        Column("who is served", "rule"),
        Column("t a year", "tonnes", _or("cannot"), right=True),
        Column("market's part", "part", blank(tonnes), right=True, spare=4),
        *map(likely, found.likely),
        Column("next point, t", "next_point", blank(tonnes), right=True, spare=2),
        Column("stays lost", "lost_anyway", percent_cell, right=True),
        Column("new sales, t", "new_sales", blank(tonnes), right=True, spare=3),
        Column("run again", "run_again", blank(percent_cell), right=True, spare=1),
    )
    return table(
        f"{found.element} for {market}: new plants for a loss of {below}, not "
        f"{percent(found.loss)}, if {found.clause}",
        found.fixes,
        columns,
        (*found.answer, *found.meaning, *_TERMS, ONE_BALANCE, *found.notes),
    )


def _stage_table(found: Fixes) -> Table:
    def amount(rule: str) -> Column:
        form = _or("cannot")
        return Column(f"{rule}, t", partial(found.built_by, rule), form, right=True)

    def likely(year: int) -> Column:
        form = _or("no tonnes on record")
        return Column(f"likely {year}, t", partial(found.likely_of, year), form, right=True)

    columns = (
        Column("what", goods_of),
        *map(amount, RULES),
        *map(likely, found.likely),
        Column("where", lambda x: _where(found, x), full=True),
    )
    likely_words = (
        "Likely: tonnes of plans times the odds that they run by then, wherever they are; none of "
        "plans without a start."
    )
    places = "Where: least and most by the last rule that takes it; places stand in for each other."
    return table(
        "What would be built",
        found.built,
        columns,
        [likely_words] if found.likely else [],
        details=(places,),
    )


def _where(found: Fixes, line: AddedCapacity) -> str:
    """Least and most of each country; those that can have all of it, or none, together."""
    any_of, told = [], []
    for pool, (least, most) in line.places.items():
        label = place(pool, found.labels)
        if least <= LEAST and most >= line.tonnes * (1 - 1e-3):
            any_of.append(label)
        elif least > LEAST:
            told.append(f"{label} {between(least, most)}")
        else:
            told.append(f"{label} up to {tonnes(most)}")
    return "; ".join([*told, *([f"any of it in {listed(any_of)}"] if any_of else [])])


def least_fix(expansion: Expansion, rule: str, below: float) -> Fix:
    """Return the least capacity by one rule."""
    lost = least = expansion.lost_anyway(rule)
    if below < least - SLACK:
        expansion = expansion.with_mines
        least = expansion.lost_anyway(rule)
    if below < least - SLACK:
        return Fix(rule, lost)
    below = max(below, least)
    whole, point = expansion.least(rule, below)
    held = expansion.held(rule, below, whole)
    built, sales = expansion.plants(held)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for (stage, _, what), amount in built.items():
        sums[stage, what] += amount
    order = sorted(sums, key=lambda x: (BY_STAGE.index(x[0]), x[1]))
    part = expansion.market_part
    return Fix(
        rule=rule,
        lost_anyway=lost,
        tonnes=whole,
        part=whole * part if rule == ALIKE and part is not None else None,
        next_point=point,
        new_sales=sales,
        run_again=expansion.lost(rule, built),
        added=tuple(
            AddedCapacity(stage, what, sums[stage, what], _places(expansion, held, (stage, what)))
            for stage, what in order
            if sums[stage, what] > LEAST
        ),
    )


def _places(expansion: Expansion, held: Session, of: tuple[str, str]) -> Mapping[str, Span]:
    keys = (key for key in expansion.added if (key[0], key[2]) == of)
    spans = {key[1]: expansion.span(held, key) for key in keys}
    return {pool: span for pool, span in spans.items() if span[1] > 0}


def find_fixes(
    network: Network,
    facts: Facts,
    what: str = COSTLIEST,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    below: float | None = None,
) -> Fixes:
    """Find the least new capacity that cuts what an outage costs to a part of use.

    Half of the loss is the aim where none is given.
    """
    outage = replace(contingency or Contingency(), event="outage")
    asked = (about(network).element, about(network).market, about(network).market_label)
    model = LossModel(network, facts, outage, year)
    thing = _chosen(model.study, model.candidates, what)
    study, labels = model.study, facts.country_labels
    event = study.event_of(thing)
    lost = loss_of(study, event)
    found = Fixes(
        *(*asked, thing.id, thing.label, thing.country, labels.get(thing.country, thing.country)),
        stopped(thing.label, thing.kind, thing.stage),
        *(model.chain.year, model.horizon.name, study.title, lost.loss),
        limited_by=lost.limited_by,
        limited_at=lost.limited_at,
        rows=tuple(dict.fromkeys((*thing.rows, *model.accounts.rows))),
        assumptions=assumptions_among(model.base.chemistry, model.assumed),
        notes=weak_note(model.accounts, facts),
    )
    if lost.loss <= NEGLIGIBLE_LOSS:
        return found
    aim = lost.loss / 2 if below is None else below
    counted_in = bool(study.horizon.added)
    plans, plan_rows = ({}, {}) if counted_in else likely_plans(model.chain, facts, thing.country)
    expansion = Expansion(study, event, thing.country)
    fixes = tuple(least_fix(expansion, rule, aim) for rule in RULES)
    likely: dict[int, dict[str, float]] = {}
    for year_, of in plans.items():
        sums = likely.setdefault(year_, {})
        for plant, amount in of.items():
            stage, _, made = plant
            if stage not in BUILT or plant in expansion.added:
                sums[f"{stage}/{made}"] = sums.get(f"{stage}/{made}", 0.0) + amount
    pools = {pool for fix in fixes for each in fix.added for pool in each.places}
    return replace(
        found,
        below=aim,
        fixes=fixes,
        likely=likely,
        plan_rows=plan_rows,
        labels={pool: labels[pool] for pool in sorted(pools & labels.keys())},
        notes=(*found.notes, *_notes(expansion, plans, labels, counted_in=counted_in)),
    )


def _chosen(study: Study, candidates: list[Candidate], what: str) -> Candidate:
    if what != COSTLIEST:
        check_text(what, "what fails")
        known = {x.label: x for x in candidates} | {x.id: x for x in candidates}
        name = place_noun(what)
        if name in known:
            return known[name]
        fix = did_you_mean(name, known) or "name one by its stage and country: separation/CHN."
        raise UnknownNameError(f'There is nothing named "{what}" that may fail; {fix}')
    if not candidates:
        raise NotKnownError("No record names anything that may fail; use more of the data.")
    losses = {each.id: round(100 * study.loss(study.event_of(each))) for each in candidates}
    return min(
        candidates, key=lambda each: (not each.stage, -losses[each.id], -each.share, each.id)
    )


def _notes(
    expansion: Expansion,
    plans: Mapping[int, Mapping[PLANT, float]],
    labels: Mapping[str, str],
    *,
    counted_in: bool,
) -> Iterable[str]:
    if counted_in:
        yield "The time allowed counts half of what is being built: plans are not added again."
    last = plans.get(max(plans, default=0), {})
    for (stage, pool, what), amount in last.items():
        if stage in BUILT and (stage, pool, what) not in expansion.added and amount >= 1:
            yield (
                f"{tonnes(amount)} t of {what} planned at {place(pool, labels)} by {max(plans)} "
                "find no ore in the model, and are not counted."
            )
