"""Who issued a page, as far as its signature tells."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.errors import NotInstalledError
from monazite.pages.brief import signature
from monazite.pages.brief.seal import OpenedPage
from monazite.signatures import fingerprint, key_of
from monazite.triples.canonical import canonical_nquads


@dataclass(frozen=True)
class Issuer:
    """What the signature of a page tells.

    Attributes:
        fits: whether nothing speaks against who issued it; an unsigned page is well if nobody
            asked for a signer.
    """

    fits: bool
    fingerprint: str = ""
    sentences: tuple[str, ...] = ()


def find_issuer(opened: OpenedPage, expected: bytes | None, name: str) -> Issuer:
    """Tell who signed a page."""
    named = opened.record.get("signer")
    if opened.signature is None:
        return _unsigned(named, expected)
    key = key_of(named)
    if key is None:
        return Issuer(False, "", ("The page carries a signature, but not the key that signed.",))
    told = fingerprint(key)
    rows = canonical_nquads(opened.trig, file=name)
    try:
        fits = signature.fits(opened.signature, key, opened.blank, rows)
    except NotInstalledError as error:
        if expected is not None:
            raise
        said = f"It names a signer ({told}), whose signature was not checked. {error}"
        return Issuer(True, told, (said,))
    if not fits:
        said = (
            f"The signature does not fit: the key {told} has signed another page, or this one was "
            "altered afterwards."
        )
        return Issuer(False, told, (said,))
    if expected is None:
        said = f"Signed by the key {told}; to know whose that is, name the key you trust: --signer."
        return Issuer(True, told, (said,))
    if expected != key:
        other = fingerprint(expected)
        said = f"Signed by another than was named: by the key {told}, and --signer names {other}."
        return Issuer(False, told, (said,))
    return Issuer(True, told, (f"Issued by the signer that was named: {told}.",))


def _unsigned(named: object, expected: bytes | None) -> Issuer:
    if named is not None:
        return Issuer(False, "", ("The page names a signer, but its signature was taken out.",))
    if expected is not None:
        return Issuer(False, "", ("Nobody has signed the page: who issued it is not known.",))
    return Issuer(True)
