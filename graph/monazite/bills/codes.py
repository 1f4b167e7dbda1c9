"""Codes in place of the names of a bill: the same name has the same code in every output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from monazite.bills.decisions import match_key
from monazite.errors import Fault, FaultyTablesError, UnreadableError
from monazite.safe_text import ELLIPSIS, escaped

_QUOTED = re.compile(r'\(?".*"\)?', re.DOTALL)
"""From the first quotation mark to the last: what is quoted may hold such marks itself."""


class Codes:
    """Gives codes by the first time that a name is met, so that no code tells its name.

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


def without_quotes(faults: Iterable[Fault], files: Mapping[str, str] | None = None) -> list[Fault]:
    """Return faults without what they quote, and without the names of files.

    >>> found = Fault("acme.csv", 3, 'column B ("Acme no"): "x" is none', "write a number")
    >>> print(without_quotes([found])[0])
    bill:3: column B "…" is none; write a number
    """
    return [
        replace(
            each,
            file=_word_for(each.file, files or {}),
            what=_QUOTED.sub(f'"{ELLIPSIS}"', each.what),
            count=each.count,
        )
        for each in faults
    ]


def _word_for(file: str, files: Mapping[str, str]) -> str:
    """The word of a file, whose sheet may stand behind its name."""
    told = (word for name, word in files.items() if file.startswith(escaped(name)))
    return next(told, "bill")


@contextmanager
def hidden_names(files: Mapping[str, str], *, hide: bool) -> Iterator[None]:
    """Tell faults and unreadable files without names, where names are hidden.

    >>> with hidden_names({"acme.csv": "bill"}, hide=True):
    ...     raise UnreadableError("acme.csv cannot be read: No such file or directory.")
    Traceback (most recent call last):
    monazite.errors.UnreadableError: The file of the bill cannot be read: No such file or directory.
    """
    try:
        yield
    except FaultyTablesError as error:
        if not hide:
            raise
        raise FaultyTablesError(without_quotes(error.faults, files)) from None
    except UnreadableError as error:
        if not hide:
            raise
        told = str(error)
        for name in sorted(files, key=len, reverse=True):
            told = told.replace(escaped(name), f"the file of the {files[name]}")
        raise UnreadableError(told[:1].upper() + told[1:]) from None
