"""What a file of columns is, whichever engine reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CSV, PARQUET = "csv", "parquet"


@dataclass(frozen=True)
class ColumnFile:
    """A file of columns, and what its header says.

    Attributes:
        types: of the columns, in their order, where the file tells them.
    """

    path: Path
    kind: str
    columns: tuple[str, ...]
    separator: str = ","
    types: tuple[str, ...] = ()

    @property
    def form(self) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
        """What files that are read together have in common.

        Types too: an engine reads all files of a frame by the types of one of them.
        """
        return self.kind, self.columns, self.separator, self.types

    def type_of(self, column: str) -> str:
        """The type of a column, as DuckDB names it; empty where the file tells none."""
        return dict(zip(self.columns, self.types, strict=True))[column] if self.types else ""
