"""The cells of a sheet: none is lost, and what has no text says why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from monazite.errors import BadCellError, BadFileError
from monazite.rows.bounds import CELL_CHARACTERS, LAST_COLUMN, LAST_ROW, Budget
from monazite.rows.xlsx.numbers import WHOLE, CellNumber, date_kind, number_text
from monazite.rows.xlsx.parts import SAVE_AGAIN, Attributes, PartReader, unescaped

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,4})?")

Value: TypeAlias = str | BadCellError
"""The text of a cell, or why it has none."""
Cells: TypeAlias = dict[int, dict[int, Value]]
"""Those that are not blank, by row and column, both from 1."""
_ROW = "/sheetData/row"
_AT = f"{_ROW}/c"
_MERGED = "/mergeCells/mergeCell"
_VALUE = f"{_AT}/v"
_HELD = {"row", "c", "v", "f", "t"}
"""Elements that cells are made of."""


@dataclass(frozen=True)
class SharedParts:
    """What the cells of all sheets share."""

    texts: list[str]
    formats: list[str]
    from_1904: bool


class SheetCells(PartReader):
    """The cells of a sheet."""

    known = frozenset({_ROW, _AT, _VALUE, f"{_AT}/f", f"{_AT}/is/t", f"{_AT}/is/r/t", _MERGED})

    def __init__(self, shared: SharedParts, budget: Budget, *, computed: bool = False) -> None:
        self.cells: Cells = {}
        self.merged: list[str] = []
        self._shared, self._budget = shared, budget
        self._row, self._column = 0, 0
        self._cell: Attributes = {}
        self._value, self._inline = "", list[str]()
        self._formula, self._computed = False, computed

    def pass_over(self, path: str) -> None:
        """Refuse cells, or what they hold, in an element that is not known."""
        inside, _, name = path.removeprefix("/sheetData/").rpartition("/")
        if path.startswith("/sheetData/") and name in _HELD and not inside.endswith("/rPh"):
            raise ValueError

    def start(self, path: str, attributes: Attributes) -> None:
        """Begin a row, a cell, or what a cell holds."""
        if path == _AT:
            self._cell, self._value, self._inline = attributes, "", []
            self._formula = False
            self._begin_cell(attributes.get("r"))
        elif path == _ROW:
            self._begin_row(attributes.get("r"))
        elif path == _MERGED:
            self.merged.append(attributes.get("ref", ""))

    def end(self, path: str, text: str) -> None:
        """End a row, a cell, or what a cell holds."""
        if path == _AT:
            if self._value or self._inline or self._formula:
                self._end_cell()
        elif path == _VALUE and not self._value:
            self._value = text
        elif path == _VALUE:
            raise ValueError
        elif path == f"{_AT}/f":
            self._formula = True
        elif path == _ROW:
            self._end_row()
        elif path != _MERGED:
            self._inline.append(text)

    def _begin_row(self, number: str | None) -> None:
        self._row, self._column = self._row + 1, 0
        if number is not None:
            self._row = int(number) if WHOLE.fullmatch(number) else 0
        if not 0 < self._row <= LAST_ROW:
            what = f'a row has the number "{number or self._row}", and a sheet ends at {LAST_ROW:,}'
            raise BadFileError(what, SAVE_AGAIN)

    def _begin_cell(self, place: str | None) -> None:
        self._column += 1
        if place is not None:
            named = _CELL.fullmatch(place)
            self._column = _column_of(named[1]) if named else 0
            if named is None or int(named[2]) != self._row or self._column > LAST_COLUMN:
                raise BadFileError(f'a cell of row {self._row} is named "{place}"', SAVE_AGAIN)
        elif self._column > LAST_COLUMN:
            raise BadFileError(f"row {self._row} has more cells than a sheet can have", SAVE_AGAIN)

    def _end_cell(self) -> None:
        try:
            value: Value = self._text()
        except BadCellError as bad:
            value = bad
        if value == "":
            return
        row = self.cells.setdefault(self._row, {})
        if self._column in row:
            raise BadFileError(f"a cell of row {self._row} stands twice", SAVE_AGAIN)
        row[self._column] = value

    def _end_row(self) -> None:
        if row := self.cells.get(self._row):
            texts = [value for value in row.values() if isinstance(value, str)]
            self._budget.take_row(len(row), sum(map(len, texts)))

    def _text(self) -> str:
        if self._formula and not self._computed:
            raise BadCellError("a cell holds a formula", "paste its value instead")
        if self._formula and not self._value:
            what = "a cell holds a formula that was never worked out"
            raise BadCellError(what, "open the workbook, and save it")
        read = _KINDS.get(self._cell.get("t", "n"))
        if read is None:
            raise BadCellError("a cell is of a kind that is not known", "write it anew")
        text = read(self)
        if len(text) > CELL_CHARACTERS:
            raise BadCellError(f"a cell has more than {CELL_CHARACTERS:,} characters", "shorten it")
        return text

    def _own_text(self) -> str:
        return unescaped(self._value)

    def _inline_text(self) -> str:
        return unescaped("".join(self._inline))

    def _shared_text(self) -> str:
        if not self._value:
            return ""
        place = int(self._value) if WHOLE.fullmatch(self._value) else -1
        if not 0 <= place < len(self._shared.texts):
            raise BadCellError("the text of a cell is not in the workbook", "write it anew")
        return self._shared.texts[place]

    def _boolean(self) -> str:
        known = {"1": "true", "true": "true", "0": "false", "false": "false", "": ""}
        if self._value not in known:
            raise BadCellError(f'"{self._value}" is neither true nor false', "write it anew")
        return known[self._value]

    def _error(self) -> str:
        raise BadCellError(f'a cell holds the error "{self._value}"', "write its value instead")

    def _iso_date(self) -> str:
        return re.sub(r"T00:00(:00(\.0+)?)?Z?", "", self._value)

    def _number(self) -> str:
        text = self._value.strip()
        if not text:
            return ""
        if not _NUMBER.fullmatch(text):
            raise BadCellError(f'the number "{text}" of a cell is none', "write it anew")
        style, formats = self._cell.get("s", "0"), self._shared.formats or ["General"]
        if not WHOLE.fullmatch(style) or not 0 <= int(style) < len(formats):
            raise BadCellError(
                f'a cell has the style "{style}", which is not there', "write it anew"
            )
        code = formats[int(style)]
        read = number_text(text, code, from_1904=self._shared.from_1904)
        if code and date_kind(code):
            return read
        number = CellNumber(read)
        number.percent = "%" in code
        return number


_KINDS = {
    "n": SheetCells._number,
    "s": SheetCells._shared_text,
    "str": SheetCells._own_text,
    "inlineStr": SheetCells._inline_text,
    "b": SheetCells._boolean,
    "e": SheetCells._error,
    "d": SheetCells._iso_date,
}


def _column_of(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
