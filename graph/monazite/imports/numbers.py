"""Numbers of sources: digits with a point, thousands with commas, and words for none."""

from __future__ import annotations

import re
from decimal import Decimal

from monazite.errors import BadCellError

_NONE = {"", "-", "--", "—", "–", "..", "...", "NA", "N/A", "n.a.", "nan", "NaN", "NULL", "null"}
"""What stands where there is no number."""
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
)
_MOST = Decimal(10) ** 18


def number_of(text: str, *, negative: bool = False) -> Decimal | None:
    """Return a number, or None where the cell says that there is none.

    >>> number_of("1,234.50"), number_of(".."), number_of("1e3")
    (Decimal('1234.50'), None, Decimal('1E+3'))
    >>> number_of("-5")
    Traceback (most recent call last):
    monazite.errors.BadCellError: -5 is below nothing
    """
    plain = text.strip().replace("\xa0", "")
    if number_is_missing(text):
        return None
    if not _NUMBER.fullmatch(plain):
        raise BadCellError(f'"{text}" is not a number', "write digits and one point")
    found = Decimal(plain.replace(",", ""))
    if found < 0 and not negative:
        raise BadCellError(f"{plain} is below nothing", "check the line at its source")
    if abs(found) >= _MOST:
        raise BadCellError(f'"{text}" has too many digits', "check the number and its unit")
    return found


def number_is_missing(text: str) -> bool:
    """Tell whether a cell says that there is no number.

    >>> number_is_missing("NA"), number_is_missing("0")
    (True, False)
    """
    return text.strip().replace("\xa0", "") in _NONE


def plain(number: Decimal) -> str:
    """Return a number as a cell has it: no exponent, no zeros at its end.

    >>> plain(Decimal("1E+3")), plain(Decimal("0.500"))
    ('1000', '0.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
