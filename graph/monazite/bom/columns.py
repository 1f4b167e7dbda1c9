"""The sheets of a bill and their columns as typed values; each cell that is none is a fault."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from monazite.bom.headers import GRAMS, PER_CENT, PIECE, Meaning, unit_word
from monazite.core.errors import BadCellError, BadFileError, Fault, Faults, UnreadableError
from monazite.core.files import kind_of, readable
from monazite.core.formats import escaped, exact, grouped
from monazite.core.results import Struct
from monazite.data.bounds import FILE_BYTES, SMALLER, Budget, csv_records, utf8_text
from monazite.data.own_files import read_file
from monazite.data.workbook import CellNumber, Value, Workbook

ENDINGS = (".csv", ".tsv", ".xlsx")
_SEPARATORS = (",", ";", "\t", "|")
_HEAD = 30  # rows among which the header is looked for: titles and dates may stand above it
_GARBLED = ("Ã¤", "Ã¶", "Ã¼", "ÃŸ", "Ã„", "Ã–", "Ãœ", "ï¿½", "\N{REPLACEMENT CHARACTER}", "Â°")
_AS_TEXT = "save it as XLSX, or as CSV in UTF-8"


class BillSheet(Struct):
    """The rows of a sheet that are not blank."""

    place: str
    name: str
    rows: tuple[tuple[int, tuple[Value, ...]], ...]
    merged: tuple[str, ...] = ()

    @property
    def head(self) -> tuple[tuple[int, tuple[Value, ...]], ...]:
        """The rows among which the header stands."""
        return self.rows[:_HEAD]


def read_sheets(
    file: Path, known: Callable[[str], bool], faults: Faults, what: str = "bill"
) -> tuple[list[BillSheet], list[str]]:
    """Read the sheets of a file."""
    ending, place = file.suffix.lower(), str(file)
    if ending == ".xlsm":
        raise UnreadableError(f"{escaped(place)} may hold macros, which are not read; {_AS_TEXT}.")
    if ending not in ENDINGS:
        told = f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
        raise UnreadableError(f"{escaped(place)} is no {what}, which ends in {told}; {_AS_TEXT}.")
    try:
        with readable(file):
            _check_size(file)
            content = read_file(file)
            if ending == ".xlsx":
                return _of_workbook(content, place, faults)
            return [_of_text(content, place, known, faults)], []
    except BadFileError as bad:
        faults.append(Fault(place, bad.line, bad.what, bad.fix))
        return [], []


def _check_size(file: Path) -> None:
    """Refuse a bill by its size, before anything of it is read."""
    found = file.stat()
    if kind := {"a folder", "a pipe", "a device", "a socket"} & {kind_of(found.st_mode)}:
        raise UnreadableError(f"{escaped(str(file))} is {kind.pop()}; name a file.")
    if found.st_size > FILE_BYTES:
        what = (
            f"it has {grouped(found.st_size)} bytes, and no more than {FILE_BYTES >> 20} MB are "
            "read"
        )
        raise BadFileError(what, SMALLER)


def _of_text(content: bytes, place: str, known: Callable[[str], bool], faults: Faults) -> BillSheet:
    text = _decoded(content)
    head = text.splitlines()[:_HEAD]

    def headers(mark: str) -> int:
        cells = ([x.strip().strip('"').strip() for x in line.split(mark)] for line in head)
        return max((sum(map(known, each)) for each in cells), default=0)

    records = csv_records(text, Budget(), max(_SEPARATORS, key=headers))
    rows = ((number, tuple(map(str.strip, fields))) for number, fields in records)
    sheet = BillSheet(place, "", tuple((number, cells) for number, cells in rows if any(cells)))
    faults += _garbled(sheet)
    return sheet


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            raise BadFileError("the text is no UTF-16", "save the file as UTF-8", 1) from None
    else:
        text = utf8_text(content)
    if "\0" in text:
        raise BadFileError("the file holds what no text does", _AS_TEXT, 1)
    return text


def _garbled(sheet: BillSheet) -> Iterator[Fault]:
    """Faults of texts that were read in a wrong encoding before they came here."""
    for number, cells in sheet.rows:
        texts = (cell for cell in cells if isinstance(cell, str))
        if odd := next((x for x in texts if any(sign in x for sign in _GARBLED)), ""):
            what, fix = (
                f'"{odd}" was once saved in a wrong encoding',
                "export the bill anew as UTF-8",
            )
            yield Fault(sheet.place, number, what, fix, kind=fix)


def _of_workbook(content: bytes, place: str, faults: Faults) -> tuple[list[BillSheet], list[str]]:
    book = Workbook(content, Budget())
    if book.has_macros:
        raise BadFileError("it holds macros, which are not read", "save it as XLSX without them")
    sheets: list[BillSheet] = []
    over: list[str] = []
    for sheet in book.sheets:
        where = f"{place}, sheet {sheet.name}"
        if sheet.name.startswith("_") or sheet.kind == "chartsheet":
            over.append(sheet.name)
            continue
        try:
            cells, merged = book.content(sheet)
        except BadFileError as bad:
            faults.append(Fault(where, 0, bad.what, bad.fix))
            continue
        rows = tuple(
            (number, tuple(_trimmed(row.get(column, "")) for column in range(1, max(row) + 1)))
            for number, row in sorted(cells.items())
        )
        found = BillSheet(where, sheet.name, rows, merged)
        faults += _garbled(found)
        sheets.append(found)
    return sheets, over


def _trimmed(value: Value) -> Value:
    """A cell without blanks at its ends; a number stays one."""
    return value if isinstance(value, BadCellError | CellNumber) else value.strip()


_SIGN = r"(?P<sign>[+-]?)"
_CURRENCY = r"(?P<before>[^\W\d_]{3}|[€$¥£])?"
_DIGITS = r"(?P<digits>[0-9][0-9.,' ]*|[.,][0-9]+)"
_WRITTEN = re.compile(rf"{_SIGN}\s*{_CURRENCY}\s*{_DIGITS}\s*(?P<after>[^0-9]*)")
_RANGE = re.compile(r"[0-9][^0-9]{0,3}?\s*(-|\.\.+|bis|to|至|~)\s*[0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}")
_CODE = re.compile(r"(?=.*[0-9])[^\W_]+([-_./ ][^\W_]+)*")
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "´": "'"})
_SPACED = re.compile(r"[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
_ENDS = re.compile(
    r"(?:(?P<low>[0-9.,]+)\s*%?\s*(?:-|\.\.+|bis|to|至|~)|<|≤|max\.?|up to|bis)\s*"
    r"(?P<high>[0-9.,]+)(?P<unit>[^0-9]*)"
)
_GROUPS = re.compile(r"[0-9]{1,3}(?P<mark>[.,])[0-9]{3}((?P=mark)[0-9]{3})*")


class Written(Struct):
    """A number as it stands in a cell."""

    digits: str  # with their marks, sign included; the mark of a point where it is settled
    unit: str = ""  # what stands before or behind it: a unit or a currency
    settled: bool = False  # whether its mark is known, as that of a number of a workbook

    @property
    def marks(self) -> str:
        """The decimal mark that the number shows; ``?`` if it may be either, empty if none."""
        digits = self.digits.lstrip("+-")
        found = {mark for mark in ".," if mark in digits}
        if self.settled or not found:
            return ""
        if len(found) == 2:
            return max(found, key=digits.rfind)
        mark = found.pop()
        if digits.count(mark) > 1:
            return "," if mark == "." else "."
        before, _, after = digits.partition(mark)
        whole = len(after) != 3 or not before or before.startswith("0") or len(before) > 3
        return mark if whole else "?"

    def value(self, mark: str) -> float:
        """Return the number, its decimal mark known."""
        if self.settled:
            return float(self.digits)
        other = "," if mark == "." else "."
        whole, _, part = self.digits.partition(mark)
        digits = whole.lstrip("+-")
        if other in part or mark in part or (other in digits and not _GROUPS.fullmatch(digits)):
            raise BadCellError(f'"{self.digits}" is not a number', "write digits and one mark")
        return float(f"{whole.replace(other, '')}.{part or 0}")


def written_number(text: str) -> Written:
    """Take a cell apart into its number and its unit."""
    if isinstance(text, CellNumber):
        return Written(text, settled=True)
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    if _DATE.fullmatch(plain):
        fix = "format the column as text, and write the number anew"
        raise BadCellError(f'"{text}" is a date', fix)
    if _RANGE.search(plain):
        raise BadCellError(f'"{text}" is a range and not one number', "write one number")
    found = _WRITTEN.fullmatch(plain)
    if found is None or (found["before"] and found["after"].strip()):
        what = f'"{text}" reads as a part number' if _CODE.fullmatch(plain) else f'"{text}" is none'
        raise BadCellError(what, "write a number in this column")
    spaced = found["digits"].strip().replace("'", " ")
    if " " in spaced and not _SPACED.fullmatch(spaced):
        raise BadCellError(f'"{text}" is more than one number', "write one number")
    digits = spaced.replace(" ", "")
    return Written(found["sign"] + digits, (found["before"] or found["after"]).strip(" ."))


def ends_of_range(text: str) -> tuple[str, str]:
    """Take a cell that may be a range or an upper bound apart into its ends."""
    if isinstance(text, CellNumber):
        return "", text
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    found = _ENDS.fullmatch(plain)
    if found is None:
        return "", text
    unit = f" {found['unit'].strip()}" if found["unit"].strip() else ""
    return f"{found['low'] or '0'}{unit}", f"{found['high']}{unit}"


def decimal_mark(column: Iterable[Written]) -> str:
    """Return the decimal mark that a column shows: all its cells decide."""
    shown = {number.marks for number in column} - {""}
    sure = sorted(shown - {"?"}, reverse=True)
    return "".join(sure) or ("?" if shown else ".")


_BLANKS = {*("-", "–", "—", "/", "n/a", "na", "tbd", "k.a.", "k. a.", "n.a.", "无", "?")}
LARGEST = 1e15  # numbers from which one is a mistake
_MARKS = {".": "a point", ",": "a comma"}


class Number(Struct):
    """A number of a cell."""

    value: float
    unit: str = ""  # as a word of :mod:`monazite.bom.headers`; empty where the cell names none


class BillColumns:
    """The columns of a sheet below its header."""

    def __init__(
        self,
        sheet: BillSheet,
        header: Sequence[Value],
        meanings: Mapping[int, Meaning],
        rows: Sequence[tuple[int, tuple[Value, ...]]],
        faults: Faults,
    ) -> None:
        self.rows = [number for number, _ in rows]
        self._cells = [cells for _, cells in rows]
        self._sheet, self._header, self._faults = sheet, header, faults
        self._at: dict[Meaning, int] = {}
        for place, meaning in meanings.items():
            self._at.setdefault(meaning, place)

    @property
    def meanings(self) -> list[Meaning]:
        """What the columns are taken for, from left to right."""
        return list(self._at)

    def find(self, field: str, tier: int = 1, number: int = 1) -> Meaning | None:
        """Return the column that means something, None where there is none."""
        wanted = (field, tier, number)
        same = (each for each in self._at if (each.field, each.tier, each.number) == wanted)
        return next(same, None)

    def tell(self, row: int, meaning: Meaning | None, what: str, fix: str) -> None:
        """Add a fault of a cell: the sheet, the row, and the column by letter and header."""
        where = ""
        if meaning is not None:
            place = self._at[meaning]
            where = f'column {column_letter(place)} ("{self._header[place]}"): '
        fault = Fault(self._sheet.place, row, where + what, fix, kind=f"{where}{fix}")
        self._faults.append(fault)

    def texts(self, meaning: Meaning | None) -> list[str]:
        """Return the cells of a column as texts; blank ones where there is no such column."""
        if meaning is None:
            return [""] * len(self.rows)
        rows = zip(self.rows, self._column(meaning), strict=True)
        return [self._text(row, value, meaning) for row, value in rows]

    def quiet(self, meaning: Meaning | None) -> list[str]:
        """Return the texts of a column whose faults were told already."""
        if meaning is None:
            return [""] * len(self.rows)
        return [
            cell if isinstance(cell, str) and cell.casefold() not in _BLANKS else ""
            for cell in self._column(meaning)
        ]

    def _column(self, meaning: Meaning) -> Iterator[Value]:
        place = self._at[meaning]
        return (cells[place] if place < len(cells) else "" for cells in self._cells)

    def _text(self, row: int, value: Value, meaning: Meaning) -> str:
        if isinstance(value, BadCellError):
            self.tell(row, meaning, value.what, value.fix)
            return ""
        if value.startswith("=") and not isinstance(value, CellNumber):
            self.tell(row, meaning, f'"{value}" is a formula', "paste its value instead")
            return ""
        return "" if value.casefold() in _BLANKS else value

    def numbers(
        self,
        meaning: Meaning | None,
        check: Callable[[float], str] = lambda _: "",
        texts: Sequence[str] | None = None,
    ) -> list[Number | None]:
        """Return the cells of a column as numbers: all of them decide on the decimal mark.

        In their place there may be texts, several for each row, one row after the other.
        """
        if meaning is None:
            return [None] * len(self.rows)
        written: list[Written | None] = []
        for place, text in enumerate(self.texts(meaning) if texts is None else texts):
            try:
                written.append(written_number(text) if text else None)
            except BadCellError as bad:
                self.tell(self._row(place), meaning, bad.what, bad.fix)
                written.append(None)
        mark = decimal_mark(each for each in written if each)
        self._tell_marks(mark, meaning, written)
        read = [self._number(place, each, mark, meaning) for place, each in enumerate(written)]
        for place, number in enumerate(read):
            if number is not None and (wrong := check(number.value)):
                self.tell(self._row(place), meaning, wrong, "check the number and its sign")
                read[place] = None
        return read

    def _row(self, place: int) -> int:
        return self.rows[place % len(self.rows)]

    def _tell_marks(self, mark: str, meaning: Meaning, cells: Sequence[Written | None]) -> None:
        """Tell of cells whose decimal mark is not that of their column, or may be either."""
        if mark in {".", ","}:
            return
        shown = [(place, each) for place, each in enumerate(cells) if each and each.marks]
        sure = Counter(each.marks for _, each in shown if each.marks != "?")
        for place, each in shown:
            if mark == "?":
                less, more = each.digits.replace(",", "."), re.sub("[.,]", "", each.digits)
                ways = f'"{each.digits}" may be {less} or {more}'
                what = f"{ways}, and no other cell of the column tells"
                fix = "write one number of the column with other than three digits behind"
                self.tell(self._row(place), meaning, what, fix)
            elif each.marks not in {"?", usual := sure.most_common(1)[0][0]}:
                own, others = _MARKS[each.marks], _MARKS[usual]
                what = f'"{each.digits}" has {own} as its decimal mark, and other cells {others}'
                fix = "write all numbers of the column with one decimal mark"
                self.tell(self._row(place), meaning, what, fix)

    def _number(
        self, place: int, written: Written | None, mark: str, meaning: Meaning
    ) -> Number | None:
        if written is None or mark == "?" or (len(mark) > 1 and written.marks):
            return None
        try:
            value = written.value(mark[0])
            if abs(value) >= LARGEST:
                what = f"{written.digits} is more than there can be"
                raise BadCellError(what, "check the number")
            return Number(value, unit_word(written.unit) if written.unit else "")
        except BadCellError as bad:
            self.tell(self._row(place), meaning, bad.what, bad.fix)
            return None

    def pieces(self, meaning: Meaning | None) -> list[float | None]:
        """Return a column of pieces; a unit of another kind is a fault."""
        found: list[float | None] = []
        for place, number in enumerate(self.numbers(meaning, not_negative)):
            if number is not None and number.unit not in {"", PIECE}:
                what = f'"{number.unit}" is no unit of pieces'
                self.tell(self.rows[place], meaning, what, "write pieces")
                number = None
            found.append(None if number is None else number.value)
        return found

    def masses(self, meaning: Meaning | None, units: Sequence[str]) -> list[float | None]:
        """Return a column of masses in grams."""
        numbers = self.numbers(meaning, not_negative)
        bare = bool(meaning and not meaning.unit) and any(x and x.unit for x in numbers)
        found: list[float | None] = []
        for place, (number, beside) in enumerate(zip(numbers, units, strict=True)):
            if number is None or meaning is None:
                found.append(None)
                continue
            named = {number.unit, unit_word(beside), meaning.unit} - {""}
            if wrong := _wrong_unit(named, bare=bare):
                self.tell(self.rows[place], meaning, *wrong)
            found.append(None if wrong else number.value * GRAMS[named.pop()])
        return found

    def per_cent_ranges(
        self, meaning: Meaning, what: str, of: str
    ) -> list[tuple[float, float] | None]:
        """Return a column of per cents, each of which may be a range or an upper bound."""
        ends = [ends_of_range(text) for text in self.texts(meaning)]
        texts = [low for low, _ in ends] + [high for _, high in ends]
        read = self.per_cent(meaning, what, of, texts)
        found: list[tuple[float, float] | None] = []
        for place, row in enumerate(self.rows):
            low, high = read[place], read[place + len(ends)]
            if high is None or (ends[place][0] and low is None):
                found.append(None)
                continue
            found.append((high.value if low is None else low.value, high.value))
            if low is not None and low.value > high.value:
                what = f'"{ends[place][0]}" is above "{ends[place][1]}"'
                self.tell(row, meaning, what, "write the lower end first")
        return found

    def per_cent(
        self, meaning: Meaning, what: str, of: str, texts: Sequence[str] | None = None
    ) -> list[Number | None]:
        """Return a column of per cents; a number without a unit is a fault."""
        texts = self.texts(meaning) if texts is None else texts
        shown = [isinstance(text, CellNumber) and text.percent for text in texts]
        found: list[Number | None] = []
        for place, number in enumerate(self.numbers(meaning, not_negative, texts)):
            if number is None:
                found.append(None)
                continue
            factor = 100.0 if shown[place] else PER_CENT.get(number.unit or meaning.unit)
            value = number.value * (factor or 0.0)
            wrong = f"the {what} has no unit" if factor is None else ""
            wrong = wrong or ("" if value <= 100 else f"{exact(value)} % is more than the whole")
            if wrong:
                self.tell(self._row(place), meaning, wrong, f"write per cent of the {of}, as 1.2 %")
            found.append(None if wrong else Number(value, "%"))
        return found


def _wrong_unit(named: set[str], *, bare: bool) -> tuple[str, str] | None:
    """What is wrong with the units that a mass has, and what to do."""
    if not named:
        what = "the number has no unit, and others have one" if bare else "the mass has no unit"
        return what, "name g or kg in the header, or in every cell"
    if len(named) > 1:
        return f'units are mixed: "{" and ".join(sorted(named))}"', "keep one unit for a number"
    if not named <= {*GRAMS}:
        return f'"{next(iter(named))}" is no unit of mass', f"use one of {', '.join(GRAMS)}"
    return None


def not_negative(number: float) -> str:
    """Say what is wrong with a number below zero."""
    return f"{exact(number)} is below zero" if number < 0 else ""


def above_zero(number: float) -> str:
    """Say what is wrong with a number that is not above zero."""
    return not_negative(number) or ("" if number else "it is zero")


def column_letter(place: int) -> str:
    """Return the letters of a column, as a spreadsheet has them."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
