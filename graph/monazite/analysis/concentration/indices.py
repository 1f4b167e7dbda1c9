"""The indices people quote, worked out for the stages of an element with the rows of each.

Every stage has every index: where an input has no row, the index is not known and says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from math import fsum
from typing import Any

from monazite.analysis.concentration.by_year import ConcentrationYear, concentration_series
from monazite.analysis.concentration.inputs import (
    MAX_RISK,
    RECALLED,
    UNION_LIMIT,
    IndexInputs,
    PrintedIndex,
    QuotedIndex,
    Sourcing,
    WeightedIndex,
    eu_supply_risk,
    geopolrisk,
    of_line,
    without_largest,
)
from monazite.analysis.concentration.shares import first_row, top_shares
from monazite.core.columns import Column, table
from monazite.core.formats import (
    NOT_KNOWN,
    bounded_percent,
    exact,
    fixed,
    index_words,
    marked,
    percent,
    whole,
)
from monazite.core.results import Listing
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import IMPORTER
from monazite.model.network.facts import Facts
from monazite.model.network.shares import split_stage

EDITION = 2017
ASSESSED = {"mine": "extraction", "separation": "processing"}
"""The stages of the European assessment, by ours; it has no other."""
RELIANCE = "net import reliance, compounds and metals"
PRINTED_INPUTS = {
    "global supply": "hhi-wgi-t-global-supply",
    "sourcing of the Union": "hhi-wgi-t-eu-supply",
    "import reliance": "ir-import-reliance",
    "recycling input rate": "eol-rir",
    "substitution index": "si-sr-substitution-index",
}
"""What the European report prints of each stage, by its metric; the last three are factors."""


def eu_supply_risks(
    inputs: IndexInputs, line: ConcentrationYear, weighted: WeightedIndex
) -> Iterator[QuotedIndex]:
    """Yield the European supply risk: from the inputs the report prints, and from our shares."""
    assessed = ASSESSED.get(line.stage, "none")
    found = {
        name: inputs.printed(metric, EDITION, assessed) for name, metric in PRINTED_INPUTS.items()
    }
    known = [number for number in found.values() if number is not None]
    printed = inputs.printed("sr-supply-risk", EDITION, assessed)
    value, low, high = risk_of(*known) if len(known) == len(found) else (None, None, None)
    yield QuotedIndex(
        stage=line.stage,
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
    factors = {name: found[name] for name in [*PRINTED_INPUTS][2:]}
    readings = {reading.basis: reading for reading in inputs.sourcing(line.stage)}
    sourcing = readings.get("share-of-eu-sourcing")
    missing = [f"{name} at {line.stage}" for name, factor in factors.items() if factor is None]
    missing += [] if sourcing else [f"sourcing of the Union at {line.stage}"]
    base = replace(
        of_line(line, "eu-supply-risk-political-stability", "0 to 10"),
        market="EUE",
        equation=RECALLED,
        rows=(*line.rows, *weighted.rows),
        missing=(*missing, *weighted.missing),
    )
    given = [factor for factor in factors.values() if factor is not None]
    if sourcing is None or len(given) < len(factors):
        yield base
    else:
        yield _own_risk(inputs, base, weighted, sourcing, given)


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
            f"{EDITION}. No record gives the trade parameter: we assume 1. {weighted.note}".strip()
        ),
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
    order = [code for code, _ in facts.stages]
    codes = {  # whose goods leave this stage, and no later one
        code
        for code, steps in facts.routes.items()
        if max((at for at, _ in steps), key=order.index) == line.stage
    }
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


def supply_without_largest(inputs: IndexInputs, line: ConcentrationYear) -> Iterator[QuotedIndex]:
    """Yield the supply left, over the demand of the world and over that of all others."""
    split = split_stage(inputs.facts.own_figures, line.stage, line.year)
    names: dict[str, tuple[str, ...]] = {
        "n-1-of-world-demand": ("the world",),
        "n-1-of-demand-outside": ("the world", line.leader_label),
    }
    if split is None or split.world_tonnes is None or not line.leader:
        for name in names:
            wanted = ("supply in tonnes, country by country",)
            yield replace(of_line(line, name, "part"), missing=wanted)
        return
    demands = {
        "the world": inputs.demand(line.stage, "WLD", line.year, line.basis),
        line.leader_label: inputs.demand(line.stage, line.leader, line.year, line.basis),
    }
    supply = {place: share.share * split.world_tonnes for place, share in split.shares.items()}
    for name, places in names.items():
        known = [number for place in places if (number := demands[place]) is not None]
        base = replace(
            of_line(line, name, "part"),
            denominator=f"demand {'outside the largest' if places[1:] else 'of the world'}",
            rows=(*line.rows, *(row for _, row in known)),
            missing=tuple(
                f"demand of {place} in {line.year} on the basis {line.basis}"
                for place in places
                if demands[place] is None
            ),
        )
        if base.missing:
            yield base
            continue
        demand = known[0][0] - fsum(tonnes for tonnes, _ in known[1:])
        left = without_largest(supply, demand, rest=split.rest * split.world_tonnes)
        note = f"Without {line.leader_label}: {percent(left)} of the need could be served."
        yield replace(base, value=left, low=left, high=left, note=note)


def union_limit(inputs: IndexInputs, line: ConcentrationYear) -> QuotedIndex:
    """Return the limit of the Union's act: the largest third country against 65 %."""
    readings = inputs.sourcing(line.stage)
    base = replace(of_line(line, "union-65-percent", "part"), market="EUE")
    if not readings:
        wanted = "annual consumption of the Union by third country"
        unknown: dict[str, Any] = dict.fromkeys(("denominator", "basis", "figure"), NOT_KNOWN)
        return replace(base, **unknown, rows=(), missing=(wanted,), year=None)
    thirds = [
        {place: share for place, share in reading.shares.items() if place not in reading.members}
        for reading in readings
    ]
    first, shares = readings[0], thirds[0]
    largest = max(shares, key=lambda place: (shares[place], place))
    label = inputs.facts.country_labels[largest]
    verdict = "above" if shares[largest] > UNION_LIMIT else "not above"
    of_use = first.basis == "share-of-country-use"
    others = " ".join(
        f"By {reading.basis} of {reading.year}: "
        f"{marked(percent(max(found.values())), reading.figure)}."
        for reading, found in zip(readings[1:], thirds[1:], strict=True)
    )
    return replace(
        base,
        value=shares[largest],
        low=min(max(found.values()) for found in thirds),
        high=max(max(found.values()) for found in thirds),
        year=first.year,
        basis=first.basis,
        denominator=first.basis,
        rows=tuple(row for reading in readings for row in reading.rows),
        figure=first.figure,
        missing=() if of_use else ("annual consumption of the Union",),
        note=(
            f"{label} is {verdict} {percent(UNION_LIMIT)}"
            f"{f', by a {first.figure}' if first.figure else ''}. {others}"
        ).strip(),
    )


