"""A copy is what the record says, or there is none."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.errors import EndpointError
from monazite.rows.view_filters import Filters
from monazite.shipped import VERSION
from monazite.triples.remote.copying import MOST, copy_folder, open_copy
from monazite.triples.remote.endpoint import Endpoint
from monazite.triples.remote.engines import UNKNOWN, ServerKind
from monazite.triples.remote.manifest import MANIFEST, Manifest, canonical_lines, digest_of
from monazite.triples.store import Extent
from tests.triples.remote.hostile import Answer, Handler, hostile, results

pytestmark = pytest.mark.usefixtures("anonymous")
BASE = "https://w3id.org/monazite/"
LINES = [f'<{BASE}id/a{n}> <{BASE}ns#value> "{n}" <{BASE}row/a/{n}> .'.encode() for n in range(250)]
BY_GRAPH = 120
"""Graphs whose quads are asked for at once, here."""


@pytest.fixture(autouse=True)
def few_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monazite.triples.remote.copying._GRAPHS", BY_GRAPH)


def record(lines: list[bytes] = LINES, exact: tuple[str, ...] = ()) -> Manifest:
    held = canonical_lines(b"\n".join(lines))
    digest = digest_of(held)
    return Manifest(VERSION, "0" * 12, digest, len(held), Filters(), Extent(), None, exact)


def serving(lines: list[bytes], most: int = BY_GRAPH, skips: int = 0) -> Answer:
    """Answer how many quads each graph has, and pages of quads; the record is among them.

    Pages of quads after the first overlap with what stands before by so many as are skipped, once.
    """
    about = f'<{MANIFEST}> <{BASE}ns#value> "record" <{MANIFEST}> .'.encode()
    quads = list(ox.parse(b"\n".join([about, *lines]), format=ox.RdfFormat.N_QUADS))
    overlapped: list[bool] = []

    def answer(handler: Handler) -> None:
        words = handler.query.split()
        begin, limit = 0, int(words[words.index("LIMIT") + 1])
        if "GROUP" in words:
            after = handler.query.partition('STR(?g) > "')[2].partition('"')[0]
            counts = Counter(each.graph_name.value for each in quads)
            rows = [
                {"g": iri(name), "n": literal(str(n))}
                for name, n in sorted(counts.items())
                if name > after
            ]
        else:
            begin = int(words[words.index("OFFSET") + 1])
            if begin and not overlapped:
                overlapped.append(True)
                begin -= skips
            rows = [
                {
                    "s": iri(each.subject.value),
                    "p": iri(each.predicate.value),
                    "o": literal(each.object.value),
                    "g": iri(each.graph_name.value),
                }
                for each in quads
                if str(each.graph_name) in words
            ]
        some = rows[begin:][: min(limit, most)]
        found = {"head": {"vars": [*"spogn"]}, "results": {"bindings": some}}
        handler.say(json.dumps(found).encode())

    return answer


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def literal(value: str) -> dict[str, str]:
    return {"type": "literal", "value": value}


def test_a_copy_holds_all_pages_and_not_the_record() -> None:
    with hostile(serving(LINES)) as server:
        store = open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)
        assert len(server.got) == 6  # three of graphs, three of quads
    assert canonical_lines(store.nquads()) == sorted(LINES)


def test_a_graph_of_more_quads_than_a_page_is_read_in_pages() -> None:
    graph = LINES[0].rsplit(b" ", 2)[1]
    long = [line.replace(line.rsplit(b" ", 2)[1], graph) for line in LINES]
    with hostile(serving(long)) as server:
        store = open_copy(Endpoint(server.address), UNKNOWN, record(long), cache=False)
        assert len(server.got) == 4
    assert canonical_lines(store.nquads()) == sorted(long)


def test_what_overlapping_pages_of_a_long_graph_left_out_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("monazite.triples.remote.copying._PAGE", BY_GRAPH)
    graph = LINES[0].rsplit(b" ", 2)[1]
    long = [line.replace(line.rsplit(b" ", 2)[1], graph) for line in LINES]
    with hostile(serving(long, skips=7)) as server:
        store = open_copy(Endpoint(server.address), UNKNOWN, record(long), cache=False)
        assert len(server.got) == 7  # one of graphs, and three of quads, twice
    assert canonical_lines(store.nquads()) == sorted(long)


DUMPS = ServerKind("any", dump="store")


def dumping(lines: list[bytes], refuses: bool) -> Answer:
    """Give all quads at once, or refuse to."""
    pages = serving(lines)

    def answer(handler: Handler) -> None:
        if handler.command == "GET" and refuses:
            handler.say(b"no", 403, "text/plain")
        elif handler.command == "GET":
            handler.say(b"\n".join(lines) + b"\n", kind="application/n-quads")
        elif "UNION" in handler.query:
            handler.say(results({"n": str(len(lines))}))
        else:
            pages(handler)

    return answer


@pytest.mark.parametrize(
    ("others", "refuses", "asked"),
    [(100, False, 2), (100, True, 8), (400, False, 7)],
    ids=["read at once", "refused", "too many of others"],
)
def test_a_server_that_gives_all_at_once_is_read_so_where_little_is_of_others(
    others: int, refuses: bool, asked: int
) -> None:
    other = [f'<{BASE}id/a> <{BASE}ns#value> "{n}" <https://a.org/{n}> .' for n in range(others)]
    held = [*LINES, *(line.encode() for line in other)]
    with hostile(dumping(held, refuses)) as server:
        store = open_copy(Endpoint(server.address), DUMPS, record(), cache=False)
        assert len(server.got) == asked
    assert canonical_lines(store.nquads()) == sorted(LINES)


def test_who_waits_is_told_how_much_is_read() -> None:
    told: list[tuple[int, int]] = []
    with hostile(serving(LINES)) as server:
        endpoint = Endpoint(server.address)
        open_copy(endpoint, UNKNOWN, record(), cache=False, reading=lambda *n: told.append(n))
    assert told == [(0, 250), (120, 250), (240, 250), (250, 250)]


def test_a_graph_that_is_too_much_for_a_copy_is_not_read() -> None:
    many = replace(record(), quads=MOST + 1)
    with hostile(serving(LINES)) as server:
        with pytest.raises(EndpointError, match="no copy has more than 5,000,000; push a part"):
            open_copy(Endpoint(server.address), UNKNOWN, many, cache=False)
        assert not server.got


def test_a_copy_is_kept_and_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path))
    with hostile(serving(LINES)) as server:
        for _ in range(2):
            store = open_copy(Endpoint(server.address), UNKNOWN, record(), cache=True)
            assert len(store) == 250
        assert len(server.got) == 6
    assert copy_folder(record()).is_dir()
    assert copy_folder(record()) != copy_folder(replace(record(), tables="1" * 12))


def test_a_store_that_was_changed_is_told() -> None:
    other = [*LINES[:-1], LINES[-1].replace(b'"249"', b'"250"')]
    for held in (other, LINES[:-1]):
        with (
            hostile(serving(held)) as server,
            pytest.raises(EndpointError, match="that are not the 250 of its record"),
        ):
            open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)


def test_a_server_that_gives_little_at_a_time_is_not_asked_for_ever() -> None:
    with hostile(serving(LINES, most=1)) as server:
        with pytest.raises(EndpointError, match="that are not the 250"):
            open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)
        assert len(server.got) == 1


def test_what_a_server_changed_is_put_back() -> None:
    cut = [*LINES[:-1], LINES[-1].replace(b'"249"', b'"249.00001"')]
    with hostile(serving(cut)) as server:
        whole = record(exact=(LINES[-1].decode(),))
        store = open_copy(Endpoint(server.address), UNKNOWN, whole, cache=False)
    assert canonical_lines(store.nquads()) == sorted(LINES)


@pytest.mark.parametrize("graphs", [True, False], ids=["graphs", "quads"])
def test_what_is_another_answer_is_told(graphs: bool) -> None:
    def answer(handler: Handler) -> None:
        if graphs or "GROUP" not in handler.query:
            one = {"g": literal("g"), "s": literal("s")}
            found = {"head": {"vars": [*"spogn"]}, "results": {"bindings": [one] * 120}}
            handler.say(json.dumps(found).encode())
        else:
            serving(LINES)(handler)

    with (
        hostile(answer) as server,
        pytest.raises(EndpointError, match="answers another question"),
    ):
        open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)
