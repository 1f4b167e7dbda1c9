"""Expected times: of the same work, of others for new work, and of no more than so many."""

from __future__ import annotations

import pytest

from monazite.serve.workers.expected_times import ExpectedTimes


def test_nothing_is_known_before_anything_was_done() -> None:
    assert ExpectedTimes().of(b"a") == 0.0


def test_the_same_is_expected_to_take_as_long_as_last() -> None:
    times = ExpectedTimes()
    for seconds in (5.0, 1.0):
        times.note(b"a", seconds)
    times.note(b"b", 4.0)
    assert [times.of(each) for each in (b"a", b"b", b"new")] == [1.0, 4.0, 2.5]


def test_what_was_done_longest_ago_is_forgotten() -> None:
    times = ExpectedTimes(most=2)
    for asked, seconds in ((b"a", 1.0), (b"b", 2.0), (b"a", 3.0), (b"c", 5.0)):
        times.note(asked, seconds)
    assert [times.of(each) for each in (b"a", b"c")] == [3.0, 5.0]
    assert times.of(b"b") == pytest.approx(4.0)  # as anything new
