"""Fixes: how much capacity, of what and where, brings back what an event takes from a market.

First new plants at all stages together, as ``joint_fixes`` finds them; then one addition alone: at
each stage and pool that did not fail, the elements that limit, and all that are made, in the
world's proportions, within the borders of the horizon. Only these add mines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import fsum
from typing import ClassVar

from monazite.analysis.chokepoints.headline import ONE_BALANCE, product_names, stopped
from monazite.analysis.chokepoints.loss_model import (
    LIMITING_PART,
    NEGLIGIBLE_LOSS,
    LossModel,
    loss_of,
)
from monazite.analysis.mitigation.expansion import may_open
from monazite.analysis.mitigation.joint_fixes import JointFixes, find_joint_fixes
from monazite.analysis.mitigation.rerouting import place
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import tonnes
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import FIRST, METAL, MINE, SEPARATION, USE, Contingency, check_text
from monazite.model.assumptions import assumptions_among
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.contingencies.failure_points import Candidate, Event
from monazite.model.flow.study import Study
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.wording import place_noun
from monazite.store.names import named


def _mix(fix: Fix) -> str:
    """What a tonne is of, the largest part first."""
    ore = " in ore" if fix.stage == MINE else ""
    if len(fix.mix) == 1:
        return f"{next(iter(fix.mix))}{ore}"
    parts = sorted(fix.mix.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {percent_cell(part)}" for name, part in parts) + ore


def _where(fix: Fix) -> str:
    new = f", new for {', '.join(fix.new)}" if fix.new else ""
    return f"{fix.stage}, {place(fix.pool)}{new}"


_FIXES = (
    Column("what is added", _mix),
    Column("where", _where),
    Column("reaches it", "least", lambda x: f"{tonnes(x)} t" if x is not None else "never", True),
    Column("loss left", "best", percent_cell, right=True),
    Column("then short", lambda x: f"{', '.join(x.then_by)} at {x.then}" if x.then else "nothing"),
)


FAILED = 1e-9  # what is left of a place below which it has failed: nothing is added there


@dataclass(frozen=True)
class FixSite:
    """A place for new capacity: tonnes of each thing that the world made there, and levels."""

    stage: str
    pool: str
    world: Mapping[str, float]
    new: tuple[str, ...]


def sites_of(study: Study, event: Event, limited_by: tuple[str, ...]) -> Iterable[FixSite]:
    """Every stage and pool that did not fail, with what limits and with all that is made there."""
    chain, outputs = study.chain, study.programme(study.horizon).outputs
    places = {(at, pool) for at, pool, what in outputs if event.left_of(at, pool, what) > FAILED}
    for stage, pool in sorted(places):
        if stage == USE:
            continue
        if products := [name for name, x in sorted(chain.products.items()) if x.stage == stage]:
            lost = (name for name in products if name in study.products)
            made = (name for name in lost if chain.made.get((name, pool), 0.0) > 0)
            world = {
                name: fsum(tonnes for (x, _), tonnes in sorted(chain.made.items()) if x == name)
                for name in made
            }
            yield FixSite(stage, pool, world, ())
            continue
        of_pool = _elements(chain, stage, pool)
        mixes = [
            {name: of_pool[name] for name in names if of_pool.get(name, 0.0) > 0}
            for names in (sorted(limited_by), sorted(of_pool))
        ]
        if stage == MINE and mixes[0]:
            mixes.pop()  # it is the same ore, whatever is counted of it
        for index, mix in enumerate(mixes):
            if mix and mix not in mixes[:index]:
                new = (name for name in mix if (name, pool) in chain.opened)
                yield FixSite(stage, pool, mix, tuple(new) if stage == SEPARATION else ())


def _elements(chain: Chain, stage: str, pool: str) -> dict[str, float]:
    """The elements that a pool makes or may make, in the world's tonnes; ore in its own parts."""
    own = {
        name: made
        for name, element_chain in sorted(chain.element_chains.items())
        for made in [element_chain.made.get((stage, pool), 0.0)]
        if made > 0 or (stage == SEPARATION and (name, pool) in chain.opened)
    }
    world = {}
    for name in own:
        made = sorted(chain.element_chains[name].made.items())
        world[name] = fsum(max(0.0, tonnes) for (at, _), tonnes in made if at == stage)
    if stage != MINE:
        return world
    whole = fsum(world.values()) / fsum(own.values()) if own else 0.0
    return {name: tonnes * whole for name, tonnes in own.items()}


LEAST_HELP = 0.01  # an addition that brings back less than a point is none