LABELS = {
    "hhi": "HHI",
    "top-3": "three largest",
    "hhi-wgi": "HHI weighted by governance, six dimensions",
    "hhi-political-stability": "HHI weighted by political stability only",
    "eu-supply-risk-2017": "EU supply risk, from the inputs printed in 2017",
    "eu-supply-risk-political-stability": "EU supply risk of 2017, political stability only",
    "usgs-supply-risk-2020": "USGS supply risk, method of 2020",
    "geopolrisk": "GeoPolRisk, imports alone",
    "n-1-of-world-demand": "N-1 of world demand",
    "n-1-of-demand-outside": "N-1 of demand outside the largest supplier",
    "union-65-percent": "largest third country (EU limit 65 %)",
}
PRINTED = "Indices are of shares as records print them: other figures than a reconciled year has."


def _range(line: QuotedIndex) -> str:
    if line.unit == "0 to 10,000" and (line.low is None) != (line.high is None):
        return index_words(None, line.low, line.high)
    low, high = number(line.low, line.unit), number(line.high, line.unit)
    return low if low == high else f"{low} to {high}"


def number(value: float | None, unit: str) -> str:
    """Return a value with the digits that its scale bears."""
    if value is None:
        return NOT_KNOWN
    if unit == "0 to 10,000":
        return whole(value)
    return percent_cell(value) if unit == "part" else fixed(value, 2)


