"""A briefing as values: answers, parts with tables, numbered sources. Pages lay it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from monazite.core.columns import Column
from monazite.core.formats import plain, visible
from monazite.core.results import Struct
from monazite.data.sameness import tier_word
from monazite.store.cards import RowCard


class NumberedSource(Struct):
    """A source with its number."""

    _json = "number publisher title=titled published=dated tier evidence url rows"

    number: int  #: by which it is cited
    id: str
    publisher: str  #: who says it
    title: str
    published: str
    tier: str  #: 1 to 5
    url: str  #: its address; empty for none
    rows: tuple[str, ...]  #: keys of the rows that it is cited for, ``table/key``

    @property
    def titled(self) -> str:
        """Its title, safe to show."""
        return visible(self.title) or "Untitled"

    @property
    def dated(self) -> str:
        """When it was published, as printed."""
        return visible(self.published) or "undated"

    @property
    def evidence(self) -> str:
        """Its tier in words: official or company, agency or study, news, weak."""
        return visible(tier_word(self.tier))


class Footnotes:
    """Numbers the sources while a text is written."""

    def __init__(self, cards: Mapping[str, RowCard]) -> None:
        """Begin a list."""
        self._cards = cards
        self._numbers: dict[str, int] = {}
        self._cited: dict[str, set[str]] = {}

    def of(self, rows: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of the sources of rows, and number new ones."""
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
        cited = ((number, lines[name]) for name, number in self._numbers.items())
        return tuple(
            NumberedSource(number, x.id, x.publisher, x.title, x.published, x.tier, x.url,
                           tuple(sorted(self._cited[x.id])))
            for number, x in cited
        )  # fmt: skip

    @property
    def rows(self) -> frozenset[str]:
        """All rows that something was cited for."""
        return frozenset(row for cited in self._cited.values() for row in cited)


def runs(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Group numbers into runs of consecutive ones, for footnotes that read ``3-17``."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        follows = found and number == found[-1][1] + 1
        first = found.pop()[0] if follows else number
        found.append((first, number))
    return tuple(found)


_KEY = r"[a-z_]+/[\w.>+]+(?:-[\w.>+]+)+"
_KEYS = re.compile(rf" \({_KEY}(?:(?:, | and |; ){_KEY})*(?: \+\d+)?\)")
_ADVICE = re.compile(r"[:;] [^:;]*?--[a-z][^.;]*|[:;] take the [^.;]*")
_ISO = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?\b")
_LEFT_OUT = re.compile(rf"\b{_KEY} is left out")


def in_words(text: str) -> str:
    """Return a remark of the model in the words of a brief, whose footnotes name the records."""
    return _LEFT_OUT.sub("it is left out", _KEYS.sub("", _ADVICE.sub("", plain(text))))


class Sentence(Struct):
    """A sentence with the numbers of the sources it rests on."""

    text: str  #: the sentence
    notes: tuple[int, ...] = ()


class BriefAnswer(Struct):
    """What a brief answers to one of its questions."""

    heading: str  #: what it answers
    text: str  #: the sentence
    notes: tuple[int, ...] = ()


class BriefLine(Struct):
    """A line of a table."""

    cells: tuple[str, ...]  #: one to a column
    notes: tuple[int, ...] = ()


def table_part(
    id: str,  # noqa: A002 - the field's name
    heading: str,
    lines: Iterable[Any],
    columns: Sequence[Column],
    cited: Callable[[Any], tuple[int, ...]] = lambda _: (),
    **more: Any,  # noqa: ANN401 - the other fields of a part
) -> BriefPart:
    """Return a part with a table: a line for each of some things, and a cell for each column."""
    return BriefPart(
        id,
        heading,
        columns=tuple(each.heading for each in columns),
        lines=tuple(BriefLine(tuple(x.cell(line) for x in columns), cited(line)) for line in lines),
        right=tuple(each.heading for each in columns if each.right),
        **more,
    )


class BriefPart(Struct):
    """A part of a brief: sentences, a table, and remarks below it; each may be missing."""

    _json = "id heading finding sentences columns lines remarks"

    id: str  #: its place in the page
    heading: str  #: of the part
    sentences: tuple[Sentence, ...] = ()  #: above its table
    columns: tuple[str, ...] = ()  #: of its table; empty without one
    lines: tuple[BriefLine, ...] = ()  #: of its table
    remarks: tuple[Sentence, ...] = ()  #: below its table
    right: tuple[str, ...] = ()  #: the columns of numbers
    finding: str = ""  #: what it finds, as the title of a slide; empty where it is none


class Brief(Struct):
    """A briefing: what it finds, its answers, parts in their order, numbered sources."""

    _json = "title question day headline answers=answer front parts sources rows"

    title: str  #: what it is about, such as "Dysprosium for the United States"
    question: str  #: what is asked, as a sentence
    headline: str  #: what is found, as a sentence
    #: what stops, why, since when, how sure, what would fix it, by when, at what cost, and what
    #: changed last and is due next
    answer: tuple[BriefAnswer, ...]
    #: parts that stand with the answers on the first page: the largest losses, and dates
    front: tuple[BriefPart, ...]
    parts: tuple[BriefPart, ...]  #: what these rest on, and what is not known
    sources: tuple[NumberedSource, ...]  #: numbered from 1, as the sentences cite them
    rows: tuple[str, ...]  #: all rows that it rests on, as ``table/key``
    day: str  #: the day asked about, an ISO date
    command: str  #: the words that write it again
    view: str  #: the line of its view

    @property
    def all_parts(self) -> tuple[BriefPart, ...]:
        """The parts of the first page, then the others."""
        return (*self.front, *self.parts)
