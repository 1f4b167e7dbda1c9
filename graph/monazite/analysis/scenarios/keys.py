"""The keys of a scenario file, ``ontology/scenarios/keys.csv``, and what each takes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from monazite.core.errors import BadDateError
from monazite.core.formats import exact
from monazite.core.package import ontology_folder
from monazite.core.results import Value
from monazite.data.dates import date_bounds
from monazite.data.own_files import rows_of
from monazite.data.parameters import NumberBounds
from monazite.model.wording import listed

MOST_BYTES = 64 * 1024
MOST_MONTHS, MOST_SHOCKS, MOST_FIRMS, MOST_NAMES, MOST_DRAWS = 60, 40, 12, 60, 2_000
LONGEST_TEXT = 2_000  # characters
LARGEST_TOLD = 10**18  # whole numbers beyond it are not written out
YEARS = range(1985, 2101)  # in which a day may lie
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
PROPORTION, HOME_FIRST = "proportion", "home-first"
BUILD = "build"
TEXT, NAMES, NUMBER, WHOLE = "text", "list of texts", "number", "whole number"
DAY, MONTH, DATE = "day", "month", "day, month or year"
PARTS = "table of numbers"
NUMBERS = {NUMBER, WHOLE, PARTS}  # kinds that have ends


class FileKey(Value):
    """A key of a scenario file; of no words it takes any; about is what of a shock it says.

    Keys of different kinds of shock that say the same stand in for each other.
    """

    name: str
    kind: str
    help: str
    needed: bool = False
    low: float = 0.0
    high: float = 1.0
    words: tuple[str, ...] = ()
    default: str = ""
    about: tuple[str, ...] = ()


THING = frozenset(
    ("who makes", "who buys", "at which stage", "of what", "by which rule", "what is done")
)
"""Of what keys say, what a shock is done to: two of a kind that agree in all of it do the same."""
ALL, TO_THE_END, FIRST_DAY = "all", "to the end", "the first day"
"""What is meant where a key is left out: whatever there is; until."""
TOP, *BLOCKS = _TABLES = ("file", "view", "assumed", "firms", "shock")
"""Where a key may stand: above all tables, or in one of them."""


@cache
def file_keys() -> dict[str, tuple[FileKey, ...]]:
    """Read the keys of each table of a scenario file, and those of each kind of shock."""
    found: dict[str, list[FileKey]] = defaultdict(list)
    for row in rows_of(ontology_folder() / "scenarios" / "keys.csv"):
        key = FileKey(
            name=row["key"],
            kind=row["takes"],
            help=row["means"],
            needed=bool(row["needed"]),
            low=float(row["low"] or 0),
            high=float(row["high"] or 1),
            words=tuple(filter(None, row["words"].split(";"))),
            default=row["left_out"],
            about=tuple(filter(None, row["about"].split(";"))),
        )
        for table in row["of"].split(";"):
            found[table].append(key)
    return {table: tuple(own) for table, own in found.items()}


@cache
def shock_kinds() -> dict[str, tuple[FileKey, ...]]:
    """Return the keys of each kind of shock, beside those that all have."""
    return {kind: own for kind, own in file_keys().items() if kind not in _TABLES}


def until_of(kind: str) -> str:
    """Return what is meant where a shock of a kind has no last day; empty where it has none."""
    return next((key.default for key in shock_kinds()[kind] if key.name == "until"), "")


def instead_of(name: str, kind: str) -> str:
    """Return what to write in a shock in place of a key that only other kinds have.

    >>> instead_of("country", "close")
    'write what instead (a line of chokepoints: mine/MMR, firm/lynas)'
    """
    others = {other: x for other, own in shock_kinds().items() for x in own if x.name == name}
    said = {about for key in others.values() for about in key.about}
    own = [key for key in shock_kinds()[kind] if not said.isdisjoint(key.about)]
    if not own:
        return f"leave it out: it is a key of {listed(others)}" if others else ""
    names = " or ".join(key.name for key in own)
    told = own[0].help.partition(". ")[0].rstrip(".") if len(own) == 1 else ""
    return f"write {names} instead" + (f" ({told[:1].lower()}{told[1:]})" if told else "")


def shown(value: object) -> str:
    """Return a value as a fault tells it."""
    if isinstance(value, int) and abs(value) > LARGEST_TOLD:
        return f"a number of more than {len(str(LARGEST_TOLD)) - 1} digits"
    if isinstance(value, str | int | float | bool | date):
        return repr(value) if isinstance(value, str) else str(value)
    what = "list" if isinstance(value, list) else "table"
    return f"a {what}" if value else f"an empty {what}"


def wanted(key: FileKey) -> str:
    """Return what a key takes, as a fault tells it."""
    if key.kind in NUMBERS:
        return f"a {key.kind}, {exact(key.low)} to {exact(key.high)}"
    return {
        TEXT: f"one of {', '.join(key.words)}" if key.words else "a text",
        NAMES: f"a list of 1 to {MOST_NAMES} texts",
        DAY: 'a day, as "2025-04-04"',
        MONTH: 'a month, as "2025-04"',
        DATE: 'a date, as "2025", "2025-06" or "2025-06-11"',
    }[key.kind]


def refused(key: FileKey, value: object) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with a value, and what to write; nothing where a key takes it.

    >>> list(refused(FileKey("cover", PARTS, "By stage."), {"mine": 0.5, "magnet": -1}))
    [('cover.magnet is -1', 'write a number, 0 to 1')]
    """
    taken = value_of(key, value)
    if taken is not None:
        if key.kind == NAMES and isinstance(value, list) and len(taken) < len(value):
            twice = [name for name in taken if value.count(name) > 1]
            yield f"{key.name} has {listed(map(shown, twice))} more than once", "name each once"
    elif key.kind == PARTS and isinstance(value, Mapping) and 0 < len(value) <= MOST_NAMES:
        one = replace(key, kind=NUMBER)
        for name, part in value.items():
            if not _inside(one, part):
                yield f"{key.name}.{name} is {shown(part)}", f"write {wanted(one)}"
    else:
        blank = "missing" if key.needed else "blank"
        yield f"{key.name} is {blank if is_blank(value) else shown(value)}", f"write {wanted(key)}"


