"""National output: which row counts, how wide it is, and what does not count, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.network.shares import OutputFigure
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.output import Output, merged, national_output

PLAIN = OutputFigure(
    "production/a", "CHN", False, "mine", 1, 2024, "usgs", "reo", 1, "2025", 1,
    "material/rare-earths", (100.0, None, None), (None, None, None),
)  # fmt: skip


def tenth(_material: str, _basis: str, _place: str) -> Amount:
    """A tenth of every material is the element."""
    return exactly(0.1, "assays/a")


def china(*figures: OutputFigure, year: int = 2024, **drawn: Amount) -> Output:
    named = {f"production/{name}": amount for name, amount in drawn.items()}
    return national_output(figures, "mine", year, tenth, named)["CHN"]


def figure(row: str, tonnes: float | None, **given: object) -> OutputFigure:
    other = replace(PLAIN, row=f"production/{row}", tonnes=(tonnes, None, None))
    return replace(other, **given)  # type: ignore[arg-type]


def test_the_row_times_what_its_material_holds() -> None:
    made = china(PLAIN)
    assert (made.amount.value, made.amount.low, made.amount.high) == pytest.approx((10, 10, 10))
    assert made.amount.rows == ("assays/a", "production/a")


def test_the_year_counts_first_then_the_one_before_then_the_one_after() -> None:
    before, after = figure("before", 50.0, year=2023), figure("after", 60.0, year=2025)
    assert china(before, PLAIN, after).year == 2024
    assert china(after, before).year == 2023
    assert china(after).year == 2025
    assert national_output([figure("old", 5.0, year=2022)], "mine", 2024, tenth) == {}


def test_rows_beside_it_widen_the_range_and_move_nothing() -> None:
    made = china(PLAIN, figure("b", 80.0, preference=2), figure("c", 130.0, preference=3))
    assert (made.amount.low, made.amount.value, made.amount.high) == pytest.approx((8, 10, 13))
    assert made.printed == Amount(100.0, 80.0, 130.0, ("production/a",))


def test_rows_on_another_basis_or_of_a_wider_material_widen_nothing() -> None:
    made = china(PLAIN, figure("b", 80.0, basis="oxide"), figure("c", 130.0, rank=2))
    assert made.amount.low == made.amount.high


@pytest.mark.parametrize(
    "given", [{"total": True}, {"basis": "share-of-world-output"}, {"stage": "magnet"}]
)
def test_totals_shares_and_other_stages_do_not_count(given: dict[str, object]) -> None:
    assert national_output([figure("b", 80.0, **given)], "mine", 2024, tenth) == {}
    assert national_output([figure("b", None)], "mine", 2024, tenth) == {}


def test_drawn_tonnes_stand_for_the_row_and_its_rivals() -> None:
    made = china(PLAIN, figure("b", 80.0, preference=2), a=exactly(90.0))
    assert (made.amount.low, made.amount.value, made.amount.high) == pytest.approx((9, 9, 9))


def test_members_of_a_group_add_up_by_country() -> None:
    one, other = ({"CHN": Output(exactly(x), "rows", 2024)} for x in (1.0, 2.0))
    both = merged([one, {**other, "AUS": Output(exactly(5.0), "rows", 2024)}])
    assert {place: made.amount.value for place, made in both.items()} == {"AUS": 5.0, "CHN": 3.0}


def test_of_a_forecast_what_was_made_is_the_part_that_is_assumed() -> None:
    part = Amount(1.0, 0.7, 1.0, assumptions=("assumptions/part",))

    def fulfilled(material: str) -> Amount | None:
        return part if material == "rare-earths" else None

    def made_of(each: OutputFigure) -> Amount:
        return national_output([each], "mine", 2024, tenth, {}, fulfilled)["CHN"].amount

    expected = made_of(replace(PLAIN, kind="forecast"))
    assert (expected.low, expected.value, expected.high) == pytest.approx((7, 10, 10))
    assert expected.assumptions == ("assumptions/part",)
    measured = made_of(PLAIN)
    assert (measured.low, measured.high, measured.assumptions) == (measured.value, 10, ())
    other = made_of(replace(PLAIN, kind="forecast", material="material/else"))
    assert other.low == other.high


def test_a_drawn_forecast_and_its_drawn_part_move_together() -> None:
    drawn = {"production/a": exactly(50.0)}
    half = national_output(
        [replace(PLAIN, kind="forecast")], "mine", 2024, tenth, drawn, lambda _: exactly(0.8)
    )
    assert half["CHN"].amount.value == pytest.approx(50 * 0.1 * 0.8)
