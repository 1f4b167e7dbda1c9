"""Who could replace a country, as a value with its tables, whole and short."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from monazite.analysis.replacement.candidates import ReplacementSite, Tonnage
from monazite.analysis.replacement.need import Growth, Need, StageHang, YearCover
from monazite.analysis.replacement.slips import Slips, ValueRange
from monazite.core.columns import Column, bare_table, table
from monazite.core.formats import NOT_KNOWN, between, counted, one_decimal, points, tonnes
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.dates import day_words
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital, listed
from monazite.store.names import named

_NOTABLE = 0.005


def answer_table(found: Replacement) -> Table:
    """Return the answer in sentences, with what would change it."""
    asked, last = found.asked, found.years[-1]
    least = asked.least
    market, without = named(found.market_label), named(found.without_label)
    all_but = "all" if found.need.of_all else f"all but {without}"
    whose = f"what {market} needs" if found.market != WORLD else f"what {all_but} need"
    remarks = [
        f"By the end of {found.by}, {percent_cell(asked.covered.value)} of {whose} of "
        f"{found.element} is likely to come from outside {without}.",
        f"It is {percent_cell(asked.covered.low)} with what runs today, and "
        f"{percent_cell(asked.covered.high)} if all begins when its owner says.",
    ]
    if least.covered.value < 1:
        remarks.append(
            f"{capital(least.stage)} covers least: {tonnes(least.base + least.added.value)} t "
            f"outside {without}, for {tonnes(least.need_of_all.value)} t that all there need."
        )
    remarks += _other_years(found)
    remarks += found.missing
    full = next((x.year for x in found.years if x.covered.value >= 1), None)
    remarks.append(
        f"All of it is likely to be covered first in {full}."
        if full is not None
        else f"In no year to {last.year} is all of it likely to be covered."
    )
    heading = f"{found.element} for {market} without {without}, by the end of {found.by}"
    return Table(heading, (), [], remarks=tuple(remarks), details=found.notes)


def _other_years(found: Replacement) -> Iterable[str]:
    """Other years, another rule of sharing, and what growth alone costs."""
    asked, market = found.asked, named(found.market_label)
    first, last = found.years[0], found.years[-1]
    if first.year != found.by:
        yield (
            f"At the end of {first.year} it is {percent_cell(first.covered.value)}, in {last.year} "
            f"{percent_cell(last.covered.value)}."
        )
    served = min(asked.stages, key=lambda x: x.first.value).first
    if served.value > asked.covered.value + _NOTABLE and found.market != WORLD:
        yield (
            f"Served before all others, {market} would have {percent_cell(served.value)}: "
            f"{percent_cell(min(x.first.low for x in asked.stages))} with what runs today."
        )
    grown = min(x.with_country for x in asked.stages)
    if grown < 1 - _NOTABLE:
        yield (
            f"With what {named(found.without_label)} made in {found.base_year} it would be "
            f"{percent_cell(grown)}: the need grows, and no more is planned by the records."
        )


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
    return table(
        "What is covered, year by year",
        found.years,
        (
            Column("year", "year"),
            Column("need, t", lambda x: tonnes(x.stages[-1].need.value), right=True),
            Column("covers least", lambda x: x.least.stage if x.covered.value < 1 else ""),
            Column("covered", "covered.value", percent_cell, right=True),
            Column("runs today", "covered.low", percent_cell, right=True),
            Column("as promised", "covered.high", percent_cell, right=True),
        ),
        remarks,
    )


def stages_table(found: Replacement) -> Table:
    """Return made, needed and covered by stage at the end of the year asked about."""
    return table(
        f"Stage by stage at the end of {found.by}",
        found.asked.stages,
        (
            Column("stage", "stage"),
            Column(f"made outside in {found.base_year}, t", "base", tonnes, right=True),
            Column("on top, t", "added.value", tonnes, right=True),
            Column("the market needs, t", "need.value", tonnes, right=True),
            Column("range", lambda x: between(x.need.low, x.need.high)),
            Column("all outside need, t", "need_of_all.value", tonnes, right=True),
            Column("covered", "covered.value", percent_cell, right=True),
        ),
        long=True,
    )


_SHOWN = 4  # plants of a stage in the short report, those first that are likely to give most


def plants_table(found: Replacement) -> Table:
    """Return the plants that come on top, those first that are likely to give most."""
    coming = sorted((x for x in found.candidates if not x.site.in_base), key=_worth)
    by_stage = [[x for x in coming if x.site.stage == stage] for stage in found.stages]
    shown = [x for own in by_stage for x in own[:_SHOWN]]
    count = sum(map(len, by_stage))
    remarks = [
        f"Tonnes of {found.element} a year, as records tell or as what they count holds.",
        f"Odds: that it runs at the end of {found.by}, by how late plants began after the first "
        "date given for each.",
    ]
    if any(x.site.tonnes.joint for x in shown):
        remarks.append(
            f"With +: of one number for several elements the part of {found.element}, as ore "
            "holds them; it may be none or all."
        )
    if len(shown) < count:
        remarks.append(f"{counted(count, 'plant')} in all.")
    return table("What comes on top", shown, _COMING, remarks)


def all_plants_table(found: Replacement) -> Table:
    """Return every plant and mine outside, those of the base year last."""
    coming = sorted((x for x in found.candidates if not x.site.in_base), key=_worth)
    shown = [x for stage in found.stages for x in coming if x.site.stage == stage]
    shown += [x for x in found.candidates if x.site.in_base]
    return table(
        "Plants and mines outside",
        shown,
        _OUTSIDE,
        (
            f"Tonnes of {found.element} a year. Quarter: a record of three months, four times.",
            "A joint number is of several elements together, as its product says: the part is "
            "split as ore holds them, and the range is from none to all.",
        ),
    )


def _status(site: ReplacementSite) -> str:
    return site.status + (", perhaps" if site.certainty == "perhaps" else "")


def _begins(site: ReplacementSite) -> str:
    return site.plan.printed if site.plan is not None else site.since or NOT_KNOWN


def _worth(each: ReplacementCandidate) -> tuple[float, str]:
    odds = 0.0 if each.odds is None else each.odds.value
    return -each.site.tonnes.value * odds, each.site.label


def _amount(made: Tonnage) -> str:
    return tonnes(made.value) + (f" +{','.join(made.joint)}" if made.joint else "")


def odds_words(odds: ValueRange | None) -> str:
    """Return odds in words: the range where the odds are none and may be many."""
    if odds is None:
        return NOT_KNOWN
    low, value, high = percent_cell(odds.low), percent_cell(odds.value), percent_cell(odds.high)
    none = percent_cell(0.0)
    return f"{low.removesuffix(' %')} to {high}" if value == none != high else value


_COMING = (
    Column("plant", "site.label"),
    Column("where", "site.country", spare=1),
    Column("stage", "site.stage"),
    Column("t a year", "site.tonnes", _amount, right=True),
    Column("status", "site", _status),
    Column("begins", "site", _begins),
    Column("odds", "odds", odds_words, right=True),
)
_OUTSIDE = (
    Column("plant", "site.label"),
    Column("where", "site.country"),
    Column("stage", "site.stage"),
    Column("product", "site.tonnes", lambda x: f"{x.product}{', jointly' if x.joint else ''}"),
    Column("t a year", "site.tonnes.value", tonnes, right=True),
    Column("range", "site.tonnes", lambda x: between(x.low, x.high)),
    Column(
        "record",
        "site.tonnes",
        lambda x: x.kind.replace("-", " ") + (", quarter" if x.quarter else ""),
    ),
    Column("status", "site", _status),
    Column("begins", "site", _begins),
    Column("odds", "odds.value", percent_cell),
    Column(
        "range of odds",
        "odds",
        lambda x: NOT_KNOWN if x is None else between(x.low, x.high, percent_cell),
    ),
    Column("in the base year", lambda x: "yes" if x.site.in_base else "no"),
)


def orders_table(found: Replacement) -> Table:
    """Return what is sold of each plant, what it works on, and acts aimed at it."""
    shown = [x for x in found.candidates if x.orders or x.feed or x.acts or not x.site.in_base]
    return table(
        "What is spoken for, where it gets what it works on, and rules aimed at it",
        shown,
        (
            Column("plant", "site.label"),
            Column("stage", "site.stage"),
            Column("free, t a year", _free_words),
            Column("sold to", _sold_to),
            Column("works on what comes from", "feed.origins", _joined),
            Column(f"through {found.without_label}", "feed", _through),
            Column(
                "rules in force", lambda x: _joined(act.title for act in x.acts) or "none on record"
            ),
            Column("source", lambda x: found.sources.get(x.site.tonnes.row, "")),
            Column("row", "site.tonnes.row", full=True),
        ),
        long=True,
    )


def _joined(names: Iterable[str] | None) -> str:
    return NOT_KNOWN if names is None else "; ".join(names)


def _sold_to(each: ReplacementCandidate) -> str:
    sold = []
    for order in each.orders:
        by = f" by {order.by}" if order.by else ""
        told = f", {order.told}" if order.told else ", amount not told"
        until = f" to {order.until}" if order.until else ""
        sold.append(f"{order.customer} ({order.kind}{by}{told}{until})")
    return _joined(dict.fromkeys(sold)) or "no order on record"


def _through(feed: Feed | None) -> str:
    if feed is None:
        return NOT_KNOWN
    return listed(feed.through) if feed.through else "not by the records"


def _free_words(each: ReplacementCandidate) -> str:
    if each.free.low == each.free.high or not each.orders:
        return tonnes(each.free.value)
    return between(each.free.low, each.free.high)


def slips_table(found: Replacement) -> Table:
    """Return how late plants of the past began, by stage."""
    rows = []
    for stage, curve in found.slips.curves.items():
        began = sum(x.happened for x in curve.delays)
        chances = (_odds(curve.begun(float(after))) for after in (0, 1, 3, 5))
        rows.append([stage or "all stages", str(len(curve.delays)), str(began), *chances])
    right = ("plans", "began", "on time", "1 y late", "3 y late", "5 y late")
    return Table(
        heading="How plans of the past began",
        columns=("stage", *right),
        rows=rows,
        remarks=(
            "By the first date given for each plant, here or in any country, as seen on "
            f"{day_words(found.day)}. One of which no record says that it began is awaited.",
        ),
        details=(
            "In brackets the range that holds nine times in ten.",
            "Product-limit estimate of Kaplan and Meier.",
        ),
        right=right,
    )


def plans_table(found: Replacement) -> Table:
    """Return the plans that the odds come from."""
    return table(
        "The plans that the odds come from",
        found.slips.found,
        (
            Column("plant", "label"),
            Column("stage", lambda x: x.stage or "whole"),
            Column("said", "said"),
            Column("to begin", "planned"),
            Column("began", lambda x: x.began or ("given up" if x.given_up else "not yet")),
            Column("years late", "years", one_decimal, right=True),
            Column("row", lambda x: x.rows[0], full=True),
        ),
        long=True,
    )


def _odds(odds: ValueRange | None) -> str:
    if odds is None:
        return NOT_KNOWN
    if odds.low == odds.high:
        return percent_cell(odds.value)
    return f"{percent_cell(odds.value)} ({points(odds.low)}-{points(odds.high)})"


class SupplyOrder(Value):
    """What a row says is sold, or to be sold."""

    customer: str  #: name of the customer
    country: str  #: code of the customer's country; empty where it is not told
    kind: str  #: offtake, planned, shipment or tolling
    goods: str  #: names of what is sold
    by: str  #: whose row it is: empty for the plant, or the name of the firm
    tonnes: float | None  #: of the element a year; None where no row tells
    told: str  #: the amount as the row has it; empty where it has none
    since: str  #: from when, as printed
    until: str  #: to when, as printed
    row: str


class Feed(Value):
    """Where a plant gets what it works on."""

    sellers: tuple[str, ...]  #: names of who sells to it, its own mine among them
    #: who of them, or behind them, stands in the country that is to be replaced
    through: tuple[str, ...]
    rows: tuple[str, ...]  #: keys of the rows that say so

    @property
    def origins(self) -> tuple[str, ...]:
        """Who sells to it; its own ore where nobody does."""
        return self.sellers or ("its own ore",)


class AimedAct(NamedTuple):
    """An act that is aimed at a plant or its firms."""

    id: str
    title: str


class ReplacementCandidate(Value):
    """A stage of a plant that could stand in."""

    site: ReplacementSite  #: the stage of the plant
    #: that it runs at the end of the year asked about; None where no row says when
    odds: ValueRange | None
    kind: str  #: the stage whose plants the odds come from; empty where they are of all stages
    orders: tuple[SupplyOrder, ...]  #: what is sold of it, as rows tell
    #: tonnes a year that no order takes; the least is 0 where an order tells no amount
    free: ValueRange
    feed: Feed | None  #: where it gets what it works on; None where no row says
    acts: tuple[AimedAct, ...]  #: acts in force that are aimed at it or its firms

    @property
    def customers(self) -> tuple[str, ...]:
        """Names of who buys of it."""
        return tuple(order.customer for order in self.orders)

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the acts that are aimed at it."""
        return tuple(act.id for act in self.acts)


