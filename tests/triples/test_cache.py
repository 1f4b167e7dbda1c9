"""The cache: a folder is finished or not there, and the last used are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.triples.cache import READY, is_whole, keep, mark_used, table_files


def fill(beside: Path) -> None:
    (beside / "a.sst").write_text("rows", encoding="ascii")


def test_a_folder_is_whole_once_it_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "store-a"
    assert not is_whole(folder)
    keep(folder, fill)
    assert is_whole(folder)
    (folder / "LOG").write_text("a reader was here", encoding="ascii")
    assert is_whole(folder)
    (folder / "a.sst").write_text("row", encoding="ascii")
    assert not is_whole(folder)


def test_what_fails_while_it_is_filled_leaves_nothing(tmp_path: Path) -> None:
    def full(beside: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(UnreadableError, match="No space left on device"):
        keep(tmp_path / "store-a", full)
    assert list(tmp_path.iterdir()) == []


def test_the_last_used_of_each_kind_are_kept(tmp_path: Path) -> None:
    for place, name in enumerate(("store-a", "store-b", "view-a", "store-c")):
        keep(tmp_path / name, fill)
        os.utime(tmp_path / name, (place, place))
    mark_used(tmp_path / "store-a")
    keep(tmp_path / "store-d", fill)
    assert {path.name for path in tmp_path.iterdir()} == {"store-a", "store-c", "store-d", "view-a"}
    assert (tmp_path / "store-a" / READY).exists()


def test_tables_of_ones_own_come_last(tmp_path: Path) -> None:
    tables, own = tmp_path / "tables", tmp_path / "own"
    for folder, name in ((tables, "b.csv"), (tables, "a.csv"), (own, "c.xlsx"), (own, "note.md")):
        folder.mkdir(exist_ok=True)
        (folder / name).touch()
    assert [file.name for file in table_files(tmp_path)] == ["a.csv", "b.csv"]
    assert [file.name for file in table_files(tmp_path, own)] == ["a.csv", "b.csv", "c.xlsx"]
    assert table_files(tmp_path, own / "c.xlsx")[-1] == own / "c.xlsx"
