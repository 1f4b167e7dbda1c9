"""Parquet: a folder with one file for each table, and the view in ``view.parquet``."""

from __future__ import annotations

from monazite.columnar.duckdb_engine import duckdb_engine
from monazite.exchange.databases.typed_tables import typed_tables
from monazite.exchange.selection import Progress, Selection
from monazite.progress import do_nothing


def write_parquet(selection: Selection, progress: Progress = do_nothing) -> dict[str, bytes]:
    """Return the files of the folder by name; each table has one, be it empty.

    The same rows give the same bytes with one version of DuckDB, whose name each file holds.
    """
    files = {}
    with duckdb_engine() as engine:
        tables = [*typed_tables(selection)]
        for done, table in enumerate(tables):
            progress(done / len(tables))
            files[f"{table.name}.parquet"] = engine.to_parquet(table.columns, table.rows)
    return files
