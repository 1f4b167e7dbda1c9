"""What can be asked about a bill, by key, and the answers read back: every fault at once.

A key is a hash of its lines: it tells nothing of the bill, and changes where they do.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from monazite.bom import columns
from monazite.bom.bill import NOT_STATED, Bill, BillLine, ElementContent, countries_in, evidence_of
from monazite.bom.decisions import loosened
from monazite.bom.headers import GRAMS, PER_CENT, plain_words, unit_word
from monazite.core.errors import BadCellError, Fault, Faults, FaultyTablesError
from monazite.core.formats import exact, figures, in_brief
from monazite.core.results import Struct
from monazite.data.workbook import CellNumber, Value

MATERIAL, CONTENT, MASS, MADE_IN = "material", "content", "mass", "made-in"
RECYCLED, COATING, SEAT = "recycled", "coating", "seat"
STAGES = {
    "mine": "In which countries are its rare earths mined?",
    "separation": "In which countries are its rare earths separated?",
    "metal": "In which countries are its rare earths made into metal?",
    "alloy": "In which countries is its alloy made?",
}
FACTS = {
    "chinese-technology": "Is it made with technology from China?",
    "recycled-us": "Is it of recycled material, milled and sintered in the United States?",
}
"""Facts of a part that its source knows; what else rules ask is the buyer's to say."""
QUESTIONS = {
    MATERIAL: "Which material and grade is it?",
    CONTENT: "How much of each rare earth does it hold?",
    MASS: "What does one piece weigh?",
    MADE_IN: "In which country is it made?",
    **STAGES,
    **FACTS,
    RECYCLED: "Which share of its rare earths is recycled?",
    COATING: "Which coating has it?",
    SEAT: "Where in the product does it sit?",
}
"""Kinds of questions to a source, in the order in which they are asked."""
_OF_SOURCE = {MADE_IN, RECYCLED, *STAGES, *FACTS}  # each source answers these
YOURS = "your"  # how keys begin of questions to whoever wrote the bill


class AskableQuestion(Struct):
    """A question that can be asked, answered or not."""

    key: str
    kind: str
    supplier: str  # of whom it is asked; empty where the bill names nobody
    places: tuple[int, ...]  # of the lines that it is about, from 0


