"""Workbooks: each sheet a table, each cell the text that a CSV would hold."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from monazite.errors import Fault

Lines = list[tuple[int, list[str]]]
_MIDNIGHT = datetime.time()


def read_workbook(file: Path, faults: list[Fault]) -> dict[str, Lines]:
    """Read the sheets of an XLSX file as lines of texts, by the name of the sheet.

    A sheet named ``view`` or beginning with ``_`` is a remark of its writer and left out. A
    formula is a fault: its value is whatever a program last thought.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        what = f"cannot be read as a workbook: {error}"
        faults.append(Fault(str(file), 0, what, "save it again as XLSX, or as CSV"))
        return {}
    try:
        return {
            sheet.title: _lines(
                sheet.iter_rows(values_only=True), f"{file}, sheet {sheet.title}", faults
            )
            for sheet in book.worksheets
            if sheet.title != "view" and not sheet.title.startswith("_")
        }
    finally:
        book.close()


def _lines(rows: Iterable[tuple[object, ...]], place: str, faults: list[Fault]) -> Lines:
    lines: Lines = []
    for number, cells in enumerate(rows, start=1):
        texts = [_text(cell) for cell in cells]
        if any(text.startswith("=") for text in texts):
            faults.append(Fault(place, number, "a cell holds a formula", "paste its value instead"))
            continue
        if any(texts):
            lines.append((number, texts))
    width = len([name for name in lines[0][1] if name]) if lines else 0
    return [(number, (texts + [""] * width)[:width]) for number, texts in lines]


def _text(value: object) -> str:
    """The text of a cell: whole numbers without a point, days without an hour.

    >>> _text(1e-7)
    '0.0000001'
    >>> _text(2024.0), _text(0.1), _text(True), _text(datetime.datetime(2025, 6, 11)), _text(None)
    ('2024', '0.1', 'true', '2025-06-11', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.datetime) and value.time() == _MIDNIGHT:
        return value.date().isoformat()
    return str(value)
