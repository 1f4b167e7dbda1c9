"""The workbook of an exposure: a sheet for each table, what to read first first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monazite.bom.contents import EVIDENCE_WORDS
from monazite.bom.figures import ExposureFigures
from monazite.bom.stop_tables import stop_headline
from monazite.core.formats import figures
from monazite.core.tables import Table
from monazite.core.workbook import sheet_name

GRAMS_HEADING, STOPS_HEADING = "Grams by element", "What stops first, and in how many days"
_GRAMS = "Grams"
_RECORDS = ("Grams by line", "Judgements")  # sheets of what programs read
_BARE = ("sheet_row", "pieces", "mass_g", "grams_low", "grams_high", "percent_low", "percent_high",
         "days_of_stock", "loss", "loss_low", "loss_high", "loss_home_first", "first_year",
         "first_year_low", "first_year_high", "value_share_low",
         "value_share_high")  # fmt: skip


def named_headings(found: ExposureFigures, held: str) -> dict[str, str]:
    """Return a heading for each table whose own has names of the bill in it."""
    named = {held: GRAMS_HEADING, f"{held}.": GRAMS_HEADING}
    return {**named, f"{stop_headline(found)}.": STOPS_HEADING} if found.stops else named


def exposure_sheets(
    found: ExposureFigures,
    tables: Iterable[Table],
    records: Sequence[Table],
    lessons: Iterable[str],
) -> dict[str, Table]:
    """Return the tables of a workbook by the names of their sheets, what to read first first."""
    held = found.headline()
    named = named_headings(found, held)
    tables = [
        replace(each, heading=named.get(each.heading, each.heading))
        for each in tables
        if named.get(each.heading) != GRAMS_HEADING
    ]
    sheets = {
        "About": Table("", ("What", "Text"), list(_about(found, tables, lessons))),
        _GRAMS: _grams(found),
        **{
            name: replace(table, right=_BARE)
            for name, table in zip(_RECORDS, records, strict=False)
        },
    }
    for table in tables:
        right = (*table.right, *({"Row", "row"} & {*table.columns}))
        sheets[sheet_name(table.heading, sheets)] = replace(table, right=right)
    return sheets


def _about(
    found: ExposureFigures, tables: Iterable[Table], lessons: Iterable[str]
) -> Iterator[list[str]]:
    yield ["Product", found.product]
    yield ["Market", found.market_label]
    yield from (["Lesson", told] for told in lessons)
    yield from (["Note", told] for told in (*found.notes, *found.reading))
    for table in tables:
        yield from ([sheet_name(table.heading), told] for told in table.full().remarks)
    if found.view is not None:
        yield ["Data", found.view.text]


def _grams(found: ExposureFigures) -> Table:
    columns = ("Element", "Known by", "Least, g", "Most, g", "Lines")
    rows = []
    for each in found.elements:
        told = [("all", each.low, each.high, str(each.lines))]
        told += [(EVIDENCE_WORDS[x.evidence], x.low, x.high, "") for x in each.by_evidence]
        rows += [
            [each.element, by, figures(x, 12), figures(y, 12), count] for by, x, y, count in told
        ]
    return Table("", columns, rows, right=columns[2:])
