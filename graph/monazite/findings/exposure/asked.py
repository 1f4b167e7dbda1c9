"""What was asked of a bill: all that works an exposure out again, but the files themselves."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class BillQuestion(Value):
    """The question of an exposure, without a name or a word of the bill.

    Attributes:
        market: where the product is used.
        days: on which rules are asked; none for the day of the view.
        losses: whether losses of the market were asked for.
        redact: whether names are hidden.
        licence: act whose licence was asked about; empty for none.
        questionnaire: whether it was asked what to ask whom.
        record: article whose record was asked for; empty for none.
        passport: whether passports of magnets were asked for.
        files: other files that were given, by the names of their options.
    """

    market: str
    days: tuple[str, ...] = ()
    losses: bool = False
    redact: bool = False
    licence: str = ""
    questionnaire: bool = False
    record: str = ""
    passport: bool = False
    files: tuple[str, ...] = ()
