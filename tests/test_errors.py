"""The errors: one tree, drawn in the docstring, and faults in the order of their lines."""

from __future__ import annotations

import re

from monazite import errors
from monazite.errors import Fault, FaultyTablesError, MonaziteError, did_you_mean


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


def test_a_fault_of_a_whole_file_has_no_line() -> None:
    assert str(Fault("a.csv", 0, "is not there", "restore it")) == "a.csv: is not there; restore it"


def test_a_near_name_is_proposed_as_it_is_written() -> None:
    assert did_you_mean("DYSPROSIUN", ["Dysprosium", "Terbium"]) == 'did you mean "Dysprosium"?'
    assert did_you_mean("x", []) == ""
