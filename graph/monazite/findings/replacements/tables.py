"""Who could replace a country, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.wording import counted, listed
from monazite.network.shares import WORLD
from monazite.rows.dates import day_words
from monazite.safe_text import percent as whole_percent
from monazite.safe_text import tonnes
from monazite.tables import NOT_KNOWN, Table, percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.replacements.coverage import YearCover
    from monazite.findings.replacements.need import ValueRange
    from monazite.findings.replacements.product_limit import Odds
    from monazite.findings.replacements.replacement import Replacement, ReplacementCandidate

_SHOWN = 4
"""Plants of a stage in the short report, those first that are likely to give most."""
_AFTER = (0, 1, 3, 5)
_PLAIN = (
    *("facility", "label", "country", "stage", "status", "in_base", "tonnes", "low", "high"),
    *("kind", "joint", "starts", "odds", "odds_low", "odds_high", "free_low", "free_high"),
    *("orders", "feed", "through", "rules", "row"),
)


def answer_words(found: Replacement) -> str:
    """Return the part of the need that is covered, in a few words."""
    return (
        f"{found.element} for {found.market} without {found.without} by {found.by}: "
        f"{_span(found.asked.covered)}"
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
            "scenarios": list(found.growth.scenarios),
            "rows": list(found.growth.rows),
            "factors": {str(year): asdict(x) for year, x in found.growth.factors.items()},
        },
        "slips": [asdict(each) for each in found.slips.found],
        "assumptions": [each.row for each in found.assumptions],
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
        *(site.tonnes.kind, ";".join(site.tonnes.joint)),
        site.plan.printed if site.plan is not None else "",
        *(
            ("", "", "")
            if odds is None
            else (f"{x:.6g}" for x in (odds.value, odds.low, odds.high))
        ),
        *(f"{x:.6g}" for x in (each.free.low, each.free.high)),
        ";".join(order.customer for order in each.orders),
        "" if each.feed is None else ";".join(each.feed.sellers),
        "" if each.feed is None else ";".join(each.feed.through),
        ";".join(name for name, _ in each.acts),
        site.tonnes.row,
    ]


def replacement_tables(found: Replacement) -> list[Table]:
    """Return the answer, what is covered by year, the plants, and how plans slipped."""
    coming = [each for each in found.candidates if not each.site.in_base]
    base = [each for each in found.candidates if each.site.in_base]
    return [
        _answer(found),
        _years(found),
        _plants(found, coming),
        _orders(found),
        _base(found, base),
        _slips(found),
        _plans(found),
    ]


def _answer(found: Replacement) -> Table:
    asked, first = found.asked, found.years[0]
    least = asked.least
    market, without = named(found.market_label), named(found.without_label)
    whose = f"what {market} needs" if found.market != WORLD else f"what {_all_but(found)} need"
    remarks = [
        f"By the end of {found.by}, {_percent(asked.covered.value)} of {whose} could come from "
        f"outside {without}: {_percent(asked.covered.low)} from what runs today, "
        f"{_percent(asked.covered.high)} if all begins when its owner says.",
        f"Least comes from {least.stage}: {tonnes(least.base + least.added.value)} t of "
        f"{found.element} outside {without}, for {tonnes(least.need_of_all.value)} t that all "
        "there need.",
    ]
    if first.year != found.by:
        remarks.append(
            f"At the end of {first.year} it is {_percent(first.covered.value)}, in "
            f"{found.years[-1].year} {_percent(found.years[-1].covered.value)}."
        )
    if least.first > least.covered.value + 0.005 and found.market != WORLD:
        remarks.append(
            f"If {market} were served before all others it would be "
            f"{_percent(min(x.first for x in asked.stages))}."
        )
    full = next((x.year for x in found.years if x.covered.value >= 1), None)
    remarks += found.missing
    remarks.append(
        f"All of it is first covered in {full}."
        if full is not None
        else f"In no year to {found.years[-1].year} is all of it covered."
    )
    return Table(
        heading=f"{found.element} for {market} without {without}, by the end of {found.by}",
        columns=(),
        rows=[],
        remarks=tuple(remarks),
        details=found.notes,
    )


def _all_but(found: Replacement) -> str:
    return "all" if found.need.of_all else f"all but {named(found.without_label)}"


def _years(found: Replacement) -> Table:
    scenarios = found.growth.scenarios
    remarks = [
        f"Need: tonnes of {found.element} for what the market took in {found.base_year}, at the "
        "stage that covers least.",
        f"It grows by the middle of {len(scenarios)} scenarios ({', '.join(scenarios)}), at one "
        "rate between the years that they print."
        if scenarios
        else "We found no scenario of how the need grows: it is held at that of the base year.",
        f"What is outside {named(found.without_label)} is shared in proportion to need.",
    ]
    return Table(
        heading="What is covered, year by year",
        columns=("year", "need, t", "least at", "covered", "runs today", "as promised"),
        rows=[_year(each) for each in found.years],
        remarks=tuple(remarks),
        right=("need, t", "covered", "runs today", "as promised"),
    )


def _year(each: YearCover) -> list[str]:
    least, covered = each.least, each.covered
    return [
        str(each.year),
        tonnes(least.need.value),
        least.stage,
        percent(covered.value),
        percent(covered.low),
        percent(covered.high),
    ]


def _plants(found: Replacement, coming: list[ReplacementCandidate]) -> Table:
    by_stage = {stage: [x for x in coming if x.site.stage == stage] for stage in found.stages}
    ranked = {stage: sorted(each, key=_worth) for stage, each in by_stage.items()}
    rows = [_plant(x) for stage in found.stages for x in ranked[stage]]
    short = sum(min(_SHOWN, len(each)) for each in ranked.values())
    remarks = [
        f"Tonnes of {found.element} a year, as rows tell or as what they count holds. "
        f"Odds: that it runs at the end of {found.by}, by how late plans of the past began."
    ]
    if any(x.site.tonnes.joint for x in coming):
        remarks.append("With +: one number of a row for several elements, split as ore holds them.")
    if short < len(rows):
        remarks.append(f"{counted(len(rows), 'plant')} in all.")
    kept = [_plant(x) for stage in found.stages for x in ranked[stage][:_SHOWN]]
    return Table(
        heading="What comes on top of the base year",
        columns=("plant", "where", "stage", "t a year", "status", "begins", "odds"),
        rows=kept,
        remarks=tuple(remarks),
        right=("t a year", "odds"),
        spare=("where",),
    )


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
        site.plan.printed if site.plan is not None else (site.since or NOT_KNOWN),
        NOT_KNOWN if each.odds is None else percent(each.odds.value),
    ]


def _orders(found: Replacement) -> Table:
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


def _base(found: Replacement, base: list[ReplacementCandidate]) -> Table:
    rows = [
        [stage.stage, tonnes(stage.base), tonnes(stage.need.value), tonnes(stage.need_of_all.value)]
        for stage in found.years[0].stages
    ]
    plants = listed(dict.fromkeys(f"{x.site.label} ({x.site.stage})" for x in base))
    return Table(
        heading=f"What {found.base_year} made outside {named(found.without_label)}, "
        f"and what {found.years[0].year} needs",
        columns=("stage", "made, t", "the market needs, t", "all outside need, t"),
        rows=rows,
        remarks=(f"In it: {plants}.",) if plants else (),
        right=("made, t", "the market needs, t", "all outside need, t"),
        long=True,
    )


def _slips(found: Replacement) -> Table:
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
            "The first date that was given for each plant, seen on "
            f"{day_words(found.day)}; what has not begun counts as awaited to then. "
            "Product-limit estimate.",
        ),
        details=("In brackets the range that holds nine times in ten.",),
        right=("plans", "began", "on time", *(f"{after} y late" for after in _AFTER[1:])),
    )


def _plans(found: Replacement) -> Table:
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
        return percent(odds.value)
    return f"{percent(odds.value)} ({round(100 * odds.low)}-{round(100 * odds.high)})"


def _percent(part: float) -> str:
    return whole_percent(part)


def _span(span: ValueRange) -> str:
    return f"{percent(span.value)} ({percent(span.low)} to {percent(span.high)})"
