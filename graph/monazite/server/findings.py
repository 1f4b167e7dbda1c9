"""Named questions and findings as JSON, and their OpenAPI description."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.package import VERSION, schemas_folder
from monazite.core.tables import to_json
from monazite.server.dispatcher import Dispatcher, TeamName
from monazite.server.verbs import (
    OF_VIEW,
    AskedParameter,
    about_verb,
    call,
    list_findings,
    of_question,
    read_asked,
    served_verbs,
)
from monazite.store.queries import NAME, NamedQuery, list_queries, read_queries, read_query
from monazite.store.questions import GROUPS

if TYPE_CHECKING:
    from monazite.view.view import View


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


_MOST_FIELDS = 100


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""
    ontology = door.settings.ontology

    async def questions(request: Request) -> Response:
        read_asked(_fields(request), (), door.settings.filters)
        return _json(_questions(ontology))

    async def question(request: Request) -> Response:
        named = _named(request.path_params["name"], ontology)
        return await _ask(request, of_question(named), answer_question, named.name)

    async def findings(request: Request) -> Response:
        read_asked(_fields(request), (), door.settings.filters)
        return _json(to_json(list_findings()).encode())

    async def finding(request: Request) -> Response:
        verb = request.path_params["verb"]
        if verb not in served_verbs():
            fix = did_you_mean(verb, served_verbs()) or f"there are {', '.join(served_verbs())}."
            raise HTTPException(404, f'There is no finding "{verb}"; {fix}')
        return await _ask(request, served_verbs()[verb], answer_finding, verb, "long")

    async def openapi(_: Request) -> Response:
        return _json(_openapi(ontology))

    async def _ask(
        request: Request,
        own: tuple[AskedParameter, ...],
        work: Callable[[View, Mapping[str, Any]], bytes],
        name: str,
        team: TeamName = "quick",
    ) -> Response:
        asked = read_asked(_fields(request), own, door.settings.filters)
        given = {"name": name, "values": dict(asked.values)}
        return _json(await door.ask(work, given, filters=asked.filters, team=team))

    served: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
        "/questions": questions,
        "/questions/{name}": question,
        "/findings": findings,
        "/findings/{verb}": finding,
        "/openapi.json": openapi,
    }
    return [Route(path, endpoint) for path, endpoint in served.items()]


@cache
def _questions(ontology: Path) -> bytes:
    return to_json(list_queries(ontology / "queries")).encode()


@cache
def _openapi(ontology: Path) -> bytes:
    return to_json(describe(ontology)).encode()


def _named(name: str, ontology: Path) -> NamedQuery:
    try:
        if not NAME.fullmatch(name):
            raise UnknownNameError("A question has a name of small letters; /questions lists them.")
        return read_query(name, ontology / "queries")
    except UnknownNameError as error:
        raise HTTPException(404, str(error)) from None


def _fields(request: Request) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            request.url.query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(
            400, f"The address is not UTF-8, or asks more than {_MOST_FIELDS} things."
        ) from None


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def answer_question(view: View, given: Mapping[str, Any]) -> bytes:
    """Answer a named question."""
    return view.query(given["name"], parameters=given["values"]).to_json().encode()


def answer_finding(view: View, given: Mapping[str, Any]) -> bytes:
    """Work out a finding."""
    return call(view, given["name"], given["values"]).encode()
