"""What each kind of key takes, and how a fault tells what it takes and what it was given."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from monazite.findings.scenarios import keys
from monazite.findings.scenarios.keys import shown, value_of, wanted

EVERY = [*keys.TOP, *keys.VIEW, *keys.FIRM, *keys.ASSUMED, *keys.COMMON] + [
    key for own in keys.KINDS.values() for key in own
]


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (keys.TEXT, "CHN", ["", " ", 3, "x" * (keys.LONGEST_TEXT + 1), ["CHN"]]),
        (
            keys.NAMES,
            ["CHN"],
            [[], "CHN", [3], [""], [" "], [*map(str, range(keys.MOST_NAMES + 1))]],
        ),
        (keys.NUMBER, 0.5, [True, "0.5", 2, -1, 10**400, float("nan"), float("inf")]),
        (keys.WHOLE, 1, [0.5, 1.0, True, 2, 10**400, -(16**5_000)]),
        (keys.DAY, "2025-04-04", ["2025-02-30", "April", 2025, datetime(2025, 4, 4), "1066-10-14"]),
        (keys.MONTH, "2025-04", ["2025-13", "2025-04-04", date(2025, 4, 1), "1066-10"]),
        (keys.DATE, "2025-06", ["yesterday", "2027-02-31", 2025, "", datetime(2025, 4, 4)]),
        (keys.DATE, date(2025, 4, 4), [" 2025", "2025-13"]),
        (keys.PARTS, {"mine": 1}, [{}, {"mine": 2}, {"mine": "1"}, ["mine"]]),
    ],
)
def test_a_kind_takes_its_own_and_nothing_else(
    kind: str, taken: object, refused: list[object]
) -> None:
    key = keys.FileKey("key", kind, "By hand.")
    assert value_of(key, taken) is not None
    assert [x for x in refused if value_of(key, x) is not None] == []


def test_of_words_only_those_are_taken() -> None:
    key = keys.FileKey("does", keys.TEXT, "What is done.", words=("release", "build"))
    assert value_of(key, "build") == "build"
    assert value_of(key, "burn") is None
    assert wanted(key) == "one of release, build"


def test_a_fault_can_be_told_of_every_key_and_shows_no_whole_table() -> None:
    assert all(wanted(key) for key in EVERY)
    assert shown({"a": "b" * 10_000}) == "a table"
    assert shown(16**5_000) == "a number of more than 18 digits"
