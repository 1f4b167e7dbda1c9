"""An endpoint asked over HTTP: one address, within limits, by the SPARQL 1.1 Protocol."""

from __future__ import annotations

import os
import re
import ssl
import time
import weakref
from base64 import b64encode
from collections.abc import Generator
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from monazite.core.errors import EndpointError, NotInstalledError
from monazite.core.formats import escaped, exact
from monazite.core.limited_process import outlive_readers
from monazite.core.results import Struct

if TYPE_CHECKING:
    import httpx

USER, PASSWORD, TOKEN = (f"MONAZITE_ENDPOINT_{name}" for name in ("USER", "PASSWORD", "TOKEN"))


class Credentials(Struct):
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


def challenged_auth(given: Credentials) -> httpx.Auth:
    """Return what sends what the server asks for, and nothing before it asks.

    A digest sends no password. A password or token as it is goes over TLS, or to this machine.
    """
    import httpx

    class ChallengedAuth(httpx.Auth):
        """Remembers what a server asked for."""

        digest: httpx.DigestAuth | None = None
        header = ""

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
            """Ask, and ask again as the server wants it."""
            if self.digest is not None:
                yield from self.digest.auth_flow(request)
                return
            if self.header:
                request.headers["Authorization"] = self.header
            response = yield request
            if response.status_code != 401 or self.header:
                return
            schemes = {
                each.strip().partition(" ")[0].lower()
                for each in response.headers.get_list("www-authenticate")
            }
            if given.user and "digest" in schemes:
                self.digest = httpx.DigestAuth(given.user, given.password)
                flow = self.digest.auth_flow(request)
                next(flow)  # the question that was asked already
                yield flow.send(response)
            elif given.token or (given.user and "basic" in schemes):
                self.header = _plain_header(given, request.url)
                request.headers["Authorization"] = self.header
                yield request

    return ChallengedAuth()


def _plain_header(given: Credentials, url: httpx.URL) -> str:
    if url.scheme != "https" and url.host not in {"localhost", "127.0.0.1", "::1"}:
        raise EndpointError(
            f"{url.host} wants a password or token that all could read on the way; "
            "write its address with https://."
        )
    if given.token:
        return f"Bearer {given.token}"
    pair = f"{given.user}:{given.password}".encode()
    return f"Basic {b64encode(pair).decode('ascii')}"


JSON, TURTLE = "application/sparql-results+json", "text/turtle"
_KINDS = {JSON: {JSON, "application/json"}, TURTLE: {TURTLE, "application/x-turtle"}}
TIMEOUT = "MONAZITE_ENDPOINT_TIMEOUT"  # names the seconds that one answer may take
_CONNECT = 10.0  # seconds that a connection may take
_MOST = 1 << 30  # bytes of an answer
_LONGEST = 8_192  # characters of an address
_SAID = 200  # characters of what a server said that are repeated
PAUSES = (0.2, 1.0)  # seconds before a question is asked again; what writes is never sent again
_NOT_HERE = {404, 405, 406, 410, 415}  # of what knows no such address, or takes other things there
_NAME_IT = "name the address where a store takes SPARQL, such as https://HOST/sparql."


def check_address(address: str) -> str:
    """Return the address of an endpoint, if it is one."""
    told = escaped(address[:_SAID]) or "An empty text"
    wrong = EndpointError(f"{told} is no address of an endpoint; write https://HOST/sparql.")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.username is not None or parts.password is not None:
        raise EndpointError(
            f"An address names nobody: put name and password in {USER} and {PASSWORD}."
        )
    plain = address.isascii() and address.isprintable() and " " not in address
    is_web = parts.scheme in {"http", "https"} and parts.hostname and not parts.fragment
    if not is_web or not plain or len(address) > _LONGEST:
        raise wrong
    return address


