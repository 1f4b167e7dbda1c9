"""Tables of a reader or of a release: checked, and compared row by row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.analysis.row_changes import RowChange, cells_by_key, row_changes
from monazite.core.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.core.formats import escaped
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.declared import Param, declared
from monazite.data.own_files import table_files
from monazite.data.parameters import read_path
from monazite.data.releases import is_release, ontology_of, ontology_with, read_release
from monazite.store.cache import files_digest
from monazite.view.view import View

if TYPE_CHECKING:
    from monazite.analysis.changes import Changes
    from monazite.analysis.conflicts.conflicts import Conflict
    from monazite.data.columns import Schema
    from monazite.data.reader import TableText
    from monazite.store.checks import Report


class ChosenTables(Struct):
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


@declared
def check(
    folder: Annotated[
        Path | str | None,
        Param(
            "Your own tables (CSV, XLSX), checked together with the shipped; a folder with "
            "all tables, or a release; or an ontology folder. Default: the shipped.",
            metavar="DIR",
            position=True,
        ),
    ] = None,
    *,
    reference: Annotated[bool, Param("Let pySHACL referee the fast validator (slow).")] = False,
    tables: Path | str | None = None,
    ontology: Path | str | None = None,
) -> Report:
    """Check tables: cells, references, shapes, and what rows say together.

    Each fault is a line "file:line: what; what to do". Exit 0 clean, 1 faults, 2 could not read.
    Of your own tables without a fault, facts are listed on which they differ from ours: another
    number, or a record that a later edition replaces. That is no fault: both stay.

    A folder with half of the tables is meant to have all: it takes the place of the shipped.

    Example: monazite check ontology/tables

    Args:
        tables: a release of the tables in place of the shipped ones.
        ontology: another ontology folder than the shipped one.

    Returns:
        The report; ``report.ok`` says whether there was no fault. Of own tables without a fault,
        ``report.conflicts`` has the facts on which they differ from ours.

    Raises:
        UnreadableError: the folder does not exist, cannot be listed, or holds no table.

    >>> import monazite
    >>> report = monazite.check()
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


def are_folders(first: str, last: str | None) -> bool:
    """Tell whether a comparison is of two folders, and not of two days."""
    named = [name for name in (first, last) if isinstance(name, str)]
    folders = [name for name in named if is_folder(Path(name))]
    if len(folders) == 1 and last is not None:
        raise UnknownNameError(
            f"{folders[0]} is a folder, and what it is compared with is none; name two releases, "
            "or two days."
        )
    return len(folders) == 2


def diff_releases(view: View, before: str, after: str, *, element: str, market: str) -> Changes:
    """Say what changed between two releases, by the filters of a view, asked of one day."""
    from monazite.analysis.changes import Change, ComparedView, find_changes

    chosen = [each for name in (before, after) if (each := compared_tables(name)) is not None]
    known, (first, last) = view.filters.known, (each.ontology for each in chosen)
    later = opened_again(view, known, last)
    day = view.filters.valid or later.valid
    earlier = later if first == last else opened_again(view, known, first)
    old, new = (
        ComparedView(each.store, each.schema, day, f"the tables of {name}")
        for each, name in ((earlier, before), (later, after))
    )
    found = find_changes(old, new, element, market)
    records = record_changes(first, last, later.schema)
    kept = [each for each in found.changes if (each.group, each.kind) != ("sources", "rows")]
    notes = (*found.notes, *(each.sentence for each in chosen if each.sentence))
    changes = [*kept]
    for row in records:
        said = f"{row.row}: {'; '.join(row.sentences)}."
        changes.append(Change("records", row.kind, row.row, said, (row.row,)))
    return later._recorded(replace(found, changes=tuple(changes), notes=notes))


def record_changes(before: Path, after: Path, schema: Schema) -> list[RowChange]:
    """Return the rows that two ontology folders do not have in common, by table and key."""
    old, new = (_texts(folder, schema) for folder in (before, after))
    return [
        change
        for name, table in sorted(schema.tables.items())
        for change in row_changes(
            name,
            cells_by_key(old[name]) if name in old else {},
            cells_by_key(new[name]) if name in new else {},
            [column.name for column in table.columns if not column.key],
        )
    ]


def _texts(ontology: Path, schema: Schema) -> dict[str, TableText]:
    from monazite.data.reader import TableReading, read_folder

    reading = TableReading(schema)
    found = read_folder(ontology / "tables", reading)
    if reading.faults:
        raise FaultyTablesError(reading.faults.gathered())
    return {each.table.name: each for each in found}


def opened_again(view: View, known: str | None, ontology: Path | None = None) -> View:
    """Open the same view again, known by another day or of other tables."""
    from monazite import load

    asked = view.filters
    return load(
        valid=asked.valid,
        known=known,
        tier=asked.tier,
        without=asked.without,
        data=view.data,
        reason=view.reasoned,
        ontology=ontology or view.ontology,
        cache=view.cached,
    )
