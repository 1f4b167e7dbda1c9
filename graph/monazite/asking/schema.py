"""The JSON Schema of an answer, read off the classes of its result.

What a key holds is said once: by its property, by ``#:`` at its field, or for many in ``COMMON``.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from monazite.asking.question import Question, askers, find_question
from monazite.core.contract import PLAIN, DeclaredKey, declared_keys, getter_of, text_of
from monazite.core.package import schemas_folder
from monazite.data.declared import AskedParam, evaluated

Json = dict[str, Any]


def report_schema(asked: Question) -> Json:
    """Return the schema of what the command of a question prints as JSON."""
    kind, *others = kinds_of(asked)
    body = schema_of(kind)
    for also in (each for each in asked.also if not each.only):
        said = f"{also.told.help} Null where it was not asked." if also.null else also.told.help
        beside = _any_of(kinds_of(find_question(also.question)), said)
        body["properties"][also.option] = nullable(beside) if also.null else beside
        body["required"] += [also.option] if also.null else []
    about = f"{asked.summary.rstrip('.')}: `monazite {askers()[asked.verb]} --format json`."
    found = result_schema(kind, about, body, has_view=not asked.is_free)
    if not others:
        return found
    parts = [found, *(result_schema(each, each.__doc__) for each in others)]
    keys = ("type", "properties", "required", "additionalProperties")
    told = {name: held for name, held in found.items() if name not in keys}
    return {**told, "anyOf": [{name: part[name] for name in keys} for part in parts]}


def result_schema(
    kind: type, about: str, body: Json | None = None, *, has_view: bool = True
) -> Json:
    """Return the schema of what a result is as JSON, with its view if it has one."""
    body = body or schema_of(kind)
    told = json.loads((schemas_folder() / "query.json").read_text(encoding="utf-8"))
    view = {"view": {"$ref": "#/$defs/view"}} if has_view else {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        "description": about,
        "type": "object",
        "properties": {**view, **body["properties"]},
        "required": [*view, *body["required"]],
        "additionalProperties": False,
        **({"$defs": {"view": told["$defs"]["view"]}} if view else {}),
    }


def kinds_of(asked: Question) -> tuple[Any, ...]:
    """Return the classes of the answers of a question, that of what is known first."""
    kind = evaluated(asked.run.__annotations__["return"], names_in(asked.run.__module__))
    return get_args(kind) if isinstance(kind, UnionType) else (kind,)


def _any_of(kinds: Sequence[Any], said: str) -> Json:
    """The schema of what is of one of some classes."""
    if not kinds[1:]:
        return schema_of(kinds[0], said)
    return {"description": said, "anyOf": [*map(schema_of, kinds)]}


def schema_of(kind: Any, about: str = "", told: str = "") -> Json:  # noqa: ANN401 - a type
    """Return the schema of a type, with a description of each key; of those told alone."""
    said: Json = {"description": about} if about else {}
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        known = [each for each in args if each is not NoneType]
        return nullable(schema_of(known[0], about, told))
    if kind in PLAIN:
        return {**said, "type": PLAIN[kind]}
    if origin is tuple and len({*args} - {...}) > 1:
        items = {"prefixItems": [*map(schema_of, args)], "items": False, "minItems": len(args)}
        return {**said, "type": "array", **items}
    if origin in (tuple, list):
        return {**said, "type": "array", "items": schema_of(args[0], "", told)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {**said, "type": "object", "additionalProperties": schema_of(args[1])}
    properties: Json = {}
    for each in declared_keys(kind, told):
        part, _, own = each.key.rpartition(".")
        if part and part not in properties:
            properties[part] = _object({}, {"description": kind._parts[part]})
        place = properties[part]["properties"] if part else properties
        place[own] = _schema_at(kind, each)
        if part:
            properties[part]["required"].append(own)
    return _object(properties, said)


def _schema_at(kind: Any, key: DeclaredKey) -> Json:  # noqa: ANN401 - a class
    """The schema of what attributes lead to from a class: one of each where there are several."""
    *ways, attribute = key.path
    is_optional, is_several, told = key.empty_is_null, False, []
    for name in ways:
        part, kind = kind, _type_of(kind, name)
        if not get_args(kind):
            told.append(text_of(part, name))
            continue
        is_several |= get_origin(kind) is tuple
        is_optional |= NoneType in get_args(kind)
        kind = next(each for each in get_args(kind) if each is not NoneType)
    text = ": ".join(filter(None, [*told, text_of(kind, attribute)]))
    text = text.replace("None", "null").replace("``", "`")
    if key.empty_is_null:
        text = re.sub(r"\bempty\b", "null", text)
    text = text[:1].upper() + text[1:]
    found = schema_of(_type_of(kind, attribute), "" if is_several else text, key.told)
    found = {"description": text, "type": "array", "items": found} if is_several else found
    if words := getattr(kind, "_words", {}).get(attribute):
        found["enum"] = [*words]
    return nullable(found) if is_optional else found


def _object(properties: Json, said: Json) -> Json:
    """A closed object, all of whose keys are there."""
    required = {"required": [*properties], "additionalProperties": False}
    return {**said, "type": "object", "properties": properties, **required}


def nullable(part: Json) -> Json:
    """Return a schema that takes null too, which is not known where its text says nothing else."""
    if "anyOf" in part:
        return {**part, "anyOf": [*part["anyOf"], {"type": "null"}]}
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    said = {}
    if (about := part.get("description")) and "null" not in about:
        said = {"description": f"{about}; null is not known"}
    return {**part, **said, "type": [*kinds, "null"] if "null" not in kinds else kinds}


def _type_of(kind: Any, attribute: str) -> Any:  # noqa: ANN401 - a type
    """The type of a field or a property of a class."""
    for base in kind.__mro__:
        run = getter_of(base.__dict__.get(attribute))
        said = inspect.get_annotations(run or base).get("return" if run else attribute)
        if said is not None:
            said = getattr(said, "__forward_arg__", said)  # of a named tuple
            return evaluated(said, names_in(base.__module__)) if isinstance(said, str) else said
    raise TypeError(f"{kind.__name__} has no {attribute}.")


@cache
def names_in(module: str) -> dict[str, Any]:
    """Return the names of a module, with those that it imports for type checkers only."""
    names = dict(vars(import_module(module)))
    if module != "builtins":
        names |= {
            name: getattr(import_module(home), name) for home, name in imported_for_types(module)
        }
    return names


@cache
def imported_for_types(module: str) -> tuple[tuple[str, str], ...]:
    """Return home and name of what a module imports for type checkers only."""
    return tuple(
        (str(each.module), name.name)
        for node in ast.parse(inspect.getsource(import_module(module))).body
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for each in node.body
        if isinstance(each, ast.ImportFrom)
        for name in each.names
        if hasattr(import_module(str(each.module)), name.name)
    )


def parameter_schema(each: AskedParam) -> Json:
    """Return the schema of the value of a parameter, with what is said of it."""
    found: Json = {"type": PLAIN.get(each.kind, "array"), "description": each.help}
    if each.told.words is not None:
        found["enum"] = [*each.told.words()]
    if each.told.bounds is not None:
        found["minimum"] = each.told.bounds.low
        if each.told.bounds.high is not None:
            found["maximum"] = each.told.bounds.high
    if not each.is_needed and each.default not in (None, ""):
        found["default"] = each.default
    return found
