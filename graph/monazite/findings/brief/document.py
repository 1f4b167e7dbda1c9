"""A briefing as values: three sentences, parts with tables, numbered sources. Pages lay it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from monazite.findings.brief.footnotes import NumberedSource
from monazite.findings.wording import STAGES, place_noun
from monazite.safe_text import plain

_KEY = r"[a-z_]+/[\w.>+]+(?:-[\w.>+]+)+"
_KEYS = re.compile(rf" \({_KEY}(?:(?:, | and |; ){_KEY})*(?: \+\d+)?\)")
_LEFT_OUT = re.compile(rf"\b{_KEY} is left out")
_ABLE = re.compile(rf"^(.+? at (?:{'|'.join(STAGES)}))(?= can make )")


def in_words(text: str) -> str:
    """Return a remark of the model in the words of a brief, whose footnotes name the records.

    Args:
        text: the remark.

    >>> in_words("China at mine can make 3 percent more (quotas/chn-2024 +2).")
    'China mining can make 3 % more.'
    >>> in_words("No stage recycling; capacity/caremag-2025 is left out.")
    'No stage recycling; it is left out.'
    """
    told = _LEFT_OUT.sub("it is left out", _KEYS.sub("", plain(text)))
    return _ABLE.sub(lambda found: place_noun(found[1]), told)


@dataclass(frozen=True)
class Sentence:
    """A sentence with the numbers of the sources it rests on."""

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

    ``right`` are the columns of numbers.
    """

    id: str
    heading: str
    sentences: tuple[Sentence, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[BriefLine, ...] = ()
    remarks: tuple[Sentence, ...] = ()
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """A briefing: three sentences, parts in their order, numbered sources, how to repeat it.

    Attributes:
        title: what it is about, such as "Dysprosium for the United States".
        question: what is asked, as a sentence.
        answer: the three sentences; ``ANSWERS`` are their headings.
        parts: what they rest on, and what is not known.
        sources: numbered from 1.
        rows: all rows that it rests on, as ``table/key``.
        day: the day asked about.
        command: the words that write it again.
        view: the line of its view.
    """

    title: str
    question: str
    answer: tuple[Sentence, Sentence, Sentence]
    parts: tuple[BriefPart, ...]
    sources: tuple[NumberedSource, ...]
    rows: tuple[str, ...]
    day: str
    command: str
    view: str


ANSWERS = ("What can stop it", "How sure that is", "What would help, and who says so")
