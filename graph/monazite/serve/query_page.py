"""A page to ask on: questions with a name, SPARQL with completion, answers as tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monazite.pages.asking.page import AskedField, PageQuestion, asking_html
from monazite.serve.answers import Underway, packed_response, page_response
from monazite.serve.door import Door
from monazite.triples.examples import body_of, read_examples
from monazite.triples.prefixes import preset_prefixes
from monazite.triples.queries import NamedQuery, read_queries
from monazite.triples.questions import questions_of
from monazite.view.served.query_words import query_words


def routes(door: Door) -> list[Route]:
    """Return the routes of this module."""
    underway, settings = Underway(door), door.settings

    async def page(request: Request) -> Response:
        del request
        return page_response(_page(settings.ontology))

    async def words(request: Request) -> Response:
        found = await underway.ask(query_words, {}, settings.filters, patience=10.0)
        if isinstance(found, float):
            return JSONResponse({"seconds": round(found)}, 202)
        return packed_response(request, found)

    return [Route("/query", page), Route("/query/words", words)]


@cache
def _page(ontology: Path) -> str:
    """The page; the questions of an ontology stay the same while it is served."""
    questions = map(_shown, questions_of(read_queries(ontology / "queries")))
    examples = map(_shown, read_examples(ontology / "examples"))
    return asking_html(questions, examples, preset_prefixes(ontology))


def _shown(query: NamedQuery) -> PageQuestion:
    """A question as the page offers it."""
    fields = tuple(
        AskedField(each.name, each.default, each.optional, each.about) for each in query.parameters
    )
    text = body_of(query.text)
    return PageQuestion(query.name, query.title, text, query.group, query.about, fields)
