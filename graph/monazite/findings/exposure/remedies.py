"""What would help, each with its effect worked out anew on the changed bill."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value

SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT = "second source", "other grade", "stock", "split"
MEASURES = (SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT)
"""What is tried; the list is closed."""


@dataclass(frozen=True)
class Remedy(Value):
    """A measure on some lines, with what they are exposed to before and after.

    Attributes:
        measure: one of ``MEASURES``.
        what: the change, in words.
        sheet_rows: of the lines that it is tried on.
        quantity: what is compared: loss, days, grams of an element, or part of the need.
        before: in words, by the bill as it is.
        after: in words, by the changed bill.
        before_low: the same as numbers: the least; None is not known.
        before_high: the most.
        after_low: the least after the change.
        after_high: the most after the change.
        helps: whether it is better after than before.
        rows: that the change rests on.
    """

    measure: str
    what: str
    sheet_rows: tuple[int, ...]
    quantity: str
    before: str
    after: str
    before_low: float | None
    before_high: float | None
    after_low: float | None
    after_high: float | None
    helps: bool
    rows: tuple[str, ...] = ()
