"""Fixes: how much capacity, of what and where, brings back what an event takes from a market.

Added are, at each stage and pool that did not fail, the elements that limit, and all that are made,
in the world's proportions. Beside each loss stands what it would be if trade were free. Oxide may
be made where none was, at the world's yield. Not modelled: money, years to build, further pools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import fsum, inf
from typing import ClassVar

from monazite.analysis.chokepoints.headline import ONE_BALANCE, product_names, stopped
from monazite.analysis.chokepoints.loss_model import (
    LIMITING_PART,
    NEGLIGIBLE_LOSS,
    LossModel,
    loss_of,
)
from monazite.analysis.mitigation.rerouting import place
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import figures, points, tonnes
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import FIRST, METAL, MINE, SEPARATION, USE, Contingency, check_text
from monazite.model.assumptions import assumptions_among
from monazite.model.chain.base_year import weak_note
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.contingencies.failure_points import Candidate, Event, Horizon
from monazite.model.flow.study import Study
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.wording import place_noun
from monazite.store.names import named

_CURVES = 3  # curves that are printed; CSV and JSON have all


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


def _tonnes(amount: float | None) -> str:
    return "never" if amount is None else f"{tonnes(amount)} t"


_FIXES = (
    Column("what is added", _mix),
    Column("where", _where),
    Column("halves the loss", "halves", _tonnes, right=True),
    Column("brings half back", "half_back", _tonnes, right=True),
    Column("loss left", "best", percent_cell, right=True),
    Column("then short", lambda x: f"{', '.join(x.then_by)} at {x.then}" if x.then else "nothing"),
    Column("free trade", lambda x: points(x.borders), right=True),
)
_CURVE = (
    Column("tonnes added", "tonnes", tonnes, right=True),
    Column("loss", "loss", percent_cell, right=True),
    Column("loss if trade were free", "unbound", percent_cell, right=True),
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


GRID = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""What is added, as parts of what the world made at the stage in the base year."""
LEAST_HELP = 0.01  # an addition that brings back less than a point is none


@dataclass(frozen=True)
class FixPoint:
    """A point of a curve."""

    tonnes: float  #: added in all
    loss: float  #: of the market, in parts of 1
    unbound: float  #: the loss if trade were free of all limits


@dataclass(frozen=True)
class Fix(Value):
    """Capacity added at one stage in one pool."""

    stage: str  #: at which it is added
    pool: str  #: a country, or the rest of the world
    new: tuple[str, ...]  #: elements that the pool made none of in the base year
    mix: Mapping[str, float]  #: what is added, as parts of a tonne
    points: tuple[FixPoint, ...]  #: the curve
    halves: float | None  #: least tonnes that halve the loss; None where no addition does
    #: least tonnes that bring half of what can be brought back; None where it is less than a point
    half_back: float | None
    best: float  #: the loss that all that is added leaves
    then: str  #: stage that binds next; empty where nothing is lost any more
    then_by: tuple[str, ...]  #: the elements that are short there
    borders: float  #: what free trade would bring back beyond that, in parts of 1
    rows: tuple[str, ...]  #: that give what the pool makes


