"""Who could replace a country, as JSON and as CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.replacements.replacement import Replacement, ReplacementCandidate

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
