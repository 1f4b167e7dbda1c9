"""Numbers as people write them: all cells of a column say which mark is its decimal mark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monazite.errors import BadCellError
from monazite.rows.xlsx.numbers import CellNumber

_SIGN = r"(?P<sign>[+-]?)"
_CURRENCY = r"(?P<before>[^\W\d_]{3}|[€$¥£])?"
_DIGITS = r"(?P<digits>[0-9][0-9.,' ]*|[.,][0-9]+)"
_WRITTEN = re.compile(rf"{_SIGN}\s*{_CURRENCY}\s*{_DIGITS}\s*(?P<after>[^0-9]*)")
_RANGE = re.compile(r"[0-9][^0-9]{0,3}?\s*(-|\.\.+|bis|to|至|~)\s*[0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}")
_CODE = re.compile(r"(?=.*[0-9])[^\W_]+([-_./ ][^\W_]+)*")
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "´": "'"})
_SPACED = re.compile(r"[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
_ENDS = re.compile(
    r"(?:(?P<low>[0-9.,]+)\s*%?\s*(?:-|\.\.+|bis|to|至|~)|<|≤|max\.?|up to|bis)\s*"
    r"(?P<high>[0-9.,]+)(?P<unit>[^0-9]*)"
)
_GROUPS = re.compile(r"[0-9]{1,3}(?P<mark>[.,])[0-9]{3}((?P=mark)[0-9]{3})*")


@dataclass(frozen=True)
class Written:
    """A number as it stands in a cell.

    Attributes:
        digits: with their marks, sign included; the mark of a point where it is settled.
        unit: what stands before or behind it: a unit or a currency.
        settled: whether its mark is known, as that of a number of a workbook.
    """

    digits: str
    unit: str = ""
    settled: bool = False

    @property
    def marks(self) -> str:
        """The decimal mark that the number shows; ``?`` if it may be either, empty if none."""
        digits = self.digits.lstrip("+-")
        found = {mark for mark in ".," if mark in digits}
        if self.settled or not found:
            return ""
        if len(found) == 2:
            return max(found, key=digits.rfind)
        mark = found.pop()
        if digits.count(mark) > 1:
            return "," if mark == "." else "."
        before, _, after = digits.partition(mark)
        whole = len(after) != 3 or not before or before.startswith("0") or len(before) > 3
        return mark if whole else "?"

    def value(self, mark: str) -> float:
        """Return the number, its decimal mark known.

        >>> Written("1.350,5").value(","), Written("-2").value(".")
        (1350.5, -2.0)
        """
        if self.settled:
            return float(self.digits)
        other = "," if mark == "." else "."
        whole, _, part = self.digits.partition(mark)
        digits = whole.lstrip("+-")
        if other in part or mark in part or (other in digits and not _GROUPS.fullmatch(digits)):
            raise BadCellError(f'"{self.digits}" is not a number', "write digits and one mark")
        return float(f"{whole.replace(other, '')}.{part or 0}")


def written_number(text: str) -> Written:
    """Take a cell apart into its number and its unit.

    >>> written_number("1.350,00 kg").digits, written_number("€ 12").unit
    ('1.350,00', '€')
    """
    if isinstance(text, CellNumber):
        return Written(text, settled=True)
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    if _DATE.fullmatch(plain):
        raise BadCellError(
            f'"{text}" is a date', "format the column as text, and write the number anew"
        )
    if _RANGE.search(plain):
        raise BadCellError(f'"{text}" is a range and not one number', "write one number")
    found = _WRITTEN.fullmatch(plain)
    if found is None or (found["before"] and found["after"].strip()):
        what = f'"{text}" reads as a part number' if _CODE.fullmatch(plain) else f'"{text}" is none'
        raise BadCellError(what, "write a number in this column")
    spaced = found["digits"].strip().replace("'", " ")
    if " " in spaced and not _SPACED.fullmatch(spaced):
        raise BadCellError(f'"{text}" is more than one number', "write one number")
    digits = spaced.replace(" ", "")
    return Written(found["sign"] + digits, (found["before"] or found["after"]).strip(" ."))


def ends_of_range(text: str) -> tuple[str, str]:
    """Take a cell that may be a range or an upper bound apart into its ends.

    >>> ends_of_range("0,5 - 1,2 %"), ends_of_range("< 0.1 %"), ends_of_range("3 %")
    (('0,5 %', '1,2 %'), ('0 %', '0.1 %'), ('', '3 %'))
    """
    if isinstance(text, CellNumber):
        return "", text
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    found = _ENDS.fullmatch(plain)
    if found is None:
        return "", text
    unit = f" {found['unit'].strip()}" if found["unit"].strip() else ""
    return f"{found['low'] or '0'}{unit}", f"{found['high']}{unit}"


def decimal_mark(column: Iterable[Written]) -> str:
    """Return the decimal mark that a column shows: all its cells decide.

    >>> decimal_mark([Written("1.350"), Written("0.5")]), decimal_mark([Written("1.350")])
    ('.', '?')
    >>> decimal_mark([Written("0,5"), Written("0.5")])
    '.,'
    """
    shown = {number.marks for number in column} - {""}
    sure = sorted(shown - {"?"}, reverse=True)
    if sure:
        return "".join(sure)
    return "?" if shown else "."


def without_mark(numbers: Sequence[Written]) -> list[int]:
    """Return the places of the numbers that may be read in two ways."""
    return [place for place, number in enumerate(numbers) if number.marks == "?"]
