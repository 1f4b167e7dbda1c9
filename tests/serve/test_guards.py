"""Guards: wrong names, long requests, tricks with paths, and what browsers are told."""

from __future__ import annotations

import socket
from contextlib import closing

import httpx
import pytest

from tests.serve.conftest import Served


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


@pytest.mark.whole
def test_a_long_body_is_refused_while_it_comes(small: Served) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    answer = raw(
        small,
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/sparql-query\r\n\r\n" + chunk * 6,
    )
    assert status(answer) == 413


def test_who_sends_a_long_body_hears_so(small: Served) -> None:
    """All of it is sent before the answer is read: the connection is not cut meanwhile."""
    piece = b"80000\r\n" + b" " * (1 << 19) + b"\r\n"
    head = get("/sparql", "Transfer-Encoding: chunked", "Content-Type: application/sparql-query")
    answer = raw(small, head.replace(b"GET", b"POST", 1) + piece + b"0\r\n\r\n")
    assert status(answer) == 413
    assert b"; shorten it." in answer


def test_a_request_that_says_its_length_twice_is_refused_and_nothing_follows(
    small: Served,
) -> None:
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


def test_no_http_is_refused(small: Served) -> None:
    assert status(raw(small, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")) == 400


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/sparql?query=ASK%20%7B%7D", "/metrics"])
def test_browsers_are_told_to_be_careful(path: str, small: Served) -> None:
    headers = small.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_problem_is_told_as_json(small: Served) -> None:
    answer: httpx.Response = small.client.get("/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }
