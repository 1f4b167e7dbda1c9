"""The file of matches: what a reader says of firms and materials, written, edited and read back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from monazite.core.errors import BadFileError, Fault, Faults, FaultyTablesError, UnreadableError
from monazite.core.files import readable
from monazite.core.formats import ELLIPSIS, escaped, reveal
from monazite.core.results import Struct
from monazite.core.tables import csv_lines
from monazite.data.bounds import Budget, csv_records, utf8_text
from monazite.data.own_files import read_file

COLUMNS = ("kind", "text", "decision", "id", "name", "candidates", "why", "lines")
FIRM, MATERIAL = "firm", "material"
ACCEPTED, ASKED, NOT, NONE, FREE = "accepted", "asked", "not", "none", "no rare earths"
DECISIONS = (ACCEPTED, ASKED, NOT, NONE, FREE)
"""The text is the thing of an id, is not decided, is not that thing, is not in the tables, or is a
material that holds no rare earths."""
_LOADED = ("=", "+", "-", "@", "\t", "\r")


class Decision(Struct):
    """A line of the file of matches."""

    kind: str
    text: str
    decision: str
    id: str = ""


def match_key(text: str) -> str:
    """Return a text as matches compare it: without what does not show, in small letters."""
    return " ".join(reveal(text).casefold().split())


def write_decisions(records: Sequence[Sequence[str]]) -> str:
    """Return the file of matches as CSV, no cell of which runs."""
    return "".join(csv_lines(COLUMNS, records))


def read_decisions(file: Path, known: Mapping[str, Collection[str]]) -> tuple[Decision, ...]:
    """Read the file of matches back."""
    faults = Faults()
    place = str(file)
    found: list[Decision] = []
    try:
        with readable(file):
            records = list(csv_records(utf8_text(read_file(file)), Budget()))
    except BadFileError as bad:
        raise FaultyTablesError([Fault(place, bad.line, bad.what, bad.fix)]) from None
    header = tuple(records[0][1]) if records else ()
    if not {*COLUMNS[:4]} <= {*header}:
        what = f"the header lacks one of {', '.join(COLUMNS[:4])}"
        raise FaultyTablesError([Fault(place, 1, what, "write it with --matches-out")])
    for line, cells in records[1:]:
        texts = {name: loosened(cell.strip()) for name, cell in zip(header, cells, strict=False)}
        one = Decision(*(texts.get(name, "") for name in COLUMNS[:4]))
        if wrong := _wrong(one, known):
            faults.append(Fault(place, line, *wrong))
        elif one.decision != ASKED:
            found.append(one)
    final: dict[tuple[str, str], Decision] = {}
    for one in found:
        if one.decision != NOT and final.setdefault((one.kind, match_key(one.text)), one) != one:
            what = f'"{one.text}" is decided in two ways'
            faults.append(Fault(place, 0, what, "keep one of the lines"))
    if len(faults):
        raise FaultyTablesError(faults.gathered())
    return tuple(found)


def loosened(text: str) -> str:
    """Return a cell without the apostrophe that kept a spreadsheet from running it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_LOADED) else text


def _wrong(one: Decision, known: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    if one.kind not in known:
        return f'"{one.kind}" is neither firm nor material', "write one of the two"
    if one.decision not in DECISIONS:
        return f'"{one.decision}" is no decision', f"write one of {', '.join(DECISIONS)}"
    if one.decision in {ACCEPTED, NOT} and one.id not in known[one.kind]:
        return f'no {one.kind} has the id "{one.id}"', "take an id of the candidates, or none"
    if one.decision == FREE and one.kind != MATERIAL:
        return "a firm is no material", "write none"
    return None


_QUOTED = re.compile(r'\(?".*"\)?', re.DOTALL)
"""From the first quotation mark to the last: what is quoted may hold such marks itself."""


class Codes:
    """Gives codes by the first time that a name is met, so that no code tells its name."""

    def __init__(self, *, hide: bool) -> None:
        self.hide = hide
        self._known: dict[tuple[str, str], str] = {}
        self._count: Counter[str] = Counter()

    def __call__(self, kind: str, text: str) -> str:
        """Return the code of a name, or the name where none is hidden; a blank stays one."""
        if not self.hide or not text:
            return text
        key = (kind, match_key(text))
        if key not in self._known:
            self._count[kind] += 1
            self._known[key] = f"{kind} {self._count[kind]}"
        return self._known[key]


def without_quotes(faults: Iterable[Fault], files: Mapping[str, str] | None = None) -> list[Fault]:
    """Return faults without what they quote, and without the names of files."""
    found = []
    for each in faults:  # a sheet may stand behind the name of its file
        words = (x for name, x in (files or {}).items() if each.file.startswith(escaped(name)))
        what = _QUOTED.sub(f'"{ELLIPSIS}"', each.what)
        found.append(replace(each, file=next(words, "bill"), what=what))
    return found


@contextmanager
def hidden_names(files: Mapping[str, str], *, hide: bool) -> Iterator[None]:
    """Tell faults and unreadable files without names, where names are hidden."""
    if not hide:
        yield
        return
    try:
        yield
    except FaultyTablesError as error:
        raise FaultyTablesError(without_quotes(error.faults, files)) from None
    except UnreadableError as error:
        told = str(error)
        for name in sorted(files, key=len, reverse=True):
            told = told.replace(escaped(name), f"the file of the {files[name]}")
        raise UnreadableError(told[:1].upper() + told[1:]) from None
