"""DuckDB, the embedded engine: it reads, groups and writes columns, and fetches nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from monazite.columnar.record_file import CSV, ColumnFile
from monazite.errors import NotInstalledError, UnreadableError
from monazite.safe_text import in_brief

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

MEMORY = "1GB"
"""What the engine holds at once; what is more it lays on the disk."""
_AT_ONCE = 10_000
_LONGEST = 300


_TYPES = {"integer": "BIGINT", "text": "VARCHAR"}
_DECIMAL = "DECIMAL(36, 18)"
"""Digits that a number of the tables may have before and after its point."""


class DuckDbEngine:
    """An engine in this process, without a database of its own."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection

    def columns_of(self, file: Path) -> tuple[str, ...]:
        """Return the columns of a Parquet file.

        Raises:
            UnreadableError: it is no Parquet.
        """
        with _in_words(file):
            return tuple(self._connection.read_parquet(str(file)).columns)

    def frame(self, files: Sequence[ColumnFile]) -> DuckDBPyRelation:
        """Return files that have one form as one frame; texts of a CSV stay texts."""
        paths = [str(file.path) for file in files]
        kind, columns, separator = files[0].form
        with _in_words():
            if kind != CSV:
                return self._connection.read_parquet(paths)
            return self._connection.read_csv(
                paths,
                header=True,
                auto_detect=False,
                sep=separator,
                quotechar='"',
                escapechar='"',
                columns=dict.fromkeys(columns, "VARCHAR"),
            )

    def rows(self, frame: DuckDBPyRelation) -> Iterator[Sequence[Any]]:
        """Yield the rows of a frame, which is worked out meanwhile.

        Raises:
            UnreadableError: what it rests on cannot be read.
        """
        with _in_words():
            cursor = self._connection.cursor().execute(frame.sql_query())
            while found := cursor.fetchmany(_AT_ONCE):
                yield from found

    def to_parquet(self, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> bytes:
        """Return rows as a Parquet file, in their order.

        Args:
            columns: the kind of each by name: integer, decimal or text.
            rows: their values.
        """
        with TemporaryDirectory(prefix="monazite-columns-") as folder, _in_words():
            written, file = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
            with written.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, quoting=csv.QUOTE_MINIMAL).writerows(rows)
            types = {name: _TYPES.get(kind, _DECIMAL) for name, kind in columns.items()}
            found = self._connection.read_csv(
                str(written),
                header=False,
                auto_detect=False,
                sep=",",
                quotechar='"',
                escapechar='"',
                columns=types,
                parallel=False,
            )
            found.to_parquet(str(file), compression="zstd")
            return file.read_bytes()


@contextmanager
def duckdb_engine() -> Iterator[DuckDbEngine]:
    """Open the engine; what it lays on the disk is gone afterwards.

    Raises:
        NotInstalledError: the extra is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise NotInstalledError(
            "Columns are read with the package duckdb: pip install 'monazite[trade]'."
        ) from None
    with TemporaryDirectory(prefix="monazite-columns-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET enable_progress_bar = false")  # on stdout, where data goes
            yield DuckDbEngine(connection)


@contextmanager
def _in_words(file: Path | None = None) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        named = f"{file} cannot be read as Parquet" if file else "The records cannot be read"
        raise UnreadableError(in_brief(f"{named}: {told}", _LONGEST)) from None
