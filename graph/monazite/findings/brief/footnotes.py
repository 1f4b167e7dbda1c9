"""Numbered sources, each once, in the order in which the text first cites them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.triples.cards import RowCard


@dataclass(frozen=True)
class NumberedSource:
    """A source with its number; ``rows`` are the rows that it is cited for."""

    number: int
    id: str
    publisher: str
    title: str
    published: str
    tier: str
    url: str
    rows: tuple[str, ...]


class Footnotes:
    """Numbers the sources while a text is written."""

    def __init__(self, cards: Mapping[str, RowCard]) -> None:
        """Begin a list."""
        self._cards = cards
        self._numbers: dict[str, int] = {}
        self._cited: dict[str, set[str]] = {}

    def of(self, rows: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of the sources of rows, and number new ones.

        >>> from monazite.triples.cards import SourceLine
        >>> source = SourceLine("usgs", "USGS", "Summaries", "2026", "1", "")
        >>> card = RowCard("a/1", "a", "", "", "", (source,), {})
        >>> Footnotes({"a/1": card}).of(["a/1", "a/2"])
        (1,)
        """
        found: set[int] = set()
        for row in rows:
            for source in self._cards[row].sources if row in self._cards else ():
                number = self._numbers.setdefault(source.id, len(self._numbers) + 1)
                self._cited.setdefault(source.id, set()).add(row)
                found.add(number)
        return tuple(sorted(found))

    def sources(self) -> tuple[NumberedSource, ...]:
        """Return the numbered list."""
        lines = {source.id: source for card in self._cards.values() for source in card.sources}
        return tuple(
            NumberedSource(
                number,
                name,
                lines[name].publisher,
                lines[name].title,
                lines[name].published,
                lines[name].tier,
                lines[name].url,
                tuple(sorted(self._cited[name])),
            )
            for name, number in self._numbers.items()
        )

    @property
    def rows(self) -> frozenset[str]:
        """All rows that something was cited for."""
        return frozenset(row for cited in self._cited.values() for row in cited)


def runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Group numbers into runs of consecutive ones, for footnotes that read ``3-17``.

    >>> runs([1, 2, 3, 7, 9, 8])
    ((1, 3), (7, 9))
    """
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
