"""Tables and columns as the shapes give them, and every broken file told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError
from monazite.rows.columns import read_schema


def test_a_table_is_what_its_shape_says(small_ontology: Path) -> None:
    table = read_schema(small_ontology).tables["capacity"]
    header = (small_ontology / "tables" / "capacity.csv").read_text("utf-8").split("\n", 1)[0]
    assert {column.name for column in table.columns} | {"row"} == set(header.split(","))
    assert (table.key_column, table.kind) == ("row", "record")
    assert table.column("value").kind == "decimal"
    assert table.column("source").many
    assert not table.column("stage").many
    assert table.column("facility").required


def test_an_entity_has_a_key_of_its_own(small_ontology: Path) -> None:
    schema = read_schema(small_ontology)
    table = schema.tables["facilities"]
    assert (table.key_column, table.kind, table.id_path) == ("id", "entity", "id/facility/")
    assert schema.tables_of(table.class_iri) == [table]


def test_codes_are_those_of_the_schemes(small_ontology: Path) -> None:
    schema = read_schema(small_ontology)
    (stage,) = schema.tables["capacity"].column("stage").classes
    assert schema.codes[stage]["mine"] == "https://w3id.org/monazite/scheme/stage/mine"
    assert "ore" not in schema.codes[stage]


def test_the_same_bytes_are_the_same_schema(small_ontology: Path) -> None:
    assert read_schema(small_ontology) is read_schema(small_ontology)


def test_all_broken_files_are_listed_with_their_lines(small_ontology: Path) -> None:
    for name in ("shapes/capacity.ttl", "schemes/stage.ttl"):
        file = small_ontology / name
        file.write_text("@prefix a: <https://a.org/> .\na:b a:c ;;; [\n", "utf-8")
    (small_ontology / "monazite.ttl").unlink()
    with pytest.raises(FaultyTablesError) as raised:
        read_schema(small_ontology)
    files = [fault.file for fault in raised.value.faults]
    assert files == ["monazite.ttl", "schemes/stage.ttl", "shapes/capacity.ttl"]
    assert all("broken Turtle" in fault.what for fault in raised.value.faults[1:])
    assert all(fault.line > 0 for fault in raised.value.faults[1:])
