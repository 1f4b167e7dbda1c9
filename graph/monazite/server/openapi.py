"""The OpenAPI 3.1.0 description of what is served as JSON, of the parameters that are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from monazite.core.package import VERSION, schemas_folder
from monazite.server.verbs import OF_VIEW, AskedParameter, about_verb, of_question, served_verbs
from monazite.store.queries import NamedQuery, read_queries
from monazite.store.questions import GROUPS

Json: TypeAlias = dict[str, Any]
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_SCHEMAS = "#/components/schemas/"
_PROBLEM = "application/problem+json"
_REFUSALS = {
    "400": "A parameter is not known, missing or wrong; the detail says which.",
    "404": "There is no such address, or the records do not say what is asked.",
    "405": "The address takes GET and HEAD; nothing can be written.",
    "414": "The address is too long.",
    "421": "The server does not answer to the name that the request is for.",
    "431": "The request has too many headers, or too long ones.",
    "500": "The server met a fault of its own.",
    "503": "The server has as much to do as it may; Retry-After says when to come again.",
}


def describe(ontology: Path) -> Json:
    """Return the description as values of JSON."""
    queries = read_queries(ontology / "queries").values()
    questions = [each for each in queries if each.group in GROUPS and each.group]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Monazite",
            "version": VERSION,
            "summary": "What in the rare-earth supply chain can stop you.",
            "description": "Named questions and findings as JSON, byte for byte as the command "
            "line prints them with `--format json`. Parts run from 0 to 1.",
            "license": {"name": "Apache-2.0 AND CC-BY-4.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/questions": {"get": _list("questions", "List the named questions")},
            **{f"/questions/{each.name}": {"get": _question(each)} for each in questions},
            "/findings": {"get": _list("findings", "List the findings")},
            **{
                f"/findings/{name}": {"get": _finding(name, asked)}
                for name, asked in served_verbs().items()
            },
        },
        "components": {"schemas": _schemas(), "responses": _refusals()},
    }


def _list(name: str, summary: str) -> Json:
    line = {"type": "object", "additionalProperties": {"type": "string"}}
    return _operation(name, summary, "", (), {"type": "array", "items": line})


def _question(query: NamedQuery) -> Json:
    schema, name = {"$ref": f"{_SCHEMAS}query"}, f"question-{query.name}"
    return _operation(name, query.title, query.about, of_question(query), schema)


def _finding(name: str, asked: tuple[AskedParameter, ...]) -> Json:
    schema = {"$ref": f"{_SCHEMAS}{name}"}
    return _operation(f"finding-{name}", about_verb(name), "", asked, schema)


def _operation(
    name: str, summary: str, about: str, own: tuple[AskedParameter, ...], schema: Json
) -> Json:
    hidden = {each.name for each in own}
    asked = [*own, *(each for each in OF_VIEW if each.name not in hidden)]
    content = {"application/json": {"schema": schema}}
    return {
        "operationId": name,
        "summary": summary,
        **({"description": about} if about else {}),
        "parameters": [_parameter(each) for each in asked],
        "responses": {
            "200": {"description": "The answer.", "content": content},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _REFUSALS},
        },
    }


def _parameter(asked: AskedParameter) -> Json:
    schema: Json = {"type": _TYPES[asked.kind]}
    if asked.words:
        schema["enum"] = [*asked.words]
    if asked.most is not None:
        schema["maximum"] = asked.most
    if asked.default is not None:
        schema["default"] = asked.default
    if asked.is_repeated:
        schema = {"type": "array", "items": schema}
    found = {
        "name": asked.name,
        "in": "query",
        "description": asked.about,
        "required": asked.is_needed,
        "schema": schema,
    }
    return {**found, "example": asked.example} if asked.example else found


def _refusals() -> Json:
    detail = {"detail": {"type": "string", "description": "Why, and what next, in a sentence."}}
    problem = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, **detail},
        "required": ["title", "status", "detail"],
        "additionalProperties": False,
    }
    found: Json = {
        status: {"description": about, "content": {_PROBLEM: {"schema": problem}}}
        for status, about in _REFUSALS.items()
    }
    found["503"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def _schemas() -> Json:
    """The schemas of the reports that are served, each part of one beside them under its name."""
    found: Json = {}
    for name in ("query", *served_verbs()):
        schema = json.loads((schemas_folder() / f"{name}.json").read_text(encoding="utf-8"))
        del schema["$schema"]
        parts = schema.pop("$defs", {})
        # reports that have the same part share its name
        names = {
            part: part if found.get(part, content) == content else f"{name}-{part}"
            for part, content in parts.items()
        }
        for part, content in parts.items():
            found[names[part]] = _referring(content, names)
        found[name] = _referring(schema, names)
    return dict(sorted(found.items()))


def _referring(content: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - any value of JSON
    """The same schema, whose references lead to where its parts stand now."""
    if isinstance(content, dict):
        return {
            key: f"{_SCHEMAS}{names[value.removeprefix('#/$defs/')]}"
            if key == "$ref" and isinstance(value, str)
            else _referring(value, names)
            for key, value in content.items()
        }
    return [_referring(each, names) for each in content] if isinstance(content, list) else content
