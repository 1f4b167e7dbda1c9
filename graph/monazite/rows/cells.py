"""Cells: the text of a table, checked and typed by its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from monazite.errors import BadCellError, BadDateError
from monazite.rows.columns import Column
from monazite.rows.dates import date_bounds
from monazite.safe_text import escaped, first_hidden

_DECIMAL = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_INTEGER = re.compile(r"-?[0-9]+")
_URL = re.compile(r"(?:https?://|pkg:|urn:)[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"(.+)@(en|zh|ja|ko|fr|de|ru)", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
MAX_FRACTION_DIGITS = 18
"""Digits after the point that the store's decimal can hold."""
MAX_WHOLE_DIGITS = 18
"""Digits before the point that the store's decimal and its whole number can hold."""


@dataclass(frozen=True)
class Cell:
    """One value of a cell: its text, and the language or the IRI it stands for."""

    text: str
    language: str = ""
    iri: str = ""


def split_cell(text: str, column: Column) -> list[str]:
    """Return the values of a cell; several stand in one cell only where the column is a list."""
    if not text:
        return []
    if not column.many:
        return [text]
    return [part.strip() for part in text.split(";") if part.strip()]


def read_cell(text: str, column: Column) -> Cell:
    """Check one value against its column, references apart.

    >>> read_cell("1.50", Column("value", "p", "decimal")).text
    '1.50'
    >>> read_cell("稀土@zh", Column("names", "p", "text", many=True))
    Cell(text='稀土', language='zh', iri='')
    """
    _check_characters(text)
    if column.key:
        _check_key(text)
    return _READERS.get(column.kind, _read_string)(text, column)


def _check_characters(text: str) -> None:
    if text != text.strip():
        raise BadCellError(f'"{text}" begins or ends with a blank', "take the blank out")
    if text.isprintable():  # most are
        return
    if found := first_hidden(text) or ("\r" if "\r" in text else ""):
        what = f"a character that does not show stands in the text: {escaped(found)}"
        raise BadCellError(what, "take it out")


def _check_key(text: str) -> None:
    if not _KEY.fullmatch(text):
        raise BadCellError(
            f'the key "{text}" has characters that an address cannot carry',
            "use letters, digits, points and hyphens",
        )


def _read_string(text: str, _: Column) -> Cell:
    return Cell(text)


def _read_text(text: str, _: Column) -> Cell:
    match = _LANGUAGE.fullmatch(text)
    if match:
        _check_characters(match[1])
    return Cell(match[1], language=match[2]) if match else Cell(text)


def _read_integer(text: str, column: Column) -> Cell:
    if not _INTEGER.fullmatch(text):
        raise BadCellError(f'"{text}" is not a whole number', "write digits only")
    _check_length(text)
    _check_range(Decimal(text), text, column)
    return Cell(text)


def _read_decimal(text: str, column: Column) -> Cell:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise BadCellError(
            f'"{text}" is not a number', "write digits and one point, or leave the cell blank"
        )
    if len(match[1] or "") > MAX_FRACTION_DIGITS:
        raise BadCellError(
            f'"{text}" has more than {MAX_FRACTION_DIGITS} digits after the point',
            "round it and keep the printed form in value_as_printed",
        )
    _check_length(text)
    _check_range(Decimal(text), text, column)
    return Cell(text)


def _check_length(text: str) -> None:
    if len(text.partition(".")[0].lstrip("-0")) > MAX_WHOLE_DIGITS:
        raise BadCellError(
            f"the number has more than {MAX_WHOLE_DIGITS} digits before the point",
            "check the number and its unit",
        )


def _check_range(number: Decimal, text: str, column: Column) -> None:
    if column.minimum is not None and number < column.minimum:
        raise BadCellError(f"{text} is below {column.minimum}", "check the number and its sign")
    if column.maximum is not None and number > column.maximum:
        raise BadCellError(f"{text} is above {column.maximum}", "check the number and its unit")


def _read_date(text: str, _: Column) -> Cell:
    try:
        date_bounds(text)
    except BadDateError:
        raise BadCellError(f'"{text}" is not a date', "write 2025, 2025-04 or 2025-04-04") from None
    return Cell(text)


def _read_url(text: str, _: Column) -> Cell:
    if not _URL.fullmatch(text):
        raise BadCellError(f'"{text}" is not an address', "write it from https:// on, no blanks")
    return Cell(text)


def _read_boolean(text: str, _: Column) -> Cell:
    if text not in {"true", "false"}:
        raise BadCellError(f'"{text}" is neither true nor false', "write true or false")
    return Cell(text)


_READERS: dict[str, Callable[[str, Column], Cell]] = {
    "integer": _read_integer,
    "decimal": _read_decimal,
    "date": _read_date,
    "anyURI": _read_url,
    "boolean": _read_boolean,
    "text": _read_text,
}
