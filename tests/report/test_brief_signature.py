"""Who issued a page: keys, signatures and what they tell; a false one is never taken for a true."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from monazite.core.errors import NotInstalledError, UnreadableError
from monazite.core.signatures import fingerprint, read_signer, read_signing_key
from monazite.report.brief.seal import OpenedPage, find_issuer, open_page, seal_page
from monazite.store.quads import canonical_nquads
from tests.report.sealed import RECORD, TRIG, page_of, sealed

KEY = ed25519.Ed25519PrivateKey.from_private_bytes(b"monazite" * 4)

OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(b"cerianit" * 4)


def private(key: object, lock: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(  # type: ignore[attr-defined, no-any-return]
        Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption()
    )


def public(key: object) -> bytes:
    return key.public_key().public_bytes(  # type: ignore[attr-defined, no-any-return]
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


def raw(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def signed() -> str:
    return seal_page(page_of(), RECORD, TRIG, KEY)


def opened(text: str) -> OpenedPage:
    return open_page(text, "page.html")


def test_a_page_tells_who_signed_it_and_is_the_same_each_time() -> None:
    assert signed() == signed()
    page = opened(signed())
    assert page.fits
    mine = fingerprint(raw(KEY))
    found = find_issuer(page, raw(KEY), "page.html")
    assert (found.fits, found.fingerprint) == (True, mine)
    assert found.sentences == (f"Issued by the signer that was named: {mine}.",)
    [said] = find_issuer(page, None, "page.html").sentences
    assert said.startswith(f"Signed by the key {mine}; to know whose that is, ")
    der = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert mine == f"SHA256:{sha256(der).hexdigest()}"


def test_another_signer_or_none_is_told() -> None:
    found = find_issuer(opened(signed()), raw(OTHER), "page.html")
    assert not found.fits
    assert "Signed by another than was named" in found.sentences[0]
    found = find_issuer(opened(sealed()), raw(KEY), "page.html")
    assert not found.fits
    assert "Nobody has signed the page" in found.sentences[0]
    assert find_issuer(opened(sealed()), None, "page.html").fits


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("69 %", "96 %"),
        ('"3 ', '"4 '),
        ('"tables":"aaa', '"tables":"bbb'),
        (raw(KEY).hex(), raw(OTHER).hex()),
        (raw(KEY).hex(), "00" * 32),
    ],
)
def test_whatever_is_altered_breaks_the_signature(old: str, new: str) -> None:
    text = signed()
    assert old in text
    for expected in (None, raw(KEY)):
        found = find_issuer(opened(text.replace(old, new)), expected, "page.html")
        assert not found.fits
        assert "The signature does not fit" in found.sentences[0]


def test_a_signature_that_is_taken_out_or_has_no_key_is_told() -> None:
    text = signed()
    start = text.index('<meta name="monazite-signature"')
    without = text[:start] + text[text.index("\n", start) + 1 :]
    found = find_issuer(opened(without), None, "page.html")
    assert not found.fits
    assert "its signature was taken out" in found.sentences[0]
    for named in ('"x"', "7", "null", f'"{raw(KEY).hex()}00"'):
        page = text.replace(f'"signer":"{raw(KEY).hex()}"', f'"signer":{named}')
        found = find_issuer(opened(page), None, "page.html")
        assert not found.fits
        assert "not the key that signed" in found.sentences[0]


def test_rows_are_signed_in_canonical_form() -> None:
    one = "@prefix a: <urn:> . a:g { a:s a:p 2 , 'x'@en , 1 }"
    lines = [
        '<urn:s> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g> .',
        '<urn:s> <urn:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g> .',
        '<urn:s> <urn:p> "x"@en <urn:g> .',
    ]
    assert canonical_nquads(one).decode() == "".join(f"{line}\n" for line in lines)
    assert canonical_nquads(one.replace("2 , 'x'@en , 1", "1 , 2 , 'x'@en")) == canonical_nquads(
        one
    )


@pytest.mark.parametrize(
    "trig", ["_:a <urn:p> _:b .", "<urn:a> <urn:p> [] .", "<< _:a <a:b> 1 >> <a:b> 1 ."]
)
def test_rows_that_may_take_for_ever_are_refused(trig: str) -> None:
    with pytest.raises(UnreadableError, match="blank nodes"):
        canonical_nquads(trig)


def test_what_is_no_trig_is_refused() -> None:
    with pytest.raises(UnreadableError, match="no TriG"):
        canonical_nquads("<urn:a")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no private key"),
        (b"\x00\xff" * 40, "is no private key"),
        (private(KEY)[:60], "is no private key"),
        (public(KEY), "is a public key; --sign takes the private one"),
        (private(KEY, BestAvailableEncryption(b"a")), "locked by a password"),
        (private(ec.generate_private_key(ec.SECP256R1())), "of another kind than Ed25519"),
        (private(rsa.generate_private_key(65537, 2048)), "of another kind than Ed25519"),
        (private(KEY) + private(OTHER), "holds 2 keys or certificates; put the one"),
        (private(KEY) + public(KEY), "holds 2 keys or certificates; put the one"),
        (b"a" * 20_000, "larger than a key"),
    ],
)
def test_what_cannot_sign_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "KEY.pem"
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match=said) as error:
        read_signing_key(file)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no public key"),
        (private(KEY), "is a private key, which stays with its owner"),
        (public(KEY) + public(OTHER), "holds 2 keys or certificates; put the one"),
        (public(ec.generate_private_key(ec.SECP256R1())), "of another kind than Ed25519"),
    ],
)
def test_what_is_no_signer_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "KEY.pub"
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        read_signer(file)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_signer(tmp_path / "none.pub")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("read", [read_signing_key, read_signer])
def test_a_key_is_a_plain_file(read: Callable[[Path], object], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place, kind in ((tmp_path / "pipe", "a pipe"), (Path("/dev/zero"), "a device")):
        with pytest.raises(UnreadableError, match=f"cannot be read: it is {kind} and no file"):
            read(place)


def test_keys_in_pem_are_read(tmp_path: Path) -> None:
    (tmp_path / "KEY.pem").write_bytes(private(KEY))
    (tmp_path / "KEY.pub").write_bytes(public(KEY))
    assert read_signing_key(tmp_path / "KEY.pem").private_bytes_raw() == KEY.private_bytes_raw()
    assert read_signer(tmp_path / "KEY.pub") == raw(KEY)


def test_without_the_extra_the_sentence_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = opened(signed())
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    for ask in (read_signing_key, read_signer):
        with pytest.raises(NotInstalledError, match=r"pip install 'monazite\[sign\]'"):
            ask(tmp_path / "KEY.pem")
    found = find_issuer(page, None, "page.html")
    assert found.fits
    assert "whose signature was not checked" in found.sentences[0]
    with pytest.raises(NotInstalledError):
        find_issuer(page, raw(KEY), "page.html")