class Endpoint:
    """A SPARQL 1.1 endpoint; nothing but its addresses is ever called."""

    def __init__(self, address: str, update: str | None = None) -> None:
        self.address = check_address(address)
        self.updates = check_address(update) if update else ""  # empty for that of its kind
        self.server = ""  # what the server says it is; known after the first answer

    @cached_property
    def seconds(self) -> float:
        """Seconds that one answer may take."""
        said = os.environ.get(TIMEOUT, "")
        try:
            seconds = float(said or 120)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= 86_400:
            raise EndpointError(f"{TIMEOUT} is no number of seconds; write 120.")
        return seconds

    @cached_property
    def _client(self) -> httpx.Client:
        outlive_readers()
        try:
            import httpx

        except ImportError:
            raise NotInstalledError(
                "A store elsewhere is asked by httpx, which is not installed: "
                "pip install 'monazite[remote]'."
            ) from None
        if any(each.startswith("https:") for each in (self.address, self.updates)):
            trusted = ssl.create_default_context()  # to read whom the system trusts takes long
        else:
            trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is not needed
        client = httpx.Client(
            auth=challenged_auth(read_credentials()),
            verify=trusted,
            timeout=httpx.Timeout(self.seconds, connect=min(_CONNECT, self.seconds)),
            headers={"User-Agent": "monazite"},
            follow_redirects=False,
            trust_env=False,  # no proxy and no file of passwords has a say
        )
        weakref.finalize(self, client.close)
        return client

    def __getstate__(self) -> dict[str, object]:
        """Leave the connection here: another process opens its own."""
        return {name: held for name, held in self.__dict__.items() if name != "_client"}

    def query(self, text: str, form: str = JSON) -> bytes:
        """Ask a query, and again where the server is busy or broke off."""

        def ask() -> bytes:
            body = self._send(self.address, form, data={"query": text})
            if form == JSON and not body.rstrip().endswith(b"}"):
                raise EndpointError(f"{self._name} broke off in the middle of its answer.", pause=0)
            return body

        for pause in PAUSES:
            try:
                return ask()
            except EndpointError as error:
                if error.pause is None:
                    raise
                time.sleep(min(max(pause, error.pause), 10.0))
        return ask()

    def update(self, text: str, address: str) -> None:
        """Send an update, once: what was sent twice might be done twice."""
        self._send(self.updates or address, content=text.encode(), kind="application/sparql-update")

    def add(self, nquads: bytes, address: str) -> None:
        """Send quads, once."""
        self._send(address, content=nquads, kind="application/n-quads")

    def beside(self, end: str) -> str:
        """Return the address that has another end than that of the queries."""
        parts = urlsplit(self.address)
        path = parts.path.rstrip("/").rpartition("/")[0]
        name, _, asked = end.partition("?")
        return urlunsplit((parts.scheme, parts.netloc, f"{path}/{name}", asked, ""))

    def _send(
        self,
        address: str,
        accept: str = "*/*",
        *,
        data: dict[str, str] | None = None,
        content: bytes | None = None,
        kind: str = "",
    ) -> bytes:
        client = self._client
        import httpx

        headers = {"Accept": accept, **({"Content-Type": kind} if kind else {})}
        ends = time.monotonic() + self.seconds
        found = bytearray()
        try:
            with client.stream(
                "POST", address, data=data, content=content, headers=headers
            ) as response:
                self.server = response.headers.get("server", "")
                for block in response.iter_bytes():
                    found += block
                    if len(found) > _MOST:
                        raise EndpointError(f"{self._name} answers more than {_MOST >> 30} GiB.")
                    if time.monotonic() > ends:
                        raise EndpointError(self._slow())
        except httpx.ConnectError as error:
            raise EndpointError(
                f"{self._name} cannot be reached: {_reason(error)}; see that the address is right "
                "and the server runs.",
                pause=0,
            ) from None
        except httpx.TimeoutException:
            raise EndpointError(self._slow()) from None
        except httpx.DecodingError:
            raise EndpointError(f"{self._name} packed its answer wrongly; ask it again.") from None
        except httpx.HTTPError as error:
            raise EndpointError(f"{self._name} broke off: {_reason(error)}.", pause=0) from None
        self._check(response, bytes(found), accept)
        return bytes(found)

    def _slow(self) -> str:
        return (
            f"{self._name} took longer than {exact(self.seconds)} seconds; "
            f"allow more in {TIMEOUT}, or ask later."
        )

    def _check(self, response: httpx.Response, body: bytes, accept: str) -> None:
        """Refuse an answer that is none."""
        status = response.status_code
        if 300 <= status < 400:
            there = escaped(response.headers.get("location", "nowhere")[:_SAID])
            raise EndpointError(f"{self._name} sends on to {there}; name that, if you trust it.")
        if status in {401, 403}:
            sent = response.request.headers.get("authorization", "")
            raise EndpointError(f"{self._name} {_shut(status, sent)}")
        if status in {429, 502, 503, 504}:
            after = response.headers.get("retry-after", "")
            pause = float(after) if after.isdigit() and len(after) < 5 else 0.0
            raise EndpointError(f"{self._name} is busy ({status}); ask later.", pause=pause)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if status >= 400:
            here = escaped(str(response.request.url))
            raise EndpointError(f"{here} {_refusal(status, kind, body, accept in _KINDS)}")
        if kind == "text/html" and accept in _KINDS:
            raise EndpointError(f"{self._name} answers with a web page ({status}); {_NAME_IT}")
        if kind not in _KINDS.get(accept, {kind}):
            raise EndpointError(
                f"{self._name} answers with {escaped(kind[:_SAID]) or 'something unnamed'} and no "
                f"SPARQL results; {_NAME_IT}"
            )

    @property
    def _name(self) -> str:
        return escaped(self.address)


def _reason(error: Exception) -> str:
    """What the system says, without its numbers."""
    said = re.sub(r"^(\[[^]]*\] *)+| *\(_ssl\.c:\d+\)", "", str(error)[:_SAID])
    return escaped(said).rstrip(".") or type(error).__name__


def _shut(status: int, sent: str) -> str:
    """Say that a store lets nobody in, or not who asks; nothing that was sent is repeated."""
    if not sent:
        fix = f"set {USER} and {PASSWORD}, or {TOKEN}."
        if read_credentials() != Credentials():
            return (
                f"does not let you ({status}), and asks for nothing that is set; ask who runs it."
            )
        return f"does not let you ({status}); {fix}"
    who, named = "name and password", f"{USER} and {PASSWORD}"
    if sent.startswith("Bearer "):
        who, named = "token", TOKEN
    if status == 403:
        return f"grants this {who} no such right ({status}); ask who runs it for the right."
    return f"refuses this {who} ({status}); correct {named}."


def _refusal(status: int, kind: str, body: bytes, asked: bool) -> str:
    """Say what a refusal means; pages and data that came with it are for programs."""
    said = escaped(" ".join(body[: 4 * _SAID].decode("utf-8", "replace").split())[:_SAID])
    words = f": {said}" if kind == "text/plain" and said and said[0] not in "<{[" else ""
    if status >= 500:
        return f"failed ({status}{words}); its log says why."
    if status not in _NOT_HERE:
        then = "its log says more." if words else _NAME_IT
        return f"refuses what it was sent ({status}{words}); {then}"
    if asked:
        return f"is no SPARQL endpoint ({status}); {_NAME_IT}"
    return f"takes no updates ({status}{words}); name another address with --update."
