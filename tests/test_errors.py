"""Errors: what faults say, all of them at once, and what a near miss was meant for."""

from __future__ import annotations

from monazite.errors import BadCellError, Fault, FaultyTablesError, MonaziteError, did_you_mean


def test_a_fault_says_where_what_and_what_to_do() -> None:
    assert str(Fault("a.csv", 3, "no source", "name one")) == "a.csv:3: no source; name one"
    assert str(Fault("a.csv", 0, "no header", "write one")) == "a.csv: no header; write one"


def test_faults_come_by_file_and_line() -> None:
    faults = [
        Fault("b.csv", 1, "x", "y"),
        Fault("a.csv", 10, "x", "y"),
        Fault("a.csv", 2, "x", "y"),
    ]
    error = FaultyTablesError(faults)
    assert [(fault.file, fault.line) for fault in error.faults] == [
        *(("a.csv", 2), ("a.csv", 10), ("b.csv", 1))
    ]
    assert str(error).count("\n") == 2


def test_a_bad_cell_is_a_value_error_of_this_package() -> None:
    error = BadCellError("no number", "write one")
    assert isinstance(error, ValueError)
    assert isinstance(error, MonaziteError)
    assert (error.what, error.fix) == ("no number", "write one")


def test_a_name_is_found_whatever_its_capitals_and_nothing_far_is() -> None:
    assert did_you_mean("KUANTEN", ["Kuantan", "Kalgoorlie"]) == 'did you mean "Kuantan"?'
    assert did_you_mean("x", ["Kuantan"]) == did_you_mean("x", []) == ""
