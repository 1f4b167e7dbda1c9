"""What a buyer learns first: by hand of the example bills, in sentences that are short."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.exposure.headline import LESSONS, exposure_lessons, lasting_lines
from monazite.findings.exposure.stops.shared_plants import SharedPlant
from tests.findings.exposure.bills import NAMES, example

PLANT = SharedPlant("works", "Works", ("magnet",), "CHN", ("Dy",), (), (7, 8), (7, 8), "surely", ())


def test_the_drive_unit_by_hand() -> None:
    # 1,220 pieces and 96 a day of the inner layer, 1,840 and 96 of the outer one.
    stops, rules, held = exposure_lessons(example())
    assert stops.startswith("Magnet, inner layer (row 8) stops first: its stock lasts 12.7 days")
    assert rules == "On 24 Nov 2026, by their texts, Announcement 18 of 2025 catches 2 lines."
    assert held == (
        "Known of one product: Nd 354 to 516 g, Pr 8.86 to 124 g, Dy 49.4 to 68.1 g and 2 other "
        "elements."
    )


def test_a_second_source_that_is_the_same_plant_is_told() -> None:
    found = replace(example(), shared=(replace(PLANT, same_source=()), PLANT))
    assert exposure_lessons(found)[1] == (
        "Row 7 and 8 may have no second source: Works stands behind all its sources."
    )
    hidden = replace(example(), shared=(replace(PLANT, label=""),))
    assert "One plant stands behind" in exposure_lessons(hidden)[1]


def test_what_is_not_known_is_not_told() -> None:
    found = example()
    without = tuple(replace(each, stock=None, grams=()) for each in found.lines)
    bare = replace(found, lines=without, judgements=(), elements=(), questions=())
    assert lasting_lines(without) == []
    assert exposure_lessons(bare) == ()
    may = dict.fromkeys(found.days, "may")
    open_ones = tuple(replace(each, outcomes=may) for each in found.judgements)
    told = exposure_lessons(replace(bare, judgements=open_ones))
    assert told == ("On 24 Nov 2026, by their texts, rules may catch 5 lines.",)
    none = tuple(replace(each, outcomes=dict.fromkeys(may, "not")) for each in found.judgements)
    told = exposure_lessons(replace(bare, judgements=none))
    assert told == ("On 24 Nov 2026, by their texts, no rule of the records catches a line.",)


@pytest.mark.parametrize("name", NAMES)
def test_sentences_are_few_and_short(name: str) -> None:
    told = exposure_lessons(example(name))
    assert len(told) == LESSONS
    assert max(len(each.split()) for each in told) <= 24
