"""Assumptions in words: a table of them, and each as a reader writes a number."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.result import Assumption
from monazite.safe_text import NOT_KNOWN
from monazite.tables import Table

ASSUMED = "What is assumed"
"""Heading of the assumptions."""
_WRITTEN = {"percent": "{} %", "times": "× {}"}
"""How numbers of units are written that are no words after them."""


def assumed_table(assumed: Iterable[Assumption]) -> Table:
    """Return assumptions with value, range and reason, one to a line."""
    rows = [
        [
            *(each.text, assumed_value(each) or NOT_KNOWN, assumed_range(each) or NOT_KNOWN),
            *(each.reason, each.row),
        ]
        for each in assumed
    ]
    columns = ("what", "value", "range", "why", "row")
    return Table(ASSUMED, columns, rows, right=("value", "range"), long=True)


def assumed_value(each: Assumption) -> str:
    """Return the value of an assumption, with its unit where its text does not begin with that.

    >>> assumed_value(Assumption("a", "Months to a user", 1.0, 1.0, 2.0, "months", "A guess."))
    '1'
    >>> assumed_value(Assumption("a", "Grade of ore", 3.0, 2.0, 4.0, "%", "A guess."))
    '3 %'
    >>> assumed_value(Assumption("a", "Stock of firms", 1.0, 0.5, 1.5, "times", "A guess."))
    '× 1'
    >>> assumed_value(Assumption("a", "Lead time: metal", 1.0, 1.0, 2.0, "months", "A guess."))
    '1 month'
    """
    if each.value is None:
        return ""
    number = f"{each.value:,g}"
    if each.text.lower().startswith(each.unit):
        return number
    unit = each.unit.removesuffix("s") if each.value == 1 else each.unit
    written = _WRITTEN.get(each.unit)
    return written.format(number) if written else f"{number} {unit}"


def assumed_range(each: Assumption) -> str:
    """Return the ends of an assumption, one number where both are one."""
    if each.low is None or each.high is None:
        return ""
    low, high = f"{each.low:,g}", f"{each.high:,g}"
    return low if low == high else f"{low} to {high}"
