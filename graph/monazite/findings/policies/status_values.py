"""The status of an act on a day: one of three values, with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value

IN_FORCE, NOT_IN_FORCE, MAY_BE = "in force", "not in force", "may be in force"
VALUES = (IN_FORCE, MAY_BE, NOT_IN_FORCE)
"""The three values of a status."""
NEVER_ENDS = "9999-12-31"
"""The day that stands for none."""


@dataclass(frozen=True)
class PolicyStatus(Value):
    """Whether an act, or a part of it, is in force on a day.

    Attributes:
        value: in force, not in force, or may be in force.
        state: the same by what decided it: in force, in force in part, suspended, ended, not yet,
            announced, start not known, no measure, in force or suspended, in force or ended.
        reason: why, as the end of a sentence.
        since: the date, as printed, since when this has been so; empty where it is not known.
        begins: the date, as printed, on which it took or takes effect; empty where it is not known,
            or where it was stopped before.
        rows: the rows that decide it.
        part: the part that it is of; empty for the whole.
        parts: the status of each part that has dated steps of its own.
    """

    value: str
    state: str
    reason: str
    since: str = ""
    begins: str = ""
    rows: tuple[str, ...] = ()
    part: str = ""
    parts: tuple[PolicyStatus, ...] = ()

    @property
    def words(self) -> str:
        """The value and what it may be instead, without the reason."""
        return _WORDS.get(self.state, self.value)

    @property
    def with_state(self) -> str:
        """The words, and of what is not in force why not, in a word: announced, ended."""
        return f"{self.words} ({self.state})" if self.value == NOT_IN_FORCE else self.words

    @property
    def stands(self) -> bool:
        """Whether it is or may be in force on the day, or is only suspended."""
        return self.value != NOT_IN_FORCE or self.state == "suspended"

    @property
    def short(self) -> str:
        """What it is on the day in a word or two, as a cell of a table has it."""
        if self.value != NOT_IN_FORCE:
            return self.words
        return "not yet" if self.state == "announced" else self.state

    @property
    def text(self) -> str:
        """The value and its reason in one line."""
        return f"{self.words}: {self.reason}"


_WORDS = {
    "in force in part": "in force in part",
    "in force or suspended": "may be in force or suspended",
    "in force or ended": "may be in force or ended",
}
