"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from monazite.errors import UnknownNameError, UnreadableError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it; what stood there stays until then.

    Raises:
        UnreadableError: the file cannot be written.
    """
    check_place(path)
    beside = path.with_name(f".{path.name[:100]}.{token_hex(4)}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        _remove(beside)
        raise UnreadableError(
            f"{path} cannot be written: {error.strerror}; name another place."
        ) from None
    except BaseException:
        _remove(beside)
        raise


def check_place(path: Path) -> None:
    """Refuse a place where no file can stand, before any work is done for it.

    Raises:
        UnreadableError: it is a folder, or its folder is not there or not to be written to.
    """
    if not path.name or path.is_dir():
        raise UnreadableError(f"{path} cannot be written: it is a folder; name a file in it.")
    try:
        (path.parent / "..").stat()  # fails too where the parent is a file
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be written: {error.strerror}; name another place."
        ) from None


def _remove(file: Path) -> None:
    with contextlib.suppress(OSError):  # the first failure is the one to tell
        file.unlink()


def check_ending(file: Path | str, endings: Sequence[str], what: str) -> None:
    """Refuse a file whose ending names no form in which something is written.

    Args:
        file: to be written.
        endings: known ones, with their dot.
        what: is written, as a noun.

    Raises:
        UnknownNameError: it ends in something else; the sentence says in what it may end.

    >>> check_ending("dy.PNG", (".svg", ".png"), "figure")
    """
    place = Path(file)
    if place.suffix.lower() not in endings:
        known = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise UnknownNameError(
            f'A {what} is {known}, not "{place.name}"; name the file accordingly.'
        )
