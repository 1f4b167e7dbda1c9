"""What a view holds, against counts of the tables and against views that leave rows out."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from typing import Any

import pytest

from monazite.findings.dataset.inventory import Inventory, five_years, take_inventory
from monazite.findings.shares.concentration import stage_shares
from monazite.rows.columns import Schema, TableShape
from monazite.rows.iris import BASE, NS
from monazite.shipped import ontology_folder
from monazite.triples.statistics import CountedSource, Statistics, read_statistics
from tests.conftest import view_in_memory


@cache
def of_view(**given: Any) -> Inventory:
    view = view_in_memory(**given)
    return take_inventory(read_statistics(view.store), view.schema)


def test_sources_by_tier_and_age_are_those_of_the_file() -> None:
    file = ontology_folder() / "tables" / "sources.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    inventory = of_view()
    assert {each.group: each.sources for each in inventory.tiers} == Counter(
        row["tier"] for row in rows
    )
    ages = {each.group: each.sources for each in inventory.ages}
    assert ages["undated"] == sum(not row["published"] for row in rows)
    late = [row for row in rows if "2020" <= row["published"][:4] <= "2024"]
    assert ages["2020 to 2024"] == len(late)
    assert sum(ages.values()) == inventory.sources == len(rows)


@pytest.mark.parametrize(
    "given", [{}, {"tier": 1}, {"known": "2010"}, {"without": ("table:baci",)}]
)
def test_facts_are_those_of_the_view(given: dict[str, Any]) -> None:
    view = view_in_memory(**given)
    inventory = of_view(**given)
    facts = sum(table.rows for table in inventory.tables if table.kind == "fact")
    assert facts == view.describe()["rows"]
    assert sum(tier.facts for tier in inventory.tiers) == facts
    assert sum(age.facts for age in inventory.ages) == facts


def test_a_filtered_view_counts_only_what_it_holds() -> None:
    first = of_view(tier=1)
    assert [tier.group for tier in first.tiers if tier.facts] == ["1"]
    early = of_view(known="2010")
    assert max(age.group for age in early.ages if age.facts and age.group[0] == "2") <= (
        "2010 to 2014"
    )
    without = of_view(without=("table:baci",))
    assert "baci" not in {table.table for table in without.tables}


def test_a_fact_counts_once_with_its_best_and_its_newest_source() -> None:
    """Worked by hand: three facts, one of two sources; the entity's row is no fact."""
    schema = Schema(
        {
            "prices": TableShape("prices", NS + "Price", "record", "", "event", (), ()),
            "elements": TableShape(
                "elements", NS + "ChemicalElement", "entity", "id/", "none", (), ()
            ),
            "sources": TableShape("sources", NS + "Source", "source", "source/", "none", (), ()),
        }
    )
    counts = Statistics(
        quads=0,
        triples=0,
        subjects=0,
        tables={"prices": 3, "elements": 1},
        classes={NS + "Source": 2},
        properties={},
        sources={"urn:old": CountedSource("1", "1999-04"), "urn:new": CountedSource("3", "2025")},
        evidence={
            f"{BASE}row/prices/a": ("urn:new", "urn:old"),
            f"{BASE}row/prices/b": ("urn:new",),
            f"{BASE}row/prices/c": ("urn:new",),
            f"{BASE}row/elements/Dy": ("urn:old",),
        },
    )
    inventory = take_inventory(counts, schema)
    assert [(each.group, each.sources, each.facts) for each in inventory.tiers] == [
        ("1", 1, 1),
        ("3", 1, 2),
    ]
    assert [(each.group, each.sources, each.facts) for each in inventory.ages] == [
        ("1995 to 1999", 1, 0),
        ("2025 to 2029", 1, 3),
    ]
    assert [(each.table, each.kind, each.rows) for each in inventory.tables] == [
        ("elements", "identity", 1),
        ("prices", "fact", 3),
        ("sources", "source", 2),
    ]
    assert inventory.rows == 6


@pytest.mark.parametrize(
    ("published", "years"),
    [("2025", "2025 to 2029"), ("1989-12-31", "1985 to 1989"), ("", "undated")],
)
def test_five_years(published: str, years: str) -> None:
    assert five_years(published) == years


def test_coverage_is_that_of_the_chokepoint_report() -> None:
    view = view_in_memory()
    network = view.network("Dy")
    counts = read_statistics(view.store)
    inventory = take_inventory(counts, view.schema, stage_shares(network))
    report = {stage.stage: stage.coverage for stage in view.chokepoints("Dy").stages}
    assert {each.stage: each.coverage for each in inventory.coverage} == report
    assert report["metal"] is None, "not known is not nought"
