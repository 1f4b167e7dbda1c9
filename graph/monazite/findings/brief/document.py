"""A briefing as values: answers, parts with tables, numbered sources. Pages lay it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monazite.findings.brief.footnotes import NumberedSource
from monazite.safe_text import plain

_KEY = r"[a-z_]+/[\w.>+]+(?:-[\w.>+]+)+"
_KEYS = re.compile(rf" \({_KEY}(?:(?:, | and |; ){_KEY})*(?: \+\d+)?\)")
_ADVICE = re.compile(r"[:;] [^:;]*?--[a-z][^.;]*|[:;] take the [^.;]*")
"""What to ask the program for, which is no part of a brief."""
_ISO = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?\b")
_LEFT_OUT = re.compile(rf"\b{_KEY} is left out")


def in_words(text: str) -> str:
    """Return a remark of the model in the words of a brief, whose footnotes name the records.

    >>> in_words("Mining gives at most 3 percent more, by its quota (quotas/chn-2024 +2).")
    'Mining gives at most 3 % more, by its quota.'
    >>> in_words("No stage recycling; capacity/caremag-2025 is left out.")
    'No stage recycling; it is left out.'
    >>> in_words("No assay of Sc: take one into the data used, or add one with --data.")
    'No assay of Sc.'
    """
    return _LEFT_OUT.sub("it is left out", _KEYS.sub("", _ADVICE.sub("", plain(text))))


@dataclass(frozen=True)
class Sentence:
    """A sentence with the numbers of the sources it rests on."""

    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class BriefAnswer:
    """What a brief answers to one of its questions, with the numbers of its sources."""

    heading: str
    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class BriefLine:
    """A line of a table with the numbers of its sources."""

    cells: tuple[str, ...]
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class BriefPart:
    """A part of a brief: sentences, a table, and remarks below it; each may be missing.

    ``right`` are the columns of numbers; ``finding`` is what it finds, as the title of a slide.
    """

    id: str
    heading: str
    sentences: tuple[Sentence, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[BriefLine, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    right: tuple[str, ...] = ()
    finding: str = ""


@dataclass(frozen=True)
class Brief:
    """A briefing: what it finds, its answers, parts in their order, numbered sources.

    Attributes:
        title: what it is about, such as "Dysprosium for the United States".
        question: what is asked, as a sentence.
        headline: what is found, as a sentence.
        answer: what stops, why, since when, how sure, what would fix it, by when, at what cost, and
            what changed last and is due next.
        front: parts that stand with the answers on the first page: the largest losses, and dates.
        parts: what these rest on, and what is not known.
        sources: numbered from 1.
        rows: all rows that it rests on, as ``table/key``.
        day: the day asked about.
        command: the words that write it again.
        view: the line of its view.
    """

    title: str
    question: str
    headline: str
    answer: tuple[BriefAnswer, ...]
    front: tuple[BriefPart, ...]
    parts: tuple[BriefPart, ...]
    sources: tuple[NumberedSource, ...]
    rows: tuple[str, ...]
    day: str
    command: str
    view: str

    @property
    def all_parts(self) -> tuple[BriefPart, ...]:
        """The parts of the first page, then the others."""
        return (*self.front, *self.parts)
