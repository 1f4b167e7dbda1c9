"""Folders are written whole or not at all, and a lock tells what a killed writer left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monazite.core.errors import UnreadableError
from monazite.core.files import (
    check_new_folder,
    is_part,
    replace_folder,
    restore_folder,
    write_new_folder,
)
from monazite.core.locks import ABANDONED, Lock, remove, remove_leftovers

UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such links and locks.")
FILES = {"trade.csv": b"row\n", "sources.csv": b"id\n"}


def test_a_folder_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, empty = tmp_path / "new", tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "link").symlink_to(empty)
    for folder in (new, tmp_path / "link"):
        check_new_folder(folder)
        write_new_folder(folder, FILES)
        assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    assert empty.is_dir()
    for folder in (new, empty):
        with pytest.raises(UnreadableError, match=r"holds sources.csv, trade.csv, which stay"):
            check_new_folder(folder)
        with pytest.raises(UnreadableError, match=r"holds sources.csv, trade.csv, which stay"):
            write_new_folder(folder, FILES)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(UnreadableError, match="third cannot be written: No space left"):
        write_new_folder(tmp_path / "third", FILES)
    monkeypatch.undo()
    left = tmp_path / f".monazite-{'0' * 16}.part"
    left.mkdir()
    (left / "trade.csv").write_bytes(b"half")
    mine = tmp_path / ".monazite-notes.part"
    mine.mkdir()
    write_new_folder(tmp_path / "third", FILES)
    there = [".monazite-notes.part", "empty", "link", "new", "third"]
    assert sorted(each.name for each in tmp_path.iterdir()) == there


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("file", "file is a file; name a new folder."),
        ("file/x", "Not a directory"),
        ("nowhere/x", "No such file or directory"),
        ("a\0b", "no folder can have this name"),
    ],
)
def test_a_place_that_is_none_is_said(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine", encoding="utf-8")
    for refuse in (check_new_folder, lambda place: write_new_folder(place, FILES)):
        with pytest.raises(UnreadableError, match=said):
            refuse(Path(name))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_folder_is_replaced_whole_or_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "own"
    replace_folder(folder, {"old.csv": b"1"})
    replace_folder(folder, FILES)
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if target == folder and (self / "new.csv").exists():
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UnreadableError, match="own cannot be written: No space left on device"):
        replace_folder(folder, {"new.csv": b"2"})
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    assert [each.name for each in folder.parent.iterdir()] == ["own"]


class Killed(BaseException):
    """Ends a writer between any two of its steps."""


def test_what_was_there_comes_back_where_a_writer_was_killed_in_the_middle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    replace_folder(folder, FILES)
    rename = Path.rename

    def dies(self: Path, target: Path) -> Path:
        if target == folder:
            raise Killed
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dies)
        with pytest.raises(Killed):
            replace_folder(folder, {"new.csv": b"2"})
    assert not folder.exists()
    replace_folder(tmp_path / "other", FILES)  # takes nothing of another folder for a leftover
    write_new_folder(tmp_path / "another", FILES)
    restore_folder(folder)
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["another", "other", "own"]
    restore_folder(tmp_path / "none")


def test_what_was_replaced_goes_where_a_writer_was_killed_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    replace_folder(folder, FILES)
    with monkeypatch.context() as patched:
        patched.setattr("monazite.core.files.remove", lambda _: None)
        replace_folder(folder, {"new.csv": b"2"})
    assert len([*tmp_path.iterdir()]) == 2
    replace_folder(folder, FILES)
    assert [each.name for each in tmp_path.iterdir()] == ["own"]
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)


@UNIX
def test_only_unfinished_folders_of_ours_are_parts(tmp_path: Path) -> None:
    name = f".monazite-{'a' * 16}.part"
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert not is_part(tmp_path / name)
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to(tmp_path)
    assert not is_part(tmp_path / name)
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert is_part(tmp_path / name)


# Leftovers

HOLDING = """
import sys, time
from pathlib import Path
from monazite.core.locks import Lock
holds = [Lock(Path(word)) for word in sys.argv[1:]]
print("held", flush=True)
time.sleep(60)
"""


def make(folder: Path) -> list[Path]:
    (folder / "building").mkdir()
    (folder / "building" / "rows").touch()
    (folder / "part").touch()
    return [folder / "building", folder / "part"]


@UNIX
def test_what_a_living_process_holds_stays_and_what_a_dead_one_held_goes(tmp_path: Path) -> None:
    paths = make(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, *map(str, paths)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        remove_leftovers(paths)
        assert all(path.exists() for path in paths)
        process.send_signal(signal.SIGKILL)
    remove_leftovers(paths)
    assert list(tmp_path.iterdir()) == []


@UNIX
def test_what_was_taken_for_a_leftover_before_it_was_locked_is_lost(tmp_path: Path) -> None:
    building, part = make(tmp_path)
    first = Lock(building)
    assert not first.lost
    assert Lock(building).lost
    first.release()
    remove(part)
    assert Lock(part).lost


@UNIX
def test_without_locks_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_locks(*_: object) -> None:
        raise OSError("some network drives have no such locks")

    monkeypatch.setattr("fcntl.flock", without_locks)
    paths = make(tmp_path)
    hold = Lock(paths[0])
    assert not hold.lost
    remove_leftovers(paths)
    assert all(path.exists() for path in paths)
    for path in paths:
        os.utime(path, (time.time() - 2 * ABANDONED,) * 2)
    remove_leftovers([*paths, tmp_path / "nothing"])
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_removed_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    building, _ = make(tmp_path)
    (tmp_path / "link").symlink_to(building)
    remove(tmp_path / "link")
    assert (building / "rows").exists()
    assert not (tmp_path / "link").is_symlink()
