"""Guards: connections, names, long requests, tricks with paths, media types, health and metrics."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from monazite.server import server
from monazite.server.answers import negotiate
from monazite.server.settings import Settings
from tests.server.conftest import Served, serving, wait_until

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def hasty(on_a_cut: Callable[..., Settings]) -> Iterator[Served]:
    """A server with little patience."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PATIENCE", 0.6)
        patch.setattr(server, "STEP", 0.1)
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


def test_who_takes_nothing_is_cut_off(hasty: Served) -> None:
    """An answer of megabytes that nobody reads is not kept for ever."""
    query = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d a mz:Country } LIMIT 40000"
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


def test_who_waits_for_a_long_answer_is_not_cut_off(hasty: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(STR(?a) < STR(?d)) }"
    answer = hasty.ask(f"{query} # slow")
    assert answer.status_code in {200, 500}
    assert answer.elapsed.total_seconds() > server.PATIENCE


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


def raw(served: Served, request: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back before the server closes."""
    with closing(socket.create_connection(served.place, timeout=30)) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def get(path: str, *headers: str, host: str = "localhost") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer[:100]
    return int(answer[9:12])


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.", "", "localhost:80:80", "[::1", "0"],
)
def test_a_name_that_was_bound_to_this_machine_is_refused(host: str, small: Served) -> None:
    answer = raw(small, get("/health", host=host))
    assert status(answer) == 421
    assert b"the server's option" in answer
    assert b'\\"allow-host\\" adds one.' in answer


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_has_several_names(host: str, small: Served) -> None:
    assert status(raw(small, get("/health", host=host))) == 200


def test_a_request_for_two_names_or_none_is_refused(small: Served) -> None:
    assert status(raw(small, get("/health", "Host: evil.example"))) in {400, 421}
    assert status(raw(small, b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n")) in {400, 421}
    assert status(raw(small, b"GET /health HTTP/1.0\r\n\r\n")) == 421


PATHS = (
    *("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "//etc/passwd"),
    *("/questions/../../../etc/passwd", "/questions/..%2f..%2fmonazite.ttl", "/questions/%00"),
    *("/questions/inner%2fnetwork-gaps", "/questions/....//....//etc/passwd", "/.git/config"),
    *("/findings/__class__", "/findings/dataset", "/findings/explore", "/findings/export"),
    *("/findings/..%5c..%5cwindows", "/openapi.json/../../x", "/sparql/", "/HEALTH", "/%c0%ae"),
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(path: str, small: Served) -> None:
    answer = raw(small, get(path))
    assert status(answer) in {400, 404}
    assert b"root:" not in answer
    assert b"Traceback" not in answer


def test_a_folder_on_disk_is_no_day(small: Served) -> None:
    """The verb compares two folders of releases, and none is read for a stranger."""
    answer = small.client.get("/findings/diff", params={"date1": "/tmp", "date2": "/tmp"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith('"/tmp" is not a date')


def test_a_long_body_is_refused_before_it_comes(small: Served) -> None:
    answer = raw(
        small,
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999\r\n"
        b"Content-Type: application/sparql-query\r\n\r\n",
    )
    assert status(answer) == 413
    assert b"65,536 bytes" in answer


def test_who_sends_a_long_body_hears_so(small: Served) -> None:
    """All of it is sent before the answer is read: the connection is not cut meanwhile."""
    piece = b"80000\r\n" + b" " * (1 << 19) + b"\r\n"
    head = get("/sparql", "Transfer-Encoding: chunked", "Content-Type: application/sparql-query")
    answer = raw(small, head.replace(b"GET", b"POST", 1) + piece + b"0\r\n\r\n")
    assert status(answer) == 413
    assert b"; shorten it." in answer


def test_a_request_that_says_its_length_twice_is_refused_and_nothing_follows(small: Served) -> None:
    """What follows would be another request to a proxy that takes the other length."""
    lengths = ("Content-Length: 60", "Transfer-Encoding: chunked")
    head = get("/sparql", *lengths, "Content-Type: application/sparql-query")
    first = head.replace(b"GET", b"POST", 1).replace(b"Connection: close\r\n", b"")
    answer = raw(small, first + b"0\r\n\r\n" + get("/health"))
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_does_not_come_is_not_waited_for(small: Served) -> None:
    answer = raw(
        small,
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        b"Content-Type: application/sparql-query\r\n\r\nASK",
    )
    assert status(answer) == 408
    assert b"within 1 s." in answer


def test_a_long_address_is_refused(small: Served) -> None:
    answer = raw(small, get(f"/sparql?query={'x' * 20_000}"))
    assert status(answer) == 414


def test_many_and_large_headers_are_refused(small: Served) -> None:
    many = [f"X-{number}: y" for number in range(150)]
    assert status(raw(small, get("/health", *many))) == 431
    large = raw(small, get("/health", f"X-Large: {'y' * 100_000}"))
    assert status(large) == 431


def test_what_is_compressed_is_refused(small: Served) -> None:
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    answer = small.client.post("/sparql", content=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/sparql?query=ASK%20%7B%7D", "/metrics"])
def test_browsers_are_told_to_be_careful(path: str, small: Served) -> None:
    headers = small.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


OFFERED = ("application/json", "text/csv", "text/turtle")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle; charset=utf-8", "text/turtle"),
        ("text/csv;q=0.3, text/turtle;q=0.7", "text/turtle"),
        ("text/csv;q=0.300, text/turtle; q=0.3", "text/csv"),  # as offered, where both are alike
        ("text/*;q=0.5, text/csv;q=0", "text/turtle"),  # the most specific range counts
        ("*/*, application/json;q=0", "text/csv"),
        ("image/png, */*;q=0.1", "application/json"),
        ("image/png", None),
        ("application/json;q=0", None),
        ("text/csv;q=soon", "application/json"),  # what cannot be read is left out
        ("text/csv;q=2, text/turtle;q=0.1", "text/turtle"),
        ("nonsense", "application/json"),  # no range at all is as no header
    ],
)
def test_the_best_is_chosen(accept: str, chosen: str | None) -> None:
    assert negotiate(accept, OFFERED) == chosen


@given(st.text())
def test_whatever_a_header_holds(accept: str) -> None:
    assert negotiate(accept, OFFERED) in {*OFFERED, None}


def counts(served: Served) -> dict[tuple[str, frozenset[str]], float]:
    text = served.client.get("/metrics").text
    return {
        (each.name, frozenset(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_requests_are_counted_by_what_answered_them(small: Served) -> None:
    key = ("monazite_requests_total", frozenset({"sparql", "GET", "400"}))
    other = ("monazite_requests_total", frozenset({"none", "other", "404"}))
    before = counts(small)
    small.client.get("/sparql?query=nonsense")
    small.client.request("BREW", "/coffee/1")
    small.client.request("BREW", "/coffee/2")
    after = counts(small)
    assert after[key] == before.get(key, 0) + 1
    assert after[other] == before.get(other, 0) + 2  # an address that nobody knows has no name


def test_what_is_done_now_is_told(small: Served) -> None:
    found = counts(small)
    for name in ("monazite_working", "monazite_waiting", "monazite_killed_total"):
        for team in ("quick", "long", "views"):
            assert found[(name, frozenset({team}))] >= 0
    assert found[("monazite_kept_bytes", frozenset())] >= 0
    kept = ("monazite_kept_answers_total", frozenset[str]())
    before = counts(small)[kept]
    for _ in range(2):
        small.ask("ASK { ?s ?p 'counted' }")
    assert counts(small)[kept] == before + 1
