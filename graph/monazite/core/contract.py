"""The JSON of declared results: which keys a class has there, and which attributes stand in them.

A class names them in ``_json``, in their order; one that does not has all its own fields.
``key=attribute`` takes another attribute or property, and ``key?`` is null where that is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple

PLAIN: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
"""Values that JSON has as they are, with the names that JSON Schema has for them."""


class DeclaredKey(NamedTuple):
    """A key of an object in JSON, the attribute that stands there, and whether empty is null."""

    key: str
    attribute: str
    empty_is_null: bool


@cache
def declared_keys(kind: Any) -> tuple[DeclaredKey, ...]:  # noqa: ANN401 - a class of values
    """Return the keys of a class in JSON, in their order."""
    told = getattr(kind, "_json", None)
    if told is None:
        shared = getattr(kind, "_shared", ())
        own = (each.name for each in fields(kind) if each.name not in shared)
        return tuple(DeclaredKey(name, name, False) for name in own)
    pairs = (each.rstrip("?").partition("=") for each in told.split())
    return tuple(
        DeclaredKey(key.rstrip("?"), attribute or key.rstrip("?"), "?" in each)
        for each, (key, _, attribute) in zip(told.split(), pairs, strict=True)
    )


def to_json_value(value: Any) -> Any:  # noqa: ANN401 - whatever a result holds
    """Return a value as ``json.dumps`` takes it."""
    kind = type(value)
    if kind in PLAIN or value is None:
        return value
    if is_dataclass(kind):
        return {
            each.key: (held or None) if each.empty_is_null else held
            for each in declared_keys(kind)
            for held in [to_json_value(getattr(value, each.attribute))]
        }
    if hasattr(kind, "_fields"):
        return {key: to_json_value(held) for key, held in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(key): to_json_value(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [to_json_value(each) for each in value]
    if isinstance(value, int | float):  # a number of numpy
        return value
    raise TypeError(f"JSON has no {kind.__name__}.")
