"""Finds questions and commands by words: words are compared as words, and no meaning is known."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from itertools import groupby
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.core.columns import Column, table
from monazite.core.errors import MonaziteError, UnknownNameError, did_you_mean
from monazite.core.formats import one_or_many
from monazite.core.package import ontology_folder
from monazite.core.results import Result, Struct
from monazite.core.tables import COMFORT, Table, markdown_text, wrapped, wrapped_lines, write_tables
from monazite.data.parameters import check_text
from monazite.store.names import Entity, cached_names
from monazite.store.queries import NamedQuery, Parameter, read_queries

if TYPE_CHECKING:
    from monazite.store.store import Store

COMMANDS = "commands"  # the group of what is a command and no question


class Askable(Struct):
    """A line of the file; title and line to paste, with slots, are empty for a question."""

    name: str
    title: str
    words: str
    line: str

    def filled(self, found: Mapping[str, Sequence[str]]) -> str:
        """Return the line with what was named in its slots, and else what stands there.

        The slot ``full`` takes ``--full`` where what is named may not be in the short report.
        """
        known = {kind: ids[0] for kind, ids in found.items() if ids}
        known["any"] = next(iter(known.values()), "")
        known["place"] = known.get("facility") or known.get("organisation") or ""
        makers = {*found.get("country", ())} - {*found.get("market", ())}
        known["full"] = "--full" if makers or "facility" in known else ""
        slots = re.compile(r"\{(\w+):([^{}]*)\}")
        return slots.sub(lambda slot: known.get(slot[1]) or slot[2], self.line).strip()


@cache
def read_askable(ontology: Path | None = None) -> dict[str, Askable]:
    """Read the lines of an ontology folder, by name; none where it has no such file."""
    file = (ontology or ontology_folder()) / "ask.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        return {line["name"]: Askable(**line) for line in csv.DictReader(opened)}


def commands(askable: dict[str, Askable]) -> list[NamedQuery]:
    """Return the commands as what is found beside the questions."""
    about = "All its options: monazite {} --help"
    return [
        NamedQuery(x.name, x.title, COMMANDS, about.format(x.name), (), x.filled({}), text="")
        for x in askable.values()
        if x.line
    ]


# What is told from other words; where two have one name, the first is meant.
KINDS = ("facility", "organisation", "element", "element-group", "country", "area")
_WORD = re.compile(r"[^\W_]+")
_CODE = 3  # letters of a code or symbol, which is told by its capitals: ``in`` is no indium
_FITS = {
    "element": ("element", "element-group"),
    "country": ("country", "area"),
    "countries": ("country", "area"),
    "facility": ("facility",),
    "organisation": ("organisation",),
    "entity": ("facility", "organisation"),
    "subject": ("facility", "organisation"),
    "material": ("material",),
}
_ABOUT, _BUT = "about", "outside"  # take whatever is named, and name what is left out
_ORIGIN = "exporter"  # the parameter that takes the country named after ``from``
_BUYS = frozenset({"for", "would", "does", "do", "can", "could", "will", "should"})  # before a name
_ACTS = ("stop", "ban", "block", "cut", "restrict", "close", "shut", "embargo", "limit", "licens")
_NOT_NAMES = frozenset({"WLD", "ALL", "ROW", "other"})


class Origin(Entity):
    """What is named right after ``from``: where goods come from."""


class Buyer(Entity):
    """What is named as who would lose: a market."""


def find_names(text: str, known: Iterable[tuple[str, Entity]]) -> tuple[list[Entity], list[str]]:
    """Tell names from other words."""
    ranked = sorted(
        ((name, each) for name, each in known if each.kind in KINDS and each.id not in _NOT_NAMES),
        key=lambda pair: (-KINDS.index(pair[1].kind), pair[1].iri),
    )
    names = {_key(_WORD.findall(name)): entity for name, entity in ranked}
    words = _WORD.findall(text)
    found: list[Entity] = []
    left: list[str] = []
    place = 0
    while place < len(words):
        for end in range(min(place + 8, len(words)), place, -1):  # of eight words at most
            if (entity := names.get(_key(words[place:end]))) is not None:
                before = words[place - 1].casefold() if place else ""
                acts = "".join(words[end : end + 1]).casefold().startswith(_ACTS)
                role = Buyer if before in _BUYS and not acts else Entity
                kind = Origin if before == "from" else role
                found.append(kind(entity.iri, entity.label, entity.classes))
                place = end
                break
        else:
            left.append(words[place])
            place += 1
    return found, left


def _key(words: list[str]) -> tuple[str, ...]:
    alone = len(words) == 1 and len(words[0]) <= _CODE
    return tuple(words) if alone else tuple(word.casefold() for word in words)


def ids_of(
    named: Iterable[Entity], known: Iterable[tuple[str, Entity]] = ()
) -> dict[str, list[str]]:
    """Return the ids that are named, by kind; of an element its oxide too, which has the price."""
    materials = {each.id for _, each in known if each.kind == "material"}
    found: dict[str, list[str]] = defaultdict(list)
    for each in named:
        kind = {"element-group": "element", "area": "country"}.get(each.kind, each.kind)
        found[kind].append(each.label if each.kind == "element-group" else each.id)
        found[_ABOUT].append(each.label if kind == "element" else each.id)
        oxide = f"{each.label.casefold()}-oxide"
        if kind == "element" and oxide in materials:
            found["material"].append(oxide)
        if kind == "country" and isinstance(each, Origin):
            found[_ORIGIN].append(each.id)
        if kind == "country" and isinstance(each, Buyer):
            found["market"].append(each.id)
    return dict(found)


def filled(query: NamedQuery, named: Mapping[str, Sequence[str]]) -> str:
    """Return a line to paste that asks a question of what is named; its example if nothing fits."""
    left = {kind: list(ids) for kind, ids in named.items()}
    given: dict[str, str] = {}
    if left.get(_ORIGIN) and any(each.name == _ORIGIN for each in query.parameters):
        given[_ORIGIN] = left[_ORIGIN][0]
        left["country"].remove(given[_ORIGIN])
    for each in query.parameters:
        if each.name in given:
            continue
        kinds = (_ABOUT,) if each.name == _ABOUT else _FITS.get(each.type, ())
        kind = next((kind for kind in kinds if left.get(kind)), None)
        if kind is not None and each.name != _BUT:
            given[each.name] = left[kind].pop(0)
    open_ = [each for each in query.parameters if not (each.optional or each.default)]
    if not given or any(each.name not in given for each in open_):
        return query.example
    words = (f"--param {shlex.quote(f'{name}={value}')}" for name, value in given.items())
    return " ".join([f"monazite query {query.name}", *words])


def names_to_ask(store: Store) -> list[tuple[str, Entity]]:
    """Return the names of what a reader may ask about, each with what it names."""

    def read() -> bytes:
        found = cached_names(store, *KINDS, "material")
        if not found:  # to be kept, it would be the answer for ever
            raise FileNotFoundError("Names lie beside a store that was forgotten.")
        return json.dumps([[name, each.iri, each.label] for name, each in found]).encode()

    known = store.kept("names of what a reader may ask about", read)
    return [(name, Entity(iri, label, frozenset())) for name, iri, label in json.loads(known)]


def names_beside_the_store() -> list[tuple[str, Entity]]:
    """Return the names that are kept beside the shipped store, which is built where it is not."""
    from monazite.store.opening import open_store

    for _ in range(3):  # another process may just have forgotten the store, to keep few of them
        with suppress(MonaziteError, OSError):
            open_store().wait()  # names lie beside a store that is written
            return names_to_ask(open_store())
    return []  # whoever asks in earnest is told


NOTE = "It matches words, not meaning."


def write_questions(questions: Sequence[NamedQuery], fmt: str, *, grouped: bool) -> str:
    """Return a list of questions as ``table`` or ``markdown`` text, grouped or in their order."""
    marked = fmt == "markdown"
    lines: list[str] = []
    for group, members in groupby(questions, lambda each: each.group if grouped else ""):
        if group:
            lines += [f"## {markdown_text(group)}\n" if marked else f"{group}\n"]
        for query in members:
            asked, told = f"{query.title} ({query.name})", f"parameters: {_parameters(query)}"
            if marked:
                name = markdown_text(query.name)
                lines.append(f"- **{markdown_text(query.title)}** ({name})  ")
                lines += [f"  {markdown_text(told)}  "] if query.parameters else []
                lines.append(f"  `{query.example}`")
            else:
                lines += [f"  {asked}", *([f"      {told}"] if query.parameters else [])]
                lines.append(f"      {query.example}")
        lines.append("")
    lines.append(f"{NOTE} One in full: monazite ask NAME")
    return "\n".join(lines) + "\n"


def _parameters(query: NamedQuery) -> str:
    return "; ".join(
        f"{each.name} ({_type(each)})" + (f" = {each.default}" if each.default else "")
        for each in query.parameters
    )


def question_table(query: NamedQuery) -> Table:
    """Return the full card of a question: a table of its parameters, with remarks."""
    columns = (
        Column("parameter", "name"),
        Column("type", _type),
        Column("default", lambda x: x.default or ("none" if x.optional else "must be given")),
        Column("what it is", "about"),
    )
    remarks = (query.about, f"To paste: {query.example}", NOTE)
    heading = f"{query.title} ({query.name}, {query.group})"
    return table(heading, query.parameters, columns, remarks)


def _type(parameter: Parameter) -> str:
    return f"{parameter.type}, optional" if parameter.optional else parameter.type


GROUPS = (COMMANDS, "entities", "supply", "policies", "ownership", "time", "evidence")

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


class FoundQuestions(Result):
    """What a search found; it has a length and iterates over the questions and commands."""

    records_key = "questions"
    _json = "note questions"

    #: best first; in the order of their groups where no words were given
    questions: tuple[NamedQuery, ...]
    missing: tuple[str, ...] = ()  #: the words that no question has
    #: whether one question is meant, by its name or by words that it alone has
    exactly: bool = False
    words: str = ""  #: what was looked for
    near: str = ""  #: what to do about the missing words

    def __len__(self) -> int:
        return len(self.questions)

    def __iter__(self) -> Iterator[NamedQuery]:
        return iter(self.questions)

    def headline(self) -> str:
        """Return how many questions there are, and the first of them."""
        names = [query.name for query in self.questions[:5]]
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
        columns = (
            *(Column(each, each) for each in ("group", "name", "title")),
            Column("parameters", _parameters),
            *(Column(each, each) for each in ("about", "example")),
        )
        return [table("", self.questions, columns)] if self.questions else []

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return a card or a list as text, ``table`` or ``markdown``; nothing if nothing is found.

        Args:
            fmt: table or markdown.
            width: columns of the terminal, of a table; a line to paste is never broken.
            full: nothing wraps; there is no more to say.
        """
        text = ""
        if self.exactly:
            text = write_tables(self.tables(), fmt)
        elif self.questions:
            text = write_questions(self.questions, fmt, grouped=not self.words)
        if fmt != "table" or full or width is None:
            return text
        return "\n".join(_fitted(line, width) for line in text.split("\n"))


