"""Sites with coordinates: each facility at a stage, its state on a day and its point.

Of several points of a facility the most exact is taken; of equally exact ones that with more
decimals. Sites are those of the network: of rare earths, whatever the element.
"""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.plants.lives import read_lives
from monazite.network.facts import Facts
from monazite.safe_text import NOT_KNOWN
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

EXACT = ("site", "precision", "station-or-street", "likely", "town", "district", "approximate")
"""How near a point is (scheme coordinate-precision), best first."""
RUNS = ("operating", "partly operating")


@dataclass(frozen=True)
class MappedSite:
    """A facility at a stage and where it stands, in degrees.

    ``state`` is that of the stage on the day; ``precision`` says how near the point is, which
    the first of ``rows`` gives; the others give the state.
    """

    facility: str
    label: str
    stage: str
    country: str
    latitude: float
    longitude: float
    precision: str
    state: str
    rows: tuple[str, ...]

    @property
    def runs(self) -> bool:
        """Whether it operates, at least in part."""
        return self.state in RUNS


@dataclass(frozen=True)
class MappedSites:
    """Sites with coordinates.

    Attributes:
        found: the sites.
        missing: facilities without coordinates, and their countries.
    """

    found: tuple[MappedSite, ...]
    missing: tuple[tuple[str, str], ...]


def find_mapped_sites(facts: Facts) -> MappedSites:
    """Return the sites of each stage that have coordinates, with their state on the day.

    Args:
        facts: rows up to a day.

    Returns:
        The sites, by facility and stage.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> found = find_mapped_sites(read_facts(open_store(), "Dy", "2026-11-24")).found
    >>> [(site.stage, site.latitude) for site in found if site.facility == "bayan-obo"]
    [('mine', 41.7828)]
    """
    points = best_points(facts.store)
    lives = read_lives(facts.store)
    found = []
    for site in sorted(facts.sites, key=lambda site: (site.facility, site.stage)):
        point = points.get(site.facility)
        if point is None:
            continue
        life = lives.on(site.facility, facts.date)
        states = {stage.stage: (stage.state, stage.rows) for stage in life.stages}
        state, rows = states.get(site.stage, (life.state, life.rows))
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
                rows=(point.row(), *rows),
            )
        )
    missing = {(s.facility, s.country_label) for s in facts.sites if s.facility not in points}
    return MappedSites(tuple(found), tuple(sorted(missing)))


def best_points(store: Store) -> dict[str, QueryRecord]:
    """Return the most exact point of each facility that has one.

    Args:
        store: the rows.

    Returns:
        The answer of ``network-coordinates``, by facility.
    """
    points: dict[str, QueryRecord] = {}
    for answer in sorted(ask(store, "network-coordinates"), key=_exactness):
        points.setdefault(answer["facility"], answer)
    return points


def _exactness(answer: QueryRecord) -> tuple[int, int, str]:
    named = answer["precision"]
    decimals = min(len(answer[each].partition(".")[2]) for each in ("lat", "lon"))
    return EXACT.index(named) if named in EXACT else len(EXACT), -decimals, answer["row"]
