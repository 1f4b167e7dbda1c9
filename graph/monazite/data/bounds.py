"""How much of a reader's own data is read: what is more would take hours, and is refused."""

from __future__ import annotations

import csv
import io
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path

from monazite.core.errors import BadFileError
from monazite.core.formats import grouped

FILES = 1_000  # files of a folder
FILE_BYTES = 128 << 20  # bytes of all files together
EXPANDED_BYTES = 128 << 20  # bytes of the parts of all workbooks together, unpacked
CHARACTERS = 128 << 20  # of the cells of all workbooks together, which may repeat one text
PARTS = 10_000  # files that are packed in a workbook
TAGS = 12_000_000  # marks of XML in one part of a workbook
SHEETS = 255  # sheets of a workbook
LAST_ROW = 1_048_576  # number of the last row that a sheet can have
LAST_COLUMN = 16_384  # number of the last column that a sheet can have
COLUMNS = 1_000  # columns of a table; ours have some twenty
ROWS = 500_000  # rows of all tables together; ours have some 20,000
CELLS = 8_000_000  # of all tables together, not blank: a row of yearly trade has fifteen
CELL_CHARACTERS = 1 << 20  # characters of a cell
SMALLER = "leave out what no question needs, or ask in parts"  # what to do where there is too much


class Budget:
    """What all files of one reading may take together."""

    def __init__(self) -> None:
        self._taken = {"rows": 0, "cells": 0, "characters": 0, "unpacked bytes": 0}

    def take_row(self, cells: int, characters: int = 0) -> None:
        """Count a row."""
        self._take("rows", 1, ROWS)
        self._take("cells", cells, CELLS)
        self._take("characters", characters, CHARACTERS)

    def take_bytes(self, count: int) -> None:
        """Count bytes that were unpacked."""
        self._take("unpacked bytes", count, EXPANDED_BYTES)

    def _take(self, what: str, count: int, most: int) -> None:
        self._taken[what] += count
        if self._taken[what] > most:
            raise BadFileError(f"the tables have more than {grouped(most)} {what}", SMALLER)


csv.field_size_limit(CELL_CHARACTERS)
_SEPARATORS = 20_000_000  # of a file: so many cells may be held before they are counted
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def utf8_text(data: bytes) -> str:
    """Return the text of a file, which is UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFileError("the text is not UTF-8", "save the file as UTF-8", line) from None


def wrong_line(file: Path, encoding: str) -> int:
    """Return the first line of a file that is not in an encoding, read in blocks; 0 for none."""
    decoder, lines, block = getincrementaldecoder(encoding)(), 1, b" "
    with file.open("rb") as opened:
        while block:
            block = opened.read(1 << 20)
            try:
                lines += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object.count(b"\n", 0, error.start)
    return 0


def csv_records(text: str, budget: Budget, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each record, with the line on which it begins."""
    if text.count(separator) > _SEPARATORS:
        what = f"it has more than {grouped(_SEPARATORS)} {_NAMES.get(separator, 'separators')}"
        raise BadFileError(what, SMALLER)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begin = 1
    try:
        for fields in reader:
            if fields:
                budget.take_row(len(fields) - fields.count(""))
                yield begin, fields
            begin = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            what = f"a cell has more than {grouped(CELL_CHARACTERS)} characters"
            raise BadFileError(what, "shorten it, or close its quotes", begin) from None
        fix = "mend the quotes of this row"
        raise BadFileError(f"wrong quoting: {error}", fix, begin) from None
