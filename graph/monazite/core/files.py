"""Files that are written whole or not at all, and read only where they are plain files."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.core.formats import escaped, first_rows
from monazite.core.locks import Lock, remove, remove_leftovers
from monazite.core.results import Struct

_OLD = "0"  # ends the number of a folder that is replaced, until it is removed


def write_new_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files to a new or empty folder, all of them or none."""
    with _in_words(folder, "name another place."):
        place = _find_marks(folder)
        with _part_folder(place, files) as beside:
            with contextlib.suppress(FileNotFoundError):
                place.rmdir()  # an empty one: nothing is lost
            beside.rename(place)


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files as a folder in the place of one that may be there, which stays until then."""
    with _in_words(folder, "name another place with -o DIR."):
        folder.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(folder)
        with _part_folder(folder, files) as beside:
            _put(beside, folder)


def restore_folder(folder: Path) -> None:
    """Put back what stood at a place, where a writer was killed while it replaced it."""
    if not os.path.lexists(folder):
        with contextlib.suppress(OSError, ValueError):
            _old_of(folder).rename(folder)


def check_new_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written as a new one, before any work is done for it."""
    with _in_words(folder, "name another place."):
        _find_marks(folder)


def is_part(path: Path) -> bool:
    """Tell whether a path is an unfinished folder of ours, and nothing that is only named so."""
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
        said = f"{escaped(str(folder))} cannot be written: {reason}; {fix}"
        raise UnreadableError(said) from None


def _find_marks(folder: Path) -> Path:
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
    if there := sorted(each.name for each in folder.iterdir()):
        names = first_rows([escaped(name) for name in there])
        raise UnreadableError(f"{shown} holds {names}, which stay as they are; name a new folder.")


@contextlib.contextmanager
def _part_folder(place: Path, files: Mapping[str, bytes]) -> Iterator[Path]:
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
        hold = Lock(beside)
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


_PART = ".monazite-{}.part"
_MOST_LINKS = 40  # links to links that Linux follows as well

_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket",
          stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}  # fmt: skip


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it; what stood there stays until then.

    A link stays a link; a file that is replaced keeps its permissions and, where it can, its owner;
    what is no regular file (a pipe, ``/dev/stdout``) is written to, never replaced.
    """
    with _writable(path):
        place = _find(path)
        if place.is_replaced:
            _replace(place, content)
            return
        descriptor = _open(place) if place.descriptor is None else os.dup(place.descriptor)
        with open(descriptor, "wb") as out:  # noqa: PTH123 - what is open has no path
            out.write(content)


def check_place(path: Path) -> None:
    """Refuse a place where no file can stand, before any work is done for it."""
    with _writable(path):
        _find(path)


class _Place(Struct):
    """Where content goes: the path behind all links, and what stands there or is open there."""

    path: Path
    found: os.stat_result | None = None
    descriptor: int | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether a regular file is there, or nothing yet."""
        if self.descriptor is not None:
            return False
        return self.found is None or stat.S_ISREG(self.found.st_mode)


def _find(path: Path) -> _Place:
    """Find where content goes, behind all links."""
    if b"\0" in os.fsencode(path):
        raise ValueError
    if path.name in {"", ".."}:
        raise IsADirectoryError
    for _ in range(_MOST_LINKS):
        folder = Path(os.path.realpath(path.parent, strict=True))
        path = folder / path.name
        if _is_open_file(path):
            os.fstat(int(path.name))
            return _Place(path, descriptor=int(path.name))
        if not path.is_symlink():
            return _check(path)
        path = folder / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_open_file(path: Path) -> bool:
    """Tell whether a path names a file that this process has open, as ``/dev/stdout`` does."""
    ours = rf"(?:/dev|/proc/{os.getpid()}(?:/task/[0-9]+)?)/fd/[0-9]{{1,9}}"
    return re.fullmatch(ours, path.as_posix()) is not None


def _check(path: Path) -> _Place:
    place = _Place(path, path.stat() if path.exists() else None)
    mode = place.found.st_mode if place.found is not None else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise IsADirectoryError
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise OSError(errno.EPERM, "it is a disk or a socket")
    if place.is_replaced and not path.parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    asked = [path] if place.found is not None else []
    asked += [path.parent] if place.is_replaced else []
    if not all(os.access(each, os.W_OK) for each in asked):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return place


