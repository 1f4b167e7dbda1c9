"""What each figure shows: lengths, places and words are those of its finding."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from monazite.analysis.backtest.methods import NO_SKILL
from monazite.analysis.backtest.origins import LICENCE, OUT_OF_SAMPLE
from monazite.analysis.backtest.result import Backtest
from monazite.analysis.concentration.shares import StageShares
from monazite.report.drawing.lettering import percent
from monazite.report.figures.centrality import SAYS, centrality_drawing
from monazite.report.figures.concentration import (
    concentration_drawing,
    hhi_drawing,
    restraint_spans,
)
from monazite.report.figures.losses import (
    backtest_alt,
    backtest_drawing,
    losses_drawing,
    replacement_alt,
    replacement_drawing,
)
from tests.conftest import view_in_memory
from tests.report.drawings import SVG, middle, part, point, report, step, words, year
from tests.report.measured import small_centrality


@pytest.fixture(scope="module")
def found() -> Backtest:
    return view_in_memory().backtest("2025")


def test_no_skill_is_written_on_it(found: Backtest) -> None:
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


def test_each_origin_has_a_line_on_each_base(found: Backtest) -> None:
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


def test_a_dollar_is_a_dollar() -> None:
    stage = StageShares("mine", None, "US$ and A$", 0.5, 2500.0, "", "", 2020, ())
    svg = concentration_drawing([stage], {"mine": "$x^2$ mine"}, "Dy", 760).svg()
    assert "US$ and A$ 50" in svg
    assert ">$x^2$ mine<" in svg


def test_what_the_font_lacks_is_a_box_in_the_picture_and_itself_in_the_words() -> None:
    stage = StageShares("mine", None, "中国", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    texts = [
        "".join(e.itertext()) for e in ElementTree.fromstring(drawing.svg()).iter(f"{SVG}text")
    ]
    assert any(text.startswith("□□ 50") for text in texts)
    assert "中国" in drawing.alt


def test_nothing_of_the_readers_settings_gets_in_or_is_changed() -> None:
    import matplotlib as mpl

    stage = StageShares("mine", None, "China", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    plain = drawing.svg()
    with mpl.rc_context({"svg.fonttype": "path", "lines.linewidth": 9, "svg.hashsalt": None}):
        before = dict(mpl.rcParams)
        assert drawing.svg() == plain
        assert dict(mpl.rcParams) == before


def at(name: str, by: str = "betweenness") -> float:
    return middle(part(centrality_drawing(small_centrality(by), 760), f"centrality-{name}"))[0]


def test_a_measure_and_a_loss_stand_where_they_belong() -> None:
    """China separation is the most central, and 90 % are lost without it."""
    zero, whole = at("node-mine/CHN"), at("node-separation/CHN")
    assert at("loss-separation/CHN") == pytest.approx(zero + 0.9 * (whole - zero), abs=0.1)
    assert at("loss-mine/CHN") == pytest.approx(zero + 0.5 * (whole - zero), abs=0.1)
    drawing = centrality_drawing(small_centrality(), 760)
    assert words(drawing, "centrality-label-separation/CHN") == "0.167"


@pytest.mark.parametrize(
    ("correlation", "word"), [(0.9, "much"), (0.5, "something"), (0.1, "little"), (-1, "little")]
)
def test_the_sentence_says_how_far_the_measure_tells_losses(correlation: float, word: str) -> None:
    found = small_centrality()
    (line,) = found.agreements
    drawn = centrality_drawing(
        replace(found, agreements=(replace(line, spearman=correlation),)), 760
    )
    assert drawn.title == (
        f"Betweenness says {word} of what the United States would lose of dysprosium"
    )
    assert f"Rank correlation {correlation:.2f} over 3 places." in drawn.alt
    assert SAYS[-1][0] == -1


DAY = "2026-11-24"

LABELS = {"mine": "Mine", "separation": "Separation", "magnet": "Magnet"}


def test_a_line_breaks_where_the_series_does() -> None:
    lines = [year(year=when, hhi=5000.0 + when) for when in (2018, 2019, 2020, 2021)]
    whole = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760).svg()
    lines[2] = replace(lines[2], broken="series: a to b")
    parted = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760)
    solid = 'stroke="#009e73" stroke-width="1.6"'
    assert (whole.count(solid), parted.svg().count(solid)) == (1, 2)


def test_the_title_compares_within_one_series_alone() -> None:
    lines = [year(year=2018, hhi=4000.0), year(year=2019, hhi=9000.0), year(year=2020, hhi=5000.0)]
    same = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert same == "The HHI of mining of dysprosium peaked at 9,000 in 2019; in 2020 it is 5,000"
    lines[2] = replace(lines[2], broken="series: a to b")
    other = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert other == "The HHI of mining of dysprosium is 5,000 in 2020"
    lines.append(year(year=2021, hhi=5500.0))
    rising = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert rising.endswith("is 5,500 in 2021, its highest since 2020")
    assert "9,000" not in rising


def test_a_hand_made_loss_stands_where_it_belongs() -> None:
    low, high = point(id="a", loss=0.0, loss_low=0.0, loss_high=0.0), point()
    drawing = losses_drawing(report(high, low), 760)
    zero, lost = (middle(part(drawing, f"losses-loss-{each}"))[0] for each in ("a", high.id))
    whole = (lost - zero) / 0.7
    span = part(drawing, f"losses-range-{high.id}")
    assert sorted(x for x, _ in span) == pytest.approx(
        [zero + 0.5 * whole, zero + 0.9 * whole], abs=0.05
    )
    label = words(drawing, f"losses-label-{high.id}")
    assert label.replace("\N{NO-BREAK SPACE}", " ") == "70 % (50-90)"


def test_home_first_stands_beside_each_loss_and_its_range() -> None:
    point_home = point(home_first=0.95)
    drawing = losses_drawing(report(point_home, point(id="b", home_first=None)), 760)
    lost = middle(part(drawing, f"losses-loss-{point_home.id}"))[0]
    home = middle(part(drawing, f"losses-home-{point_home.id}"))[0]
    zero = lost - 0.7 * (home - lost) / 0.25
    span = sorted(x for x, _ in part(drawing, f"losses-range-{point_home.id}"))
    assert span[0] == pytest.approx(zero + 0.5 * (lost - zero) / 0.7, abs=0.1)
    assert "losses-home-b" not in drawing.svg()
    told = drawing.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert "70 % (50-90) for good; home first 95 %" in told
    shown = drawing.svg().replace("\N{NO-BREAK SPACE}", " ")
    assert "first year" in shown
    assert "70 % (50-90)" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "If China stopped separating, the United States would lose 70 % of its neodymium "),
        (
            {"loss": 1.0 - 1e-12},
            "If China stopped separating, the United States would lose all its",
        ),
        (
            {"loss": 1e-12},
            "If China stopped separating, the United States would lose nothing of its",
        ),
        ({"event": "embargo"}, "If China sold no oxide abroad, the United States"),
    ],
)
def test_the_sentence_of_the_losses(given: dict[str, object], said: str) -> None:
    title = losses_drawing(report(point(**given)), 760).title
    assert title.replace("\N{NO-BREAK SPACE}", " ").startswith(said)


def test_a_loss_not_known_is_not_drawn_as_nothing() -> None:
    drawing = losses_drawing(report(point(loss=None), base=None), 760)
    assert drawing.title == "What the United States would lose of dysprosium is not known"
    assert "losses-loss-" not in drawing.svg()


def test_policies_are_spans_from_effective_to_ended() -> None:
    steps = [
        step("Quota", "Announced", "1998-01-01"),
        step("Quota", "Effective", "1999-01-01"),
        step("Quota", "Ended", "2014-12-31"),
        step("Control", "Effective", "2025-10-01"),
        step("Control", "Suspended until 2026-11-10", "2025-11-01", "2026-11-10"),
        step("Never", "Announced", "2020-01-01"),
        step("Loan", "Effective", "2020-01-01"),
    ]
    quota, control = restraint_spans(steps, {"Quota", "Control", "Never"})
    assert (quota.title, quota.begins, round(quota.ends or 0, 1)) == ("Quota", 1999.0, 2015.0)
    assert quota.paused is None
    assert (control.begins, control.ends) == (2025.75, None)
    assert control.paused is not None
    assert control.paused[0] == pytest.approx(2025.83, abs=0.01)
    assert control.paused[1] == pytest.approx(2026.86, abs=0.01)
    assert len(quota.rows) == 3


def test_a_policy_issued_year_by_year_is_one_span() -> None:
    steps = [
        each
        for when in (2011, 2012, 2013)
        for each in (
            step(f"Quota {when}", "Effective", f"{when}-01-01"),
            step(f"Quota {when}", "Ended", f"{when}-12-31"),
        )
    ]
    (span,) = restraint_spans(steps, {"Quota 2011", "Quota 2012", "Quota 2013"})
    assert (span.title, span.begins, round(span.ends or 0, 1)) == (
        "Quota, year by year",
        2011,
        2014,
    )
    assert len(span.rows) == 6


def test_each_year_of_each_stage_has_a_bar_that_says_its_number() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    drawing = replacement_drawing(found, 760)
    assert len(drawing.tips) == len(found.years) * len(found.stages)
    separation = found.asked.stages[found.stages.index("separation")]
    part = percent(separation.covered.value)
    assert drawing.tips["cover-separation-2028"].startswith(f"2028: separation {part}")
    svg = drawing.svg()
    assert all(f'id="replacement-{name}"' in svg for name in drawing.tips)
    assert drawing.svg() == svg


def test_the_title_is_the_answer_and_the_alt_text_tells_three_years() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    drawing = replacement_drawing(found, 760)
    part = percent(found.asked.covered.value)
    assert drawing.title == (
        f"By the end of 2028, {part} of the Dy that Germany needs is likely to come from outside "
        "China"
    )
    assert re.findall(r"(20\d\d): mine", replacement_alt(found)) == ["2026", "2028", "2035"]
