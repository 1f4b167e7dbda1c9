"""The README's table of what is in the graph says what the tables hold.

``MONAZITE_UPDATE_README=1`` writes the table anew.
"""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TABLES = ROOT / "ontology" / "tables"
HEAD = ["| what | rows | oldest source | newest source |", "| --- | ---: | --- | --- |"]
GROUPS = {
    "sources, with tier, date, address and terms": ["sources"],
    "facilities, their operations, events, places, capacity and materials": [
        "facilities",
        "operations",
        "facility_events",
        "coordinates",
        "capacity",
        "facility_materials",
    ],
    "organisations, ownership, supply links, capacity of firms": [
        "organisations",
        "ownership",
        "supply_links",
        "organisation_capacity",
    ],
    "policies, their events, scope and relations": [
        "policies",
        "policy_events",
        "policy_scope",
        "policy_links",
    ],
    "rules as conditions, their starts, documents and classes of products": [
        "rule_conditions",
        "rule_starts",
        "rule_documents",
        "product_classes",
    ],
    "production, reserves, quotas, demand": [
        "production",
        "production_totals",
        "reserves",
        "reserve_totals",
        "quotas",
        "demand",
        "country_demand",
        "area_demand",
    ],
    "trade between countries, its totals, and months": [
        "trade",
        "trade_totals",
        "baci",
        "baci_totals",
        "monthly",
    ],
    "prices, costs, stocks, criticality, governance, published losses": [
        "prices",
        "costs",
        "stocks",
        "criticality",
        "governance",
        "published_losses",
    ],
    "elements, minerals, materials, codes, assays, compositions, yields, uses": [
        "elements",
        "element_groups",
        "minerals",
        "mineral_contents",
        "materials",
        "codes",
        "deposits",
        "assays",
        "compositions",
        "yields",
        "end_uses",
        "use_intensities",
        "magnet_grades",
        "grade_names",
        "recipes",
    ],
    "countries and aggregates, with their boxes": ["countries", "areas", "country_boxes"],
    "statements of a newspaper article, what others say, which rows speak to them": [
        "statements",
        "statement_links",
        "persons",
        "responses",
    ],
    "assumptions: values nobody has read, with range and reason": ["assumptions"],
    "rules, gaps, recorded conflicts, merged and outside identifiers": [
        "series_ranks",
        "preferences",
        "reproductions",
        "stage_materials",
        "trade_routes",
        "data_gaps",
        "recorded_conflicts",
        "id_merges",
        "identifiers",
    ],
}


def read(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected() -> list[str]:
    published = {row["id"]: row["published"] for row in read("sources")}
    lines = list(HEAD)
    for what, tables in GROUPS.items():
        rows = [row for table in tables for row in read(table)]
        used = {s for row in rows for s in row.get("source", row.get("id", "")).split(";")}
        dates = sorted(filter(None, (published.get(source, "") for source in used)))
        lines.append(f"| {what} | {len(rows):,} | {dates[0][:4]} | {dates[-1][:4]} |")
    return lines


def test_every_table_is_counted_once() -> None:
    counted = [table for tables in GROUPS.values() for table in tables]
    tables = {file.stem for file in TABLES.glob("*.csv")}
    lacks = [
        *(f"{table} is in no line: add it to GROUPS" for table in sorted(tables - {*counted})),
        *(f"{table} is no table: take it out of GROUPS" for table in sorted({*counted} - tables)),
        *(f"{table} is in GROUPS twice" for table in sorted(tables) if counted.count(table) > 1),
    ]
    assert not lacks, "\n".join(lacks)


def test_the_table_of_the_readme_is_true() -> None:
    text = README.read_text(encoding="utf-8")
    found = re.search(r"^\| what \| rows .*?(?=\n\n)", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    if os.environ.get("MONAZITE_UPDATE_README") == "1":
        README.write_text(text.replace(found[0], "\n".join(expected())), encoding="utf-8")
        return
    stale = [line for line in found[0].splitlines() if line not in expected()]
    wanted = [line for line in expected() if line not in found[0].splitlines()]
    assert found[0].splitlines() == expected(), "\n".join(
        ["MONAZITE_UPDATE_README=1 writes", *wanted, "in place of", *stale]
    )
