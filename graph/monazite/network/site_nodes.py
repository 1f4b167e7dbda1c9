"""Known sites in the network, and the coverage they give."""

from __future__ import annotations

from monazite.network.attributes import node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.shares import REST, Split
from monazite.network.sites import COMPARABLE, Site, SiteFigure, site_quantity
from monazite.safe_text import in_tonnes


def add_sites(network: Network, facts: Facts) -> dict[str, float | None]:
    """Add every site at the stages of the network, and the rest of each country."""
    coverage: dict[str, float | None] = {}
    for stage in facts.splits:
        national = _national(facts, stage)
        sites = [site for site in facts.sites if site.stage == stage]
        known: dict[str, float] = {}
        for site in sites:
            pool = f"{stage}/{site.country}"
            tonnes = None
            if national is not None and site.country in national.shares:
                tonnes = _add_site(network, facts, site, national)
            else:
                _add_node(network, site)
            if tonnes is not None:
                known[site.country] = known.get(site.country, 0.0) + tonnes
            if pool in network:
                node = f"{stage}/{site.facility}"
                network.add_edge(node, pool, key="part", kind="part", rows=site.rows)
        coverage[stage] = _cover(network, stage, national, known)
    return coverage


def _national(facts: Facts, stage: str) -> Split | None:
    """The split whose tonnes the sites of a stage can be set against."""
    for split in (facts.splits.get(stage), facts.all_rare_earths.get(stage)):
        if split is None or split.world_tonnes is None:
            continue
        if split.basis in COMPARABLE[stage]:
            return split
    return None


def _add_node(network: Network, site: Site) -> str:
    node = f"{site.stage}/{site.facility}"
    network.add_node(
        node,
        kind="site",
        stage=site.stage,
        label=site.label,
        label_zh=site.label_zh,
        facility=site.facility,
        country=site.country,
        country_label=site.country_label,
        operators=site.operators,
        rows=site.rows,
    )
    return node


def _add_site(network: Network, facts: Facts, site: Site, national: Split) -> float | None:
    node = _add_node(network, site)
    found = _comparable(facts, site, national)
    if found is None:
        return None
    figure, tonnes = found
    whole = national.shares[site.country].share * (national.world_tonnes or 0.0)
    network.nodes[node].update(
        quantity=tonnes,
        unit="t",
        basis=national.basis,
        year=figure.year,
        rows=(*site.rows, figure.row),
        figure=figure.kind,
        of_country=min(1.0, tonnes / whole) if whole else None,
        country_rows=national.shares[site.country].rows,
    )
    return tonnes


def _comparable(facts: Facts, site: Site, national: Split) -> tuple[SiteFigure, float] | None:
    """The site's figure in the basis of its country's; oxide becomes element by stoichiometry."""
    speaking = facts.materials.get(site.stage, frozenset())
    figures = [
        figure
        for figure in facts.site_figures
        if figure.basis == "reo" or figure.materials <= speaking
    ]
    bases = [(national.basis, 1.0)]
    if national.basis == "element" and facts.oxide_factor:
        bases.append(("oxide", 1 / facts.oxide_factor))
    for basis, factor in bases:
        figure = site_quantity(figures, site.facility, site.stage, national.year, basis)
        if figure is not None:
            return figure, figure.tonnes * factor
    return None


def _cover(
    network: Network, stage: str, national: Split | None, known: dict[str, float]
) -> float | None:
    if national is None or national.world_tonnes is None:
        return None
    covered = 0.0
    for country, share in national.shares.items():
        whole = share.share * national.world_tonnes
        tonnes = min(known.get(country, 0.0), whole)
        covered += tonnes
        pool = f"{stage}/{country}"
        if pool not in network or not whole:
            continue
        network.nodes[pool]["coverage"] = tonnes / whole
        if known.get(country, 0.0) > whole * 1.01:
            network.nodes[pool]["note"] = (
                f"Known sites give {in_tonnes(known[country])}, the national record "
                f"{in_tonnes(whole)}: the records conflict and are not scaled."
            )
        if country != REST and tonnes and tonnes < whole * 0.99:
            _add_rest(network, stage, country, whole - tonnes, national)
    return covered / national.world_tonnes


def _add_rest(network: Network, stage: str, country: str, tonnes: float, national: Split) -> None:
    pool = node_of(network, f"{stage}/{country}")
    node = f"{stage}/{country}-rest"
    network.add_node(
        node,
        kind="rest",
        stage=stage,
        label=f"Rest of {pool.country_label}",
        country=country,
        country_label=pool.country_label,
        quantity=tonnes,
        unit="t",
        basis=national.basis,
        year=national.year,
        rows=national.shares[country].rows,
        note="National total minus the known sites; not a site.",
    )
    rows = national.shares[country].rows
    network.add_edge(node, f"{stage}/{country}", key="part", kind="part", rows=rows)
