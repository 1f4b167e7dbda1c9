"""A page for each thing, record and source, as its IRI says; the same as Turtle and JSON-LD."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monazite.core.formats import plain
from monazite.report.entity_page import missing_html
from monazite.server.answers import negotiate, page_response, refusal
from monazite.server.descriptions import (
    HTML,
    RECORD,
    SOURCE,
    THING,
    describe,
    describe_terms,
    read_described,
)
from monazite.server.dispatcher import Dispatcher

FORMS = {
    "text/turtle": ("turtle", ".ttl"),
    "text/html": (HTML, ".html"),
    "application/ld+json": ("jsonld", ".jsonld"),
    "application/n-triples": ("ntriples", ".nt"),
    "application/trig": ("trig", ".trig"),
}
"""Media types, the best first for who takes anything; what writes each, and its ending."""
_ENDINGS = {end: media for media, (_, end) in FORMS.items()}
_WORD = re.compile(r"[a-z_-]{1,40}")  # the kind of a thing, or a table
_LONGEST = 300


@dataclass(frozen=True)
class Sought:
    """The address without its ending, and the media type that is taken; None for none."""

    path: str
    media: str | None


def sought(request: Request) -> Sought:
    """Return what a request seeks, by its ending before its Accept header."""
    path = request.url.path
    for ending, media in _ENDINGS.items():
        if path.endswith(ending):
            return Sought(path.removesuffix(ending), media)
    return Sought(path, negotiate(request.headers.get("accept", ""), [*FORMS]))


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""
    pages = ThingPages(door)
    terms = [f"{x}{end}" for x in ("/ns", "/dataset", "/alignments") for end in ("", *_ENDINGS)]
    terms += ["/ns/{rest:path}", "/scheme/{rest:path}", "/shape/{rest:path}", "/context.jsonld"]
    return [
        Route("/id/{group}/{name:path}", pages.thing),
        Route("/row/{group}/{name:path}", pages.record),
        Route("/source/{name:path}", pages.source),
        *(Route(path, pages.terms) for path in terms),
    ]


_DATA_ALONE = ("/shape/", "/dataset", "/alignments")  # where no page is


def forms_of(path: str) -> tuple[str, ...]:
    """Return the media types in which an address is had, the best first."""
    if path == "/context":
        return ("application/ld+json",)
    is_data = path.startswith(_DATA_ALONE)
    return tuple(each for each in FORMS if not is_data or each != "text/html")


class ThingPages:
    """Answers with what is said of things."""

    def __init__(self, door: Dispatcher) -> None:
        self._door = door

    async def thing(self, request: Request) -> Response:
        """Return what is said of a plant, firm, act, country or whatever has an id."""
        return await self._described(request, THING)

    async def record(self, request: Request) -> Response:
        """Return what a record says, and who says so."""
        return await self._described(request, RECORD)

    async def source(self, request: Request) -> Response:
        """Return a source, and the records that cite it."""
        return await self._described(request, SOURCE)

    async def terms(self, request: Request) -> Response:
        """Return a part of the vocabulary, as a page or as its file."""
        asked = sought(request)
        if asked.media is None:
            return _none_taken(request)
        forms = forms_of(asked.path)
        if asked.media not in forms:
            if request.url.path != asked.path:
                ending = FORMS[forms[0]][1]
                said = f"There is no page of this; its data lie at {asked.path}{ending}."
                return _missing(request, asked, said, ())
            asked = replace(asked, media=forms[0])
        form, _ = FORMS[asked.media or forms[0]]
        given = {"path": asked.path.strip("/"), "form": form}
        told = read_described(await self._door.ask(describe_terms, given))
        if told.elsewhere:
            return RedirectResponse(f"/{told.elsewhere}", 303, {"Vary": "Accept"})
        if told.sentence:
            return _missing(request, asked, told.sentence, ())
        return _content(asked, told.content)

    async def _described(self, request: Request, kind: str) -> Response:
        asked = sought(request)
        if asked.media is None:
            return _none_taken(request)
        form, ending = FORMS[asked.media]
        told = request.path_params
        cut = ending if request.url.path.endswith(ending) else ""
        given = {"kind": kind, "form": form, "name": told["name"].removesuffix(cut)[:_LONGEST]}
        if "group" in told:
            given["group"] = told["group"]
        for name in ("table", "from") if form == HTML else ():
            if said := request.query_params.get(name):
                given[name] = said[:_LONGEST]
        if not _WORD.fullmatch(given.get("group", "id")):
            return _missing(request, asked, "There is nothing at this address.", ())
        found = read_described(await self._door.ask(describe, given))
        if found.elsewhere:
            return RedirectResponse(f"/{found.elsewhere}{cut}", 301, {"Vary": "Accept"})
        if found.sentence:
            return _missing(request, asked, found.sentence, found.near)
        return _content(asked, found.content)


def _content(asked: Sought, content: bytes) -> Response:
    assert asked.media is not None
    path = quote(asked.path, safe="/%:")
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    headers["Content-Location"] = f"{path}{FORMS[asked.media][1]}"
    others = [each for each in forms_of(asked.path) if each != asked.media]
    if others:
        headers["Link"] = ", ".join(
            f'<{path}{FORMS[media][1]}>; rel="alternate"; type="{media}"' for media in others
        )
    if asked.media == "text/html":
        return page_response(content.decode(), 200, headers)
    return Response(content, 200, headers, asked.media)


def _missing(
    request: Request, asked: Sought, sentence: str, near: tuple[tuple[str, str], ...]
) -> Response:
    """404: a sentence, and links to what comes near."""
    if asked.media == "text/html":
        shown = [(f"/{path}", label) for path, label in near]
        return page_response(missing_html(sentence, shown), 404, {"Vary": "Accept"})
    told = f" Near: {', '.join(path for path, _ in near)}." if near else ""
    return refusal(request, 404, plain(f"{sentence}{told}"), {"Vary": "Accept"})


def _none_taken(request: Request) -> Response:
    said = f"This is had as {', '.join(FORMS)}; the Accept header takes none of them."
    return refusal(request, 406, said, {"Vary": "Accept"})
