"""The whole back-test: what was tried apart from this code comes out, and no skill is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import monazite
from monazite.analysis.backtest.methods import BACK_TO_BASE, CONSTANT, HALVED, NO_CHANGE, NO_SKILL
from monazite.analysis.backtest.origins import LICENCE, OUT_OF_SAMPLE
from monazite.analysis.backtest.result import Backtest
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.view.view import View

pytestmark = pytest.mark.whole


ROOT = Path(__file__).parents[2]
AFTER_JUNE = "2025-07-21"


@pytest.fixture(scope="module")
def view() -> View:
    return monazite.load()


@pytest.fixture(scope="module")
def found(view: View) -> Backtest:
    return view.backtest("2025")


@pytest.fixture(scope="module")
def to_october() -> Backtest:
    """July to October alone: what was known by December."""
    return monazite.load(known="2025-12-01").backtest("2025", fit_until=AFTER_JUNE)


def percent_of(found: Backtest, base: str, method: str) -> int:
    (one,) = [
        each
        for each in found.scores
        if (each.kind, each.base, each.method) == (OUT_OF_SAMPLE, base, method)
    ]
    assert (one.first, one.last, one.score.months) == ("2025-07", "2025-10", 4)
    return round(100 * one.score.mape)


def test_july_to_october_as_they_were_tried_before(to_october: Backtest) -> None:
    """The numbers were worked out apart from this code."""
    bases = ("last year", "× 1.10", "× 1.20")
    assert percent_of(to_october, bases[0], NO_CHANGE) == 44
    assert percent_of(to_october, bases[0], CONSTANT) == 45
    assert percent_of(to_october, bases[0], HALVED) == 20
    assert [percent_of(to_october, base, BACK_TO_BASE) for base in bases] == [12, 5, 6]
    assert [percent_of(to_october, base, LICENCE) for base in bases] == [12, 7, 7]


def test_there_is_no_skill_and_the_report_says_so(found: Backtest, to_october: Backtest) -> None:
    for each in (found, to_october):
        assert not each.has_skill
        assert each.verdict == NO_SKILL
        assert NO_SKILL in each.to_text().splitlines()[0]
        assert NO_SKILL in repr(each)
    told = [each for each in to_october.scores if each.method == LICENCE]
    assert not any(each.score.has_skill for each in told)


def test_the_readme_says_no_skill_while_there_is_none(found: Backtest) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "examples" / "backtest.md").read_text(encoding="utf-8")
    for each in (text, page):
        assert (f"show {NO_SKILL} over" in each) != found.has_skill


def test_no_line_without_skill_shows_a_number_for_it(found: Backtest) -> None:
    scores = (*found.scores, *found.all_scores, *found.cross_scores)
    shown = {each.score.verdict for each in scores if each.score.skill is not None}
    assert NO_SKILL in shown
    assert not any(word.startswith("-") for word in shown)
    without = [each for each in scores if each.score.skill is not None and not each.score.has_skill]
    assert {each.score.verdict for each in without} == {NO_SKILL}
    assert found.to_text(full=True).count(NO_SKILL) >= len(without)


def test_every_month_is_scored_from_every_origin(found: Backtest) -> None:
    assert found.origin == AFTER_JUNE
    assert len(found.origins) == 10
    for origin, count in zip(found.origins, range(11, 1, -1), strict=True):
        later = {
            each.month
            for each in found.forecasts
            if (each.kind, each.origin) == (OUT_OF_SAMPLE, origin)
        }
        assert len(later) <= count
    whole = {each.base: each.score.months for each in found.all_scores if each.method == LICENCE
             and each.kind == OUT_OF_SAMPLE}  # fmt: skip
    assert set(whole.values()) == {60}
    assert len(whole) == 3


@pytest.mark.parametrize(
    ("episode", "fit_until", "error", "says"),
    [
        ("2011", None, UnknownNameError, "no episode"),
        ("2010", "2010-12", UnknownNameError, "fits nothing"),
        ("2025", "soon", UnknownNameError, "not a date"),
        ("2025", "2025-05-01", NotKnownError, "--fit-until 2025-05-24"),
        ("2025", "2027", NotKnownError, "no later month .* ask for an earlier day: --fit-until 20"),
    ],
)
def test_what_cannot_be_asked(
    view: View, episode: str, fit_until: str | None, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        view.backtest(episode, fit_until=fit_until)


def test_a_view_without_the_months_says_so() -> None:
    with pytest.raises(NotKnownError, match="no month of China's magnet exports"):
        monazite.load(known="2025-05-01").backtest("2025")
    with pytest.raises(NotKnownError, match="china-embargo-japan-2010"):
        monazite.load(known="2010-12-01").backtest("2010")


def test_2010_is_put_together_and_nothing_is_fitted(view: View) -> None:
    found = view.backtest("2010")
    assert {each.kind for each in found.scores} == {"reconstruction"}
    assert found.tables()[0].heading.endswith(": no skill on both series at once"), (
        "one cause may have skill on one of them"
    )
    assert (found.fits, found.forecasts, found.origin) == ((), (), "")
    assert found.verdict == NO_SKILL
    assert found.content()["earlier_rules"] == []
    assert "exports of China" in found.to_text()


def test_skill_in_one_test_alone_is_no_headline(found: Backtest) -> None:
    best = replace(found.tests[0].score, skill=0.9)
    one = replace(found.tests[0], score=best)
    other = replace(found.tests[0], score=replace(best, skill=-0.1))
    assert replace(found, scores=(one,), all_scores=(), cross_scores=()).has_skill
    assert not replace(found, scores=(one, other), all_scores=(), cross_scores=()).has_skill
    assert not replace(found, scores=(), all_scores=(), cross_scores=()).has_skill


@pytest.mark.parametrize("fit_until", [None, "2025-05-01", "2025-05-24"])
def test_a_view_with_one_month_alone_has_nothing_to_test(fit_until: str | None) -> None:
    """No day is advised from which there is nothing to test either."""
    with pytest.raises(NotKnownError, match="nothing can be tested yet; widen") as refused:
        monazite.load(known="2025-06-01").backtest("2025", fit_until=fit_until)
    assert "--fit-until" not in str(refused.value)
