import pytest

from monazite.findings.backtest.months import (
    day_in,
    known_by,
    month_of,
    month_text,
    months_known,
    read_months,
)
from monazite.triples.store import Store
from tests.findings.backtest.hand_made import figure


def test_a_month_counts_on_over_years() -> None:
    assert [month_text(month_of("2024-11") + step) for step in range(3)] == [
        *("2024-11", "2024-12", "2025-01"),
    ]
    assert day_in("2024-03-01", month_of("2024-01")) == 31 + 29


def test_a_measured_number_goes_before_a_derived_one_and_a_narrow_before_a_wide_one() -> None:
    rows = [
        figure("2025-04", 2628, derived=True),
        figure("2025-04", 2627, slack=5),
        figure("2025-05", 4762, derived=True, slack=90),
        figure("2025-05", 4811, derived=True, slack=2),
    ]
    found = months_known(rows)
    assert [each.tonnes for each in found.values()] == [2627, 4811]
    assert not any(each.shared for each in found.values())


def test_what_sums_leave_by_hand() -> None:
    """100 t to October less 60 t to August and 25 t of October leave 15 t of September."""
    rows = [
        figure("2024-01", 60, last="2024-08"),
        figure("2024-01", 100, last="2024-10"),
        figure("2024-10", 25),
        figure("2024-02", 4),
    ]
    found = months_known(rows)
    assert found[month_of("2024-09")].tonnes == pytest.approx(15)
    assert not found[month_of("2024-09")].shared  # one month alone is worked out
    assert found[month_of("2024-03")].tonnes == pytest.approx(56 / 7)
    assert found[month_of("2024-03")].shared
    assert sum(each.tonnes for each in found.values()) == pytest.approx(100)


def test_only_what_was_printed_is_known() -> None:
    rows = [
        figure("2025-04", 1, known="2025-05-24"),
        figure("2025-05", 2, known="2025-06-20"),
        figure("2025-06", 3),
    ]
    assert [each.tonnes for each in known_by(rows, "2025-06-19")] == [1]
    assert [each.tonnes for each in known_by(rows, "2030-01-01")] == [1, 2]


def test_the_rows_are_read_in_tonnes(store: Store) -> None:
    """As the tables print them: 16,686 kg of dysprosium, 1,238 t of magnets, down 74 percent."""
    found = {each.row: each for each in read_months(store)}
    heavy = found["monthly/chn-wld-rare-earth-exports-dysprosium-2025-08"]
    assert heavy.tonnes == pytest.approx(16.686)
    may = found["trade_totals/chn-wld-8505.11-2025-05"]
    assert (may.tonnes, may.known, month_text(may.first)) == (1238, "2025-06-20", "2025-05")
    year = found["trade_totals/chn-wld-8505.11-2024"]
    assert len(year.months) == 12
    fallen = found["monthly/chn-jpn-magnet-exports-change-2025-05"]
    assert fallen.tonnes is None
    assert fallen.change == pytest.approx(-0.841)
    wider = "trade_totals/chn-wld-8505.11-2025-05-2"
    assert wider not in found  # magnets and other articles
