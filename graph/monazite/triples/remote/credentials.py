"""Who asks an endpoint: name and password, or a token, from the environment and nowhere else."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Generator
from dataclasses import dataclass, field

import httpx

from monazite.errors import EndpointError

USER, PASSWORD, TOKEN = (f"MONAZITE_ENDPOINT_{name}" for name in ("USER", "PASSWORD", "TOKEN"))
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Credentials:
    """What the environment says of who asks; nothing of it is ever printed."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def read_credentials() -> Credentials:
    """Read who asks from the environment."""
    found = Credentials(*(os.environ.get(name, "") for name in (USER, PASSWORD, TOKEN)))
    if found.token and found.user:
        raise EndpointError(f"{TOKEN} and {USER} are both set; unset one of them.")
    if not found.token.isascii() or not (found.token or "a").isprintable():
        raise EndpointError(f"{TOKEN} holds what no token can; copy it again.")
    return found


class ChallengedAuth(httpx.Auth):
    """Sends what the server asks for, and nothing before it asks.

    A digest sends no password. A password or token as it is goes over TLS, or to this machine.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._given = credentials
        self._digest: httpx.DigestAuth | None = None
        self._header = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Ask, and ask again as the server wants it."""
        if self._digest is not None:
            yield from self._digest.auth_flow(request)
            return
        if self._header:
            request.headers["Authorization"] = self._header
        response = yield request
        if response.status_code != 401 or self._header:
            return
        schemes = {
            each.strip().partition(" ")[0].lower()
            for each in response.headers.get_list("www-authenticate")
        }
        if self._given.user and "digest" in schemes:
            self._digest = httpx.DigestAuth(self._given.user, self._given.password)
            flow = self._digest.auth_flow(request)
            next(flow)  # the question that was asked already
            yield flow.send(response)
        elif self._given.token or (self._given.user and "basic" in schemes):
            self._header = self._plain(request.url)
            request.headers["Authorization"] = self._header
            yield request

    def _plain(self, url: httpx.URL) -> str:
        if url.scheme != "https" and url.host not in _HERE:
            raise EndpointError(
                f"{url.host} wants a password or token that all could read on the way; "
                "write its address with https://."
            )
        if self._given.token:
            return f"Bearer {self._given.token}"
        pair = f"{self._given.user}:{self._given.password}".encode()
        return f"Basic {b64encode(pair).decode('ascii')}"
