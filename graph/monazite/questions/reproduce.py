"""Do printed numbers come out again?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import question

if TYPE_CHECKING:
    from monazite.analysis.reproductions.result import Reproductions
    from monazite.view.view import View


@question(
    group="How sure is that?",
    rank=5,
    title="Published figures beside ours",
    says="Published numbers beside what these records give, each with unit, year and the reason of "
    "the difference.",
    range="low and high of a figure of ours are its ends; the printed figure is no end of them.",
    fault=lambda found: found.summary() if found.broken else "",
)
def reproduce(view: View) -> Reproductions:
    """Put printed numbers beside ours, with the difference and its reason.

    Which number is held against which records is the table of reproductions. Exit 0 if every number
    that is to come out again does, 1 if one no longer does, 2 if there was nothing to ask.

    Example: monazite reproduce

    >>> import monazite
    >>> monazite.load().reproduce().broken
    ()
    """
    from monazite.analysis.reproductions.reproductions import find_reproductions

    return find_reproductions(view.store, view.valid)
