"""An endpoint that does harm, or none: a sentence each, in time, and nothing is sent elsewhere."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from base64 import b64encode
from pathlib import Path

import pytest

from monazite.core.errors import EndpointError, NotInstalledError
from monazite.store.remote import endpoint as module
from monazite.store.remote.endpoint import Credentials, Endpoint, read_credentials
from tests.store.remote.servers import (
    JSON,
    Answer,
    Handler,
    HostileServer,
    drip,
    free_port,
    hostile,
    results,
    sleep_first,
)

pytestmark = pytest.mark.usefixtures("anonymous")
ASK = "SELECT ?s { ?s ?p ?o }"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))


def refusal(server: HostileServer) -> str:
    with pytest.raises(EndpointError) as told:
        Endpoint(server.address).query(ASK)
    assert server.address in str(told.value)
    return str(told.value)


def test_an_answer_is_what_was_sent() -> None:
    with hostile(lambda each: each.say(results({"s": "a"}), Server="Mine/1")) as server:
        endpoint = Endpoint(server.address)
        assert endpoint.query(ASK) == results({"s": "a"})
        assert endpoint.server.endswith("Mine/1")
        assert server.got[0].query == ASK
        assert server.got[0].headers["Accept"] == JSON


def test_an_endpoint_that_is_down_is_told_so() -> None:
    with pytest.raises(EndpointError, match="cannot be reached: Connection refused; see that"):
        Endpoint(f"http://127.0.0.1:{free_port()}/sparql").query(ASK)


def test_an_endpoint_that_is_slow_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONAZITE_ENDPOINT_TIMEOUT", "0.3")
    for answer in (sleep_first(1.0), drip):
        with hostile(answer) as server:
            assert "took longer than 0.3 seconds" in refusal(server)


@pytest.mark.parametrize("said", ["soon", "-1", "0", "nan", "inf"])
def test_a_time_that_is_none_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONAZITE_ENDPOINT_TIMEOUT", said)
    with pytest.raises(EndpointError, match="no number of seconds"):
        Endpoint("http://127.0.0.1:1/sparql").query(ASK)


def test_a_truncated_answer_is_asked_again_and_then_refused() -> None:
    def cut(handler: Handler) -> None:
        handler.say(results({"s": "a"})[:-9])

    with hostile(cut) as server:
        assert "broke off in the middle of its answer" in refusal(server)
        assert len(server.got) == 3


def test_a_server_that_is_busy_is_asked_again() -> None:
    def busy(handler: Handler) -> None:
        if len(handler.server.got) < 3:
            handler.say(b"later", 503, "text/plain", Retry_After="0")
        else:
            handler.say(results())

    with hostile(busy) as server:
        assert Endpoint(server.address).query(ASK) == results()


def test_an_update_is_sent_once() -> None:
    with hostile(lambda each: each.say(b"later", 503, "text/plain")) as server:
        with pytest.raises(EndpointError, match=r"busy \(503\)"):
            Endpoint(server.address).update("INSERT DATA {}", server.address)
        assert len(server.got) == 1


def test_a_fault_of_the_server_is_one_line() -> None:
    said = b"Virtuoso 37000 Error\n\n\x1b[2JSPARQL query:\n" + b"x" * 9_000
    with hostile(lambda each: each.say(said, 400, "text/plain")) as server:
        told = refusal(server)
    assert "refuses what it was sent (400: Virtuoso 37000 Error" in told
    assert "\n" not in told
    assert "\x1b" not in told
    assert len(told) < 500


@pytest.mark.parametrize(
    ("status", "kind", "body", "said"),
    [
        (200, "text/html", b"<html>Log in</html>", "answers with a web page (200)"),
        (200, "text/csv\x1b[31m", b"a,b\r\n", "answers with text/csv"),
        (404, "application/json", b'{"detail":"Not Found"}', "is no SPARQL endpoint (404); name"),
        (405, "text/html", b"<html>No</html>", "is no SPARQL endpoint (405); name"),
        (400, "text/plain", b'{"error":"q"}', "refuses what it was sent (400); name"),
        (500, "text/html", b"<html>Oops</html>", "failed (500); its log says why."),
        (500, "text/plain", b"disk is full", "failed (500: disk is full); its log says why."),
    ],
)
def test_another_answer_is_a_sentence_and_no_text_of_a_server(
    status: int, kind: str, body: bytes, said: str
) -> None:
    with hostile(lambda each: each.say(body, status, kind)) as server:
        told = refusal(server)
    assert said in told
    assert not {"{", "<", "\x1b", "\n"} & set(told)


def test_a_redirect_is_not_followed() -> None:
    with hostile(lambda each: each.say(results())) as other:

        def elsewhere(handler: Handler) -> None:
            handler.say(b"", 307, "text/plain", Location=other.address)

        with hostile(elsewhere) as server:
            assert f"sends on to {other.address}" in refusal(server)
        assert not other.got


def test_a_broken_packing_is_told() -> None:
    with hostile(lambda each: each.say(b"no gzip", Content_Encoding="gzip")) as server:
        assert "packed its answer wrongly" in refusal(server)


def test_wrong_credentials_are_told_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONAZITE_ENDPOINT_USER", "dba")
    monkeypatch.setenv("MONAZITE_ENDPOINT_PASSWORD", "sesame-1")

    def deny(handler: Handler) -> None:
        handler.say(b"no sesame-1", 401, "text/plain", WWW_Authenticate='Basic realm="a"')

    with hostile(deny) as server:
        told = refusal(server)
        assert len(server.got) == 2
    assert "refuses this name and password (401); correct MONAZITE_ENDPOINT_USER and " in told
    assert "sesame" not in told
    assert "dba" not in told


@pytest.mark.parametrize(
    ("token", "status", "sentence"),
    [
        ("", 401, "does not let you (401); set MONAZITE_ENDPOINT_USER and "),
        ("", 403, "does not let you (403); set MONAZITE_ENDPOINT_USER and "),
        ("opens-1", 401, "refuses this token (401); correct MONAZITE_ENDPOINT_TOKEN."),
        ("opens-1", 403, "grants this token no such right (403); ask who runs it for the right."),
    ],
)
def test_who_is_not_let_in_is_told_whether_it_was_for_what_was_sent(
    token: str, status: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_ENDPOINT_TOKEN", token)

    def deny(handler: Handler) -> None:
        known = "Authorization" in handler.headers
        handler.say(b"no", status if known or not token else 401, WWW_Authenticate="Bearer")

    with hostile(deny) as server:
        told = refusal(server)
    assert sentence in told
    assert "opens-1" not in told


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://a/b", "a", "", "http://", "http://a b/", "http://a/\n", "http://ä/", "file:///x"),
        *("http://a:99999/", "http://[::1", "http://a/#b", "http://a/" + "b" * 9_000),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(EndpointError, match="is no address of an endpoint") as told:
        Endpoint(address)
    assert "\n" not in str(told.value)


def test_an_address_names_nobody() -> None:
    with pytest.raises(EndpointError, match="An address names nobody") as told:
        Endpoint("https://dba:sesame@example.org/sparql")
    assert "sesame" not in str(told.value)


def test_no_proxy_has_a_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    with hostile(lambda each: each.say(results())) as server:
        assert Endpoint(server.address).query(ASK) == results()


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a"
    files = ["-keyout", "key.pem", "-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", *words.split(), *files], cwd=tmp_path, check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = HostileServer(lambda each: each.say(results()))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        address = server.address.replace("http:", "https:")
        with pytest.raises(EndpointError, match=r"cannot be reached: .*certificate"):
            Endpoint(address).query(ASK)
        assert not server.got
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert Endpoint(address).query(ASK) == results()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_without_the_extra_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'monazite\[remote\]'"):
        Endpoint("http://127.0.0.1:1/sparql").query(ASK)


def give(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"MONAZITE_ENDPOINT_{name}", value)


def challenge(scheme: str) -> Answer:
    def answer(handler: Handler) -> None:
        if handler.headers["Authorization"]:
            handler.say(results())
        else:
            handler.say(b"who?", 401, "text/plain", WWW_Authenticate=scheme)

    return answer


def sent(scheme: str, times: int = 1) -> list[str | None]:
    """What a server gets that asks for a scheme."""
    with hostile(challenge(scheme)) as server:
        endpoint = Endpoint(server.address)
        for _ in range(times):
            endpoint.query(ASK)
        return [each.headers["Authorization"] for each in server.got]


def test_what_is_given_goes_to_who_asks_and_then_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="ses:äme")
    basic = f"Basic {b64encode('dba:ses:äme'.encode()).decode()}"
    assert sent('Basic realm="a"', times=2) == [None, basic, basic]
    give(monkeypatch, USER="", PASSWORD="", TOKEN="abc.def")
    assert sent("Bearer") == [None, "Bearer abc.def"]


def test_a_digest_sends_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="sesame")
    first, *later = sent('Digest realm="a", qop="auth", nonce="00", algorithm=MD5', times=2)
    assert first is None
    assert len(later) == 2
    for each in later:
        assert each is not None
        assert each.startswith('Digest username="dba"')
        assert "sesame" not in each


def test_a_password_does_not_travel_open() -> None:
    import httpx

    from monazite.store.remote.endpoint import challenged_auth

    for scheme in ("http", "https"):
        flow = challenged_auth(Credentials("dba", "sesame")).auth_flow(
            httpx.Request("GET", f"{scheme}://example.org/sparql")
        )
        next(flow)
        asks = httpx.Response(401, headers={"www-authenticate": 'Basic realm="a"'})
        if scheme == "https":
            assert flow.send(asks).headers["Authorization"].startswith("Basic ")
        else:
            with pytest.raises(EndpointError, match="write its address with https://") as told:
                flow.send(asks)
            assert "sesame" not in str(told.value)


def test_credentials_print_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="sesame")
    assert repr(read_credentials()) == "Credentials()"


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"USER": "a", "TOKEN": "b"}, "both set"),
        ({"TOKEN": "a\nb"}, "holds what no token can"),
        ({"TOKEN": "ä"}, "holds what no token can"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    given: dict[str, str], match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch, **given)
    with pytest.raises(EndpointError, match=match):
        read_credentials()
