"""The balance of the shipped rows, against what was worked out and printed elsewhere."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import tonnes
from monazite.model.balance.balance import find_balance, reconciliation_of
from monazite.model.balance.result import Balance, Reconciliation
from monazite.model.reconciliation.columns import Moved
from monazite.model.reconciliation.ledger import STAGES, StageLine
from monazite.model.reconciliation.year import PoolRange, ReconciledYear
from monazite.report.sankey.balance_picture import balance_picture
from monazite.store.store import Store
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.model.reconciliation.by_hand import year_of
from tests.results import records_in
from tests.sharing import only_whole

DAY = "2026-11-24"


@cache
def of(element: str, year: int = 2024) -> Balance:
    return view_in_memory().balance(element, year=year)


@pytest.mark.whole
@pytest.mark.parametrize("year", [2017, 2018])
def test_years_before_the_output_of_stages_is_printed_say_so(year: int) -> None:
    assert any(note.startswith("Before 2018") for note in of("Dy", year).notes) == (year < 2018)


def line(balance: Balance, stage: str, country: str) -> StageLine:
    (found,) = [x for x in balance.lines if (x.stage, x.country) == (stage, country)]
    return found


def made(balance: Balance, stage: str, country: str) -> float:
    amount = line(balance, stage, country).made
    assert amount is not None
    return amount.value


def test_chinese_oxide_is_the_printed_one_over_the_oxide_factors() -> None:
    # 106,000 t of NdPr oxide; between 1/1.1664 (Nd2O3) and 1/1.2082 (Pr6O11) of it is metal.
    # Of 100 t used 8 go elsewhere than into magnets, and half of these is not in the row.
    ndpr = made(of("NdPr"), "separation", "CHN")
    all_of_it = 106_000 * (1 + 0.5 * 8 / 92)
    assert all_of_it / 1.2082 < ndpr < all_of_it / 1.1664
    assert made(of("Dy"), "separation", "CHN") == pytest.approx(3500 / 1.1477)
    assert made(of("NdPr"), "metal", "CHN") == pytest.approx(88_000)


@pytest.mark.parametrize(
    ("country", "printed", "within"), [("USA", 6860, 0.10), ("CHN", 45_787, 0.20)]
)
def test_mined_magnet_rare_earths_beside_the_international_energy_agency(
    country: str, printed: float, within: float
) -> None:
    # the agency's contained Nd, Pr, Dy, Tb of 2024; for Myanmar it reckons with twice our rows
    assert made(of("MREE"), "mine", country) == pytest.approx(printed, rel=within)


def test_blanks_close_and_finished_magnets_miss_by_more_than_a_quarter() -> None:
    by_reading = {other.text: other.left for other in of("NdPr").alternatives}
    need = 87_000 / 0.97
    blanks = by_reading["as the records stand"]["metal"]
    finished = by_reading["printed magnets are finished ones"]["metal"]
    assert blanks is not None
    assert finished is not None
    assert abs(blanks) < 0.04 * need
    assert finished < -0.25 * need / 0.713


def test_myanmar_sells_more_than_it_is_said_to_mine() -> None:
    found = line(of("Dy"), "mine", "MMR")
    assert found.left is not None
    assert found.left < -400
    assert found.made is not None
    # by the import weight, 44,366 t x 0.9 x 4.72 % / 1.1477, the mine would have made 1,642 t
    assert found.exports.value == pytest.approx(44_365.512 * 0.9 * 0.0472 / 1.1477, rel=1e-3)


def test_what_one_country_sells_another_buys() -> None:
    for balance in (of("Dy"), of("NdPr")):
        for stage in STAGES[:2]:
            lines = [x for x in balance.lines if x.stage == stage]
            named = {x.country for x in lines}
            sold, bought = (sum(getattr(x, s).value for x in lines) for s in ("exports", "imports"))
            assert "ROW" in named  # so that both ends of every flow have a line
            assert sold == pytest.approx(bought, rel=1e-9)


def test_what_has_no_rows_is_not_known() -> None:
    scandium = of("Sc")
    assert all(closing.left is None for closing in scandium.closings)
    assert any("separation" in note and "not known" in note for note in scandium.notes)


def test_an_element_in_no_magnet_is_used_where_trade_takes_its_oxide() -> None:
    yttrium = of("Y")
    china, japan = (line(yttrium, "separation", place) for place in ("CHN", "JPN"))
    assert china.made is not None
    assert japan.taken is not None
    assert china.how == "its share of what the world's ore gives"
    # EU 2023 study: all of it in China; 92 % of what is mined comes out of separation
    mined = next(each.made for each in yttrium.closings if each.stage == "mine")
    assert china.made.value == pytest.approx(0.92 * (mined or 0.0))
    assert japan.taken.value == pytest.approx(japan.imports.value)
    assert any("by construction" in note for note in yttrium.notes)


def test_every_amount_says_what_it_rests_on() -> None:
    balance = of("Dy")
    known = {each.row for each in balance.assumptions}
    for each in balance.lines:
        for amount in (each.made, each.imports, each.exports, each.taken):
            if amount is not None and amount.value:
                assert amount.rows
                assert set(amount.assumptions) <= known


def test_bad_questions_are_sentences(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="There is no element"):
        find_balance(store, "Xx", DAY, 2024)
    with pytest.raises(NotKnownError, match=r"No record up to 2025 gives the trade|No row of"):
        find_balance(store, "Dy", DAY, 2030)
    with pytest.raises(NotKnownError, match="No record of 1900"):
        find_balance(store, "Dy", DAY, 1900)


@pytest.mark.parametrize(
    ("element", "expected", "months"),
    [
        ("Dy", "chn-separation-dysprosium-oxide-2024-argus", "dysprosium-oxide-2024-company"),
        ("Tb", "chn-separation-terbium-oxide-2024-argus", "terbium-oxide-2024-smm"),
        ("NdPr", "chn-separation-ndpr-oxide-2024-argus", "ndpr-oxide-2024-smm"),
    ],
)
def test_an_expected_year_reaches_down_to_twelve_times_the_least_printed_month(
    element: str, expected: str, months: str
) -> None:
    year = float(line_of(f"production/{expected}")["value"])
    month = line_of(f"production/chn-separation-{months}")
    assert (month["unit"], month["basis"]) == ("t-per-month", "one-month")
    material = line_of(f"production/{expected}")["material"]
    assumed = line_of(f"assumptions/method-output-of-forecast-{material}")
    least = 12 * float(month["value"]) / year
    assert float(assumed["value_low"]) == pytest.approx(least, abs=6e-4)
    assert (assumed["value"], assumed["value_high"]) == ("1", "1")
    amount = line(of(element), "separation", "CHN").made
    assert amount is not None
    assert amount.low < amount.value
    assert f"assumptions/{assumed['row']}" in amount.assumptions


@cache
def reconciled(element: str) -> Reconciliation:
    found = of(element).reconciliation
    assert found is not None
    return found


def test_numbers_are_told_in_words_and_the_farthest_first() -> None:
    moved = (
        Moved(("ore_bought", "A", "B"), 10.0, 5.0, 15.0, 11.0, ("baci/a-b",)),
        Moved(("recipe", "A", "Nd"), 0.3, 0.2, 0.4, 0.4),
        Moved(("mined", "A"), 10.0, 5.0, 15.0, 10.0),
        Moved(("oxide_printed", "A", "Dy+Tb"), 1.0, 0.0, 2.0, 2.0),
    )
    values: dict[tuple[str, ...], float] = {
        ("missing", "metal", "ROW", "Nd"): 3.0,
        ("surplus", "mine", "A", "Nd"): 0.2,
    }
    ranges = (PoolRange("metal", "A", 1.0, 1.0, 1.0),)
    year = ReconciledYear(year_of(), values, moved, ranges)
    found = reconciliation_of({"Nd": year}, {"A": "Aland"})
    told = [(each.name, each.text, each.unit) for each in found.moved]
    assert ("recipe[A,Nd]", "Nd in the magnets of Aland", "part") in told
    assert ("ore_bought[A,B]", "ore from Aland to B", "t REO") in told
    assert "mined[A]" not in {name for name, *_ in told}
    assert [each.name for each in found.implied] == ["recipe[A,Nd]"]
    lines = {(each.stage, each.country): each.left for each in found.lines}
    assert lines == {("metal", "ROW"): -3.0, ("mine", "A"): 0.2}
    assert found.pools == ranges


@pytest.mark.parametrize("element", ["Dy", *only_whole("Sm")])
def test_every_number_has_words_and_lies_in_its_range(element: str) -> None:
    found = reconciled(element)
    assert found.implied
    for each in (*found.moved, *found.implied):
        assert each.text
        assert "{" not in each.text
        wide = 1e-6 * max(1.0, each.high)
        assert each.low - wide <= each.found <= each.high + wide, each


@pytest.fixture(scope="module")
def ndpr() -> Balance:
    return of("NdPr")


def test_bars_hold_what_flows_through_them(ndpr: Balance) -> None:
    picture = balance_picture(ndpr)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for link in picture.links:
        sums[link.source][1] += link.value
        sums[link.target][0] += link.value
    for line in ndpr.lines:
        key = f"{line.stage}/{line.country}"
        if line.made is None or key not in sums:
            continue
        into, out = sums[key]
        # nothing leaves a bar that was not made there, but for what it sells beyond its rows
        assert out <= max(line.made.value, line.exports.value) * 1.001
        if line.stage == "metal" and line.country == "CHN":
            assert into == pytest.approx(line.made.value / 0.945, rel=0.01)


def test_what_does_not_close_is_drawn_as_a_gap(ndpr: Balance) -> None:
    picture = balance_picture(ndpr)
    kinds = {node.id: node.kind for node in picture.nodes}
    for link in picture.links:
        assert (link.kind == "gap") == ("gap" in {kinds[link.source], kinds[link.target]})
    assert "gap" in kinds.values()
    assert {node.id for node in picture.nodes} == {
        end for link in picture.links for end in (link.source, link.target)
    }


def test_oxide_that_other_users_take_is_drawn_beside_metal(ndpr: Balance) -> None:
    picture = balance_picture(ndpr)
    (china,) = [line for line in ndpr.lines if (line.stage, line.country) == ("separation", "CHN")]
    assert china.used is not None
    into = [link for link in picture.links if link.target == "outside/CHN"]
    assert sum(link.value for link in into) == pytest.approx(china.used.value, rel=0.01)
    (bar,) = [node for node in picture.nodes if node.id == "outside/CHN"]
    assert (bar.kind, bar.column) == ("use", 2)
    assert bar.label.startswith("China, other uses ")
    closing = {each.stage: each for each in ndpr.closings}["separation"]
    assert closing.taken is not None
    assert closing.used == pytest.approx(closing.taken * 0.08, rel=0.01)
    stages = records_in(ndpr.tables(top=5)[0])
    printed = [x["other uses, printed"] for x in stages if x["stage"] == "separation"]
    assert printed == [tonnes(closing.used)]


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr")])
def test_a_stage_is_left_with_what_the_least_change_leaves(element: str) -> None:
    lines = reconciled(element).lines
    for each in of(element).closings:
        assert each.reconciled is not None
        assert each.made_reconciled is not None
        assert each.taken_reconciled is not None
        own = [x for x in lines if x.stage == each.stage]
        assert each.reconciled == pytest.approx(sum(x.left for x in own), abs=1e-5)
        made_less_taken = each.made_reconciled - each.taken_reconciled
        assert made_less_taken == pytest.approx(each.reconciled, abs=1e-3)
        for line in own:  # and no country takes what is not there
            there = line.made + line.imports - line.exports
            assert there - line.taken == pytest.approx(line.left, abs=1e-3), line


@pytest.mark.whole
def test_numbers_that_are_not_unique_have_their_range() -> None:
    """Terbium that nobody takes may as well be used, where it lies: the programme cannot tell."""
    china = next(x for x in reconciled("Tb").lines if (x.stage, x.country) == ("separation", "CHN"))
    assert china.not_unique.keys() == {"taken", "used", "left"}
    for name, (low, high) in china.not_unique.items():
        assert low - 1e-6 <= getattr(china, name) <= high + 1e-6
        assert high - low > 1
    assert not any(x.not_unique for x in reconciled("Sm").lines)


def test_csv_has_a_line_for_each_of_the_balance_and_blanks_for_what_is_not_known(
    ndpr: Balance,
) -> None:
    (table,) = ndpr.csv_tables()
    told = records_in(table)
    for row, each in zip(told, ndpr.lines, strict=True):
        assert (row["stage"], row["country"]) == (each.stage, each.country)
        assert row["made_t"] == ("" if each.made is None else f"{each.made.value:.6g}")


@pytest.mark.whole
def test_a_country_whose_ore_no_assay_tells_is_left_out_of_the_year() -> None:
    """Of good sources none says what American ore holds: the year is reconciled without it."""
    found = view_in_memory(tier=2).balance("NdPr", year=2024)
    assert found.reconciliation is not None
    made = {x.country: x.made for x in found.reconciliation.lines if x.stage == "mine"}
    assert made.get("USA", 0.0) == 0
    assert made["CHN"] > 0
