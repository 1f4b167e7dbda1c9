"""What is left without the largest supplier, and the Union's limit for one third country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import fsum

from monazite.findings.indices.formulas import UNION_LIMIT, over_union_limit, without_largest
from monazite.findings.indices.inputs import IndexInputs
from monazite.findings.indices.quoted_index import QuotedIndex, of_line
from monazite.findings.shares.by_year import ConcentrationYear
from monazite.network.shares import Split, split_stage
from monazite.safe_text import NOT_KNOWN, marked, percent


def supply_without_largest(inputs: IndexInputs, line: ConcentrationYear) -> Iterator[QuotedIndex]:
    """Yield the supply left, over the demand of the world and over that of all others."""
    split = split_stage(inputs.facts.own_figures, line.stage, line.year)
    names = ("n-1-of-world-demand", "n-1-of-demand-outside")
    if split is None or split.world_tonnes is None or not line.leader:
        for name in names:
            base = of_line(line, name, None, None, None, "part")
            yield replace(base, missing=("supply in tonnes, country by country",))
        return
    world = inputs.demand(line.stage, "WLD", line.year, line.basis)
    home = inputs.demand(line.stage, line.leader, line.year, line.basis)
    for name, needed in zip(names, ((world,), (world, home)), strict=True):
        yield _left(line, split, name, needed)


def _left(
    line: ConcentrationYear, split: Split, name: str, needed: tuple[tuple[float, str] | None, ...]
) -> QuotedIndex:
    places = ("the world", line.leader_label)
    missing = tuple(
        f"demand of {place} in {line.year} on the basis {line.basis}"
        for place, number in zip(places, needed, strict=False)
        if number is None
    )
    known = [number for number in needed if number is not None]
    base = of_line(line, name, None, None, None, "part")
    base = replace(
        base,
        denominator="demand of the world" if len(needed) == 1 else "demand outside the largest",
        rows=(*line.rows, *(row for _, row in known)),
    )
    if missing or split.world_tonnes is None:
        return replace(base, missing=missing)
    demand = known[0][0] - fsum(tonnes for tonnes, _ in known[1:])
    supply = {place: share.share * split.world_tonnes for place, share in split.shares.items()}
    left = without_largest(supply, demand, rest=split.rest * split.world_tonnes)
    note = f"Without {line.leader_label}: {percent(left)} of the need could be served."
    return replace(base, value=left, low=left, high=left, note=note)


def union_limit(inputs: IndexInputs, line: ConcentrationYear) -> QuotedIndex:
    """Return the limit of the Union's act: the largest third country against 65 %."""
    readings = inputs.sourcing(line.stage)
    base = of_line(line, "union-65-percent", None, None, None, "part")
    base = replace(
        base, market="EUE", denominator=NOT_KNOWN, basis=NOT_KNOWN, rows=(), figure=NOT_KNOWN
    )
    if not readings:
        wanted = "annual consumption of the Union by third country"
        return replace(base, missing=(wanted,), year=None)
    thirds = [
        {place: share for place, share in reading.shares.items() if place not in reading.members}
        for reading in readings
    ]
    first, shares = readings[0], thirds[0]
    largest = max(shares, key=lambda place: (shares[place], place))
    label = inputs.facts.country_labels[largest]
    over = over_union_limit(shares)
    verdict = "above" if over else "not above"
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
        missing=()
        if first.basis == "share-of-country-use"
        else ("annual consumption of the Union",),
        note=(
            f"{label} is {verdict} {percent(UNION_LIMIT)}"
            f"{f', by a {first.figure}' if first.figure else ''}. {others}"
        ).strip(),
    )
