"""Fetching a source: one plain request, to a host of the kind alone, and never unasked."""

from __future__ import annotations

import ssl
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from monazite.errors import UnknownNameError, UnreadableError
from monazite.imports.collected import key_of
from monazite.rows.foreign_files import ImportKind
from monazite.safe_text import escaped

MOST_BYTES = 256 << 20
"""Bytes that are fetched."""
_SECONDS = 60
_BLOCK = 1 << 16
_LONGEST = 8_192
"""Characters of an address."""


def address_of(kind: ImportKind, named: str | None) -> str:
    """Return the address that a kind of source is fetched from.

    >>> from monazite.rows.foreign_files import read_kinds
    >>> address_of(read_kinds()["baci"], None)
    Traceback (most recent call last):
    monazite.errors.UnknownNameError: baci is not fetched: it is a ZIP archive ...
    """
    address = named or kind.address
    if not address:
        raise UnknownNameError(f"{kind.name} is not fetched: {kind.by_hand}.")
    told = escaped(address[:_LONGEST])
    try:
        parts = urlsplit(address)
    except ValueError:
        raise UnknownNameError(f"{told} is no address; write it from https:// on.") from None
    if parts.scheme != "https" or not address.isascii() or not address.isprintable():
        raise UnknownNameError(f"{told} is no address that is fetched; write it from https:// on.")
    if len(address) > _LONGEST or " " in address:
        raise UnknownNameError(f"{told} is no address that is fetched: it is too long or broken.")
    if parts.netloc.lower() not in kind.hosts:
        raise UnknownNameError(
            f"{told} is not of {kind.publisher}; {kind.name} is fetched from "
            f"{' or '.join(kind.hosts)} alone."
        )
    return address


def fetch(address: str, folder: Path, context: ssl.SSLContext | None = None) -> Path:
    """Fetch what is at an address into a folder."""
    opener = build_opener(
        HTTPSHandler(context=context or ssl.create_default_context()), _SameHost(address)
    )
    asked = Request(address, headers={"User-Agent": "monazite"})  # noqa: S310 - https alone
    place = folder / _name_of(address)
    try:
        with opener.open(asked, timeout=_SECONDS) as answer, place.open("xb") as out:
            size = 0
            while block := answer.read(_BLOCK):
                size += len(block)
                if size > MOST_BYTES:
                    raise _refused(address, f"it has more than {MOST_BYTES >> 20} MB")
                out.write(block)
            told = answer.headers.get("Content-Length", "")
            if told.isdigit() and int(told) != size:
                raise _refused(address, f"{size:,} of {int(told):,} bytes came")
    except HTTPError as error:
        raise _refused(address, f"the other end says {error.code}") from None
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise _refused(address, str(reason) or type(error).__name__) from None
    return place


def _refused(address: str, reason: str) -> UnreadableError:
    return UnreadableError(
        f"{escaped(address)} was not fetched: {escaped(reason)[:200]}; get the file in a browser."
    )


def _name_of(address: str) -> str:
    """The name that a file has at its address, in letters that any system takes."""
    parts = urlsplit(address)
    named = parse_qs(parts.query).get("name", [""])[0] or parts.path.rpartition("/")[2]
    return key_of(unquote(named).replace("_", "-0-")).replace("-0-", "_")


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect to the same host by https, and no other."""

    def __init__(self, address: str) -> None:
        self._address = address

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        first, then = urlsplit(self._address), urlsplit(newurl)
        if (then.scheme, then.netloc) != (first.scheme, first.netloc):
            raise _refused(self._address, f"it sends on to {then.scheme}://{then.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
