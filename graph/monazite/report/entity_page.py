"""The page of a thing, a record or a source; one file without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from monazite.core.formats import grouped, visible
from monazite.data.dates import dates_in_words
from monazite.report.drawing.templates import LICENCE, fill_template, page_policy, page_style
from monazite.report.explorer.entity_cards import linked_parts, plain_text, source_fields
from monazite.store.cards import Names, SourceLine
from monazite.store.entity_card import ShortCard

FORMATS = ((".ttl", "Turtle"), (".jsonld", "JSON-LD"), (".nt", "N-Triples"), (".trig", "TriG"))


class _All:
    """Whatever a record names has a page."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass(frozen=True)
class ShownRecord:
    """A record as a line of the page."""

    row: str
    time: str
    text: str
    named: Names  # the things that it names, as it shows them and by kind and id
    sources: Sequence[SourceLine] = ()


@dataclass(frozen=True)
class RecordGroup:
    """Records of a table."""

    table: str
    records: Sequence[ShownRecord]
    total: int
    first: int = 0  # the number of the first that is shown, from 0


@dataclass(frozen=True)
class EntityPage:
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


def row_address(row: str) -> str:
    """Return the address of a record."""
    table, _, key = row.partition("/")
    return f"/row/{table}/{key if '%' in key else quote(key, safe='')}"


def entity_html(page: EntityPage) -> str:
    """Return the page; the same page gives the same bytes."""
    own = page.path.removeprefix("/id/")
    card = page.card
    numbers = {} if card is None else {each: n for n, each in enumerate(card.sources, start=1)}
    name = visible(page.name)
    status = "" if card is None else visible(card.status).removeprefix(f"{name}, ")
    fields = {
        "path": page.path,
        "kind": visible(page.kind),
        "name": name,
        "iri": page.iri,
        "names": [visible(each) for each in page.names],
        "status": _parts(dates_in_words(status), () if card is None else card.named, own),
        "opening": visible(page.opening),
        "lines": [] if card is None else _lines(card, numbers, own),
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
    return _framed("entity.html", fields)


def missing_html(
    sentence: str, near: Iterable[tuple[str, str]] = (), heading: str = "Not here"
) -> str:
    """Return the page of what is not there, or not had now."""
    shown = [{"href": href, "label": visible(label)} for href, label in near]
    fields = {"sentence": visible(sentence), "near": shown, "heading": heading}
    return _framed("missing.html", fields)


def _framed(name: str, fields: Mapping[str, object]) -> str:
    style = page_style("entity.css", drawing="")
    about = {"style": style, "policy": page_policy(style), "licence": LICENCE}
    return fill_template(name, {"page": {**fields, **about}}, trimmed=True)


def _lines(card: ShortCard, numbers: Mapping[SourceLine, int], own: str) -> list[dict[str, object]]:
    return [
        {
            "heading": visible(line.heading),
            "facts": [
                {
                    "parts": _parts(plain_text(each.text), each.named, own),
                    "number": numbers[each.sources[0]] if each.sources else 0,
                    "source": address_of(f"source/{each.sources[0].id}") if each.sources else "",
                    "publisher": visible(each.sources[0].publisher) if each.sources else "",
                }
                for each in line.facts
            ],
        }
        for line in card.lines
    ]


def _parts(text: str, named: Names, own: str) -> list[dict[str, str]]:
    return [
        {"text": part["text"], "href": address_of(part["card"]) if part["card"] else ""}
        for part in linked_parts(text, named, _All(), own)
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
                "href": row_address(each.row),
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
        ],
    }


def _source(source: SourceLine) -> dict[str, object]:
    return {"href": address_of(f"source/{source.id}"), **source_fields(source)}
