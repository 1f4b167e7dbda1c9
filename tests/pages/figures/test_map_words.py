"""The words of the map: what runs, what has no place, and what is of other elements."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.plants.mapped_sites import MappedSites
from monazite.pages.figures.map_words import map_title, site_words
from monazite.pages.figures.worldmap import map_drawing
from tests.pages.figures.test_worldmap import LABELS, SITE, drawn


def test_a_site_says_where_it_is_what_it_does_and_how_much() -> None:
    assert site_words(SITE, LABELS) == (
        "Mt Weld, Australia: Mine, operating, 60,000 t a year (point: site)"
    )
    assert "tonnes not known" in site_words(replace(SITE, measure=""), LABELS)


def test_no_site_of_an_element_is_said() -> None:
    none = MappedSites((), (), "Scandium", others=168)
    assert map_title(none, "2026-11-24") == (
        "No record places a mine or plant of scandium that runs in 2026"
    )
    told = map_drawing(none, LABELS, "2026-11-24", 1096).alt
    assert "168 other sites of rare earths: no record speaks of scandium there." in told


def test_the_title_counts_the_market_that_was_asked_for() -> None:
    sites = tuple(
        replace(SITE, facility=f"s{n}", country=land)
        for n, land in enumerate(("United States", "United States", "France", "Estonia"))
    )
    told = MappedSites(sites, (), "Dysprosium")
    whole = "4 of 4 mines and plants of dysprosium on the map are recorded as running in 2026, "
    day = "2026-11-24"
    assert map_title(told, day) == f"{whole}2 of them in the United States"
    union = replace(told, market="European Union", home=frozenset({"France", "Estonia", "Spain"}))
    assert map_title(union, day) == f"{whole}2 of them in the European Union"
    japan = replace(told, market="Japan", home=frozenset({"Japan"}))
    assert map_title(japan, day) == f"{whole}none of them in Japan"


def test_the_words_count_what_runs_and_what_has_no_place() -> None:
    closed = replace(SITE, facility="other", state="closed")
    drawing = drawn(SITE, closed, missing=(("nowhere", "Brazil"),))
    told = f"{drawing.title} {drawing.alt}"
    assert "Australia" in told
    assert "2026-11-24" in told or "2026" in told
    assert drawn(SITE).alt != drawing.alt
