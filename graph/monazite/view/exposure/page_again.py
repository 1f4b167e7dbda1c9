"""A page that carries its record and rows, held against the same page written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.pages.brief.record import code_hash, made_with
from monazite.pages.brief.verification import (
    BYTES,
    MAX_DIFFERENCES,
    SENTENCES,
    RecomputedBrief,
    Verdict,
    other_versions,
)
from monazite.safe_text import counted, visible
from monazite.shipped import VERSION

if TYPE_CHECKING:
    from monazite import View
    from monazite.pages.brief.seal import OpenedPage

BROKEN_SEAL = "The page was altered after it was written: its seal does not fit."
_UNLIKE = (
    "Every number, sentence and link is the same, but its style is not what this version writes; "
    "verify it with Monazite {}."
)


@dataclass(frozen=True)
class PageAgain:
    """A page that was written anew.

    Attributes:
        source: what it was worked out again from, in words.
        otherwise: what may differ where tables and code do not.
    """

    page: str
    record: dict[str, object]
    rows: tuple[str, ...]
    source: str
    otherwise: str


def compare_again(
    opened: OpenedPage, view: View, again: PageAgain, differs: Sequence[str]
) -> Verdict:
    """Say whether a page is the one that was written anew."""
    from monazite.exchange.evidence_rows import enclose
    from monazite.pages.brief.comparison import Allowed, compare_shown
    from monazite.pages.brief.seal import blank_page

    record = opened.record
    claimed = {each: record.get(each) for each in ("version", "code", "made_with")}
    now = RecomputedBrief(
        content={},
        rows={},
        version=VERSION,
        code=code_hash(),
        tables=str(view.describe()["tables"]),
        made_with=made_with(),
        house=None,
        page=again.page,
        blank=blank_page(again.page, {**again.record, **claimed}, enclose(view, again.rows)),
    )
    carried = f", with the {counted(len(again.rows), 'record')} it carries" if again.rows else ""
    told = f"worked out again from {again.source}{carried}."
    if opened.fits and opened.blank == now.blank:
        same = f"Same, byte for byte: {told}"
        return Verdict(same=True, sentences=(same,), compared=BYTES, view=view.summary)
    others = tuple(other_versions(record, now))
    shown = compare_shown(
        opened.page,
        again.page,
        Allowed(
            strict=not others,
            versions=(visible(record.get("version")), VERSION),
            tables=(visible(record.get("tables")), now.tables),
        ),
    )
    differs = [*differs, *shown.added, *shown.missing]
    if shown.unlike and not differs:
        differs = [_UNLIKE.format(visible(record.get("version")))]
    if others and not differs:
        same = f"Same in every number, sentence and link: {told}"
        return Verdict(same=True, sentences=(same, *others), compared=SENTENCES, view=view.summary)
    sentences = (*first_of(differs), *(others or (again.otherwise,)))
    compared = SENTENCES if others else BYTES
    return Verdict(same=False, sentences=sentences, compared=compared, view=view.summary)


def moved(then: Mapping[str, frozenset[str]], now: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Return rows of a page that the tables do not have, or have otherwise."""
    return (row for row in sorted(then) if then[row] != now.get(row))


def first_of(differs: Sequence[str]) -> tuple[str, ...]:
    """Return the first differences, and how many more there are."""
    left = len(differs) - MAX_DIFFERENCES
    more = (f"And {counted(left, 'more difference')}.",) if left > 0 else ()
    return (*differs[:MAX_DIFFERENCES], *more)
