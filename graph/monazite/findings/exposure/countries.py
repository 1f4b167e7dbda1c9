"""Countries of a bill that are not understood: said with row and column, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from monazite.bills.bill import Bill, BillLine, ReadColumn, countries_in
from monazite.bills.headers import MEANINGS
from monazite.safe_text import in_brief

_SEAT, _MADE = "country", "made_in"
_SHOWN, _ROWS = 60, 5
_PLACES = {"world", "rest of the world", "all"}
"""Names that may be anywhere: they are understood, and say nothing."""


def countries_not_understood(
    bill: Bill, columns: Sequence[ReadColumn], country: Callable[[str], str], *, hide: bool
) -> Iterator[str]:
    """Yield a sentence for each text that should be a country and is none that is known."""
    rows: dict[tuple[str, str], list[int]] = {}
    for line in bill.lines:
        for field, text in dict.fromkeys(_texts(line)):
            if text and not country(text) and text.casefold() not in _PLACES:
                rows.setdefault((field, text), []).append(line.row)
    for (field, text), found in rows.items():
        headers = [each.header for each in columns if each.meaning.startswith(MEANINGS[field])]
        told = "" if hide else f' "{in_brief(text, _SHOWN)}"'
        more = f" and {len(found) - _ROWS:,} more" if len(found) > _ROWS else ""
        yield (
            f"The country{told} is not understood and counts as not known: row "
            f"{', '.join(map(str, found[:_ROWS]))}{more}, column {' or '.join(headers)}. "
            "Write its English name or its code, as Poland or POL."
        )


def _texts(line: BillLine) -> Iterator[tuple[str, str]]:
    for each in line.suppliers:
        yield _SEAT, each.country
        yield from ((_MADE, text) for text in countries_in(each.made_in))
    yield from ((_MADE, text) for text in countries_in(line.made_in))
