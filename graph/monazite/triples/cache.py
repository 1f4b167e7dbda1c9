"""The folder that keeps the stores: named by content, written beside and renamed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from monazite.errors import BadFileError, UnreadableError
from monazite.rows.own_files import find_own_files, read_file

READY = "complete"
_KEPT = {"store": 3, "view": 8}
_ABANDONED = 24 * 3600
"""Seconds after which a folder that is still being written belongs to nobody."""


def cache_folder() -> Path:
    """Return the folder that keeps the stores; ``MONAZITE_CACHE`` names another."""
    chosen = os.environ.get("MONAZITE_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("monazite")


def content_hash(ontology: Path, data: Path | None = None) -> str:
    """Return the hash of all that a store is built from: tables, shapes, schemes, this code.

    Raises:
        UnreadableError: a file cannot be read.
        FaultyTablesError: a file of ``data`` is no plain file, or there is too much of it.
    """
    import pyoxigraph  # noqa: TID251 - the format on disk is the engine's

    digest = hashlib.sha256(f"pyoxigraph {pyoxigraph.__version__}".encode())
    package = Path(__file__).resolve().parents[1]
    code = [
        *package.glob("rows/*.py"),
        *(package / "triples" / name for name in ("quads.py", "chunks.py")),
    ]
    files = [*sorted(code), ontology / "monazite.ttl"]
    for part in ("shapes", "schemes"):
        files += sorted((ontology / part).glob("*.ttl"))
    return _digest(digest.hexdigest(), [*files, *table_files(ontology, data)])


def tables_hash(ontology: Path, data: Path | None = None) -> str:
    """Return a short hash of the tables alone, by which a reader tells two editions apart."""
    return _digest("", table_files(ontology, data))[:12]


def table_files(ontology: Path, data: Path | None = None) -> list[Path]:
    """Return the files of the tables, the reader's own last.

    Raises:
        UnreadableError: the reader's own are not there, or no tables.
        FaultyTablesError: one of them is no plain file, or there is too much of them.
    """
    files = sorted((ontology / "tables").glob("*.csv"))
    return [*files, *find_own_files(data).tables] if data is not None else files


def _digest(begin: str, files: list[Path]) -> str:
    try:
        found = [(file, file.stat()) for file in files]
        return _digest_of(
            begin, tuple((file, stat.st_size, stat.st_mtime_ns) for file, stat in found)
        )
    except OSError as error:
        raise UnreadableError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except BadFileError as error:
        raise UnreadableError(f"The tables cannot be read: {error}.") from None


@lru_cache(maxsize=8)
def _digest_of(begin: str, files: tuple[tuple[Path, int, int], ...]) -> str:
    """Hash some files; a command asks several times of files that stay as they are."""
    digest = hashlib.sha256(begin.encode())
    for file, *_ in files:
        content = read_file(file)
        digest.update(os.fsencode(file.name) + f" {len(content)} ".encode() + content)
    return digest.hexdigest()[:32]


def is_whole(folder: Path) -> bool:
    """Tell whether a folder was finished, and has every file it had then."""
    try:
        return (folder / READY).read_text(encoding="ascii") == _sizes(folder)
    except (OSError, ValueError):
        return False


def mark_used(folder: Path) -> None:
    """Say that a folder was used now: what was not used for longest is forgotten first."""
    with suppress(OSError):  # a cache that cannot be written is read all the same
        os.utime(folder)


def _sizes(folder: Path) -> str:
    """The files of a store with their sizes, but for the logs, which a reader may add to."""
    lines = [
        f"{file.name} {file.stat().st_size}\n"
        for file in folder.iterdir()
        if file.name != READY and not file.name.startswith("LOG")
    ]
    return "".join(sorted(lines))


def keep(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder beside its place and rename it; whoever renames first wins.

    Raises:
        UnreadableError: the cache cannot be written, or is full; nothing is left behind.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix="building-", dir=folder.parent))
    except OSError as error:
        raise UnreadableError(
            f"The cache folder {folder.parent} cannot be written ({error.strerror}); "
            "name another in MONAZITE_CACHE, or use --no-cache."
        ) from None
    try:
        fill(beside)
        (beside / READY).write_text(_sizes(beside), encoding="ascii")
        _swap(beside, folder)
    except (OSError, RuntimeError) as error:
        raise UnreadableError(
            f"The store cannot be written to {folder.parent} ({error}); "
            "make room, name another folder in MONAZITE_CACHE, or use --no-cache."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _forget_old(folder)


def _swap(beside: Path, folder: Path) -> None:
    for _ in range(3):
        try:
            beside.rename(folder)
        except OSError:
            if is_whole(folder):
                return
            damaged = Path(tempfile.mkdtemp(prefix="damaged-", dir=folder.parent))
            try:
                folder.replace(damaged)
            finally:
                shutil.rmtree(damaged, ignore_errors=True)
        else:
            return


def _forget_old(folder: Path) -> None:
    """Keep the few of a kind that were used last; readers of a removed one are not disturbed."""
    kind = folder.name.partition("-")[0]
    stores = sorted(folder.parent.glob(f"{kind}-*"), key=_modified)
    for old in stores[: -_KEPT[kind]]:
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    for litter in folder.parent.glob("building-*"):
        if time.time() - _modified(litter) > _ABANDONED:
            shutil.rmtree(litter, ignore_errors=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process has just removed it
        return 0.0
