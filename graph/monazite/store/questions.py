"""Finds questions and commands by words: words are compared as words, and no meaning is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import mul
from pathlib import Path
from typing import ClassVar

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import one_or_many
from monazite.core.results import Result
from monazite.core.tables import COMFORT, Table, markdown_text, wrapped, wrapped_lines, write_tables
from monazite.data.parameters import check_text
from monazite.store.asked_names import (
    COMMANDS,
    commands,
    filled,
    find_names,
    ids_of,
    names_beside_the_store,
    read_askable,
)
from monazite.store.names import Entity
from monazite.store.queries import NamedQuery, Parameter, read_queries

NOTE = "It matches words, not meaning."
_PARAMETER_COLUMNS = ("parameter", "type", "default", "what it is")


def write_questions(questions: Sequence[NamedQuery], fmt: str, *, grouped: bool) -> str:
    """Return a list of questions as ``table`` or ``markdown`` text, grouped or in their order."""
    marked = fmt == "markdown"
    lines: list[str] = []
    for group, members in groupby(questions, lambda each: each.group if grouped else ""):
        if group:
            lines += [f"## {markdown_text(group)}\n" if marked else f"{group}\n"]
        for query in members:
            lines += _lines(query, marked=marked)
        lines.append("")
    lines.append(f"{NOTE} One in full: monazite ask NAME")
    return "\n".join(lines) + "\n"


def _lines(query: NamedQuery, *, marked: bool) -> Iterator[str]:
    parameters = _parameters(query)
    if marked:
        yield f"- **{markdown_text(query.title)}** ({markdown_text(query.name)})  "
        if parameters:
            yield f"  parameters: {markdown_text(parameters)}  "
        yield f"  `{query.example}`"
        return
    yield f"  {query.title} ({query.name})"
    if parameters:
        yield f"      parameters: {parameters}"
    yield f"      {query.example}"


def _parameters(query: NamedQuery) -> str:
    return "; ".join(
        f"{each.name} ({_type(each)})" + (f" = {each.default}" if each.default else "")
        for each in query.parameters
    )


def question_table(query: NamedQuery) -> Table:
    """Return the full card of a question: a table of its parameters, with remarks."""
    rows = []
    for each in query.parameters:
        default = each.default or ("none" if each.optional else "must be given")
        rows.append([each.name, _type(each), default, each.about])
    remarks = (query.about, f"To paste: {query.example}", NOTE)
    heading = f"{query.title} ({query.name}, {query.group})"
    return Table(heading, _PARAMETER_COLUMNS, rows, remarks=remarks)


def _type(parameter: Parameter) -> str:
    return f"{parameter.type}, optional" if parameter.optional else parameter.type


def questions_table(questions: Sequence[NamedQuery]) -> Table:
    """Return questions as one flat table."""
    columns = ("group", "name", "title", "parameters", "about", "example")
    rows = [
        [each.group, each.name, each.title, _parameters(each), each.about, each.example]
        for each in questions
    ]
    return Table("", columns, rows)


GROUPS = (COMMANDS, "entities", "supply", "policies", "ownership", "time", "evidence")
MAX_NAMED = 5  # questions that the one line of a search names
MAX_FOUND = 8  # questions that a search by words finds at most
FITS = 0.5  # the part of the words that say something which what is found has, at least

_WORD = re.compile(r"[^\W_]+")
_IDLE = frozenset(
    _WORD.findall(
        "a an and any are at by can could did do does each for from had has have how i in is it "
        "its many may me much my of on or should show tell than that the their there these they "
        "this to up us was we were what when where which who whom why will with would you your "
        "if please get give find thing things there here not no so only just most anyone "
        "anybody someone somebody everyone everybody anything something everything nobody one "
        "chinese american japanese european"
    )
)
_ENDINGS = ("ships", "ship", "ings", "ing", "ers", "er", "ies", "es", "ed", "s", "y", "e")
_LEAST, _BACK = 3, 4
_EXACT, _STEM, _BEGINS = 4, 3, 1
_STRONG = {"name": 6, "title": 5, "words": 4, "parameter": 3}
_WEAK = {"about": 1}  # what a word is worth in a field; weak ones count where no strong one has it


@dataclass(frozen=True)
class FoundQuestions(Result):
    """What a search found; it has a length and iterates over the questions and commands.

    Attributes:
        questions: best first; in the order of their groups where no words were given.
        missing: the words that no question has.
        exactly: whether one question is meant, by its name or by words that it alone has.
        words: what was looked for.
        near: what to do about the missing words.
    """

    records_key: ClassVar[str] = "questions"
    _json = "note questions"

    questions: tuple[NamedQuery, ...]
    missing: tuple[str, ...] = ()
    exactly: bool = False
    words: str = ""
    near: str = ""

    def __len__(self) -> int:
        return len(self.questions)

    def __iter__(self) -> Iterator[NamedQuery]:
        return iter(self.questions)

    def headline(self) -> str:
        """Return how many questions there are, and the first of them."""
        names = [query.name for query in self.questions[:MAX_NAMED]]
        more = ", ..." if len(self) > len(names) else ""
        noun = one_or_many(len(self), "question", "questions")
        return f"{len(self)} {noun}: {', '.join(names)}{more}" if names else "no questions"

    @property
    def note(self) -> str:
        """What this search is and is not."""
        return NOTE

    def to_dict(self) -> dict[str, object]:
        """Return the questions; they are the same in every view."""
        return self.content()

    def tables(self) -> list[Table]:
        """Return the card of the one question that is meant, or the list of them."""
        return [question_table(self.questions[0])] if self.exactly else self.csv_tables()

    def csv_tables(self) -> list[Table]:
        """Return the questions as one flat table."""
        return [questions_table(self.questions)] if self.questions else []

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return a card or a list as text, ``table`` or ``markdown``; nothing if nothing is found.

        Args:
            fmt: table or markdown.
            width: columns of the terminal, of a table; a line to paste is never broken.
            full: nothing wraps; there is no more to say.
        """
        if self.exactly:
            text = write_tables(self.tables(), fmt)
        else:
            grouped = not self.words
            text = write_questions(self.questions, fmt, grouped=grouped) if self.questions else ""
        if fmt != "table" or full or width is None:
            return text
        return "\n".join(_fitted(line, width) for line in text.split("\n"))


