"""What trials are summed up to: none lost, none twice, too few refused."""

from __future__ import annotations

from typing import Any

import pytest

import monazite
from monazite.errors import NotKnownError
from monazite.findings.scenarios.model import ScenarioModel
from monazite.findings.scenarios.scenario_file import read_scenario
from monazite.findings.scenarios.summary import numbers_of
from monazite.findings.scenarios.trials import AskedScenario, TrialFound, results_of, run_trial

TEXT = (
    'title = "A"\ndescription = "A."\nstart = "2027-01"\nmonths = 5\nmarkets = ["USA"]\n'
    '[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2027-01-01\nuntil = 2027-02-28\n'
)


@pytest.fixture(scope="module")
def model() -> ScenarioModel:
    view = monazite.load()
    return ScenarioModel(view.network("MREE"), view.facts("MREE"))


@pytest.fixture(scope="module")
def asked(model: ScenarioModel) -> AskedScenario:
    scenario = read_scenario(TEXT, "a.toml")
    return AskedScenario(scenario, model.means(scenario, "a.toml"))


def test_a_trial_is_the_same_whoever_makes_it_and_whatever_else(
    model: ScenarioModel, asked: AskedScenario
) -> None:
    one = run_trial(model, [asked], 1, 3, 5)
    both = run_trial(model, [asked, asked], 1, 3, 5)
    assert one.numbers is not None
    assert both.numbers == (one.numbers[0], one.numbers[0])
    assert run_trial(model, [asked], 2, 3, 5) != one


def test_the_range_is_of_the_trials_and_the_middle_is_not(
    model: ScenarioModel, asked: AskedScenario
) -> None:
    """Trials are by hand: each doubles or halves what is done without."""
    journey = model.point.run(asked.scenario, asked.meant)
    numbers = numbers_of(journey, ("USA", "WLD"), model.products)
    found = [
        TrialFound(
            place,
            (
                {
                    name: [*months] if name[0] == "last" else [part * x for x in months]
                    for name, months in numbers.items()
                },
            ),
        )
        for place, part in enumerate([0.5] * 10 + [2.0] * 10)
    ]
    (result,) = results_of(model, [asked], reversed(found), 20, 0)
    most = max(result.of("USA"), key=lambda each: each.short.middle)
    assert most.short.middle > 0
    assert most.short.low == pytest.approx(most.short.middle / 2)
    assert most.short.high == pytest.approx(most.short.middle * 2)
    for total in result.totals:
        middle = total.most_short.middle
        assert total.most_short.high == pytest.approx(middle * 2)
        assert total.until.low == total.until.middle == total.until.high
        assert bool(total.until.middle) is (middle >= 0.005)
    assert result.trials is not None
    assert (result.trials.count, result.trials.rejected) == (20, 0)
    assert [each.limits for each in result.limits], "what runs short is named"


@pytest.mark.parametrize("places", [[0, 1], [0, 1, 1], [0, 1, 3]])
def test_a_trial_that_is_lost_or_made_twice_is_told(
    model: ScenarioModel, asked: AskedScenario, places: list[int]
) -> None:
    with pytest.raises(NotKnownError, match=r"Of 3 trials \d came back"):
        results_of(model, [asked], [TrialFound(place, None) for place in places], 3, 0)


def test_too_few_trials_that_count_are_refused(model: ScenarioModel, asked: AskedScenario) -> None:
    found: list[Any] = [TrialFound(place, None) for place in range(12)]
    with pytest.raises(NotKnownError, match="Only 0 of 12 trials could be worked out"):
        results_of(model, [asked], found, 12, 0)


@pytest.mark.whole
def test_no_month_has_a_wider_end_than_the_worst_month_and_none_is_short_after_the_last(
    model: ScenarioModel, asked: AskedScenario
) -> None:
    """Trials differ in which month is their worst: the range of one month alone is too narrow."""
    found = [run_trial(model, [asked], place, 10, 0) for place in range(10)]
    (result,) = results_of(model, [asked], found, 10, 0)
    for total in result.totals:
        months = result.of(total.market, total.product)
        ends = [each.part_short.high or 0.0 for each in months]
        assert total.most_short.middle == max(each.part_short.middle for each in months)
        assert (total.most_short.high or 0.0) >= max(ends) - 1e-12
        short = [each.month for each, x in zip(months, ends, strict=True) if x >= 0.005]
        assert max(short, default="") <= (total.until.high or "")
