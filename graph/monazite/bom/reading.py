"""A file that a reader named -> a bill, with every fault of its sheet at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import fsum
from pathlib import Path
from typing import TypeAlias

from monazite.bom import headers
from monazite.bom.bill import Bill, BillLine, ReadColumn, read_contents, read_suppliers, top_down
from monazite.bom.columns import (
    LARGEST,
    BillColumns,
    BillSheet,
    above_zero,
    column_letter,
    not_negative,
    read_sheets,
)
from monazite.core.errors import Fault, Faults, FaultyTablesError
from monazite.core.formats import counted, escaped, first_rows, grouped
from monazite.core.results import Struct
from monazite.data.bounds import COLUMNS, SMALLER
from monazite.data.vocabulary import ClassWords, classes_named, no_class
from monazite.data.workbook import Value

_DOTTED = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+)*\.?")
_LEVEL = re.compile(r"[.\-+ ]*([0-9]{1,2})")
_DEEPEST, _MOST_ABOVE = 50, 200  # levels of assembly, and lines that one line may be a part of


class BillPlaces(Struct):
    """What lines say of their place."""

    rows: Sequence[int]
    positions: Sequence[str]
    parts: Sequence[str]
    parents: Sequence[str] | None = None
    levels: Sequence[str] | None = None  # as written; None where the bill has no such column


TellFault = Callable[[int, str, str, str], None]
"""Is told the row, the field, what is wrong and what to do."""


def find_above(places: BillPlaces, tell: TellFault) -> tuple[list[tuple[int, ...]], str]:
    """Find what each line is a part of."""
    dotted = any("." in each.rstrip(".") for each in places.positions)
    if dotted or places.parents is not None:
        first: dict[str, int] = {}
        for row, position in zip(places.rows, places.positions, strict=True):
            key = position.rstrip(".")
            if key and key in first:
                what = f'the position "{position}" stands in row {first[key]} already'
                tell(row, "position", what, "give each line a position of its own")
            first.setdefault(key, row)
    if places.parents is not None:
        above = _by_parent(places, places.parents, tell)
        _tell_circles(places, above, tell)
        return above, "Levels are those of the parents that lines name."
    if places.levels is not None:
        return _by_level(places, places.levels, tell), "Levels are those of their own column."
    if dotted:
        return _by_points(places, tell), "Levels are those of the points of positions."
    return [()] * len(places.rows), "No column gives levels: all lines are parts of one product."


def _by_parent(
    places: BillPlaces, parents: Sequence[str], tell: TellFault
) -> list[tuple[int, ...]]:
    by_position: dict[str, list[int]] = defaultdict(list)
    by_part: dict[str, list[int]] = defaultdict(list)
    for place, (position, part) in enumerate(zip(places.positions, places.parts, strict=True)):
        by_position[position.rstrip(".")].append(place)
        by_part[part].append(place)
    above: list[tuple[int, ...]] = []
    for place, parent in enumerate(parents):
        held = by_position.get(parent) or by_part.get(parent) or []
        found = tuple(held) if parent else ()
        if parent and not found:
            what = f'no line has the position or part number "{parent}" of its parent'
            tell(places.rows[place], "parent", what, "add the line, or name another")
        if len(found) > _MOST_ABOVE:
            what = f'{len(found)} lines have the part number "{parent}" of its parent'
            tell(places.rows[place], "parent", what, "name the position of the one that is meant")
            found = ()
        above.append(found)
    return above


def _tell_circles(places: BillPlaces, above: Sequence[tuple[int, ...]], tell: TellFault) -> None:
    """Tell of one line of each circle: whatever has no place in an order leads up to one."""
    left = set(top_down(above)[1])
    walked: set[int] = set()
    for start in sorted(left):
        way: dict[int, None] = {}
        place = start
        while place not in walked and place not in way:
            way[place] = None
            place = next(each for each in above[place] if each in left)
        if place in way:
            what = "the line is a part of itself, by the parents that lines name"
            tell(places.rows[place], "parent", what, "break the circle")
        walked.update(way)


def _by_level(places: BillPlaces, levels: Sequence[str], tell: TellFault) -> list[tuple[int, ...]]:
    above: list[tuple[int, ...]] = []
    last: dict[int, int] = {}
    top = None
    for place, text in enumerate(levels):
        found = _LEVEL.fullmatch(text)
        level = int(found[1]) if found else None
        if level is None or level > _DEEPEST:
            what = f'"{text}" is no level' if text else "the level is blank"
            tell(places.rows[place], "level", what, "write 0 for the product, 1 for its parts")
            above.append(())
            continue
        top = level if top is None else min(top, level)
        if level > top and level - 1 not in last:
            what = f"level {level} has nothing of level {level - 1} above it"
            tell(places.rows[place], "level", what, "add the assembly, or mend the level")
        above.append((last[level - 1],) if level > top and level - 1 in last else ())
        last = {each: held for each, held in last.items() if each < level} | {level: place}
    return above


def _by_points(places: BillPlaces, tell: TellFault) -> list[tuple[int, ...]]:
    known = {each.rstrip("."): place for place, each in enumerate(places.positions) if each}
    above: list[tuple[int, ...]] = []
    for row, position in zip(places.rows, places.positions, strict=True):
        if not position or not _DOTTED.fullmatch(position):
            what = f'"{position}" is no position' if position else "the position is blank"
            tell(row, "position", what, "write positions as 1, 1.1, 1.2")
            above.append(())
            continue
        parent = position.rstrip(".").rpartition(".")[0]
        if parent and parent not in known:
            what = f'position "{position}" has no line "{parent}" above it'
            tell(row, "position", what, "add the assembly, or mend the position")
        above.append((known[parent],) if parent in known else ())
    return above


def parts_too_heavy(bill: Bill) -> str:
    """Return a sentence on lines whose parts weigh more than they do; empty where there is none."""
    rows = [
        one.row
        for one, below in zip(bill.lines, bill.below, strict=True)
        if one.mass is not None
        and fsum(x.quantity * (x.mass or 0.0) for x in map(bill.lines.__getitem__, below))
        > one.mass * 1.05  # masses of bills are nominal and rounded
    ]
    if not rows:
        return ""
    return (
        f"Parts weigh more than what they are in: row {first_rows(rows)}. "
        "Check masses and units; the grams may be wrong."
    )


MeaningOf: TypeAlias = Callable[[str], headers.Meaning | None]
_NAMES = {"part_number", "description"}
LINES = 200_000  # lines of a bill that are read
_TOTALS = re.compile(
    r"(grand |sub)?totals?|sums?|sub ?total.*|(zwischen|gesamt)?summe.*|gesamt|insgesamt|"
    r"合计.*|总计.*|小计.*|total (mass|weight|cost|costs|price|value|quantity|bom|assembly)"
)
_COUNTED = {headers.PIECE, *headers.MASSES, *headers.MEASURES}
_MERGED = re.compile(r"[A-Z]{1,3}([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")


def read_bill(file: Path, elements: Mapping[str, str], classes: ClassWords | None = None) -> Bill:
    """Read a bill of materials."""
    faults = Faults()

    @lru_cache(maxsize=10_000)
    def meaning_of(text: str) -> headers.Meaning | None:
        return headers.read_header(text, elements)

    sheets, over = read_sheets(file, lambda text: meaning_of(text) is not None, faults)
    found = [(sheet, header) for sheet in sheets if (header := _header_of(sheet, meaning_of))]
    if len(found) != 1:
        if not len(faults):
            names = ", ".join(sheet.name for sheet, _ in found)
            what = "no row is the header of a bill: a quantity, and a part number or a description"
            fix = "name the columns as monazite exposure --blank FILE does"
            if found:
                what = f'more than one sheet holds a bill: "{names}"'
                fix = "keep one of them, or name the others with a leading _"
            faults.append(Fault(str(file), 0, what, fix))
        raise FaultyTablesError(faults.gathered())
    sheet, number = found[0]
    over += [each.name for each in sheets if each is not sheet]
    bill = _read_sheet(file.name, sheet, number, meaning_of, over, faults, classes)
    if not len(faults):
        for one, pieces in zip(bill.lines, bill.quantities, strict=True):
            if not pieces < LARGEST:
                what = "one product would have more pieces of it than there can be"
                fix = "check the quantities above it"
                faults.append(Fault(sheet.place, one.row, what, fix, kind="pieces"))
    if len(faults):
        raise FaultyTablesError(faults.gathered())
    return bill


def _header_of(sheet: BillSheet, meaning_of: MeaningOf) -> int:
    """The number of the row that is the header; 0 where there is none."""
    best, most = 0, 0
    for number, cells in sheet.head:
        fields = {meaning.field for meaning in _meanings(cells, meaning_of).values()}
        if "quantity" in fields and fields & _NAMES and len(fields) > most:
            best, most = number, len(fields)
    return best


def _meanings(cells: Sequence[Value], meaning_of: MeaningOf) -> dict[int, headers.Meaning]:
    found = {
        place: meaning_of(cell)
        for place, cell in enumerate(cells[:COLUMNS])
        if isinstance(cell, str) and cell
    }
    named = headers.of_makers({place: each for place, each in found.items() if each is not None})
    described = [place for place, each in named.items() if each.field == "description"]
    for place in described[1:]:  # two descriptions are usual, and one is enough
        del named[place]
    return named


def _read_sheet(
    name: str,
    sheet: BillSheet,
    header_row: int,
    meaning_of: MeaningOf,
    over: Sequence[str],
    faults: Faults,
    classes: ClassWords | None,
) -> Bill:
    header = next(cells for number, cells in sheet.rows if number == header_row)
    meanings = _meanings(header, meaning_of)
    below = [(number, cells) for number, cells in sheet.rows if number > header_row]
    body = [(number, cells) for number, cells in below if not _is_remark(cells)]
    faults += _sheet_faults(sheet, header_row, meanings, header, body)
    columns = BillColumns(sheet, header, meanings, body, faults)
    if len(body) > LINES:
        lines_are = f"{grouped(len(body))} lines, and no more than {grouped(LINES)} are read"
        raise FaultyTablesError([Fault(sheet.place, 0, f"the bill has {lines_are}", SMALLER)])
    lines = _read_lines(columns, classes)
    if not body:
        faults.append(Fault(sheet.place, header_row, "the bill has no line", "write its lines"))
    position, part, parent, level = (
        columns.quiet(found) if (found := columns.find(name)) else None
        for name in ("position", "part_number", "parent", "level")
    )
    unsaid = [""] * len(body)
    above, how = find_above(
        BillPlaces(columns.rows, position or unsaid, part or unsaid, parent, level),
        lambda row, name, *fault: columns.tell(row, columns.find(name), *fault),
    )
    lines = [
        replace(one, above=each) if each else one for one, each in zip(lines, above, strict=True)
    ]
    told = tuple(
        ReadColumn(str(cell), meanings[place].words if place in meanings else "")
        for place, cell in enumerate(header)
        if cell
    )
    notes = [how]
    if first := sum(number < header_row for number, _ in sheet.rows):
        rows = f"{first} row{'s' * (first > 1)}"
        notes.append(f"Not read: {rows} above the header in row {header_row}.")
    if remarks := len(below) - len(body):
        notes.append(f"Not read: {remarks} remark{'s' * (remarks > 1)} that begin with #.")
    if over:
        names = ", ".join(map(escaped, over))
        notes.append(f"Not read: {names}; the bill is in {escaped(sheet.name)}.")
    if body and not columns.quiet(columns.find("quantity"))[0]:
        notes.append("The first line has no quantity: it is taken as one product.")
    return Bill(name, sheet.name, tuple(lines), told, tuple(notes))


def _is_remark(cells: Sequence[Value]) -> bool:
    first = next(filter(None, cells), "")
    return isinstance(first, str) and first.startswith("#")


def _sheet_faults(
    sheet: BillSheet,
    header_row: int,
    meanings: Mapping[int, headers.Meaning],
    header: Sequence[Value],
    body: Sequence[tuple[int, tuple[Value, ...]]],
) -> Iterator[Fault]:
    """Columns that mean the same, merged cells, and cells beyond the header."""
    first: dict[headers.Meaning, int] = {}
    for place, meaning in meanings.items():
        other = first.setdefault(replace(meaning, unit=""), place)
        if other != place:
            what = (
                f'column {column_letter(place)} ("{header[place]}") means the same as column '
                f"{column_letter(other)}: {meaning.words}"
            )
            fix = "take one out, or say which supplier it is of"
            yield Fault(sheet.place, header_row, what, fix)
    for cells in sheet.merged:
        found = _MERGED.fullmatch(cells)
        if found is None or int(found[2]) >= header_row:
            what = f"cells {cells} are merged: of which line they speak is not known"
            fix = "unmerge them, and write the value in each line"
            yield Fault(sheet.place, int(found[1]) if found else 0, what, fix, kind=fix)
    for number, held in body:
        if any(held[len(header) :]):
            cells_stand = counted(len(held), "cell stands", "cells stand")
            what = f"{cells_stand} where the header has {len(header)}"
            fix = "check separators and quotes, or name the column"
            yield Fault(sheet.place, number, what, fix, kind=fix)


def _read_lines(columns: BillColumns, classes: ClassWords | None) -> list[BillLine]:
    texts = {
        field: columns.texts(columns.find(field))
        for field in (
            *("position", "part_number", "description", "material", "grade"),
            *("quantity_unit", "mass_unit", "currency", "product_class"),
        )
    }
    _tell_totals(columns, texts)
    for row, text in zip(columns.rows, texts["product_class"], strict=True):
        if classes is not None and (wrong := no_class(text, classes)):
            columns.tell(row, columns.find("product_class"), *wrong)
    quantities, own = _quantities(columns, texts)
    masses = columns.masses(columns.find("mass"), texts["mass_unit"])
    wholes = columns.masses(columns.find("total_mass"), texts["mass_unit"])
    values = columns.numbers(columns.find("value"), not_negative)
    stocks = columns.pieces(columns.find("stock"))
    uses = columns.pieces(columns.find("use_per_day"))
    contents = read_contents(columns)
    suppliers = read_suppliers(columns)
    makers = columns.quiet(columns.find("made_in"))
    lines: list[BillLine] = []
    for place, row in enumerate(columns.rows):
        value, whole = values[place], wholes[place]
        shared = None if whole is None else whole / quantities[place]
        mass = next((x for x in (masses[place], own[place], shared) if x is not None), None)
        meant = columns.find("value")
        written = (value.unit if value else "") or texts["currency"][place]
        lines.append(
            BillLine(
                row=row,
                position=texts["position"][place],
                part_number=texts["part_number"][place],
                description=texts["description"][place],
                quantity=quantities[place],
                mass=mass,
                material=texts["material"][place],
                grade=texts["grade"][place],
                suppliers=suppliers[place],
                value=None if value is None else value.value,
                currency=headers.currency_code(written or (meant.unit if meant else "")),
                stock=stocks[place],
                use_per_day=uses[place],
                product_class=texts["product_class"][place],
                classes=classes_named(texts["product_class"][place], classes or {}),
                contents=contents[place],
                made_in="" if suppliers[place] else makers[place],
            )
        )
    return lines


def _quantities(
    columns: BillColumns, texts: Mapping[str, Sequence[str]]
) -> tuple[list[float], list[float | None]]:
    """The quantity of each line, 1 where it is at fault; and grams of one, of masses alone."""
    meaning = columns.find("quantity")
    numbers = columns.numbers(meaning, above_zero)
    blank = [not text for text in columns.quiet(meaning)]
    found: list[float] = []
    own: list[float | None] = []
    for place, number in enumerate(numbers):
        first = place == 0 and blank[place]  # the product itself
        row, inside = columns.rows[place], number.unit if number else ""
        if number is None and blank[place] and not first:
            columns.tell(row, meaning, "the quantity is blank", "write how many there are")
        if inside and inside not in _COUNTED:
            what = f'"{inside}" is no unit of a quantity'
            columns.tell(row, meaning, what, "write a number, and kg or m behind it")
        named = meaning.unit if meaning is not None else ""
        unit = headers.unit_word(inside or texts["quantity_unit"][place] or named)
        found.append(1.0 if number is None else number.value)
        own.append(headers.GRAMS.get(unit) if unit != headers.PIECE else None)
    return found, own


def _tell_totals(columns: BillColumns, texts: Mapping[str, Sequence[str]]) -> None:
    for place, row in enumerate(columns.rows):
        for field in ("position", "part_number", "description"):
            words = headers.plain_words(texts[field][place])
            if words and _TOTALS.fullmatch(words):
                what = f'"{texts[field][place]}" is a row of totals and no part'
                columns.tell(row, columns.find(field), what, "take the row out")
                break
