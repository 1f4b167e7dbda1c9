"""What of a line decides what can stop it: its elements and its sources, and whether they are hit.

A stop reaches a source where all its paths on record run through that country at that stage, and
a line only where it reaches or may reach all its sources of the first tier: another source never
makes more reach a line. What stands behind a source is not taken for another source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum

from monazite.bom.bill import EVIDENCE
from monazite.bom.contents import Materials
from monazite.bom.line_cases import magnet_type
from monazite.bom.lines import ExposedLine
from monazite.bom.supply_paths import Hops, PathFinder
from monazite.core.results import Value
from monazite.data.parameters import MAGNET

YES, MAY, NO = "yes", "may", "no"
_HARD = frozenset({"Dy", "Tb"})  # they harden a magnet; one may stand in for the other


@dataclass(frozen=True)
class LineSource(Value):
    """A source of a line."""

    text: str
    firm: str = ""  # id; empty where it is not known which firm it is
    plant: str = ""  # id of the one plant that supplies; empty where it may be any of the firm's
    made_in: str = ""  # code of where the part is made, as the bill says; empty where it does not
    split: float | None = None  # part of the need, 0 to 1; None where the bill does not say


@dataclass(frozen=True)
class LineCase(Value):
    """A line as it can be stopped."""

    magnets: str
    elements: tuple[str, ...]
    sources: tuple[LineSource, ...]
    feeders: tuple[LineSource, ...] = ()  # of the tiers behind, as the bill names them
    perhaps: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()


def case_of_line(
    line: ExposedLine, made_in: str, materials: Materials, country: Callable[[str], str]
) -> LineCase:
    """Return what of a line decides what can stop it."""
    sources, feeders = (
        tuple(
            LineSource(each.text, each.firm, made_in=country(each.made_in), split=each.split)
            for each in line.suppliers
            if (each.tier == 1) == is_first
        )
        for is_first in (True, False)
    )
    none = {x.element for x in line.grams if x.evidence in EVIDENCE and not x.high}
    magnets = magnet_type(line.material, materials)
    return LineCase(
        magnets=magnets,
        elements=tuple(sorted({each.element for each in line.grams if each.high > 0})),
        sources=sources or (LineSource("", made_in=country(made_in)),),
        feeders=feeders,
        perhaps=frozenset(each.element for each in line.grams if each.low <= 0),
        untold=tuple(sorted(_HARD - {x.element for x in line.grams}))
        if magnets == "ndfeb" and none & _HARD
        else (),
    )


def paths_of(
    source: LineSource, magnets: str, element: str, finder: PathFinder
) -> tuple[Hops, ...]:
    """Return the paths of a source for an element, of the plants that may make the part."""
    if source.plant:
        return finder.behind(source.plant, MAGNET, element)
    if not source.firm:
        return ()
    paths = finder.paths(source.firm, magnets, element)
    if not source.made_in or not magnets:
        return paths
    return tuple(hops for hops in paths if _country_at(hops, MAGNET)[0] in ("", source.made_in))


def _country_at(hops: Hops, stage: str) -> tuple[str, bool]:
    """Where a stage is done on a path, and whether all records to there name the element."""
    named = True
    for hop in hops:
        named = named and hop.named
        if hop.stage == stage:
            return hop.country, named
    return "", False


def reach_of_source(
    source: LineSource, magnets: str, element: str, stage: str, country: str, finder: PathFinder
) -> str:
    """Return whether a stop of a country at a stage reaches a source: yes, may or no."""
    if stage == MAGNET and source.made_in:
        return YES if source.made_in == country else NO
    if stage == MAGNET and source.plant:
        return YES if finder.links.countries.get(source.plant) == country else NO
    told = [_country_at(hops, stage) for hops in paths_of(source, magnets, element, finder)]
    places = {place for place, _ in told}
    if "" in places or not any(named for _, named in told):
        return MAY
    return YES if places == {country} else MAY if country in places else NO


def reach_of_line(
    case: LineCase, elements: Iterable[str], stage: str, country: str, finder: PathFinder
) -> tuple[str, float, float]:
    """Return whether a stop reaches a line, and which part of its need runs through the stop."""
    told = list(elements)
    reached = []
    for source in case.sources:  # it is hit if it is hit for one of the elements
        hits = {reach_of_source(source, case.magnets, x, stage, country, finder) for x in told}
        reached.append(next((each for each in (YES, MAY) if each in hits), NO))
    low, high = _through(case.sources, reached)
    if NO in reached:
        return NO, low, high
    return (YES if set(reached) == {YES} else MAY), low, high


def _through(sources: tuple[LineSource, ...], reached: list[str]) -> tuple[float, float]:
    """The part of the need that runs through; all or nothing of it where no split is told."""
    splits = [each.split for each in sources]
    if len(sources) == 1:
        splits = [1.0]
    if None in splits:
        return float(set(reached) == {YES}), float(set(reached) != {NO})
    parts = list(zip((each or 0.0 for each in splits), reached, strict=True))
    hit, free, open_to_it = (
        fsum(split for split, each in parts if each == how) for how in (YES, NO, MAY)
    )
    # Where the splits leave a rest, it may run through as well.
    return min(hit, 1.0), min(max(hit + open_to_it, 1.0 - free), 1.0)
