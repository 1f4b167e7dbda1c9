"""The engine that reads records: DuckDB, in this process."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from monazite.core.errors import NotInstalledError, UnreadableError
from monazite.core.formats import escaped, grouped, in_brief
from monazite.data.customs.record_files import CSV, ColumnFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

MEMORY = "1GB"  # what the engine holds at once; what is more it lays on the disk
_LONGEST = 300
_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_TYPES = {"integer": "BIGINT", "text": "VARCHAR"}
_DECIMAL = "DECIMAL(36, 18)"  # all digits that a number of the tables may have
_QUOTES: Any = {"auto_detect": False, "quotechar": '"', "escapechar": '"'}


class DuckDbEngine:
    """An engine in this process, without a database of its own."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection

    def columns_of(self, file: Path) -> Iterator[tuple[str, str]]:
        """Yield names and types of columns as the file has them: a frame renames one of kg, KG."""
        with _duckdb_errors(file):
            _, *nodes = self._connection.execute(
                "SELECT name, num_children, duckdb_type FROM parquet_schema(?)", [str(file)]
            ).fetchall()
        inside = 0  # of nodes, which stand depth first
        for name, children, kind in nodes:
            if not inside:
                yield name, kind
            inside += (children or 0) - (1 if inside else 0)

    def frame(self, files: Sequence[ColumnFile]) -> DuckDBPyRelation:
        """Return files that have one form as one frame; texts of a CSV stay texts."""
        paths, first = [str(file.path) for file in files], files[0]
        with _duckdb_errors():
            if first.kind == CSV:
                types = dict.fromkeys(first.columns, "VARCHAR")
                return self._connection.read_csv(
                    paths, header=True, sep=first.separator, columns=types, **_QUOTES
                )
            frame = self._connection.read_parquet(paths)
            # columns that hold nothing at all have no type: blank texts
            blank = [x.replace('"', '""') for x in first.columns if first.type_of(x) == '"NULL"']
            casts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in blank)
            return frame.project(f"* REPLACE ({casts})") if blank else frame

    def rows(self, frame: DuckDBPyRelation, file: Path | None = None) -> Iterator[Sequence[Any]]:
        """Yield the rows of a frame, which is worked out meanwhile."""
        with _duckdb_errors(file):
            cursor = self._connection.cursor().execute(frame.sql_query())
            while found := cursor.fetchmany(10_000):
                yield from found

    def to_parquet(self, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> bytes:
        """Return rows as a Parquet file, in their order."""
        with TemporaryDirectory(prefix="monazite-columns-") as folder, _duckdb_errors():
            written, file = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
            with written.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, quoting=csv.QUOTE_MINIMAL).writerows(rows)
            types = {name: _TYPES.get(kind, _DECIMAL) for name, kind in columns.items()}
            found = self._connection.read_csv(
                str(written), header=False, sep=",", columns=types, parallel=False, **_QUOTES
            )
            found.to_parquet(str(file), compression="zstd")
            return file.read_bytes()


@contextmanager
def duckdb_engine() -> Iterator[DuckDbEngine]:
    """Open the engine; what it lays on the disk is gone afterwards."""
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
            connection.execute("SET GLOBAL TimeZone = 'UTC'")  # else a year is the machine's
            yield DuckDbEngine(connection)


@contextmanager
def _duckdb_errors(file: Path | None = None) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        if file is None or isinstance(error, duckdb.OperationalError):  # memory, or the disk
            named = f"{escaped(str(file))}" if file else "The records"
            raise UnreadableError(in_brief(f"{named} cannot be read: {told}", _LONGEST)) from None
        line = _LINE.search(told)
        if line:
            fault = (
                f"line {grouped(int(line[1]))} is no UTF-8, or has other fields than the header, "
                "or a quote that does not close; mend it."
            )
        elif "CSV" in told:
            fault = "its lines end in more than one way, or a quote does not close; save it anew."
        else:
            fault = "it is damaged, or no Parquet; get it again."
        raise UnreadableError(f"{escaped(str(file))} cannot be read: {fault}") from None
