"""Numbers and dates of a workbook as a table has them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from monazite.errors import BadCellError

WHOLE = re.compile(r"-?[0-9]{1,18}")


class CellNumber(str):
    """The text of a number that the workbook holds as one: its mark is a point.

    Attributes:
        percent: whether it is shown as per cent, so that 0.03 is read as 3 %.
    """

    percent = False


def number_text(text: str, code: str = "", *, from_1904: bool = False) -> str:
    """Return a number as a table has it: no point where it is whole, no hour where it is a day.

    >>> [number_text(text) for text in ("2024.0", "0.1", "1E-7", "1.1000000000000001")]
    ['2024', '0.1', '0.0000001', '1.1']
    >>> number_text("45819", "yyyy-mm-dd"), number_text("45819.5", "yyyy-mm-dd")
    ('2025-06-11', '2025-06-11 12:00:00')
    """
    whole = int(text) if WHOLE.fullmatch(text) else None
    number = float(text) if whole is None else whole
    if not isfinite(number):
        raise BadCellError(f'the number "{text}" is larger than any', "write it anew")
    if code and (kind := date_kind(code)):
        return _date_text(number, from_1904=from_1904, spent=kind == "spent")
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f")


@lru_cache(maxsize=256)
def date_kind(code: str) -> str:
    """Whether a number format shows a date, time spent, or neither."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if not is_date_format(code):
        return ""
    return "spent" if is_timedelta_format(code) else "date"


def _date_text(number: float, *, from_1904: bool, spent: bool) -> str:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    try:
        found = from_excel(number, MAC_EPOCH if from_1904 else WINDOWS_EPOCH, timedelta=spent)
    except (OverflowError, ValueError):
        raise BadCellError("a cell holds a date that does not exist", "write it anew") from None
    if isinstance(found, datetime.datetime) and found.time() == datetime.time():
        return found.date().isoformat()
    return str(found)
