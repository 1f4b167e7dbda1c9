"""The text that runs is the text that was judged: attacks that were found, algebra, and laws."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monazite.core.errors import LimitError, QueryError
from monazite.core.limited_process import Finished, Limits
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.iris import BASE
from monazite.data.parameters import LONGEST_QUERY
from monazite.store import query_process
from monazite.store.queries import read_queries
from monazite.store.query_process import preset_prefixes, run_guarded
from monazite.store.sparql_text import judge, kind_of
from tests.conftest import view_in_memory

QUAD = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))
CALL = "SERVICE <http://127.0.0.1:1/x> {?a ?b ?c}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ASK { ?s ?p ?o }", "ASK"),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } } }", "SELECT"),
        ("construct WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <urn:a>", "DESCRIBE"),
        ("# SELECT\n\ufeffBASE <urn:x>\rPREFIX select: <urn:ask> DESCRIBE <urn:a>", "DESCRIBE"),
    ],
)
def test_what_asks_is_let_through(text: str, kind: str) -> None:
    assert judge(text.replace("\ufeff", "")).kind == kind_of(text.replace("\ufeff", "")) == kind


ATTACKS = [
    "SELECT * { OPTIONAL { SERVICE SILENT <urn:a> { ?s ?p ?o } } }",
    "SELECT * { FILTER EXISTS { SERVICE ?x { ?s ?p ?o } } }",
    f"SELECT ?a {{ ?s ?p ?o #\r{CALL}\n }} LIMIT 1",
    f'SELECT * {{ ?s ?p ?o FILTER(?o != "\\u0022 #") {CALL} }} #\\u000A ) }}',
    f"SELECT * {{ ?s ?p 1{CALL} }}",
    f"SELECT * {{ ?s ?p true{CALL} }}",
    f"SELECT * {{ ?s ?p 1.{CALL} }}",
    f"SELECT * {{ ?s ?p ?o.{CALL} }}",
    f"SELECT * {{ ?s ?p ?o {CALL.replace('S', chr(0x17F), 1)} }}",
    f"SELECT * {{ ?s ?p ?o {CALL.replace('R', chr(92) + 'u0052', 1)} }}",
    f"SELECT * {{ ?s ?p ?o {CALL.replace('R', chr(92) + 'U00000052', 1)} }}",
    "PREFIX : <urn:> SELECT * { ?s ?p ?o SERVICE:x {?a ?b ?c} }",
    f"SELECT * {{ ?s ?p '''a''' '' {CALL} '' }}",
    f'SELECT * {{ FILTER(?a <b:#c> """\n) {CALL} }} #"""',
    f"SELECT * {{ ?s ?p ex:a\\'b . {CALL} ?s ?p ex:a\\'b }}",
    f"SELECT * {{ ?s ?p ?a FILTER(?a<'x>' ) {CALL} FILTER(?a != '\"') }} LIMIT 1 #\"",
    f"SELECT * {{ BIND(1<'x>' AS ?z) {CALL} FILTER(?z != '\"') }} LIMIT 1 #\"",
    f"SELECT * {{ ?s <urn:a'> ?o . {CALL} ?s <urn:b'> ?o }}",
    f"SELECT * {{ BIND(1<\\u0027x>' AS ?z) {CALL} FILTER(?z != '\"') }} LIMIT 1 #\"",
    f'SELECT * {{ ?s ?p "a\\\\" . {CALL} ?s ?p "\\\\" }}',
]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_reaches_out_is_refused_or_cannot_be_parsed(text: str) -> None:
    try:
        judged = judge(text)
    except QueryError:
        return
    with pytest.raises(SyntaxError):
        ox.Store().query(judged.text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"SELECT * {{ {CALL} }}", "SERVICE would send a request"),
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", "FROM is not used here"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "ask a query, not an update"),
        ("PREFIX a: <urn:a> DROP ALL", "ask a query, not an update"),
        ("", "it asks nothing"),
        ("# SELECT", "it asks nothing"),
        ("SELEC ?x", r"it begins with 'SELEC', and should with PREFIX"),
        ("SELECT * {\n ?s ?p 'a }", "a string is not closed, line 2, column 8"),
        ('SELECT * { ?s ?p """a }', "a string is not closed, line 1, column 20"),
        ("SELECT * { ?s a:\\x }", "a backslash stands where none can, line 1, column 17"),
        ('ASK { ?s ?p "\\U00110000" }', "U00110000 is no character"),
        ('ASK { ?s ?p "\\uD800" }', "uD800 is no character"),
        ("ASK { ?s <urn:a'b> 1 }", "may be an address or a comparison; write %27 for its quote"),
        ("ASK { ?s <urn:\\u0020> 1 }", "u0020 cannot stand in an IRI"),
        ("ASK { ?s\\u0020?p 1 }", "u0020 is no letter"),
    ],
)
def test_what_is_wrong_with_the_text_is_said(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        judge(text)


def test_a_query_has_an_end() -> None:
    with pytest.raises(QueryError, match="longer than 4,194,304 characters"):
        judge(f"ASK {{}}{' ' * LONGEST_QUERY}")


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?service ?from "SERVICE FROM" ; <http://a.example/service> ?o } # SERVICE',
        "PREFIX from: <urn:> PREFIX a: <urn:a> SELECT * { ?s a:service from:x ; a:from $service }",
        'SELECT * { ?s ?p "x"@service }',
        "PREFIX s: <urn:> SELECT * { GRAPH s:mrec-from-kalgoorlie { s:customs-service ?p ?o } }",
        "SELECT * { FILTER(?a<?b && ?b>?c) ?a ?b ?c }",
        "ASK { ?s ?p ?o " + ". ?s ?p ?o " * 99 + "}",
    ],
)
def test_words_that_only_look_like_calls_are_let_through(text: str) -> None:
    ox.Store().query(judge(text).text)


