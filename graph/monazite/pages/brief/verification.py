"""Whether a brief still says what the tables say: what differs, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from monazite.findings.wording import counted
from monazite.pages.brief.seal import OpenedPage
from monazite.result import Result
from monazite.safe_text import shorten, visible
from monazite.tables import Table

MAX_DIFFERENCES = 12
"""Differences of a kind that are told."""
_WIDE = 110


@dataclass(frozen=True)
class RecomputedBrief:
    """What the tables say now.

    Attributes:
        content: the brief, as ``brief_dict`` returns it.
        rows: what the rows say that the page carries, by name.
        version: of Monazite.
        code: hash of its code.
        tables: their hash.
    """

    content: Mapping[str, Any]
    rows: Mapping[str, frozenset[str]]
    version: str
    code: str
    tables: str


@dataclass(frozen=True)
class Verdict(Result):
    """Whether a briefing still says what the tables say.

    Attributes:
        same: whether all is the same.
        sentences: what differs and why; of a briefing that is the same, what it rests on.
    """

    records_key: ClassVar[str] = "sentences"

    same: bool
    sentences: tuple[str, ...]

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The sentences, one to a record."""
        return tuple({"sentence": each} for each in self.sentences)

    def content(self) -> dict[str, object]:
        """Return the verdict and its sentences."""
        return {"same": self.same, "sentences": list(self.sentences)}

    def tables(self) -> list[Table]:
        """Return the sentences, one to a line."""
        heading = "The same" if self.same else "Not the same"
        return [Table(heading, ("sentence",), [[each] for each in self.sentences])]

    def headline(self) -> str:
        """Return the verdict in a line."""
        return shorten(" ".join(self.sentences), _WIDE)


def compare(
    opened: OpenedPage, rows: Mapping[str, frozenset[str]], now: RecomputedBrief
) -> tuple[bool, tuple[str, ...]]:
    """Compare a page with what the tables say now: whether all is the same, and in sentences why.

    Args:
        opened: what the page carries.
        rows: what its rows say, by name.
        now: the same, worked out again.
    """
    record = opened.record
    content = _dict(record.get("says"))
    altered = tuple(_altered(opened, content))
    moved = tuple(_moved(rows, now.rows, map(visible, _list(content.get("rows")))))
    differs = tuple(_differences(content, now.content))
    if not (altered or moved or differs):
        return True, tuple(_same(record, now))
    sentences = [*altered, *_some(moved, "row"), *_some(differs, "difference")]
    if moved or differs:
        sentences += _why(record, now, moved=bool(moved))
    return False, tuple(sentences)


def texts_in(content: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a brief that its page shows, each as one line: sentences and lines of tables."""
    yield _line(content.get("question"))
    for answer in _list(content.get("answers")):
        yield _line(_dict(answer).get("text"))
    for part in map(_dict, _list(content.get("parts"))):
        yield _line(part.get("heading"))
        for sentence in (*_list(part.get("sentences")), *_list(part.get("remarks"))):
            yield _line(_dict(sentence).get("text"))
        for line in _list(part.get("lines")):
            yield _line(" ".join(map(visible, _list(_dict(line).get("cells")))))


def not_shown(content: Mapping[str, Any], shown: str) -> list[str]:
    """The texts of a brief that a page does not show."""
    return sorted({text for text in texts_in(content) if text not in shown})


def _altered(opened: OpenedPage, content: Mapping[str, Any]) -> Iterator[str]:
    if not opened.fits:
        yield "The page was altered after it was written: its seal does not fit."
    left_out = {_line(text) for text in _list(opened.record.get("left_out"))}
    missing = [text for text in not_shown(content, opened.shown) if text not in left_out]
    for text in missing[:MAX_DIFFERENCES]:
        yield f'The page does not show what it records: "{shorten(text, _WIDE)}".'


def _moved(
    then: Mapping[str, frozenset[str]], now: Mapping[str, frozenset[str]], recorded: Iterable[str]
) -> Iterator[str]:
    for row in sorted(then):
        if row not in now:
            yield f"{visible(row)} is not in the tables."
        elif then[row] != now[row]:
            yield f"{visible(row)} says something else in the tables."
    for row in sorted({*recorded} - {*then}):
        yield f"{row} is missing among the rows that the page carries."


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    old, new = dict(_places(then)), dict(_places(now))
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            was, has = (shorten(_line(side.get(place, "nothing")), _WIDE) for side in (old, new))
            yield f'{place}: the page says "{was}", the tables say "{has}".'


def _places(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a brief with where it stands and its footnotes."""
    for name in ("title", "question", "day"):
        yield name.capitalize(), visible(content.get(name))
    for number, answer in enumerate(map(_dict, _list(content.get("answers"))), start=1):
        yield f"Sentence {number}", _noted(answer.get("text"), answer)
    for part in map(_dict, _list(content.get("parts"))):
        where = visible(part.get("heading"))
        for name in ("sentences", "remarks"):
            for number, sentence in enumerate(map(_dict, _list(part.get(name))), start=1):
                yield f"{where}, {name[:-1]} {number}", _noted(sentence.get("text"), sentence)
        yield f"{where}, columns", " | ".join(map(visible, _list(part.get("columns"))))
        for number, line in enumerate(map(_dict, _list(part.get("lines"))), start=1):
            texts = " | ".join(map(visible, _list(line.get("cells"))))
            yield f"{where}, line {number}", _noted(texts, line)
    for source in map(_dict, _list(content.get("sources"))):
        cells = (visible(source.get(name)) for name in ("publisher", "title", "published", "tier"))
        address = visible(source.get("url"))
        yield f"Source {visible(source.get('number'))}", " | ".join((*cells, address))
    yield "Rows it rests on", ", ".join(map(visible, _list(content.get("rows"))))


def _noted(text: object, holder: Mapping[str, Any]) -> str:
    notes = ", ".join(map(visible, _list(holder.get("notes"))))
    return f"{visible(text)} [{notes}]" if notes else visible(text)


def _some(sentences: tuple[str, ...], word: str) -> list[str]:
    left = len(sentences) - MAX_DIFFERENCES
    more = [f"And {counted(left, f'more {word}')}."] if left > 0 else []
    return [*sentences[:MAX_DIFFERENCES], *more]


def _why(record: Mapping[str, Any], now: RecomputedBrief, *, moved: bool) -> Iterator[str]:
    others = tuple(_others(record, now))
    yield from others
    if not others:
        what = "rows that it carries were" if moved else "record was"
        yield f"Tables and code are the same: the {what} altered after the page was written."


def _others(record: Mapping[str, Any], now: RecomputedBrief) -> Iterator[str]:
    """What is not as it was when the page was written."""
    tables, version = visible(record.get("tables")), visible(record.get("version"))
    if tables != now.tables:
        yield f"The tables are others: it was written from {tables}, these are {now.tables}."
    if version != now.version:
        yield f"It was written by Monazite {version}; this is {now.version}."
    elif visible(record.get("code")) != now.code:
        yield f"It was written by other code of Monazite {version}: this is {now.code}."


def _same(record: Mapping[str, Any], now: RecomputedBrief) -> Iterator[str]:
    content = _dict(record.get("says"))
    count = counted(len(_list(content.get("rows"))), "row")
    yield f"Same: every number follows from the {count} it carries, as the tables have them."
    others = tuple(_others(record, now))
    yield from others
    if others:
        yield "None of that changes what the page says."
    left = len(_list(record.get("left_out")))
    if left:
        yield f"Its house style leaves {counted(left, 'text')} of the brief out of the page."


def _line(text: object) -> str:
    return " ".join(visible(text).split())


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
