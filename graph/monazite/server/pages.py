"""The explorer over live views and the page to ask on, with the parts their scripts ask for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monazite.core.errors import UnknownNameError
from monazite.core.formats import plain, visible
from monazite.data.filters import Filters
from monazite.data.parameters import TIERS
from monazite.report.entity_page import AskedField, PageQuestion, asking_html
from monazite.report.explorer.page import ALL, LiveIndex, live_html, waiting_html
from monazite.server.answers import Underway, packed_response, page_response, refusal
from monazite.server.dispatcher import Dispatcher
from monazite.store.names import entity_names
from monazite.store.queries import NamedQuery, day_of, read_queries
from monazite.store.query_process import body_of, preset_prefixes, read_examples
from monazite.store.questions import questions_of
from monazite.view import explorer_question

if TYPE_CHECKING:
    from monazite import View
    from monazite.server.dispatcher import TeamName, Work

_LONGEST_QUERY_WORDS = 160  # letters of what is said of a word


def query_words(view: View, _: Mapping[str, object]) -> bytes:
    """Return the words as JSON, compressed: what is written, its kind, and what it is."""
    text = json.dumps([*_words(view)], ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _words(view: View) -> Iterator[tuple[str, str, str]]:
    from monazite.data.vocabulary import read_vocabulary

    spaces = sorted(view.prefixes.items(), key=lambda pair: (-len(pair[1]), -len(pair[0])))
    vocabulary = read_vocabulary(view.schema)
    for term in vocabulary.terms:
        yield from _word(spaces, term.iri, term.kind, f"{term.label}: {term.comment}")
    for scheme in vocabulary.schemes:
        for concept in scheme.concepts:
            yield from _word(spaces, concept.iri, "concept", f"{scheme.label}: {concept.label}")
    things = {each.iri: each for _, each in entity_names(view.store)}
    names: dict[str, set[str]] = {}
    for name, each in entity_names(view.store):
        names.setdefault(each.iri, set()).add(name)
    for iri in sorted(things):
        others = sorted(names[iri] - {things[iri].label, things[iri].id})
        yield from _word(spaces, iri, things[iri].kind, " | ".join([things[iri].label, *others]))


def _word(
    spaces: list[tuple[str, str]], iri: str, kind: str, about: str
) -> Iterator[tuple[str, str, str]]:
    """A word with its prefix; nothing of what none shortens."""
    for name, space in spaces:
        if iri.startswith(space) and "/" not in iri[len(space) :]:
            yield f"{name}:{iri[len(space) :]}", kind, visible(about)[:_LONGEST_QUERY_WORDS]
            return


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""
    explorer, underway, settings = LiveExplorer(door), Underway(door), door.settings

    async def page(_: Request) -> Response:
        return page_response(_page(settings.ontology))

    async def words(request: Request) -> Response:
        found = await underway.ask(query_words, {}, settings.filters, patience=10.0)
        if isinstance(found, float):
            return JSONResponse({"seconds": round(found)}, 202)
        return packed_response(request, found)

    return [
        Route("/query", page),
        Route("/query/words", words),
        Route("/", explorer.page),
        Route("/explorer/parts/{kind}", explorer.part),
    ]


@cache
def _page(ontology: Path) -> str:
    """The page; the questions of an ontology stay the same while it is served."""

    def shown(query: NamedQuery) -> PageQuestion:
        fields = tuple(AskedField(x.name, x.default, x.optional, x.about) for x in query.parameters)
        text = body_of(query.text)
        return PageQuestion(query.name, query.title, text, query.group, query.about, fields)

    questions = map(shown, questions_of(read_queries(ontology / "queries")))
    examples = map(shown, read_examples(ontology / "examples"))
    return asking_html(questions, examples, preset_prefixes(ontology))


PARTS: Mapping[str, tuple[Work, tuple[str, ...], tuple[str, ...]]] = {
    "view": (explorer_question.view_part, ("element", "market"), ("horizon", "draws")),
    "rules": (explorer_question.acts_part, (), ()),
    "card": (explorer_question.card_part, ("card",), ()),
    "names": (explorer_question.names_part, (), ()),
}
"""What works each part out; what must be named for it, and what may be."""
_LONGEST = 200  # letters of a word of an address


class LiveExplorer:
    """Answers with the page, and with its parts."""

    def __init__(self, door: Dispatcher) -> None:
        self._door = door
        self._underway = Underway(door)

    async def page(self, _: Request) -> Response:
        """Return the page; with its first view, if that was worked out before."""
        filters = self._door.settings.filters
        found = await self._underway.ask(explorer_question.index_part, {}, filters, patience=1.0)
        if isinstance(found, float):
            return page_response(waiting_html("The data are being opened."))
        index = LiveIndex(**json.loads(gzip.decompress(found)))
        element, market = index.first
        asked = {"element": element, "market": market}
        first = await self._underway.ask(explorer_question.ready_part, asked, filters, keep=False)
        shown = None  # it may not be what the address asks for: no work is begun for it
        if isinstance(first, bytes) and first:
            shown = json.loads(gzip.decompress(first))
        return page_response(live_html(index, shown))

    async def part(self, request: Request) -> Response:
        """Return a part as JSON; 202 with the seconds so far while it is being worked out."""
        kind = request.path_params["kind"]
        if kind not in PARTS:
            said = f"The explorer has no such part; it has {', '.join(PARTS)}."
            return refusal(request, 404, said)
        work, needed, allowed = PARTS[kind]
        names = [name for name, _ in request.query_params.multi_items()]
        if wrong := sorted({*names} - {*needed, *allowed, "valid", "known", "tier"}):
            return refusal(request, 400, f'The part takes no "{plain(wrong[0][:20])}".')
        if len({*names}) < len(names):
            return refusal(request, 400, "A name is given twice; give it once.")
        told = {name: request.query_params.get(name, "")[:_LONGEST] for name in (*needed, *allowed)}
        missing = [name for name in needed if not told[name]]
        if missing:
            return refusal(request, 400, f"The part needs {' and '.join(missing)}.")
        given = {name: said for name, said in told.items() if said}
        # a view takes long: neither queries nor findings wait for it
        team: TeamName = "views" if kind == "view" else "quick"
        found = await self._underway.ask(work, given, self.filters_of(request), team=team)
        if isinstance(found, float):
            return JSONResponse({"seconds": round(found)}, 202)
        return packed_response(request, found)

    def filters_of(self, request: Request) -> Filters:
        """Return the filters of the server, narrowed by those of an address."""
        asked = request.query_params
        narrower: dict[str, str | int | None] = {}
        for name in ("valid", "known"):
            if day := asked.get(name, "")[:_LONGEST]:
                narrower[name] = day_of(day)
        tier = asked.get("tier") or ALL
        if tier not in {ALL, *map(str, TIERS)}:
            raise UnknownNameError(f'There is no tier "{tier[:20]}"; tiers are 1 to 4, and all.')
        narrower["tier"] = None if tier == ALL else int(tier)
        return self._door.settings.filters.narrowed(narrower)
