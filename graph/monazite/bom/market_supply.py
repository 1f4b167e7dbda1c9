"""Which countries supply a market at each stage, and what it loses if the largest of them stops.

A stop reaches a source where all its paths on record run through that country at that stage, and
a line only where it reaches or may reach all its sources of the first tier: another source never
makes more reach a line. What stands behind a source is not taken for another source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from math import fsum
from typing import TYPE_CHECKING, Any

from monazite.bom.bill import EVIDENCE, Bill
from monazite.bom.contents import Materials
from monazite.bom.line_cases import magnet_type
from monazite.bom.lines import ExposedLine
from monazite.bom.supply_paths import Hops, PathFinder, PathHop, SupplyPath, plants_on
from monazite.core.formats import supported, with_ends
from monazite.core.results import Value
from monazite.data.filters import PERHAPS, SURELY
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.network.shares import REST

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.figures import Chokepoint
    from monazite.analysis.chokepoints.result import Chokepoints


YES, MAY, NO = "yes", "may", "no"
_HARD = frozenset({"Dy", "Tb"})  # they harden a magnet; one may stand in for the other


class LineSource(Value):
    """A source of a line."""

    text: str
    firm: str = ""  # id; empty where it is not known which firm it is
    plant: str = ""  # id of the one plant that supplies; empty where it may be any of the firm's
    made_in: str = ""  # code of where the part is made, as the bill says; empty where it does not
    split: float | None = None  # part of the need, 0 to 1; None where the bill does not say


class LineCase(Value):
    """A line as it can be stopped."""

    magnets: str
    elements: tuple[str, ...]
    sources: tuple[LineSource, ...]
    feeders: tuple[LineSource, ...] = ()  # of the tiers behind, as the bill names them
    perhaps: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()


def cases_of(
    bill: Bill, named: Sequence[ExposedLine], materials: Materials, country: Callable[[str], str]
) -> dict[int, LineCase]:
    """Return what of each line with rare earths decides what can stop it, by place in the bill."""
    cases = {}
    for place, line in enumerate(named):
        if not line.grams:
            continue
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
        untold = _HARD - {x.element for x in line.grams}
        cases[place] = LineCase(
            magnets=magnets,
            elements=tuple(sorted({each.element for each in line.grams if each.high > 0})),
            sources=sources or (LineSource("", made_in=country(bill.lines[place].made_in)),),
            feeders=feeders,
            perhaps=frozenset(each.element for each in line.grams if each.low <= 0),
            untold=tuple(sorted(untold)) if magnets == "ndfeb" and none & _HARD else (),
        )
    return cases


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
    splits = [1.0] if len(sources) == 1 else [each.split for each in sources]
    if None in splits:
        return float(set(reached) == {YES}), float(set(reached) != {NO})
    hit, free, open_to_it = (
        fsum(split or 0.0 for split, each in zip(splits, reached, strict=True) if each == how)
        for how in (YES, NO, MAY)
    )
    # Where the splits leave a rest, it may run through as well.
    return min(hit, 1.0), min(max(hit + open_to_it, 1.0 - free), 1.0)


class SharedPlant(Value):
    """A plant behind more than one supplier."""

    facility: str
    label: str
    stages: tuple[str, ...]  #: that it does for them
    country: str  #: code of where it stands
    elements: tuple[str, ...]  #: symbols that come from it
    suppliers: tuple[str, ...]  #: whose paths run through it, as the bill writes them
    sheet_rows: tuple[int, ...]  #: of the lines behind which it stands
    #: rows of the lines with several sources, of all of which a path runs through it: their second
    #: source may be no second source
    same_source: tuple[int, ...]
    certainty: str  #: surely where every hop to it is sure, else perhaps
    rows: tuple[str, ...]  #: that say so


def shared_plants(
    paths: Iterable[SupplyPath], cases: Mapping[int, LineCase]
) -> tuple[SharedPlant, ...]:
    """Return the plants behind different suppliers, and those behind all sources of a line.

    Two names of one firm are one supplier, but two sources of a line that names them both. What
    stands behind one of several sources of a line may stand behind any of them.
    """
    behind: dict[str, list[tuple[SupplyPath, PathHop]]] = defaultdict(list)
    for path in paths:
        for hop in plants_on(path.hops):
            behind[hop.seller].append((path, hop))
    found = filter(None, (_shared(name, uses, cases) for name, uses in behind.items()))
    return tuple(sorted(found, key=lambda x: (-len(x.same_source), -len(x.sheet_rows), x.facility)))


def _shared(
    name: str, uses: list[tuple[SupplyPath, PathHop]], cases: Mapping[int, LineCase]
) -> SharedPlant | None:
    paths = [path for path, _ in uses]
    ways = [each for path, hop in uses for each in path.hops[: path.hops.index(hop) + 1]]
    rows = sorted({row for path in paths for row in path.sheet_rows})
    same = []
    for row in rows:
        sources = [each.text for each in cases[row].sources]
        if len(sources) > 1 and {*sources} <= {x.supplier for x in paths if row in x.sheet_rows}:
            same.append(row)
    told: list[set[str]] = []
    for path in paths:
        for row in path.sheet_rows:
            firms = {each.firm or each.text for each in cases[row].sources}
            told.append({path.firm} if path.firm in firms else firms)
    if set.intersection(*told) and not same:  # one supplier may stand between all and the buyer
        return None
    first = uses[0][1]
    return SharedPlant(
        facility=name,
        label=first.seller_label,
        stages=tuple(sorted({hop.stage for _, hop in uses})),
        country=first.country,
        elements=tuple(sorted({each for path in paths for each in path.elements})),
        suppliers=tuple(sorted({path.supplier for path in paths})),
        sheet_rows=tuple(rows),
        same_source=tuple(same),
        certainty=SURELY if {hop.certainty for hop in ways} == {SURELY} else PERHAPS,
        rows=tuple(sorted({hop.row for hop in ways} - {""})),
    )


STAGES = (MINE, SEPARATION, METAL, MAGNET)
UNKNOWN = ""  # the maker of what no figure accounts for


class MarketLoss(Value, kw_only=True):
    """What a market would lose of its products by a failure, in parts of 1; None is not known."""

    loss: float | None = None  #: for good, once stocks are gone, central
    low: float | None = None  #: 5 % of the trials; None where none were drawn
    high: float | None = None  #: 95 % of the trials; None where none were drawn
    #: the loss if producers serve home first; another rule, never part of the range
    home_first: float | None = None
    first_year: float | None = None  #: what is lost of a year's use in the first year
    first_year_low: float | None = None  #: 5 % of the trials; None where none were drawn
    first_year_high: float | None = None  #: 95 % of the trials; None where none were drawn

    @property
    def first_year_cell(self) -> str:
        """What is lost in the first year, with its range: ``27 % (19-36)``."""
        return with_ends(self.first_year, self.first_year_low, self.first_year_high)

    @property
    def loss_cell(self) -> str:
        """What is lost for good, with its range."""
        return with_ends(supported(self.loss, self.low, self.high), self.low, self.high)


LOST = tuple(each.name for each in fields(MarketLoss))


def lost_of(point: Chokepoint | None) -> dict[str, Any]:
    """Return what a market loses by a line of a report, by the fields of a loss."""
    if point is None:
        return {}
    found = (point.loss, point.loss_low, point.loss_high, point.home_first)
    year = (point.told_at_first, point.first_year_low, point.first_year_high)
    return dict(zip(LOST, (*found, *year), strict=True))


class StageSupply(MarketLoss):
    """A stage of what a market uses of an element."""

    stage: str  #: mine, separation, metal or magnet
    #: parts of what the market uses by the country that makes it, 0 to 1, by name, the largest
    #: first; what no figure accounts for is left out
    shares: Mapping[str, float]
    #: whether they are parts of the world's output, where no flow to the market is known
    of_world: bool
    largest: str  #: name of the country with the largest part; empty where none is known
    country: str
    failure: str  #: id of the line of the report that is lost with it; empty where there is none
    failure_label: str  #: the same in words


class ElementSupply(Value):
    """The stages of an element, or of the group that the model counts as one."""

    element: str  #: as the model counts it: ``NdPr`` for neodymium and praseodymium
    elements: tuple[str, ...]  #: symbols of the bill that it stands for
    year: int | None  #: of the flows; None where none are known
    product: str  #: what the market would lose; empty where no loss is known
    stages: tuple[StageSupply, ...]  #: in the order of the chain
    missing: str = ""  #: why no loss is known; empty where it is


def element_supply(
    report: Chokepoints,
    elements: Iterable[str],
    parts: Mapping[str, Mapping[str, float]],
    label: Callable[[str], str],
) -> ElementSupply:
    """Return who supplies a market at each stage, and its loss if the largest of them stops."""
    countries = [each for each in report.chokepoints if each.kind == "country"]
    points = {each.id: each for each in countries}
    stages = []
    for stage in STAGES:
        if parts.get(stage):
            stages.append(_of_market(stage, parts[stage], points, label))
        elif not parts:
            stages += _of_world(report, stage, countries)
    own, base, held = (report.element, tuple(elements)), report.base, tuple(stages)
    if base is None:
        return ElementSupply(*own, None, "", held, next(iter(report.notes), ""))
    return ElementSupply(*own, base.year, base.product, held)


def _of_market(
    stage: str,
    parts: Mapping[str, float],
    points: Mapping[str, Chokepoint],
    label: Callable[[str], str],
) -> StageSupply:
    ranked = sorted(parts, key=lambda code: (-parts[code], code))
    country = next((code for code in ranked if code not in (UNKNOWN, REST)), "")
    shares = {label(code): parts[code] for code in ranked if code != UNKNOWN}
    point = points.get(f"{stage}/{country}")
    largest = label(country) if country else ""
    return StageSupply(stage, shares, False, largest, country, *_named(point), **lost_of(point))


def _of_world(
    report: Chokepoints, stage: str, countries: Iterable[Chokepoint]
) -> Iterable[StageSupply]:
    told = next((each for each in report.stages if each.stage == stage), None)
    if told is None or told.leader is None or told.share is None:
        return
    own = [each for each in countries if each.stage == stage and each.share is not None]
    point = max(own, key=lambda each: (each.share or 0.0, each.id), default=None)
    shares = {told.leader: told.share, **told.then}
    country = "" if point is None else point.country or ""
    yield StageSupply(stage, shares, True, told.leader, country, *_named(point), **lost_of(point))


def _named(point: Chokepoint | None) -> tuple[str, str]:
    """The failure of a stage, and its label."""
    return ("", "") if point is None else (point.id, point.label.split(" = ")[0])
