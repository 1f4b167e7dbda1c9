"""Named questions and findings as JSON, and their OpenAPI description."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.tables import to_json
from monazite.server.dispatcher import Dispatcher, TeamName
from monazite.server.openapi import describe
from monazite.server.verbs import (
    AskedParameter,
    call,
    list_findings,
    of_question,
    read_asked,
    served_verbs,
)
from monazite.store.queries import NAME, NamedQuery, list_queries, read_query

if TYPE_CHECKING:
    from monazite.view.view import View

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
