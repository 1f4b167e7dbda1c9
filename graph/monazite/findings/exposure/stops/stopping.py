"""An exposure with what stops its lines: in which order, through which plants, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.bills.bill import Bill
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.lines import ExposedLine
from monazite.findings.exposure.stops.bill_paths import bill_paths
from monazite.findings.exposure.stops.hidden_plants import hide_plants
from monazite.findings.exposure.stops.line_sources import LineCase, case_of_line
from monazite.findings.exposure.stops.market_supply import ElementSupply
from monazite.findings.exposure.stops.plant_links import read_plant_links
from monazite.findings.exposure.stops.remedies import RemedyFinder
from monazite.findings.exposure.stops.shared_plants import shared_plants
from monazite.findings.exposure.stops.stop_order import StopFinder, ordered_stops
from monazite.findings.exposure.stops.supply_paths import PathFinder, SupplyPath
from monazite.triples.queries import ask
from monazite.triples.store import Store

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import Exposure

Sources = Callable[[Iterable[str]], Mapping[str, str]]
"""Gives who says records, in a few words, by their keys."""


def cases_of(
    bill: Bill,
    named: Sequence[ExposedLine],
    materials: Materials,
    country: Callable[[str], str],
) -> dict[int, LineCase]:
    """Return what of each line with rare earths decides what can stop it, by place in the bill."""
    return {
        place: case_of_line(line, bill.lines[place].made_in, materials, country)
        for place, line in enumerate(named)
        if line.grams
    }


def with_stops(
    found: Exposure,
    bill: Bill,
    places: Mapping[int, LineCase],
    supplies: tuple[ElementSupply, ...],
    materials: Materials,
    store: Store,
    day: str,
    sources: Sources,
    *,
    redact: bool = False,
) -> Exposure:
    """Return an exposure with what stops its lines, and what would help."""
    stops = StopFinder(supplies, PathFinder(read_plant_links(store, day, materials)))
    order = ordered_stops(bill, found.lines, places, stops)
    cases = {found.lines[place].sheet_row: case for place, case in places.items()}
    paths = bill_paths(cases, stops.finder)
    shared = shared_plants(paths, cases)
    grades = {row["material"] for row in ask(store, "grade-names") if row["grade"]}
    lines = {each.sheet_row: each for each in found.lines}
    tried = RemedyFinder(stops, materials, tuple(sorted(grades)), lines)
    helps = tried.remedies((each.sheet_row, cases[each.sheet_row]) for each in order)
    if redact:
        order, shared, helps = hide_plants(order, shared, helps)
    return replace(
        found,
        supplies=supplies,
        stops=order,
        paths=() if redact else _with_sources(paths, sources),
        paths_known=len(paths),
        shared=shared,
        remedies=helps,
    )


def _with_sources(paths: tuple[SupplyPath, ...], sources: Sources) -> tuple[SupplyPath, ...]:
    """Paths whose hops tell who says so."""
    told = sources({hop.row for path in paths for hop in path.hops} - {""})
    return tuple(
        replace(path, hops=tuple(replace(hop, source=told.get(hop.row, "")) for hop in path.hops))
        for path in paths
    )
