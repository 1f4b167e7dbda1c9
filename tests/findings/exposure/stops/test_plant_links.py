"""Plants and links of a day, by records: who runs and holds them, and which do a stage."""

from __future__ import annotations

from monazite.findings.exposure.exposure import known_materials
from monazite.findings.exposure.stops.plant_links import read_plant_links
from monazite.triples.store import Store
from tests.findings.exposure.stops.planted import plants


def test_a_plant_makes_the_magnets_that_records_say() -> None:
    links = plants()
    assert links.does("plant-a", "magnet", "ndfeb")
    assert not links.does("plant-a", "magnet", "smco")
    assert not links.does("plant-a", "metal", "")
    assert [ties[-1].owned for ties in links.plants_of("maker-b", "magnet", "smco")] == ["plant-s"]
    assert [ties[-1].owned for ties in links.plants_of("group", "magnet")] == ["plant-a"]
    assert links.buyers_for("plant-a") == {"plant-a": True, "maker-a": True, "group": False}
    assert (links.next_inside("works", "magnet"), links.next_inside("pit", "mine")) == (
        "separation",
        "",
    )


def test_records_of_a_day(store: Store) -> None:
    materials = known_materials(store)
    links = read_plant_links(store, "2026-11-24", materials)
    # MP Materials: 8 % of Shenghe's are no plants of Shenghe's.
    held = {tie.owned for tie in links.below["shenghe-resources"]}
    assert "mp-materials" not in held
    assert links.makes["eec-smco"] == {"smco"}
    assert "magnet" not in links.stages["mp-10x"]  # is being built
    assert "magnet" not in links.stages["hitachi-edmore"]  # closed in 2005
    # La Rochelle's offtake to Noveon begins in 2026; that of Mountain Pass to Shenghe has ended.
    assert any(x.seller == "la-rochelle" for x in links.sold_to["noveon"])
    before = read_plant_links(store, "2025-06-30", materials)
    assert not any(x.seller == "la-rochelle" for x in before.sold_to.get("noveon", ()))
    assert all(x.seller != "mountain-pass" for x in links.sold_to.get("shenghe-resources", ()))