@dataclass(frozen=True)
class Fix(Value):
    """Capacity added at one stage in one pool, up to what the world makes there."""

    stage: str  #: at which it is added
    pool: str  #: a country, or the rest of the world
    new: tuple[str, ...]  #: elements that the pool made none of in the base year
    mix: Mapping[str, float]  #: what is added, as parts of a tonne
    least: float | None  #: tonnes that cut the loss to what is asked; None where none do
    best: float  #: the loss that all that is added leaves
    then: str  #: stage that binds next; empty where nothing is lost any more
    then_by: tuple[str, ...]  #: the elements that are short there
    rows: tuple[str, ...]  #: that give what the pool makes


@dataclass(frozen=True)
class Fixes(Result):
    """What makes good an outage: new plants together, and one addition alone."""

    records_key: ClassVar[str] = "fixes"
    _json = (
        "element market id label year horizon product loss limited_by limited_at joint fixes tried "
        "rows assumptions=assumption_rows notes"
    )

    element: str
    market: str
    market_label: str
    id: str  #: of what fails; empty where no loss is known
    label: str
    clause: str  #: what happens, as the clause of an if
    year: int | None  #: the base year
    horizon: str  #: within which the world has to answer
    product: str  #: what the market loses
    loss: float | None  #: of the market without a fix, 0 to 1; None is not known, as ``notes`` say
    limited_by: tuple[str, ...] = ()  #: the elements that are short then
    limited_at: str = ""  #: the stage at which they are
    #: the least new plants at all stages together; None where nothing is lost, or it is not known
    joint: JointFixes | None = None
    #: single additions within the borders of the horizon that bring back at least a point of the
    #: loss, the least tonnes first
    fixes: tuple[Fix, ...] = ()
    tried: int = 0  #: how many stages and pools were tried, with what limits and with all elements
    rows: tuple[str, ...] = ()  #: that the losses rest on

    def tables(self) -> list[Table]:
        """Return what new plants together take, and what one addition alone does."""
        of = f"{self.element} for {named(self.market_label)}"
        if self.loss is None:
            return [Table(f"{of}: what would offset a shutdown", (), (), remarks=self.notes)]
        limited = f", {', '.join(self.limited_by)} short" if self.limited_by else ""
        product = product_names(self.product)[1]
        remarks = (
            f"Without a remedy {percent_cell(self.loss)} of {product} would be lost in "
            f"{self.year}, {self.horizon.replace('-', ' ')}{limited}.",
            f"{self.tried} additions were tried, up to what the world makes; sales stay within "
            "what the time allowed permits, and users bid.",
            ONE_BALANCE,
            *self.notes,
        )
        heading = f"{of}: one addition alone if {self.clause}"
        joint = [] if self.joint is None else self.joint.tables()
        return [*joint, table(heading, self.fixes, _FIXES, remarks)]

    def csv_tables(self) -> list[Table]:
        """Return what new plants together take as one table of plain values."""
        return [] if self.joint is None else self.joint.csv_tables()

    def headline(self) -> str:
        """Return what fails, and how many fixes there are."""
        where = f"{self.element} for {self.market}"
        if self.loss is None:
            return f"{where}: loss not known"
        return (
            f"{where} {self.year}, {self.horizon.replace('-', ' ')}: "
            f"{len(self.fixes)} fixes of {self.label}"
        )


def find_fixes(
    network: Network,
    facts: Facts,
    what: str = FIRST,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    below: float | None = None,
) -> Fixes:
    """Find what capacity, of what and where, cuts the loss of an outage to a part.

    Half of the loss is the aim where none is given.
    """
    chosen = replace(contingency or Contingency(), event="outage")
    asked = (about(network).element, about(network).market, about(network).market_label)
    try:
        model = LossModel(network, facts, chosen, year)
        thing = _chosen(model.study, model.candidates, what)
    except NotKnownError as why:
        return Fixes(*asked, "", "", "", year, chosen.horizon, "", None, notes=(str(why),))
    study, event = model.study, model.study.event_of(thing)
    lost, clause = loss_of(study, event), stopped(thing.label, thing.kind, thing.stage)
    aim = lost.loss / 2 if below is None else below
    fixes, tried = fixes_of(study, event, aim)
    return Fixes(
        *(*asked, thing.id, thing.label, clause),
        *(model.chain.year, model.horizon.name, study.title, lost.loss),
        limited_by=lost.limited_by,
        limited_at=lost.limited_at,
        joint=find_joint_fixes(model, thing, below),
        fixes=fixes,
        tried=tried,
        rows=tuple(dict.fromkeys((*thing.rows, *model.accounts.rows))),
        assumptions=assumptions_among(model.base.chemistry, model.assumed),
        notes=tuple(_notes(thing.label, about(network).market_label, lost.loss, fixes)),
    )