@given(st.text().map(lambda text: text.replace("\r", "\n")))
def test_a_string_means_the_same_however_it_is_written(text: str) -> None:
    assume(not any("\ud800" <= character <= "\udfff" for character in text))
    by_code = "".join(f"\\U{ord(character):08X}" for character in text)
    escaped = text.replace("\\", "\\\\")
    written = [
        str(ox.Literal(text)),
        f'"{by_code}"',
        f"'''{by_code}'''",
        '"""' + escaped.replace('"', '\\"') + '"""',
        "'''" + escaped.replace("'", "\\'") + "'''",
    ]
    for each in written:
        query = judge(f"SELECT ({each} AS ?x) {{}}")
        assert "\n" not in query.text
        (row,) = ox.Store().query(query.text)  # type: ignore[misc]
        assert row["x"] == ox.Literal(text)


PIECES = [
    *("SERVICE", "service", "SILENT", "<http://127.0.0.1:{port}/>", "?v", "{?a ?b ?c}", "urn:"),
    *("#", "\r", "\n", " ", '"', "'", '"""', "'''", "\\", "\\u0022", "\\u0027", "\\u000A", "1"),
    *("\\u0023", "\\u000D", "\\\\", '\\"', "<", ">", "<b:#c>", "(", ")", "{", "}", ".", ";", "a:b"),
    *("?s ?p ?o", "VALUES ?v { <http://127.0.0.1:{port}/> }", "BIND(1 AS ?x)", "true", "@en"),
    *("\\'", "_:b", "\ufeff", "\u2028", "\x0b", "\x85", "SERV\\u0049CE", "LIMIT 1", "OPTIONAL {"),
    *("FILTER(?a", "^^", "<'x>'", "<x", "BIND(1", " AS ?z)", "<urn:a'>", "-", "FILTER(?a != "),
]


@pytest.fixture(scope="module")
def server() -> Iterator[socket.socket]:
    """A server that answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.booleans())
def test_what_is_let_through_calls_nobody(
    server: socket.socket, pieces: list[str], closed: bool
) -> None:
    """Whatever stands in a query: the engine itself is asked, and a server listens."""
    text = "SELECT * { ?s ?p ?o " + "".join(pieces).replace("{port}", str(server.getsockname()[1]))
    try:
        judged = judge(text + (" }" if closed else ""))
    except QueryError:
        return
    assert judge(judged.text).text == judged.text
    engine = ox.Store()
    engine.add(QUAD)
    with suppress(SyntaxError, OSError, RuntimeError, ValueError):
        list(engine.query(judged.text))  # type: ignore[arg-type]
    with pytest.raises(BlockingIOError):
        server.accept()


def test_the_server_hears_who_calls() -> None:
    """The law above can fail: the engine does call, given the text that is refused."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        call = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{?a ?b ?c}} }}"
        from threading import Thread

        def ask() -> None:
            with pytest.raises(OSError, match=r".*"):
                list(ox.Store().query(call))  # type: ignore[arg-type]

        asking = Thread(target=ask)
        asking.start()
        connection, _ = server.accept()
        connection.close()
        asking.join()


WITHOUT_WORDS = sorted(
    name
    for name, query in read_queries().items()
    if all(each.default or each.optional for each in query.parameters)
)


@pytest.mark.whole
@pytest.mark.parametrize("name", WITHOUT_WORDS[::3])
def test_a_question_answers_the_same_as_one_line(name: str) -> None:
    store = view_in_memory().store
    text = read_queries()[name].bound(store, {})
    line = judge(text).text
    assert "\n" not in line
    assert [*map(str, store.select(line))] == [*map(str, store.select(text))]


def test_a_fault_is_placed_where_the_reader_wrote_it() -> None:
    text = "# about\r\nSELECT * { # all\n  ?s ?p '''\n\n''' .\n  ?s }"
    query = judge(text)
    with pytest.raises(SyntaxError) as raised:
        ox.Store().query(query.text)
    column = int(str(raised.value).split(":")[1])
    assert query.where(column) in {f"line 6, column {n}, near '?s }}'" for n in (6, 7)}
    assert query.where(2) == "line 2, column 1, near 'SELECT * { # all'"


def test_what_the_child_says_is_a_fault_of_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Finished:
        raise LimitError("The query was stopped after 7 seconds; narrow it.")

    monkeypatch.setattr(query_process, "run_limited", fail)
    with pytest.raises(QueryError, match=r"^The query was stopped after 7 seconds; narrow it\.$"):
        run_guarded("ASK {}", Path(), cache=False, rows=1, limits=Limits(7))


def test_half_a_character_is_refused() -> None:
    with pytest.raises(QueryError, match="half of a character"):
        run_guarded("ASK { ?s ?p '\ud800' }", Path(), cache=False, rows=1, limits=Limits(7))


PRESET = preset_prefixes(ontology_folder())


def test_every_id_and_every_concept_has_a_prefix() -> None:
    schema = read_schema(ontology_folder())
    spaces = {*PRESET.values()}
    ids = {BASE + table.id_path for table in schema.tables.values() if table.id_path}
    assert ids - spaces == set()
    concepts = {iri for codes in schema.codes.values() for iri in codes.values()}
    assert {iri.rpartition("/")[0] + "/" for iri in concepts} - spaces == set()


def test_a_name_is_one_that_sparql_takes_and_no_word_that_reaches_out() -> None:
    for name in PRESET:
        assert re.fullmatch(r"[A-Za-z](?:[\w-]*\w)?", name), name
        assert name.casefold() not in {"from", "service", "prefix", "base"}
