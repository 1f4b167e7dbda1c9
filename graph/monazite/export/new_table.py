"""An empty table of one's own, CSV or a workbook, with help for each of its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.files import check_ending
from monazite.core.formats import counted
from monazite.core.package import ontology_folder
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table, csv_lines
from monazite.core.workbook import tables_xlsx
from monazite.data.columns import Column, Schema, TableShape, read_schema
from monazite.data.declared import Param, declared
from monazite.data.parameters import check_text, read_path
from monazite.data.sameness import Concepts
from monazite.data.vocabulary import read_vocabulary
from monazite.export.tables import header_of

_ENDINGS = (".csv", ".xlsx")
_FEW = 12
"""Words of a closed list that stand in a line of help; of longer ones, these and how many more."""
_KINDS = {
    "string": "text",
    "text": "text, or text@zh and the like",
    "integer": "whole number",
    "decimal": "number, no commas",
    "boolean": "true or false",
    "date": "2025, 2025-04 or 2025-04-04",
    "anyURI": "address from https:// on",
}
_ONE_OF = "one of these"
"""Said of each of several columns of which a row must have one."""
_KEY = "letters, digits, points and hyphens"


class ListedWord(NamedTuple):
    """A word of a closed list."""

    word: str  #: as it is written
    label: str  #: what it means


class ColumnHelp(Struct):
    """What stands in a column of a table."""

    column: str  #: its name
    #: whether a row must have it: yes, no, one of these (of all columns that say so), where another
    #: column has a word, or only to be contributed
    given: str
    what: str  #: it is
    unit: str  #: of its numbers; empty where it holds none
    takes: str  #: what may stand there
    example: str  #: of a cell; empty where none is known
    #: the closed list it takes, each word with its label; empty where there is none
    words: tuple[ListedWord, ...] = ()

    @property
    def in_words(self) -> str:
        """What it is, what it takes, and in which unit, as one text."""
        unit = f", {self.unit}" if self.unit else ""
        return f"{self.what}: {self.takes}{unit}."


class NewTable(Listing[ColumnHelp]):
    """An empty table, and what stands in each of its columns."""

    records_key = "columns"
    _json = "table description columns"

    table: str  #: its name, which is that of its file or sheet
    description: str  #: what a row of it is
    columns: tuple[ColumnHelp, ...]  #: in the order of the header, the key first

    def headline(self) -> str:
        """Return the name of the table, and how many of its columns must be given."""
        must = sum(each.given == "yes" for each in self.columns)
        several = [each.column for each in self.columns if each.given == _ONE_OF]
        said = f"{self.table}: {counted(len(self.columns), 'column')}, {must} of them must be given"
        return f"{said}, and one of {', '.join(several)}" if several else said

    def to_dict(self) -> dict[str, object]:
        """Return what was found; it has no view."""
        return self.content()

    def tables(self) -> list[Table]:
        """Return one line a column."""
        header = ("column", "must", "what stands in it", "example")
        rows = [[each.column, each.given, each.in_words, each.example] for each in self.columns]
        return [Table(f"{self.table}: {self.description}", header, rows)]

    def empty(self, file: Path | str = "new.csv") -> bytes:
        r"""Return the empty table as its ending asks; a reader of tables takes it as it is.

        Args:
            file: whose name ends in .csv or .xlsx. A workbook has the help in sheets that begin
                with ``_``, which are not read; a CSV has the header alone.

        Raises:
            UnknownNameError: it ends in something else.
        """
        check_ending(file, _ENDINGS, "empty table")
        header = [each.column for each in self.columns]
        if Path(file).suffix.lower() == ".csv":
            return "".join(csv_lines(header, [])).encode()
        (told,) = self.tables()
        words = [(each.column, word, label) for each in self.columns for word, label in each.words]
        sheets = {
            self.table: Table("", tuple(header), []),
            "_help": told,
            "_words": Table("", ("column", "word", "label"), words),
        }
        return tables_xlsx(sheets)


@declared
def new_table(
    name: Annotated[str, Param("Of the table: capacity, sources.", metavar="NAME", position=True)],
    ontology: Path | str | None = None,
) -> NewTable:
    """Write an empty table of your own, with help for each column.

    The help says what stands in a column, in which unit, what it takes, whether it must be given,
    and an example. A workbook holds it in sheets of its own; beside a CSV file it is printed, and
    where the table itself goes to stdout, it goes to stderr. Another --format without --output is
    that of the help alone.

    Example: monazite new-table capacity -o capacity.csv

    Args:
        ontology: another ontology folder than the shipped one.

    Returns:
        The table, which gives itself as CSV or as a workbook.

    Raises:
        UnknownNameError: there is no such table; the sentence lists those that there are.

    >>> [each.column for each in new_table("persons") if each.given == "yes"]
    ['id', 'name', 'source']
    """
    check_text(name, "name of a table")
    schema = read_schema(read_path(ontology, "ontology folder") or ontology_folder())
    table = schema.tables.get(name.strip().lower())
    if table is None:
        near = did_you_mean(name, schema.tables)
        known = f"tables are {', '.join(sorted(schema.tables))}."
        raise UnknownNameError(f'There is no table "{name}"; {f"{near} " if near else ""}{known}')
    lists = {
        scheme.class_iri: tuple(ListedWord(each.code, each.label) for each in scheme.concepts)
        for scheme in read_vocabulary(schema).schemes
    }
    columns = {column.name: column for column in table.columns}
    concepts = Concepts(schema)
    told = []
    for column in (columns[each] for each in header_of(table)):
        words = tuple(word for each in column.classes for word in lists.get(each, ()))
        told.append(
            ColumnHelp(
                column=column.name,
                given=_given(column, table, schema, concepts),
                what=column.description.rstrip("."),
                unit=_unit(column, table),
                takes=_takes(column, schema, words),
                example=column.example,
                words=words,
            )
        )
    return NewTable(table.name, table.description.rstrip("."), tuple(told))


def _given(column: Column, table: TableShape, schema: Schema, concepts: Concepts) -> str:
    """Whether a row must have a column, by its shape and by what the checks ask for."""
    if column.required:
        return "yes"
    several = concepts.all(table.class_iri, "hasOneOf")
    if column.path in several and not any(
        each.required for each in table.columns if each.path in several
    ):
        return _ONE_OF
    needed = [
        f"{each.name} is {code}"
        for each in table.columns
        for class_iri in each.classes
        for code, iri in schema.codes.get(class_iri, {}).items()
        if column.path in concepts.all(iri, "mustHave")
    ]
    if needed:
        return f"where {' or '.join(needed)}"
    return "to contribute" if column.name == "source" and table.kind != "source" else "no"


def _unit(column: Column, table: TableShape) -> str:
    """The unit of a number: the table may have a column of it."""
    names = {each.name for each in table.columns}
    if column.kind != "decimal":
        return ""
    if column.name.endswith("percent"):
        return "percent"
    return "in the unit of the row" if column.name.startswith("value") and "unit" in names else ""


def _takes(column: Column, schema: Schema, words: tuple[ListedWord, ...]) -> str:
    if column.key:
        return _KEY
    more = f" and {len(words) - _FEW} more" if len(words) > _FEW else ""
    kinds = [", ".join(each.word for each in words[:_FEW]) + more] if words else []
    tables = [each.name for name in column.classes for each in schema.tables_of(name)]
    kinds += [f"a key of {' or '.join(tables)}"] if tables else []
    if column.kind == "in-table":
        kinds = [f"a key of the table that {column.table_in} names"]
    least = "" if column.minimum is None else f", at least {column.minimum}"
    most = "" if column.maximum is None else f", at most {column.maximum}"
    said = "; or ".join(kinds) or f"{_KINDS.get(column.kind, 'text')}{least}{most}"
    return f"{said}; several with ; between" if column.many else said
