"""What several findings share: assumptions, dates, rank correlation, wording."""

from __future__ import annotations

from itertools import product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.rank_correlation import kendall, pair_signs, places, spearman
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, counted
from monazite.data.filters import NO, PERHAPS, SURELY, Bounds, bounds_in, holds
from monazite.model.assumptions import (
    MethodAssumptions,
    assumption_rows,
    assumptions_in,
    read_method_assumptions,
    span,
)
from monazite.model.network.attributes import Network
from monazite.model.wording import between, capital, listed, ranged
from monazite.store.queries import QueryRecord
from monazite.store.store import Store
from tests.golden.lines import lines_of
from tests.model.chains import ASSUMPTION, chain

TOTAL = "assumptions/method-stage-total"


def network() -> Network:
    """A chain of two stages, one arc of which rests on an assumption more."""
    made = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    other = QueryRecord({**ASSUMPTION, "low": "", "row": "row/assumptions/a-price"})
    made.graph["assumptions"] = {**made.graph["assumptions"], "price": other, "unused": other}
    return made


def test_what_arcs_name_is_among_them_and_what_no_row_gives_is_not() -> None:
    made = network()
    made.edges["mine/A", "separation/A", next(iter(made["mine/A"]["separation/A"]))].update(
        assumptions=("price", "nobody-gives-it")
    )
    assert assumption_rows(made) == ("assumptions/a-price", TOTAL)


def test_each_has_its_value_its_range_and_its_reason() -> None:
    (found,) = assumptions_in(network(), ["production/a", TOTAL])
    assert (found.row, found.value, found.low, found.high) == (TOTAL, 1.0, 0.9, 1.1)
    assert (found.text, found.unit, found.reason) == (
        "stage-total: world total of a stage",
        "times",
        "by hand",
    )
    assert assumptions_in(network(), []) == ()


@pytest.fixture(scope="module")
def method(store: Store) -> MethodAssumptions:
    return read_method_assumptions(store)


def test_shares_are_parts_of_one_and_are_told_as_the_row_has_them(
    method: MethodAssumptions,
) -> None:
    key = ("exported-share", "magnets, 2024")
    assert span(method.amount(*key)) == pytest.approx((0.22, 0.18, 0.25))
    told = method.assumption(*key)
    assert (told.value, told.low, told.high, told.unit) == (22, 18, 25, "percent")
    assert told.text == "Part sold abroad: magnets, 2024"
    assert told.reason.endswith(".")


def test_the_mix_of_grades_is_that_of_every_other_finding(method: MethodAssumptions) -> None:
    """One number has one range: what a rule on heavy magnets covers is the share of the chain."""
    key = ("heavy-magnet-share", "NdFeB magnets that hold dysprosium or terbium")
    amount = method.amount(*key)
    assert amount.name == "assumptions/method-heavy-magnet-share"
    assert span(amount) == pytest.approx((0.4, 0.2, 0.6))


def test_what_a_view_leaves_out_is_not_known(method: MethodAssumptions) -> None:
    with pytest.raises(NotKnownError, match="transit-time"):
        MethodAssumptions({}).amount("transit-time", "maker to a user in another country")


DAYS = [f"2020-01-0{n}" for n in range(1, 7)]
SPANS = [(a, b) for a, b in product(DAYS[1:5], repeat=2) if a <= b]


def of_exact(begins: tuple[str, str], ends: tuple[str, str] | None, day: str) -> str:
    """By trial: surely in all, no in none of the exact intervals, else perhaps."""
    firsts = [each for each in DAYS if begins[0] <= each <= begins[1]]
    lasts = [each for each in DAYS if ends[0] <= each <= ends[1]] if ends else ["9"]
    found = {first <= day <= last for first in firsts for last in lasts}
    if len(found) > 1:
        return PERHAPS
    return SURELY if True in found else NO


@pytest.mark.parametrize("ends", [None, *SPANS])
def test_it_is_what_trial_of_all_exact_dates_gives(ends: Bounds) -> None:
    for begins, day in product(SPANS, DAYS):
        if ends is None or begins[1] <= ends[0]:
            assert holds(begins, ends, day) == of_exact(begins, ends, day), (begins, day)


