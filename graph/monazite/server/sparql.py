"""SPARQL 1.1 protocol: queries by GET and POST, and the description of the service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monazite.data.iris import BASE, PREFIXES
from monazite.server.answers import negotiate
from monazite.server.dispatcher import Dispatcher
from monazite.store.query_process import GRAPHS, TABLES, answer_query, write_graph
from monazite.store.sparql_text import kind_of
from monazite.store.store import AskedGraphs, count_triples

if TYPE_CHECKING:
    from monazite.view.view import View

PATH = "/sparql"
_FORM, _DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATES = ("update", "using-graph-uri", "using-named-graph-uri")
_MOST_FIELDS = 100
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_CHANGES = re.compile(r"\b(?:now|rand|uuid|struuid)\b|\\u", re.IGNORECASE)
"""What a text has whose answer is another each time, or may be: an escaped letter hides a name."""
_CHARSETS = {"text/csv", "text/tab-separated-values", "text/turtle"}  # told to be UTF-8
_PAGE = "text/html"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
            "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads",
            "TriG")  # fmt: skip


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""

    async def sparql(request: Request) -> Response:
        fields = await _fields(request)
        if request.method != "POST" and not any(name == "query" for name, _ in fields):
            return await _describe(request, door)
        return await _answer(request, door, fields)

    return [Route(PATH, sparql, methods=["GET", "POST"])]


async def _fields(request: Request) -> list[tuple[str, str]]:
    """What a request asks: of its address, of the form that it sends, or of its body."""
    asked = in_address = _parsed(request.url.query)
    if request.method == "POST":
        media, *parameters = request.headers.get("content-type", "").split(";")
        pairs = (each.partition("=") for each in parameters)
        charsets = [value.strip(' "') for x, _, value in pairs if x.strip().casefold() == "charset"]
        media, charset = media.strip().casefold(), (charsets or ["utf-8"])[0].casefold()
        body = await request.body()
        if media == "application/sparql-update":
            raise _refuse_update()
        if media not in {_FORM, _DIRECT} or charset != "utf-8":
            raise HTTPException(415, f"Send a query as {_FORM} or {_DIRECT}, in UTF-8.")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise HTTPException(400, "The query is not UTF-8; send it as UTF-8.") from None
        if media == _FORM:
            asked = _parsed(text)
        elif any(name == "query" for name, _ in asked):
            raise HTTPException(400, "A query stands in the address and in the body; send one.")
        else:
            asked = [*asked, ("query", text)]
    if any(name in _UPDATES for name, _ in (*asked, *in_address)):
        raise _refuse_update()
    return asked


def _refuse_update() -> HTTPException:
    return HTTPException(
        405, "The store is read-only: ask a query, not an update.", {"Allow": "GET, HEAD, POST"}
    )


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise HTTPException(400, "The query is not UTF-8; send it as UTF-8.") from None
    except ValueError:
        raise HTTPException(400, f"More than {_MOST_FIELDS} parameters are given.") from None


def _graphs(fields: list[tuple[str, str]]) -> list[list[str]] | None:
    """The default graphs and the named graphs that are asked of; None for all."""
    names = ("default-graph-uri", "named-graph-uri")
    for name, value in fields:
        if name in names and not _IRI.fullmatch(value):
            raise HTTPException(400, f"{name} is no whole IRI.")
    found = [[value for name, value in fields if name == each] for each in names]
    return found if any(found) else None


async def _answer(request: Request, door: Dispatcher, fields: list[tuple[str, str]]) -> Response:
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise HTTPException(400, f"{len(queries) or 'No'} queries are sent; send one, as query=...")
    text = queries[0]
    offered = (*(GRAPHS if kind_of(text) in {"CONSTRUCT", "DESCRIBE"} else TABLES),)
    media = _media(request, offered)
    most = door.settings.answer_bytes
    given = {"text": text, "media": media, "graphs": _graphs(fields), "most": most}
    answer = await door.ask(ask_own, given, keep=not _CHANGES.search(text))
    return _response(answer, media)


def _media(request: Request, offered: tuple[str, ...]) -> str:
    found = negotiate(request.headers.get("accept", ""), offered)
    if found is None:
        raise HTTPException(406, f"The answer can be had as {', '.join(offered)}.")
    return found


def _response(answer: bytes, media: str) -> Response:
    kind = f"{media}; charset=utf-8" if media in _CHARSETS else media
    return Response(answer, 200, {"Content-Type": kind, "Vary": "Accept"})


async def _describe(request: Request, door: Dispatcher) -> Response:
    """Describe the service; a browser is shown the page where queries are written."""
    media = _media(request, (*GRAPHS, _PAGE))
    if media == _PAGE:
        return RedirectResponse("/query", 303, {"Vary": "Accept"})
    given = {"endpoint": f"{request.url.scheme}://{request.headers['host']}{PATH}", "media": media}
    return _response(await door.ask(describe_service, given), media)


def ask_own(view: View, given: Mapping[str, Any]) -> bytes:
    """Answer a query of a reader."""
    graphs = given["graphs"] and AskedGraphs(*map(tuple, given["graphs"]))
    text, media, most = given["text"], given["media"], given["most"]
    prefixes = _prefixes(view.ontology)
    return answer_query(view.store, text, media, prefixes=prefixes, graphs=graphs, most=most)


@cache
def _prefixes(ontology: Path) -> dict[str, str]:
    from monazite.store.query_process import preset_prefixes

    return preset_prefixes(ontology)


def describe_service(view: View, given: Mapping[str, Any]) -> bytes:
    """Describe the endpoint as RDF."""
    a, formats = f"<{PREFIXES['rdf']}type>", "http://www.w3.org/ns/formats/"
    size = f'"{count_triples(view.store)}"^^<{PREFIXES["xsd"]}integer>'
    lines = [
        f"_:service {a} <{_SD}Service> .",
        f"_:service <{_SD}endpoint> <{given['endpoint']}> .",
        f"_:service <{_SD}supportedLanguage> <{_SD}SPARQL11Query> .",
        f"_:service <{_SD}feature> <{_SD}UnionDefaultGraph> .",
        f"_:service <{_SD}defaultDataset> _:dataset .",
        f"_:dataset {a} <{_SD}Dataset> .",
        f"_:dataset <{_SD}defaultGraph> _:graph .",
        f"_:graph {a} <{_SD}Graph> .",
        *(f"_:service <{_SD}resultFormat> <{formats}{name}> ." for name in _FORMATS),
        f"_:graph <http://rdfs.org/ns/void#triples> {size} .",
        f"_:dataset <http://purl.org/dc/terms/source> <{BASE}dataset> .",
    ]
    return write_graph("\n".join(lines), given["media"])
