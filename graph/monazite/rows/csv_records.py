"""The records of a CSV text, with the line on which each begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from monazite.errors import BadFileError
from monazite.rows.bounds import CELL_CHARACTERS, SMALLER, Budget

csv.field_size_limit(CELL_CHARACTERS)
_SEPARATORS = 20_000_000
"""Separators of a file: so many cells, be they blank, are held before they are counted."""
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def utf8_text(data: bytes) -> str:
    """Return the text of a file, which is UTF-8.

    >>> utf8_text(b"a,b")
    'a,b'
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFileError("the text is not UTF-8", "save the file as UTF-8", line) from None


def csv_records(text: str, budget: Budget, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each record, with the line on which it begins.

    >>> list(csv_records("a;b", Budget(), ";"))
    [(1, ['a', 'b'])]
    """
    if text.count(separator) > _SEPARATORS:
        what = f"it has more than {_SEPARATORS:,} {_NAMES.get(separator, 'separators')}"
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
            what = f"a cell has more than {CELL_CHARACTERS:,} characters"
            raise BadFileError(what, "shorten it, or close its quotes", begin) from None
        what = f"wrong quoting: {error}"
        raise BadFileError(what, "mend the quotes of this row", begin) from None
