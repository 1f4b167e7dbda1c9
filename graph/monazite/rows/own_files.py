"""What the files of a reader's own data are: decided here for whoever reads or hashes them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monazite.errors import BadFileError, Fault, FaultyTablesError, UnreadableError
from monazite.files import kind_of, read_plain
from monazite.rows.bounds import FILE_BYTES, FILES, SMALLER
from monazite.rows.foreign_files import has_our_columns, is_ours, which_command
from monazite.safe_text import escaped

ENDINGS = (".csv", ".xlsx")
"""Endings of tables, in small letters or capitals."""
_SHOWN = 5
_SAVE = "save each table as CSV or XLSX"


@dataclass(frozen=True)
class OwnFiles:
    """The files of a reader's own data.

    Attributes:
        unread: names of what else is in the folder, sorted.
    """

    tables: tuple[Path, ...]
    unread: tuple[str, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """Say what is in the folder and not read; nothing where all of it is.

        >>> OwnFiles((), ("prices.ods", "~$prices.xlsx")).notes()[0]
        'Not read: prices.ods, ~$prices.xlsx; a table is a file that ends in .csv or .xlsx and ...'
        """
        if not self.unread:
            return ()
        return (f"Not read: {_list_names(self.unread)}; {_what_is_read()}.",)


def find_own_files(data: Path) -> OwnFiles:
    """Find the tables in a folder, or in a file that is one.

    What begins with a point or ``~$`` is no table: programs and systems leave such files.

    >>> from monazite.shipped import ontology_folder
    >>> len(find_own_files(ontology_folder() / "tables").tables) > 40
    True
    """
    name = escaped(str(data))
    try:
        mode = data.stat().st_mode
        found = sorted(data.iterdir()) if stat.S_ISDIR(mode) else [data]
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{name} cannot be read: {_reason(error)}.") from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise UnreadableError(f"{name} is {kind_of(mode)}; name a folder or a file of tables.")
    tables = [file for file in found if _is_table(file)]
    unread = tuple(file.name for file in found if not _is_table(file))
    if not tables and (told := which_command(data)):
        raise UnreadableError(f"{name} holds no table of ours. {told}.")
    if not tables and stat.S_ISDIR(mode):
        there = f" in {_list_names(unread)}" if unread else ""
        raise UnreadableError(f"{name} holds no table{there}; {_what_is_read()}: {_SAVE}.")
    if not tables:
        raise UnreadableError(f"{name} is no table; {_what_is_read()}: {_SAVE}.")
    if faults := [*_faults_of(data, tables)]:
        raise FaultyTablesError(faults)
    return OwnFiles(tuple(tables), unread)


def _is_table(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS and not file.name.startswith((".", "~$"))


def _what_is_read() -> str:
    return f"a table is a file that ends in {' or '.join(ENDINGS)} and begins with no . or ~$"


def _list_names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(map(escaped, names[:_SHOWN])) + more


def _faults_of(data: Path, tables: list[Path]) -> Iterator[Fault]:
    if len(tables) > FILES:
        what = f"{len(tables):,} tables are there, and no more than {FILES:,} are read"
        yield Fault(str(data), 0, what, "put the rows of a table into one file")
        return
    size = 0
    for file in tables:
        try:
            found = file.stat()
        except OSError as error:
            yield Fault(str(file), 0, f"cannot be read: {error.strerror}", "check the file")
            continue
        size += found.st_size
        if not stat.S_ISREG(found.st_mode):
            what = f"it is {kind_of(found.st_mode)} and no file"
            yield Fault(str(file), 0, what, "take it out, or write the table there")
        elif not (is_ours(file) and has_our_columns(file)) and (told := which_command(file)):
            yield Fault(str(file), 0, "it is no table of ours", told)
    if size > FILE_BYTES:
        yield Fault(str(data), 0, *_too_big(size))


def _too_big(size: int) -> tuple[str, str]:
    return (
        f"the tables have {size:,} bytes, and no more than {FILE_BYTES >> 20} MB are read",
        SMALLER,
    )


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "no file can have this name")


def read_file(file: Path) -> bytes:
    """Return what is in a plain file, and in nothing that has taken its place.

    >>> from monazite.shipped import ontology_folder
    >>> read_file(ontology_folder() / "tables" / "persons.csv")[:8]
    b'id,name,'
    """
    size = file.stat().st_size
    if size > FILE_BYTES:
        raise BadFileError(*_too_big(size))
    content = read_plain(file, FILE_BYTES)
    if len(content) > FILE_BYTES:
        raise BadFileError(*_too_big(len(content)))
    return content
