"""A release of the tables as the files of a folder: tables, record, licence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from monazite.core.errors import BadDateError, FaultyTablesError, UnknownNameError
from monazite.core.formats import counted, grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Frozen, Listing
from monazite.core.tables import Table
from monazite.data import releases
from monazite.data.dates import date_bounds
from monazite.data.declared import Param, declared
from monazite.data.parameters import read_path
from monazite.store.checks import check

_LICENCE = "LICENSE-CC-BY-4.0.txt"


class ReleasedTable(NamedTuple):
    """A table of a release."""

    table: str  #: its name
    rows: int  #: how many it has


class ReleasedTables(Listing[str]):
    """A release of the tables, and the files of its folder."""

    records_key = "tables"
    _items = "counts"
    _json = "issued news_read_to schema tables=table_counts"

    issued: str  #: its day
    news_read_to: str  #: the day of the newest news that it could take in
    schema: int  #: the number of the schema of its tables
    counts: Mapping[str, int]  #: how many rows each table has
    #: what is in each file, by its place in the folder; the record comes last
    files: Mapping[str, bytes] = Frozen()

    @property
    def table_counts(self) -> tuple[ReleasedTable, ...]:
        """Its tables, with how many rows each has."""
        return tuple(map(ReleasedTable, self.counts, self.counts.values()))

    def headline(self) -> str:
        """Return the day of the release and its size."""
        rows = sum(self.counts.values())
        held = f"{counted(rows, 'row')} in {counted(len(self), 'table')}"
        return f"Release of {self.issued}: {held}"

    def to_dict(self) -> dict[str, object]:
        """Return what was found; it has no view."""
        return self.content()

    def tables(self) -> list[Table]:
        """Return one line a table."""
        rows = [[name, grouped(count)] for name, count in self.counts.items()]
        return [Table(self.headline(), ("table", "rows"), rows, right=("rows",))]


@declared
def release(
    folder: Annotated[
        Path | str | None,
        Param(
            "All tables, a CSV file each. Default: the shipped ones.",
            metavar="[DIR]",
            position=True,
        ),
    ] = None,
    *,
    issued: Annotated[
        str | None, Param("Its day. Default: that of the shipped.", metavar="DATE")
    ] = None,
    news: Annotated[
        str | None, Param("To which day news was read. Default: as it.", metavar="DATE")
    ] = None,
) -> ReleasedTables:
    """Write a release of the tables, which --tables of every command takes.

    The folder names the hash of each table, the day and the schema. Its tables are checked first.
    The SHA-256 of its release.json tells it from others.

    Example: monazite release -o release --issued 2026-12-24

    Returns:
        The files of its folder, by name.

    Raises:
        FaultyTablesError: the tables have faults.
        UnknownNameError: a day is no date.
        UnreadableError: the tables cannot be read.

    >>> found = release()
    >>> found.issued, found.schema, [*found.files][-1]
    ('2026-11-24', 1, 'release.json')
    """
    place = read_path(folder, "folder of tables")
    shipped = ontology_folder()
    given = {"issued": issued, "news_read_to": news}
    days = releases.days_of(shipped) | {name: _day(day) for name, day in given.items() if day}
    if place is not None and (place / releases.TABLES).is_dir():
        place = place / releases.TABLES
    report = check(shipped if place is None else place)
    if report.faults:
        raise FaultyTablesError(report.faults)
    if report.beside:
        raise UnknownNameError(
            f"{place} holds some tables, and a release holds all; contribute them first: "
            f"monazite contribute {place}."
        )
    files = releases.shipped_files(shipped if place is None else releases.ontology_with(place))
    whole = {f"{releases.TABLES}/{name}": content for name, content in files.items()}
    whole[_LICENCE] = (shipped / _LICENCE).read_bytes()
    whole[releases.RECORD] = releases.release_record(
        files, about=releases.dataset_about(shipped), **days
    )
    return ReleasedTables(
        days["issued"], days["news_read_to"], releases.SCHEMA, report.counts, whole
    )


def _day(text: str) -> str:
    try:
        first, last = date_bounds(text)
    except BadDateError as error:
        raise UnknownNameError(str(error)) from None
    if first != last:
        raise UnknownNameError(f"{text} is no day; write one: 2026-12-24.")
    return first
