"""When rows speak of one fact: data of the vocabulary, not of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables
from monazite.rows.sameness import ComparedColumns, Sameness

UNIT = "https://w3id.org/monazite/scheme/unit/"


@pytest.fixture(scope="module")
def sameness(shipped: Tables) -> Sameness:
    return Sameness(shipped.schema, shipped.rows)


def names(rule: ComparedColumns) -> tuple[list[str], list[str], list[str]]:
    return (
        [column.name for column in rule.fact],
        [column.name for column in rule.defined],
        [column.name for column in rule.period],
    )


@pytest.mark.parametrize(
    ("table", "fact", "defined", "period", "says"),
    [
        ("production", ["country", "stage", "material"], [], ["year"], "number"),
        ("quotas", ["country", "measure", "part"], [], ["year"], "number"),
        ("ownership", ["owner", "owned"], ["status"], ["valid_from", "valid_until"], "number"),
        ("facility_events", ["facility", "event"], ["stage", "part"], [], "date"),
        ("operations", ["facility", "stage"], [], ["from", "until"], "name"),
        ("coordinates", ["facility"], [], [], "place"),
        (
            "trade",
            ["exporter", "importer", "code"],
            ["description", "kind"],
            ["year", "period_from", "period_until"],
            "number",
        ),
    ],
)
def test_the_columns_of_a_fact(
    sameness: Sameness,
    table: str,
    fact: list[str],
    defined: list[str],
    period: list[str],
    says: str,
) -> None:
    rule = sameness.rules[table]
    assert names(rule) == (fact, defined, period)
    assert rule.says_what == says


def test_identity_rules_and_assumptions_cannot_contradict(sameness: Sameness) -> None:
    for name, table in sameness.schema.tables.items():
        if table.kind != "record" or table.in_every_view:
            assert name not in sameness.rules


def test_every_table_of_numbers_has_a_rule_unless_it_is_a_part_of_another(
    sameness: Sameness,
) -> None:
    with_numbers = {
        name
        for name, table in sameness.schema.tables.items()
        if table.kind == "record"
        and not table.in_every_view
        and {column.name for column in table.columns} & {"value", "percent"}
    }
    assert with_numbers <= set(sameness.rules)


@pytest.mark.parametrize(
    ("unit", "base", "factor"),
    [("kt", "t", 1000), ("million-t", "t", 1_000_000), ("t", "t", 1), ("lb", "t", 0.00045359237)],
)
def test_units_lead_to_their_base(sameness: Sameness, unit: str, base: str, factor: float) -> None:
    found, by = sameness.concepts.in_base(UNIT + unit)
    assert found == UNIT + base
    assert by == pytest.approx(factor)


def test_a_rule_taken_out_of_the_vocabulary_is_gone(ontology_copy: Path) -> None:
    file = ontology_copy / "monazite.ttl"
    text = file.read_text(encoding="utf-8")
    line = "mz:Reserve mz:sameFactBy mz:country ; mz:says mz:value .\n"
    assert line in text
    file.write_text(text.replace(line, ""), encoding="utf-8")
    assert "reserves" not in Sameness(read_schema(ontology_copy), []).rules


def test_names_of_things(sameness: Sameness) -> None:
    base = "https://w3id.org/monazite/"
    assert sameness.label(base + "id/country/CHN") == "China"
    assert sameness.label(base + "scheme/stage/mine") == "Mine"
    assert sameness.label(base + "id/nothing/such-a-thing") == "such-a-thing"
