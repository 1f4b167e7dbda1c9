"""Own tables are held as they are, under their name, and are gone at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.serve.held_files import held_files

TEXT = "row,facility,event,date,source\nmine-1,bukit-merah,closed,1993-05-01,wise-406\n"


def test_who_has_no_tables_holds_none() -> None:
    with held_files(None) as held:
        assert held is None


def test_a_folder_is_held_as_it_was(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    table = mine / "facility_events.csv"
    table.write_text(TEXT)
    (mine / "remarks.txt").write_text("not read")
    with held_files(mine) as held:
        assert held is not None
        table.unlink()
        assert held.name == "mine"
        assert (held / table.name).read_text() == TEXT
        assert sorted(each.name for each in held.iterdir()) == [
            "facility_events.csv",
            "remarks.txt",
        ]
    assert not held.exists()


def test_a_file_is_held_under_its_name(tmp_path: Path) -> None:
    table = tmp_path / "facility_events.csv"
    table.write_text(TEXT)
    with held_files(table) as held:
        assert held is not None
        table.unlink()
        assert (held.name, held.read_text()) == (table.name, TEXT)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"), held_files(tmp_path / "none"):
        pytest.fail("nothing is held")
