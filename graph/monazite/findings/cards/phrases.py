"""Rows as phrases of a card: names without remarks, amounts, dates, and who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monazite.rows.dates import date_bounds
from monazite.triples.cards import Names, RowCard, SourceLine
from monazite.triples.short_card import CardFact, CardLine

MOST = 4
"""Facts that a line tells before it counts the rest."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REMARK = re.compile(r",? (form not stated|mineral not stated or mixed|together)|\s*\([^)]*\)")
_FORM = re.compile(r",? form not stated")
"""A remark on a material that is not the point where it is told what holds, covers or uses it."""
_UNITS = (
    ("tonnes per ", "t/"),
    ("tonnes", "t"),
    ("tonne", "t"),
    ("t/year", "t/yr"),
    ("percent", "%"),
)
_WHOLE = 100
"""From where on a number is told without a fraction."""
_REO = "Rare-earth oxide content"


def day_words(date: str) -> str:
    """Return a date as it is read.

    >>> day_words("2026-11-24"), day_words("2026-11"), day_words("2026")
    ('24 Nov 2026', 'Nov 2026', '2026')
    """
    year, *rest = date.split("-")
    words = [str(int(part)) if place else _MONTHS[int(part) - 1] for place, part in enumerate(rest)]
    return " ".join([*reversed(words), year])


def plain_name(name: str) -> str:
    """Return the name of a material without what is remarked of it.

    >>> plain_name("neodymium-praseodymium oxide (didymium)"), plain_name("cerium, form not stated")
    ('NdPr oxide', 'cerium')
    """
    return _REMARK.sub("", name).replace("neodymium-praseodymium", "NdPr").strip()


def amount(card: RowCard) -> str:
    """Return the number of a row with its unit and what it is of; nothing where it has none."""
    cells = card.cells
    value, low, high = (
        cells.get(f"value{end}") or cells.get(f"percent{end}", "") for end in ("", "_low", "_high")
    )
    if not (value or low or high):
        return ""
    unit = cells.get("unit", "")
    for long, short in _UNITS:
        unit = unit.replace(long, short)
    if value:
        number = _number(value)
    elif low and high:
        number = f"{_number(low)} to {_number(high)}"
    else:
        number = f"up to {_number(high)}" if high else f"at least {_number(low)}"
    basis = " REO" if cells.get("basis") == _REO else ""
    return f"{number} {unit}{basis} {plain_name(cells.get('material', ''))}".strip()


def _number(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:,.0f}" if value >= _WHOLE or value.is_integer() else f"{value:,.3g}"


def best(sources: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Return sources, the best first; of equal ones that with an address, the newest, by id."""
    by_id = sorted(sources, key=lambda each: each.id)
    newest = sorted(by_id, key=lambda each: each.published, reverse=True)
    return tuple(sorted(newest, key=lambda each: (each.tier, not each.url)))


def fact(text: str, *cards: RowCard) -> CardFact:
    """Return a phrase with the sources of its rows; it says so where all only perhaps hold."""
    if cards and all(card.perhaps for card in cards):
        text = f"perhaps {text}"
    said = best({source for card in cards for source in card.sources})
    return CardFact(text, said, named_in(text, *cards))


def named_in(text: str, *cards: RowCard) -> Names:
    """Return the things that some rows name and a phrase shows."""
    return tuple(dict.fromkeys(x for card in cards for x in card.named if x[0] in text))


def line(heading: str, facts: Sequence[CardFact], more: str = "") -> CardLine:
    """Return a line of the first facts; of the rest it says how many there are."""
    plain = [replace(each, text=_FORM.sub("", each.text)) for each in facts]
    told = list({each.text: each for each in reversed(plain)}.values())[::-1]
    rest = len(told) - MOST
    if rest > 0:
        told = [*told[:MOST], CardFact(f"{rest} more: {more}" if more else f"{rest} more")]
    return CardLine(heading, tuple(told))


def of_table(cards: Iterable[RowCard], *tables: str) -> list[RowCard]:
    """Return the rows of some tables, in the order of time."""
    return sorted((card for card in cards if card.table in tables), key=_when)


def _when(card: RowCard) -> tuple[str, str]:
    begin = card.time.partition(" to ")[0]
    try:
        return (date_bounds(begin)[0] if begin else "9999", card.row)
    except ValueError:
        return ("9999", card.row)


def lasts(card: RowCard, day: str, first: str = "valid_from", last: str = "valid_until") -> bool:
    """Tell whether what a row says may hold on a day, by its own dates."""
    begin, end = card.cells.get(first, ""), card.cells.get(last, "")
    return not (begin and date_bounds(begin)[0] > day) and not (end and date_bounds(end)[1] < day)
