"""Rows as readings: what they speak of, on what terms, and who says so, in a small ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.findings.conflicts.readings import Reading, to_readings
from monazite.rows.columns import read_schema
from monazite.rows.reader import read_tables
from monazite.rows.roots import SourceAttribution
from monazite.rows.sameness import Sameness
from tests.findings.readings import reading, says

ANNUAL, DIGEST = says("annual", "Lynas", tier=1), says("digest", "A newspaper", tier=3)
UNIT = "https://w3id.org/monazite/scheme/unit/"
HOLDING = "lynas-kuantan-2,lynas,kuantan,{},stated,2012,,,digest,,,\n"


def readings(folder: Path, *sources: SourceAttribution) -> dict[str, Reading]:
    schema = read_schema(folder)
    rows = read_tables(folder / "tables", schema).rows
    found = to_readings(rows, Sameness(schema, rows), {source.id: source for source in sources})
    return {each.row: each for each in found}


def test_a_capacity_speaks_of_a_plant_and_a_stage(small_ontology: Path) -> None:
    found = readings(small_ontology, ANNUAL, DIGEST)["capacity/kuantan-2024"]
    fact = dict(found.fact)
    assert fact["facility"].endswith("/kuantan")
    assert fact["stage"].endswith("/separation")
    assert found.text == "1.50 (1 to 2) t-per-year"
    assert found.sources == (ANNUAL, DIGEST)
    assert found.author == "Lynas"


def test_a_source_that_is_not_of_the_view_does_not_speak(small_ontology: Path) -> None:
    found = readings(small_ontology, DIGEST)
    assert found["capacity/kuantan-2024"].sources == (DIGEST,)
    assert found["capacity/kuantan-2025"].sources == ()
    assert found["capacity/kuantan-2025"].author == ""


def test_the_terms_tell_rows_of_one_fact_apart(small_ontology: Path) -> None:
    found = readings(small_ontology, ANNUAL)
    one, other = (found[f"capacity/kuantan-{year}"] for year in (2024, 2025))
    assert (one.period, one.unit) == (("2024-02",), UNIT + "t-per-year")
    assert (other.period, other.unit) == (("2025",), UNIT + "t"), "those of a year are tonnes"
    assert one.basis == other.basis
    assert one.period != other.period or one.defined != other.defined


@pytest.mark.parametrize(("percent", "told"), [("90", True), ("", False)])
def test_a_row_that_prints_nothing_is_no_reading(
    small_ontology: Path, percent: str, told: bool
) -> None:
    table = small_ontology / "tables" / "ownership.csv"
    table.write_text(table.read_text("utf-8") + HOLDING.format(percent), "utf-8")
    assert ("ownership/lynas-kuantan-2" in readings(small_ontology, DIGEST)) is told


def test_a_place_is_its_point(small_ontology: Path) -> None:
    assert readings(small_ontology, ANNUAL)["coordinates/kuantan-site"].text == "3.99, 103.38"


def test_the_newest_source_says_since_when_and_the_roots_who_in_the_end() -> None:
    copy = says("blog", "A blog", known="2026-01-31", root="annual")
    found = reading("100", ANNUAL, copy)
    assert found.known == "2026-01-31"
    assert found.roots == {"annual"}
    assert reading("100").known == ""
