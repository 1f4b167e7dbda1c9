"""Files: written whole or not at all, and a place where none can stand is refused first."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.files import check_place, write_whole


def test_what_stood_there_stays_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.html"
    write_whole(file, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnreadableError, match=r"page.html cannot be written: No space left"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_reader_who_interrupts_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "page.html", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_place_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    check_place(tmp_path / "new.html")
    for place, said in (
        (tmp_path, "it is a folder"),
        (tmp_path / "none" / "a.html", "No such file or directory"),
        (tmp_path / "file" / "a.html", "Not a directory"),
    ):
        with pytest.raises(UnreadableError, match=said):
            check_place(place)
