"""Which findings are served, and with which parameters: read off the verbs of the view."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from monazite.asking.question import Question, questions
from monazite.asking.schema import parameter_schema
from monazite.core.contract import PLAIN
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import grouped
from monazite.data.dates import TAKE_TODAY, read_today
from monazite.data.filters import Filters
from monazite.store.queries import NamedQuery, day_of
from monazite.view.view import View

_DAYS = ("date1", "date2")
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class AskedParameter:
    """A parameter that a request may have."""

    name: str
    kind: type
    about: str
    default: object = None
    is_needed: bool = False
    words: tuple[str, ...] = ()
    example: str = ""
    is_repeated: bool = False
    most: float | None = None

    def read(self, text: str) -> object:
        """Return a value of an address."""
        if self.name in TAKE_TODAY and self.kind is str:
            text = read_today(text) or ""
        if self.name in _DAYS:
            day_of(text)  # and no folder, which the verb would read
        try:
            value = _TRUTHS[text] if self.kind is bool else self.kind(text)
        except (KeyError, ValueError):
            raise UnknownNameError(f'{self.name} is {_A[self.kind]}, not "{text}".') from None
        if self.most is not None and value > self.most:
            raise UnknownNameError(
                f"{self.name} may be {grouped(self.most)} at most here; the command line takes "
                "more."
            )
        return value


_A = {int: "a whole number", float: "a number", bool: "true or false"}


@cache
def served_verbs() -> dict[str, tuple[AskedParameter, ...]]:
    """Return the findings that are served, by name, with their parameters."""
    found = {name: _asked_of(asked) for name, asked in questions().items()}
    return {name: asked for name, asked in found.items() if asked is not None}


def _asked_of(asked: Question) -> tuple[AskedParameter, ...] | None:
    """The parameters of a question, those that are single values; None where it takes a file."""
    if any(each.told.file for each in asked.params):
        return None
    found = [
        AskedParameter(
            each.outside,
            each.kind,
            each.help,
            None if each.is_needed else each.default,
            each.is_needed or each.told.needed,
            tuple(parameter_schema(each).get("enum", ())),
            most=each.told.most,
        )
        for each in asked.params
        if each.kind in PLAIN
    ]
    if asked.first is not None:
        said = "How many lines are given, the first ones."
        found.append(AskedParameter("top", int, said, asked.first[1], most=1_000))
    return tuple(found)


def about_verb(name: str) -> str:
    """Return what a finding is, in a sentence."""
    return questions()[name].summary


def list_findings() -> list[dict[str, str]]:
    """Return what a reader chooses a finding by: its name, what it is, and its address."""
    return [
        {"name": name, "about": about_verb(name), "address": f"/findings/{name}"}
        for name in served_verbs()
    ]


def parameters_told(verb: Callable[..., object]) -> dict[str, str]:
    """Return what the docstring of a verb says of its parameters."""
    told = (inspect.getdoc(verb) or "").partition("Args:\n")[2].partition("\n\n")[0]
    items = re.split(r"^ {4}(\w+): ", told, flags=re.MULTILINE)[1:]
    pairs = zip(items[::2], items[1::2], strict=True)
    return {name: " ".join(text.split()) for name, text in pairs}


def of_question(query: NamedQuery) -> tuple[AskedParameter, ...]:
    """Return the parameters of a named question."""
    examples = dict(re.findall(r"(?:--param|-p) (\w+)='?\"?([^'\" ]+)", query.example))
    found = []
    for each in query.parameters:
        about, is_needed = f"{each.about} ({each.type})", not (each.optional or each.default)
        asked = (each.name, str, about, each.default or None, is_needed)
        found.append(AskedParameter(*asked, example=examples.get(each.name, "")))
    return tuple(found)


OF_VIEW = (
    AskedParameter("valid", str, "Only what holds on this day: 2025, 2025-06-11 or today."),
    AskedParameter("known", str, "Only what could be read by this day."),
    AskedParameter("tier", int, "Only from sources of this tier or better: 1 primary to 4 weak."),
    AskedParameter(
        "without", str, "A record, source, publisher or table to leave out.", is_repeated=True
    ),
)


@dataclass(frozen=True)
class AddressedQuestion:
    """What a request asks: the values by name, and the filters of the view."""

    values: Mapping[str, Any]
    filters: Filters


def read_asked(
    fields: list[tuple[str, str]], own: tuple[AskedParameter, ...], filters: Filters
) -> AddressedQuestion:
    """Read what an address asks; a parameter of the question hides a filter of its name."""
    known = {each.name: each for each in (*OF_VIEW, *own)}
    given: dict[str, list[object]] = {}
    for name, text in fields:
        if name not in known:
            fix = did_you_mean(name, known) or f"there are {', '.join(known)}."
            raise UnknownNameError(f'There is no parameter "{name}"; {fix}')
        given.setdefault(name, []).append(known[name].read(text))
    for name, several in given.items():
        if len(several) > 1 and not known[name].is_repeated:
            raise UnknownNameError(f"{name} is given {len(several)} times; give it once.")
    for each in own:
        if each.is_needed and each.name not in given:
            raise UnknownNameError(f"{each.name} is missing: {each.about}")
    ours = {each.name for each in own}
    asked = {name: values[0] for name, values in given.items()}
    of_view: dict[str, Any] = {name: asked[name] for name in asked.keys() - ours}
    if "without" in of_view:
        of_view["without"] = given["without"]
    values = {name: value for name, value in asked.items() if name in ours}
    return AddressedQuestion(values, filters.narrowed(of_view))


def call(view: View, verb: str, values: Mapping[str, Any]) -> str:
    """Return the JSON of a finding, as its command prints it."""
    words, asked = dict(values), questions()[verb]
    method, usual = asked.first or ("", None)
    lines = words.pop("top", usual) if method else None
    found = asked.ask_outside(view, words)
    text: str = (getattr(found, method)(lines) if method else found).to_json()
    return text
