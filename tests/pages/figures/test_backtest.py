"""The figure of a back-test: its lines are the finding's, and no skill is written on it."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.backtest.origins import LICENCE, OUT_OF_SAMPLE
from monazite.findings.backtest.scores import NO_SKILL
from monazite.pages.figures.backtest import backtest_alt, backtest_drawing
from tests.conftest import view_in_memory


def test_no_skill_is_written_on_it() -> None:
    found = view_in_memory().backtest("2025")
    drawing = backtest_drawing(found, 760)
    assert NO_SKILL in drawing.title
    without = [
        each.base
        for each in found.scores
        if (each.kind, each.method) == (OUT_OF_SAMPLE, LICENCE) and not each.score.has_skill
    ]
    assert without
    assert drawing.svg().count(f">{NO_SKILL}<") == len(without)
    assert backtest_alt(found).count(f": {NO_SKILL};") == len(without)


def test_each_origin_has_a_line_on_each_base() -> None:
    found = view_in_memory().backtest("2025")
    drawing = backtest_drawing(found, 760)
    told = {
        (each.origin, each.base)
        for each in found.forecasts
        if (each.kind, each.method) == (OUT_OF_SAMPLE, LICENCE)
    }
    assert len(drawing.tips) == len(told)
    svg = drawing.svg()
    assert all(f'id="backtest-{name}"' in svg for name in drawing.tips)
    assert drawing.svg() == svg


def test_what_is_written_follows_the_scores() -> None:
    found = view_in_memory().backtest("2025")
    worse = tuple(replace(each, score=replace(each.score, skill=-1.0)) for each in found.scores)
    drawing = backtest_drawing(replace(found, scores=worse), 760)
    assert drawing.svg().count(f">{NO_SKILL}<") == 3


def test_the_alt_text_has_the_months_of_the_first_origin() -> None:
    found = view_in_memory().backtest("2025", fit_until="2025-07-21")
    july = next(
        each
        for each in found.forecasts
        if (each.kind, each.method, each.month) == (OUT_OF_SAMPLE, LICENCE, "2025-07")
    )
    assert f"2025-07 {july.tonnes:,.0f} t against 5,577 t" in backtest_alt(found)
