"""Sites with coordinates: each facility at a stage, its state on a day, its point, its tonnes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from monazite.core.formats import NOT_KNOWN, amount, tonnes
from monazite.core.results import Struct
from monazite.data.parameters import ALLOY, MAGNET, USE
from monazite.model.facilities.status import best_points, read_lives
from monazite.model.network.attributes import Network, arcs_of, node_of
from monazite.model.network.facts import OUTPUT, Facts, Site, SiteFigure

RUNS = ("operating", "partly operating")
MOST_FLOWS = 12  # Flows that a map shows, the largest
_GROSS = frozenset({"gross-concentrate", "feed"})


class MappedSite(Struct):
    """A facility at a stage and where it stands, in degrees."""

    facility: str
    label: str
    stage: str
    country: str
    latitude: float
    longitude: float
    precision: str
    state: str
    rows: tuple[str, ...]
    tonnes: float | None = None
    measure: str = ""
    gross: float | None = None

    @property
    def runs(self) -> bool:
        """Whether it operates, at least in part."""
        return self.state in RUNS


class MappedSites(Struct):
    """Sites with coordinates."""

    found: tuple[MappedSite, ...]
    missing: tuple[tuple[str, str], ...]
    element: str = ""  # what the sites are chosen for; empty for all rare earths
    others: int = 0  # how many sites of other elements with coordinates are left out
    flows: tuple[MappedFlow, ...] = ()
    unplaced: int = 0  # flows that are smaller, or whose ends have no site on the map
    market: str = ""  # name of the market that was asked for; empty for the world
    home: frozenset[str] = frozenset()


class MappedFlow(Struct):
    """Trade between the sites of two countries; ``share`` is of the world's supply, 0 to 1."""

    seller: str
    buyer: str
    start: tuple[float, float]
    end: tuple[float, float]
    share: float
    words: str
    rows: tuple[str, ...]


def find_mapped_sites(facts: Facts) -> MappedSites:
    """Return the sites of each stage that have coordinates, with their state on the day."""
    points = best_points(facts.store)
    lives = read_lives(facts.store)
    rule = ElementRule(facts)
    own = [site for site in facts.sites if rule.holds(site.facility, site.stage)]
    found = []
    for site in sorted(own, key=lambda site: (site.facility, site.stage)):
        point = points.get(site.facility)
        if point is None:
            continue
        life = lives.on(site.facility, facts.date)
        states = {stage.stage: (stage.state, stage.rows) for stage in life.stages}
        state, rows = states.get(site.stage, (life.state, life.rows))
        size, gross = _sizes(facts, site)
        found.append(
            MappedSite(
                facility=site.facility,
                label=site.label,
                stage=site.stage,
                country=site.country_label,
                latitude=point.number("lat"),
                longitude=point.number("lon"),
                precision=point["precision"] or NOT_KNOWN,
                state=state,
                rows=(point.row(), *rows, *(() if size is None else (size.row,))),
                tonnes=None if size is None else size.tonnes,
                measure="" if size is None else _measure(size),
                gross=gross,
            )
        )
    missing = {(s.facility, s.country_label) for s in own if s.facility not in points}
    placed = {site.facility for site in facts.sites if site.facility in points}
    return MappedSites(
        tuple(found),
        tuple(sorted(missing)),
        facts.title,
        len(placed - {site.facility for site in found}),
    )


def find_mapped_flows(
    network: Network, sites: Sequence[MappedSite]
) -> tuple[tuple[MappedFlow, ...], int]:
    """Return the largest trade of a network between countries that have sites on the map."""
    middles = {}
    for land in sorted({site.country for site in sites}):
        points = [(s.longitude, s.latitude) for s in sites if s.country == land]
        longitude, latitude = map(sum, zip(*points, strict=True))
        middles[land] = longitude / len(points), latitude / len(points)
    arcs = [arc for arc in arcs_of(network) if arc.kind == "trade" and arc.share]
    arcs.sort(key=lambda arc: (-(arc.share or 0.0), str(arc.source), str(arc.target)))
    flows, unplaced = [], 0
    for arc in arcs:
        seller, buyer = (node_of(network, end).country_label for end in (arc.source, arc.target))
        if seller not in middles or buyer not in middles:
            unplaced += 1
        elif seller != buyer:
            stage = node_of(network, arc.source).stage
            sold = amount(arc.quantity, arc.unit)
            words = f"{seller} to {buyer}, {stage}, {sold}, {arc.year}"
            flows.append(
                MappedFlow(
                    *(seller, buyer, middles[seller], middles[buyer]),
                    *(arc.share or 0.0, words, arc.rows),
                )
            )
    return tuple(flows[:MOST_FLOWS]), unplaced + max(0, len(flows) - MOST_FLOWS)


class ElementRule:
    """Which sites stand for an element, by what their records are of."""

    def __init__(self, facts: Facts) -> None:
        self._materials = facts.materials
        self._members = facts.members
        self._all = "rare-earths" in facts.materials.get("mine", ())
        self._named: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._made: dict[tuple[str, str], set[str]] = defaultdict(set)
        for answer in facts.ask("network-planned-capacity", date=facts.date):
            place = answer["facility"], answer["stage"]
            self._named[place] |= {answer["element"]} - {""}
            self._made[place].add(answer["material"])

    def holds(self, facility: str, stage: str) -> bool:
        """Tell whether a site stands for the element."""
        told = MAGNET if stage in {ALLOY, USE} else stage  # what an alloy or a user is of
        speaking = self._materials.get(told, frozenset())
        place = facility, stage
        if self._made[place] & speaking or self._named[place] & self._members:
            return True
        common = told != MAGNET or "rare-earth-magnet" in speaking
        return self._all and bool(speaking) and common and not self._named[place]


def largest_sites(facts: Facts, stage: str | None) -> frozenset[str]:
    """Return the facilities of an element with the most recorded tonnes, four of each stage."""
    rule = ElementRule(facts)
    sizes: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for site in facts.sites:
        if stage in (None, site.stage) and rule.holds(site.facility, site.stage):
            size, gross = _sizes(facts, site)
            tons = max(size.tonnes if size is not None else 0.0, gross or 0.0)
            if tons:
                sizes[site.stage].append((-tons, site.facility))
    return frozenset(name for own in sizes.values() for _, name in sorted(own)[:4])


def _sizes(facts: Facts, site: Site) -> tuple[SiteFigure | None, float | None]:
    """The tonnes of a site: output before nameplate, the newest, the largest; and gross weight."""
    own = [x for x in facts.site_figures if (x.facility, x.stage) == (site.facility, site.stage)]
    net, gross = ([x for x in own if (x.basis in _GROSS) == is_gross] for is_gross in (False, True))
    size = max(net, key=lambda x: (x.kind == OUTPUT, x.year, x.tonnes, x.row), default=None)
    return size, max((x.tonnes for x in gross), default=None)


def _measure(figure: SiteFigure) -> str:
    kind = "made" if figure.kind == OUTPUT else "nameplate"
    basis = figure.basis.replace("-", " ").replace("reo", "rare-earth oxide")
    return f"{tonnes(figure.tonnes)} t a year of {basis}, {kind} {figure.year}"