class Replacement(Result):
    """Who could replace what a country makes, what of it is spoken for, and how far it goes."""

    records_key = "candidates"
    _json = (
        "element without market by day base_year covered=asked.covered "
        "least_stage=asked.least.stage candidates years need growth slips=slips.found "
        "assumptions=assumption_rows hangs missing notes"
    )

    element: str  #: symbol of the element chain; ``NdPr`` counts as one
    title: str
    without: str  #: code of the country that is to be replaced
    without_label: str  #: its name
    market: str
    market_label: str
    by: int  #: the year at whose end the question is asked
    day: str  #: on which the status of the plants is known
    base_year: int  #: whose output and use everything is measured against
    #: stages of plants outside, by stage; those of the base year among them
    candidates: tuple[ReplacementCandidate, ...]
    years: tuple[YearCover, ...]  #: what of the need is covered, year by year
    need: Need  #: of the base year, by stage, in tonnes of the element
    growth: Growth  #: of the need
    slips: Slips  #: how the plants of the past slipped
    #: how far what was made outside in the base year hung on the country, by stage
    hangs: tuple[StageHang, ...]
    missing: tuple[str, ...]  #: what would have to be known, or be built, that the answer lacks

    @property
    def asked(self) -> YearCover:
        """The year asked about."""
        return next(each for each in self.years if each.year == self.by)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that the market's need goes through."""
        return tuple(each.stage for each in self.asked.stages)

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """The rows of the tonnes of the plants."""
        return tuple(each.site.tonnes.row for each in self.candidates)

    def tables(self) -> list[Table]:
        """Return the answer, what is covered by year, all plants, and how plans slipped."""
        answer = [answer_table(self), years_table(self), all_plants_table(self), orders_table(self)]
        return [*answer, stages_table(self), slips_table(self), plans_table(self)]

    def short_tables(self) -> list[Table]:
        """Return the answer, the years, the plants that matter most, and how plans slipped."""
        answer = [answer_table(self), years_table(self), plants_table(self)]
        return [*answer, orders_table(self), slips_table(self)]

    def csv_tables(self) -> list[Table]:
        """Return the candidates as one table of plain values."""
        names = (
            "facility=site.facility label=site.label country=site.country stage=site.stage "
            "status=site.status in_base=site.in_base tonnes=site.tonnes.value "
            "low=site.tonnes.low high=site.tonnes.high kind=site.tonnes.kind "
            "product=site.tonnes.product joint=site.tonnes.joint starts=site.plan.printed "
            "odds=odds.value odds_low=odds.low odds_high=odds.high free_low=free.low "
            "free_high=free.high orders=customers feed=feed.origins through=feed.through rules "
            "row=site.tonnes.row"
        )
        return [bare_table(self.candidates, names, digits=6)]

    def headline(self) -> str:
        """Return the part of the need that is covered, in a few words."""
        parts = self.asked.covered
        value, low, high = map(percent_cell, (parts.value, parts.low, parts.high))
        what = f"{self.element} for {self.market} without {self.without} by {self.by}"
        return f"{what}: {value} ({low} to {high})"
