"""Which types of Parquet a column of records may not have, said before any record is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from monazite.columnar.record_file import ColumnFile
from monazite.errors import UnreadableError
from monazite.safe_text import escaped, in_brief

_BINARY = ("FLOAT", "DOUBLE")
_NANOSECONDS = "TIMESTAMP_NS"


def check_types(
    files: Iterable[ColumnFile], columns: Mapping[Path, Mapping[str, str]], engine: str
) -> None:
    """Refuse columns that an engine cannot read, or that engines would read differently."""
    for file in files:
        headers = columns[file.path]
        code, date = (file.type_of(headers[name]) for name in ("code", "date"))
        if code in _BINARY:
            raise UnreadableError(
                f"{_column(file, headers['code'])} holds codes as {code}, which keeps neither "
                "leading zeros nor all digits; write codes as text."
            )
        if engine == "spark" and date == _NANOSECONDS:
            raise UnreadableError(
                f"{_column(file, headers['date'])} holds moments in nanoseconds, which Spark does "
                "not read; write microseconds or days, or take --engine duckdb."
            )


def _column(file: ColumnFile, header: str) -> str:
    return f'{escaped(str(file.path))}: the column "{in_brief(header, 80)}"'
