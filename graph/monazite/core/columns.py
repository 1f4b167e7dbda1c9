"""Tables and CSV of declared columns: a heading, what stands below it, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from monazite.core.contract import value_at
from monazite.core.formats import NOT_KNOWN, figures, fixed
from monazite.core.tables import Table


def known_text(value: object) -> str:
    """Return a value as text; what is not known says so."""
    return NOT_KNOWN if value is None else str(value)


def blank(form: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return a form that leaves a cell empty where the value is not known."""
    return lambda value: "" if value is None else form(value)


def known(form: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return a form that says so where the value is not known."""
    return lambda value: NOT_KNOWN if value is None else form(value)


class Column(NamedTuple):
    """A column of a table."""

    heading: str  #: what stands above it
    #: an attribute of a line, dotted, or what finds the value of a line
    of: str | Callable[[Any], object]
    form: Callable[[Any], str] = known_text  #: how a value is written
    right: bool = False  #: whether it stands right
    full: bool = False  #: whether it is of the full table alone
    spare: int = 0  #: its turn to give way where there is no room, from 1; 0 where it stays
    when: bool = True  #: whether this table has it

    def cell(self, line: object) -> str:
        """Return the cell of a line."""
        return self.form(
            value_at(line, self.of.split(".")) if isinstance(self.of, str) else self.of(line)
        )


def table(
    heading: str,
    lines: Iterable[object],
    columns: Iterable[Column],
    remarks: Sequence[str] = (),
    **more: Any,  # noqa: ANN401 - as Table takes it
) -> Table:
    """Return lines as a table, a cell for each column."""
    shown = [each for each in columns if each.when]
    spare = sorted((each for each in shown if each.spare), key=lambda each: each.spare)
    return Table(
        heading,
        columns=tuple(each.heading for each in shown),
        rows=[[each.cell(line) for each in shown] for line in lines],
        remarks=tuple(remarks),
        right=tuple(each.heading for each in shown if each.right),
        keys=tuple(each.heading for each in shown if each.full),
        spare=tuple(each.heading for each in spare),
        **more,
    )


def bare_table(
    lines: Iterable[object],
    names: str,
    *,
    digits: int = 0,
    decimals: int | None = None,
    sep: str = ";",
    seps: Mapping[str, str] | None = None,
    **same: object,
) -> Table:
    """Return lines as a table for programs: ``heading=attribute`` where the two differ.

    Args:
        lines: one to a row.
        names: of the columns, with blanks between.
        digits: of a number; all that it has if 0.
        decimals: of a number, in place of digits.
        sep: what stands between several values in a cell.
        seps: the same of some columns, by their names.
        same: the first columns, which say the same of each line.
    """
    pairs = [
        (key, (of or key).split("."), (seps or {}).get(key, sep))
        for key, _, of in (x.partition("=") for x in names.split())
    ]
    first = [bare(value) for value in same.values()]
    rows = [
        [*first, *(bare(value_at(line, of), digits, gap, decimals) for _, of, gap in pairs)]
        for line in lines
    ]
    return Table("", (*same, *(key for key, *_ in pairs)), rows)


def bare(value: object, digits: int = 0, sep: str = ";", decimals: int | None = None) -> str:
    """Return a value as a program reads it: no separators; nothing is not known.

    >>> bare(0.12345678, 6), bare(True), bare(("a", "b")), bare(None), bare(2024)
    ('0.123457', 'true', 'a;b', '', '2024')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and decimals is not None:
        return fixed(value, decimals)
    if isinstance(value, float) and digits:
        return figures(value, digits)
    return sep.join(map(str, value)) if isinstance(value, tuple) else str(value)
