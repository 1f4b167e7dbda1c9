"""The record of a graph in a store elsewhere is parsed and never trusted."""

from __future__ import annotations

from hashlib import sha256

import pytest

from monazite.core.errors import EndpointError
from monazite.store.quads import canonical_lines
from monazite.store.remote.endpoint import Endpoint
from monazite.store.remote.pushing import LOADING, read_held, solutions
from tests.store.remote.servers import hostile, results

pytestmark = pytest.mark.usefixtures("anonymous")


def test_the_last_step_of_loading_counts() -> None:
    steps = [(LOADING, f"ab {count}") for count in (100, 30, 200)]
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
    assert lines == one + b"\n" + other + b"\n"
    # sha256sum of the two lines, as coreutils has it
    told = "2095a67a7f51e91a8d37bdd91b429d3fcc04a3a4e2a867074b5d1e26357d4be4"
    assert sha256(lines).hexdigest() == told