def value_of(key: FileKey, value: object) -> Any:  # noqa: ANN401 - whatever the key takes
    """Return the value of a key, as its kind has it, each name once; None where it is none."""
    if key.kind == TEXT:
        return value if _is_text(value) and (not key.words or value in key.words) else None
    if key.kind == NAMES:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_NAMES:
            return None
        return tuple(dict.fromkeys(value)) if all(map(_is_text, value)) else None
    if key.kind == DAY:
        return _day(value)
    if key.kind == MONTH:
        at = _MONTH.fullmatch(value) if isinstance(value, str) else None
        return date(int(at[1]), int(at[2]), 1) if at and int(at[1]) in YEARS else None
    if key.kind == DATE:
        return _date(value)
    if key.kind == PARTS:
        if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_NAMES:
            return None
        one = replace(key, kind=NUMBER)
        return value if all(_inside(one, x) for x in value.values()) else None
    return value if _inside(key, value) else None


def is_blank(value: object) -> bool:
    """Return whether a value is a text in which nothing shows: it says as much as none."""
    return isinstance(value, str) and not any(x.isprintable() and x != " " for x in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not is_blank(value) and len(value) <= LONGEST_TEXT


def _inside(key: FileKey, value: object) -> bool:
    return NumberBounds(key.name, key.low, key.high, whole=key.kind == WHOLE).holds(value)


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if type(value) is not date:
        return None
    return value if value.year in YEARS else None


def _date(value: object) -> str | None:
    """A date as a view takes it: a day may stand without quotes, as elsewhere in the file."""
    text = f"{value}" if isinstance(value, str) or type(value) is date else ""
    try:
        date_bounds(text)
    except BadDateError:
        return None
    return text
