"""Whether a brief still says what the tables say: what differs, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from monazite.core.errors import UnreadableError
from monazite.core.formats import counted, grouped, shorten, visible
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.report.brief.comparison import Allowed, ShownDifferences, compare_shown, compare_texts
from monazite.report.brief.seal import HTML, OpenedPage

MAX_DIFFERENCES = 12  # Differences of a kind that are told
_WIDE, _LONG = 110, 400
_BROKEN_SEAL = "The page was altered after it was written: its seal does not fit."
_ALTERED = "Tables and code are the same: the {} altered after the {} was written{}."
_FONTS = ", or the fonts of the system are others"
_BYTES_ONLY = (
    "Every number and sentence of its record is the same, but its bytes are not, and a PDF, "
    "DOCX or PPTX is compared byte for byte; verify it with {}."
)
BYTES, SENTENCES = "bytes", "sentences"  # How a page was compared


@dataclass(frozen=True)
class RecomputedBrief:
    """What the tables say now."""

    content: Mapping[str, Any]
    rows: Mapping[str, frozenset[str]]  # what the rows say that the page carries, by name
    version: str
    code: str
    tables: str
    made_with: Mapping[str, str]  # versions of all else that decides the bytes of a page
    house: str | None  # the hash of the house style that was named; None without
    page: str
    blank: str | None


@dataclass(frozen=True)
class Comparison:
    """What came of a comparison."""

    same: bool
    compared: str
    sentences: tuple[str, ...]  # what differs and why, or what the page rests on


@dataclass(frozen=True)
class Verdict(Result):
    """Whether a briefing still says what the tables say.

    Attributes:
        same: whether all is the same, and the page issued by the signer that was named.
        sentences: what differs and why; of a briefing that is the same, what it rests on.
        compared: ``bytes``, the page was rendered anew and compared byte for byte; ``sentences``,
            every number, sentence and link was; empty where nothing could be compared.
        signer: the fingerprint of the key that signed the page, empty where none did.
    """

    records_key: ClassVar[str] = "sentences"
    _json: ClassVar = "same compared signer sentences"
    _words: ClassVar = {"compared": ("bytes", "sentences", "")}

    same: bool
    sentences: tuple[str, ...]
    compared: str = ""
    signer: str = ""

    def __post_init__(self) -> None:
        """Show what is hidden in the sentences, which quote pages from elsewhere."""
        object.__setattr__(self, "sentences", tuple(map(visible, self.sentences)))

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The sentences, one to a record."""
        return tuple({"sentence": each} for each in self.sentences)

    def tables(self) -> list[Table]:
        """Return the sentences, one to a line."""
        heading = "The same" if self.same else "Not the same"
        return [Table(heading, ("sentence",), [[each] for each in self.sentences])]

    def headline(self) -> str:
        """Return the verdict in a line."""
        return shorten(" ".join(self.sentences), _WIDE)


def compare(
    opened: OpenedPage, rows: Mapping[str, frozenset[str]], now: RecomputedBrief
) -> Comparison:
    """Compare a page with the tables: byte for byte if versions agree, else what it shows."""
    record = opened.record
    _check_house(record, now)
    if opened.fits and opened.blank == now.blank:
        return Comparison(True, BYTES, tuple(_same_bytes(record, now)))
    is_page = opened.kind == HTML
    content = _dict(record.get("says"))
    others = tuple(other_versions(record, now))
    what, reader = ("page", compare_shown) if is_page else ("file", compare_texts)
    shown = reader(opened.page, now.page, _allowed(record, now))
    moved = tuple(_moved(rows, now.rows, map(visible, _list(content.get("rows"))), what))
    differs = tuple(_differences(content, now.content, what))
    altered = () if opened.fits else (_BROKEN_SEAL,)
    unlike = (*shown.added, *shown.missing)
    if unlike and _unknown_house(record, now) and not (altered or moved or differs):
        raise UnreadableError(
            "The page was written with a house style, and without it nobody can tell what that "
            f"style brings and what others altered; name its folder with --template. {unlike[0]}"
        )
    if others and not (is_page or unlike or moved or differs):
        told = _BYTES_ONLY.format(_tried_with(record, now))
        return Comparison(False, SENTENCES, (told, *others))
    if others and not (altered or unlike or moved or differs):
        if shown.unlike:
            be = "is" if len(shown.unlike) == 1 else "are"
            told = (
                f"Every number, sentence and link is the same, but {' and '.join(shown.unlike)} "
                f"{be} not what this version writes, and may hide, cover or add what the tables do "
                f"not say; verify it with {_tried_with(record, now)}."
            )
        else:
            but = ", the counts of its facts aside" if any(_counts(shown)) else ""
            told = (
                f"Same in every number, sentence and link{but}, as the tables have them, with the "
                f"{_count_rows(record)} it carries; it could not be compared byte for byte."
            )
        return Comparison(not shown.unlike, SENTENCES, (told, *others, *_counts(shown)))
    sentences = [*altered, *_some(unlike, "difference of what is shown"), *_some(moved, "row")]
    sentences += _some(differs, "difference")
    if not others:
        sentences += [] if sentences else [_place(opened, now.blank or "")]
        part = "rows that it carries were" if moved else "record was" if differs else f"{what} was"
        sentences.append(_ALTERED.format(part, what, _FONTS if opened.kind == "pdf" else ""))
    return Comparison(False, SENTENCES if others else BYTES, (*sentences, *others))


