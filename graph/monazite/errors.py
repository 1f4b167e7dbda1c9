"""The errors of Monazite: each is one sentence that says what, which, and what next.

MonaziteError
├── UnreadableError   a file, folder or store could not be read or written
├── FaultyTablesError the tables have faults; ``faults`` lists them all
├── BadCellError      a cell does not fit its column; a reader of tables makes a fault of it
├── BadDateError      a text is no date
├── UnknownNameError  a name, element, country, query or parameter is not known
├── QueryError        a query cannot be parsed, is not allowed, or took too long
├── LimitError        what ran in a process of its own failed, or went beyond its limits
├── NotKnownError     the question is fine, the rows cannot answer it
├── ProgrammeError    the flow model has no solution
├── MissingInputError a formula lacks what it cannot do without
├── UndrawableError   a picture cannot be drawn from what it was given
└── NotInstalledError an extra that the answer needs is not installed

KeptStoreWarning is no error: the answer is right, but the store could not be kept, or was damaged.

What guards against a mistake in this code, and no caller can meet, stays a built-in error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class MonaziteError(Exception):
    """Root of all errors that Monazite raises on purpose."""


class UnreadableError(MonaziteError):
    """A file, folder or store could not be read or written."""


class UnknownNameError(MonaziteError):
    """A name, element, country, query or parameter is not known."""


class QueryError(MonaziteError):
    """A query cannot be parsed, is not allowed, or took too long."""


class LimitError(MonaziteError):
    """What ran in a process of its own failed, or went beyond its limits."""


class NotKnownError(MonaziteError):
    """The question is fine, but the rows cannot answer it."""


class ProgrammeError(MonaziteError):
    """The programme has no solution: a sentence for the reader, never the solver's words."""


class MissingInputError(MonaziteError, ValueError):
    """A formula lacks what it cannot do without."""


class UndrawableError(MonaziteError, ValueError):
    """A picture cannot be drawn from what it was given."""


class BadDateError(MonaziteError, ValueError):
    """A text is no date of the Gregorian calendar."""


class BadCellError(MonaziteError, ValueError):
    """A value does not fit its column: what is wrong, and what to do."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


class NotInstalledError(MonaziteError):
    """An extra that the answer needs is not installed."""


class KeptStoreWarning(UserWarning):
    """The kept store was damaged, or could not be written; what is answered is right."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one line of a file.

    >>> str(Fault("capacity.csv", 41, 'the year "20x4" is not a number', "write four digits"))
    'capacity.csv:41: the year "20x4" is not a number; write four digits'
    """

    file: str
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.fix}"


class FaultyTablesError(MonaziteError):
    """The tables have faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return ``did you mean "..."?`` for the nearest known name, or an empty text.

    What is no text is near to nothing.

    >>> did_you_mean("kuantam", ["kuantan", "kalgoorlie"])
    'did you mean "kuantan"?'
    >>> did_you_mean("zzz", ["kuantan"])
    ''
    """
    if not isinstance(name, str):
        return ""
    from difflib import get_close_matches  # only a mistake pays for it

    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else ""