def fixes_of(study: Study, event: Event, aim: float) -> tuple[tuple[Fix, ...], int]:
    """The single additions that help, least tonnes first, and how many were tried."""
    lost = loss_of(study, event)
    if lost.loss <= max(NEGLIGIBLE_LOSS, aim):
        return (), 0
    chain = replace(study.chain, opened=may_open(study.chain))
    may = Study(chain, study.horizon, study.names, study.contingency, study.market)
    builder = _Builder(may, event, lost.loss, aim)
    sites = list(sites_of(may, event, lost.limited_by))
    kept = [fix for fix in map(builder.fix, sites) if fix is not None]

    def is_needed(fix: Fix) -> bool:
        """Whether fewer elements at the same place do less well."""
        there = (each for each in kept if (each.stage, each.pool) == (fix.stage, fix.pool))
        fewer = (each for each in there if each.mix.keys() < fix.mix.keys())
        return all(each.best > fix.best + LEAST_HELP for each in fewer)

    return tuple(sorted(filter(is_needed, kept), key=_order)), len(sites)


def _order(fix: Fix) -> tuple[bool, float, str, str, int]:
    least = fix.least if fix.least is not None else fix.best
    return fix.least is None, round(least, 6), fix.stage, fix.pool, len(fix.mix)


def _chosen(study: Study, candidates: list[Candidate], what: str) -> Candidate:
    if what != FIRST:
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


class _Builder:
    """Adds capacity to an event, and reads what is lost."""

    def __init__(self, study: Study, event: Event, loss: float, aim: float) -> None:
        self.study, self.event, self.loss, self.aim = study, event, loss, aim

    def fix(self, site: FixSite) -> Fix | None:
        """What a site brings back; None where that is less than a point."""
        best = self.lost(site, 1.0)
        if best > self.loss - LEAST_HELP:
            return None
        whole = fsum(site.world.values())
        least = self._least(site) if best <= self.aim else None
        then, by = self._then(site) if best > NEGLIGIBLE_LOSS else ("", ())
        chains = self.study.chain.element_chains.values()
        held = (each.rows.get((site.stage, site.pool), ()) for each in chains)
        return Fix(
            stage=site.stage,
            pool=site.pool,
            new=site.new,
            mix={name: tonnes / whole for name, tonnes in site.world.items()},
            least=None if least is None else least * whole,
            best=best,
            then=then,
            then_by=by,
            rows=tuple(dict.fromkeys(row for rows in held for row in rows)),
        )

    def lost(self, site: FixSite, part: float) -> float:
        """What is lost with a part of the world's output added."""
        return self.study.loss(self._with(site, part)) if part else self.loss

    def _with(self, site: FixSite, part: float) -> Event:
        place = (site.stage, site.pool)
        tonnes = {name: part * world for name, world in site.world.items()}
        if site.stage == MINE:
            # a mine gives all that its ore holds: the level at which what is left gives so much
            left = fsum(
                mined * self.event.left_of(MINE, site.pool, ore)
                for name in site.world
                for ore, mined in self.study.chain.element_chains[name].mined(site.pool).items()
            )
            added = {(*place, ANY): fsum(tonnes.values()) / left}
        else:  # what is added fails with its place
            added = {
                (*place, x): more / self.event.left_of(*place, x) for x, more in tonnes.items()
            }
        return self.event.together_with(Event(added=added))

    def _least(self, site: FixSite) -> float:
        """The least part that cuts the loss to the aim, to a part in a thousand of it."""
        low, high = 0.0, 1.0
        while high - low > 1e-3 * high:
            middle = (low + high) / 2
            low, high = (low, middle) if self.lost(site, middle) <= self.aim else (middle, high)
        return high

    def _then(self, site: FixSite) -> tuple[str, tuple[str, ...]]:
        """What binds when all is added: the elements that are short, and at which stage."""
        event, study = self._with(site, 1.0), self.study
        alone = {name: study.alone(event, name) for name in study.chain.element_chains}
        most = max(alone.values())
        short = tuple(name for name, loss in sorted(alone.items()) if loss > most - LEAST_HELP)
        others = frozenset((name, METAL) for name in alone if name not in short)
        for stage in study.stages[:-1]:
            there = others | {(name, stage) for name in short}
            if study.loss(event, unlimited=there) <= (1 - LIMITING_PART) * most:
                return stage, short
        return study.stages[-1], short


def _notes(what: str, market: str, loss: float, fixes: tuple[Fix, ...]) -> Iterable[str]:
    if loss <= NEGLIGIBLE_LOSS:
        yield f"{what} takes nothing from {market} within the horizon: there is nothing to fix."
        return
    if not fixes:
        yield "No capacity at one stage of one country brings back a point of the loss."
    elif all(fix.least is None for fix in fixes):
        yield "No capacity at one stage of one country does so: new plants need new sales too."
    if any(fix.new for fix in fixes):
        yield (
            "New plants for oxide take ore that is mined or bought where they stand, at the yield "
            "of the world; inside the rest of the world ore moves freely."
        )
