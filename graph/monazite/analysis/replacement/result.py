"""The tables of who could replace a country, in their order, whole and short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import ClassVar

from monazite.analysis.replacement.candidates import ReplacementSite
from monazite.analysis.replacement.need import Growth, Need, StageHang, ValueRange, YearCover
from monazite.analysis.replacement.orders import Feed, SupplyOrder
from monazite.analysis.replacement.slips import Odds, Slips
from monazite.core.formats import NOT_KNOWN, counted, tonnes
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.dates import day_words
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital, listed
from monazite.store.names import named

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
        f"By the end of {found.by}, {percent_cell(asked.covered.value)} of {whose} of "
        f"{found.element} "
        f"is likely to come from outside {without}.",
        f"It is {percent_cell(asked.covered.low)} with what runs today, and "
        f"{percent_cell(asked.covered.high)} if all begins when its owner says.",
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
        percent_cell(covered.value),
        percent_cell(covered.low),
        percent_cell(covered.high),
    ]


def stages_table(found: Replacement) -> Table:
    """Return made, needed and covered by stage at the end of the year asked about."""
    rows = [
        [
            *(stage.stage, tonnes(stage.base), tonnes(stage.added.value)),
            *(tonnes(stage.need.value), f"{tonnes(stage.need.low)} to {tonnes(stage.need.high)}"),
            *(tonnes(stage.need_of_all.value), percent_cell(stage.covered.value)),
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
    return f"{percent_cell(span.value)} ({percent_cell(span.low)} to {percent_cell(span.high)})"


_PLAIN = (
    *("facility", "label", "country", "stage", "status", "in_base", "tonnes", "low", "high"),
    *(
        "kind",
        "product",
        "joint",
        "starts",
        "odds",
        "odds_low",
        "odds_high",
        "free_low",
        "free_high",
    ),
    *("orders", "feed", "through", "rules", "row"),
)


def replacement_dict(found: Replacement) -> dict[str, object]:
    """Return the answer as JSON takes it: tonnes of the element, parts and odds from 0 to 1."""
    asked = found.asked
    return {
        "element": found.element,
        "without": found.without,
        "market": found.market,
        "by": found.by,
        "day": found.day,
        "base_year": found.base_year,
        "covered": asdict(asked.covered),
        "least_stage": asked.least.stage,
        "candidates": [_candidate_dict(each) for each in found.candidates],
        "years": [
            {
                "year": each.year,
                "covered": asdict(each.covered),
                "least_stage": each.least.stage,
                "stages": [asdict(stage) for stage in each.stages],
            }
            for each in found.years
        ],
        "need": {"taken": found.need.taken, "market": {**found.need.market}},
        "growth": {
            "material": found.growth.material,
            "scenarios": list(found.growth.scenarios),
            "rows": list(found.growth.rows),
            "factors": {str(year): asdict(x) for year, x in found.growth.factors.items()},
        },
        "slips": [asdict(each) for each in found.slips.found],
        "assumptions": [each.row for each in found.assumptions],
        "hangs": [asdict(each) for each in found.hangs],
        "missing": list(found.missing),
        "notes": list(found.notes),
    }


def _candidate_dict(each: ReplacementCandidate) -> dict[str, object]:
    told = asdict(each)
    told["acts"] = [{"id": name, "title": title} for name, title in each.acts]
    return told


def candidates_csv(found: Replacement) -> Table:
    """Return the plants as one table of plain values, for CSV."""
    return Table("", _PLAIN, [_plain(each) for each in found.candidates])


def _plain(each: ReplacementCandidate) -> list[str]:
    site, odds = each.site, each.odds
    return [
        *(site.facility, site.label, site.country, site.stage, site.status),
        str(site.in_base).lower(),
        *(f"{x:.6g}" for x in (site.tonnes.value, site.tonnes.low, site.tonnes.high)),
        *(site.tonnes.kind, site.tonnes.product, ";".join(site.tonnes.joint)),
        site.plan.printed if site.plan is not None else "",
        *(
            ("", "", "")
            if odds is None
            else (f"{x:.6g}" for x in (odds.value, odds.low, odds.high))
        ),
        *(f"{x:.6g}" for x in (each.free.low, each.free.high)),
        ";".join(order.customer for order in each.orders),
        "" if each.feed is None else ";".join(each.feed.sellers) or "its own ore",
        "" if each.feed is None else ";".join(each.feed.through),
        ";".join(name for name, _ in each.acts),
        site.tonnes.row,
    ]


_SHOWN = 4
"""Plants of a stage in the short report, those first that are likely to give most."""


def _ranked(found: Replacement) -> dict[str, list[ReplacementCandidate]]:
    """What comes on top, by stage, what is likely to give most first."""
    coming = [each for each in found.candidates if not each.site.in_base]
    return {
        stage: sorted((x for x in coming if x.site.stage == stage), key=_worth)
        for stage in found.stages
    }


def plants_table(found: Replacement) -> Table:
    """Return the plants that come on top, those first that are likely to give most."""
    ranked = _ranked(found)
    shown = [x for stage in found.stages for x in ranked[stage][:_SHOWN]]
    count = sum(len(each) for each in ranked.values())
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
    return Table(
        heading="What comes on top",
        columns=("plant", "where", "stage", "t a year", "status", "begins", "odds"),
        rows=[_plant(x) for x in shown],
        remarks=tuple(remarks),
        right=("t a year", "odds"),
        spare=("where",),
    )


def all_plants_table(found: Replacement) -> Table:
    """Return every plant and mine outside, those of the base year last."""
    base = [x for x in found.candidates if x.site.in_base]
    rows = [_whole_plant(x) for each in _ranked(found).values() for x in each]
    rows += [_whole_plant(x) for x in base]
    return Table(
        heading="Plants and mines outside",
        columns=(
            *("plant", "where", "stage", "product", "t a year", "range", "record", "status"),
            *("begins", "odds", "range of odds", "in the base year"),
        ),
        rows=rows,
        remarks=(
            f"Tonnes of {found.element} a year. Quarter: a record of three months, four times.",
            "A joint number is of several elements together, as its product says: the part is "
            "split as ore holds them, and the range is from none to all.",
        ),
        right=("t a year",),
    )


def _whole_plant(each: ReplacementCandidate) -> list[str]:
    site, odds = each.site, each.odds
    made = site.tonnes
    return [
        site.label,
        site.country,
        site.stage,
        f"{made.product}{', jointly' if made.joint else ''}",
        tonnes(made.value),
        f"{tonnes(made.low)} to {tonnes(made.high)}",
        made.kind.replace("-", " ") + (", quarter" if made.quarter else ""),
        site.status + (", perhaps" if site.certainty == "perhaps" else ""),
        _begins(each),
        NOT_KNOWN if odds is None else percent_cell(odds.value),
        NOT_KNOWN if odds is None else f"{percent_cell(odds.low)} to {percent_cell(odds.high)}",
        "yes" if site.in_base else "no",
    ]


def _begins(each: ReplacementCandidate) -> str:
    site = each.site
    return site.plan.printed if site.plan is not None else site.since or NOT_KNOWN


def _worth(each: ReplacementCandidate) -> tuple[float, str]:
    odds = 0.0 if each.odds is None else each.odds.value
    return -each.site.tonnes.value * odds, each.site.label


def _plant(each: ReplacementCandidate) -> list[str]:
    site = each.site
    joint = f" +{','.join(site.tonnes.joint)}" if site.tonnes.joint else ""
    return [
        site.label,
        site.country,
        site.stage,
        f"{tonnes(site.tonnes.value)}{joint}",
        site.status + ("" if site.certainty != "perhaps" else ", perhaps"),
        _begins(each),
        odds_words(each.odds),
    ]


def odds_words(odds: Odds | None) -> str:
    """Return odds in words: the range where the odds are none and may be many."""
    if odds is None:
        return NOT_KNOWN
    low, value, high = percent_cell(odds.low), percent_cell(odds.value), percent_cell(odds.high)
    none = percent_cell(0.0)
    return f"{low.removesuffix(' %')} to {high}" if value == none != high else value


def orders_table(found: Replacement) -> Table:
    """Return what is sold of each plant, what it works on, and acts aimed at it."""
    rows = []
    for each in found.candidates:
        site = each.site
        if not (each.orders or each.feed or each.acts) and site.in_base:
            continue
        rows.append(
            [
                site.label,
                site.stage,
                _free_words(each),
                "; ".join(dict.fromkeys(_order_words(each))) or "no order on record",
                NOT_KNOWN if each.feed is None else "; ".join(each.feed.sellers) or "its own ore",
                _through(each),
                "; ".join(title for _, title in each.acts) or "none on record",
                found.sources.get(site.tonnes.row, ""),
                site.tonnes.row,
            ]
        )
    return Table(
        heading="What is spoken for, where it gets what it works on, and rules aimed at it",
        columns=(
            *("plant", "stage", "free, t a year", "sold to", "works on what comes from"),
            *(f"through {found.without_label}", "rules in force", "source", "row"),
        ),
        rows=rows,
        keys=("row",),
        long=True,
    )


def _free_words(each: ReplacementCandidate) -> str:
    if each.free.low == each.free.high or not each.orders:
        return tonnes(each.free.value)
    return f"{tonnes(each.free.low)} to {tonnes(each.free.high)}"


def _order_words(each: ReplacementCandidate) -> Iterable[str]:
    for order in each.orders:
        by = f" by {order.by}" if order.by else ""
        told = f", {order.told}" if order.told else ", amount not told"
        until = f" to {order.until}" if order.until else ""
        yield f"{order.customer} ({order.kind}{by}{told}{until})"


def _through(each: ReplacementCandidate) -> str:
    if each.feed is None:
        return NOT_KNOWN
    return listed(each.feed.through) if each.feed.through else "not by the records"


_AFTER = (0, 1, 3, 5)


def slips_table(found: Replacement) -> Table:
    """Return how late plants of the past began, by stage."""
    rows = []
    for stage, curve in found.slips.curves.items():
        chances = [curve.begun(float(after)) for after in _AFTER]
        rows.append(
            [
                stage or "all stages",
                str(len(curve.delays)),
                str(sum(x.happened for x in curve.delays)),
                *(_odds(each) for each in chances),
            ]
        )
    return Table(
        heading="How plans of the past began",
        columns=(
            *("stage", "plans", "began", "on time"),
            *(f"{after} y late" for after in _AFTER[1:]),
        ),
        rows=rows,
        remarks=(
            "By the first date given for each plant, here or in any country, as seen on "
            f"{day_words(found.day)}. One of which no record says that it began is awaited.",
        ),
        details=(
            "In brackets the range that holds nine times in ten.",
            "Product-limit estimate of Kaplan and Meier.",
        ),
        right=("plans", "began", "on time", *(f"{after} y late" for after in _AFTER[1:])),
    )


def plans_table(found: Replacement) -> Table:
    """Return the plans that the odds come from."""
    return Table(
        heading="The plans that the odds come from",
        columns=("plant", "stage", "said", "to begin", "began", "years late", "row"),
        rows=[
            [
                each.label,
                each.stage or "whole",
                each.said,
                each.planned,
                each.began or ("given up" if each.given_up else "not yet"),
                f"{each.years:.1f}",
                each.rows[0],
            ]
            for each in found.slips.found
        ],
        keys=("row",),
        right=("years late",),
        long=True,
    )


def _odds(odds: Odds | None) -> str:
    if odds is None:
        return NOT_KNOWN
    if odds.low == odds.high:
        return percent_cell(odds.value)
    return f"{percent_cell(odds.value)} ({round(100 * odds.low)}-{round(100 * odds.high)})"


def replacement_tables(found: Replacement) -> list[Table]:
    """Return the answer, what is covered by year, all plants, and how plans slipped."""
    return [
        answer_table(found),
        years_table(found),
        all_plants_table(found),
        orders_table(found),
        stages_table(found),
        slips_table(found),
        plans_table(found),
    ]


def short_replacement_tables(found: Replacement) -> list[Table]:
    """Return the answer, what is covered by year, the plants that matter most, and how they slip.

    What is longer is of the full report.
    """
    return [
        answer_table(found),
        years_table(found),
        plants_table(found),
        orders_table(found),
        slips_table(found),
    ]


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
