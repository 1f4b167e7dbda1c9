"""Sums of the engine under the names of the tables, and what no table names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from monazite.customs.names import KnownNames, fold_system, names_system
from monazite.customs.trade_sums import LeftOut, RecordSum
from monazite.customs.yearly_sums import FIRMS, SUMMED
from monazite.errors import NotKnownError, UnknownNameError
from monazite.rows.bounds import ROWS
from monazite.safe_text import escaped

_Key = tuple[str, str, str, int, str, str]
"""Code, exporter, importer, year, and both firms where the sum is of a pair of them."""
_LEFT_OUT = 100_000
"""Names that are listed; what is more is refused, since nobody reads it."""


class GatheredSums:
    """Sums by the ids of the tables, and what has none.

    Args:
        names: those of the tables.
        system: the nomenclature of codes that name none; empty where they must.
    """

    def __init__(self, names: KnownNames, system: str) -> None:
        self._names, self._system = names, system
        self.count = 0
        self.years: set[int] = set()
        self._sums: dict[_Key, list[int]] = {}
        self._left: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._codes = cache(self._code)
        self._countries = cache(names.country)

    def take(self, found: Mapping[str, Any]) -> None:
        """Add a sum of the engine.

        Args:
            found: its columns by name.

        Raises:
            UnknownNameError: its code names no nomenclature.
            NotKnownError: there are too many sums, or names that no table has.
        """
        numbers = [int(found[name]) for name in SUMMED]
        self.count += numbers[0]
        self.years.add(found["year"])
        code = self._codes(found["code"] or "", found.get("system") or "")
        seller = self._countries(found["exporter"] or "")
        buyer = self._countries(found["importer"] or "")
        if code is None or seller is None or buyer is None or seller == buyer:
            self._leave(found, (code, seller, buyer), numbers)
            return
        firm, other = (" ".join((found.get(name) or "").split()) for name in FIRMS)
        key = (code, seller, buyer, found["year"], firm, other)
        if key in self._sums:
            self._sums[key] = [a + b for a, b in zip(self._sums[key], numbers, strict=True)]
            return
        self._sums[key] = numbers
        if len(self._sums) > ROWS:
            raise NotKnownError(
                f"The records have more than {ROWS:,} sums, which are more rows than are read; "
                "sum fewer years or codes at once."
            )

    def _code(self, text: str, system: str) -> str | None:
        folded = system or self._system
        if not folded and text and not names_system(text, self._names):
            raise UnknownNameError(
                f'The code "{escaped(text)}" names no nomenclature, and codes of two editions '
                "are not the same goods: say which it is, such as --system hs2022 "
                f"({', '.join(self._names.systems)})."
            )
        return self._names.code(text, fold_system(folded))

    def _leave(
        self,
        found: Mapping[str, Any],
        ids: tuple[str | None, str | None, str | None],
        numbers: Sequence[int],
    ) -> None:
        code, exporter, importer = ids
        if code is None:
            why = ("no code of ours", f"{found.get('system') or ''} {found['code'] or ''}".strip())
        elif exporter is None or importer is None:
            name = found["exporter"] if exporter is None else found["importer"]
            why = ("no country of ours", (name or "").strip())
        else:
            why = ("a country with itself", exporter)
        left = self._left[why]
        left[0] += numbers[0]
        left[1] += numbers[1]
        if len(self._left) > _LEFT_OUT:
            raise NotKnownError(
                f"More than {_LEFT_OUT:,} codes and countries are not known, the last of them "
                f'"{escaped(why[1])}"; name other columns with --column.'
            )

    def sums(self, months: Mapping[int, tuple[int, ...]]) -> tuple[RecordSum, ...]:
        """Return the sums, sorted.

        Args:
            months: of the years that are not whole.
        """
        return tuple(
            RecordSum(*key[:4], *self._numbers(key), *key[4:], months.get(key[3], ()))
            for key in sorted(self._sums)
        )

    def _numbers(self, key: _Key) -> tuple[int, int, int, int, int]:
        count, grams, weighed, cents, valued = self._sums[key]
        return count, grams, weighed, cents, valued

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what stands in no sum, most records first."""
        found = (LeftOut(*why, *counted) for why, counted in self._left.items())
        return tuple(sorted(found, key=lambda each: (-each.count, each.why, each.name)))
