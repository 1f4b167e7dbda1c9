"""What a map of sites says in words: its title, what it leaves out, and each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from monazite.findings.plants.mapped_sites import MappedSite, MappedSites
from monazite.rows.dates import day_words
from monazite.safe_text import counted, visible
from monazite.triples.names import named


def map_title(sites: MappedSites, day: str) -> str:
    """Say how many sites have a place, how many of them run, and how many of those at the market.

    Where no market is asked for, the country with the most is named.

    >>> map_title(MappedSites((), (), "Scandium"), "2026-11-24")
    'No record places a mine or plant of scandium that runs in 2026'
    """
    name = _element(sites)
    lands = {site.facility: visible(site.country) for site in sites.found if site.runs}
    if not lands:
        return f"No record places a mine or plant of {name} that runs in {day[:4]}"
    counts = Counter(lands.values())
    if sites.market:
        land, count = sites.market, sum(counts[visible(each)] for each in sites.home)
    else:
        land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    whole = len({site.facility for site in sites.found})
    return (
        f"{len(lands)} of {whole} mines and plants of {name} on the map are recorded as running in "
        f"{day[:4]}, {count or 'none'} of them in {named(visible(land))}"
    )


def _element(sites: MappedSites) -> str:
    if visible(sites.element).startswith("MREE"):
        return "the magnet rare earths (Nd, Pr, Dy, Tb)"
    name = visible(sites.element).partition(" (")[0]
    return (name.lower() if name.istitle() and name.isalpha() else name) or "rare earths"


def map_subtitle(sites: MappedSites, day: str) -> str:
    """Say of which day the states are, and of how many marks the tonnes are known."""
    sized = sum(site.tonnes is not None for site in sites.found)
    return (
        f"States on {day_words(day)}; records are incomplete. "
        f"Area: tonnes a year, known of {sized} of {len(sites.found)} marks."
    )


def map_notes(sites: MappedSites) -> list[str]:
    """Say what the map leaves out, and where a flow begins and ends."""
    told = [f"{_missing(sites)}."]
    if sites.others:
        told.append(
            f"{counted(sites.others, 'other site')} of rare earths: no record speaks of "
            f"{_element(sites)} there."
        )
    if sites.flows:
        told.append(
            f"Flows: {len(sites.flows)} of {len(sites.flows) + sites.unplaced}, the largest with a "
            "place, each between the middles of the sites of two countries."
        )
    told.append("Land: Natural Earth, public domain, boundaries held in fact.")
    return [" ".join(told)]


def _missing(sites: MappedSites) -> str:
    """Say how many have no point, and where most of them stand."""
    if not sites.missing:
        return "All have coordinates"
    counts = Counter(visible(country) for _, country in sites.missing)
    land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return f"{len(sites.missing):,} more have no coordinates, {count} of them in {named(land)}"


def map_alt(sites: MappedSites, labels: Mapping[str, str], day: str) -> str:
    """Say how many of each stage stand where, which are the largest, and what is left out."""
    parts = []
    for stage, label in labels.items():
        own = [site for site in sites.found if site.stage == stage]
        lands = Counter(visible(site.country) for site in own)
        if own:
            first = sorted(lands.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
            where = ", ".join(f"{land} {count}" for land, count in first)
            running = sum(site.runs for site in own)
            parts.append(f"{visible(label)}: {len(own)}, {running} of them running ({where}).")
    sized = sorted((s for s in sites.found if s.tonnes), key=lambda s: -(s.tonnes or 0))[:3]
    if sized:
        parts.append(f"Largest by tonnes: {'; '.join(site_words(s, labels) for s in sized)}.")
    parts += [f"Flow: {visible(flow.words)}." for flow in sites.flows]
    return " ".join([f"{map_title(sites, day)}.", *parts, *map_notes(sites)])


def site_words(site: MappedSite, labels: Mapping[str, str]) -> str:
    """Say where a site is, what it makes, in which state, and how much."""
    stage = visible(labels.get(site.stage, site.stage))
    size = visible(site.measure) or "tonnes not known"
    where = f"{visible(site.label)}, {visible(site.country)}"
    return f"{where}: {stage}, {visible(site.state)}, {size} (point: {visible(site.precision)})"
