"""What scope rows name, and which elements are in what they name."""

from __future__ import annotations

from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.reach import Named, licensed_elements, read_goods, read_reach
from monazite.triples.opening import open_store

SEVEN = {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"}


def named(kind: str, name: str, notation: str = "", words: str = "") -> Named:
    return Named("covers", kind, name, name, "", "", notation, words)


def test_rows_of_the_scope_with_what_they_name() -> None:
    rows = {row.row: row for row in read_reach(open_store())["mofcom-2026-1"]}
    japan = rows["policy_scope/mofcom-2026-1-target-country-jpn"]
    assert [each.id for each in japan.named_as("targets")] == ["JPN"]
    assert japan.detail.startswith("military users")
    assert rows["policy_scope/mofcom-2026-1-threshold-third-country-transfers"].named == ()


def test_which_elements_are_in_goods() -> None:
    goods = read_goods(open_store())
    assert goods.of(named("element", "Dy")) == {"Dy"}
    assert goods.of(named("element", "ndpr")) == {"Nd", "Pr"}
    assert goods.of(named("material", "ndfeb-magnet-with-dy")) >= {"Dy", "Nd"}
    assert len(goods.of(named("material", "rare-earth-products"))) >= 16
    assert goods.of(named("code", "x", "8505.11")) >= {"Nd", "Dy", "Sm"}
    assert goods.of(named("code", "x", "2846902910", "Sm;Gd;Lu;Sc")) == {"Sm", "Gd", "Lu", "Sc"}


def test_a_controlled_list_is_what_licences_under_it_cover() -> None:
    store = open_store()
    found = licensed_elements("CHN", read_acts(store), read_reach(store), read_goods(store))
    assert found >= SEVEN
    assert not found & {"Ho", "La", "Ga"}
