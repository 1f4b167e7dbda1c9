"""Owners of sites on a day: the plant's parent, else the only operator's, else nobody's."""

from __future__ import annotations

from types import SimpleNamespace

from monazite.findings.ownership.site_owners import owners_of
from monazite.network.graph import Network
from monazite.triples.records import QueryRecord
from tests.findings.ownership.test_parents import DAY, row


def owners(*rows: QueryRecord, operators: tuple[str, ...] = ()) -> dict[str, tuple[str, int]]:
    """The owners of one site, with how many rows say so."""
    network = Network()
    network.add_node("mine/plant", kind="site", operators=[(each, each) for each in operators])
    network.add_node("mine/CHN", kind="country")
    facts = SimpleNamespace(derive=lambda _, work: work(), date=DAY, ask=lambda _: rows)
    found = owners_of(network, facts)  # type: ignore[arg-type]
    return {node: (owner.label, len(owner.rows)) for node, owner in found.items()}


def test_the_last_parent_on_the_way_owns_the_plant() -> None:
    rows = row("firm", "plant", "100"), row("group", "firm", "60")
    assert owners(*rows) == {"mine/plant": ("GROUP", 2)}


def test_who_runs_it_stands_in_where_the_plant_has_no_owner() -> None:
    rows = (row("group", "firm", "60"),)
    assert owners(*rows, operators=("firm",)) == {"mine/plant": ("GROUP", 1)}
    assert owners(row("other", "plant", "100"), *rows, operators=("firm",)) == {
        "mine/plant": ("OTHER", 1)
    }


def test_what_several_own_or_run_is_nobodys() -> None:
    assert owners(row("a", "plant", "50"), row("b", "plant", "50")) == {}
    two = row("group", "firm", "60"), row("group", "second", "60")
    assert owners(*two, operators=("firm", "second")) == {}
    assert owners() == {}
