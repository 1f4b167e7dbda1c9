"""A reader's own SPARQL, and names: refused in a sentence, or answered with no call to anybody."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from monazite.core.errors import MonaziteError, QueryError, UnknownNameError
from monazite.core.formats import reveal, shorten, two_lines, visible, web_address
from monazite.core.tables import Table, csv_text, tables_html, write_tables
from monazite.data.filters import Filters, find_exclusion, select, to_index
from monazite.report.brief.page import shown_text
from monazite.report.brief.seal import FORMAT, open_page, seal_page
from monazite.report.graph.network_page import graph_html
from monazite.report.graph.svg import graph_svg
from monazite.store.names import entity_names, find_entity
from monazite.store.opening import open_store
from monazite.store.queries import parse_query, read_queries
from monazite.store.questions import find_questions
from monazite.store.sparql_text import judge
from monazite.store.store import Store
from tests.fuzz.target import HOSTILE_TEXT, NUMBERS, Listener, Target, edited, require, text_target
from tests.report.test_any_text import Shape, filled, without_optional
from tests.small_ontology import cut_of, read_shipped, write_cut

CHANGING = re.compile(r"rand|now|uuid|bnode|_:|\[|describe|\\u", re.IGNORECASE)
"""What is not the same each time it is asked, or not surely in what words."""
TRIPLES = {"DESCRIBE": "CONSTRUCT"}  # Kinds of queries that give triples as another does
ROWS = 50  # Solutions that are looked at; the engine finds them one by one
ENDPOINT = "http://endpoint.example/"
"""Stands in the query_texts for the address of the listener, whose port differs from run to run."""
SERVICES = (
    "SERVICE <E> { ?s ?p ?o }",
    "SERVICE SILENT <E> {}",
    "service<E>{?s ?p ?o}",
    "OPTIONAL { SERVICE <E> { ?s ?p ?o } }",
    "{ SELECT * { SERVICE SILENT <E> { ?s ?p ?o } } }",
    "FILTER EXISTS { SERVICE <E> { ?s ?p ?o } }",
    "MINUS { SERVICE <E> { ?a ?b ?c } }",
    "GRAPH ?g { SERVICE <E> { ?s ?p ?o } }",
    "BIND(<E> AS ?e) SERVICE ?e { ?s ?p ?o }",
    "VALUES ?e { <E> } SERVICE SILENT ?e { ?s ?p ?o }",
    "SERVICE <> { ?s ?p ?o }",
    "SERVICE e: { ?s ?p ?o }",
    "S\\u0045RVICE <E> { ?s ?p ?o }",
    "SERVICE <\\u0068ttp://127.0.0.1/> { ?s ?p ?o }",
)
PIECES = tuple(
    piece.replace("<E>", f"<{ENDPOINT}>")
    for piece in (
        *SERVICES,
        *("# ", "#\r", "\r", "\n", "#\u2028", "\x0b", "\x0c", "\x85", "\u2028", "\\u000a"),
        "\\u0023",
        *('"', "'", '"""', "'''", "\\", '\\"', '"#"', "<#>", "<", ">", "<a#b>", "'#'", "a#b"),
        "e:#",
        *("{", "}", "{}", "}{", "(", ")", "[", "]", ".", ";", ",", "<<", ">>", "<<(", "{|", "|}"),
        "$",
        *("SERVICE", "SILENT", "SELECT", "WHERE", "ASK", "CONSTRUCT", "DESCRIBE", "GRAPH ?g"),
        "FROM",
        *("FROM NAMED <E>", "FROM <E>", "BASE <E>", "PREFIX e: <E>", "PREFIX : <E>", "LOAD <E>"),
        *("UNION", "MINUS", "OPTIONAL", "EXISTS", "NOT EXISTS", "LATERAL", "VALUES ?s { UNDEF }"),
        *("BIND(1 AS ?x)", "ORDER BY ?s", "LIMIT 1", "GROUP BY ?s", "HAVING(1)", "REDUCED"),
        "DISTINCT",
        *("INSERT DATA { <a:a> <a:a> 1 }", "DELETE WHERE { ?s ?p ?o }", "; DROP ALL", "CLEAR ALL"),
        *("?s", "?p/?o", "<a:a>*", "^<a:a>", "!<a:a>", "_:b", "a", "1", "1e400", '"a"@en--ltr'),
        "'a'@en",
        *("STR(?s)", "IRI(?s)", "REGEX(?s, '(a+)+$')", "COUNT(*)", "NOW()", "RAND()"),
        "VERSION '1.2'",
    )
)


def queries(_: Path) -> Target:
    """The text of a query: the judge refuses it, or nothing that it asks is asked elsewhere."""
    listener, engine = Listener(), tiny_store()

    def check(text: str) -> None:
        check_judged(text.replace(ENDPOINT, listener.address), engine, listener)

    return text_target(query_texts(), check, (*short_queries(), *shipped_queries()), PIECES)


