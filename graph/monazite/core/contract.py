"""The JSON of declared results: which keys a class has there, and which attributes stand in them.

A class names them in ``_json``, in their order; one that does not has all its own fields.
``key=attribute`` takes another attribute or property, ``key=part.attribute`` one of a part;
``key?`` is null where that is empty, and ``part.key`` stands in an object of its own, of which
``_parts`` says what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any

PLAIN: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
"""Values that JSON has as they are, with the names that JSON Schema has for them."""


@cache
def declared_keys(kind: Any) -> tuple[tuple[str, str, bool], ...]:  # noqa: ANN401 - a class
    """Return the keys of a class in JSON: key, attribute, and whether empty is null."""
    told = getattr(kind, "_json", None)
    if told is None:
        shared = getattr(kind, "_shared", ())
        own = (each.name for each in fields(kind) if each.name not in shared)
        return tuple((name, name, False) for name in own)
    pairs = [(each, *each.replace("?", "").partition("=")) for each in told.split()]
    return tuple(
        (key, attribute or key.rpartition(".")[2], "?" in each) for each, key, _, attribute in pairs
    )


def to_json_value(value: Any) -> Any:  # noqa: ANN401 - whatever a result holds
    """Return a value as ``json.dumps`` takes it."""
    kind = type(value)
    if kind in PLAIN or value is None:
        return value
    if is_dataclass(kind):
        found: dict[str, Any] = {}
        for key, attribute, empty_is_null in declared_keys(kind):
            part, _, own = key.rpartition(".")
            held = to_json_value(attrgetter(attribute)(value))
            place = found.setdefault(part, {}) if part else found
            place[own] = (held or None) if empty_is_null else held
        return found
    if hasattr(kind, "_fields"):
        return {key: to_json_value(held) for key, held in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(key): to_json_value(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [to_json_value(each) for each in value]
    if isinstance(value, int | float):  # a number of numpy
        return value
    raise TypeError(f"JSON has no {kind.__name__}.")
