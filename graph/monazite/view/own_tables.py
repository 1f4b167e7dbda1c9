"""Checking tables: their faults, and where a reader's own differ from the shipped ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.core.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.core.formats import escaped
from monazite.core.package import ontology_folder
from monazite.data.own_files import table_files
from monazite.data.parameters import read_path
from monazite.data.releases import is_release, ontology_of, ontology_with, read_release
from monazite.store.cache import files_digest

if TYPE_CHECKING:
    from monazite.analysis.conflicts.conflicts import Conflict
    from monazite.store.checks import Report


@dataclass(frozen=True)
class ChosenTables:
    """The ontology folder with the tables that were asked for, and what is to be said of them."""

    ontology: Path
    sentence: str = ""


def choose_tables(tables: Path | str | None, *, ontology: Path | str | None = None) -> ChosenTables:
    """Return the ontology folder with the tables of a release; the shipped one without."""
    folder = read_path(tables, "folder of a release")
    home = read_path(ontology, "ontology folder")
    if folder is None:
        return ChosenTables(home or ontology_folder())
    if home is not None:
        raise UnknownNameError("Name an ontology folder or a release of the tables, not both.")
    if _are_shipped(folder):
        return ChosenTables(ontology_folder())
    release = read_release(folder)
    return ChosenTables(ontology_of(release), release.sentence(str(folder)))


def _are_shipped(folder: Path) -> bool:
    """Tell whether a folder without a record holds the shipped tables, byte for byte."""
    if is_release(folder):
        return False
    try:
        files = sorted(folder.glob("*.csv"))
        ours = table_files(ontology_folder())
        same = [each.name for each in files] == [each.name for each in ours]
        return same and files_digest(files) == files_digest(ours)
    except (OSError, ValueError, UnreadableError):
        return False


def compared_tables(name: str) -> ChosenTables | None:
    """Return the tables of a folder that is to be compared; None where the name is no folder."""
    folder = Path(name)
    if not is_folder(folder):
        return None
    if is_release(folder):
        release = read_release(folder)
        return ChosenTables(ontology_of(release), release.sentence(str(folder)))
    if (folder / "shapes").is_dir():
        return ChosenTables(folder)
    if not (folder / "sources.csv").is_file():
        raise UnreadableError(
            f"{escaped(name)} holds no full set of tables; name a release, or a folder as "
            "ontology/tables."
        )
    said = "" if _are_shipped(folder) else f"Tables of {escaped(name)}: no release, as they stand."
    return ChosenTables(ontology_with(folder), said)


def is_folder(folder: Path) -> bool:
    """Tell whether there is a folder of a name, whatever the name is."""
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def check(
    folder: Path | str | None = None,
    *,
    reference: bool = False,
    tables: Path | str | None = None,
    ontology: Path | str | None = None,
) -> Report:
    """Check tables with the reader, the shapes and the queries of ``ontology/checks``.

    Args:
        folder: a whole ontology folder; a release of the tables; or a folder with all tables,
            which takes the place of the shipped ones; or tables of the reader's own, a folder
            with some tables or a workbook, which are checked together with the shipped ones; or
            nothing for these. A folder that has half of the tables is meant to have all.
        reference: let pySHACL validate as well, on all small tables and a sample of the big
            ones, and report where it does not agree (some ten seconds).
        tables: a release of the tables in place of the shipped ones.
        ontology: another ontology folder than the shipped one.

    Returns:
        The report; ``report.ok`` says whether there was no fault. Of own tables without a fault,
        ``report.conflicts`` has the facts on which they differ from ours.

    Raises:
        UnreadableError: the folder does not exist, cannot be listed, or holds no table.

    >>> from monazite.core.package import ontology_folder
    >>> report = check(ontology_folder())
    >>> report.ok, report.counts["persons"]
    (True, 5)
    """
    from monazite.store import checks

    home = choose_tables(tables, ontology=ontology).ontology
    own = read_path(folder, "folder of tables")
    if own is not None and is_release(own):
        try:
            release = read_release(own)
        except FaultyTablesError as error:
            return checks.Report(tuple(error.faults))
        whole = checks.check(ontology_of(release), reference=reference)
        return replace(whole, notes=(*whole.notes, release.sentence(str(own))))
    report = checks.check(folder, reference=reference, home=home)
    if own is None or not report.beside or report.faults:
        return report
    from monazite.analysis.conflicts.conflicts import choose_conflicts, find_own_conflicts
    from monazite.data.columns import read_schema
    from monazite.data.reader import read_tables

    schema = read_schema(home)
    read = read_tables(home / "tables", schema, own)
    if read.faults:
        raise FaultyTablesError(read.faults)  # they were changed meanwhile
    rows = read.rows[len(read.rows) - read.own :]
    yours = {f"{row.table}/{row.key}" for row in rows}
    found = [_marked(each, yours) for each in find_own_conflicts(read.rows, schema, yours)]
    return replace(report, conflicts=choose_conflicts(found, "all"))


def _marked(conflict: Conflict, yours: Collection[str]) -> Conflict:
    """A conflict that says which of its rows are the reader's own."""
    lines = tuple(
        replace(line, text=f"{line.text} (yours)") if line.row in yours else line
        for line in conflict.lines
    )
    return replace(conflict, lines=lines)
