"""The verdict on a claim: what follows from the rows that speak for it and against it."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.errors import UnknownNameError, did_you_mean
from monazite.parameters import check_text
from monazite.safe_text import NOT_KNOWN

SUPPORTED, PARTLY, CONTRADICTED, UNDECIDED = VERDICTS = (
    "supported",
    "partly contradicted",
    "contradicted",
    NOT_KNOWN,
)
RELATIONS = ("supports", "contradicts", "partly-contradicts", "bears-on")
"""Codes of the scheme ``statement-relation``, in the order in which a reader wants them."""


def find_verdict(relations: Iterable[str]) -> str:
    """Return the verdict on a claim from the relations of the rows that speak to it.

    A row that partly contradicts bears one part out and denies another: it stands on both sides.
    Rows that only bear on a claim decide nothing.

    >>> find_verdict(["supports", "bears-on"]), find_verdict(["contradicts"])
    ('supported', 'contradicted')
    >>> find_verdict(["supports", "contradicts"]), find_verdict(["partly-contradicts"])
    ('partly contradicted', 'partly contradicted')
    >>> find_verdict(["bears-on"]), find_verdict([])
    ('not known', 'not known')
    """
    found = set(relations)
    speaks_for = bool(found & {"supports", "partly-contradicts"})
    speaks_against = bool(found & {"contradicts", "partly-contradicts"})
    if speaks_for and speaks_against:
        return PARTLY
    if speaks_for:
        return SUPPORTED
    return CONTRADICTED if speaks_against else UNDECIDED


def check_verdict(text: str) -> str:
    """Return a verdict as it is written here; empty stays empty.

    >>> check_verdict("Not-known")
    'not known'
    >>> check_verdict("suported")
    Traceback (most recent call last):
    monazite.errors.UnknownNameError: There is no verdict "suported"; did you mean "supported"?
    """
    check_text(text, "verdict")
    wanted = text.casefold().replace("-", " ").strip()
    if wanted and wanted not in VERDICTS:
        fix = did_you_mean(wanted, VERDICTS) or f"verdicts are {', '.join(VERDICTS)}."
        raise UnknownNameError(f'There is no verdict "{text}"; {fix}')
    return wanted
