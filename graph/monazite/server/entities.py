"""A page for each thing, record and source, as its IRI says; the same as Turtle and JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monazite.core.errors import UnknownNameError
from monazite.core.formats import plain
from monazite.core.results import Struct
from monazite.data.iris import BASE, SCHEME, entity_iri, row_iri, row_name
from monazite.report.entity_page import (
    EntityPage,
    RecordGroup,
    ShownRecord,
    entity_html,
    missing_html,
)
from monazite.report.explorer.entity_cards import KINDS
from monazite.server.answers import negotiate, page_response, refusal
from monazite.server.dispatcher import Dispatcher
from monazite.store.cards import RowCard, SourceLine, read_cards
from monazite.store.entity_card import row_words
from monazite.store.names import BY_IRI, SOURCES, Entity, find_entity, near_entities
from monazite.store.queries import ask

if TYPE_CHECKING:
    from monazite.view.view import View

Item = TypeVar("Item")
HTML = "html"
FEW, MANY = 20, 200  # records of a table that a page shows beside other tables, and alone
THING, RECORD, SOURCE = "id", "row", "source"


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


def sought(request: Request) -> tuple[str, str]:
    """Return the address without its ending, and the media type: the ending's, else as accepted."""
    path = request.url.path
    for ending, media in _ENDINGS.items():
        if path.endswith(ending):
            return path.removesuffix(ending), media
    accepted = negotiate(request.headers.get("accept", ""), [*FORMS])
    if accepted is None:
        said = f"This is had as {', '.join(FORMS)}; the Accept header takes none of them."
        raise HTTPException(406, said, {"Vary": "Accept"})
    return path, accepted


def routes(door: Dispatcher) -> list[Route]:
    """Return the routes of this module."""

    async def thing(request: Request) -> Response:
        return await _described(request, door, THING)

    async def record(request: Request) -> Response:
        return await _described(request, door, RECORD)

    async def source(request: Request) -> Response:
        return await _described(request, door, SOURCE)

    async def terms(request: Request) -> Response:
        return await _terms(request, door)

    of_terms = [f"{x}{end}" for x in ("/ns", "/dataset", "/alignments") for end in ("", *_ENDINGS)]
    of_terms += ["/ns/{rest:path}", "/scheme/{rest:path}", "/shape/{rest:path}", "/context.jsonld"]
    return [
        Route("/id/{group}/{name:path}", thing),
        Route("/row/{group}/{name:path}", record),
        Route("/source/{name:path}", source),
        *(Route(path, terms) for path in of_terms),
    ]


async def _described(request: Request, door: Dispatcher, kind: str) -> Response:
    path, media = sought(request)
    form, ending = FORMS[media]
    told = request.path_params
    cut = ending if request.url.path.endswith(ending) else ""
    given = {"kind": kind, "form": form, "name": told["name"].removesuffix(cut)[:_LONGEST]}
    if "group" in told:
        given["group"] = told["group"]
    for name in ("table", "from") if form == HTML else ():
        if said := request.query_params.get(name):
            given[name] = said[:_LONGEST]
    found = Described(sentence="There is nothing at this address.")
    if _WORD.fullmatch(given.get("group", "id")):
        found = read_described(await door.ask(describe, given))
    if found.elsewhere:
        return RedirectResponse(f"/{found.elsewhere}{cut}", 301, {"Vary": "Accept"})
    return _response(request, path, media, found)


async def _terms(request: Request, door: Dispatcher) -> Response:
    """A part of the vocabulary, as a page or as its file."""
    path, media = sought(request)
    forms = forms_of(path)
    if media not in forms and request.url.path != path:
        said = f"There is no page of this; its data lie at {path}{FORMS[forms[0]][1]}."
        return _response(request, path, media, Described(sentence=said))
    media = media if media in forms else forms[0]
    given = {"path": path.strip("/"), "form": FORMS[media][0]}
    found = read_described(await door.ask(describe_terms, given))
    if found.elsewhere:
        return RedirectResponse(f"/{found.elsewhere}", 303, {"Vary": "Accept"})
    return _response(request, path, media, found)


_DATA_ALONE = ("/shape/", "/dataset", "/alignments")  # where no page is


def forms_of(path: str) -> tuple[str, ...]:
    """Return the media types in which an address is had, the best first."""
    if path == "/context":
        return ("application/ld+json",)
    is_data = path.startswith(_DATA_ALONE)
    return tuple(each for each in FORMS if not is_data or each != "text/html")


