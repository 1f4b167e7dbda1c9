"""Import a text or an example into a folder, and read the rows that come of it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from monazite.core.errors import FaultyTablesError
from monazite.data.importers.imported import Imported, import_file

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "imports"


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table, less blank cells."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(lines)]


def written(tmp_path: Path, name: str, text: str | bytes) -> Path:
    """A file of a source."""
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def example(kind: str, name: str, tmp_path: Path, *, again: bool = False) -> tuple[Imported, Path]:
    """What comes of an example, and the folder."""
    folder = tmp_path / "own"
    return import_file(kind, EXAMPLES / name, folder, again=again), folder


def taken(
    kind: str, tmp_path: Path, text: str, name: str = "x.csv", *, edition: str = ""
) -> tuple[Imported, Path]:
    """What comes of the text of a file, and the folder, which is a new one."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "own"
    return import_file(kind, written(tmp_path, name, text), folder, edition=edition), folder


def left(found: Imported) -> dict[str, int]:
    """How much was left out, by why."""
    return {why: count for count, why in found.left_out}


def faults(
    kind: str, file: Path, code: Sequence[str] = (), edition: str = ""
) -> list[tuple[int, str]]:
    """Line and text of each fault of a file; nothing is written then."""
    folder = file.parent / "nothing"
    with pytest.raises(FaultyTablesError) as refused:
        import_file(kind, file, folder, code=code, edition=edition)
    assert not folder.exists()
    assert all(fault.fix for fault in refused.value.faults)
    return [(fault.line, fault.what) for fault in refused.value.faults]
