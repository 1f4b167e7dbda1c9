"""Parts of a year stand while what they are made of does, and never longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.findings.reconciliation.fingerprint import fingerprint
from monazite.findings.reconciliation.kept_parts import LAST, KeptParts
from monazite.findings.reconciliation.ledger import Ledger
from monazite.findings.reconciliation.members import magnet_numbers, year_of_ore
from monazite.findings.reconciliation.year_rows import YearRows, read_year_rows
from monazite.network.facts import ALL_RARE_EARTHS, MAGNET_RARE_EARTHS, read_facts
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.chemistry import Chemistry, read_chemistry
from tests.conftest import view_in_memory

DAY = "2026-11-24"
OUTPUT = "production/chn-separation-dysprosium-oxide-2024-argus"
MINED = "production/chn-mine-rare-earths-2024-usgs-mcs-2026"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=30))
def test_what_is_kept_is_what_would_be_made(asked: list[tuple[str, int]]) -> None:
    parts = KeptParts()
    for name, number in asked:
        assert parts.of(name, (number,), lambda x=(name, number): x) == (name, number)  # type: ignore[misc]


@given(st.permutations(range(LAST)), st.integers(0, LAST - 1))
def test_the_last_few_are_made_once(order: list[int], again: int) -> None:
    parts, made = KeptParts(), list[int]()
    for number in (*order, again):
        parts.of("x", (number,), lambda number=number: made.append(number))  # type: ignore[misc]
    assert made == order
    parts.of("x", (LAST,), lambda: made.append(LAST))
    forgotten = next(x for x in order if x != again)
    parts.of("x", (forgotten,), lambda: made.append(forgotten))
    assert made == [*order, LAST, forgotten]


@cache
def rows_and_chemistry() -> tuple[YearRows, Chemistry]:
    store = view_in_memory().store
    facts, everything = (
        read_facts(store, name, DAY) for name in (MAGNET_RARE_EARTHS, ALL_RARE_EARTHS)
    )
    return read_year_rows(facts, everything, 2024), read_chemistry(facts)


def ledgers(chemistry: Chemistry, drawn: dict[str, Amount]) -> dict[str, Ledger]:
    rows, _ = rows_and_chemistry()
    return {each.element: each for each in rows.ledgers(chemistry.at(drawn), drawn)}


def assay(element: str) -> Amount:
    _, chemistry = rows_and_chemistry()
    return chemistry.assays["bayan-obo"][element]


@pytest.mark.parametrize(
    ("names", "touched"),
    [
        ([OUTPUT], "Dy"),  # a row of one oxide: that element
        ([assay("Sm").name, assay("La").name], ""),  # what no magnet holds: none
        (["prices/nobody"], ""),
        ([MINED], "Nd Pr Dy Tb"),  # ore holds all
    ],
)
def test_a_moved_number_touches_the_elements_that_read_it(names: list[str], touched: str) -> None:
    _, chemistry = rows_and_chemistry()
    before = ledgers(chemistry, {})
    after = ledgers(chemistry, dict.fromkeys(names, exactly(0.011)))
    assert {x for x in before if after[x] is not before[x]} == {*touched.split()}


def test_a_dropped_flow_of_magnets_touches_no_ledger_of_oxide_or_ore() -> None:
    rows, chemistry = rows_and_chemistry()
    before = rows.ledgers(chemistry)
    less = replace(rows, flows=[x for x in rows.flows if not x.code.endswith("850511")])
    assert len(less.flows) < len(rows.flows)
    for one, other in zip(before, less.ledgers(chemistry), strict=True):
        assert [x for x in one.traded if x.stage != "magnet"] == other.traded


@cache
def numbers_that_move() -> dict[str, Amount]:
    rows, chemistry = rows_and_chemistry()
    found = chemistry.inputs({*rows.members})
    for ledger in rows.ledgers(chemistry):
        found |= ledger.inputs
    return {name: x for name, x in sorted(found.items()) if x.low < x.high}


@pytest.mark.whole
@settings(max_examples=12)
@given(
    st.lists(
        st.sets(st.sampled_from(sorted(numbers_that_move())), min_size=1, max_size=2),
        min_size=2,
        max_size=4,
    )
)
def test_numbers_gathered_one_after_the_other_are_those_gathered_alone(
    moves: list[Iterable[str]],
) -> None:
    rows, chemistry = rows_and_chemistry()
    for names in moves:
        drawn = {name: exactly(numbers_that_move()[name].low) for name in sorted(names)}
        kept = magnet_numbers(rows, chemistry.at(drawn), drawn)
        anew = magnet_numbers(replace(rows, parts=KeptParts()), chemistry.at(drawn), drawn)
        assert kept is not None
        assert anew is not None
        assert fingerprint(kept) == fingerprint(anew)


def test_the_ore_is_solved_once_for_all_elements_that_ask_of_it() -> None:
    rows, chemistry = rows_and_chemistry()
    drawn = {assay("Nd").name: exactly(assay("Nd").high)}
    first = year_of_ore(rows, chemistry.at(drawn), drawn)
    samarium = {**drawn, assay("Sm").name: exactly(assay("Sm").high)}
    assert year_of_ore(rows, chemistry.at(samarium), samarium) is first
    assert year_of_ore(rows, chemistry) is not first
