"""The reference of the ontology: one HTML page, offline, made of the Turtle and of its examples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup, escape

from monazite.core.formats import grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.alignments import Alignment, all_alignments, read_prefixes, short
from monazite.data.columns import Column, Schema, TableShape, read_schema
from monazite.data.iris import PREFIXES, SCHEME, local_name
from monazite.data.vocabulary import Concept, Scheme, Term, Vocabulary, read_vocabulary, scope_notes
from monazite.report.class_diagram import class_map
from monazite.report.drawing.templates import fill_template, page_policy, page_style, template
from monazite.store.query_process import AnsweredExample, answer_examples, preset_prefixes

_TIMES = {
    "none": "has no time",
    "interval": "holds from a first to a last day",
    "event": "holds from its date on",
    "period": "speaks of a period",
    "calendar": "says what holds when",
    "part": "has dates of its own where a part starts later",
}
_KINDS = {
    "string": "text",
    "text": "text, or text@language",
    "anyURI": "address",
    "date": "year, month or day",
    "in-table": "id in the table that another column names",
}
_GROUPS = (  # The parts of the page
    ("tables", "Classes that have a table",
     "One table, one class. The shape of a class gives the columns of its table."),
    ("classes", "Other classes", "Above and below the classes that have a table."),
    ("lists", "Closed lists",
     "A column of one of these classes takes the codes of its scheme and nothing else."),
    ("properties", "Properties",
     "What carries a property, and what it leads to, is what the shapes say."),
    ("annotations", "Annotations of shapes and schemes",
     "With these a shape becomes the definition of a table."),
)  # fmt: skip
_SHOWN = 8  # Rows of an answer that are shown


class ReferenceLink(Struct):
    """Words, and where they lead: an anchor of the page, an address, or nowhere."""

    words: str
    href: str = ""


Matches = tuple[dict[str, object], ...]  # what a term corresponds to elsewhere
Facts = tuple[tuple[str, tuple[ReferenceLink, ...]], ...]


class Section(Struct):
    """The section of one term; what does not apply is empty."""

    term: Term
    facts: Facts
    matches: Matches = ()
    table: TableShape | None = None
    time: str = ""
    columns: tuple[dict[str, object], ...] = ()
    scheme: Scheme | None = None
    notes: tuple[str, ...] = ()
    concepts: tuple[tuple[Concept, tuple[tuple[str, ReferenceLink], ...], Matches], ...] = ()


class _Material:
    def __init__(
        self,
        schema: Schema,
        vocabulary: Vocabulary,
        alignments: Sequence[Alignment],
        prefixes: Mapping[str, str],
    ) -> None:
        self.schema, self.vocabulary, self.prefixes = schema, vocabulary, prefixes
        self.known = {term.iri: term for term in vocabulary.terms}
        self.below: dict[str, list[str]] = defaultdict(list)
        self.used: dict[str, list[tuple[TableShape, Column]]] = defaultdict(list)
        self.matches: dict[str, list[Alignment]] = defaultdict(list)
        self.notes = scope_notes(schema)
        for term in vocabulary.terms:
            for above in term.above:
                self.below[above].append(term.iri)
        for _, table in sorted(schema.tables.items()):
            for column in table.columns:
                self.used[column.path].append((table, column))
        for each in alignments:
            self.matches[each.subject].append(each)

    def link(self, iri: str) -> ReferenceLink:
        """Lead to the section of a term or concept, or to the address of an outside one."""
        if iri in self.known:
            return ReferenceLink(self.known[iri].name, f"#{local_name(iri)}")
        if iri.startswith(SCHEME):
            return ReferenceLink(iri.removeprefix(SCHEME), f"#{_anchor(iri)}")
        is_web = iri.startswith(("http://", "https://"))
        return ReferenceLink(short(iri, self.prefixes), iri if is_web else "")

    def fact(self, words: str, iris: Iterable[str]) -> tuple[str, tuple[ReferenceLink, ...]]:
        """Say something of a term in words, with links."""
        return words, tuple(self.link(iri) for iri in sorted(iris))


def reference(ontology: Path | str | None = None) -> str:
    """Return the reference of the vocabulary and its tables as one HTML page that works offline.

    Args:
        ontology: another ontology folder than the shipped one.

    Returns:
        The HTML of the page.

    Raises:
        FaultyTablesError: the shapes, the alignments or the tables have faults.

    >>> reference()[:15]
    '<!doctype html>'
    """
    folder = ontology_folder() if ontology is None else Path(ontology)
    schema = read_schema(folder)
    alignments = all_alignments(folder, schema, ())
    return reference_html(
        schema,
        read_vocabulary(schema),
        alignments,
        read_prefixes(folder),
        examples=answer_examples(folder),
        preset=preset_prefixes(folder),
    )


def reference_html(
    schema: Schema,
    vocabulary: Vocabulary,
    alignments: Sequence[Alignment],
    prefixes: Mapping[str, str],
    *,
    examples: Sequence[AnsweredExample] = (),
    preset: Mapping[str, str] | None = None,
) -> str:
    """Return the page as text; the same ontology gives the same bytes."""
    source = _Material(schema, vocabulary, alignments, {**prefixes, **PREFIXES})
    style, script = page_style("reference.css"), template("reference.js")
    claims = (table for _, table in sorted(schema.tables.items()) if table.kind == "record")
    first = next(claims, None)
    columns = first.columns if first else ()
    fields = {
        "vocabulary": vocabulary,
        "licence": source.link(vocabulary.licence),
        "groups": _groups(source),
        "questions": [  # to paste: a command, the first rows of its answer, and how many more
            {
                "anchor": f"question-{each.name}",
                "title": each.title,
                "command": f"monazite query '{each.text}'",
                "columns": each.answer.variables,
                "rows": texts[:_SHOWN],
                "more": max(0, len(texts) - _SHOWN),
            }
            for each in examples
            for texts in [each.answer.texts()]
        ],
        "preset": preset or {},
        "evidence": tuple(_cell(source, column) for column in columns if column.about_row),
        "picture": class_map(schema, vocabulary),
        "style": style,
        "script": script,
        "policy": page_policy(style, [script]),
        "anchor": _anchor,
        "grouped": grouped,
    }
    return fill_template("reference.html", fields, filters={"marked": _marked}, trimmed=True)


def _groups(source: _Material) -> list[dict[str, object]]:
    """The parts of the page, each with the sections of its terms."""
    tables = {table.class_iri: table for table in source.schema.tables.values()}
    schemes = {scheme.class_iri: scheme for scheme in source.vocabulary.schemes}
    classes = [term for term in source.vocabulary.terms if term.kind == "class"]
    others = [term for term in source.vocabulary.terms if term.kind != "class"]
    tabled = [
        Section(
            term,
            _class_facts(source, term),
            _matches(source, term.iri),
            table=tables[term.iri],
            time=_TIMES.get(tables[term.iri].time, tables[term.iri].time),
            columns=tuple(_cell(source, x) for x in tables[term.iri].columns if not x.about_row),
        )
        for term in classes
        if term.iri in tables
    ]
    listed = [_of_scheme(source, x, schemes[x.iri]) for x in classes if x.iri in schemes]
    plain = [
        Section(term, _class_facts(source, term), _matches(source, term.iri))
        for term in classes
        if term.iri not in tables and term.iri not in schemes
    ]
    annotations = [_of_property(source, x) for x in others if x.kind == "annotation property"]
    properties = [_of_property(source, x) for x in others if x.kind != "annotation property"]
    sections = (tabled, plain, listed, properties, annotations)
    return [
        {"anchor": anchor, "title": title, "intro": intro, "sections": held}
        for (anchor, title, intro), held in zip(_GROUPS, sections, strict=True)
    ]


def _of_scheme(source: _Material, term: Term, scheme: Scheme) -> Section:
    columns = [
        ReferenceLink(f"{table.name}.{column.name}", f"#{local_name(table.class_iri)}")
        for _, table in sorted(source.schema.tables.items())
        for column in table.columns
        if term.iri in column.classes and not column.about_row
    ]
    used = (("columns", tuple(columns)),) if columns else ()
    concepts = []
    for concept in scheme.concepts:
        # Its matches stand in a place of their own.
        shown = {each.object for each in source.matches[concept.iri]}
        more = [(local_name(how), source.link(x)) for how, x in concept.more if x not in shown]
        concepts.append((concept, tuple(more), _matches(source, concept.iri)))
    return Section(
        term=term,
        facts=(*_class_facts(source, term), *used),
        matches=(*_matches(source, term.iri), *_matches(source, scheme.iri)),
        scheme=scheme,
        concepts=tuple(concepts),
    )


def _class_facts(source: _Material, term: Term) -> Facts:
    pairs = (("subclass of", term.above), ("has subclasses", source.below[term.iri]))
    return tuple(source.fact(words, found) for words, found in pairs if found)


def _of_property(source: _Material, term: Term) -> Section:
    facts: list[tuple[str, tuple[ReferenceLink, ...]]] = []
    used = source.used[term.iri]
    if used and all(column.about_row for _, column in used):
        facts.append(("carried by", (ReferenceLink("every row", "#every-table"),)))
    elif used or term.domain:
        carriers = {table.class_iri for table, column in used} | set(term.domain)
        facts.append(source.fact("carried by", carriers))
    leads = {link for _, column in used for link in _types(source, column)}
    leads |= {source.link(iri) for iri in term.range} if not used else set()
    if leads:
        facts.append(("leads to", tuple(sorted(leads, key=lambda link: link.words))))
    said_elsewhere = (x.iri for x in source.vocabulary.terms if term.iri in x.inverse_of)
    for words, iris in (
        ("subproperty of", term.above),
        ("has subproperties", source.below[term.iri]),
        ("inverse of", (*term.inverse_of, *said_elsewhere)),
    ):
        if iris:
            facts.append(source.fact(words, iris))
    if term.transitive:
        facts.append(("is", (ReferenceLink("transitive"),)))
    notes = source.notes.get(term.iri, ())
    return Section(term, tuple(facts), _matches(source, term.iri), notes=notes)


def _cell(source: _Material, column: Column) -> dict[str, object]:
    """A column of a table, as the page shows it."""
    marks = [
        "key" if column.key else "required" if column.required else "",
        "list" if column.many else "",
        f"at least {column.minimum}" if column.minimum is not None else "",
        f"at most {column.maximum}" if column.maximum is not None else "",
    ]
    return {
        "name": column.name,
        "property": source.link(column.path),
        "types": _types(source, column),
        "marks": ", ".join(mark for mark in marks if mark),
        "description": column.description,
        "example": column.example,
    }


def _types(source: _Material, column: Column) -> tuple[ReferenceLink, ...]:
    if column.classes:
        return tuple(source.link(iri) for iri in column.classes)
    return (ReferenceLink(_KINDS.get(column.kind, column.kind)),)


def _matches(source: _Material, iri: str) -> Matches:
    return tuple(
        {
            "relation": ("not " if each.negative else "") + local_name(each.predicate),
            "target": source.link(each.object),
            "label": each.object_label,
            "confidence": str(each.confidence),
            "comment": each.comment,
        }
        for each in source.matches[iri]
        if not each.predicate.endswith("subClassOf") or each.origin != "monazite.ttl"
    )


def _anchor(iri: str) -> str:
    return "scheme-" + iri.removeprefix(SCHEME).replace("/", "-")


def _marked(text: str) -> Markup:
    """Show what stands between backticks as code; the rest is text and nothing else."""
    parts = [escape(part) for part in re.split("`([^`]*)`", text)]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup("").join(parts)
