"""A release that is written is read back, and is the same for the same tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError, UnknownNameError
from monazite.exchange.release import ReleasedTables, release
from monazite.rows.releases import read_release
from tests.keys import write_keys


@pytest.fixture
def tables(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of a cut, in a folder of their own."""
    for module in ("exchange.release", "triples.checks", "triples.released_tables"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    return Path(shutil.copytree(cut / "tables", tmp_path / "tables"))


def write(found: ReleasedTables, folder: Path) -> Path:
    for name, content in found.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_what_is_written_is_read_with_its_signer(tables: Path, tmp_path: Path) -> None:
    private, public = write_keys(tmp_path)
    found = release(tables, issued="2026-12-24", sign=private)
    assert found == release(tables, issued="2026-12-24", sign=private)
    assert found.headline().startswith("Release of 2026-12-24: ")
    read = read_release(write(found, tmp_path / "release"), key=public)
    assert (read.issued, read.news_read_to, read.schema) == ("2026-12-24", "2026-10-08", 1)
    assert (read.signer, read.expected) == (found.signer, True)
    assert dict(read.files) == {file.name: file.read_bytes() for file in tables.glob("*.csv")}
    assert [*found.files][-1] == "release.json"
    assert "LICENSE-CC-BY-4.0.txt" in found.files
    assert sum(found.counts.values()) > 100
    again = release(tmp_path / "release", issued="2026-12-24", sign=private)
    assert again.files == found.files


def test_tables_with_faults_are_not_released(tables: Path) -> None:
    with (tables / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("ann\n")
    with pytest.raises(FaultyTablesError, match=r"persons.csv:\d+: 1 field stands"):
        release(tables)


def test_a_day_that_is_none_and_tables_of_ones_own_are_refused(
    tables: Path, tmp_path: Path
) -> None:
    for day in ("soon", "2026-13-01", "2026-12"):
        with pytest.raises(UnknownNameError, match="write"):
            release(tables, issued=day)
    own = tmp_path / "own"
    own.mkdir()
    (own / "persons.csv").write_text("id,name,source\nann,Ann,monazite-compilation\n")
    with pytest.raises(UnknownNameError, match="a release holds all; contribute them first"):
        release(own)
