"""How much of a reader's own data is read: what is more is refused in a sentence, at once.

The bounds are far above what anybody writes by hand, and low enough that what they let through
is read in minutes, in a few gigabytes.
"""

from __future__ import annotations

from monazite.errors import BadFileError

FILES = 1_000
"""Files of a folder."""
FILE_BYTES = 64 << 20
"""Bytes of all files together."""
EXPANDED_BYTES = 128 << 20
"""Bytes of the parts of all workbooks together, unpacked."""
CHARACTERS = 128 << 20
"""Characters of the cells of all workbooks together, which may say one text again and again."""
PARTS = 10_000
"""Files that are packed in a workbook."""
TAGS = 12_000_000
"""Marks of XML in one part of a workbook."""
SHEETS = 255
"""Sheets of a workbook."""
LAST_ROW = 1_048_576
"""Number of the last row that a sheet can have."""
LAST_COLUMN = 16_384
"""Number of the last column that a sheet can have."""
COLUMNS = 1_000
"""Columns of a table; ours have some twenty."""
ROWS = 500_000
"""Rows of all tables together; ours have some 20,000."""
CELLS = 3_000_000
"""Cells of all tables together that are not blank."""
CELL_CHARACTERS = 1 << 20
"""Characters of a cell."""
SMALLER = "leave out what no question needs, or ask in parts"
"""What to do where there is too much."""


class Budget:
    """What all files of one reading may take together.

    >>> budget = Budget()
    >>> budget.take("rows", 500_000)
    >>> try:
    ...     budget.take("rows")
    ... except BadFileError as error:
    ...     print(error.what)
    the tables have more than 500,000 rows
    """

    def __init__(self) -> None:
        self._bounds = {
            "rows": ROWS,
            "cells": CELLS,
            "characters": CHARACTERS,
            "unpacked bytes": EXPANDED_BYTES,
        }
        self._left = dict(self._bounds)

    def take(self, what: str, count: int = 1) -> None:
        """Count what was read.

        Raises:
            BadFileError: it is more than is read.
        """
        self._left[what] -= count
        if self._left[what] < 0:
            raise BadFileError(f"the tables have more than {self._bounds[what]:,} {what}", SMALLER)
