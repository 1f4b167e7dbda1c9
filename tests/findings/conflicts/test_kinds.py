"""Kinds of conflicts, and the words that ask for them."""

from __future__ import annotations

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.conflicts.kinds import ALL, KIND, KINDS, check_kind


def test_a_word_means_one_kind_and_one_word_all() -> None:
    assert [check_kind(kind) for kind in KINDS] == [(kind,) for kind in KINDS]
    assert check_kind(ALL) == KINDS
    assert check_kind(KIND) == ("real",)


@pytest.mark.parametrize(
    ("word", "fix"),
    [
        ("edtion", 'did you mean "edition"?'),
        ("Al", 'did you mean "all"?'),
        ("x", "kinds are real, "),
    ],
)
def test_what_is_no_kind_is_told_with_what_is(word: str, fix: str) -> None:
    with pytest.raises(UnknownNameError, match=f'There is no kind of conflict "{word}"; ') as told:
        check_kind(word)
    assert fix in str(told.value)
