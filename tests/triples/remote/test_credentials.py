"""Credentials: from the environment, as the server asks, and to nobody else."""

from __future__ import annotations

from base64 import b64encode

import pytest

from monazite.errors import EndpointError
from monazite.triples.remote.credentials import Credentials, read_credentials
from monazite.triples.remote.endpoint import Endpoint
from tests.triples.remote.hostile import Answer, Handler, hostile, results

pytestmark = pytest.mark.usefixtures("anonymous")
ASK = "SELECT ?s { ?s ?p ?o }"


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


def test_nothing_is_sent_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="sesame")
    with hostile(lambda each: each.say(results())) as server:
        Endpoint(server.address).query(ASK)
        assert server.got[0].headers["Authorization"] is None


def test_a_password_goes_to_who_asks_and_then_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="ses:äme")
    basic = f"Basic {b64encode('dba:ses:äme'.encode()).decode()}"
    assert sent('Basic realm="a"', times=2) == [None, basic, basic]


def test_a_digest_sends_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, USER="dba", PASSWORD="sesame")
    first, *later = sent('Digest realm="a", qop="auth", nonce="00", algorithm=MD5', times=2)
    assert first is None
    assert len(later) == 2
    for each in later:
        assert each is not None
        assert each.startswith('Digest username="dba"')
        assert "sesame" not in each


def test_a_token_is_a_bearer(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, TOKEN="abc.def")
    assert sent("Bearer") == [None, "Bearer abc.def"]


def test_a_password_does_not_travel_open() -> None:
    import httpx

    from monazite.triples.remote.credentials import ChallengedAuth

    auth = ChallengedAuth(Credentials("dba", "sesame"))
    with pytest.raises(EndpointError, match="write its address with https://") as told:
        auth._plain(httpx.URL("http://example.org/sparql"))
    assert "sesame" not in str(told.value)
    assert auth._plain(httpx.URL("https://example.org/sparql")).startswith("Basic ")


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
