"""Codes in place of the names of a bill: the same name has the same code in every output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from monazite.bills.decisions import match_key
from monazite.errors import Fault
from monazite.safe_text import ELLIPSIS

_QUOTED = re.compile(r'\(?".*"', re.DOTALL)
"""From the first quotation mark to the last: what is quoted may hold such marks itself."""


class Codes:
    """Gives codes by the first time that a name is met, so that no code tells its name.

    Args:
        hide: whether names are replaced at all.

    >>> codes = Codes(hide=True)
    >>> codes("firm", "Muster GmbH"), codes("part", "M-1"), codes("firm", "muster  gmbh")
    ('firm 1', 'part 1', 'firm 1')
    >>> Codes(hide=False)("firm", "Muster GmbH")
    'Muster GmbH'
    """

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


def without_quotes(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults without what they quote, and without the name of the file.

    >>> found = Fault("acme.csv", 3, 'column B ("Acme no"): "x" is none', "write a number")
    >>> print(without_quotes([found])[0])
    bill:3: column B "…" is none; write a number
    """
    return [
        replace(each, file="bill", what=_QUOTED.sub(f'"{ELLIPSIS}"', each.what), count=each.count)
        for each in faults
    ]
