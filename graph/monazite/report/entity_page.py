"""Pages of a server: of a thing, a record or a source, without a script; and the one to ask on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from urllib.parse import quote

from monazite.core.formats import grouped, visible
from monazite.core.results import Struct
from monazite.data.dates import dates_in_words
from monazite.data.iris import BASE
from monazite.report.drawing.templates import html_page, page_source, template
from monazite.report.explorer.entity_cards import linked_parts, plain_text
from monazite.report.explorer.page import inert
from monazite.store.cards import Names, SourceLine
from monazite.store.entity_card import CardFact, ShortCard

FORMATS = ((".ttl", "Turtle"), (".jsonld", "JSON-LD"), (".nt", "N-Triples"), (".trig", "TriG"))


class ShownRecord(Struct):
    """A record as a line of the page."""

    row: str
    time: str
    text: str
    named: Names  # the things that it names, as it shows them and by kind and id
    sources: Sequence[SourceLine] = ()


class RecordGroup(Struct):
    """Records of a table."""

    table: str
    records: Sequence[ShownRecord]
    total: int
    first: int = 0  # the number of the first that is shown, from 0


class EntityPage(Struct):
    """What a page says."""

    path: str
    kind: str
    name: str
    iri: str
    names: Sequence[str] = ()
    card: ShortCard | None = None  # what a reader should know first; None where there is none
    opening: str = ""
    facts: Sequence[tuple[str, str, Names]] = ()
    source: SourceLine | None = None
    sources: Sequence[SourceLine] = ()  # of the one record that the page is of
    groups: Sequence[RecordGroup] = ()
    others: Sequence[tuple[str, str]] = ()  # what else has that name: kind and id, and label
    data: str = ""
    is_part: bool = False  # whether only one table is shown, so that the whole page is another


def address_of(place: str) -> str:
    """Return the address of what a kind and id name."""
    kind, _, name = place.partition("/")
    kind, name = (quote(each, safe="", errors="replace") for each in (kind, name))
    return f"/source/{name}" if kind == "source" else f"/id/{kind}/{name}"


def entity_html(page: EntityPage) -> str:
    """Return the page; the same page gives the same bytes."""
    own = page.path.removeprefix("/id/")
    card = page.card
    numbers = {} if card is None else {each: n for n, each in enumerate(card.sources, start=1)}
    name = visible(page.name)
    status = "" if card is None else visible(card.status).removeprefix(f"{name}, ")

    def fact(each: CardFact) -> dict[str, object]:
        source = each.sources[0] if each.sources else None
        return {
            "parts": _parts(plain_text(each.text), each.named, own),
            "number": numbers[source] if source else 0,
            "source": address_of(f"source/{source.id}") if source else "",
            "publisher": visible(source.publisher) if source else "",
        }

    fields = {
        "path": page.path,
        "kind": visible(page.kind),
        "name": name,
        "iri": page.iri,
        "names": [visible(each) for each in page.names],
        "status": _parts(dates_in_words(status), () if card is None else card.named, own),
        "opening": visible(page.opening),
        "lines": [
            {"heading": visible(line.heading), "facts": [*map(fact, line.facts)]}
            for line in (card.lines if card else ())
        ],
        "facts": [
            {"heading": visible(heading), "parts": _parts(visible(text), named, own)}
            for heading, text, named in page.facts
        ],
        "source": None if page.source is None else _source(page.source),
        "sources": [_source(each) for each in (*numbers, *page.sources)],
        "groups": [_group(each, page.path, own) for each in page.groups],
        "others": [
            {"href": address_of(place), "kind": place.partition("/")[0], "label": visible(label)}
            for place, label in page.others
        ],
        "formats": [{"href": f"{page.path}{end}", "label": label} for end, label in FORMATS],
        "whole": f"{page.path}.html" if page.is_part else "",
        "data": visible(page.data),
    }
    return html_page("entity.html", fields, "entity.css")


def missing_html(
    sentence: str, near: Iterable[tuple[str, str]] = (), heading: str = "Not here"
) -> str:
    """Return the page of what is not there, or not had now."""
    shown = [{"href": href, "label": visible(label)} for href, label in near]
    fields = {"sentence": visible(sentence), "near": shown, "heading": heading}
    return html_page("missing.html", fields, "entity.css")


def _parts(text: str, named: Names, own: str) -> list[dict[str, str]]:
    return [
        {"text": part["text"], "href": address_of(part["card"]) if part["card"] else ""}
        for part in linked_parts(text, named, None, own)
    ]


def _group(group: RecordGroup, path: str, own: str) -> dict[str, object]:
    last = group.first + len(group.records)
    here = f"{path}.html?table={group.table}"
    return {
        "table": group.table.replace("_", " "),
        "id": group.table,
        "total": grouped(group.total),
        "shown": f"{grouped(group.first + 1)} to {grouped(last)}",
        "next": f"{here}&from={last}" if last < group.total else "",
        "left": grouped(group.total - last),
        "before": f"{here}&from=0" if group.first else "",
        "cited": any(each.sources for each in group.records),
        "records": [
            {
                "href": f"/row/{table}/{key if '%' in key else quote(key, safe='')}",
                "time": visible(each.time),
                "parts": _parts(visible(each.text), each.named, own),
                "sources": [
                    {
                        "href": address_of(f"source/{x.id}"),
                        "label": visible(f"{x.publisher} {x.published[:4]}".rstrip()),
                        "title": str(x),
                    }
                    for x in each.sources
                ],
            }
            for each in group.records
            for table, _, key in [each.row.partition("/")]
        ],
    }


def _source(source: SourceLine) -> dict[str, object]:
    return {"href": address_of(f"source/{source.id}"), **page_source(source)}


class AskedField(Struct):
    """A parameter of a question, as a field of its form."""

    name: str
    default: str  # what counts where nothing is written; empty for nothing
    optional: bool
    about: str


class PageQuestion(Struct):
    """A question or an example, as the page offers it."""

    name: str
    title: str
    text: str
    group: str = ""
    about: str = ""
    fields: tuple[AskedField, ...] = ()


def asking_html(
    questions: Iterable[PageQuestion], examples: Iterable[PageQuestion], prefixes: Mapping[str, str]
) -> str:
    """Return the page; the same questions give the same bytes."""
    known, shown = [*questions], [*examples]
    groups = [
        {"label": group.capitalize(), "questions": [_choice(each) for each in held]}
        for group, held in groupby(known, key=lambda each: each.group)
    ]
    index = {
        "base": BASE,
        "prefixes": dict(prefixes),
        "questions": {
            each.name: {
                "about": visible(each.about),
                "text": each.text,
                "parameters": [{**asdict(x), "about": visible(x.about)} for x in each.fields],
            }
            for each in known
        },
        "examples": {each.name: each.text for each in shown},
    }
    scripts = [template(f"{name}.js") for name in ("query_completion", "query_results", "query")]
    page = {
        "groups": groups,
        "examples": [_choice(each) for each in shown],
        "index": inert(index),
        "scripts": scripts,
    }
    styles = ("entity.css", "query.css")
    return html_page("query.html", page, *styles, scripts=scripts, connects="'self'")


def _choice(question: PageQuestion) -> dict[str, str]:
    return {"id": question.name, "label": visible(question.title)}
