"""Empty tables: read back as they are, with help that a valid row follows from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monazite.errors import UnknownNameError
from monazite.exchange.new_table import ColumnHelp, new_table
from monazite.rows.columns import Column, Schema, read_schema
from monazite.rows.own_files import find_own_files
from monazite.rows.reader import Tables
from monazite.rows.table_texts import TableReading, read_own_texts
from monazite.triples.checks import check
from tests.conftest import SMALL_TABLES, write_small_ontology

PLAIN = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), min_size=1)


@pytest.mark.whole
def test_every_empty_table_is_read_back_with_its_help_left_in(
    shipped: Tables, tmp_path: Path
) -> None:
    headers = {}
    for name in shipped.schema.tables:
        empty = new_table(name)
        headers[name] = [each.column for each in empty]
        for ending in ("csv", "xlsx"):
            folder = tmp_path / ending
            folder.mkdir(exist_ok=True)
            file = folder / f"{name}.{ending}"
            file.write_bytes(empty.empty(file))
    for ending in ("csv", "xlsx"):
        reading = TableReading(shipped.schema)
        found = read_own_texts(find_own_files(tmp_path / ending).tables, reading)
        assert reading.faults.gathered() == []
        assert {each.table.name: each.header for each in found} == headers
        assert not any(each.lines for each in found)


def test_help_says_what_unit_whether_and_gives_an_example() -> None:
    told = {each.column: each for each in new_table("capacity")}
    assert (told["facility"].given, told["facility"].takes) == ("yes", "a key of facilities")
    assert (told["value"].unit, told["locator"].given) == ("in the unit of the row", "no")
    assert ("separation", "Separation") in told["stage"].words
    assert told["as_of"].example
    assert new_table("ownership").columns[3].unit == "percent"
    undescribed = [each.column for each in new_table("capacity") if not (each.what and each.takes)]
    assert undescribed == []


def test_help_says_which_columns_a_check_asks_one_of(ontology_copy: Path) -> None:
    told = new_table("capacity", ontology_copy)
    several = [each.column for each in told if each.given == "one of these"]
    assert several == ["value", "value_low", "value_high", "value_as_printed", "note"]
    assert told.headline().endswith(f"must be given, and one of {', '.join(several)}")
    flows = {each.column: each.given for each in new_table("baci", ontology_copy)}
    assert (flows["usd"], flows["tonnes"]) == ("yes", "no"), "what must be given is one of them"
    scopes = {each.column: each.given for each in new_table("policy_scope", ontology_copy)}
    assert (scopes["covers"], scopes["exempts"]) == ("where kind is element", "no")


@pytest.mark.whole
def test_a_rule_that_is_taken_out_is_gone_from_help_and_check(ontology_copy: Path) -> None:
    own = ontology_copy.parent / "own"
    own.mkdir(exist_ok=True)
    rows = {
        "capacity": "own,mountain-pass,separation,actual-output,2024,mp-q4-2025\n",
        "policy_scope": "own,mofcom-gac-2025-18,element,dysprosium,mp-q4-2025\n",
    }
    headers = {
        "capacity": "row,facility,stage,kind,as_of,source\n",
        "policy_scope": "row,policy,kind,text,source\n",
    }
    for name, row in rows.items():
        (own / f"{name}.csv").write_text(headers[name] + row, encoding="utf-8")
    found = [each.what for each in check(own, home=ontology_copy).faults]
    assert found == [
        "the row has no number, and nothing says why",
        'the scope "dysprosium" is of kind element but covers nothing',
    ]
    for file, line in (
        ("monazite.ttl", "\nmz:Capacity mz:hasOneOf "),
        ("schemes/scope-kind.ttl", "mz:mustHave mz:covers"),
    ):
        path = ontology_copy / file
        text = path.read_text(encoding="utf-8")
        assert line in text
        kept = text.replace(line, line.replace("hasOneOf", "says").replace("covers", "targets"))
        path.write_text(kept, encoding="utf-8")
    assert check(own, home=ontology_copy).ok
    assert "one of these" not in {each.given for each in new_table("capacity", ontology_copy)}
    scopes = {each.column: each.given for each in new_table("policy_scope", ontology_copy)}
    assert (scopes["covers"], scopes["targets"]) == ("no", "where kind is element")


def test_the_example_of_a_unit_is_the_one_that_most_rows_of_ours_have(shipped: Tables) -> None:
    units: dict[str, Counter[str]] = {}
    for row in shipped.rows:
        if row.text("unit"):
            units.setdefault(row.table, Counter())[row.text("unit")] += 1
    assert units["capacity"].most_common(1)[0][0] == "t-per-year"
    for name, counts in units.items():
        example = shipped.schema.tables[name].column("unit").example
        assert counts[example] == max(counts.values()), name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "polices",
            'There is no table "polices"; did you mean "policies"? tables are area_demand,',
        ),
        ("x" * 300, "tables are area_demand,"),
        ("../persons", "There is no table"),
    ],
)
def test_an_unknown_table_is_told_which_there_are(name: str, said: str) -> None:
    with pytest.raises(UnknownNameError) as refused:
        new_table(name)
    assert said in str(refused.value)
    assert "yields." in str(refused.value)


def test_an_ending_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"An empty table is .csv or .xlsx"):
        new_table("persons").empty("persons.ods")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_ontology(tmp_path_factory.mktemp("new") / "ontology")


told_of = cache(new_table)


class Drawn:
    """Valid rows of a table, as its help says what stands in them."""

    def __init__(self, schema: Schema, keys: dict[str, list[str]]) -> None:
        self.schema, self.keys = schema, keys

    def cell(self, column: Column, told: ColumnHelp) -> st.SearchStrategy[str]:
        if column.kind == "reference":
            known = [word for word, _ in told.words]
            for name in column.classes:
                known += [key for t in self.schema.tables_of(name) for key in self.keys[t.name]]
            return st.sampled_from(known) if known else st.just("")
        low, high = column.minimum, column.maximum
        kinds: dict[str, st.SearchStrategy[Any]] = {
            "integer": st.integers(int(low or 0), int(high or 9999)),
            "decimal": st.decimals(low or 0, high or 9999, places=3),
            "boolean": st.sampled_from(["true", "false"]),
            "date": st.dates().map(lambda day: day.isoformat()),
            "anyURI": PLAIN.map(lambda text: f"https://example.org/{text}"),
        }
        return kinds.get(column.kind, PLAIN).map(str)

    def rows(self, name: str) -> st.SearchStrategy[list[dict[str, str]]]:
        table = self.schema.tables[name]
        told = {each.column: each for each in told_of(name)}
        cells = {}
        for column in table.columns:
            drawn = self.cell(column, told[column.name])
            needed = told[column.name].given != "no" and column.kind != "in-table"
            cells[column.name] = drawn if needed else st.just("") | drawn
            if column.kind == "in-table":
                cells[column.name] = st.just("")
        rows = st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=3)
        return rows.map(
            lambda found: [
                {**row, table.key_column: f"mine-{place}"} for place, row in enumerate(found)
            ]
        )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_table_that_is_filled_as_its_help_says_is_clean(small: Path, data: st.DataObject) -> None:
    schema = read_schema(small)
    keys = {
        name: [line.split(",")[0] for line in SMALL_TABLES[name].splitlines()[1:]]
        for name in schema.tables
    }
    name = data.draw(st.sampled_from(sorted(schema.tables)))
    drawn = Drawn(schema, keys)
    required = [each for each in schema.tables[name].columns if each.required]
    if any(drawn.cell(each, ColumnHelp("", "", "", "", "", "")).is_empty for each in required):
        return
    rows = data.draw(drawn.rows(name))
    file = small / f"{name}.csv"
    text = told_of(name).empty(file).decode()
    out = io.StringIO()
    writer = csv.DictWriter(out, text.strip().split(","), lineterminator="\n")
    writer.writerows(rows)
    file.write_text(text + out.getvalue(), encoding="utf-8")
    found = check(file, home=small)
    assert [str(each) for each in found.faults] == []
    assert dict(found.counts) == {name: len(rows)}