def _replace(place: _Place, content: bytes) -> None:
    folder = place.path.parent
    remove_leftovers(each for each in folder.glob(_PART.format("*")) if _is_part(each))
    beside = folder / _PART.format(os.urandom(8).hex())
    hold = None
    try:
        with beside.open("xb") as out:
            hold = Lock(beside)
            if place.found is not None:
                _keep_owner(out.fileno(), beside, place.found)
            out.write(content)
        beside.replace(place.path)
    except BaseException:
        remove(beside)
        raise
    finally:
        if hold is not None:
            hold.release()


def _is_part(path: Path) -> bool:
    """Tell whether a path is a file of ours, and nothing that is only named so."""
    ours = re.fullmatch(re.escape(_PART).replace(r"\{\}", "[0-9a-f]{16}"), path.name)
    return ours is not None and stat.S_ISREG(path.lstat().st_mode)


def _keep_owner(descriptor: int, beside: Path, found: os.stat_result) -> None:
    """Give the new file the owner and the permissions of the old one."""
    mode = stat.S_IMODE(found.st_mode)
    try:
        if hasattr(os, "fchown"):
            os.fchown(descriptor, found.st_uid, found.st_gid)
    except OSError:  # only root gives files away; a bit that lends an owner's rights goes too
        mode &= 0o777
    with contextlib.suppress(OSError):  # some drives know no permissions
        beside.chmod(mode)


def _open(place: _Place) -> int:
    """Open a device or a pipe; do not wait for a reader, who may never come."""
    flags = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    if place.found is None or not stat.S_ISFIFO(place.found.st_mode):
        return os.open(place.path, flags)
    try:
        descriptor = os.open(place.path, flags | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise UnreadableError(
            f"{place.path} cannot be written: nobody reads from it; start its reader first."
        ) from None
    os.set_blocking(descriptor, True)
    return descriptor


@contextlib.contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except IsADirectoryError:
        said = f"{path} cannot be written: it is a folder; name a file in it."
        raise UnreadableError(said) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have such a name"
        name = str(path) if isinstance(error, OSError) else ascii(str(path))
        raise UnreadableError(f"{name} cannot be written: {why}; name another place.") from None


def check_ending(file: Path | str, endings: Sequence[str], what: str) -> None:
    """Refuse a file whose ending names no form in which something is written."""
    place = Path(file)
    if place.suffix.lower() not in endings:
        known = f"{', '.join(endings[:-1])} or {endings[-1]}"
        noun = f"{'An' if what[:1] in tuple('aeiou') else 'A'} {what}"
        raise UnknownNameError(f'{noun} is {known}, not "{place.name}"; name the file accordingly.')


def kind_of(mode: int) -> str:
    """Name what stands where a plain file should."""
    return _KINDS.get(stat.S_IFMT(mode), "no file")


def read_plain(file: Path, most: int) -> bytes:
    """Return what is in a plain file; never wait for a pipe, nor read a device without end."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(file, flags)  # a pipe is not waited for
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, f"it is {kind_of(found.st_mode)} and no file", str(file))
        return _read_up_to(descriptor, found.st_size, most)
    finally:
        os.close(descriptor)


def _read_up_to(descriptor: int, size: int, most: int) -> bytes:
    """What is in a file of a size; of one that grows meanwhile, no more than shows it too big."""
    content = b""
    while len(content) <= most:
        left = size - len(content)
        asked = left + 1 if left > 0 else 1 << 20  # one more than there is: less is the end
        found = os.read(descriptor, min(asked, most + 1 - len(content)))
        content += found
        if not found or len(content) == size:
            break
    return content


@contextlib.contextmanager
def readable(file: Path) -> Iterator[None]:
    """Say in a sentence why a file cannot be read."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableError(f"{escaped(str(file))} cannot be read: {reason}.") from None


def read_bounded(file: Path, most: int, too_big: str) -> bytes:
    """Return what is in a plain file, or say why it is not read."""
    with readable(file):
        content = read_plain(file, most)
    if len(content) > most:
        raise UnreadableError(f"{escaped(str(file))} {too_big}")
    return content
