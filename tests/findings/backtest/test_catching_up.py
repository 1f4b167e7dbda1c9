import pytest

from monazite.findings.backtest.catching_up import catching_up
from monazite.findings.backtest.months import MAGNETS, chosen, read_months
from monazite.triples.store import Store
from tests.findings.backtest.hand_made import RULE_DAY, figure

BEFORE = [figure(f"2024-{month:02d}", 100.0) for month in range(4, 13)]


def test_by_hand() -> None:
    """120 t are lost in three months, and 30 t more than the base leave in the six after."""
    rows = [*BEFORE, *(figure(f"2025-0{month}", 60.0) for month in (4, 5, 6))]
    rows += [figure(f"2025-{month:02d}", 105.0) for month in range(7, 13)]
    (found,) = catching_up(rows, RULE_DAY)
    assert (found.lost, found.brought_back, found.part) == (120, 30, 0.25)
    assert found.last == "2025-12"
    assert catching_up(rows[:-1], RULE_DAY) == ()  # December is not known


def test_where_nothing_was_lost_nothing_is_brought_back() -> None:
    rows = [*BEFORE, *(figure(f"2025-{month:02d}", 100.0) for month in range(4, 13))]
    assert catching_up(rows, RULE_DAY) == ()


def test_it_hangs_on_the_base_as_it_was_tried_before(store: Store) -> None:
    """Tried apart from this code: 58, 15 and -13 % on three bases.

    The growth of the half year was taken as 1.19 then; a source prints 20 %.
    """
    found = catching_up(chosen(read_months(store), MAGNETS, "WLD"), RULE_DAY)
    assert [round(100 * each.part) for each in found[:2]] == [58, 15]
    last_year, half = found[0], found[2]
    lost = 1.19 * (last_year.lost + 7053) - 7053  # 7,053 t left in April to June
    later = 35_072 - 1.19 * (35_072 - last_year.brought_back)  # 35,072 t from July to December
    assert later / lost == pytest.approx(-0.13, abs=0.005)
    assert half.part < -0.1
