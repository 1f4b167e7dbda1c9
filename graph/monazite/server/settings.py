"""What a server is told when it starts: where it listens, its limits, and the tables it holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from monazite.core.errors import BadFileError, UnreadableError
from monazite.core.formats import escaped
from monazite.core.results import Struct
from monazite.data.filters import Filters
from monazite.data.own_files import find_own_files, read_file

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")  # names of this machine


class Settings(Struct):
    """What a server is told when it starts."""

    ontology: Path
    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ()  # beside the names of this machine
    origins: tuple[str, ...] = ()  # whose pages may read the answers (CORS); ``*`` is everybody's
    data: Path | None = None
    filters: Filters = field(default_factory=Filters)  # where a request names none
    workers: int = 2  # processes for short work; more than processors: none waits for a long one
    begin: int = 2 * (os.cpu_count() or 1)  # how many may be in their first quarter of a second
    slow: int = 2
    long_workers: int = 2  # processes for findings; as many for views of the explorer
    waiting: int = 64
    patience: float = 10.0
    seconds: float = 30.0
    long_seconds: float = 120.0
    long_patience: float = 60.0
    memory: int = 2 << 30  # bytes that a worker may take beyond its store
    answer_bytes: int = 64 << 20
    body_bytes: int = 1 << 20
    body_seconds: float = 15.0
    connections: int = 512
    client_connections: int = 64
    cached_bytes: int = 64 << 20  # of answers that are kept in memory; 0 keeps none
    grace: float = 5.0  # seconds that running work has when the server stops
    log: Path | None = None  # the file of the access log; None is stderr

    def __post_init__(self) -> None:
        """Name folders from the root: workers do not stand where the reader does."""
        object.__setattr__(self, "ontology", self.ontology.absolute())
        if self.data is not None:
            object.__setattr__(self, "data", self.data.absolute())

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server.

        >>> Settings(Path()).is_local, Settings(Path(), host="0.0.0.0").is_local
        (True, False)
        """
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def hosts(self) -> tuple[str, ...]:
        """All names that a request may be for, in small letters."""
        return (*LOOPBACK, *(name.casefold() for name in self.allowed_hosts))


@contextmanager
def held_files(data: Path | None) -> Iterator[Path | None]:
    """Hold a reader's own data as they are now, for processes that open them in turn."""
    if data is None:
        yield None
        return
    with TemporaryDirectory(prefix="monazite-own-") as beside:
        held = Path(beside) / data.resolve().name
        try:
            found = find_own_files(data)
            if data.is_dir():
                held.mkdir()
                for file in found.tables:
                    (held / file.name).write_bytes(read_file(file))
                for name in found.unread:  # it is told that they are not read
                    (held / name).touch()
            else:
                held.write_bytes(read_file(data))
        except (OSError, BadFileError) as error:
            said = getattr(error, "strerror", None) or error
            raise UnreadableError(f"{escaped(str(data))} cannot be copied: {said}.") from None
        yield held
