"""The answers to a questionnaire, read back by key: every fault at once, with row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from monazite.bills.answer_values import AnswerReader, Given
from monazite.bills.askable import CONTENT
from monazite.bills.columns import column_letter
from monazite.bills.headers import plain_words
from monazite.bills.sheets import BillSheet, head_of, read_sheets
from monazite.bills.stated import NOT_STATED, evidence_of
from monazite.errors import BadCellError, Fault, Faults, FaultyTablesError
from monazite.rows.xlsx.numbers import CellNumber
from monazite.rows.xlsx.sheet_cells import Value
from monazite.safe_text import in_brief

T = TypeVar("T")
COLUMNS = ("key", "supplier", "question", "parts", "judgements settled", "write", "answer",
           "evidence", "date")  # fmt: skip
"""The columns of a questionnaire; an answer is read back by its key alone."""
KEY, ANSWER, SHOWN_BY, DAY = "key", "answer", "evidence", "date"
_READ = (KEY, ANSWER, SHOWN_BY, DAY)
_LOADED = ("=", "+", "-", "@", "\t", "\r")
_SHOWN = 60


@dataclass(frozen=True)
class GivenAnswer:
    """An answer that was given.

    Attributes:
        day: of the answer, an ISO date; empty where none is given.
    """

    key: str
    given: Given
    day: str
    place: str
    row: int
    where: str

    def fault(self, what: str, fix: str) -> Fault:
        """Return a fault of the answer."""
        return Fault(self.place, self.row, f"{self.where}: {what}", fix)


@dataclass(frozen=True)
class Answers:
    """What stands in a file of answers."""

    given: tuple[GivenAnswer, ...] = ()
    unanswered: tuple[str, ...] = ()


NOTHING_ANSWERED = Answers()


def read_answers(file: Path, reader: AnswerReader) -> Answers:
    """Read a questionnaire back."""
    faults = Faults()
    sheets, _ = read_sheets(
        file, lambda text: plain_words(text) in COLUMNS, faults, "file of answers"
    )
    found: list[GivenAnswer] = []
    unanswered: list[str] = []
    read = 0
    for sheet in sheets:
        header = _header_of(sheet)
        if header is None:
            continue
        read += 1
        number, places = header
        for row, cells in sheet.rows:
            if row > number:
                _read_row(_AnswerRow(sheet, row, cells, places), reader, found, unanswered, faults)
    if not read and not len(faults):
        fault = Fault(
            str(file), 0, "no row is the header: key, answer", "write it with --questions"
        )
        faults.append(fault)
    _tell_twice(found, faults)
    if len(faults):
        raise FaultyTablesError(faults.gathered())
    given = {each.key for each in found}
    return Answers(
        tuple(found), tuple(key for key in dict.fromkeys(unanswered) if key not in given)
    )


def _header_of(sheet: BillSheet) -> tuple[int, Mapping[str, int]] | None:
    for number, cells in head_of(sheet):
        names = [plain_words(cell) if isinstance(cell, str) else "" for cell in cells]
        if KEY in names and ANSWER in names:
            return number, {name: names.index(name) for name in _READ if name in names}
    return None


@dataclass(frozen=True)
class _AnswerRow:
    """A row of a questionnaire."""

    sheet: BillSheet
    row: int
    cells: Sequence[Value]
    places: Mapping[str, int]

    def where(self, name: str) -> str:
        return f'column {column_letter(self.places[name])} ("{name}")'

    def text(self, name: str) -> str:
        """The text of a column, without what kept a spreadsheet from running it."""
        place = self.places.get(name)
        cell = self.cells[place] if place is not None and place < len(self.cells) else ""
        if isinstance(cell, BadCellError):
            raise cell
        if isinstance(cell, CellNumber):
            return cell
        if cell.startswith("="):
            raise BadCellError(f'"{in_brief(cell, _SHOWN)}" is a formula', "paste its value")
        return cell[1:] if cell.startswith("'") and cell[1:].startswith(_LOADED) else cell


def _read_row(
    row: _AnswerRow,
    reader: AnswerReader,
    found: list[GivenAnswer],
    unanswered: list[str],
    faults: Faults,
) -> None:
    cells = _Cells(row)
    key, answer = cells.text(KEY), cells.text(ANSWER)
    day, evidence = cells.text(DAY), cells.text(SHOWN_BY)
    if not cells.wrong and not any((key, answer, day, evidence)):
        return
    kind = reader.kinds.get(key, "")
    if not kind:
        what = f'no question has the key "{in_brief(key, _SHOWN)}"' if key else "the key is blank"
        fix = "leave keys as they were written; after a change of the bill, ask anew"
        cells.wrong.append((KEY, what, fix))
    day = cells.checked(DAY, lambda: _day(day), "")
    cells.checked(SHOWN_BY, lambda: _check_evidence(kind, evidence), None)
    empty: Given = ""
    given = empty
    if kind and answer:
        given = cells.checked(ANSWER, lambda: reader.given(kind, answer, evidence), empty)
    for name, what, fix in cells.wrong:
        told = f"{row.where(name)}: {what}"
        faults.append(Fault(row.sheet.place, row.row, told, fix, kind=f"{name}: {fix}"))
    if not cells.wrong and answer:
        found.append(GivenAnswer(key, given, day, row.sheet.place, row.row, row.where(ANSWER)))
    elif not cells.wrong:
        unanswered.append(key)


class _Cells:
    """The cells of a row, and what is wrong with them: column, what and what to do."""

    def __init__(self, row: _AnswerRow) -> None:
        self._row = row
        self.wrong: list[tuple[str, str, str]] = []

    def text(self, name: str) -> str:
        return self.checked(name, lambda: self._row.text(name), "")

    def checked(self, name: str, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except BadCellError as bad:
            self.wrong.append((name, bad.what, bad.fix))
            return instead


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        if len(text) == len("2026-11-28"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise BadCellError(f'"{in_brief(text, _SHOWN)}" is no date', "write it as 2026-11-28")


def _check_evidence(kind: str, text: str) -> None:
    """Refuse an evidence of a content that is none of three; of all else it is any text."""
    if kind == CONTENT and text and evidence_of(text) == NOT_STATED:
        what = f'"{in_brief(text, _SHOWN)}" is no kind of evidence'
        raise BadCellError(what, "write tested, declared or datasheet")


def _tell_twice(found: Sequence[GivenAnswer], faults: Faults) -> None:
    first: dict[str, GivenAnswer] = {}
    for each in found:
        if first.setdefault(each.key, each).given != each.given:
            what = f"row {first[each.key].row} answers the same question otherwise"
            faults.append(each.fault(what, "keep one of the two"))
