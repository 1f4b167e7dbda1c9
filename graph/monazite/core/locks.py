"""What is being written, and what a killed writer left behind: a lock tells them apart.

The system takes the lock from a process that ends, however it ends. Where there are no such locks
(Windows, some network drives), age decides.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ABANDONED = 24 * 3600  # seconds after which what cannot be locked belongs to nobody


class Lock:
    """The lock on an unfinished file or folder, until it is released or the process ends."""

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = None
        self.lost = False
        try:
            self._descriptor = os.open(path, os.O_RDONLY)
            _lock(self._descriptor)
            self.lost = not os.path.samestat(os.fstat(self._descriptor), path.lstat())
        except (BlockingIOError, FileNotFoundError):
            self.lost = True
        except OSError:  # no such locks here: age decides
            self.release()  # Windows renames nothing that is open

    def release(self) -> None:
        """Give the path free."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_leftovers(paths: Iterable[Path]) -> None:
    """Remove unfinished files and folders whose writers are dead."""
    for path in paths:
        descriptor = None
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            _lock(descriptor)
        except BlockingIOError:
            pass  # its writer lives
        except OSError:
            if _age(path) > ABANDONED:
                remove(path)
        else:
            remove(path)
        finally:
            if descriptor is not None:
                os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _lock(descriptor: int) -> None:
    """Lock what is open, if nobody has."""
    if sys.platform == "win32":
        raise OSError
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0
