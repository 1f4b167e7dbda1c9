"""An exposure with what stops its lines: in which order, through which plants, and what helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from monazite.bom.bill import Bill
from monazite.bom.contents import Materials
from monazite.bom.line_sources import LineCase, LineSource, case_of_line, paths_of
from monazite.bom.lines import ExposedLine
from monazite.bom.market_supply import ElementSupply, SharedPlant, shared_plants
from monazite.bom.plant_links import read_plant_links
from monazite.bom.remedies import OTHER_GRADE, STOCK, Remedy, RemedyFinder
from monazite.bom.result import Exposure
from monazite.bom.stop_order import StopFinder, StoppingLine, ordered_stops
from monazite.bom.supply_paths import (
    IN_THE_BILL,
    Hops,
    PathFinder,
    PathHop,
    SupplyPath,
    weakest_hop,
)
from monazite.data.parameters import MAGNET, MINE
from monazite.store.queries import ask
from monazite.store.store import Store

_Chain = tuple[LineSource, LineSource | None, str]  # source, who is behind it, magnets


def bill_paths(cases: Mapping[int, LineCase], finder: PathFinder) -> tuple[SupplyPath, ...]:
    """Return the paths of all sources whose firm is known, the supplier of most lines first."""
    behind: dict[_Chain, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row, case in cases.items():
        for chain in _chains(case):
            for element in case.elements:
                behind[chain][element].add(row)
    found: dict[tuple[str, str, Hops], tuple[set[str], set[int]]] = {}
    for (source, feeder, magnets), elements in behind.items():
        for element, rows in elements.items():
            for hops in _hops(source, feeder, magnets, element, finder):
                told = found.setdefault((source.text, source.firm, hops), (set(), set()))
                told[0].add(element)
                told[1].update(rows)
    paths = [
        SupplyPath(
            sheet_rows=tuple(sorted(rows)),
            supplier=supplier,
            firm=firm,
            elements=tuple(sorted(symbols)),
            hops=hops,
            weakest=weakest_hop(hops),
            to_mine=bool(hops) and hops[-1].stage == MINE,
        )
        for (supplier, firm, hops), (symbols, rows) in found.items()
    ]

    def order(path: SupplyPath) -> tuple[object, ...]:
        hops = tuple(f"{hop.seller} {hop.stage} {hop.row}" for hop in path.hops)
        return -len(path.sheet_rows), path.supplier, path.elements, hops

    return tuple(sorted(paths, key=order))


def _chains(case: LineCase) -> Iterator[_Chain]:
    """The sources of a line and who stands behind them; of several sources, not behind which."""
    for source in case.sources:
        if source.firm:
            yield replace(source, split=None), None, case.magnets
    for feeder in case.feeders:
        if feeder.firm:
            alone = case.sources[0] if len(case.sources) == 1 else feeder
            yield replace(alone, split=None), replace(feeder, split=None), case.magnets


def _hops(
    source: LineSource, feeder: LineSource | None, magnets: str, element: str, finder: PathFinder
) -> Iterable[Hops]:
    if feeder is None:
        return filter(None, paths_of(source, magnets, element, finder))
    paths = finder.paths(feeder.firm, magnets, element, MAGNET if magnets else "")
    if feeder.firm == source.firm:
        return filter(None, paths)
    ends = (feeder.firm, feeder.text, source.firm, source.text)
    named = PathHop(*ends, kind=IN_THE_BILL, named=False)
    return ((named, *hops) for hops in paths)


def hide_plants(
    stops: tuple[StoppingLine, ...], shared: tuple[SharedPlant, ...], helps: tuple[Remedy, ...]
) -> tuple[tuple[StoppingLine, ...], tuple[SharedPlant, ...], tuple[Remedy, ...]]:
    """Return the same with numbers in place of plants and sources."""
    names = [f"plant {number}" for number in range(1, len(shared) + 1)]
    return (
        tuple(replace(each, bottleneck="", plants=()) for each in stops),
        tuple(
            replace(each, facility=name, label=name, country="", suppliers=(), rows=())
            for name, each in zip(names, shared, strict=True)
        ),
        tuple(
            each
            if each.measure in {STOCK, OTHER_GRADE}  # they name no plant and no source
            else replace(each, what=each.measure, rows=())
            for each in helps
        ),
    )


Sources = Callable[[Iterable[str]], Mapping[str, str]]  # who says records, by their keys


def cases_of(
    bill: Bill, named: Sequence[ExposedLine], materials: Materials, country: Callable[[str], str]
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
    who_says = sources({hop.row for path in paths for hop in path.hops} - {""})
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
        paths=()
        if redact
        else tuple(
            replace(
                path,
                hops=tuple(replace(hop, source=who_says.get(hop.row, "")) for hop in path.hops),
            )
            for path in paths
        ),
        paths_known=len(paths),
        shared=shared,
        remedies=helps,
    )
