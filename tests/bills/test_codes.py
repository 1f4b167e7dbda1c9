"""Codes: the same for a name however it is written, and faults that quote nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.codes import Codes, without_quotes
from monazite.errors import Fault


def test_a_name_has_one_code_of_its_kind() -> None:
    codes = Codes(hide=True)
    assert [
        codes("firm", "A b"),
        codes("part", "A b"),
        codes("firm", "a  B"),
        codes("firm", ""),
    ] == [*("firm 1", "part 1", "firm 1", "")]


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_fault_has_what_it_quotes(header: str, cell: str) -> None:
    fault = Fault("secret.csv", 3, f'column B ("#{header}#"): "#{cell}#" is none', "write it")
    (shown,) = without_quotes([fault])
    assert "#" not in str(shown)
    assert "secret" not in str(shown)


def test_a_fault_without_its_quotes_is_a_sentence() -> None:
    faults = [
        Fault("a.csv", 8, 'column D ("Masse"): a cell holds a formula', "paste it"),
        Fault("a.csv", 8, 'column E ("Masse") "1,350" may be two numbers', "write it"),
    ]
    assert [each.what for each in without_quotes(faults)] == [
        'column D "…": a cell holds a formula',
        'column E "…" may be two numbers',
    ]
