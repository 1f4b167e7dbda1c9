"""The numbers of a year, gathered and kept: parts stand while what they are made of does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.core.errors import NotKnownError
from monazite.model.chemistry import Amount, Chemistry, exactly, read_chemistry
from monazite.model.network.facts import MAGNET_RARE_EARTHS, read_facts
from monazite.model.reconciliation import year as kept
from monazite.model.reconciliation.ledger import Ledger
from monazite.model.reconciliation.numbers import YearNumbers, fingerprint, gather
from monazite.model.reconciliation.year import (
    ReconciledYear,
    magnet_numbers,
    reconcile_members,
    reconcile_year,
    year_of_ore,
)
from monazite.model.reconciliation.year_rows import LAST, KeptParts, YearRows, read_year_rows
from monazite.view.opening import load
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.model.reconciliation.by_hand import two_countries, year_of

DAY = "2026-11-24"


@cache
def numbers(element: str = "MREE", year: int = 2024) -> YearNumbers:
    store = view_in_memory().store
    facts = read_facts(store, element, DAY)
    rows, chemistry = read_year_rows(facts, year), read_chemistry(facts)
    return gather(rows, rows.ledgers(chemistry), chemistry)


def test_four_quarters_of_a_plant_and_the_national_row_are_ranges_of_one_number() -> None:
    quarters = (
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-03",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-06-quarter",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-09",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-12",
    )
    tonnes = sum(float(line_of(f"capacity/{row}")["value"]) for row in quarters)
    (found,) = [x for x in numbers().output["separation"] if x.pool == "MYS"]
    assert found.elements == ("Nd", "Pr")
    assert found.amount.value == pytest.approx(tonnes / 1.17, rel=0.01)  # as oxide
    assert found.amount.high == pytest.approx(tonnes)  # the form is not stated: as element
    assert found.amount.low < 3000  # the agency's national row
    assert {f"capacity/{row}" for row in quarters} <= {*found.amount.rows}


def test_monazite_into_china_belongs_in() -> None:
    found = numbers().goods["mine", "ROW", "CHN"]
    assert found.gross == pytest.approx(48_380)
    assert found.reo.value == pytest.approx(24_190)


def test_rows_are_those_of_the_members_that_are_asked_about() -> None:
    share = Amount(0.8, 0.7, 0.9, ("production/share",))
    found = year_of(shares={("A", "Nd"): share})
    assert found.rows_of(["Nd"])["separation", "A"] == ("production/share",)
    assert ("separation", "A") not in found.rows_of(["Dy"])


def test_rows_of_a_flow_are_named() -> None:
    rows = numbers().rows_of(["Dy"])
    assert "baci/mmr-chn-2846.90-2024" in rows["mine", "MMR"]
    assert any(row.startswith("production/chn-separation-dy") for row in rows["separation", "CHN"])


def test_all_elements_say_the_same_of_what_ore_was_sold() -> None:
    facts = read_facts(view_in_memory().store, "TREO", DAY)
    years = reconcile_members(facts, read_chemistry(facts), 2024)
    assert years["Nd"] is years["Dy"] is years["Tb"]
    ore = years["Nd"].ore
    assert ore["AUS", "mt-weld", "MYS"] > 20_000
    for element in ("La", "Ce", "Y", "Sm"):
        own = years[element].ore
        assert own == pytest.approx({key: ore.get(key, 0.0) for key in own}, abs=1e-6)


@pytest.mark.whole
def test_a_view_without_assumptions_reconciles_nothing() -> None:
    view = load(without="assumptions")
    facts = read_facts(view.store, "Dy", DAY)
    with pytest.raises(NotKnownError, match="assumptions that the data used leave out"):
        reconcile_members(facts, read_chemistry(facts), 2024)
    assert view.balance("Dy", year=2024).reconciliation is None


OUTPUT = "production/chn-separation-dysprosium-oxide-2024-argus"
MINED = "production/chn-mine-rare-earths-2024-usgs-mcs-2026"


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
    facts = read_facts(view_in_memory().store, MAGNET_RARE_EARTHS, DAY)
    return read_year_rows(facts, 2024), read_chemistry(facts)


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


class Beside:
    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}

    def kept(self, question: str, work: object) -> bytes:
        assert callable(work)
        if question not in self.answers:
            self.answers[question] = work()
        return self.answers[question]


def test_what_is_read_is_what_was_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    store, numbers = Beside(), two_countries()
    first = kept.cached_year(numbers, store)  # type: ignore[arg-type]
    solved = reconcile_year(numbers)
    assert first.values == solved.values
    assert first.ranges == solved.ranges

    def refuse(_: YearNumbers) -> ReconciledYear:
        raise AssertionError("solved again")

    monkeypatch.setattr(kept, "reconcile_year", refuse)
    assert kept.cached_year(numbers, store) == first  # type: ignore[arg-type]
    (place, mined), *_ = numbers.mined.items()
    moved = replace(numbers, mined={**numbers.mined, place: mined.times(1.5)})
    with pytest.raises(AssertionError, match="solved again"):
        kept.cached_year(moved, store)  # type: ignore[arg-type]


def test_every_number_and_assumption_but_a_horizon_changes_it_and_a_row_does_not() -> None:
    numbers = two_countries()
    (place, mined), *_ = numbers.mined.items()
    told = {**numbers.mined, place: replace(mined, rows=("production/other",))}
    assert fingerprint(replace(numbers, mined=told)) == fingerprint(numbers)
    wider = {**numbers.mined, place: replace(mined, high=mined.high + 1)}
    assert fingerprint(replace(numbers, mined=wider)) != fingerprint(numbers)
    chemistry = numbers.chemistry
    for key in chemistry.assumed:
        other = replace(chemistry, assumed={**chemistry.assumed, key: exactly(0.123)})
        same = fingerprint(replace(numbers, chemistry=other)) == fingerprint(numbers)
        assert same == (key[1] in {"immediate", "short-run", "medium-run", "free"}), key
    more = {**chemistry.assumed, ("horizon-trade", "short-run", ""): exactly(9.0)}
    moved = replace(numbers, chemistry=replace(chemistry, assumed=more))
    assert fingerprint(moved) == fingerprint(numbers)


@given(st.floats(0.5, 2.0))
def test_a_year_that_stands_is_what_would_be_solved_again(scale: float) -> None:
    numbers = two_countries()
    before = reconcile_year(numbers)
    mined = {
        place: Amount(scale * x.value, scale * x.low, scale * x.high)
        for place, x in numbers.mined.items()
    }
    asked = replace(numbers, mined=mined)
    assert reconcile_year(asked, before=before).values == reconcile_year(asked).values