def _response(request: Request, path: str, media: str, found: Described) -> Response:
    """What is said, with links to its other forms; 404 with links to what comes near."""
    if found.sentence and media == "text/html":
        near = [(f"/{place}", label) for place, label in found.near]
        return page_response(missing_html(found.sentence, near), 404, {"Vary": "Accept"})
    if found.sentence:
        told = f" Near: {', '.join(place for place, _ in found.near)}." if found.near else ""
        return refusal(request, 404, plain(f"{found.sentence}{told}"), {"Vary": "Accept"})
    quoted = quote(path, safe="/%:")
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    headers["Content-Location"] = f"{quoted}{FORMS[media][1]}"
    others = [each for each in forms_of(path) if each != media]
    if others:
        headers["Link"] = ", ".join(
            f'<{quoted}{FORMS[each][1]}>; rel="alternate"; type="{each}"' for each in others
        )
    if media == "text/html":
        return page_response(found.content.decode(), 200, headers)
    return Response(found.content, 200, headers, media)


class Described(Struct):
    """What is answered of an address."""

    content: bytes = b""  # the page or the data; nothing where it lies elsewhere, or is not
    elsewhere: str = ""
    sentence: str = ""
    near: tuple[tuple[str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """Return it for :func:`read_described`, in another process."""
        head = json.dumps([self.elsewhere, self.sentence, self.near])
        return b"%b\n%b" % (head.encode(), self.content)


def read_described(answer: bytes) -> Described:
    """Read back what :meth:`Described.to_bytes` wrote."""
    head, _, content = answer.partition(b"\n")
    elsewhere, sentence, near = json.loads(head)
    return Described(content, elsewhere, sentence, tuple((a, b) for a, b in near))


def describe(view: View, given: Mapping[str, object]) -> bytes:
    """Return what is said of a thing, a record or a source."""
    kind, group, name = (str(given.get(each, "")) for each in ("kind", "group", "name"))
    begin = str(given.get("from", ""))
    first = int(begin) if begin.isascii() and begin.isdigit() else 0
    asked = _Description(str(given["form"]), str(given.get("table", "")), first)
    if kind == THING:
        found = _thing(view, group, name, asked)
    elif kind == RECORD:
        found = _record(view, group, name, asked)
    else:
        found = _source(view, name, asked)
    return found.to_bytes()


class _Description(NamedTuple):
    """How a thing is described: as what, and of which table from which record on."""

    form: str
    table: str
    first: int


def _thing(view: View, kind: str, name: str, asked: _Description) -> Described:
    thing = f"<{entity_iri(f'id/{kind}/', name)}>"  # to the letter
    answers = BY_IRI.read(view.store, [thing]).get(thing, [])
    if not answers:
        return _elsewhere(view, kind, name)
    classes = frozenset(each["class"] for each in answers)
    entity = Entity(answers[0]["entity"], answers[0]["label"], classes)
    if asked.form == HTML:
        return _thing_page(view, entity, asked)
    return _written(asked.form, view, entity)


def _elsewhere(view: View, kind: str, name: str) -> Described:
    """Where that lies which is not at its address: another took its place, or nothing did."""
    if new := _merged(view, kind, name):
        return Described(elsewhere=entity_iri(f"id/{kind}/", new).removeprefix(BASE))
    try:
        meant = find_entity(view.store, f"{kind}/{name}")
    except UnknownNameError:
        others = [x for x in near_entities(view.store, name) if x.id == name and x.kind != kind]
        near = (*near_entities(view.store, name, kind), *others)
        return Described(
            sentence=f'There is no {kind.replace("-", " ")} "{name}" in the data used.',
            near=tuple((each.iri.removeprefix(BASE), each.label) for each in near),
        )
    return Described(elsewhere=meant.iri.removeprefix(BASE))


def _merged(view: View, kind: str, name: str) -> str:
    """The id that took the place of another; empty for none."""
    merges = ask(view.store, "id-merges")
    return next((x["new"] for x in merges if (x["kind"], x["old"]) == (kind, name)), "")


def _thing_page(view: View, entity: Entity, asked: _Description) -> Described:
    def shown(held: Sequence[RowCard]) -> list[ShownRecord]:
        return [ShownRecord(x.row, x.time, row_words(entity, x), x.named, x.sources) for x in held]

    found = view.show(entity.place, full=bool(asked.table))
    return _page(
        view,
        entity.iri,
        kind=KINDS.get(entity.kind, entity.kind.replace("-", " ").capitalize()),
        name=entity.label,
        card=found.short,
        opening=found.opening,
        groups=_by_table(found.cards, lambda card: card.table, shown, asked),
        others=tuple((other.place, other.label) for other in found.others),
        is_part=bool(asked.table),
    )


def _by_table(
    items: Iterable[Item],
    table_of: Callable[[Item], str],
    shown: Callable[[Sequence[Item]], list[ShownRecord]],
    asked: _Description,
) -> tuple[RecordGroup, ...]:
    """The first records of each table, or one page of the table that is asked for."""
    found = []
    for table, group in groupby(items, key=table_of):
        held = [*group]
        if asked.table in {"", table}:
            first = min(asked.first, len(held) - 1) if asked.table else 0
            some = held[first : first + (MANY if asked.table else FEW)]
            found.append(RecordGroup(table, shown(some), len(held), first))
    return tuple(found)


def _record(view: View, table: str, key: str, asked: _Description) -> Described:
    name = row_name(row_iri(table, key))
    if not view.store.has_graph(row_iri(table, key)):
        return Described(sentence=f'There is no record "{table}/{key}" in the data used.')
    if asked.form != HTML:
        return _written(asked.form, view, only=(name,))
    card = read_cards(view.store, view.schema.tables, [name])[name]
    heads = {
        column.name: column.name.replace("_", " ") for column in view.schema.tables[table].columns
    }
    facts = [(heads[column], text, card.named) for column, text in card.cells.items()]
    facts += [("remark", card.note, ())] if card.note else []
    return _page(
        view,
        row_iri(table, key),
        kind=f"Record of the table {table.replace('_', ' ')}",
        name=key,
        facts=tuple(facts),
        sources=card.sources,
    )


def _source(view: View, name: str, asked: _Description) -> Described:
    iri = entity_iri("source/", name)
    answers = SOURCES.read(view.store, [f"<{iri}>"]).get(f"<{iri}>", [])
    if not answers:
        if new := _merged(view, "source", name):
            return Described(elsewhere=entity_iri("source/", new).removeprefix(BASE))
        return Described(sentence=f'There is no source "{name}" in the data used.')
    if asked.form != HTML:
        return _written(asked.form, view, only=(f"sources/{name}",))
    line = SourceLine(id=name, **answers[0])
    told = {"kind": "Source", "name": line.title or "Untitled", "source": line}
    groups, is_part = _citing(view, name, asked), bool(asked.table)
    return _page(view, iri, **told, groups=groups, is_part=is_part)


def _citing(view: View, source: str, asked: _Description) -> tuple[RecordGroup, ...]:
    """The records that cite a source, by table; only those that are shown are read."""

    def shown(held: Sequence[str]) -> list[ShownRecord]:
        cards = read_cards(view.store, view.schema.tables, held)
        return [ShownRecord(x.row, x.time, x.text, x.named) for x in cards.values()]

    rows = [each.row() for each in ask(view.store, "rows-citing", source=source)]
    return _by_table(rows, lambda row: row.partition("/")[0], shown, asked)


def _page(view: View, iri: str, **told: Any) -> Described:  # noqa: ANN401 - fields of a page
    page = EntityPage(path=f"/{iri.removeprefix(BASE)}", iri=iri, data=view.line(), **told)
    return Described(entity_html(page).encode())


def _written(
    form: str, view: View, entity: Entity | None = None, only: tuple[str, ...] = ()
) -> Described:
    from monazite.export import rdf
    from monazite.export.selection import Selection

    write = getattr(rdf, f"write_{form}")
    return Described(write(Selection(view, entity, only=only)))


_NAME = r"([a-z0-9_-]{1,60})"
_PAGES = (
    (r"ns(?:/[0-9.]{1,20})?", ""),
    (rf"scheme/{_NAME}", "#scheme-{0}"),
    (rf"scheme/{_NAME}/([A-Za-z0-9._-]{{1,80}})", "#scheme-{0}-{1}"),
)
"""Addresses that are anchors of the one page of the vocabulary."""
_FILES = (
    (r"ns(?:/[0-9.]{1,20})?", "monazite.ttl"),
    (rf"scheme/{_NAME}(?:/[A-Za-z0-9._-]{{1,80}})?", "schemes/{0}.ttl"),
    (rf"shape/{_NAME}", "shapes/{0}.ttl"),
    (r"dataset", "dataset.ttl"),
    (r"alignments", "alignments.ttl"),
)
"""Addresses that are had as data from a file, or as a part of one."""
_MISSING = 'There is no term, list or shape at "{}".'


def describe_terms(view: View, given: Mapping[str, object]) -> bytes:
    """Return what is said of a term, a closed list, one of its concepts, or a shape."""
    from monazite.report.reference_page import reference

    path, form, ontology = str(given["path"]), str(given["form"]), view.ontology
    if form == HTML and path == "ns":
        return Described(reference(ontology).encode()).to_bytes()
    for pattern, anchor in _PAGES if form == HTML else ():
        told = re.fullmatch(pattern, path)
        if told and _data(ontology, path, "ntriples").content:
            return Described(elsewhere=f"ns{anchor.format(*told.groups())}").to_bytes()
    return _data(ontology, path, form).to_bytes()


def _data(ontology: Path, path: str, form: str) -> Described:
    from monazite.export.rdf import convert

    if path in {"context.jsonld", "context"}:
        return Described((ontology / "context.jsonld").read_bytes())
    for pattern, name in _FILES:
        told = re.fullmatch(pattern, path)
        file = ontology / name.format(*told.groups()) if told else None
        if file is None or not file.is_file():
            continue
        about = f"{SCHEME}{path.removeprefix('scheme/')}" if path.count("/") == 2 else ""
        written = convert(file.read_bytes(), "turtle" if form == HTML else form, about)
        return Described(written) if written.strip() else Described(sentence=_MISSING.format(path))
    return Described(sentence=_MISSING.format(path))
