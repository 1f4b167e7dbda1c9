"""Sums of the engine under the names of the tables, and what no table names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from operator import add
from typing import Any

from monazite.customs.names import KnownNames, fold, fold_system, names_system
from monazite.customs.trade_sums import LeftOut, RecordSum
from monazite.customs.yearly_sums import FIRMS, KEYS, SUMMED
from monazite.errors import NotKnownError, UnknownNameError
from monazite.rows.bounds import ROWS
from monazite.safe_text import escaped

COLUMNS = (*KEYS, *FIRMS, *SUMMED)
"""Of a sum that is taken; blank where the records have no such column."""
_YEAR, _NUMBERS = KEYS.index("year"), len(KEYS) + len(FIRMS)
_Key = tuple[str, str, str, int, str, str]
"""Code, exporter, importer, year, and both firms where the sum is of a pair of them."""
_LEFT_OUT = 100_000
"""Names that are listed; what is more is refused, since nobody reads it."""


class GatheredSums:
    """Sums by the ids of the tables, and what has none."""

    def __init__(self, names: KnownNames, system: str) -> None:
        self._names, self._system = names, system
        self.count = 0
        self.years: set[int] = set()
        self._sums: dict[_Key, list[int]] = {}
        self._left: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._codes = cache(self._code)
        self._countries = cache(names.country)
        self._firm = cache(self._folded)
        self._spelled: dict[str, str] = {}

    def take(self, found: Sequence[Any]) -> None:
        """Add a sum of the engine."""
        system, code, exporter, importer, year, *firms = found[:_NUMBERS]
        numbers = [*map(int, found[_NUMBERS:])]
        self.count += numbers[0]
        self.years.add(year)
        good = self._codes(code or "", system or "")
        seller = self._countries(exporter or "")
        buyer = self._countries(importer or "")
        if good is None or seller is None or buyer is None or seller == buyer:
            self._leave(found, (good, seller, buyer), numbers)
            return
        key = (good, seller, buyer, year, *map(self._firm, firms))
        held = self._sums.setdefault(key, numbers)
        if held is not numbers:
            held[:] = map(add, held, numbers)
        elif len(self._sums) > ROWS:
            raise NotKnownError(
                f"The records have more than {ROWS:,} sums, which are more rows than are read; "
                "sum fewer years or codes at once."
            )

    def knows_code_of(self, found: Sequence[Any]) -> bool:
        """Tell whether the code of a sum is one of the tables."""
        return self._codes(found[1] or "", found[0] or "") is not None

    def _code(self, text: str, system: str) -> str | None:
        folded = system or self._system
        if not folded and text and not names_system(text, self._names):
            raise UnknownNameError(
                f'The code "{escaped(text)}" names no nomenclature, and codes of two editions '
                "are not the same goods: say which it is, such as --system hs2022 "
                f"({', '.join(self._names.systems)})."
            )
        return self._names.code(text, fold_system(folded))

    def _folded(self, name: str | None) -> str:
        """A firm as names are compared; of its spellings the first by the alphabet is shown."""
        shown = " ".join((name or "").split())
        folded = fold(shown)
        self._spelled[folded] = min(shown, self._spelled.get(folded, shown))
        return folded

    def _leave(
        self,
        found: Sequence[Any],
        ids: tuple[str | None, str | None, str | None],
        numbers: Sequence[int],
    ) -> None:
        code, seller, buyer = ids
        system, told, exporter, importer = found[:_YEAR]
        if code is None:
            why = ("no code of ours", f"{system or ''} {told or ''}".strip())
        elif seller is None or buyer is None:
            name = exporter if seller is None else importer
            why = ("no country of ours", (name or "").strip())
        else:
            why = ("a country with itself", seller)
        left = self._left[why]
        left[0] += numbers[0]
        left[1] += numbers[1]
        if len(self._left) > _LEFT_OUT:
            raise NotKnownError(
                f"More than {_LEFT_OUT:,} codes and countries are not known, the last of them "
                f'"{escaped(why[1])}"; name other columns with --column.'
            )

    def sums(self, months: Mapping[int, tuple[int, ...]]) -> tuple[RecordSum, ...]:
        """Return the sums, sorted."""
        found = []
        for key in sorted(self._sums):
            code, exporter, importer, year, seller, buyer = key
            count, grams, weighed, cents, valued = self._sums[key]
            pair = code, exporter, importer
            own = count, grams, weighed, cents, valued
            firms = self._spelled[seller], self._spelled[buyer]
            found.append(RecordSum(*pair, year, *own, *firms, months.get(year, ())))
        return tuple(found)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what stands in no sum, most records first."""
        found = (LeftOut(*why, *counted) for why, counted in self._left.items())
        return tuple(sorted(found, key=lambda each: (-each.count, each.why, each.name)))
