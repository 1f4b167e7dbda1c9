"""A copy is what the record says, or there is none; the record is parsed and never trusted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from monazite.core.errors import EndpointError
from monazite.core.package import VERSION
from monazite.data.filters import Filters
from monazite.store.remote.copying import MOST, UNKNOWN, ServerKind, copy_folder, open_copy
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.manifest import (
    LOADING,
    MANIFEST,
    Manifest,
    canonical_lines,
    digest_of,
    exact_lines,
    read_held,
    read_manifest,
    solutions,
    step_text,
)
from monazite.store.store import Extent
from tests.store.remote.servers import Answer, Handler, hostile, results

pytestmark = pytest.mark.usefixtures("anonymous")
BASE = "https://w3id.org/monazite/"
LINES = [f'<{BASE}id/a{n}> <{BASE}ns#value> "{n}" <{BASE}row/a/{n}> .'.encode() for n in range(450)]


def record(lines: list[bytes] = LINES, exact: tuple[str, ...] = ()) -> Manifest:
    held = canonical_lines(b"\n".join(lines))
    digest = digest_of(held)
    return Manifest(VERSION, "0" * 12, digest, len(held), Filters(), Extent(), None, exact)


def serving(lines: list[bytes], most: int = 400, skips: int = 0) -> Answer:
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
        assert len(server.got) == 4  # two of graphs, two of quads
    assert canonical_lines(store.nquads()) == sorted(LINES)


def test_a_graph_of_more_quads_than_a_page_is_read_in_pages() -> None:
    graph = LINES[0].rsplit(b" ", 2)[1]
    long = [line.replace(line.rsplit(b" ", 2)[1], graph) for line in LINES]
    with hostile(serving(long)) as server:
        store = open_copy(Endpoint(server.address), UNKNOWN, record(long), cache=False)
        assert len(server.got) == 3
    assert canonical_lines(store.nquads()) == sorted(long)


@pytest.mark.whole
def test_what_overlapping_pages_of_a_long_graph_left_out_is_asked_for_again() -> None:
    graph = f"<{BASE}row/a/0>"
    long = [f'<{BASE}id/a{n}> <{BASE}ns#value> "{n}" {graph} .'.encode() for n in range(10_300)]
    with hostile(serving(long, most=4_000, skips=7)) as server:
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
    [(100, False, 2), (100, True, 6), (500, False, 5)],
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
            assert len(store) == 450
        assert len(server.got) == 4
    assert copy_folder(record()).is_dir()
    assert copy_folder(record()) != copy_folder(replace(record(), tables="1" * 12))


def test_a_store_that_was_changed_is_told() -> None:
    other = [*LINES[:-1], LINES[-1].replace(b'"449"', b'"450"')]
    for held in (other, LINES[:-1]):
        with (
            hostile(serving(held)) as server,
            pytest.raises(EndpointError, match="that are not the 450 of its record"),
        ):
            open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)


def test_a_server_that_gives_little_at_a_time_is_not_asked_for_ever() -> None:
    with hostile(serving(LINES, most=1)) as server:
        with pytest.raises(EndpointError, match="that are not the 450"):
            open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)
        assert len(server.got) == 1


def test_what_a_server_changed_is_put_back() -> None:
    cut = [*LINES[:-1], LINES[-1].replace(b'"449"', b'"449.00001"')]
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

    with hostile(answer) as server, pytest.raises(EndpointError, match="answers another question"):
        open_copy(Endpoint(server.address), UNKNOWN, record(), cache=False)


GOOD = Manifest(
    VERSION,
    "0123456789ab",
    "0" * 64,
    12,
    Filters(tier=2, without=("table:baci",)),
    Extent(3, 4, 1, 0, {"tier 2": 1}),
    "own",
    ("<urn:a> <urn:b> <urn:c> <urn:d> .",),
)


def read_record(*held: tuple[str, str]) -> Manifest:
    rows = results(*({"about": about, "value": value} for about, value in held))
    with hostile(lambda each: each.say(rows)) as server:
        return read_manifest(Endpoint(server.address))


def changed(**parts: Any) -> str:
    return json.dumps({**json.loads(GOOD.to_json()), **parts})


def test_it_comes_back_as_it_was_written() -> None:
    assert read_record((MANIFEST, GOOD.to_json())) == GOOD


def test_a_store_without_a_graph_is_told() -> None:
    with pytest.raises(EndpointError, match=r"is not there at http.*monazite push http"):
        read_record()


def test_a_store_that_is_being_loaded_is_no_whole_one() -> None:
    with pytest.raises(EndpointError, match="is being loaded, or that broke off"):
        read_record((LOADING, step_text("ab", 5)))


def test_a_store_of_another_version_is_told() -> None:
    with pytest.raises(EndpointError, match=rf"is of Monazite 0\.0\.9, and this is {VERSION}; "):
        read_record((MANIFEST, changed(version="0.0.9")))


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "7", '"a"', "{}", "[" * 100_000),
        changed(quads="12"),
        changed(quads=True),
        changed(hash="x"),
        changed(tables="../../etc"),
        changed(filters=None),
        changed(filters={"valid": 3, "known": None, "tier": None, "without": []}),
        changed(extent={"rows": 1}),
        changed(data=["a"]),
        changed(exact=["a" * 20_000]),
        changed(exact=[3]),
    ],
    ids=range(18),
)
def test_a_record_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(EndpointError, match="is none of ours") as told:
        read_record((MANIFEST, text))
    assert len(str(told.value)) < 300


def test_the_last_step_of_loading_counts() -> None:
    steps = [(LOADING, step_text("ab", count)) for count in (100, 30, 200)]
    rows = results(*({"about": about, "value": value} for about, value in steps))
    with hostile(lambda each: each.say(rows)) as server:
        assert read_held(Endpoint(server.address)).loading == ("ab", 200)


@pytest.mark.parametrize("body", [b"{}", b'{"head":{},"boolean":true}', b'{"results": 3}'])
def test_what_are_no_solutions_is_told(body: bytes) -> None:
    with pytest.raises(EndpointError, match="answers"):
        solutions(Endpoint("http://127.0.0.1:1/sparql"), body)


def test_the_hash_is_of_the_quads_in_whatever_order() -> None:
    one, other = b"<urn:a> <urn:b> <urn:c> <urn:d> .", b"<urn:a> <urn:b> <urn:e> <urn:d> ."
    lines = canonical_lines(b"\n".join([other, one, other, b""]))
    assert lines == [one, other]
    # sha256sum of the two lines, as coreutils has it
    assert digest_of(lines) == "2095a67a7f51e91a8d37bdd91b429d3fcc04a3a4e2a867074b5d1e26357d4be4"


def test_what_servers_change_is_kept_with_all_that_says_the_same() -> None:
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    long = f'<urn:a> <urn:b> "0.{"1" * 16}"^^<{decimal}> <urn:d> .'.encode()
    beside = f'<urn:a> <urn:b> "2"^^<{decimal}> <urn:d> .'.encode()
    short = f'<urn:c> <urn:b> "0.{"1" * 15}"^^<{decimal}> <urn:d> .'.encode()
    point = (
        b'<urn:c> <urn:p> "POINT(1 2)"^^<http://www.opengis.net/ont/geosparql#wktLiteral> <u:d> .'
    )
    assert exact_lines([long, beside, short]) == (long.decode(), beside.decode())
    assert exact_lines([short, point]) == (point.decode(),)
    assert exact_lines([short]) == ()
