"""Fetching: on loopback alone, with a certificate made here, and to no other host."""

from __future__ import annotations

import datetime
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from monazite.errors import UnknownNameError, UnreadableError
from monazite.imports import fetching
from monazite.imports.fetching import address_of, fetch
from monazite.rows.foreign_files import read_kinds


class Answers(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    def do_GET(self) -> None:
        if self.path.startswith("/away"):
            self._send(302, b"", Location="https://192.0.2.1/x.csv")
        elif self.path.startswith("/plain"):
            self._send(302, b"", Location=f"http://{self.headers['Host']}/good.csv")
        elif self.path.startswith("/here"):
            self._send(302, b"", Location="/good.csv")
        elif self.path.startswith("/short"):
            self._send(200, b"half", length=9)
        elif self.path.startswith("/none"):
            self._send(404, b"")
        else:
            self._send(200, b"code,year\n")

    def _send(self, code: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of this machine alone, and its key."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    held = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "c.pem").write_bytes(held.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "k.pem").write_bytes(private)
    return folder / "c.pem", folder / "k.pem"


@pytest.fixture(scope="module")
def host(certificate: tuple[Path, Path]) -> Iterator[str]:
    """A server on loopback, as host and port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_a_file_is_fetched_whole(tmp_path: Path, host: str, trusted: ssl.SSLContext) -> None:
    for path, name in {
        "good.csv": "good.csv",
        "here": "here",
        "get?name=..%2FM_1.csv": "M_1.csv",
    }.items():
        place = fetch(f"https://{host}/{path}", tmp_path, trusted)
        assert place == tmp_path / name
        assert place.read_bytes() == b"code,year\n"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("away", r"it sends on to https://192\.0\.2\.1"),
        ("plain", r"it sends on to http://127\.0\.0\.1"),
        ("none", "the other end says 404"),
        ("short", "was not fetched"),
        ("much.csv", "more than 0 MB"),
    ],
)
def test_what_is_not_fetched(
    tmp_path: Path,
    host: str,
    trusted: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    told: str,
) -> None:
    if path == "much.csv":
        monkeypatch.setattr(fetching, "MOST_BYTES", 5)
    with pytest.raises(UnreadableError, match=told):
        fetch(f"https://{host}/{path}", tmp_path, trusted)


@pytest.mark.usefixtures("trusted")
def test_an_unknown_certificate_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(UnreadableError, match=r"(?i)certificate"):
        fetch(f"https://{host}/good.csv", tmp_path)


def test_addresses() -> None:
    wgi, census = read_kinds()["wgi"], read_kinds()["us-census"]
    assert address_of(wgi, None) == wgi.address
    asked = "https://api.worldbank.org/v2/x?a=1"
    assert address_of(wgi, asked) == asked
    for named in (
        "http://api.worldbank.org/x",
        "https://api.worldbank.org.example.org/x",
        "https://user@api.worldbank.org/x",
        "https://api.worldbank.org:8443/x",
        "file:///etc/passwd",
        "https://[",
        "https://api.worldbank.org/a\nb",
        "wgi.csv",
    ):
        with pytest.raises(UnknownNameError):
            address_of(wgi, named)
    with pytest.raises(UnknownNameError, match="us-census is not fetched: a key of your own"):
        address_of(census, None)
    local = replace(wgi, hosts=("127.0.0.1:1",))
    assert address_of(local, "https://127.0.0.1:1/x")