def _fitted(line: str, width: int) -> str:
    """A line that goes on below its last column, or as a sentence; one to paste is not broken."""
    head, gap, text = line.rpartition("  ")
    if "monazite " in line:
        return line
    if not head.strip():
        return wrapped_lines(line, width)
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
    known_words = _words_of(" ".join(spoken.values())) + _titles(every)
    known_names: Sequence[tuple[str, Entity]] = []
    if {*_words_of(text)} - {*known_words} - _IDLE:  # they may be names
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
    asked_of = {each for own in ids.values() for each in own}
    lines.sort(key=lambda each: asked_of.isdisjoint(re.split(r"[\s=]+", each.example)))
    return replace(found, questions=tuple(lines), words=text, near=near)


def _titles(questions: Iterable[NamedQuery]) -> list[str]:
    """The words of names and titles."""
    return _words_of(" ".join(f"{each.name} {each.title}" for each in questions))


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
    if 2 * most < max(len(words), 1):  # half of the words at least
        return FoundQuestions((), missing or (text,))
    best = [(query, worth) for query, worth in ranked if sum(map(bool, worth)) == most]
    rarity = [1 / max(sum(map(bool, worths[word].values())), 1) for word in words]

    def weight(worth: list[int]) -> float:
        """What the words tell together: one that few have tells more."""
        return float(sum(map(mul, worth, rarity)))

    best.sort(key=lambda pair: (-weight(pair[1]), GROUPS.index(pair[0].group), pair[0].name))
    found = [query for query, _ in best][:8]
    held = {query.name: set().union(*fields[query.name].values()) for query in found}
    whole = [query for query in found if held[query.name].issuperset(words)]
    if len(whole) == 1 and whole[0].parameters:
        return FoundQuestions((whole[0],), exactly=True)
    exactly = len(found) == 1 and bool(found[0].parameters)
    return FoundQuestions(tuple(found), missing, exactly=exactly)


def near_word(questions: Iterable[NamedQuery], words: Iterable[str]) -> str:
    """Return ``did you mean "..."?`` for words that no question has, or an empty text."""
    known = {*_titles(questions)} - _IDLE
    return next(filter(None, (did_you_mean(word, known) for word in words)), "")


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
    found: dict[str, int] = {}
    for weights in (_STRONG, _WEAK):
        if not any(found.values()):
            found = {
                name: max(
                    weight * max((_meets(word, other) for other in texts[field]), default=0)
                    for field, weight in weights.items()
                )
                for name, texts in fields.items()
            }
    return found


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
