"""The sampling of draws and the span of trials, by hand and by laws."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.chokepoints.chokepoints import find_chokepoints
from monazite.analysis.chokepoints.figures import LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.robustness import sampling as ranges
from monazite.analysis.robustness.draws import DrawnYear, Draws, Question, find_draws
from monazite.analysis.robustness.sampling import (
    NEVER,
    Drawn,
    DrawOutcome,
    Losses,
    MonthSpan,
    Span,
    draw,
    keep,
    last_short,
    month_span_of,
    ranges_of,
    ranks_of,
    sensitivities,
    span_of,
    triangular,
)
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import BaseYear, read_base_year
from monazite.model.chemistry import Amount, exactly
from monazite.model.contingencies.failure_points import candidates_of
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts, read_facts
from tests.conftest import view_in_memory
from tests.model.reconciliation.test_ledger import by_hand, figure

INPUTS = {"a": Amount(1.0, 0.0, 1.0), "b": Amount(1.0, 0.0, 1.0), "c": Amount(0.4, 0.2, 0.8)}
LINES = ("separation/CHN", "metal/CHN", "magnet/CHN", "mine/CHN", "mine/MMR", "mine/AUS")


def quiet(_: float) -> None:
    """No bar."""


def larger(drawn: Drawn) -> DrawOutcome[Losses]:
    a, b = (drawn.get(name, INPUTS[name]).value for name in "ab")
    return DrawOutcome(a - b, lambda: {"line": max(a, b), "nothing": 0.0})


def test_the_larger_of_two_rising_triangles_has_known_quantiles() -> None:
    # P(a < x) = x^2 for a triangle from 0 to its peak at 1, so P(both < x) = x^4.
    losses = [larger(each).losses() for each in draw(INPUTS, 1000, seed=3)]
    found, nothing = ranges_of(losses)
    assert found.loss.median == pytest.approx(0.5**0.25, abs=0.01)
    assert found.loss.low == pytest.approx(0.05**0.25, abs=0.02)
    assert found.loss.high == pytest.approx(0.95**0.25, abs=0.01)
    assert found.half.median == pytest.approx(found.loss.median, abs=0.02)
    assert (found.top, nothing.top) == (1.0, 0.0)


def test_each_stratum_is_hit_once() -> None:
    count = 37
    drawn = draw(INPUTS, count, seed=0)
    for name, amount in INPUTS.items():
        ends = [triangular(amount, place / count) for place in range(count + 1)]
        values = sorted(each[name].value for each in drawn)
        for place, value in enumerate(values):
            assert ends[place] <= value <= ends[place + 1]


def test_the_distribution_is_the_triangle() -> None:
    amount = INPUTS["c"]  # peak a third of the way: a third of the mass below it
    assert triangular(amount, 1 / 3) == pytest.approx(0.4)
    assert triangular(amount, 0.0) == pytest.approx(0.2)
    assert triangular(amount, 1.0) == pytest.approx(0.8)
    assert triangular(exactly(0.3), 0.9) == 0.3


def test_a_seed_repeats_and_another_does_not() -> None:
    backwards = dict(reversed(INPUTS.items()))
    assert draw(INPUTS, 8, seed=1) == draw(backwards, 8, seed=1)
    assert draw(INPUTS, 8, seed=1) != draw(INPUTS, 8, seed=2)


def test_draws_lie_inside_their_ranges_which_narrow_about_them() -> None:
    for each in draw(INPUTS, 50, seed=5):
        for name, amount in INPUTS.items():
            drawn = each[name]
            assert amount.low <= drawn.low <= drawn.value <= drawn.high <= amount.high
            assert drawn.high - drawn.low == pytest.approx(0.35 * (amount.high - amount.low))


def test_rejected_draws_are_those_that_do_not_close() -> None:
    drawn = draw(INPUTS, 40, seed=0)
    closing = [each for each in drawn if each["a"].value - each["b"].value <= ranges.RESIDUAL_LIMIT]
    assert 0 < len(closing) < 40
    assert keep(larger, drawn, quiet) == (
        [place for place, each in enumerate(drawn) if each in closing],
        [larger(each).losses() for each in closing],
        ranges.RESIDUAL_LIMIT,
    )


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_where_too_few_close_the_nearest_tenth_is_kept(residuals: list[float]) -> None:
    drawn = [{"r": exactly(residual)} for residual in residuals]

    def model(each: Drawn) -> DrawOutcome[Losses]:
        return DrawOutcome(each["r"].value, lambda: {"line": each["r"].value})

    places, kept, limit = keep(model, drawn, quiet)
    assert [drawn[place]["r"].value for place in places] == [each["line"] for each in kept]
    assert len(kept) >= len(drawn) / 10
    assert limit == max(ranges.RESIDUAL_LIMIT, *(each["line"] for each in kept))
    within = [residual for residual in residuals if residual <= ranges.RESIDUAL_LIMIT]
    if len(within) >= len(drawn) / 10:
        assert [each["line"] for each in kept] == within
    else:  # one that is kept is never further from closing than one that is not
        nearest = sorted(residuals)[: len(kept)]
        assert sorted(each["line"] for each in kept) == nearest
        assert len(kept) < len(drawn) / 10 + 1


def test_ties_are_ties_and_a_line_without_a_loss_is_not_in_front() -> None:
    ranks = ranks_of({"a": 0.3, "b": 0.304, "c": 0.1, "d": 0.0, "e": 0.001})
    assert ranks == {"a": 1, "b": 1, "c": 3, "d": 4, "e": 4}
    found = ranges_of([dict.fromkeys("abcdefg", 0.5) | {"a": 0.6, "h": 0.0}])
    # a stands first and six share the second place: all seven are among the first five
    assert sum(each.top for each in found) == 7


def test_sensitivities_are_direct_solutions_largest_first() -> None:
    def lost(drawn: Drawn) -> Losses:
        a, c = (drawn.get(name, INPUTS[name]).value for name in "ac")
        return {"line": 0.2 * a - c, "other": 0.0}

    found = sensitivities(lost, INPUTS, quiet)
    assert [each.name for each in found["line"]] == ["c", "a"]
    assert [each.moved for each in found["line"]] == pytest.approx([-0.6, 0.2])
    assert found["other"] == ()
    many = {f"{place:02}": Amount(0.5, 0.0, 1.0) for place in range(15)}
    moved = sensitivities(lambda drawn: {"line": sum(x.value for x in drawn.values())}, many, quiet)
    assert [each.name for each in moved["line"]] == sorted(many)[: ranges.MOST_SENSITIVITIES]


def test_output_is_drawn_between_rivals_and_then_stands_for_them() -> None:
    rivals = [
        figure("CHN", "separation", "dysprosium-oxide", 25, "oxide"),
        replace(figure("CHN", "separation", "dysprosium-oxide", 35, "oxide"), row="x", tier=2),
    ]
    ledger = by_hand(figures=rivals)
    name = "production/CHN-separation"
    assert (ledger.inputs[name].low, ledger.inputs[name].high) == (25, 35)
    drawn = replace(ledger, drawn={name: exactly(30.0)}).separated["CHN"].amount
    assert (drawn.value, drawn.low, drawn.high) == pytest.approx((24, 24, 24))


@cache
def shipped() -> tuple[Network, Facts, BaseYear]:
    view = view_in_memory()
    facts = read_facts(view.store, "NdPr", view.valid)
    return view.network("NdPr", "WLD"), facts, read_base_year(facts, 2024, "WLD", "the world")


def question() -> Question:
    network, _, base = shipped()
    by_id = {each.id: each for each in candidates_of(network, "outage")}
    return Question(base, Contingency(), [by_id[line] for line in LINES])


def losses_of(drawn: Drawn) -> Losses:
    return DrawnYear(drawn).ask(question()).losses().losses[LOSS]


@cache
def report_of(*lines: str) -> Chokepoints:
    network, facts, _ = shipped()
    report = find_chokepoints(network, facts, year=2024)
    kept = [each for each in report.chokepoints if each.id in lines or not lines]
    return replace(report, chokepoints=tuple(kept))


@cache
def drawn_by(seed: int, count: int = 4) -> Draws:
    network, facts, _ = shipped()
    return find_draws(network, facts, Contingency(), report_of(*LINES), count=count, seed=seed)


def test_without_ranges_every_draw_is_the_report() -> None:
    report = report_of()
    at_point = losses_of({})
    for each in report.chokepoints:
        if each.id in at_point:
            assert at_point[each.id] == pytest.approx(each.loss, abs=0.011)


@pytest.mark.whole
def test_shipped_draws_repeat_by_seed_and_make_sense() -> None:
    same = drawn_by(1)
    assert drawn_by.__wrapped__(1) == same
    assert drawn_by(2).ranges != same.ranges
    found = same.ranges.values()
    assert all(each.loss.low <= each.loss.median <= each.loss.high <= 1 for each in found)
    assert all(1 <= each.rank.low <= each.rank.high <= len(LINES) for each in found)
    losing = sum(round(100 * each.loss.low) > 0 for each in found)
    assert min(losing, ranges.TOP_RANKS) <= sum(each.top for each in found) <= len(LINES)


@pytest.mark.whole
def test_shipped_sensitivities_are_direct_solutions() -> None:
    _, _, base = shipped()
    name = "assumptions/method-magnet-share-chn"
    amount = base.inputs("short-run")[name]
    found = sensitivities(losses_of, {name: amount}, quiet)
    (one,) = found["magnet/CHN"]
    for end, loss in ((amount.low, one.at_low), (amount.high, one.at_high)):
        assert loss == losses_of({name: exactly(end)})["magnet/CHN"]
    assert one.moved > 0.05  # the more magnets China makes, the more are lost without it


def test_where_no_draw_closes_how_far_the_nearest_is_stands_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranges, "RESIDUAL_LIMIT", 0.0)
    found = drawn_by(1, count=3)
    assert (found.rejected, found.limit > 0) == (2, True)


MONTHS = ("2027-03", "2027-04", "2027-05", "2027-06")


def test_a_number_without_trials_has_no_range() -> None:
    assert span_of(2.0, ()) == Span(2.0)
    assert span_of(2.0, (1.0, 3.0)) == Span(2.0, 1.1, 2.9)


def test_ends_are_months_of_trials_and_lie_between_none() -> None:
    """Half of the trials are never short, half until June: no end lies in the months between."""
    half = [NEVER] * 5 + [3.0] * 5
    assert month_span_of(NEVER, half, MONTHS) == MonthSpan("", "", "2027-06")
    assert month_span_of(1.0, [1.0] * 40 + [2.0], MONTHS) == MonthSpan("2027-04", *["2027-04"] * 2)
    assert month_span_of(1.0, (), MONTHS) == MonthSpan("2027-04")


def test_the_last_month_is_that_after_which_no_more_than_a_little_is_lacking() -> None:
    assert last_short([0.2, 0.0, 0.3, 0.004], 0.005) == 2.0
    assert last_short([0.004], 0.005) == NEVER