@dataclass(frozen=True)
class Fixes(Result):
    """What makes good an outage, cheapest first: the least tonnes that halve the loss."""

    records_key: ClassVar[str] = "fixes"
    _json = (
        "element market id label year horizon product loss limited_by limited_at fixes tried rows "
        "assumptions=assumption_rows notes"
    )

    element: str
    market: str
    market_label: str
    id: str  #: of what fails
    label: str
    clause: str  #: what happens, as the clause of an if
    year: int  #: the base year
    horizon: str  #: within which the world has to answer
    product: str  #: what the market loses
    loss: float  #: of the market without a fix, 0 to 1
    limited_by: tuple[str, ...]  #: the elements that are short then
    limited_at: str  #: the stage at which they are
    #: those that bring back at least a point of the loss, unless none does and free trade would
    #: help some
    fixes: tuple[Fix, ...]
    tried: int  #: how many stages and pools were tried, with what limits and with all elements
    rows: tuple[str, ...]  #: that the losses rest on

    def tables(self) -> list[Table]:
        """Return what can be added, and the first curves."""
        limited = f", {', '.join(self.limited_by)} short" if self.limited_by else ""
        product = product_names(self.product)[1]
        remarks = (
            f"Without a remedy {percent_cell(self.loss)} of {product} would be lost in "
            f"{self.year}, {self.horizon.replace('-', ' ')}{limited}.",
            f"{self.tried} additions were tried.",
            "Half back: of what an addition can bring back. Free trade: further points that "
            "it would bring.",
            ONE_BALANCE,
            *self.notes,
        )
        curves = (
            table(f"{_mix(fix)} added at {_where(fix)}", fix.points, _CURVE)
            for fix in self.fixes[:_CURVES]
        )
        of = f"{self.element} for {named(self.market_label)}"
        heading = f"{of}: the cheapest fixes if {self.clause}"
        return [table(heading, self.fixes, _FIXES, remarks), *curves]

    def csv_tables(self) -> list[Table]:
        """Return the curves as one table of plain values."""
        columns = ("stage", "pool", "mix", "tonnes", "loss", "loss_free_trade")
        rows = [
            [fix.stage, fix.pool, mix, *(figures(x, 6) for x in vars(point).values())]
            for fix in self.fixes
            for mix in [";".join(f"{x} {figures(part, 6)}" for x, part in fix.mix.items())]
            for point in fix.points
        ]
        return [Table("", columns, rows)]

    def headline(self) -> str:
        """Return what fails, and how many fixes there are."""
        return (
            f"{self.element} for {self.market} {self.year}, {self.horizon.replace('-', ' ')}: "
            f"{len(self.fixes)} fixes of {self.label}"
        )


def find_fixes(
    network: Network,
    facts: Facts,
    what: str = FIRST,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    curves: bool = True,
) -> Fixes:
    """Find what capacity, of what and where, makes an outage good."""
    chosen = replace(contingency or Contingency(), event="outage")
    model = LossModel(network, facts, chosen, year)
    study = model.study
    thing = _chosen(study, model.candidates, what)
    event = study.event_of(thing)
    lost = loss_of(study, event)
    fixes, tried = fixes_of(study, event, curves=curves)
    return Fixes(
        element=about(network).element,
        market=about(network).market,
        market_label=about(network).market_label,
        id=thing.id,
        label=thing.label,
        clause=stopped(thing.label, thing.kind, thing.stage),
        year=model.chain.year,
        horizon=model.horizon.name,
        product=study.title,
        loss=lost.loss,
        limited_by=lost.limited_by,
        limited_at=lost.limited_at,
        fixes=fixes,
        tried=tried,
        rows=tuple(dict.fromkeys((*thing.rows, *model.accounts.rows))),
        assumptions=assumptions_among(model.base.chemistry, model.assumed),
        notes=(
            *weak_note(model.accounts, facts),
            *_notes(thing.label, about(network).market_label, lost.loss, fixes),
        ),
    )


def fixes_of(study: Study, event: Event, *, curves: bool = True) -> tuple[tuple[Fix, ...], int]:
    """The fixes of an event, cheapest first, and how many were tried."""
    lost = loss_of(study, event)
    if lost.loss <= NEGLIGIBLE_LOSS:
        return (), 0
    new = frozenset(
        (element, pool)
        for element, element_chain in study.chain.element_chains.items()
        for stage, pool in element_chain.taken
        if stage == SEPARATION and element_chain.made.get((SEPARATION, pool), 0.0) <= 0
    )
    chain = replace(study.chain, opened=new)
    may = Study(chain, study.horizon, study.names, study.contingency, study.market)
    builder = _Builder(may, event, lost.loss, curves=curves)
    sites = list(sites_of(may, event, lost.limited_by))
    found = [fix for fix in map(builder.fix, sites) if fix is not None]
    kept = [fix for fix in found if fix.half_back is not None] or found

    def is_needed(fix: Fix) -> bool:
        """Whether fewer elements at the same place do less well."""
        there = (each for each in kept if (each.stage, each.pool) == (fix.stage, fix.pool))
        fewer = (each for each in there if each.mix.keys() < fix.mix.keys())
        return all(each.best > fix.best + LEAST_HELP for each in fewer)

    return tuple(sorted(filter(is_needed, kept), key=_order)), len(sites)


