"""Who issued a page: its signature by Ed25519, over the page and the canonical form of its rows."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from monazite import signatures

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_CONTEXT = b"monazite briefing 1\n"
"""Stands before what is signed, so that a signature of something else is none of a page."""


def sign(key: Ed25519PrivateKey, page: str, rows: bytes) -> str:
    """Sign a page; the same page and key give the same signature."""
    return signatures.sign(key, _message(page, rows))


def fits(signature: str, signer: bytes, page: str, rows: bytes) -> bool:
    """Whether a key has signed a page."""
    return signatures.fits(signature, signer, _message(page, rows))


def _message(page: str, rows: bytes) -> bytes:
    text = page.encode("utf-8", "surrogatepass")
    return _CONTEXT + sha256(text).digest() + sha256(rows).digest()
