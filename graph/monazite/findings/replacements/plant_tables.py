"""Plants and mines that could stand in, as tables: what each gives, when, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monazite.findings.wording import listed
from monazite.safe_text import counted, tonnes
from monazite.tables import NOT_KNOWN, Table, percent

if TYPE_CHECKING:
    from monazite.findings.replacements.product_limit import Odds
    from monazite.findings.replacements.replacement import Replacement, ReplacementCandidate

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
        NOT_KNOWN if odds is None else percent(odds.value),
        NOT_KNOWN if odds is None else f"{percent(odds.low)} to {percent(odds.high)}",
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
    low, value, high = percent(odds.low), percent(odds.value), percent(odds.high)
    none = percent(0.0)
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