def tiny_store() -> ox.Store:
    engine, node = ox.Store(), ox.NamedNode("a:a")
    engine.add(ox.Quad(node, node, node, node))
    return engine


def check_judged(text: str, engine: ox.Store, listener: Listener) -> None:
    """Run what the judge lets through: nobody is called, and it asks what was asked."""
    try:
        judged = judge(text)
    except QueryError as error:
        require(str(error).strip(), "a refusal says nothing")
        return
    before = listener.calls
    found = answer(judged.text, engine)
    require(listener.calls == before, "the query was let through and called out")
    require(
        found is None or found[0] == TRIPLES.get(judged.kind, judged.kind),
        "it is judged to be another kind of query",
    )
    asked = answer(text, engine)
    if listener.calls == before and not CHANGING.search(text):
        require(asked is None or asked == found, "it asks something else than was asked")


def answer(text: str, engine: ox.Store) -> tuple[str, str] | None:
    try:
        found = engine.query(text, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryBoolean):
            return "ASK", str(bool(found))
        lines = [str(each) for each in itertools.islice(found, ROWS)]
        if isinstance(found, ox.QuerySolutions):
            return "SELECT", f"{found.variables} {lines}"
    except (SyntaxError, ValueError, RuntimeError, OSError):
        return None
    return "CONSTRUCT", str(sorted(lines))


def query_texts() -> SearchStrategy[str]:
    """Texts of queries: shipped ones with edits, patterns put together, and anything."""
    return st.one_of(
        edited(short_queries(), PIECES),
        put_together(),
        edited(shipped_queries(), PIECES),
        HOSTILE_TEXT,
    )


def short_queries() -> list[str]:
    """Queries of a line, each of which asks an endpoint but the first."""
    wheres = [service.replace("<E>", f"<{ENDPOINT}>") for service in ("", *SERVICES)]
    return [f"PREFIX e: <{ENDPOINT}> SELECT * {{ ?s ?p ?o . {where} }}" for where in wheres]


def shipped_queries() -> list[str]:
    return [query.text for query in read_queries().values()]


@st.composite
def put_together(draw: DrawFn) -> str:
    """A query of pieces between braces, with blanks that are none to some."""
    blank = st.sampled_from((" ", "\n", "\r", "\t", "# a\n", "#\r", "#'\n", ""))
    text = draw(
        st.sampled_from(("SELECT * {", "ASK {", "CONSTRUCT { ?s ?p ?o } {", "DESCRIBE ?s {"))
    )
    depth = 1
    for piece in draw(st.lists(st.sampled_from(PIECES), max_size=8)):
        text += draw(blank) + piece
        if draw(st.integers(0, 3)) == 0:
            text, depth = text + draw(blank) + "{", depth + 1
    return text + draw(blank) + "}" * depth


def headers(folder: Path) -> Target:
    """A reader's own query with a header, and what is given for its parameters."""
    store = cut_store(folder)
    seeds = [query.text for query in read_queries().values() if query.parameters]
    pieces = (
        *("# param: ", "# title: ", "# include: ", " | ", "|", "element", "date", "row", "year"),
        "?",
        *("VALUES ?element {", "VALUES ?date { UNDEF }", "}", "VALUES", "\n", "#", "\r", "\\1"),
        "\\g<0>",
        "# param: element | element | | An element.\n",
    )
    values = st.dictionaries(names_of(seeds), values_of(store), max_size=3)
    return Target(
        st.tuples(edited(seeds, pieces), values), lambda given: check_header(store, *given)
    )


def check_header(store: Store, text: str, given: dict[str, str]) -> None:
    with contextlib.suppress(MonaziteError):
        query = parse_query("own", text)
        judge(query.bound(store, given))


def parameters(folder: Path) -> Target:
    """A shipped query, whatever is given for its parameters: it can be parsed, or is not asked."""
    store = cut_store(folder)
    named = {name: query for name, query in read_queries().items() if query.parameters}
    empty = ox.Store()

    def check(given: tuple[str, dict[str, str]]) -> None:
        query = named[given[0]]
        known = {parameter.name for parameter in query.parameters}
        with contextlib.suppress(UnknownNameError):
            bound = query.bound(store, {key: v for key, v in given[1].items() if key in known})
            try:
                empty.query(bound)
            except SyntaxError as error:
                require(False, f"a value broke the query: {error}")

    names = sorted({each.name for query in named.values() for each in query.parameters})
    values = st.dictionaries(st.sampled_from(names), values_of(store), max_size=4)
    return Target(st.tuples(st.sampled_from(sorted(named)), values), check)


def cut_store(folder: Path) -> Store:
    ontology = folder / "cut"
    return open_store(ontology if ontology.exists() else write_cut(ontology), cache=False)


def names_of(seeds: Sequence[str]) -> SearchStrategy[str]:
    found = {each.name for text in seeds for each in parse_query("", text).parameters}
    return st.one_of(st.sampled_from(sorted(found)), HOSTILE_TEXT)


