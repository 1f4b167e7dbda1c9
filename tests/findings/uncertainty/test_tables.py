"""What is said of draws: how many are left, and when they close badly or are too few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.uncertainty.draws import Draws
from monazite.findings.uncertainty.sampling import RESIDUAL_LIMIT, Percentiles, ranges_of
from tests.pages.networks import small_findings


@pytest.mark.parametrize(
    ("rejected", "limit", "said", "unsaid"),
    [
        (180, RESIDUAL_LIMIT, "180 were rejected", ("Only", "nearest")),
        (
            181,
            RESIDUAL_LIMIT,
            "Only 19 trials kept: too few for 5 and 95 %",
            ("nearest",),
        ),
        (180, 0.31, "31 % of what the stages take, as fewer than 10 % of them come", ("Only",)),
    ],
)
def test_how_far_and_how_few_is_said(
    rejected: int, limit: float, said: str, unsaid: tuple[str, ...]
) -> None:
    report = small_findings()
    ranges = ranges_of([{each.id: 0.5 for each in report.chokepoints}])
    by_line = {each.line: each for each in ranges}
    draws = Draws(report, 200, 0, limit, rejected, 9, by_line, {}, {})
    [table] = draws.tables(top=1)
    assert len(table.rows) == 1
    assert said in table.remarks[0]
    assert not any(word in table.remarks[0] for word in unsaid)


def test_what_the_market_takes_in_the_draws_is_told_where_it_is_drawn() -> None:
    report = small_findings()
    by_line = {x.line: x for x in ranges_of([{each.id: 0.5 for each in report.chokepoints}])}
    draws = Draws(report, 200, 0, RESIDUAL_LIMIT, 0, 9, by_line, {}, {})
    taken = replace(draws, taken=Percentiles(8848.0, 7328.0, 10450.0))
    (said,) = {*taken.tables()[0].remarks} - {*draws.tables()[0].remarks}
    assert "takes 8,848 t of magnets in the median trial, and 7,328 t to 10,450 t" in said
    content = taken.content()["taken"]
    assert content == {"median": 8848.0, "low": 7328.0, "high": 10450.0}
    assert draws.content()["taken"] is None
