"""What a file of columns is, whichever engine reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CSV, PARQUET = "csv", "parquet"


@dataclass(frozen=True)
class ColumnFile:
    """A file of columns, and what its header says.

    Attributes:
        path: of the file, without links.
        kind: csv or parquet.
        columns: its columns, in their order.
        separator: of two fields, where it is CSV.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    separator: str = ","

    @property
    def form(self) -> tuple[str, tuple[str, ...], str]:
        """What files that are read together have in common."""
        return self.kind, self.columns, self.separator
