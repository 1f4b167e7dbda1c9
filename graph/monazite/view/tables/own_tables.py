"""Checking tables: their faults, and where a reader's own differ from the shipped ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.errors import FaultyTablesError
from monazite.parameters import read_path
from monazite.rows.releases import is_release, read_release
from monazite.triples import checks
from monazite.triples.checks import Report
from monazite.triples.released_tables import ontology_of
from monazite.view.tables.chosen_tables import choose_tables

if TYPE_CHECKING:
    from monazite.findings.conflicts.conflicts import Conflict


def check(
    folder: Path | str | None = None,
    *,
    reference: bool = False,
    tables: Path | str | None = None,
    tables_key: Path | str | None = None,
    unsigned_tables: bool = False,
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
        tables_key: the public key of who should have signed that release.
        unsigned_tables: take a release without a signature.
        ontology: another ontology folder than the shipped one.

    Returns:
        The report; ``report.ok`` says whether there was no fault. Of own tables without a fault,
        ``report.conflicts`` has the facts on which they differ from ours.

    Raises:
        UnreadableError: the folder does not exist, cannot be listed, or holds no table.

    >>> from monazite.shipped import ontology_folder
    >>> report = check(ontology_folder())
    >>> report.ok, report.counts["persons"]
    (True, 5)
    """
    home = choose_tables(
        tables, key=tables_key, unsigned=unsigned_tables, ontology=ontology
    ).ontology
    own = read_path(folder, "folder of tables")
    if own is not None and is_release(own):
        try:
            release = read_release(own, unsigned=True)
        except FaultyTablesError as error:
            return Report(tuple(error.faults))
        whole = checks.check(ontology_of(release), reference=reference)
        return replace(whole, notes=(*whole.notes, release.sentence(str(own))))
    report = checks.check(folder, reference=reference, home=home)
    if own is None or not report.beside or report.faults:
        return report
    from monazite.findings.conflicts.conflicts import choose_conflicts
    from monazite.findings.conflicts.own_conflicts import find_own_conflicts
    from monazite.rows.columns import read_schema
    from monazite.rows.reader import read_tables

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
