"""The record of a graph elsewhere: what others wrote into it is parsed and never trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monazite.errors import EndpointError
from monazite.rows.view_filters import Filters
from monazite.shipped import VERSION
from monazite.triples.remote.endpoint import Endpoint
from monazite.triples.remote.manifest import (
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
from monazite.triples.store import Extent
from tests.triples.remote.hostile import hostile, results

pytestmark = pytest.mark.usefixtures("anonymous")
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


def read(*held: tuple[str, str]) -> Manifest:
    rows = results(*({"about": about, "value": value} for about, value in held))
    with hostile(lambda each: each.say(rows)) as server:
        return read_manifest(Endpoint(server.address))


def changed(**parts: Any) -> str:
    return json.dumps({**json.loads(GOOD.to_json()), **parts})


def test_it_comes_back_as_it_was_written() -> None:
    assert read((MANIFEST, GOOD.to_json())) == GOOD


def test_a_store_without_a_graph_is_told() -> None:
    with pytest.raises(EndpointError, match=r"is not there at http.*monazite push http"):
        read()


def test_a_store_that_is_being_loaded_is_no_whole_one() -> None:
    with pytest.raises(EndpointError, match="is being loaded, or that broke off"):
        read((LOADING, step_text("ab", 5)))


def test_a_store_of_another_version_is_told() -> None:
    with pytest.raises(EndpointError, match=rf"is of Monazite 0\.0\.9, and this is {VERSION}; "):
        read((MANIFEST, changed(version="0.0.9")))


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
        read((MANIFEST, text))
    assert len(str(told.value)) < 300


def test_two_records_are_none() -> None:
    with pytest.raises(EndpointError, match="is none of ours"):
        read((MANIFEST, GOOD.to_json()), (MANIFEST, GOOD.to_json()))


def test_the_last_step_of_loading_counts() -> None:
    steps = [(LOADING, step_text("ab", count)) for count in (100, 30, 200)]
    rows = results(*({"about": about, "value": value} for about, value in steps))
    with hostile(lambda each: each.say(rows)) as server:
        assert read_held(Endpoint(server.address)).loading == ("ab", 200)


@pytest.mark.parametrize("body", [b"{}", b'{"head":{},"boolean":true}', b'{"results": 3}'])
def test_what_are_no_solutions_is_told(body: bytes) -> None:
    with pytest.raises(EndpointError, match="answers"):
        solutions(Endpoint("http://127.0.0.1:1/sparql"), body)


@pytest.mark.parametrize(
    "row", ['{"about": {"type": "literal", "value": "x"}}', '{"about": {"type": "banana"}}]}}']
)
def test_an_answer_that_is_none_only_further_on_is_told(row: str) -> None:
    body = f'{{"head": {{"vars": ["about", "value"]}}, "results": {{"bindings": [{row}'
    with (
        hostile(lambda each: each.say(body.encode())) as server,
        pytest.raises(EndpointError, match="answers what is no SPARQL result"),
    ):
        read_held(Endpoint(server.address))


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
