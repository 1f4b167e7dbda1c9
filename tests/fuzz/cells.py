"""Cells and dates: what is read has the form that everything behind relies on."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st

from monazite.errors import BadCellError, BadDateError, UnknownNameError
from monazite.rows.cells import Cell, read_cell, split_cell
from monazite.rows.columns import Column, read_schema
from monazite.rows.dates import date_bounds
from monazite.shipped import ontology_folder
from monazite.triples.queries import day_of
from tests.fuzz.edits import HOSTILE_TEXT, NUMBERS, edited
from tests.fuzz.target import Target, require

PIECES = ("2025", "-02", "-29", "-30", "12", "99999", "0000", "@zh", ";", ".", "-", "https://", "T")
_XSD = "http://www.w3.org/2001/XMLSchema#"


def cells(_: Path) -> Target:
    """One cell of any column of the shipped tables."""
    columns = [
        each for table in read_schema(ontology_folder()).tables.values() for each in table.columns
    ]
    kinds = {(each.kind, each.many, each.key, each.minimum, each.maximum): each for each in columns}
    examples = sorted({each.example for each in columns if each.example})
    texts = st.one_of(edited(examples, PIECES), HOSTILE_TEXT, NUMBERS)
    chosen = [*kinds.values()]

    def raw(data: bytes) -> tuple[Column, str]:
        return chosen[(data or b"\0")[0] % len(chosen)], data[1:].decode("utf-8", "replace")

    return Target(
        st.tuples(st.sampled_from(chosen), texts.map(of_file)),
        lambda given: read(*given),
        raw=raw,
        seeds=tuple(bytes([place]) + each.example.encode() for place, each in enumerate(chosen)),
        words=PIECES,
    )


def of_file(text: str) -> str:
    """A text as a file in UTF-8 can hold it: no half of a character."""
    return text.encode("utf-8", "replace").decode()


def read(column: Column, text: str) -> None:
    for part in split_cell(text, column):
        try:
            cell = read_cell(part, column)
        except BadCellError as bad:
            require(bad.what and bad.fix, "a fault says nothing")
        else:
            check_cell(cell, column)


def check_cell(cell: Cell, column: Column) -> None:
    require(cell.text == cell.text.strip(), "a blank was let through")
    require("\r" not in cell.text and "\x00" not in cell.text, "a control character passed")
    require(cell.text.encode(), "no text")
    if column.kind == "integer":
        require(int(cell.text) == Decimal(cell.text), "no whole number")
        require(is_held(cell.text, "integer"), "the store cannot hold this whole number")
    elif column.kind == "decimal":
        require(Decimal(cell.text).is_finite(), "no number")
        require(is_held(cell.text, "decimal"), "the store cannot hold this number")
    elif column.kind == "date":
        first, last = date_bounds(cell.text)
        require(len(first) == len(last) == 10 and first <= last, "no days")
    elif column.kind == "anyURI":
        require(not {*cell.text} & {*' <>"\n'}, "an address that ends early where it is written")


def is_held(text: str, kind: str) -> bool:
    """Tell whether the engine can reckon with a number: one that it cannot is silently unbound."""
    query = f'SELECT ?n {{ BIND("{text}"^^<{_XSD}{kind}> + 0 AS ?n) }}'
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    return all(row["n"] is not None for row in found)


def dates(_: Path) -> Target:
    """A date, as a cell and as a reader types it."""
    seeds = ("2025", "2025-06", "2025-06-11", "2024-02-29", "0001-01-01", "9999-12-31")
    return Target(
        st.one_of(edited(seeds, PIECES), HOSTILE_TEXT, NUMBERS),
        check_date,
        raw=lambda data: data.decode("utf-8", "replace"),
        seeds=tuple(each.encode() for each in seeds),
        words=PIECES,
    )


def check_date(text: str) -> None:
    with contextlib.suppress(BadDateError):
        first, last = date_bounds(text)
        require(first <= last and (text == first or last.startswith(text)), "another date")
    with contextlib.suppress(UnknownNameError):
        require(len(day_of(text)) == 10, "no day")