def texts_in(content: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a brief that its page shows, each as one line: sentences and lines of tables."""
    yield _line(content.get("question"))
    yield _line(content.get("headline", ""))
    for answer in _list(content.get("answers")):
        yield _line(_dict(answer).get("text"))
    for part in _all_parts(content):
        yield _line(part.get("heading"))
        for sentence in (*_list(part.get("sentences")), *_list(part.get("remarks"))):
            yield _line(_dict(sentence).get("text"))
        for line in _list(part.get("lines")):
            yield _line(" ".join(map(visible, _list(_dict(line).get("cells")))))


def _all_parts(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("front", "parts"):
        yield from map(_dict, _list(content.get(name)))


def not_shown(content: Mapping[str, Any], shown: str) -> list[str]:
    """The texts of a brief that a page does not show."""
    return sorted({text for text in texts_in(content) if text not in shown})


def _check_house(record: Mapping[str, Any], now: RecomputedBrief) -> None:
    house = record.get("house")
    if now.house is None or house == now.house:
        return
    written = f"with the house style {visible(house)}" if house else "without a house style"
    raise UnreadableError(
        f"The page was written {written}, and --template names {now.house}; name the folder that "
        "it was written with, or none, to compare its numbers and sentences."
    )


def _unknown_house(record: Mapping[str, Any], now: RecomputedBrief) -> bool:
    return bool(record.get("house")) and now.house is None


def _allowed(record: Mapping[str, Any], now: RecomputedBrief) -> Allowed:
    strict = record.get("code") == now.code and record.get("made_with") == now.made_with
    return Allowed(
        strict=strict and not _unknown_house(record, now),
        versions=(visible(record.get("version")), now.version),
        tables=(visible(record.get("tables")), now.tables),
    )


def _place(opened: OpenedPage, now: str) -> str:
    then = opened.blank
    place = next(
        (place for place, (one, other) in enumerate(zip(then, now, strict=False)) if one != other),
        min(len(then), len(now)),
    )
    if opened.kind != HTML:
        return f"Rendered anew it is another file from byte {grouped(place + 1)} on."
    near = shorten(visible(then[max(0, place - 40) : place + 40]), _WIDE)
    return (
        f'Rendered anew it is another page from character {grouped(place + 1)} on, near "{near}".'
    )


def _moved(
    then: Mapping[str, frozenset[str]],
    now: Mapping[str, frozenset[str]],
    recorded: Iterable[str],
    what: str,
) -> Iterator[str]:
    for row in sorted(then):
        if row not in now:
            yield f"{visible(row)} is not in the tables."
        elif then[row] != now[row]:
            yield f"{visible(row)} says something else in the tables."
    for row in sorted({*recorded} - {*then}):
        yield f"{row} is missing among the rows that the {what} carries."


def _differences(then: Mapping[str, Any], now: Mapping[str, Any], what: str) -> Iterator[str]:
    old, new = dict(_places(then)), dict(_places(now))
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            was, has = (shorten(_line(side.get(place, "nothing")), _WIDE) for side in (old, new))
            yield f'{place}: the {what} says "{was}", the tables say "{has}".'


def _places(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("title", "question", "headline", "day"):
        yield name.capitalize(), visible(content.get(name))
    for number, answer in enumerate(map(_dict, _list(content.get("answers"))), start=1):
        where = visible(answer.get("heading"))
        yield f"Answer {number}, {where}", _noted(answer.get("text"), answer)
    for part in _all_parts(content):
        where = visible(part.get("heading"))
        yield f"{where}, finding", visible(part.get("finding"))
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


def other_versions(record: Mapping[str, Any], now: RecomputedBrief) -> Iterator[str]:
    """Say what is not as it was when a page was written: tables, code, libraries."""
    tables, version = visible(record.get("tables")), visible(record.get("version"))
    if tables != now.tables:
        yield f"The tables are others: it was written from {tables}, these are {now.tables}."
    if version != now.version:
        yield f"It was written by Monazite {version}; this is {now.version}."
    elif visible(record.get("code")) != now.code:
        yield f"It was written by other code of Monazite {version}: this is {now.code}."
    if now.blank is None:
        yield "It was written by an earlier version, which did not record what it was made with."
    elif record.get("made_with") != now.made_with:
        made = _dict(record.get("made_with"))
        changed = (name for name in now.made_with if made.get(name) != now.made_with[name])
        told = (f"{name} {visible(made.get(name))} ({now.made_with[name]})" for name in changed)
        yield f"It was made with other versions than are here: {shorten('; '.join(told), _LONG)}."
    if _unknown_house(record, now):
        yield "It has a house style, which was not named: --template takes its folder."


def _same_bytes(record: Mapping[str, Any], now: RecomputedBrief) -> Iterator[str]:
    count = _count_rows(record)
    yield f"Same, byte for byte: rendered anew from the tables, with the {count} it carries."
    if now.house:
        yield f"Its house style is the one that --template names ({now.house})."
    left = len(_list(record.get("left_out")))
    if left:
        yield f"Its house style leaves {counted(left, 'text')} of the brief out of the page."


def _tried_with(record: Mapping[str, Any], now: RecomputedBrief) -> str:
    if _unknown_house(record, now):
        return "--template"
    version = visible(record.get("version"))
    return "the versions that it names" if version == now.version else f"Monazite {version}"


def _counts(shown: ShownDifferences) -> Iterator[str]:
    """What the view counts in other tables, which nobody can count again."""
    if shown.counts is not None and shown.counts[0] != shown.counts[1]:
        then, now = shown.counts
        yield f"Not compared: the counts of its facts, {then}; these tables have {now}."


def _count_rows(record: Mapping[str, Any]) -> str:
    return counted(len(_list(_dict(record.get("says")).get("rows"))), "record")


def _line(text: object) -> str:
    return " ".join(visible(text).split())


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
