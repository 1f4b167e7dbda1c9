"""The errors: one tree, drawn in the docstring, and faults in the order of their lines."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite import errors
from monazite.errors import (
    MOST_SHOWN,
    Fault,
    Faults,
    FaultyTablesError,
    MonaziteError,
    SeveralMeantError,
    UnknownNameError,
    all_at_once,
    did_you_mean,
)


def test_the_tree_in_the_docstring_is_that_of_the_classes() -> None:
    drawn = re.findall(r"^[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(each.__name__ for each in MonaziteError.__subclasses__())


def test_all_faults_are_told_by_file_and_line() -> None:
    faults = [
        Fault("b.csv", 2, "x", "mend"),
        Fault("a.csv", 10, "y", "mend"),
        Fault("a.csv", 9, "z", "mend"),
    ]
    error = FaultyTablesError(faults)
    assert str(error).split("\n") == ["a.csv:9: z; mend", "a.csv:10: y; mend", "b.csv:2: x; mend"]


def test_what_is_not_known_is_said_at_once() -> None:
    def refuse(what: str) -> None:
        raise UnknownNameError(f"There is no {what}.")

    assert all_at_once(lambda: 1, lambda: None) == [1, None]
    with pytest.raises(UnknownNameError, match=r"^There is no a\. There is no b\.$"):
        all_at_once(lambda: refuse("a"), lambda: None, lambda: refuse("b"))
    alone = SeveralMeantError("Several.", (("deposit", "x", "X"),))

    def several() -> None:
        raise alone

    with pytest.raises(SeveralMeantError) as raised:
        all_at_once(several)
    assert raised.value is alone


def test_a_fault_of_a_whole_file_has_no_line() -> None:
    assert str(Fault("a.csv", 0, "is not there", "restore it")) == "a.csv: is not there; restore it"


def test_a_near_name_is_proposed_as_it_is_written() -> None:
    assert did_you_mean("DYSPROSIUN", ["Dysprosium", "Terbium"]) == 'did you mean "Dysprosium"?'
    assert did_you_mean("x", []) == ""


@given(st.text(), st.text(), st.text())
def test_a_fault_has_only_characters_that_show(file: str, what: str, fix: str) -> None:
    assert str(Fault(file, 1, what, fix)).isprintable()


def test_a_fault_shows_what_would_hide_or_break_a_line() -> None:
    name = "va\nl\x00u\x1be\x9b\u202e\u2028\ufffe"
    said = str(Fault(f"{name}.csv", 1, f'the column "{name}" is not known', "mend it"))
    shown = r"va\nl\x00u\x1be\x9b\u202e\u2028\ufffe"
    assert said == f'{shown}.csv:1: the column "{shown}" is not known; mend it'


def test_a_fault_quotes_no_million_characters() -> None:
    said = str(Fault("own.csv", 2, f'"{"9" * 1_000_000}" is not a number', "write digits"))
    assert len(said) < 1_000
    assert said.endswith('9" is not a number; write digits')


FOUND = st.lists(
    st.builds(
        lambda file, line, kind: Fault(file, line, f"{kind} {line % 3}", "mend it", kind=kind),
        st.sampled_from(["a.csv", "b.csv"]),
        st.integers(1, 99),
        st.sampled_from(["", "odd", "even"]),
    ),
    max_size=150,
)


@given(FOUND)
def test_no_fault_is_lost_where_many_are_counted(found: list[Fault]) -> None:
    faults = Faults(sorted(found))
    gathered = faults.gathered()
    assert len(faults) == len(found) == sum(fault.count for fault in gathered)
    assert gathered == sorted(gathered)
    for fault in gathered:
        alike = [each for each in gathered if (each.file, each.kind) == (fault.file, fault.kind)]
        assert len(alike) <= 3 * (MOST_SHOWN + 1)
    assert Faults(gathered).gathered() == gathered


def test_a_hundred_thousand_faults_are_counted_and_not_printed() -> None:
    found = (
        Fault("own.csv", line, f'"x{line}" is not a number', "write digits", kind="number")
        for line in range(2, 100_002)
    )
    lines = str(FaultyTablesError(found)).split("\n")
    assert len(lines) == MOST_SHOWN + 2
    assert lines[0] == 'own.csv:2: "x2" is not a number; write digits'
    assert lines[-2:] == [
        'own.csv:22: "x22" is not a number (and so on 99,979 more lines); write digits',
        "100,000 faults in all.",
    ]


def test_one_line_stands_for_many_that_say_the_same() -> None:
    faults = [Fault("own.csv", line, "it is blank", "write it") for line in range(2, 102)]
    assert str(FaultyTablesError(faults)).split("\n") == [
        "own.csv:2: it is blank (and so on 99 more lines); write it",
        "100 faults in all.",
    ]


def test_a_text_longer_than_a_name_is_near_to_none() -> None:
    assert did_you_mean("kuantam" * 100_000, ["kuantan"]) == ""
