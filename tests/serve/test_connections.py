"""Connections: who sends nothing, or takes nothing, is cut off; who does its part is not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from monazite.serve import connections
from monazite.serve.settings import Settings
from tests.serve.conftest import Served, serving, wait_until


@pytest.fixture(scope="module")
def hasty(on_a_cut: Callable[..., Settings]) -> Iterator[Served]:
    """A server with little patience."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PATIENCE", 0.6)
        patch.setattr(connections, "STEP", 0.1)
        with serving(on_a_cut(seconds=5.0)) as found:
            yield found


def ends(connection: socket.socket) -> bool:
    """Whether the server ends a connection, rather than the test its wait."""
    connection.settimeout(30)
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "sent", [b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: "]
)
def test_a_head_that_does_not_end_is_cut_off(sent: bytes, hasty: Served) -> None:
    with closing(socket.create_connection(hasty.place)) as slow:
        slow.sendall(sent)
        assert ends(slow)


def test_a_second_head_that_does_not_end_is_cut_off(hasty: Served) -> None:
    with closing(socket.create_connection(hasty.place)) as slow:
        slow.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea")
        assert ends(slow)


@pytest.mark.whole
def test_who_takes_nothing_is_cut_off(hasty: Served) -> None:
    """An answer of megabytes that nobody reads is not kept for ever."""
    query = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d a mz:Country } LIMIT 150000"
    with closing(socket.create_connection(hasty.place)) as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        body = query.encode()
        lazy.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query"
            b"\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        whole = hasty.ask(query)
        assert len(whole.content) > 8 << 20
        wait_until(lambda: is_cut(lazy))


def is_cut(connection: socket.socket) -> bool:
    """Whether the other end is gone; what came is not taken to find out."""
    try:
        connection.sendall(b"\r\n")
    except ConnectionError:
        return True
    return False


@pytest.mark.whole
def test_who_waits_for_a_long_answer_is_not_cut_off(hasty: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(STR(?a) < STR(?d)) }"
    answer = hasty.ask(f"{query} # slow")
    assert answer.status_code in {200, 500}
    assert answer.elapsed.total_seconds() > connections.PATIENCE


def test_one_client_does_not_take_all_connections(on_a_cut: Callable[..., Settings]) -> None:
    """Who opens too many is told to come again; it is counted and logged."""
    with serving(on_a_cut(client_connections=3)) as served, ExitStack() as opened:
        for _ in range(2):  # beside the one of the client of the test
            silent = opened.enter_context(closing(socket.create_connection(served.place)))
            silent.sendall(b"GET /hea")
        assert served.client.get("/health").status_code == 200
        refused = opened.enter_context(closing(socket.create_connection(served.place)))
        refused.settimeout(30)
        heard = b""
        while part := refused.recv(1 << 16):
            heard += part
        assert heard.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 5\r\n" in heard
        metrics = served.client.get("/metrics").text
        assert "monazite_refused_connections_total 1.0" in metrics
        log = served.door.settings.log
        assert log is not None
        assert " 127.0.0.1 - - 503 0 0.000" in log.read_text()