def _order(fix: Fix) -> tuple[bool, float, float, str, str, int]:
    least = fix.halves if fix.halves is not None else fix.best
    half = inf if fix.half_back is None else fix.half_back
    return fix.halves is None, round(least, 6), half, fix.stage, fix.pool, len(fix.mix)


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

    def __init__(self, study: Study, event: Event, loss: float, *, curves: bool) -> None:
        self.study, self.event, self.loss, self.curves = study, event, loss, curves
        horizon = study.horizon
        free = replace(horizon, name=f"{horizon.name}, free trade", trade=inf, new_pairs=inf)
        self.free: Horizon = replace(free, before=horizon, bids=True)

    def fix(self, site: FixSite) -> Fix | None:
        """The curve of a site; None where it brings nothing back, whatever the borders."""
        best = self.lost(site, GRID[-1])
        least = best
        if self.curves:
            free = self.unbound(site, GRID[-1]) + self.loss - self.unbound(site, 0.0)
            least = min(best, free)
        if least > self.loss - LEAST_HELP:
            return None
        whole = fsum(site.world.values())
        points = tuple(
            FixPoint(part * whole, self.lost(site, part), self.unbound(site, part))
            for part in (GRID if self.curves else ())
        )
        halves = self._least(site, self.loss / 2) if best <= self.loss / 2 else None
        then, by = self._then(site) if best > NEGLIGIBLE_LOSS else ("", ())
        helps = best <= self.loss - LEAST_HELP
        chains = self.study.chain.element_chains.values()
        held = (each.rows.get((site.stage, site.pool), ()) for each in chains)
        return Fix(
            stage=site.stage,
            pool=site.pool,
            new=site.new,
            mix={name: tonnes / whole for name, tonnes in site.world.items()},
            points=points,
            halves=None if halves is None else halves * whole,
            half_back=self._least(site, (self.loss + best) / 2) * whole if helps else None,
            best=best,
            then=then,
            then_by=by,
            borders=max(0.0, best - points[-1].unbound) if points else 0.0,
            rows=tuple(dict.fromkeys(row for rows in held for row in rows)),
        )

    def lost(self, site: FixSite, part: float) -> float:
        """What is lost with a part of the world's output added."""
        return self.study.loss(self._with(site, part)) if part else self.loss

    def unbound(self, site: FixSite, part: float) -> float:
        """The same if trade were free of all limits."""
        return self.study.loss(self._with(site, part), horizon=self.free)

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

    def _least(self, site: FixSite, aim: float) -> float:
        """The least part that brings the loss down to an aim, to a part in a thousand of it."""
        low, high = 0.0, next(part for part in GRID if self.lost(site, part) <= aim + 1e-9)
        while high - low > 1e-3 * high:
            middle = (low + high) / 2
            low, high = (low, middle) if self.lost(site, middle) <= aim else (middle, high)
        return high

    def _then(self, site: FixSite) -> tuple[str, tuple[str, ...]]:
        """What binds when all is added: the elements that are short, and at which stage."""
        event, study = self._with(site, GRID[-1]), self.study
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
    yield "Tonnes of all elements count alike; money and years to build are not modelled."
    if all(fix.half_back is None for fix in fixes):
        yield "No capacity at one stage of one country brings back a point of the loss."
        if fixes:
            yield "Some would if trade were free: the borders decide."
    elif all(fix.halves is None for fix in fixes):
        yield "No capacity at one stage of one country halves the loss."
    if any(fix.new for fix in fixes):
        yield (
            "New plants for oxide take ore that is mined or bought where they stand, at the yield "
            "of the world; inside the rest of the world ore moves freely."
        )
    yield (
        "Countries that the model does not carry at a stage are part of the rest of the world "
        "there."
    )
