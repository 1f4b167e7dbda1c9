"""The paths of a bill: of each source and of what stands behind it, told once for all its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from monazite.findings.exposure.stops.line_sources import LineCase, LineSource, paths_of
from monazite.findings.exposure.stops.supply_paths import (
    IN_THE_BILL,
    Hops,
    PathFinder,
    PathHop,
    SupplyPath,
    weakest_hop,
)
from monazite.parameters import MAGNET, MINE
from monazite.rows.filters import PERHAPS

_Chain = tuple[LineSource, LineSource | None, str]
"""A source, what stands behind it by the bill, and the type of magnet."""


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
                key = (source.text, source.firm, hops)
                told = found.setdefault(key, (set(), set()))
                told[0].add(element)
                told[1].update(rows)
    paths = [_path(*key, *told) for key, told in found.items()]
    paths.sort(key=lambda x: (-len(x.sheet_rows), x.supplier, x.elements, _names(x.hops)))
    return tuple(paths)


def _names(hops: Hops) -> tuple[str, ...]:
    return tuple(f"{hop.seller} {hop.stage} {hop.row}" for hop in hops)


def _chains(case: LineCase) -> Iterator[_Chain]:
    """The sources of a line, and what the bill names behind them.

    Where a line has several sources, the bill does not say behind which of them a firm stands: its
    path is then its own.
    """
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
        yield from (hops for hops in paths_of(source, magnets, element, finder) if hops)
        return
    paths = finder.paths(feeder.firm, magnets, element, MAGNET if magnets else "")
    if feeder.firm == source.firm:
        yield from (hops for hops in paths if hops)
        return
    named = PathHop(
        seller=feeder.firm,
        seller_label=feeder.text,
        buyer=source.firm,
        buyer_label=source.text,
        stage="",
        country="",
        plant=False,
        kind=IN_THE_BILL,
        goods="",
        certainty=PERHAPS,
        doubles=0,
        row="",
        named=False,
    )
    yield from ((named, *hops) for hops in paths)


def _path(
    supplier: str, firm: str, hops: Hops, elements: Iterable[str], rows: Iterable[int]
) -> SupplyPath:
    return SupplyPath(
        sheet_rows=tuple(sorted(rows)),
        supplier=supplier,
        firm=firm,
        elements=tuple(sorted(elements)),
        hops=hops,
        weakest=weakest_hop(hops),
        to_mine=bool(hops) and hops[-1].stage == MINE,
    )
