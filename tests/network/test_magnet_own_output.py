"""What a country makes of magnets itself: its newest tonnes, or a share of the world's."""

from __future__ import annotations

from monazite.network.magnet_own_output import own_output
from monazite.network.magnet_sourcing import to_purchases
from tests.network.sold_by_hand import made, of_world, weight, world


def test_output_speaks_for_five_years_and_finished_magnets_only() -> None:
    old, blanks, later = (
        made("JPN", 2019, 9),
        made("JPN", 2024, 9, "magnet-blank"),
        made("JPN", 2026, 9),
    )
    assert own_output([old, blanks, later, made("CHN", 2025, 9)], "JPN", 2025) is None
    newest = own_output([made("JPN", 2020, 8), made("JPN", 2021, 9), old], "JPN", 2025)
    assert newest is not None
    assert (newest.tonnes, newest.year, newest.rows) == (9, 2021, ("production/JPN-2021-magnet",))


def test_a_share_of_the_worlds_output_stands_for_tonnes_that_no_row_prints() -> None:
    rows = [of_world("VNM", 2020, 1), world(2020, 200_000), world(2025, 345_000)]
    found = own_output(rows, "VNM", 2025, {"VNM": "Vietnam"})
    assert found is not None
    assert (found.tonnes, found.year) == (2_000, 2020)
    assert len(found.rows) == 2
    assert found.remarks == (
        "What Vietnam makes is worked out: 1 % of the world's 200,000 t of 2020. "
        "Plants opened since are not in it.",
    )
    assert own_output(rows[:1], "VNM", 2025) is None, "no tonnes of the world"
    assert own_output([rows[0], rows[2]], "VNM", 2025) is None, "nor of that year"
    assert own_output(rows, "VNM", 2026) is None, "too old"
    printed = own_output([*rows, made("VNM", 2021, 900)], "VNM", 2025)
    assert printed is not None
    assert (printed.tonnes, printed.remarks) == (900, ())
    mix = to_purchases(None, [weight("CHN>VNM", 2025, 3_000)], rows, "VNM", 2025)
    assert mix is not None
    assert mix.shares == {"CHN": 0.6, "VNM": 0.4}
