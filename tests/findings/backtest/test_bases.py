from monazite.findings.backtest.bases import bases_known
from monazite.findings.backtest.months import month_of
from tests.findings.backtest.hand_made import RULE, figure, months


def test_growth_is_taken_from_before_the_rule_alone() -> None:
    rows = [
        figure("2024-01", None, last="2024-12", change=0.10),
        figure("2023-01", None, last="2023-12", change=0.5),
        figure("2024-07", None, last="2024-12", change=0.20),
        figure("2025-01", None, last="2025-06", change=-0.3),  # holds months of the rule
    ]
    assert [(each.name, each.factor) for each in bases_known(rows, RULE)] == [
        *(("last year", 1), ("× 1.10", 1.1), ("× 1.20", 1.2)),
    ]
    assert [each.name for each in bases_known(rows[3:], RULE)] == ["last year"]


def test_a_month_of_the_rule_is_no_base() -> None:
    base = bases_known([], RULE)[0]
    known = months({"2025-03": 50, "2025-04": 20})
    assert base.of(month_of("2026-03"), known, RULE) == 50
    assert base.of(month_of("2026-04"), known, RULE) is None
    assert base.of(month_of("2026-02"), known, RULE) is None
    assert base.of_all([month_of("2026-03"), month_of("2026-04")], known, RULE) is None
