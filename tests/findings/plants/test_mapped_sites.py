"""Sites on the map: those of an element, with the tonnes that a record gives, and trade."""

from __future__ import annotations

import pytest

from monazite.findings.plants.mapped_sites import (
    MOST_FLOWS,
    MappedSites,
    find_mapped_flows,
    find_mapped_sites,
)
from monazite.network.facts import read_facts
from monazite.view import View


@pytest.fixture(scope="module")
def dysprosium(view: View) -> MappedSites:
    return find_mapped_sites(read_facts(view.store, "Dy", view.valid))


def test_tonnes_are_those_of_a_record_and_else_not_known(dysprosium: MappedSites) -> None:
    """Read in capacity.csv: 50,692 t REO of 2025; Bayan Obo has gross weights alone."""
    sizes = {(site.facility, site.stage): site for site in dysprosium.found}
    mine = sizes["mountain-pass", "mine"]
    assert (mine.tonnes, mine.measure) == (
        50692.0,
        "50,692 t a year of rare-earth oxide, made 2025",
    )
    assert any(row.startswith("capacity/mountain-pass") for row in mine.rows)
    assert sizes["bayan-obo", "mine"].tonnes is None
    for site in dysprosium.found:
        assert (site.tonnes is not None) == any(row.startswith("capacity/") for row in site.rows)


def test_a_site_of_other_elements_is_left_out_and_counted(
    view: View, dysprosium: MappedSites
) -> None:
    oxide, none = (
        find_mapped_sites(read_facts(view.store, name, view.valid)) for name in ("La", "Sc")
    )
    assert {"magnet", "alloy"} <= {site.stage for site in dysprosium.found}
    assert not {"magnet", "alloy", "use"} & {site.stage for site in oxide.found}
    assert len(none.found) < 5
    totals = {
        len({site.facility for site in found.found}) + found.others
        for found in (dysprosium, oxide, none)
    }
    assert len(totals) == 1


def test_flows_run_between_countries_with_sites_the_largest_first(
    view: View, dysprosium: MappedSites
) -> None:
    flows, unplaced = find_mapped_flows(view.network("Dy", "USA"), dysprosium.found)
    assert 0 < len(flows) <= MOST_FLOWS
    assert unplaced > 0
    assert [flow.share for flow in flows] == sorted((flow.share for flow in flows), reverse=True)
    lands = {site.country for site in dysprosium.found}
    for flow in flows:
        assert {flow.seller, flow.buyer} <= lands
        assert flow.rows
