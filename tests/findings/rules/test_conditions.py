"""The conditions as the rows give them: whole clauses, known tests, nothing written twice."""

from __future__ import annotations

from collections import defaultdict

import pytest

from monazite.findings.rules.conditions import (
    LAYERS,
    RuleCondition,
    RuleStart,
    read_conditions,
    read_starts,
    years_later,
)
from monazite.triples.opening import open_store
from monazite.view import load

CONDITIONS = read_conditions(open_store())


def of(rule: str, clause: str) -> dict[str, RuleCondition]:
    return {each.test: each for each in CONDITIONS if (each.rule, each.clause) == (rule, clause)}


def test_a_clause_has_one_layer_role_act_and_time() -> None:
    held: dict[tuple[str, str, str], set[object]] = defaultdict(set)
    for each in CONDITIONS:
        of_clause = (each.part, each.role, each.layer, each.begins, each.ends)
        held[each.rule, each.policy, each.clause].add(of_clause)
    assert [clause for clause, kinds in held.items() if len(kinds) > 1] == []


def test_every_condition_has_what_its_test_asks_for() -> None:
    names = {
        "family": "type",
        "form": "form",
        "shipped-as": "shipped-as",
        "content": "element",
        "value-share": "element",
        "product-class": "class",
        "leaves": "place",
        "goes-to": "place",
        "onward": "place",
        "made-in": "place",
    }
    without = [
        each.row for each in CONDITIONS if each.test in names and not each.ids(names[each.test])
    ]
    assert without == []
    numbered = ("content", "value-share", "magnet-share", "owned-share")
    assert [x.row for x in CONDITIONS if x.test in numbered and x.percent is None] == []
    assert [x.row for x in CONDITIONS if x.test == "fact" and not x.fact] == []
    assert {x.layer for x in CONDITIONS} == {*LAYERS}


def test_what_the_scope_of_an_act_holds_is_read_from_there() -> None:
    value = of("mofcom-61", "value-ndfeb")["value-share"]
    assert value.percent == 0.1
    assert value.ids("element") == {"Sm", "Dy", "Gd", "Tb", "Lu", "Sc", "Y"}
    assert "policy_scope/mofcom-2025-61-threshold-0.1" in value.ids("scope")
    old = of("dfars-7052", "old")
    assert old["family"].ids("type") == {"ndfeb", "smco"}
    assert old["made-in"].places == {"CHN", "RUS", "PRK", "IRN"}
    assert of("mofcom-18", "magnet")["family"].ids("type") == {"ndfeb"}


def test_nothing_of_the_scope_is_written_again_in_a_condition() -> None:
    own = {
        (row.key, column): {cell.text for cell in row.cells.get(column, ())}
        for row in load().rows()
        if row.table == "rule_conditions"
        for column in ("elements", "places", "percent", "scope")
    }
    scope = {row.key: row for row in load().rows() if row.table == "policy_scope"}
    twice = []
    for (key, column), texts in own.items():
        for name in own[key, "scope"] if column != "scope" else ():
            held = scope[name]
            there = {"elements": "covers", "places": "targets", "percent": "percent"}[column]
            if held.text(there) and texts & {cell.text for cell in held.cells.get(there, ())}:
                twice.append((key, column, name))
    assert twice == []


def test_a_union_stands_with_its_members() -> None:
    assert {"DEU", "FRA", "EUE"} <= of("crma-28", "label")["goes-to"].places


def test_shares_are_parts_of_one_and_other_numbers_stay() -> None:
    assert of("mofcom-18", "tested-low")["content"].limit == pytest.approx(0.001)
    assert of("crma-29", "recycled-share")["magnet-mass"].limit == 200
    assert of("mofcom-18", "magnet")["leaves"].limit == 0


def test_a_start_hangs_on_an_act_that_was_not_found() -> None:
    starts = {start.row: start for start in read_starts(open_store())}
    label = starts["rule_starts/crma-28-implementing-act"]
    # read to 2026-11-28: adopted the next day at the earliest, and two years later
    assert [label.started(day) for day in ("2028-11-27", "2028-11-28")] == ["no", "perhaps"]
    share = starts["rule_starts/crma-29-delegated-act"]
    assert share.earliest == "2028-11-28"  # later than 2027-05-24
    firm = starts["rule_starts/crma-28-law-firm"]
    assert [firm.started(day) for day in ("2028-11-23", "2028-11-24")] == ["no", "perhaps"]


def test_a_start_that_was_adopted_is_sure() -> None:
    day = ("2027-01-01", "2027-01-01")
    start = RuleStart("r", "x", "X", "x", "", "", 0, "2027-01-01", day, "adopted", "")
    assert [start.started(day) for day in ("2026-12-31", "2027-01-01")] == ["no", "surely"]


def test_years_later_ends_in_february() -> None:
    assert [years_later(*each) for each in (("2024-02-29", 2), ("2024-02-29", 4))] == [
        "2026-02-28",
        "2028-02-29",
    ]


def test_a_view_of_a_day_holds_the_clauses_that_can_hold_on_it() -> None:
    held = {each.clause for each in CONDITIONS if each.rule == "dfars-7052"}
    later = {
        each.clause
        for each in read_conditions(load(valid="2027-06-01").store)
        if each.rule == "dfars-7052"
    }
    assert held - later == {"old", "cots"}  # both until 2026-12-31
