"""The errors of Monazite: each is one sentence that says what, which, and what next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from monazite.core.formats import counted, escaped, in_brief

T = TypeVar("T")
MOST_SHOWN = 20  # faults of one kind in one file that are shown; what is more is counted
_LONGEST = 600  # characters of a sentence; a cell that it quotes may have a million
_LONGEST_NAME = 200  # characters of a name that may be a mistyped one


class MonaziteError(Exception):
    """Root of all errors that Monazite raises on purpose."""


class UnreadableError(MonaziteError):
    """A file, folder or store could not be read or written."""


class EndpointError(UnreadableError):
    """A store elsewhere does not answer, or not as it should."""

    def __init__(self, sentence: str, *, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.pause = pause  # seconds until the same question may be answered; None if never


class UnknownNameError(MonaziteError):
    """A name, element, country, query or parameter is not known."""


class SeveralMeantError(UnknownNameError):
    """A name means more than one thing."""

    def __init__(self, sentence: str, meant: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__(sentence)
        self.meant = meant  # kind, id and name of each


def all_at_once(*checks: Callable[[], T]) -> list[T]:
    """Return what each check gives; what is not known is said of all at once."""
    given: list[T] = []
    faults: list[UnknownNameError] = []
    for check in checks:
        try:
            given.append(check())
        except UnknownNameError as fault:
            faults.append(fault)
    if len(faults) > 1:
        raise UnknownNameError(" ".join(map(str, faults))) from faults[0]
    if faults:
        raise faults[0]
    return given


class QueryError(MonaziteError):
    """A query cannot be parsed, is not allowed, or took too long."""


class LimitError(MonaziteError):
    """What ran in a process of its own failed, or went beyond its limits."""


class BusyError(MonaziteError):
    """A server has as much to do as it may."""

    def __init__(self, sentence: str, seconds: int = 1) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class NotKnownError(MonaziteError):
    """The question is fine, but the rows cannot answer it."""


class LossNotKnownError(NotKnownError):
    """What a market loses is not known: the answer of questions that declare ``OrNotKnown``."""


class ProgrammeError(MonaziteError):
    """The programme has no solution: a sentence for the reader, never the solver's words."""


class MissingInputError(MonaziteError, ValueError):
    """A formula lacks what it cannot do without."""


class BadDateError(MonaziteError, ValueError):
    """A text is no date of the Gregorian calendar."""


class BadCellError(MonaziteError, ValueError):
    """A value does not fit its column: what is wrong, and what to do."""

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(what)


class BadFileError(MonaziteError):
    """A file cannot be read as tables: what is wrong, what to do, and from which line on."""

    def __init__(self, what: str, fix: str, line: int = 0) -> None:
        self.what, self.fix, self.line = what, fix, line
        super().__init__(f"{what}; {fix}")


class NotInstalledError(MonaziteError):
    """An extra that the answer needs is not installed."""


class KeptStoreWarning(UserWarning):
    """The kept store was damaged, or could not be written; what is answered is right."""


@dataclass(frozen=True, order=True)
class Fault:
    r"""One fault of one line of a file, in characters that show.

    >>> str(Fault("capacity.csv", 41, 'the year "20x4" is not a number', "write four digits"))
    'capacity.csv:41: the year "20x4" is not a number; write four digits'
    >>> print(Fault("own.csv", 1, 'the column "va' + chr(10) + 'lue" is not known', "name it"))
    own.csv:1: the column "va\nlue" is not known; name it
    """

    _json = "file line what fix"

    file: str  #: as the reader named it
    line: int  #: in the file; 0 is the whole file
    what: str  #: what is wrong
    fix: str  #: what to do
    count: int = 1  #: how many faults it stands for
    #: what faults share that differ only in the values that they quote
    kind: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Show what does not show: tables and workbooks may say anything."""
        for name in ("file", "what", "fix"):
            text = getattr(self, name)
            shown = escaped(text if name == "file" else in_brief(text, _LONGEST))
            if shown != text:
                object.__setattr__(self, name, shown)

    @property
    def line_text(self) -> str:
        """The line in the file, as text; 0 is the whole file."""
        return str(self.line)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.fix}"


class Faults:
    """Faults as they are found: the first of each kind in a file, and how many more there are."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._groups: dict[tuple[str, ...], _SameKind] = {}
        self._gathered: list[Fault] = []
        self._count = 0
        self += faults

    def __len__(self) -> int:
        return self._count

    def __iadd__(self, faults: Iterable[Fault]) -> Faults:
        for fault in faults:
            self.append(fault)
        return self

    def append(self, fault: Fault) -> None:
        """Take one more, in the order of the lines of its file."""
        self._count += fault.count
        if fault.count > 1:
            self._gathered.append(fault)
            return
        key = (fault.file, fault.kind) if fault.kind else (fault.file, fault.what, fault.fix)
        self._groups.setdefault(key, _SameKind()).append(fault)

    def gathered(self) -> list[Fault]:
        """Return those to show, sorted; the last of a kind may stand for many."""
        shown = [fault for group in self._groups.values() for fault in group.shown()]
        return sorted([*shown, *self._gathered])


class _SameKind:
    """Faults of one kind in one file."""

    def __init__(self) -> None:
        self._first: list[Fault] = []
        self._count = 0
        self._same = True

    def append(self, fault: Fault) -> None:
        self._count += 1
        if len(self._first) <= MOST_SHOWN:
            self._first.append(fault)
        first = self._first[0]
        self._same = self._same and (fault.what, fault.fix) == (first.what, first.fix)

    def shown(self) -> list[Fault]:
        if self._count <= MOST_SHOWN:
            return self._first
        alone = 0 if self._same else MOST_SHOWN
        last, count = self._first[alone], self._count - alone
        more = f" (and so on {counted(count - 1, 'more line')})" if count > 1 else ""
        return [*self._first[:alone], replace(last, what=last.what + more, count=count)]


class FaultyTablesError(MonaziteError):
    """The tables have faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = Faults(sorted(faults))
        self.faults = found.gathered()  # sorted; of a kind that a file has many times, the first
        lines = [str(fault) for fault in self.faults]
        lines += [f"{counted(len(found), 'fault')} in all."] if len(found) > len(lines) else []
        super().__init__("\n".join(lines))


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return ``did you mean "..."?`` for the nearest known name, or an empty text."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return ""
    from difflib import get_close_matches  # only a mistake pays for it

    folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f'did you mean "{folded[near[0]]}"?' if near else ""
