"""Who signed: keys and signatures of Ed25519, of a page.

Keys: ``openssl genpkey -algorithm ed25519 -out KEY.pem``; ``openssl pkey -in KEY.pem -pubout``.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.core.errors import NotInstalledError, UnreadableError
from monazite.core.files import read_bounded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LENGTH = 88  # characters of a signature: 64 bytes in Base64
_MOST = 10_000  # bytes of a file that can be a key
_HEAD = bytes.fromhex("302a300506032b6570032100")  # before a public key in DER (RFC 8410)
_MAKE = "openssl genpkey -algorithm ed25519 -out KEY.pem"


def check_engine() -> None:
    """Refuse to sign or to check where that cannot be done, before any work."""
    try:
        import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
    except ImportError:
        said = "A signature needs the package cryptography: pip install 'monazite[sign]'."
        raise NotInstalledError(said) from None


def read_signing_key(file: Path) -> Ed25519PrivateKey:
    """Read the key that signs."""
    check_engine()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    text = _read(file)
    if b"PUBLIC KEY-----" in text:
        raise UnreadableError(f"{file} is a public key; --sign takes the private one.")
    if b"ENCRYPTED" in text:
        raise UnreadableError(
            f"{file} is locked by a password, which nobody is here to give; unlock a copy: "
            f"openssl pkey -in {file.name} -out unlocked.pem."
        )
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnreadableError(f"{file} is no private key as PEM; make one: {_MAKE}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _other_kind(file)
    return key


def read_signer(file: Path) -> bytes:
    """Read the public key of who should have signed: its 32 bytes."""
    check_engine()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = _read(file)
    if b"PRIVATE KEY-----" in text:
        raise UnreadableError(
            f"{file} is a private key, which stays with its owner; name the public one: "
            f"openssl pkey -in {file.name} -pubout -out KEY.pub."
        )
    try:
        key = load_pem_public_key(text)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        said = f"{file} is no public key as PEM; take one of openssl pkey -in KEY.pem -pubout."
        raise UnreadableError(said) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _other_kind(file)
    return key.public_bytes_raw()


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    """Sign a message; the same message and key give the same signature."""
    return b64encode(key.sign(message)).decode()


def fits(signature: str, signer: bytes, message: bytes) -> bool:
    """Whether a key has signed a message."""
    check_engine()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(signer)
        key.verify(b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_of(text: object) -> bytes | None:
    """Return the 32 bytes of a public key in hexadecimal; None where the text is none."""
    try:
        key = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        return None
    return key if len(key) == 32 else None


def fingerprint(signer: bytes) -> str:
    """Return what tells one public key from another, to be compared by eye or telephone.

    It is the SHA-256 of the key as ``openssl pkey -pubin -in KEY.pub -outform DER`` writes it.
    """
    return f"SHA256:{sha256(_HEAD + signer).hexdigest()}"


def _read(file: Path) -> bytes:
    """The text of one key: which of two signs, nobody could tell."""
    text = read_bounded(file, _MOST, "is larger than a key can be; take a key as PEM.")
    count = text.count(b"-----BEGIN ")
    if count > 1:
        raise UnreadableError(
            f"{file} holds {count} keys or certificates; put the one that is meant into a file of "
            "its own."
        )
    return text


def _other_kind(file: Path) -> UnreadableError:
    return UnreadableError(f"{file} is a key of another kind than Ed25519; make one: {_MAKE}.")
