"""Which acts touch plants and firms: by name, by country, and not by goods without rare earths."""

from __future__ import annotations

from monazite.findings.policies.on_sites import acts_on_sites
from monazite.triples.opening import open_store

MINE, FIRM = "facility/mountain-pass", "organisation/mp-materials"


def test_what_names_a_plant_or_firm_touches_it_wherever_it_stands() -> None:
    """By hand from policy_scope.csv."""
    by_name = acts_on_sites(open_store(), [MINE, FIRM], [])
    assert {"mountain-pass-closure", "mofcom-2026-us-ten", "us-dod-mp-2025-equity"} <= by_name
    assert "mofcom-gac-2025-18" not in by_name
    assert acts_on_sites(open_store(), [], []) == set()


def test_what_touches_its_country_touches_it() -> None:
    found = acts_on_sites(open_store(), [MINE], [MINE])
    assert {"mofcom-gac-2025-18", "mof-china-2026-46", "us-232-pcm-2026"} <= found
    assert "mofcom-2026-1" not in found  # aimed at Japan
    assert "mofcom-2026-us-ten" in found  # aimed at a firm of its country


def test_what_is_surely_of_goods_without_rare_earths_does_not() -> None:
    found = acts_on_sites(open_store(), [MINE], [MINE])
    others = {"us-232-polysilicon-2026", "china-gallium-germanium-2023", "mofcom-gac-2025-58"}
    assert not others & found
    assert "mofcom-gac-2025-57" in found  # other rare earths than a plant may make
