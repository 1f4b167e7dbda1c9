"""Plants that stand behind several suppliers of a bill, or behind both sources of a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monazite.findings.exposure.stops.line_sources import LineCase
from monazite.findings.exposure.stops.supply_paths import PathHop, SupplyPath, plants_on
from monazite.result import Value
from monazite.rows.filters import PERHAPS, SURELY


@dataclass(frozen=True)
class SharedPlant(Value):
    """A plant behind more than one supplier.

    Attributes:
        facility: id of the plant.
        label: its name.
        stages: that it does for them.
        country: code of where it stands.
        elements: symbols that come from it.
        suppliers: whose paths run through it, as the bill writes them.
        sheet_rows: of the lines behind which it stands.
        same_source: rows of the lines with several sources, of all of which a path runs through
            it: their second source may be no second source.
        certainty: surely where every hop to it is sure, else perhaps.
        rows: that say so.
    """

    facility: str
    label: str
    stages: tuple[str, ...]
    country: str
    elements: tuple[str, ...]
    suppliers: tuple[str, ...]
    sheet_rows: tuple[int, ...]
    same_source: tuple[int, ...]
    certainty: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class _PlantUse:
    """What runs through a plant."""

    hops: list[PathHop] = field(default_factory=list)
    ways: list[PathHop] = field(default_factory=list)
    paths: list[SupplyPath] = field(default_factory=list)


def shared_plants(
    paths: Iterable[SupplyPath], cases: Mapping[int, LineCase]
) -> tuple[SharedPlant, ...]:
    """Return the plants behind different suppliers, and those behind all sources of a line.

    Two names of one firm are one supplier, but two sources of a line that names them both. What
    stands behind one of several sources of a line may stand behind any of them.
    """
    behind: dict[str, _PlantUse] = defaultdict(_PlantUse)
    for path in paths:
        for hop in plants_on(path.hops):
            use = behind[hop.seller]
            use.hops.append(hop)
            use.ways.extend(path.hops[: path.hops.index(hop) + 1])
            use.paths.append(path)
    found = [_shared(name, use, cases) for name, use in behind.items()]
    kept = [each for each in found if each is not None]
    return tuple(sorted(kept, key=lambda x: (-len(x.same_source), -len(x.sheet_rows), x.facility)))


def _shared(name: str, use: _PlantUse, cases: Mapping[int, LineCase]) -> SharedPlant | None:
    rows = sorted({row for path in use.paths for row in path.sheet_rows})
    texts = {path.supplier for path in use.paths}
    own = {row: {x.supplier for x in use.paths if row in x.sheet_rows} for row in rows}
    same = tuple(row for row in rows if _all_of(cases[row], own[row]))
    if _may_be_one(use.paths, cases) and not same:
        return None
    first = use.hops[0]
    return SharedPlant(
        facility=name,
        label=first.seller_label,
        stages=tuple(sorted({hop.stage for hop in use.hops})),
        country=first.country,
        elements=tuple(sorted({each for path in use.paths for each in path.elements})),
        suppliers=tuple(sorted(texts)),
        sheet_rows=tuple(rows),
        same_source=same,
        certainty=SURELY if {hop.certainty for hop in use.ways} == {SURELY} else PERHAPS,
        rows=tuple(sorted({hop.row for hop in use.ways} - {""})),
    )


def _may_be_one(paths: Iterable[SupplyPath], cases: Mapping[int, LineCase]) -> bool:
    """Whether one supplier may stand between all these paths and the buyer."""
    told: list[set[str]] = []
    for path in paths:
        for row in path.sheet_rows:
            firms = {each.firm or each.text for each in cases[row].sources}
            told.append({path.firm} if path.firm in firms else firms)
    return bool(set.intersection(*told))


def _all_of(case: LineCase, suppliers: set[str]) -> bool:
    """Whether a line has several sources, and all of them are among some suppliers."""
    return len(case.sources) > 1 and all(each.text in suppliers for each in case.sources)
