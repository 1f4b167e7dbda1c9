"""Croissant as its own library reads it: no fault, no warning, and every record of a table."""

from __future__ import annotations

import csv
import json
import warnings

import pytest

from monazite.exchange.catalogues.croissant import to_croissant
from monazite.exchange.catalogues.published import PublishedView
from tests.exchange.catalogues.conftest import WriteCopy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    mlcroissant = pytest.importorskip("mlcroissant")


@pytest.mark.whole
@pytest.mark.filterwarnings("ignore")
def test_its_own_library_finds_no_fault_and_reads_the_records(write_copy: WriteCopy) -> None:
    file = write_copy("croissant", "croissant.json")
    dataset = mlcroissant.Dataset(str(file))
    assert dataset.metadata.ctx.issues.report() == ""
    assert dataset.metadata.ctx.conforms_to.value == "http://mlcommons.org/croissant/1.1"
    records = [*dataset.records("capacity")]
    with (file.parent / "capacity.csv").open(encoding="utf-8", newline="") as lines:
        rows = [*csv.DictReader(lines)]
    assert [each["capacity/row"].decode() for each in records] == [row["row"] for row in rows]
    numbers = [
        (each["capacity/value"], row["value"]) for each, row in zip(records, rows, strict=True)
    ]
    assert all(number == float(text) for number, text in numbers if text)


def test_each_table_has_its_columns_described(published: PublishedView) -> None:
    told = json.loads(to_croissant(published))
    by_name = {each["name"]: each for each in told["recordSet"]}
    assert {f"{name}.csv" for name in by_name} == {*published.shapes}
    for each in by_name.values():
        assert all(field["description"] for field in each["field"]), each["name"]
    kinds = {field["name"]: field["dataType"] for field in by_name["capacity"]["field"]}
    assert (kinds["value"], kinds["as_of"]) == ("sc:Float", "sc:Text"), "2024-02 is no date"


def test_no_context_has_to_be_fetched(published: PublishedView) -> None:
    assert isinstance(json.loads(to_croissant(published))["@context"], dict)
