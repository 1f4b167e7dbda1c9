"""The JSON of declared results: which keys a class has there, and which attributes stand in them.

A class names them in ``_json``, in their order; one that does not has all its own fields, ``*``.
``key=attribute`` takes another attribute or property, a dotted one through others, of several that
of each; ``key?`` is null where that is empty; ``key(a,b=c)`` has these keys alone of what stands
there; and ``part.key`` stands in an object of its own, of which ``_parts`` says what it is.
``_words`` has the closed lists that its attributes are of.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any, NamedTuple

PLAIN: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
"""Values that JSON has as they are, with the names that JSON Schema has for them."""
COMMON = {
    "certainty": "surely or perhaps",
    "country": "its code",
    "element": "symbol or group",
    "facility": "id of the plant",
    "id": "its id",
    "label": "its name",
    "market": "code of the market",
    "market_label": "its name",
    "month": "the month, YYYY-MM",
    "notes": "numbers of its sources",
    "row": "the row that says so",
    "rows": "keys of the rows on which it rests",
    "rule": "a code of the scheme ``rule``",
    "sheet_row": "of the line",
    "sources": "who says so",
    "title": "its name",
}
"""What fields of these names hold where their class says nothing else."""


class DeclaredKey(NamedTuple):
    """A key of an object, the attributes that lead to what stands there, and how it stands."""

    key: str
    path: tuple[str, ...]
    empty_is_null: bool = False
    told: str = ""


@cache
def declared_keys(kind: Any, told: str = "") -> tuple[DeclaredKey, ...]:  # noqa: ANN401 - a class
    """Return the keys of a class in JSON, or those of them that are told."""
    told = told or getattr(kind, "_json", "*")
    if "*" in told.split():
        shared = getattr(kind, "_shared", ())
        every = getattr(kind, "_fields", None) or [each.name for each in fields(kind)]
        told = told.replace("*", " ".join(name for name in every if name not in shared))
    found = []
    for each in told.split():
        own, _, inner = each.partition("(")
        key, _, attribute = own.replace("?", "").partition("=")
        path = (attribute or key.rpartition(".")[2]).split(".")
        found.append(DeclaredKey(key, (*path,), "?" in own, inner[:-1].replace(",", " ")))
    return tuple(found)


def value_at(value: Any, path: Sequence[str]) -> Any:  # noqa: ANN401 - whatever a result holds
    """Return what attributes lead to; None has none, and of several each has its own."""
    for place, name in enumerate(path):
        if type(value) is tuple:
            return tuple(value_at(each, path[place:]) for each in value)
        value = None if value is None else getattr(value, name)
    return value


def to_json_value(value: Any, told: str = "") -> Any:  # noqa: ANN401 - whatever a result holds
    """Return a value as ``json.dumps`` takes it."""
    kind = type(value)
    if kind in PLAIN or value is None:
        return value
    if is_dataclass(kind):
        found: dict[str, Any] = {}
        for key, path, empty_is_null, inner in declared_keys(kind, told):
            part, _, own = key.rpartition(".")
            held = to_json_value(value_at(value, path), inner)
            place = found.setdefault(part, {}) if part else found
            place[own] = (held or None) if empty_is_null else held
        return found
    if hasattr(kind, "_fields"):
        return {key: to_json_value(held) for key, held in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(key): to_json_value(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [to_json_value(each, told) for each in value]
    if isinstance(value, int | float | str):  # a number of numpy, or one of a cell
        return value
    raise TypeError(f"JSON has no {kind.__name__}.")


_CLASS, _FIELD = re.compile(r"class (\w+)"), re.compile(r" {4}(\w+): [^#]*(?:#: (.+)|#.*)?")


class WithFields:
    """The docstring of a class, which ``help()`` shows with what its fields hold."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __get__(self, value: object, kind: type) -> str | None:
        """Return the text; once its fields are known, with what is said of each."""
        if "__match_args__" not in vars(kind) or "Attributes:" in (self.text or ""):
            return self.text
        told = ((each.name, text_of(kind, each.name)) for each in fields(kind))
        listed = "".join(f"\n        {name}: {text}." for name, text in told if text)
        return f"{self.text}\n\n    Attributes:{listed}" if listed else self.text


def text_of(kind: Any, attribute: str) -> str:  # noqa: ANN401 - a class
    """Return what is said of a field or a property: a part of a sentence."""
    for base in kind.__mro__:
        if text := _texts_of(base).get(attribute):
            return text.rstrip(".")
        if run := getter_of(base.__dict__.get(attribute)):
            return " ".join((run.__doc__ or "").partition("\n\n")[0].split()).rstrip(".")
    return COMMON.get(attribute, "")


def getter_of(member: object) -> Any:  # noqa: ANN401 - a function
    """Return what works out a property; None of what is none."""
    if isinstance(member, cached_property):
        return member.func
    return member.fget if isinstance(member, property) else None


@cache
def _texts_of(kind: type) -> Mapping[str, str]:
    """What a class says of its fields."""
    plain = vars(kind).get("__doc__")
    plain = plain.text if isinstance(plain, WithFields) else plain
    told = inspect.cleandoc(plain or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    items = re.split(r"^ {4}(\w+): ", told, flags=re.MULTILINE)[1:]
    above = {x: " ".join(y.split()) for x, y in zip(items[::2], items[1::2], strict=True)}
    return {**above, **_texts_in(kind.__module__).get(kind.__name__, {})}


@cache
def _texts_in(module: str) -> Mapping[str, Mapping[str, str]]:
    """What stands beside the fields of the classes of a module."""
    found: dict[str, dict[str, str]] = {}
    own: dict[str, str] = {}
    above = ""
    source = "" if module == "builtins" else inspect.getsource(import_module(module))
    for line in source.split("\n"):
        if heading := _CLASS.match(line):
            own = found.setdefault(heading[1], {})
        elif line.startswith("    #: "):
            above += line[6:]
        elif said := _FIELD.match(line):
            own |= {said[1]: text} if (text := said[2] or above.strip()) else {}
            above = ""
    return found
