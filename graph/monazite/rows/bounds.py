"""How much of a reader's own data is read: what is more is refused in a sentence, at once.

The bounds are far above what anybody writes by hand, and low enough that what they let through
is read in minutes, in a few gigabytes.
"""

from __future__ import annotations

from monazite.errors import BadFileError

FILES = 1_000
"""Files of a folder."""
FILE_BYTES = 128 << 20
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
CELLS = 8_000_000
"""Cells of all tables together that are not blank: a row of yearly trade has fifteen."""
CELL_CHARACTERS = 1 << 20
"""Characters of a cell."""
SMALLER = "leave out what no question needs, or ask in parts"
"""What to do where there is too much."""


class Budget:
    """What all files of one reading may take together.

    >>> budget = Budget()
    >>> budget.take_row(7)
    >>> try:
    ...     budget.take_row(8_000_000)
    ... except BadFileError as error:
    ...     print(error.what)
    the tables have more than 8,000,000 cells
    """

    def __init__(self) -> None:
        self._rows, self._cells = ROWS, CELLS
        self._characters, self._bytes = CHARACTERS, EXPANDED_BYTES

    def take_row(self, cells: int, characters: int = 0) -> None:
        """Count a row."""
        self._rows -= 1
        self._cells -= cells
        self._characters -= characters
        if self._rows < 0:
            raise _too_much("rows", ROWS)
        if self._cells < 0:
            raise _too_much("cells", CELLS)
        if self._characters < 0:
            raise _too_much("characters", CHARACTERS)

    def take_bytes(self, count: int) -> None:
        """Count bytes that were unpacked."""
        self._bytes -= count
        if self._bytes < 0:
            raise _too_much("unpacked bytes", EXPANDED_BYTES)


def _too_much(what: str, bound: int) -> BadFileError:
    return BadFileError(f"the tables have more than {bound:,} {what}", SMALLER)
