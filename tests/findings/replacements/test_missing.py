"""What an answer lacks: a base year by hand."""

from __future__ import annotations

from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.replacements.missing import hangs_on, missing_words
from monazite.triples.names import find_entity
from monazite.triples.store import Store
from tests.findings.replacements.made import site_of


def test_what_outside_hung_on_the_country_is_said(store: Store) -> None:
    """Metal plants outside took 100 t of oxide, 75 of it Chinese; of 80 t mined 20 went there."""
    china = find_entity(store, "CHN", "Country")
    chain = ElementChain(
        "Dy",
        made={("mine", "MMR"): 20.0, ("mine", "AUS"): 60.0, ("mine", "CHN"): 50.0},
        taken={("separation", "JPN"): 100.0, ("separation", "CHN"): 900.0},
        flows={
            ("separation", "CHN", "JPN"): 75.0,
            ("mine", "MMR", "CHN"): 20.0,
            ("mine", "AUS", "MYS"): 60.0,
        },
        missing={},
        scrap={},
        home={},
        parts={},
        rows={},
    )
    assert [each.words for each in hangs_on(chain, china, 2024)] == [
        "Of the oxide that metal plants outside China worked on in 2024, 75 % came from there.",
        "Of the 80 t that was mined outside China in 2024, 25 % was separated there.",
    ]
    malaysia = find_entity(store, "MYS", "Country")
    assert [*hangs_on(chain, malaysia, 2024)][-1].words.startswith("Of the 130 t")


def test_stages_without_a_plant_and_plants_without_a_start_are_said(store: Store) -> None:
    china = find_entity(store, "CHN", "Country")
    sites = [site_of(5.0, facility="one"), site_of(5.0, facility="two", start=None)]
    told = [*missing_words("Dy", china, ["separation", "metal"], sites)]
    assert told == [
        "At metal we found no plant outside China that comes on top, with tonnes of Dy.",
        "No start is known of these, and they do not count: Two.",
    ]