_COLUMNS = (
    Column("index", "index", LABELS.__getitem__),
    Column("value", lambda line: number(line.value, line.unit), right=True),
    Column("range", _range, spare=4),
    Column("scale", "unit"),
    Column("figure", lambda line: line.figure or "measured"),
    Column("for", lambda line: line.market or "world"),
    Column("year", lambda line: line.year or NOT_KNOWN, right=True),
    Column("basis", "basis", spare=3),
    Column("of", "denominator", spare=2),
    Column("equation", "equation", spare=1),
    Column("not known for want of", "missing", ", ".join),
    Column("row", "rows", first_row, full=True),
)


class Indices(Listing[QuotedIndex]):
    """The indices that people quote, of the newest year of each stage of an element."""

    records_key = "indices"
    _bare = (
        "stage index value low high unit year market basis denominator equation missing rows note "
        "figure"
    )

    element: str
    market: str  #: code of the country whose imports count for the geopolitical supply risk
    indices: tuple[QuotedIndex, ...]  #: in the order of the chain; every stage has every index

    def tables(self) -> list[Table]:
        """Return one table of indices for each stage."""
        return [
            table(
                f"{self.element} at stage {stage}: indices that people quote",
                found,
                _COLUMNS,
                (*(f"{LABELS[line.index]}: {line.note}" for line in found if line.note), PRINTED),
            )
            for stage, group in groupby(self.indices, key=lambda line: line.stage)
            for found in [list(group)]
        ]

    def headline(self) -> str:
        """Return whose indices they are, and how many of them are known."""
        known = sum(line.value is not None for line in self.indices)
        stages = ", ".join(dict.fromkeys(line.stage for line in self.indices))
        return f"{self.element} for {self.market}: {known} of {len(self)} known at {stages}"


def find_indices(facts: Facts, stage: str | None = None, *, market: str = IMPORTER) -> Indices:
    """Return the quoted indices of the newest year of each stage of an element."""
    inputs = IndexInputs(facts, market)
    lines = concentration_series(facts, stage, newest=True)
    return Indices(
        facts.symbol, market, tuple(x for line in lines for x in _of_stage(inputs, line))
    )


def _of_stage(inputs: IndexInputs, line: ConcentrationYear) -> Iterator[QuotedIndex]:
    rest = line.rest if line.rest is not None else 1.0
    weighted = inputs.weigh(line.shares, rest, line.year)
    value = weighted.value if line.hhi is not None else None
    yield of_line(line, "hhi", "0 to 10,000", line.hhi, line.hhi_low, line.hhi_high, note=line.note)
    low = top_shares(line.shares.values()) if line.shares else None
    high = top_shares([*line.shares.values(), rest]) if line.shares else None
    yield of_line(line, "top-3", "part", line.top3, low, high if line.top3 is None else line.top3)
    yield replace(
        of_line(line, "hhi-wgi", "0 to 10"),
        missing=(
            *("voice and accountability", "government effectiveness", "regulatory quality"),
            *("rule of law", "control of corruption"),
        ),
        note="Five of the six dimensions of governance have no records.",
    )
    yield replace(
        of_line(line, "hhi-political-stability", "0 to 10", value, weighted.low, weighted.high),
        rows=(*line.rows, *weighted.rows),
        missing=weighted.missing,
        note=weighted.note,
    )
    yield from eu_supply_risks(inputs, line, weighted)
    yield usgs_risk(inputs, line)
    yield geopolitical_risk(inputs, line)
    yield from supply_without_largest(inputs, line)
    yield union_limit(inputs, line)