_PASTED = "monazite "
"""What a line to paste has: it is never broken."""


def _fitted(line: str, width: int) -> str:
    """A line that goes on below its last column, or as a sentence; one to paste is not broken."""
    head, gap, text = line.rpartition("  ")
    if _PASTED in line or not head.strip():
        return line if _PASTED in line else wrapped_lines(line, width)
    room = max(width - len(head + gap), COMFORT)
    margin = " " * len(head + gap)
    return head + gap + f"\n{margin}".join(wrapped(text, room))


def find_questions(
    words: str = "",
    group: str = "",
    folder: Path | None = None,
    names: Sequence[tuple[str, Entity]] | None = None,
) -> FoundQuestions:
    """Find questions by words, or list them."""
    check_text(words, "words to look for")
    check_text(group, "group")
    askable = read_askable(folder and folder.parent)
    known = {each.name: each for each in commands(askable)} | read_queries(folder)
    every = questions_of(known, group)
    text = words.strip()
    if not text:
        return FoundQuestions(tuple(every))
    spoken = {name: each.words for name, each in askable.items()}
    known_names: Sequence[tuple[str, Entity]] = []
    if _unknown_words(text, every, spoken):
        known_names = names_beside_the_store() if names is None else names
    named, rest = find_names(text, known_names)
    plain = " ".join(rest) or "show"  # a name alone asks for its card
    found = search_questions(every, plain if named else text, spoken)
    near = ""
    if not found.questions:
        near = near_word(every, found.missing) or "monazite ask lists all questions."
    ids = ids_of(named, known_names)
    lines = []
    for query in found.questions:
        is_command = query.group == COMMANDS
        line = askable[query.name].filled(ids) if is_command else filled(query, ids)
        lines.append(replace(query, example=line))
    lines.sort(key=lambda line: not _asks_of(line, ids))
    return replace(found, questions=tuple(lines), words=text, near=near)


def _unknown_words(
    text: str, questions: Iterable[NamedQuery], spoken: Mapping[str, str]
) -> set[str]:
    """The words that are in no name, title or other words of a question: they may be names."""
    known = {word for other in spoken.values() for word in _words_of(other)}
    known |= {word for each in questions for word in _words_of(f"{each.name} {each.title}")}
    return {*_words_of(text)} - known - _IDLE


