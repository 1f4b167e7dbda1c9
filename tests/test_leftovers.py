"""A lock tells what is being written from what a killed writer left; age, where there is none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monazite import leftovers
from monazite.leftovers import ABANDONED, Hold, remove, remove_leftovers

UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows locks no folders.")
HOLDING = """
import sys, time
from pathlib import Path
from monazite.leftovers import Hold
holds = [Hold(Path(word)) for word in sys.argv[1:]]
print("held", flush=True)
time.sleep(60)
"""


def make(folder: Path) -> list[Path]:
    """A file and a folder with a file, both half-written."""
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
    first = Hold(building)
    assert not first.lost
    assert Hold(building).lost
    first.release()
    remove(part)
    assert Hold(part).lost


def without_locks(_: int) -> None:
    raise OSError("Windows has no such locks")


def test_without_locks_age_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_lock", without_locks)
    paths = make(tmp_path)
    hold = Hold(paths[0])
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