def test_without_a_begin_it_perhaps_holds_up_to_the_end() -> None:
    assert [holds(None, (DAYS[2], DAYS[3]), day) for day in DAYS] == [PERHAPS] * 4 + [NO] * 2
    assert holds(None, None, DAYS[0]) == PERHAPS


def test_a_record_without_a_date_has_no_bounds() -> None:
    record = {"untilEarliest": "", "untilLatest": "", "fromEarliest": "a", "fromLatest": "b"}
    assert bounds_in(record, "until") is None
    assert bounds_in(record, "from") == ("a", "b")


NUMBERS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=9)


def test_by_hand_with_ties_on_both_sides() -> None:
    """Ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4; the deviations give 4 and 4.5 each, so 4 / 4.5."""
    one, other = [9, 7, 7, 1], [8, 8, 5, 2]
    assert spearman(one, other) == pytest.approx((-1.5 * -1 + 0 * -1 + 0 * 0.5 + 1.5 * 1.5) / 4.5)
    assert pair_signs(one, other) == (4, 0, 1, 1)
    assert kendall(one, other) == pytest.approx(4 / 5)


def test_the_examples_of_a_manual() -> None:
    """Those that SciPy prints for its functions spearmanr and kendalltau (tau-b)."""
    assert spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) == pytest.approx(0.8207826816681233)
    assert kendall([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.47140452079103173)


def test_fourteen_elements_of_which_eleven_are_lost_whole() -> None:
    """Deviations from 7.5: 10.5 together, squares 227 (two share 13.5) and 115.5."""
    printed = lines_of("published_losses").values()
    by_element = {
        row["material"]: float(row["value"])
        for row in printed
        if row["probability_weighted"] == "true" and row["material"] != "samarium"
    }
    assert len(by_element) == 14
    sizes = [*by_element.values()]
    lost = [
        96 if each in {"neodymium", "lanthanum", "praseodymium"} else 100 for each in by_element
    ]
    assert spearman(sizes, lost) == pytest.approx(10.5 / sqrt(227 * 115.5))
    assert kendall(sizes, lost) == pytest.approx((18 - 15) / sqrt(90 * 33))


def test_a_side_without_an_order_has_no_correlation() -> None:
    assert spearman([1, 1], [1, 2]) is None
    assert kendall([1, 2], [3, 3]) is None
    assert spearman([], []) is kendall([], []) is None


@given(NUMBERS)
def test_turned_round_the_sign_changes(pairs: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    back = [-each for each in other]
    for correlate in (spearman, kendall):
        found = correlate(one, other)
        assert found == (None if found is None else pytest.approx(correlate(other, one)))
        assert (found is None) == (len({*one}) == 1 or len({*other}) == 1)
        if found is not None:
            assert -1 - 1e-9 <= found <= 1 + 1e-9
            assert correlate(one, back) == pytest.approx(-found)
            assert correlate(one, one) == pytest.approx(1)
    assert sum(pair_signs(one, other)) == len(pairs) * (len(pairs) - 1) / 2


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_places_are_those_of_a_sorted_list(numbers: list[int]) -> None:
    ordered = sorted(numbers, reverse=True)
    for number, (first, last) in zip(numbers, places(numbers), strict=True):
        assert ordered[first - 1 : last] == [number] * (last - first + 1)
        assert ordered.count(number) == last - first + 1


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.2, 0.4, "20 % to 40 %"), (0.201, 0.204, "20 %"), (None, None, NOT_KNOWN)],
)
def test_a_range_whose_ends_read_alike_is_one_number(
    low: float | None, high: float | None, said: str
) -> None:
    assert between(low, high) == said


def test_a_value_stands_before_its_range_where_they_differ() -> None:
    assert ranged(0.3, 0.2, 0.4) == "30 % (20 % to 40 %)"
    assert ranged(0.3, 0.3, 0.3) == "30 %"
    assert ranged(0.3, None, None) == "30 %"


def test_lists_of_none_one_two_and_three() -> None:
    said = [listed("abc"[:count]) for count in range(4)]
    assert said == ["", "a", "a and b", "a, b and c"]


def test_a_count_has_its_noun_and_a_sentence_its_capital() -> None:
    assert [counted(count, "row") for count in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert capital("eU rows") == "EU rows"
