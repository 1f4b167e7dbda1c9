"""One import: its folder, what is refused, what hostile files come to, and fetching on loopback."""

from __future__ import annotations

import contextlib
import csv
import datetime
import json
import shutil
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.importers import imported
from monazite.data.importers.collected import REPEATED, OwnFolder, key_of, whole_key
from monazite.data.importers.imported import address_of, fetch, import_file, kind_named, recognise
from monazite.data.own_files import kind_of_file, read_kinds
from tests.data.importers.importing import EXAMPLES, example, faults, left, rows, written


def test_what_is_said_of_an_import(tmp_path: Path) -> None:
    found, folder = example("wgi", "wgi-long.csv", tmp_path)
    told = json.loads(found.to_json())
    assert told["tables"] == [{"table": "governance", "rows": 4}, {"table": "sources", "rows": 1}]
    assert (told["kind"], told["folder"], told["licence"]) == ("wgi", str(folder), "CC BY 4.0")
    assert found.headline() == f"wgi: 5 rows in {folder}"
    assert "Left out" in found.to_text("table")
    (source,) = rows(folder, "sources")
    assert source["id"] == found.source
    assert "accessed" not in source, "no clock is read"
    import_file("wgi", EXAMPLES / "wgi-long.csv", folder, accessed="2026-11-27")
    assert rows(folder, "sources")[0]["accessed"] == "2026-11-27"


