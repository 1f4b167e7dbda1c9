"""The part of a need that is covered: the answer in sentences, year by year, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monazite.findings.wording import capital
from monazite.network.shares import WORLD
from monazite.safe_text import tonnes
from monazite.tables import Table, percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.replacements.coverage import YearCover
    from monazite.findings.replacements.need import ValueRange
    from monazite.findings.replacements.replacement import Replacement

_NOTABLE = 0.005


def answer_words(found: Replacement) -> str:
    """Return the part of the need that is covered, in a few words."""
    return (
        f"{found.element} for {found.market} without {found.without} by {found.by}: "
        f"{_span(found.asked.covered)}"
    )


def answer_table(found: Replacement) -> Table:
    """Return the answer in sentences, with what would change it."""
    asked, last = found.asked, found.years[-1]
    least = asked.least
    market, without = named(found.market_label), named(found.without_label)
    whose = f"what {market} needs" if found.market != WORLD else f"what {_all_but(found)} need"
    remarks = [
        f"By the end of {found.by}, {percent(asked.covered.value)} of {whose} of {found.element} "
        f"is likely to come from outside {without}.",
        f"It is {percent(asked.covered.low)} with what runs today, and "
        f"{percent(asked.covered.high)} if all begins when its owner says.",
    ]
    if least.covered.value < 1:
        remarks.append(
            f"{capital(least.stage)} covers least: {tonnes(least.base + least.added.value)} t "
            f"outside {without}, for {tonnes(least.need_of_all.value)} t that all there need."
        )
    remarks += _beside(found)
    remarks += found.missing
    full = next((x.year for x in found.years if x.covered.value >= 1), None)
    remarks.append(
        f"All of it is likely to be covered first in {full}."
        if full is not None
        else f"In no year to {last.year} is all of it likely to be covered."
    )
    return Table(
        heading=f"{found.element} for {market} without {without}, by the end of {found.by}",
        columns=(),
        rows=[],
        remarks=tuple(remarks),
        details=found.notes,
    )


def _beside(found: Replacement) -> Iterable[str]:
    """Other years, another rule of sharing, and what growth alone costs."""
    asked, market = found.asked, named(found.market_label)
    first, last = found.years[0], found.years[-1]
    if first.year != found.by:
        yield (
            f"At the end of {first.year} it is {percent(first.covered.value)}, in {last.year} "
            f"{percent(last.covered.value)}."
        )
    served = min(asked.stages, key=lambda x: x.first.value).first
    if served.value > asked.covered.value + _NOTABLE and found.market != WORLD:
        yield (
            f"Served before all others, {market} would have {percent(served.value)}: "
            f"{percent(min(x.first.low for x in asked.stages))} with what runs today."
        )
    grown = min(x.with_country for x in asked.stages)
    if grown < 1 - _NOTABLE:
        yield (
            f"With what {named(found.without_label)} made in {found.base_year} it would be "
            f"{percent(grown)}: the need grows, and no more is planned by the records."
        )


def _all_but(found: Replacement) -> str:
    return "all" if found.need.of_all else f"all but {named(found.without_label)}"


def years_table(found: Replacement) -> Table:
    """Return what is covered, year by year."""
    growth = found.growth
    remarks = [
        f"Need: tonnes of {found.element} in what the market takes.",
        f"It grows as the world's need of {growth.material.replace('-', ' ')} does, by the middle "
        f"of {len(growth.scenarios)} scenarios: {', '.join(growth.scenarios)}. Between the years "
        "that they print growth is the same each year."
        if growth.scenarios
        else "We found no scenario of how the need grows: it is held.",
        f"What {named(found.without_label)} does not make is shared in proportion to need. What "
        f"others made in {found.base_year} is held.",
    ]
    return Table(
        heading="What is covered, year by year",
        columns=("year", "need, t", "covers least", "covered", "runs today", "as promised"),
        rows=[_year(each) for each in found.years],
        remarks=tuple(remarks),
        right=("need, t", "covered", "runs today", "as promised"),
    )


def _year(each: YearCover) -> list[str]:
    covered, need = each.covered, each.stages[-1].need
    return [
        str(each.year),
        tonnes(need.value),
        each.least.stage if covered.value < 1 else "",
        percent(covered.value),
        percent(covered.low),
        percent(covered.high),
    ]


def stages_table(found: Replacement) -> Table:
    """Return made, needed and covered by stage at the end of the year asked about."""
    rows = [
        [
            *(stage.stage, tonnes(stage.base), tonnes(stage.added.value)),
            *(tonnes(stage.need.value), f"{tonnes(stage.need.low)} to {tonnes(stage.need.high)}"),
            *(tonnes(stage.need_of_all.value), percent(stage.covered.value)),
        ]
        for stage in found.asked.stages
    ]
    return Table(
        heading=f"Stage by stage at the end of {found.by}",
        columns=(
            *("stage", f"made outside in {found.base_year}, t", "on top, t"),
            *("the market needs, t", "range", "all outside need, t", "covered"),
        ),
        rows=rows,
        right=(
            *(f"made outside in {found.base_year}, t", "on top, t", "the market needs, t"),
            *("all outside need, t", "covered"),
        ),
        long=True,
    )


def _span(span: ValueRange) -> str:
    return f"{percent(span.value)} ({percent(span.low)} to {percent(span.high)})"
