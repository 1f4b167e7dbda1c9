"""Supply risks of a stage: of the European Commission, the American survey, and GeoPolRisk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from math import fsum

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.concentration.formulas import MAX_RISK, eu_supply_risk, geopolrisk
from monazite.analysis.concentration.inputs import (
    RECALLED,
    IndexInputs,
    PrintedIndex,
    QuotedIndex,
    Sourcing,
    WeightedIndex,
    of_line,
)
from monazite.core.formats import NOT_KNOWN, bounded_percent, exact, marked
from monazite.model.network.facts import Facts

EDITION = 2017
ASSESSED = {"mine": "extraction", "separation": "processing"}
"""The stages of the European assessment, by ours; it has no other."""
RELIANCE = "net import reliance, compounds and metals"
SOURCING = "share-of-eu-sourcing"
NO_TRADE_PARAMETER = "No record gives the trade parameter: we assume 1."


def eu_supply_risks(
    inputs: IndexInputs, line: ConcentrationYear, weighted: WeightedIndex
) -> Iterator[QuotedIndex]:
    """Yield the European supply risk: from the inputs the report prints, and from our shares."""
    assessed = ASSESSED.get(line.stage, "none")
    yield printed_risk(inputs, line.stage, assessed)
    factors = {
        "import reliance": inputs.printed("ir-import-reliance", EDITION, assessed),
        "recycling input rate": inputs.printed("eol-rir", EDITION, assessed),
        "substitution index": inputs.printed("si-sr-substitution-index", EDITION, assessed),
    }
    readings = {reading.basis: reading for reading in inputs.sourcing(line.stage)}
    sourcing = readings.get(SOURCING)
    missing = [f"{name} at {line.stage}" for name, factor in factors.items() if factor is None]
    missing += [] if sourcing else [f"sourcing of the Union at {line.stage}"]
    base = replace(
        of_line(line, "eu-supply-risk-political-stability", "0 to 10"),
        market="EUE",
        equation=RECALLED,
        rows=(*line.rows, *weighted.rows),
        missing=(*missing, *weighted.missing),
    )
    known = [factor for factor in factors.values() if factor is not None]
    if sourcing is None or len(known) < len(factors):
        yield base
    else:
        yield _own_risk(inputs, base, weighted, sourcing, known)


def _own_risk(
    inputs: IndexInputs,
    base: QuotedIndex,
    weighted: WeightedIndex,
    sourcing: Sourcing,
    factors: list[PrintedIndex],
) -> QuotedIndex:
    """The European supply risk of our shares, where every other input is printed."""
    rest = max(0.0, 1 - fsum(sourcing.shares.values()))
    union = inputs.weigh(sourcing.shares, rest, sourcing.year)
    low, high = (
        eu_supply_risk(world, sourced, *(factor.value for factor in factors))
        for world, sourced in ((weighted.low, union.low), (weighted.high, union.high))
    )
    missing = (*weighted.missing, *union.missing)
    rows = (*base.rows, *sourcing.rows, *union.rows, *(factor.row for factor in factors))
    return replace(
        base,
        value=None if missing else low,
        low=low,
        high=high,
        rows=tuple(dict.fromkeys(rows)),
        missing=missing,
        figure=" and ".join(sorted({base.figure, sourcing.figure} - {""})),
        note=(
            f"Sourcing of {sourcing.year}; reliance, recycling and substitution as printed in "
            f"{EDITION}. {NO_TRADE_PARAMETER} {weighted.note}".strip()
        ),
    )


def printed_risk(inputs: IndexInputs, stage: str, assessed: str) -> QuotedIndex:
    """Return the European supply risk of the inputs that the report prints."""
    names = {
        "global supply": "hhi-wgi-t-global-supply",
        "sourcing of the Union": "hhi-wgi-t-eu-supply",
        "import reliance": "ir-import-reliance",
        "recycling input rate": "eol-rir",
        "substitution index": "si-sr-substitution-index",
    }
    found = {name: inputs.printed(metric, EDITION, assessed) for name, metric in names.items()}
    known = [number for number in found.values() if number is not None]
    printed = inputs.printed("sr-supply-risk", EDITION, assessed)
    whole = len(known) == len(found)
    value, low, high = risk_of(*known) if whole else (None, None, None)
    return QuotedIndex(
        stage=stage,
        index="eu-supply-risk-2017",
        value=value,
        low=low,
        high=high,
        unit="0 to 10",
        year=EDITION if known else None,
        basis="printed inputs" if known else NOT_KNOWN,
        denominator="as printed" if known else NOT_KNOWN,
        rows=tuple(number.row for number in known),
        equation=RECALLED,
        market="EUE",
        missing=tuple(f"printed {name}" for name, number in found.items() if number is None),
        note=f"The report itself prints {exact(printed.value)} ({printed.row})." if printed else "",
    )


def risk_of(
    world: PrintedIndex | None,
    union: PrintedIndex | None,
    reliance: PrintedIndex,
    recycling: PrintedIndex,
    substitution: PrintedIndex,
) -> tuple[float, float, float]:
    """Return the European supply risk of printed inputs, and what their rounding allows."""
    supplies = (world.value if world else None, union.value if union else None)
    value = eu_supply_risk(*supplies, reliance.value, recycling.value, substitution.value)
    ends = []
    for end, recycled in (("low", recycling.high), ("high", recycling.low)):
        supplied = (getattr(world, end) if world else None, getattr(union, end) if union else None)
        substituted = min(1.0, getattr(substitution, end))
        bounds = (reliance.low, reliance.high)
        ends += [eu_supply_risk(*supplied, bound, recycled, substituted) for bound in bounds]
    return value, min(ends), max(ends)


def usgs_risk(inputs: IndexInputs, line: ConcentrationYear) -> QuotedIndex:
    """Return the supply risk of the American Geological Survey, whose inputs are mostly missing.

    ``SR = (DP * TE * EV)^(1/3)``: potential of a disruption, trade exposure, economic
    vulnerability; only the trade exposure has rows. Nassar et al., Science Advances 6 (2020),
    eaay8647; recalled.
    """
    printed = [answer for answer in inputs.reliance if answer["what"] == "reliance"]
    exposure = [answer for answer in printed if answer["of"] == RELIANCE]
    newest = max(exposure, key=lambda a: (a["year"], a["source"]), default=None)
    missing = [
        "willingness and ability of each country to supply",
        "spending of using industries against their earnings and value added",
    ]
    note = ""
    if newest is None:
        missing.append("net import reliance")
    else:
        figure = inputs.facts.marks.get(newest.row(), "")
        reliance = marked(bounded_percent(newest.number("number") / 100, figure), figure)
        note = (
            f"Trade exposure alone: the net import reliance of all rare earths is "
            f"{reliance} in {newest['year']}."
        )
    return replace(
        of_line(line, "usgs-supply-risk-2020", "0 to 1"),
        figure="",
        year=newest.year() if newest else None,
        basis="net-import-reliance" if newest else NOT_KNOWN,
        denominator="apparent consumption" if newest else NOT_KNOWN,
        rows=(newest.row(),) if newest else (),
        equation=RECALLED,
        market="USA",
        missing=tuple(missing),
        note=note,
    )


def geopolitical_risk(inputs: IndexInputs, line: ConcentrationYear) -> QuotedIndex:
    """Return the importer's geopolitical supply risk, by the goods that leave the stage last."""
    facts, market = inputs.facts, inputs.market
    base = replace(of_line(line, "geopolrisk", "0 to 1"), market=market, denominator="imports")
    codes = _codes(facts, line.stage)
    members = sorted(facts.areas.get(market, {market}))
    years = [facts.trade_year(codes, each, reconciled=True) for each in members]
    year = max((each for each in years if each is not None), default=None) if codes else None
    if year is None or line.hhi is None:
        wanted = "imports by country of what leaves the stage" if year is None else "shares"
        return replace(base, missing=(wanted,))
    flows = [
        flow
        for flow in facts.flows(year)
        if flow.reconciled and flow.code in codes and flow.tonnes
        if flow.importer in members and flow.exporter not in members
    ]
    weights = {flow.exporter: inputs.risk(flow.exporter, year) for flow in flows}
    missing = sorted(place for place, risk in weights.items() if risk is None)
    imports: dict[str, float] = defaultdict(float)
    for flow in flows:
        imports[flow.exporter] += flow.tonnes or 0.0
    value, low, high = (
        geopolrisk(
            (index or line.hhi) / 10_000,
            imports,
            {place: (risk.risk / MAX_RISK if risk else end) for place, risk in weights.items()},
            0.0,
        )
        for index, end in ((line.hhi, 0.0), (line.hhi_low, 0.0), (line.hhi_high, 1.0))
    )
    rows = [flow.row for flow in flows] + [risk.row for risk in weights.values() if risk]
    inside = " Trade between the members of the area does not count." if members[1:] else ""
    return replace(
        base,
        value=None if missing else value,
        low=low,
        high=high,
        rows=(*line.rows, *sorted(rows)),
        missing=tuple(f"political stability of {place}" for place in missing),
        note=(
            f"Imports of {year} by gross weight under {', '.join(sorted(codes))}, all rare earths "
            "together, since the codes do not split the elements; the importer's own output is "
            f"left out, which makes the risk an upper end.{inside}"
        ),
    )


def _codes(facts: Facts, stage: str) -> set[str]:
    """The customs codes whose goods leave this stage, and no later one."""
    order = [code for code, _ in facts.stages]
    routes = facts.routes.items()
    return {
        code for code, steps in routes if max((at for at, _ in steps), key=order.index) == stage
    }