def test_names_and_places_that_are_none(tmp_path: Path) -> None:
    file = EXAMPLES / "wgi-long.csv"
    with pytest.raises(UnknownNameError, match='did you mean "comtrade"'):
        kind_named("comtrad")
    with pytest.raises(UnknownNameError, match="no edition"):
        import_file("wgi", file, tmp_path / "own", edition="hs2023")
    with pytest.raises(UnknownNameError, match="is not a date"):
        import_file("wgi", file, tmp_path / "own", accessed="yesterday")
    with pytest.raises(UnreadableError, match=r"is a folder: .* looks like a file of"):
        import_file("comtrade", EXAMPLES, tmp_path / "own")
    text = "codeindyr,code,year,indicator,estimate\nx,LUX,2025,ge,1\n"
    other = written(tmp_path, "ge.csv", text)
    with pytest.raises(UnreadableError, match=r"Nothing of .* 1 lines of other indicators"):
        import_file("wgi", other, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_each_kind_has_an_example_that_is_known_by_its_headers() -> None:
    known = {file: kind_of_file(file) for file in EXAMPLES.iterdir() if file.is_file()}
    named = {each.name: file for file, each in known.items() if each is not None}
    assert named.keys() == read_kinds().keys()
    for kind, file in named.items():
        assert f"monazite import {kind} " in recognise(file)
        chosen = read_kinds()[kind]
        assert chosen.licence
        assert chosen.given_on.endswith(".")
        assert chosen.address or chosen.by_hand
        assert chosen.terms.startswith("https://")


def test_hostile_cells_are_texts(tmp_path: Path) -> None:
    name = "=1+1\u202e\x00|é"
    record = {
        "id": "a\u202e;/..",
        "schema": "Person",
        "properties": {"name": [name], "alias": ["@x", "a;b"]},
    }
    import_file("ftm", written(tmp_path, "x.json", json.dumps(record)), tmp_path / "own")
    with (tmp_path / "own" / "persons.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["id"] == "ftm-a-37bae35fe4dc", "with a hash of what no key has"
    assert row["name"].startswith("'=1+1")
    assert "\u202e" not in row["name"]
    assert row["names"] == "'@x;a,b"


@pytest.mark.parametrize("kind", read_kinds())
def test_broken_files_end_in_sentences(tmp_path: Path, kind: str) -> None:
    for file in sorted(EXAMPLES.iterdir()):
        found, content = kind_of_file(file), file.read_bytes()
        if found is None or found.name != kind:
            continue
        for cut in (content[: len(content) // 2], content[::-1][:400], b"\x00" * 9, b""):
            broken = written(tmp_path, f"x{file.suffix}", cut)
            with contextlib.suppress(MonaziteError):  # some halves are good
                import_file(kind, broken, tmp_path / "own", edition="hs2022")


def test_nothing_is_recognised_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="neither a kind of import nor a file"):
        recognise(tmp_path / "none")
    with pytest.raises(UnknownNameError, match="like no source that is read"):
        recognise(written(tmp_path, "x.csv", "a,b\n1,2\n"))


BACI, WGI = EXAMPLES / "BACI_HS22_Y2024_V202601.csv", EXAMPLES / "wgi-long.csv"


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_imports_add_to_a_folder_and_twice_is_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "own"
    import_file("baci", BACI, folder)
    alone = content(folder)
    import_file("wgi", WGI, folder)
    both = content(folder)
    assert both["baci.csv"] == alone["baci.csv"]
    told = {row["via"] for row in rows(folder, "sources")}
    assert told == {"monazite import baci", "monazite import wgi"}
    import_file("baci", BACI, folder)
    import_file("wgi", WGI, folder)
    assert content(folder) == both
    assert [file.name for file in folder.parent.iterdir()] == ["own"], "nothing lies beside it"


@pytest.mark.parametrize("name", ["notes.txt", "prices.csv", "sub"])
def test_folders_of_others_are_left_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    if name == "sub":
        (folder / name).mkdir()
    else:
        (folder / name).write_text("row,material\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="name a folder of its own"):
        import_file("wgi", WGI, folder)
    assert [file.name for file in folder.iterdir()] == [name]
    with pytest.raises(UnreadableError, match="is no folder"):
        import_file("wgi", WGI, WGI)


def test_a_folder_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    import_file("wgi", WGI, folder)
    before = content(folder)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(UnreadableError, match="No space left on device"):
        import_file("baci", BACI, folder)
    assert content(folder) == before
    assert [file.name for file in tmp_path.iterdir()] == ["own"]


def test_rows_of_codes_are_shared(tmp_path: Path) -> None:
    schema = read_schema(ontology_folder())
    folder = OwnFolder(tmp_path / "own", schema)
    for source in ("b", "a"):
        folder.take(
            {
                "codes": {"hs2007-284690": {"system": "hs2007", "source": source}},
                "sources": {source: {"via": "monazite import baci"}},
            },
            source,
        )
    assert folder.rows["codes"]["hs2007-284690"]["source"] == "a;b"
    folder.take({}, "b")
    assert folder.rows["codes"]["hs2007-284690"]["source"] == "a"
    assert [*folder.rows["sources"]] == ["a"]


def test_a_flow_that_another_file_has_is_refused(tmp_path: Path) -> None:
    """A blank line makes another source of the same flows; a value alone may join a weight."""
    text, folder = (EXAMPLES / "comtrade.csv").read_text(encoding="utf-8"), tmp_path / "own"
    import_file("comtrade", written(tmp_path, "one.csv", text), folder)
    before = content(folder)
    with pytest.raises(UnreadableError, match=r"rows of trade stand in .* would count twice"):
        import_file("comtrade", written(tmp_path, "two.csv", text + "\n"), folder)
    assert content(folder) == before
    head = "reporterISO,partnerISO,flowCode,period,classificationCode,cmdCode,netWgt,primaryValue\n"
    weight = "LUX,JPN,M,2024,H6,280530,5,\n"
    for name, line in (("w.csv", weight), ("v.csv", "LUX,JPN,M,2024,H6,280530,,7\n")):
        import_file("comtrade", written(tmp_path, name, head + line), folder)
    with pytest.raises(UnreadableError, match="1 row of trade stands in"):
        import_file("comtrade", written(tmp_path, "x.csv", head + weight + "\n"), folder)


KINDS = {
    "baci": "BACI_HS22_Y2024_V202601.csv",
    "comtrade": "comtrade.csv",
    "comext": "comext.dat",
    "japan-customs": "japan-customs.csv",
    "usgs-mcs": "mcs2023-raree_world.csv",
    "wgi": "wgi-wide.csv",
    "ftm": "entities.ftm.json",
}


def said(folder: Path) -> dict[str, list[str]]:
    """The tables of a folder, less what names the source."""
    names = sorted({*folder.iterdir()} - {folder / "sources.csv"})
    (_, source) = (folder / "sources.csv").read_text(encoding="utf-8").splitlines()
    own = source.partition(",")[0]
    return {
        file.name: file.read_text(encoding="utf-8").replace(own, "").splitlines() for file in names
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_stands_twice_is_taken_once(kind: str, tmp_path: Path) -> None:
    for file in EXAMPLES.glob("*_codes_*.csv"):
        shutil.copy(file, tmp_path)
    once = import_file(kind, EXAMPLES / KINDS[kind], tmp_path / "once", again=True)
    lines = (EXAMPLES / KINDS[kind]).read_text(encoding="utf-8").splitlines(keepends=True)
    below = (
        0 if kind == "ftm" else 1 + next(at for at, line in enumerate(lines) if _is_header(line))
    )
    (tmp_path / KINDS[kind]).write_text("".join(lines + lines[below:]), encoding="utf-8")
    twice = import_file(kind, tmp_path / KINDS[kind], tmp_path / "twice", again=True)
    assert said(tmp_path / "twice") == said(tmp_path / "once")
    assert twice.counts == once.counts
    assert left(twice)[REPEATED] > 0
    assert REPEATED not in left(once)


ALIKE = st.text("aA-. é甲\ud800", max_size=6) | st.text("aA", min_size=78, max_size=83)


@given(ALIKE, ALIKE)
def test_two_ids_are_never_one_key(one: str, other: str) -> None:
    keys = [whole_key(f"ftm-{each}") for each in (one, other)]
    assert (keys[0] == keys[1]) is (one == other)
    assert all(key_of(key) == key and len(key) <= 80 for key in keys)
    assert whole_key("ftm-nk-abc1", "whatever") == "ftm-nk-abc1"


def _is_header(line: str) -> bool:
    """Whether no title stands there: those of the examples have other marks."""
    return line.count(",") > 3 and "invented" not in line.casefold()


class Answers(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    def do_GET(self) -> None:
        here = self.headers["Host"]
        code, body, length, onwards = {
            "/away": (302, b"", 0, "https://192.0.2.1/x.csv"),
            "/plain": (302, b"", 0, f"http://{here}/good.csv"),
            "/here": (302, b"", 0, "/good.csv"),
            "/short": (200, b"half", 9, ""),
            "/none": (404, b"", 0, ""),
        }.get(self.path, (200, b"code,year\n", 10, ""))
        self.send_response(code)
        self.send_header("Content-Length", str(length))
        if onwards:
            self.send_header("Location", onwards)
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
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
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
        monkeypatch.setattr(imported, "MOST_BYTES", 5)
    with pytest.raises(UnreadableError, match=told):
        fetch(f"https://{host}/{path}", tmp_path, trusted)


@pytest.mark.usefixtures("trusted")
def test_an_unknown_certificate_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(UnreadableError, match=r"(?i)certificate"):
        fetch(f"https://{host}/good.csv", tmp_path)


@pytest.mark.parametrize(
    "named",
    [
        "http://api.worldbank.org/x",
        "https://api.worldbank.org.example.org/x",
        "https://user@api.worldbank.org/x",
        "https://api.worldbank.org:8443/x",
        "file:///etc/passwd",
        "https://[",
        "https://api.worldbank.org/a\nb",
        "wgi.csv",
    ],
)
def test_addresses_of_others_are_refused(named: str) -> None:
    with pytest.raises(UnknownNameError):
        address_of(read_kinds()["wgi"], named)


def test_addresses_that_are_fetched() -> None:
    wgi, comtrade = read_kinds()["wgi"], read_kinds()["comtrade"]
    assert address_of(wgi, None) == wgi.address
    asked = "https://api.worldbank.org/v2/x?a=1"
    assert address_of(wgi, asked) == asked
    with pytest.raises(UnknownNameError, match="comtrade is not fetched: a key of your own"):
        address_of(comtrade, None)
    assert address_of(replace(wgi, hosts=("127.0.0.1:1",)), "https://127.0.0.1:1/x")


def test_more_rows_than_are_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monazite.data.importers.collected.ROWS", 3)
    assert "rows would be written" in faults("wgi", EXAMPLES / "wgi-long.csv")[0][1]
