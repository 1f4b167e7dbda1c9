"""What is assumed of time, stocks and months, where no row gives a number: from its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.errors import NotKnownError
from monazite.quantities.amount import Amount
from monazite.result import Assumption
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

Key = tuple[str, str]
"""A property, and what it is assumed of, both as the rows have them."""


@dataclass(frozen=True)
class MethodAssumptions:
    """The assumptions of a view by property and subject, as numbers and as they are told.

    Attributes:
        numbers: value and range, percentages as parts of one; and the same in the units of its row,
            with the reason.
    """

    numbers: Mapping[Key, tuple[Amount, Assumption]]

    def amount(self, name: str, subject: str) -> Amount:
        """Return a number that is assumed, with its range.

        >>> from monazite.triples.opening import open_store
        >>> read_method_assumptions(open_store()).amount("exported-share", "magnets, 2024").value
        0.22
        """
        return self._known(name, subject)[0]

    def assumption(self, name: str, subject: str) -> Assumption:
        """Return the row of a number that is assumed, in its own units."""
        return self._known(name, subject)[1]

    def subjects(self, name: str) -> tuple[str, ...]:
        """Return all that a property is assumed of, sorted."""
        return tuple(sorted(subject for each, subject in self.numbers if each == name))

    def _known(self, name: str, subject: str) -> tuple[Amount, Assumption]:
        if (name, subject) not in self.numbers:
            raise NotKnownError(
                f'What is assumed of "{subject}" ({name}) is left out of the data used: use it too.'
            )
        return self.numbers[name, subject]


def read_method_assumptions(store: Store) -> MethodAssumptions:
    """Read what is assumed of time, stocks and months."""
    return MethodAssumptions(
        {
            (each["property"], each["text"]): (_amount(each), _assumption(each))
            for each in ask(store, "method-assumptions")
        }
    )


def span(amount: Amount) -> tuple[float, float, float]:
    """Return the value of a number with its ends.

    >>> span(Amount(0.4, 0.2, 0.6))
    (0.4, 0.2, 0.6)
    """
    return amount.value, amount.low, amount.high


def _amount(answer: QueryRecord) -> Amount:
    scale = 0.01 if answer["unit"] == "percent" else 1.0
    value = answer.number("value") * scale
    ends = [value, *(answer.number(each) * scale for each in ("low", "high") if answer[each])]
    return Amount(value, min(ends), max(ends), assumptions=(answer.row(),))


def _assumption(answer: QueryRecord) -> Assumption:
    return Assumption(
        answer.row(),
        f"{answer['assumed']}: {answer['text']}",
        answer.number("value"),
        answer.maybe_number("low"),
        answer.maybe_number("high"),
        answer["unit"],
        answer["reason"],
    )
