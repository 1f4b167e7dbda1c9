"""A reader's own tables as they were when a server started: workers open them at any time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from monazite.core.errors import BadFileError, UnreadableError
from monazite.core.formats import escaped
from monazite.data.own_files import find_own_files, read_file


@contextmanager
def held_files(data: Path | None) -> Iterator[Path | None]:
    """Hold a reader's own data as they are now, for processes that open them in turn."""
    if data is None:
        yield None
        return
    with TemporaryDirectory(prefix="monazite-own-") as beside:
        held = Path(beside) / data.resolve().name
        try:
            _copy(data, held)
        except (OSError, BadFileError) as error:
            said = getattr(error, "strerror", None) or error
            raise UnreadableError(f"{escaped(str(data))} cannot be copied: {said}.") from None
        yield held


def _copy(data: Path, held: Path) -> None:
    found = find_own_files(data)
    if not data.is_dir():
        held.write_bytes(read_file(data))
        return
    held.mkdir()
    for file in found.tables:
        (held / file.name).write_bytes(read_file(file))
    for name in found.unread:  # it is told that they are not read
        (held / name).touch()
