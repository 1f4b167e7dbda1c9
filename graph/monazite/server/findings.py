"""Named questions and findings as JSON, their parameters, and their OpenAPI description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monazite.asking.question import Question, questions
from monazite.asking.schema import parameter_schema
from monazite.core.contract import PLAIN
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import grouped
from monazite.core.package import VERSION, schemas_folder
from monazite.core.results import NotKnown, Struct
from monazite.core.tables import to_json
from monazite.data.dates import TAKE_TODAY, read_today
from monazite.data.filters import Filters
from monazite.server.answers import PROBLEM
from monazite.server.dispatcher import Dispatcher, TeamName
from monazite.store.queries import NAME, NamedQuery, day_of, list_queries, read_queries, read_query
from monazite.store.questions import GROUPS

if TYPE_CHECKING:
    from monazite.view.view import View

Json: TypeAlias = dict[str, Any]
_DAYS = ("date1", "date2")
_TRUTHS = {"true": True, "false": False}
_A = {int: "a whole number", float: "a number", bool: "true or false"}


class AskedParameter(Struct):
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


def read_asked(
    fields: list[tuple[str, str]], own: tuple[AskedParameter, ...], filters: Filters
) -> tuple[dict[str, Any], Filters]:
    """Read the values and the view that an address asks for; a value hides a filter of its name."""
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
    return values, filters.narrowed(of_view)


_SCHEMAS = "#/components/schemas/"
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
    named = [each for each in queries if each.group in GROUPS and each.group]
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
        "paths": {f"/{path}": {"get": get} for path, get in _paths(named)},
        "components": {"schemas": _schemas(), "responses": _refusals()},
    }


def _paths(named: Iterable[NamedQuery]) -> Iterator[tuple[str, Json]]:
    """The addresses and what is got there: named questions, then findings, each after its list."""
    line = {"type": "object", "additionalProperties": {"type": "string"}}
    lines = {"type": "array", "items": line}
    yield "questions", _operation("questions", "List the named questions", "", (), lines)
    for each in named:
        told, asked = (f"question-{each.name}", each.title, each.about), of_question(each)
        yield f"questions/{each.name}", _operation(*told, asked, {"$ref": f"{_SCHEMAS}query"})
    yield "findings", _operation("findings", "List the findings", "", (), lines)
    for verb, asked in served_verbs().items():
        told, schema = (f"finding-{verb}", questions()[verb].summary, ""), f"{_SCHEMAS}{verb}"
        yield f"findings/{verb}", _operation(*told, asked, {"$ref": schema})


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
    schema: Json = {"type": PLAIN[asked.kind]}
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
        status: {"description": about, "content": {PROBLEM: {"schema": problem}}}
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
        return _json(_findings())

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
        values, filters = read_asked(_fields(request), own, door.settings.filters)
        given = {"name": name, "values": values}
        return _json(await door.ask(work, given, filters=filters, team=team))

    return [
        Route("/questions", questions),
        Route("/questions/{name}", question),
        Route("/findings", findings),
        Route("/findings/{verb}", finding),
        Route("/openapi.json", openapi),
    ]


@cache
def _questions(ontology: Path) -> bytes:
    return to_json(list_queries(ontology / "queries")).encode()


@cache
def _findings() -> bytes:
    listed = [
        {"name": name, "about": questions()[name].summary, "address": f"/findings/{name}"}
        for name in served_verbs()
    ]
    return to_json(listed).encode()


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
    """Work out a finding, as its command prints it."""
    values, asked = dict(given["values"]), questions()[given["name"]]
    method, usual = asked.first or ("", None)
    lines = values.pop("top", usual) if method else None
    found = asked.ask_outside(view, values)
    if method and not isinstance(found, NotKnown):
        found = getattr(found, method)(lines)
    return str(found.to_json()).encode()