def values_of(store: Store) -> SearchStrategy[str]:
    """What a reader may type for a parameter: names of the cut, near ones, and anything."""
    label = "SELECT DISTINCT ?n { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?n }"
    labels = sorted({row["n"].value for row in store.select(label)})[::5]
    known = [*labels, "Dy", "mountain-pass", "2025", "2025-06", "mine", "prices/a", "c15-samarium"]
    pieces = ('"', "\\", "}", "{", ">", "<", "\n", "UNDEF", "# ", "?x", "\\u0022", "row/", "-", "/")
    return st.one_of(edited(known, pieces, most=2), HOSTILE_TEXT, NUMBERS)


TABLE_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li"}
CLASSES = (
    *("ChemicalElement", "ElementGroup", "Country", "Area", "Facility", "Organisation", "Policy"),
)


def names(folder: Path) -> Target:
    """A name that a reader types: one thing is meant, or a sentence says which are near."""
    store = cut_store(folder)
    known = entity_names(store)

    def check(given: tuple[str, list[str]]) -> None:
        with contextlib.suppress(UnknownNameError):
            entity = find_entity(store, given[0], *given[1])
            require(not given[1] or entity.is_a(*given[1]), "a thing of another class")
        with contextlib.suppress(UnknownNameError):
            find_questions(given[0], names=known)

    classes = st.lists(st.sampled_from(CLASSES), max_size=2)
    return Target(st.tuples(values_of(store), classes), check)


def filters(_: Path) -> Target:
    """What a reader leaves out of a view, and from which day or tier on."""
    tables = read_shipped()
    index = to_index(cut_of(tables), tables.schema)
    known = [*index.tables, *index.sources, *[entry.name for entry in index.entries[::7]]]
    name = st.one_of(edited(known, ("row:", "source:", "/", "row/", ":"), most=2), HOSTILE_TEXT)
    day = st.one_of(st.none(), st.sampled_from(("2010-12-31", "0001-01-01", "9999-12-31")))
    asked = st.tuples(day, day, st.sampled_from((None, 1, 4)), st.lists(name, max_size=2))

    def check(given: tuple[str | None, str | None, int | None, list[str]]) -> None:
        valid, by, tier, without = given
        try:
            chosen = select(index, Filters(valid, by, tier, tuple(without)))
        except UnknownNameError:
            return
        out = {find_exclusion(index, each) for each in without}
        kept = [index.entries[place] for place in chosen.kept]
        require(chosen.claims <= chosen.all_claims, "more is kept than there is")
        require(not {("row", each.name) for each in kept} & out, "a row that was left out is kept")
        require(not {("table", each.table) for each in kept} & out, "a table left out is kept")

    return Target(asked, check)


def texts(_: Path) -> Target:
    """A text in tables, a briefing and its record: it is shown, and ends nothing early."""
    text = st.one_of(HOSTILE_TEXT, NUMBERS, edited(("Lynas|Kalgoorlie", "[a](javascript:b)"), ()))
    return text_target(text, check_text)


def check_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # a cell holds no half of a letter
    table = Table(text, ("a", "b"), [[text, "2"], ["3", text]], remarks=(text,))
    for fmt in ("table", "markdown"):
        write_tables([table], fmt, view=text)
        write_tables([table], fmt, width=20)
    back = list(csv.reader(io.StringIO(csv_text([table]), newline=""), strict=True))
    require([len(line) for line in back] == [2, 2, 2], "a cell ends early in CSV")
    shown = reveal(text)
    require(back[2][1] in {shown, f"'{shown}"}, "CSV gives another text back")
    shape = Shape(tables_html([table]))
    require({key[0] for key in shape.found} <= TABLE_TAGS, "a tag")
    require(
        "\n" not in shorten(visible(text), 20) + "".join(two_lines(visible(text), 20)), "a line"
    )
    require(visible(visible(text)) == visible(text), "what is visible is not")
    address = web_address(text)
    require(address is None or address.lower().startswith(("http://", "https://")), "an address")
    record = {"format": FORMAT, "says": {"a": [text]}}
    opened = open_page(seal_page("<body><p>a</p></body>", record, ""), "a page")
    require(opened.fits and opened.record == json.loads(json.dumps(record)), "the record is other")
    shown_text(text)


def drawings(_: Path) -> Target:
    """A text in every cell of a network: the page has the elements it has, the picture is XML."""
    plain = Shape(graph_html(filled("Plain")))

    def check(text: str) -> None:
        page = graph_html(filled(text))
        page.encode()
        shape = Shape(page)
        require(without_optional(shape) == without_optional(plain), "the page has other elements")
        for held in shape.json:
            json.loads(held)
        ElementTree.fromstring(graph_svg(filled(text), title=text).encode())

    return Target(HOSTILE_TEXT, check)
