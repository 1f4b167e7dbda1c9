"""A reader's own SPARQL: refused in a sentence, or run without a call to anybody."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from monazite.errors import MonaziteError, QueryError, UnknownNameError
from monazite.triples.opening import open_store
from monazite.triples.queries import parse_query, read_queries
from monazite.triples.sparql_text import judge
from monazite.triples.store import Store
from tests.fuzz.edits import HOSTILE_TEXT, NUMBERS, edited
from tests.fuzz.listener import Listener
from tests.fuzz.target import Target, require
from tests.small_ontology import write_cut

CHANGING = re.compile(r"rand|now|uuid|bnode|_:|\[|describe|\\u", re.IGNORECASE)
"""What is not the same each time it is asked, or not surely in what words."""
TRIPLES = {"DESCRIBE": "CONSTRUCT"}
"""Kinds of queries that give triples as another does."""
ROWS = 50
"""Solutions that are looked at; the engine finds them one by one."""
ENDPOINT = "http://endpoint.example/"
"""Stands in the texts for the address of the listener, whose port differs from run to run."""
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
        *(
            "# ",
            "#\r",
            "\r",
            "\n",
            "#\u2028",
            "\x0b",
            "\x0c",
            "\x85",
            "\u2028",
            "\\u000a",
            "\\u0023",
        ),
        *(
            '"',
            "'",
            '"""',
            "'''",
            "\\",
            '\\"',
            '"#"',
            "<#>",
            "<",
            ">",
            "<a#b>",
            "'#'",
            "a#b",
            "e:#",
        ),
        *(
            "{",
            "}",
            "{}",
            "}{",
            "(",
            ")",
            "[",
            "]",
            ".",
            ";",
            ",",
            "<<",
            ">>",
            "<<(",
            "{|",
            "|}",
            "$",
        ),
        *(
            "SERVICE",
            "SILENT",
            "SELECT",
            "WHERE",
            "ASK",
            "CONSTRUCT",
            "DESCRIBE",
            "GRAPH ?g",
            "FROM",
        ),
        *("FROM NAMED <E>", "FROM <E>", "BASE <E>", "PREFIX e: <E>", "PREFIX : <E>", "LOAD <E>"),
        *("UNION", "MINUS", "OPTIONAL", "EXISTS", "NOT EXISTS", "LATERAL", "VALUES ?s { UNDEF }"),
        *(
            "BIND(1 AS ?x)",
            "ORDER BY ?s",
            "LIMIT 1",
            "GROUP BY ?s",
            "HAVING(1)",
            "REDUCED",
            "DISTINCT",
        ),
        *("INSERT DATA { <a:a> <a:a> 1 }", "DELETE WHERE { ?s ?p ?o }", "; DROP ALL", "CLEAR ALL"),
        *(
            "?s",
            "?p/?o",
            "<a:a>*",
            "^<a:a>",
            "!<a:a>",
            "_:b",
            "a",
            "1",
            "1e400",
            '"a"@en--ltr',
            "'a'@en",
        ),
        *(
            "STR(?s)",
            "IRI(?s)",
            "REGEX(?s, '(a+)+$')",
            "COUNT(*)",
            "NOW()",
            "RAND()",
            "VERSION '1.2'",
        ),
    )
)


def queries(_: Path) -> Target:
    """The text of a query: the judge refuses it, or nothing that it asks is asked elsewhere."""
    listener, engine = Listener(), tiny_store()

    def check(text: str) -> None:
        check_judged(text.replace(ENDPOINT, listener.address), engine, listener)

    return Target(
        texts(),
        check,
        raw=lambda data: data.decode("utf-8", "replace"),
        seeds=tuple(text.encode() for text in (*short_queries(), *shipped_queries())),
        words=PIECES,
    )


def tiny_store() -> ox.Store:
    """A store of one quad, which every pattern of variables meets once."""
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
    """Return the kind of an answer and its first lines; None where the engine refuses it."""
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


def texts() -> SearchStrategy[str]:
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
    """The questions as they are shipped."""
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
        *(
            "# param: ",
            "# title: ",
            "# include: ",
            " | ",
            "|",
            "element",
            "date",
            "row",
            "year",
            "?",
        ),
        *(
            "VALUES ?element {",
            "VALUES ?date { UNDEF }",
            "}",
            "VALUES",
            "\n",
            "#",
            "\r",
            "\\1",
            "\\g<0>",
        ),
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
    """The small cut of the shipped tables, in memory."""
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