def _asks_of(query: NamedQuery, ids: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether the line to paste asks of something that was named."""
    words = set(re.split(r"[\s=]+", query.example))
    return any(each in words for named in ids.values() for each in named)


def questions_of(queries: Mapping[str, NamedQuery], group: str = "") -> list[NamedQuery]:
    """Return the questions of one group, or of all groups in their order, by name."""
    wanted = group.casefold().strip()
    if wanted and wanted not in GROUPS:
        fix = did_you_mean(wanted, GROUPS) or f"groups are {', '.join(GROUPS)}."
        raise UnknownNameError(f'There is no group "{group}"; {fix}')
    asked = [query for query in queries.values() if query.group in GROUPS]
    return sorted(
        (query for query in asked if wanted in {"", query.group}),
        key=lambda query: (GROUPS.index(query.group), query.name),
    )


def search_questions(
    questions: Iterable[NamedQuery], text: str, spoken: Mapping[str, str] | None = None
) -> FoundQuestions:
    """Find the questions that have the most of some words, those with weightier places first.

    A question is meant whose name is the text, or that alone has every word as written. Idle words
    count only alone, endings are cut off, beginnings count a little. Where more than half of the
    words are in no question, none fits.
    """
    asked = list(questions)
    name = "-".join(text.casefold().split())
    named = [query for query in asked if query.name == name]
    if named:
        return FoundQuestions((named[0],), exactly=True)
    each_once = list(dict.fromkeys(_words_of(text)))
    words = [word for word in each_once if word not in _IDLE] or each_once
    other = spoken or {}
    fields = {query.name: _fields(query, other.get(query.name, "")) for query in asked}
    worths = {word: _worths(fields, word) for word in words}
    missing = tuple(word for word in words if not any(worths[word].values()))
    ranked = [(query, [worths[word][query.name] for word in words]) for query in asked]
    most = max((sum(map(bool, worth)) for _, worth in ranked), default=0)
    if not most or most < FITS * len(words):
        return FoundQuestions((), missing or (text,))
    best = [(query, worth) for query, worth in ranked if sum(map(bool, worth)) == most]
    rarity = [1 / max(sum(map(bool, worths[word].values())), 1) for word in words]

    def weight(worth: list[int]) -> float:
        """What the words tell together: one that few have tells more."""
        return float(sum(map(mul, worth, rarity)))

    best.sort(key=lambda pair: (-weight(pair[1]), GROUPS.index(pair[0].group), pair[0].name))
    found = [query for query, _ in best][:MAX_FOUND]
    held = {query.name: set().union(*fields[query.name].values()) for query in found}
    whole = [query for query in found if held[query.name].issuperset(words)]
    if len(whole) == 1 and whole[0].parameters:
        return FoundQuestions((whole[0],), exactly=True)
    exactly = len(found) == 1 and bool(found[0].parameters)
    return FoundQuestions(tuple(found), missing, exactly=exactly)


def near_word(questions: Iterable[NamedQuery], words: Iterable[str]) -> str:
    """Return ``did you mean "..."?`` for words that no question has, or an empty text."""
    known = {word for query in questions for word in _words_of(f"{query.name} {query.title}")}
    return next(filter(None, (did_you_mean(word, known - _IDLE) for word in words)), "")


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _fields(query: NamedQuery, spoken: str) -> dict[str, set[str]]:
    parameters = " ".join(f"{each.name} {each.type}" for each in query.parameters)
    about = [query.about, query.example]
    about += [f"{each.about} {each.default}" for each in query.parameters]
    texts = {"name": query.name, "title": query.title, "words": spoken, "parameter": parameters}
    texts["about"] = " ".join(about)
    return {field: set(_words_of(text)) for field, text in texts.items()}


def _worths(fields: Mapping[str, Mapping[str, set[str]]], word: str) -> dict[str, int]:
    """What a word counts in each question, by name: weak fields only where no strong one has it."""
    strong = {name: _worth(texts, word, _STRONG) for name, texts in fields.items()}
    if any(strong.values()):
        return strong
    return {name: _worth(texts, word, _WEAK) for name, texts in fields.items()}


def _worth(texts: Mapping[str, set[str]], word: str, weights: Mapping[str, int]) -> int:
    return max(
        weight * max((_meets(word, other) for other in texts[field]), default=0)
        for field, weight in weights.items()
    )


def _meets(word: str, other: str) -> int:
    if word == other:
        return _EXACT
    if _stem(word) == _stem(other):
        return _STEM
    begins = len(word) >= _LEAST and other.startswith(word)
    return _BEGINS if begins or (len(other) >= _BACK and word.startswith(other)) else 0


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    """Cut the ending off a word; what is left has three letters at least."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word.removesuffix(ending)
    return word
