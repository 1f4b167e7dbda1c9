"""The sheets of the workbook of an exposure: each table with all its lines, numbers bare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.findings.exposure.amounts import evidence_words
from monazite.findings.exposure.headline import exposure_lessons
from monazite.findings.exposure.page_tables import GRAMS_HEADING, named_headings
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import Exposure

_GRAMS = "Grams"
_LONGEST = 31
"""Letters of the name of a sheet."""
_RECORDS = ("Grams by line", "Judgements")
"""Sheets of what programs read."""
_BARE = ("sheet_row", "pieces", "mass_g", "grams_low", "grams_high", "percent_low", "percent_high")
"""Columns of numbers among those of the lines."""


def exposure_sheets(found: Exposure) -> dict[str, Table]:
    """Return the tables of a workbook by the names of their sheets, what to read first first."""
    named = named_headings(found)
    whole = [
        replace(each, heading=named.get(each.heading, each.heading)) for each in found.tables()
    ]
    tables = [each for each in whole if each.heading != GRAMS_HEADING]
    sheets = {
        "About": Table("", ("What", "Text"), list(_about(found, tables))),
        _GRAMS: _grams(found),
        **{
            name: replace(table, right=_BARE)
            for name, table in zip(_RECORDS, found.csv_tables(), strict=False)
        },
    }
    for table in tables:
        right = (*table.right, *({"Row", "row"} & {*table.columns}))
        sheets[_free(table.heading, sheets)] = replace(table, right=right)
    return sheets


def _about(found: Exposure, tables: Iterable[Table]) -> Iterator[list[str]]:
    yield ["Product", found.product]
    yield ["Market", found.market_label]
    yield from (["Lesson", told] for told in exposure_lessons(found))
    yield from (["Note", told] for told in (*found.notes, *found.reading))
    for table in tables:
        yield from ([_sheet_name(table.heading), told] for told in table.full().remarks)
    if found.view is not None:
        yield ["Data", found.view.text]


def _grams(found: Exposure) -> Table:
    columns = ("Element", "Known by", "Least, g", "Most, g", "Lines")
    rows = [
        [each.element, known, f"{low:.12g}", f"{high:.12g}", lines]
        for each in found.elements
        for known, low, high, lines in (
            ("all", each.low, each.high, str(each.lines)),
            *((evidence_words(x.evidence), x.low, x.high, "") for x in each.by_evidence),
        )
    ]
    return Table("", columns, rows, right=columns[2:])


def _sheet_name(heading: str) -> str:
    """The heading up to a colon or comma, as a spreadsheet takes it for a name."""
    short = heading.partition(":")[0].partition(",")[0].partition(" (")[0]
    plain = "".join(each for each in short if each.isalnum() or each in " -.%")
    whole = plain if len(plain) <= _LONGEST else plain[: _LONGEST + 1].rpartition(" ")[0]
    return whole[:_LONGEST].strip() or "Table"


def _free(heading: str, taken: Iterable[str]) -> str:
    """A name that no other sheet has, whatever the case of its letters."""
    name, others = _sheet_name(heading), {each.casefold() for each in taken}
    number = 2
    while name.casefold() in others:
        name = f"{_sheet_name(heading)[:28].strip()} {number}"
        number += 1
    return name
