"""Kinds of differences between rows: one that contradicts, and those that only look like it."""

from __future__ import annotations

from monazite.errors import UnknownNameError, did_you_mean

KINDS = ("real", "basis", "definition", "year", "edition", "rounding")
"""Rows contradict each other, count on another basis, mean another thing, speak of another year,
revise each other, or agree within the digits printed."""
KIND = "real"
"""The kind that is listed where none is named."""
ALL = "all"
"""The word for all kinds."""


def check_kind(kind: str) -> tuple[str, ...]:
    """Return the kinds that a word means: one, or ``all``.

    >>> check_kind("basis")
    ('basis',)
    >>> check_kind("reel")
    Traceback (most recent call last):
    monazite.errors.UnknownNameError: There is no kind of conflict "reel"; did you mean "real"?
    """
    if kind == ALL:
        return KINDS
    if kind in KINDS:
        return (kind,)
    fix = did_you_mean(kind, (*KINDS, ALL)) or f"kinds are {', '.join(KINDS)} and {ALL}."
    raise UnknownNameError(f'There is no kind of conflict "{kind}"; {fix}')
