"""A brief that can be checked: two inert blocks in its page, rows as TriG and record as JSON.

The seal, a SHA-256 of the page with seal and signature blank, tells accidents only.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from monazite.core import signatures
from monazite.core.errors import NotInstalledError, UnreadableError
from monazite.core.formats import escape_hidden, grouped
from monazite.core.results import Struct
from monazite.core.signatures import LENGTH, fingerprint, key_of
from monazite.store.quads import canonical_nquads

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_CONTEXT = b"monazite briefing 1\n"  # stands before what is signed


def sign(key: Ed25519PrivateKey, page: str, rows: bytes) -> str:
    """Sign a page; the same page and key give the same signature."""
    return signatures.sign(key, _message(page, rows))


def signature_fits(signature: str, signer: bytes, page: str, rows: bytes) -> bool:
    """Whether a key has signed a page."""
    return signatures.fits(signature, signer, _message(page, rows))


def _message(page: str, rows: bytes) -> bytes:
    text = page.encode("utf-8", "surrogatepass")
    return _CONTEXT + sha256(text).digest() + sha256(rows).digest()


MAX_BYTES = 30_000_000  # Bytes of a page that is checked
HTML = "html"  # The kind of file that is a page
FORMAT = 3  # Of the record that is written: it holds what the page was made with, and who signed it
_ROWS, _RECORD = "monazite-rows", "monazite-record"
_OPEN = {
    _ROWS: f'<script type="application/trig" id="{_ROWS}">\n',
    _RECORD: f'<script type="application/json" id="{_RECORD}">\n',
}
_CLOSE = "\n</script>\n"
_BLANK_SEAL, _BLANK_SIGNATURE = "0" * 64, "A" * LENGTH
_SEAL = '<meta name="monazite-seal" content="{}">\n'
_SIGNATURE = '<meta name="monazite-signature" content="{}">\n'
_END = re.compile(
    _SEAL.format("([0-9a-f]{64})")
    + "(?:"
    + _SIGNATURE.format(f"([A-Za-z0-9+/=]{{{LENGTH}}})")
    + ")?"
)
_NO_BRIEF = "holds no briefing that can be checked"
TAKE = "take what monazite brief, explore, exposure, scenario or info --format has written"


class OpenedPage(Struct):
    """What a page carries."""

    record: dict[str, Any]  # question, view, version, what it was made with, and what the page says
    trig: str
    fits: bool
    page: str  # the page without blocks, seal and signature: what a reader sees
    blank: str  # the whole page, the places of seal and signature blank
    signature: str | None
    kind: str = HTML


def blank_page(page: str, record: dict[str, object], trig: str, *, signed: bool = False) -> str:
    """Put the blocks into a page, and leave the places of seal and signature blank."""
    written = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    written = escape_hidden(written)
    held = {
        _ROWS: trig.replace("</", "\\u003C/").replace("<!", "\\u003C!"),
        _RECORD: written.replace("<", "\\u003c"),
    }
    blocks = "".join(f"{_OPEN[name]}{text}{_CLOSE}" for name, text in held.items())
    blocks += _SEAL.format(_BLANK_SEAL)
    blocks += _SIGNATURE.format(_BLANK_SIGNATURE) if signed else ""
    place = _place(page)
    return f"{page[:place]}{blocks}{page[place:]}"


def _place(page: str) -> int:
    end = page.rfind("</body>")
    return len(page) if end < 0 else end


def seal_page(
    page: str, record: dict[str, object], trig: str, key: Ed25519PrivateKey | None = None
) -> str:
    """Put the blocks and the seal into a page, and sign it."""
    if key is not None:
        record = {**record, "signer": key.public_key().public_bytes_raw().hex()}
    blank = blank_page(page, record, trig, signed=key is not None)
    whole = _filled(blank, _SEAL, _BLANK_SEAL, _digest(blank))
    if key is None:
        return whole
    signed = sign(key, blank, canonical_nquads(trig))
    return _filled(whole, _SIGNATURE, _BLANK_SIGNATURE, signed)


def _filled(page: str, place: str, blank: str, text: str) -> str:
    head, _, tail = page.rpartition(place.format(blank))
    return f"{head}{place.format(text)}{tail}"


def open_page(text: str, name: str) -> OpenedPage:
    """Read what a page carries."""
    if len(text) > MAX_BYTES:
        raise UnreadableError(
            f"{name} is larger than a briefing can be ({grouped(MAX_BYTES)} characters)."
        )
    plain = text.replace("\r\n", "\n")
    start, rest = _split(plain, _OPEN[_ROWS], name)
    trig, rest = _block(rest, _ROWS, name)
    if not rest.startswith(_OPEN[_RECORD]):
        raise UnreadableError(f"{name} {_NO_BRIEF}: its block {_RECORD} is not there once.")
    record, rest = _block(rest.removeprefix(_OPEN[_RECORD]), _RECORD, name)
    end = _END.match(rest)
    if end is None:
        raise UnreadableError(f"{name} {_NO_BRIEF}; {TAKE}.")
    tail = rest[end.end() :]
    if _place(start + tail) != len(start):
        raise UnreadableError(
            f"{name} carries its records where no briefing does: it was altered after it was "
            "written."
        )
    blank = plain[: len(plain) - len(rest)] + _SEAL.format(_BLANK_SEAL)
    blank += _SIGNATURE.format(_BLANK_SIGNATURE) if end[2] else ""
    blank += tail
    return OpenedPage(
        record=_record(record, name),
        trig=trig,
        fits=_digest(blank) == end[1],
        page=start + tail,
        blank=blank,
        signature=end[2],
    )


def _record(text: str, name: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name} carries a record that is no JSON: it was altered.") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise UnreadableError(f"{name} carries a record of a kind that this version cannot read.")
    return read


def _split(text: str, opening: str, file: str) -> tuple[str, str]:
    parts = text.split(opening)
    if len(parts) != 2:
        raise UnreadableError(f"{file} {_NO_BRIEF}; {TAKE}.")
    return parts[0], parts[1]


def _block(text: str, name: str, file: str) -> tuple[str, str]:
    """The content of a block, and what follows it; a browser must see the same end of it."""
    content, close, rest = text.partition(_CLOSE)
    if not close:
        raise UnreadableError(f"{file} {_NO_BRIEF}: its block {name} is not there once.")
    if "</" in content or "<!" in content:
        raise UnreadableError(
            f"{file} carries a block {name} that ends where no block of a briefing does: "
            "it was altered."
        )
    return content, rest


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Issuer(Struct):
    """What the signature of a page tells."""

    fits: bool
    fingerprint: str = ""
    sentences: tuple[str, ...] = ()


def find_issuer(opened: OpenedPage, expected: bytes | None, name: str) -> Issuer:
    """Tell who signed a page."""
    named = opened.record.get("signer")
    if opened.signature is None and named is not None:
        return Issuer(False, "", ("The page names a signer, but its signature was taken out.",))
    if opened.signature is None:
        unknown = "Nobody has signed the page: who issued it is not known."
        return Issuer(True) if expected is None else Issuer(False, "", (unknown,))
    key = key_of(named)
    if key is None:
        return Issuer(False, "", ("The page carries a signature, but not the key that signed.",))
    told = fingerprint(key)
    rows = canonical_nquads(opened.trig, file=name)
    try:
        fits = signature_fits(opened.signature, key, opened.blank, rows)
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
