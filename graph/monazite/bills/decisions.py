"""The file of matches: what a reader says of firms and materials, written, edited and read back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monazite.errors import BadFileError, Fault, Faults, FaultyTablesError, UnreadableError
from monazite.rows.bounds import Budget
from monazite.rows.csv_records import csv_records, utf8_text
from monazite.rows.own_files import read_file
from monazite.safe_text import escaped, reveal
from monazite.tables import csv_lines

COLUMNS = ("kind", "text", "decision", "id", "name", "candidates", "why", "lines")
FIRM, MATERIAL = "firm", "material"
ACCEPTED, ASKED, NOT, NONE, FREE = "accepted", "asked", "not", "none", "no rare earths"
DECISIONS = {
    ACCEPTED: "the text is the thing of that id",
    ASKED: "not decided: set another word",
    NOT: "the text is not the thing of that id",
    NONE: "the tables do not have it",
    FREE: "a material that holds no rare earths",
}
"""What may stand under decision, and what it says."""
_LOADED = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Decision:
    """A line of the file of matches."""

    kind: str
    text: str
    decision: str
    id: str = ""


def match_key(text: str) -> str:
    """Return a text as matches compare it: without what does not show, in small letters.

    >>> match_key("  Muster  GmbH ")
    'muster gmbh'
    """
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
        records = list(csv_records(utf8_text(read_file(file)), Budget()))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableError(f"{escaped(place)} cannot be read: {reason}.") from None
    except BadFileError as bad:
        raise FaultyTablesError([Fault(place, bad.line, bad.what, bad.fix)]) from None
    header = tuple(records[0][1]) if records else ()
    if not {*COLUMNS[:4]} <= {*header}:
        what = f"the header lacks one of {', '.join(COLUMNS[:4])}"
        raise FaultyTablesError([Fault(place, 1, what, "write it with --matches-out")])
    for line, cells in records[1:]:
        texts = {name: _loosened(cell.strip()) for name, cell in zip(header, cells, strict=False)}
        one = Decision(*(texts.get(name, "") for name in COLUMNS[:4]))
        if wrong := _wrong(one, known):
            faults.append(Fault(place, line, *wrong))
        elif one.decision != ASKED:
            found.append(one)
    faults += _twice(place, found)
    if len(faults):
        raise FaultyTablesError(faults.gathered())
    return tuple(found)


def _loosened(text: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from running it."""
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


def _twice(place: str, found: Sequence[Decision]) -> list[Fault]:
    final: dict[tuple[str, str], Decision] = {}
    faults = []
    for one in found:
        key = (one.kind, match_key(one.text))
        if one.decision != NOT and final.setdefault(key, one) != one:
            what = f'"{one.text}" is decided in two ways'
            faults.append(Fault(place, 0, what, "keep one of the lines"))
    return faults