def askable_of(bill: Bill) -> Mapping[str, AskableQuestion]:
    """Return what can be asked of a bill, by key: once for all lines of a material and a source."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(bill.lines):
        for key in _groups(one):
            groups[key].append(place)
    marks = [
        [
            x.position,
            x.part_number,
            x.description,
            x.material,
            x.grade,
            *(y.name for y in x.sources),
        ]
        for x in bill.lines
    ]
    found = {}
    for group, places in groups.items():
        kind, supplier = group[:2]
        text = json.dumps([kind, supplier, [marks[at] for at in places]], ensure_ascii=True)
        name = f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        found[name] = AskableQuestion(name, kind, supplier, tuple(places))
    return found


def _groups(one: BillLine) -> Iterator[tuple[str, ...]]:
    """The questions about a line, as what they share with those about other lines."""
    part = (one.part_number, one.description, one.position if not one.part_number else "")
    material = (one.material, one.grade)
    sellers = "; ".join(each.name for each in one.sources)
    for kind in QUESTIONS:
        if kind == MATERIAL and any(material):
            yield kind, sellers, *material
        elif kind in _OF_SOURCE:
            about = material if any(material) else part
            yield from ((kind, name, *about) for name in sorted({x.name for x in one.sources}))
        else:
            yield kind, sellers, *part


YES_OR_NO, COUNT = "yes or no", "count"  # kinds of questions to the buyer
_YES = {"yes", "ja", "true", "是", "y", "j"}
_NO = {"no", "nein", "false", "否", "n"}
_CONTENT = re.compile(r"\s*([^\W\d_]+)\s*[:=]?\s*(.+)")


Given = str | float | bool | tuple[str, ...] | tuple[ElementContent, ...]
"""What an answer says: a text, a number, yes or no, countries or words, or contents."""


class AnswerReader(Struct):
    """What an answer may say."""

    kinds: Mapping[str, str]
    country: Callable[[str], str]  # gives the code of a country, blank where it is not known
    elements: Mapping[str, str]  # symbols of elements, by their names and symbols in small letters
    words: Mapping[str, frozenset[str]]

    def given(self, kind: str, text: str, evidence: str) -> Given:
        """Return what an answer says."""
        if kind == CONTENT:
            return tuple(self._contents(text, evidence_of(evidence)))
        if kind == MADE_IN or kind in STAGES:
            return self._countries(text)
        if kind in self.words:
            found, allowed = countries_in(text), self.words[kind]
            if odd := [each for each in found if each not in allowed]:
                fix = f"write of {', '.join(sorted(allowed))}, with semicolons between"
                raise BadCellError(f'"{in_brief(odd[0], _SHOWN)}" is none of the words', fix)
            return found
        if kind == MASS:
            return _number(text, GRAMS, "write grams, as 12.5 g")
        if kind == COUNT:
            return _number(text, {"": 1.0}, "write a number without a unit")
        if kind == RECYCLED:
            return _per_cent(text)
        if kind != YES_OR_NO and kind not in FACTS:
            return text
        word = text.casefold()
        if word not in _YES | _NO:
            raise BadCellError(
                f'"{in_brief(text, _SHOWN)}" is neither yes nor no', "write yes or no"
            )
        return word in _YES

    def _countries(self, text: str) -> tuple[str, ...]:
        found = []
        for each in countries_in(text):
            code = self.country(each)
            if not code:
                what = f'"{in_brief(each, _SHOWN)}" is no country that is understood'
                fix = "write its English name or its code, several with semicolons between"
                raise BadCellError(what, fix)
            found.append(code)
        return tuple(dict.fromkeys(found))

    def _contents(self, text: str, evidence: str) -> Iterator[ElementContent]:
        seen: set[str] = set()
        for each in countries_in(text):
            found = _CONTENT.fullmatch(each)
            element = self.elements.get(found[1].casefold()) if found else None
            if found is None or element is None or element in seen:
                what = f'"{in_brief(each, _SHOWN)}" names no rare earth with its content'
                if element in seen:
                    what = f"{element} stands twice"
                raise BadCellError(what, "write per cent of the mass, as Dy 0.8 %; Tb 0 %")
            seen.add(element)
            low, high = columns.ends_of_range(found[2])
            ends = (_per_cent(low or high), _per_cent(high))
            if ends[0] > ends[1]:
                raise BadCellError(f"{element}: the low end is above the high", "turn them round")
            yield ElementContent(element, *ends, evidence)


def _per_cent(text: str) -> float:
    fix = "write per cent, as 0.8 %"
    if isinstance(text, CellNumber) and text.percent:
        hundred = 100 * float(text)  # of a cell that shows it as per cent
        text = f"{figures(hundred, 12)} %"
    value = _number(text, PER_CENT, fix)
    if value > 100:
        raise BadCellError(f"{exact(value)} % is more than the whole", fix)
    return value


def _number(text: str, units: Mapping[str, float], fix: str) -> float:
    written = columns.written_number(text)
    mark = columns.decimal_mark([written])
    if mark == "?":
        raise BadCellError(f'"{in_brief(text, _SHOWN)}" may be read in two ways', fix)
    unit = unit_word(written.unit) if written.unit else ""
    value = written.value(mark)
    if (unit not in units and (value or unit)) or value < 0:  # nothing is nothing in any unit
        raise BadCellError(f'"{in_brief(text, _SHOWN)}" is no number with its unit', fix)
    return value * units.get(unit, 1.0)


T = TypeVar("T")
COLUMNS = ("key", "supplier", "question", "parts", "judgements settled", "write", "answer",
           "evidence", "date")  # fmt: skip
KEY, ANSWER, SHOWN_BY, DAY = "key", "answer", "evidence", "date"
_READ = (KEY, ANSWER, DAY, SHOWN_BY)
_SHOWN = 60


class GivenAnswer(Struct):
    """An answer that was given."""

    key: str
    given: Given
    day: str  # of the answer, an ISO date; empty where none is given
    place: str
    row: int
    where: str

    def fault(self, what: str, fix: str) -> Fault:
        """Return a fault of the answer."""
        return Fault(self.place, self.row, f"{self.where}: {what}", fix)


class Answers(Struct):
    """What stands in a file of answers."""

    given: tuple[GivenAnswer, ...] = ()
    unanswered: tuple[str, ...] = ()


NOTHING_ANSWERED = Answers()


def read_answers(file: Path, reader: AnswerReader) -> Answers:
    """Read a questionnaire back."""
    faults = Faults()
    sheets, _ = columns.read_sheets(
        file, lambda text: plain_words(text) in COLUMNS, faults, "file of answers"
    )
    read: list[GivenAnswer] = []
    headers = [(sheet, header) for sheet in sheets if (header := _header_of(sheet))]
    for sheet, (number, places) in headers:
        for row, cells in sheet.rows:
            if row > number:
                read += _read_row(sheet.place, row, cells, places, reader, faults)
    if not headers and not len(faults):
        what = "no row is the header: key, answer"
        faults.append(Fault(str(file), 0, what, "write it with --questions"))
    found = [each for each in read if each.given != ""]
    first: dict[str, GivenAnswer] = {}
    for each in found:
        if first.setdefault(each.key, each).given != each.given:
            what = f"row {first[each.key].row} answers the same question otherwise"
            faults.append(each.fault(what, "keep one of the two"))
    if len(faults):
        raise FaultyTablesError(faults.gathered())
    unanswered = dict.fromkeys(each.key for each in read if each.key not in first)
    return Answers(tuple(found), tuple(unanswered))


def _header_of(sheet: columns.BillSheet) -> tuple[int, Mapping[str, int]] | None:
    for number, cells in sheet.head:
        names = [plain_words(cell) if isinstance(cell, str) else "" for cell in cells]
        if KEY in names and ANSWER in names:
            return number, {name: names.index(name) for name in _READ if name in names}
    return None


def _read_row(
    place: str,
    row: int,
    cells: Sequence[Value],
    places: Mapping[str, int],
    reader: AnswerReader,
    faults: Faults,
) -> Iterator[GivenAnswer]:
    """Yield what a row answers, blank where it has no answer; nothing where it is at fault."""
    where = {name: f'column {columns.column_letter(at)} ("{name}")' for name, at in places.items()}
    wrong: list[tuple[str, str, str]] = []  # column, what and what to do

    def tried(name: str, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except BadCellError as bad:
            wrong.append((name, bad.what, bad.fix))
            return instead

    key, answer, day, evidence = (
        tried(name, partial(_text, cells, places.get(name, len(cells))), "") for name in _READ
    )
    if not wrong and not any((key, answer, day, evidence)):
        return
    kind = reader.kinds.get(key, "")
    if not kind:
        what = f'no question has the key "{in_brief(key, _SHOWN)}"' if key else "the key is blank"
        fix = "leave keys as they were written; after a change of the bill, ask anew"
        wrong.append((KEY, what, fix))
    day = tried(DAY, partial(_day, day), "")
    tried(SHOWN_BY, partial(_check_evidence, kind, evidence), None)
    given: Given = ""
    if kind and answer:
        given = tried(ANSWER, partial(reader.given, kind, answer, evidence), given)
    for name, what, fix in wrong:
        faults.append(Fault(place, row, f"{where[name]}: {what}", fix, kind=f"{name}: {fix}"))
    if not wrong:
        yield GivenAnswer(key, given, day, place, row, where[ANSWER])


def _text(cells: Sequence[Value], place: int) -> str:
    """The text of a cell, without what kept a spreadsheet from running it."""
    cell = cells[place] if place < len(cells) else ""
    if isinstance(cell, BadCellError):
        raise cell
    if cell.startswith("="):
        raise BadCellError(f'"{in_brief(cell, _SHOWN)}" is a formula', "paste its value")
    return loosened(cell)


def _day(text: str) -> str:
    with suppress(ValueError):
        if not text or len(text) == len("2026-11-28"):
            return text and date.fromisoformat(text).isoformat()
    raise BadCellError(f'"{in_brief(text, _SHOWN)}" is no date', "write it as 2026-11-28")


def _check_evidence(kind: str, text: str) -> None:
    """Refuse an evidence of a content that is none of three; of all else it is any text."""
    if kind == CONTENT and text and evidence_of(text) == NOT_STATED:
        what = f'"{in_brief(text, _SHOWN)}" is no kind of evidence'
        raise BadCellError(what, "write tested, declared or datasheet")
