"""The first sentences of a report: fixed words by ranges, cases, and the word for evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monazite.findings.losses.headline import (
    Evidence,
    evidence_of,
    first_line,
    loss_answer,
    loss_word,
    stops,
)
from monazite.findings.losses.result import Chokepoint, Chokepoints, DrawsMade
from tests.findings.losses.reports import a_base, a_line, a_report, a_stage

DRAWN = DrawsMade(count=100, seed=0, rejected=0, limit=0.1, shipped=True)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.995, 1.0, "all"),
        (0.994, 1.0, "most"),
        (0.5, 0.6, "most"),
        (0.49, 0.6, "some"),
        (0.01, 0.6, "some"),
        (0.009, 0.01, "perhaps none"),
        (-0.01, 0.009, "none"),
        (-0.02, -0.01, "gain"),
        (-0.02, 0.3, "perhaps a gain"),
        (None, None, ""),
    ],
)
def test_a_word_is_fixed_by_the_ends_of_a_range(
    low: float | None, high: float | None, word: str
) -> None:
    assert loss_word(low, high) == word


def answer_of(**line: Any) -> str:
    return str(loss_answer(a_report(a_line(**line), draws=DRAWN)))


def test_a_clear_loss_has_its_number_whole_time_and_trials() -> None:
    assert answer_of(loss=0.93, loss_low=0.9, loss_high=0.95) == (
        "The United States would lose most of its heavy magnets (with Dy or Tb), 93 %, if China "
        "stopped separating. It used 3,331 t in 2024; one year is allowed. Dy and "
        "neodymium-praseodymium (NdPr) would run short. In trials 90 to 95 %. Evidence: mixed "
        "(24 % of 271 figures have only news or weaker)."
    )


def test_a_wide_range_is_the_number_and_the_central_case_comes_after() -> None:
    text = answer_of(loss=0.8, loss_low=0.3, loss_high=1.0)
    assert "would lose 30 to 100 % of its heavy magnets" in text
    assert "if China stopped separating; size not settled." in text
    assert "Central case 80 %." in text
    assert "In trials" not in text


def test_a_gain_is_one_and_says_why() -> None:
    text = answer_of(loss=-0.1, loss_low=-0.2, loss_high=-0.05, limited_by=())
    assert text.startswith("The United States would gain if China stopped separating.")
    assert "Rival buyers drop out." in text
    assert "lose" not in text


def test_what_was_not_drawn_has_no_fixed_word() -> None:
    text = answer_of(loss=0.93)
    assert "would lose 93 % of its heavy magnets" in text
    assert "range not drawn." in text
    assert "most" not in text


def test_where_nothing_is_lost_the_line_that_comes_nearest_speaks() -> None:
    none = a_line(id="mine/CHN", stage="mine", label="China mining", loss=0.0)
    near = replace(none, id="mine/MMR", label="Myanmar mining", loss_low=0.0, loss_high=0.2)
    report = a_report(none, near, draws=DRAWN)
    assert first_line(report) == near
    assert "perhaps none of its heavy magnets" in str(loss_answer(report))


def test_an_oxide_is_named_by_its_element_and_no_magnet_is() -> None:
    base = replace(a_base(), product="Y in oxide", unit="t of the element", served=210.6)
    report = replace(a_report(a_line(loss=1.0, loss_low=1.0, loss_high=1.0, limited_by=("Y",))))
    text = str(loss_answer(replace(report, base=base, title="Yttrium", draws=DRAWN)))
    assert "would lose all of its yttrium oxide if" in text
    assert "It used 211 t of yttrium in oxide in 2024" in text
    assert "magnet" not in text


def test_what_is_not_known_says_what_is_missing_and_who_leads() -> None:
    report = replace(
        a_report(a_line(loss=None)),
        base=None,
        notes=("No assay gives how much Sc an ore holds: add one with --data.",),
        title="Scandium",
        evidence=Evidence(7, 1, "mixed"),
    )
    group = a_stage("metal", 0.94, note="The share is that of a wider group of rare earths, not.")
    text = str(loss_answer(replace(report, stages=(a_stage("separation", 0.67), group))))
    assert text.startswith("The United States' loss of scandium is not known. ")
    assert "What is missing: no assay gives how much Sc an ore holds." in text
    assert "By world share, China leads separation: 67 %, 2024." in text
    assert "94 %" not in text
    wider = str(loss_answer(replace(report, stages=(group,))))
    assert "Only shares of a wider group were found." in wider
    nobody = str(loss_answer(replace(report, stages=(a_stage("metal", None),))))
    assert "No country shares were found." in nobody


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        (a_line(), "China stopped separating"),
        (a_line(event="embargo", label="China", stage=""), "China sold nothing abroad"),
        (a_line(label="China", stage=""), "all rare-earth plants in China stopped"),
        (a_line(kind="site", label="Mt Weld = Lynas"), "Mt Weld stopped"),
        (
            a_line(event="licence", label="China", stage=""),
            "China licensed only 50 % of what it sold abroad",
        ),
        (
            a_line(event="licence", kind="policy", label="Notice 18", stage=""),
            'only 50 % of what "Notice 18" applies to were approved',
        ),
    ],
)
def test_what_stops_is_an_actor_and_a_verb(line: Chokepoint, clause: str) -> None:
    assert stops(line, replace(a_base(), approval=0.5)) == clause


@pytest.mark.parametrize(
    ("tiers", "gap", "by_weight", "word"),
    [
        ((1, 1, 1, 1, 3), 0.1, True, "good"),
        ((1, 1, 1, 1, 3), 0.11, True, "mixed"),
        ((1, 1, 1, 1, 3), 0.0, False, "mixed"),
        ((1, 1, 3, 4), 0.0, True, "mixed"),
        ((1, 3, 4), 0.0, True, "thin"),
        ((), 0.0, True, "thin"),
    ],
)
def test_evidence_is_thin_by_news_and_good_only_where_it_closes(
    tiers: tuple[int, ...], gap: float, by_weight: bool, word: str
) -> None:
    rows = tuple(f"production/{number}" for number in range(len(tiers)))
    base = replace(a_base(), rows=rows, market_rows=(), unexplained={"mine": gap})
    report: Chokepoints = replace(a_report(a_line()), base=base)
    known = dict(zip(rows, tiers, strict=True))
    found = evidence_of(report, known, by_weight=by_weight, needed=())
    assert (found.figures, found.word) == (len(tiers), word)
    untested = evidence_of(report, known, by_weight=by_weight).word
    assert untested == ("mixed" if word == "good" else word)
    weak = [row for row, tier in known.items() if tier >= 3]
    if weak:
        assert evidence_of(report, known, by_weight=by_weight, needed=weak[:1]).word == "thin"
