"""Folders that are written whole or not at all: beside their place, then renamed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from monazite.errors import UnreadableError
from monazite.leftovers import Hold, remove, remove_leftovers
from monazite.safe_text import escaped

_PART = ".monazite-{}.part"
_OLD = "0"
"""Ends the number of a folder that is replaced, until it is removed; the number is of its name."""
_SHOWN = 5


def write_new_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files to a new or empty folder, all of them or none."""
    with _in_words(folder, "name another place."):
        place = _find(folder)
        with _beside(place, files) as beside:
            with contextlib.suppress(FileNotFoundError):
                place.rmdir()  # an empty one: nothing is lost
            beside.rename(place)


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files as a folder in the place of one that may be there, which stays until then."""
    with _in_words(folder, "name another place with -o DIR."):
        folder.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(folder)
        with _beside(folder, files) as beside:
            _put(beside, folder)


def restore_folder(folder: Path) -> None:
    """Put back what stood at a place, where a writer was killed while it replaced it."""
    if not os.path.lexists(folder):
        with contextlib.suppress(OSError, ValueError):
            _old_of(folder).rename(folder)


def check_new_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written as a new one, before any work is done for it."""
    with _in_words(folder, "name another place."):
        _find(folder)


def is_part(path: Path) -> bool:
    """Tell whether a path is an unfinished folder of ours, and nothing that is only named so.

    >>> is_part(Path(".monazite-notes.part"))
    False
    """
    ours = re.escape(_PART).replace(r"\{\}", f"[0-9a-f]{{16}}{_OLD}?")
    return re.fullmatch(ours, path.name) is not None and path.is_dir() and not path.is_symlink()


def _old_of(folder: Path) -> Path:
    """Where a folder lies while another takes its place."""
    number = hashlib.sha256(os.fsencode(folder.name)).hexdigest()[:16]
    return folder.with_name(_PART.format(f"{number}{_OLD}"))


@contextlib.contextmanager
def _in_words(folder: Path, fix: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UnreadableError(
            f"{escaped(str(folder))} cannot be written: {reason}; {fix}"
        ) from None


def _find(folder: Path) -> Path:
    """Return the folder without links, if it is new or empty and may be written."""
    if b"\0" in os.fsencode(folder):
        raise ValueError
    place = (folder.parent.resolve(strict=True) / folder.name).resolve()
    if place.exists():
        _check_empty(place, escaped(str(folder)))
    if not place.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(place.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return place


def _check_empty(folder: Path, shown: str) -> None:
    if not folder.is_dir():
        raise UnreadableError(f"{shown} is a file; name a new folder.")
    there = sorted(each.name for each in folder.iterdir())
    if there:
        more = f" and {len(there) - _SHOWN:,} more" if len(there) > _SHOWN else ""
        raise UnreadableError(
            f"{shown} holds {', '.join(map(escaped, there[:_SHOWN]))}{more}, which stay as they "
            "are; name a new folder."
        )


@contextlib.contextmanager
def _beside(place: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a folder with the files beside a place, gone afterwards if it was not renamed."""
    parent = place.parent
    old = _old_of(place)
    # What was replaced elsewhere may be all that is left of it.
    remove_leftovers(
        each
        for each in parent.glob(_PART.format("*"))
        if is_part(each) and (each == old or len(each.name) == len(_PART.format("0" * 16)))
    )
    beside = parent / _PART.format(os.urandom(8).hex())
    hold = None
    try:
        beside.mkdir()
        hold = Hold(beside)
        for name, content in files.items():
            with (beside / name).open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        yield beside
    finally:
        if hold is not None:
            hold.release()
        remove(beside)


def _put(beside: Path, folder: Path) -> None:
    """Rename a folder to its place; what stood there goes, once the new one is there."""
    if not folder.exists():
        beside.rename(folder)
        return
    old = _old_of(folder)
    folder.rename(old)
    try:
        beside.rename(folder)
    except OSError:
        with contextlib.suppress(OSError):
            old.rename(folder)
        raise
    remove(old)
