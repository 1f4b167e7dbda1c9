"""Rerouting: the least change of output and trade that serves what can be served after an event.

What is served is fixed at the first optimum; a second programme differs least from the base year in
tonnes of elements (a weighted L1 norm), and what piles up costs more than to avoid it. Ore holds
several elements, so mines and trade in ore are fixed in a third, for what plants then take. Flows
inside a country or the rest of the world are not unique and are not reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from math import fsum, isinf

from monazite.core.columns import Column, table
from monazite.core.errors import ProgrammeError
from monazite.core.formats import signed, whole
from monazite.core.results import Frozen, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MINE, USE
from monazite.model.chain.element_chain import ANY
from monazite.model.chemistry import summed
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event
from monazite.model.flow.programme import EventBounds, Programme, terms_of
from monazite.model.flow.study import Study
from monazite.model.linear_programme import LinearProgramme
from monazite.model.network.shares import REST

STOCKPILE_COST = 10.0
"""What a tonne that piles up counts: more than the changes at all stages that made it."""
ORE_STOCKPILE_COST = 3.0
"""The same for ore: more than to mine less and sell less, not more than to send it elsewhere."""
SERVED_PART = 1 - 1e-7
"""What is served is kept to this part, so that rounding does not make it impossible."""
PRECISION = 1e-6  # of the solver: a smaller difference is none
REPORTED_PART = 0.01
"""A change is told above this part of what the stage made of the same in the base year."""


class Shift(Struct):
    """A change of what a country makes, or sells to another."""

    stage: str  #: of what is made or sold
    seller: str  #: the pool that makes or sells it
    buyer: str  #: the pool that it is sold to; empty for what is made
    what: str  #: an element, a product, or ore with all that it holds
    base: float  #: tonnes in the base year
    after: float  #: tonnes after the event


def find_shifts(study: Study, event: Event) -> tuple[Shift, ...]:
    """Find the least changes of output and trade that serve what can be served after an event."""
    flows = flows_of(study.programme(study.horizon, 1))
    after = flows_after(study, event)
    stages = {stage: place for place, stage in enumerate(study.stages)}
    whole = summed(
        ((stage, what), tonnes * base)
        for (stage, _, buyer, what), (_, tonnes, base) in flows.items()
        if not buyer
    )
    found = [
        Shift(stage, seller, buyer, ore_of(stage, what), tonnes * base, amount)
        for (stage, seller, buyer, what), (_, tonnes, base) in flows.items()
        for amount in [after[stage, seller, buyer, what]]
        if abs(amount - tonnes * base) > REPORTED_PART * whole.get((stage, what), 0.0)
    ]
    found.sort(
        key=lambda x: (
            *(stages.get(x.stage, len(stages)), bool(x.buyer), -round(abs(x.after - x.base), 6)),
            *(x.seller, x.buyer, x.what),
        )
    )
    return tuple(found)


Flow = tuple[str, str, str, str]
"""Stage, seller, buyer (empty for what is made) and what."""
Columns = Mapping[Flow, tuple[int, float, float]]
"""Of each flow its column, the tonnes that a column of 1 stands for, and its base year."""


def flows_after(study: Study, event: Event) -> dict[Flow, float]:
    """Return the output and trade after an event that differ least from the base year."""
    programme = study.programme(study.horizon, 1)
    flows, bounds = flows_of(programme), programme.bounds(study.horizon, event)
    columns = _bounded(programme, bounds)
    for place in range(len(columns.cost)):
        columns.cost[place] = 0.0
    for (_, _, _, what), (column, tonnes, base) in flows.items():
        weight = tonnes * held(programme, what)
        more, less = columns.column(cost=weight), columns.column(cost=weight)
        columns.row({column: 1.0, more: -1.0, less: 1.0}, lower=base, upper=base)
    ore = []
    for pile in _stockpiles(programme, flows, bounds):
        piled = columns.column(cost=0.0 if pile.ore else STOCKPILE_COST * pile.weight)
        columns.row({**pile.terms, piled: 1.0}, lower=pile.least)
        ore += [piled] if pile.ore else []
    served = study.served(event).amounts
    for key, (place,) in programme.served.items():  # as much as the first programme
        columns.lower[place] = min(served[key] * SERVED_PART, columns.upper[place])
    values = _solved(columns)
    for (stage, *_), (column, _, _) in flows.items():
        if stage != MINE:  # what plants make and take is known; then the ore for it
            columns.lower[column] = max(0.0, values[column] - PRECISION)
            columns.upper[column] = values[column] + PRECISION
    for piled in ore:
        columns.cost[piled] = ORE_STOCKPILE_COST
    values = _solved(columns)
    return {flow: tonnes * max(0.0, values[column]) for flow, (column, tonnes, _) in flows.items()}


def flows_of(programme: Programme) -> dict[Flow, tuple[int, float, float]]:
    """Return the columns of a programme that stand for output and for trade between pools."""
    upper = programme.bounds(BASE_YEAR, NO_EVENT).upper
    outputs = {(stage, pool, "", what): x for (stage, pool, what), x in programme.outputs.items()}
    return {
        flow: (column, _tonnes(programme, flow), upper[column])
        for flow, column in sorted({**outputs, **programme.sales}.items())
    }


def _tonnes(programme: Programme, flow: Flow) -> float:
    """Tonnes that a column of 1 stands for: ore runs by levels, of what a pair traded."""
    stage, seller, buyer, what = flow
    if stage != MINE:
        return 1.0
    element_chains = programme.chain.element_chains.values()
    if not buyer:
        return fsum(each.mined(seller).get(what, 0.0) for each in element_chains)
    traded = fsum(each.ore_sold.get((seller, what, buyer), 0.0) for each in element_chains)
    sales = (sale for each in element_chains for sale in sorted(each.ore_sold.items()))
    return traded or fsum(x for (who, ore, _), x in sales if (who, ore) == (seller, what))


def ore_of(stage: str, what: str) -> str:
    """Return what is made or sold in words: ore by its name where its country mines several."""
    if stage != MINE:
        return what
    return "ore" if what == ANY else f"ore of {what}"


def _bounded(programme: Programme, bounds: EventBounds) -> LinearProgramme:
    columns = deepcopy(programme.columns)
    for place, bound in bounds.upper.items():
        columns.upper[place] = bound
    for place, bound in bounds.row_upper.items():
        columns.row_upper[place] = bound
    return columns


def _solved(columns: LinearProgramme) -> list[float]:
    values = columns.solve()
    if values is None:
        raise ProgrammeError(
            "The least change cannot be worked out: what is served after the event cannot be "
            "served again; look at monazite balance for what does not close."
        )
    return values


class _Stockpile(Struct):
    """What is taken, less what there is: no less than in the base year, or the rest piles up."""

    terms: Mapping[int, float]
    least: float
    weight: float
    ore: bool = False


def _stockpiles(programme: Programme, flows: Columns, bounds: EventBounds) -> Iterable[_Stockpile]:
    """Where something may pile up: oxide, metal and ore at those that take it, ore and products."""
    still = programme.bounds(BASE_YEAR, NO_EVENT)
    columns = _bounded(programme, still)
    for column, _, tonnes in flows.values():  # what is made and sold in the base year is known
        columns.lower[column] = max(0.0, tonnes - PRECISION)
        columns.upper[column] = tonnes + PRECISION
    base = _solved(columns)
    for row, stage in _rows(programme, flows).items():
        terms = terms_of(programme.columns, row)
        before = still.row_upper.get(row, programme.columns.row_upper[row])
        spare = before - fsum(factor * base[column] for column, factor in terms.items())
        least = bounds.row_upper.get(row, programme.columns.row_upper[row]) - max(0.0, spare)
        if not isinf(least):
            yield _Stockpile(terms, least, 1.0, ore=stage == MINE)
    yield from _ore_stockpiles(programme, flows)
    for (name, pool), made in programme.made.items():
        sold = [x for (what, at, _), x in programme.sold.items() if (what, at) == (name, pool)]
        yield _Stockpile({**dict.fromkeys(sold, 1.0), made: -1.0}, 0.0, held(programme, name))
    for (name, user), (column,) in programme.served.items():
        sold = [x for (what, _, who), x in programme.sold.items() if (what, who) == (name, user)]
        terms = {**dict.fromkeys(sold, -1.0), column: 1.0}
        yield _Stockpile(terms, 0.0, held(programme, name))


def _rows(programme: Programme, flows: Columns) -> dict[int, str]:
    """Rows of what takes the product of a stage; others that are there to pass it on have none."""
    rows = {row: stage for (_, stage), found in programme.balances.items() for row in found}
    columns = programme.columns
    known = {column for column, _, _ in flows.values()} | {*programme.sold.values()}
    known |= {column for served in programme.served.values() for column in served}
    passed_on = {*range(len(columns.cost))} - known
    for row in range(len(columns.row_upper)):
        terms = terms_of(columns, row)
        if row not in rows and any(terms[column] < 0 for column in passed_on & terms.keys()):
            rows[row] = ""
    return rows


def _ore_stockpiles(programme: Programme, flows: Columns) -> Iterable[_Stockpile]:
    """Ore of pools that separate none: what they mine and do not sell."""
    element_chains = programme.chain.element_chains.values()
    for (stage, pool, buyer, ore), (column, tonnes, _) in flows.items():
        separated = any(each.taken.get((MINE, pool)) for each in element_chains)
        if separated or (stage, buyer) != (MINE, ""):
            continue
        own = (MINE, pool, ore)
        sales = [x for (*at, to, what), x in flows.items() if (*at, what) == own and to]
        terms = {ship: carried for ship, carried, _ in sales}
        kept = tonnes - fsum(carried * base for _, carried, base in sales)
        yield _Stockpile({**terms, column: -tonnes}, -max(0.0, kept), 1.0, ore=True)


def held(programme: Programme, what: str) -> float:
    """Return the tonnes of elements in a tonne of what is sold."""
    recipe = programme.chain.recipe
    if what not in programme.chain.products:
        return 1.0
    return fsum(tonnes for (name, _), tonnes in sorted(recipe.items()) if name == what)


NOT_UNIQUE = (
    "The least change that serves what can be served. Flows of sites, and of countries inside the "
    "rest of the world, are not unique and are not told."
)
_ORE = "ore of "


def shift_table(
    shifts: Sequence[Shift], what: str = "", names: Mapping[str, str] = Frozen()
) -> Table:
    """Return shifts as a table."""
    part = percent_cell(REPORTED_PART)
    none = "Nothing changes by as much as a part in the hundred."
    told = f"Told: changes of more than {part} of what the stage made that year."
    columns = (
        *place_columns("seller", names),
        Column("that year, t", "base", whole, right=True),
        Column("after, t", "after", whole, right=True),
        Column("change, t", lambda x: signed(round(x.after) - round(x.base)), right=True),
    )
    heading = f"Who makes and sells what{f', if {what}' if what else ''}"
    return table(heading, shifts, columns, (told, NOT_UNIQUE) if shifts else (none,))


def place_columns(maker: str, names: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns that say what is made or sold, by whom and to whom."""
    return (
        Column("stage", "stage"),
        Column("what", lambda x: goods(x.what, names)),
        Column("from", lambda x: place(getattr(x, maker), names)),
        Column("to", lambda x: taker(x.stage, x.buyer, names)),
    )


def goods(what: str, names: Mapping[str, str]) -> str:
    """Name goods; ore after where it lies."""
    ore = what.removeprefix(_ORE)
    return f"{_ORE}{names.get(ore, ore)}" if what.startswith(_ORE) else what


def place(pool: str, names: Mapping[str, str] = Frozen()) -> str:
    """Name a country or area."""
    return "rest of the world" if pool == REST else names.get(pool, pool)


def taker(stage: str, buyer: str, names: Mapping[str, str]) -> str:
    """Name who buys; where there is no buyer it is made there, or used."""
    return place(buyer, names) if buyer else "used there" if stage == USE else "made there"
