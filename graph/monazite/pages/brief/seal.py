"""A brief that can be checked: the blocks in its page that carry what it rests on, and its seal.

Two inert blocks stand at the end of the page: the rows as TriG and the record as JSON (question,
view, version, what the page says). The seal is the SHA-256 of the page with the seal's own place
filled with noughts. A page from elsewhere is only read: nothing in it is run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from monazite.errors import UnreadableError

MAX_BYTES = 30_000_000
"""Bytes of a page that is checked."""
FORMAT = 2
"""Of the record that is written: its question is in parts of 1."""
IN_PER_CENT = 1
"""The format of version 0.1.0, whose question says its approval in per cent; it is still read."""
_ROWS, _RECORD = "monazite-rows", "monazite-record"
_EMPTY = "0" * 64
_OPEN = {
    _ROWS: f'<script type="application/trig" id="{_ROWS}">',
    _RECORD: f'<script type="application/json" id="{_RECORD}">',
}
_CLOSE = "</script>"
_SEAL = re.compile(r'<meta name="monazite-seal" content="([0-9a-f]{64})">')
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_UNSEEN = frozenset({"script", "style", "sup", "iframe", "template", "noscript", "svg"})
_WITHIN = frozenset({"a", "bdi", "cite", "span", "sup"})
"""Elements within a line: no space stands for them."""
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_NO_BRIEF = "holds no briefing that can be checked"


@dataclass(frozen=True)
class OpenedPage:
    """What a page carries.

    Attributes:
        record: question, view, version, and what the page says.
        trig: the rows.
        fits: whether the seal fits the page.
        shown: the text that a reader sees, without footnotes and pictures.
    """

    record: dict[str, Any]
    trig: str
    fits: bool
    shown: str


def seal_page(page: str, record: dict[str, object], trig: str) -> str:
    """Put the blocks and the seal into a page.

    Args:
        page: HTML with an end of its body.
        record: what the page says and how it was asked; JSON can hold it.
        trig: the rows it rests on.

    >>> text = seal_page("<html><body><p>1</p></body></html>", {"format": FORMAT}, "")
    >>> open_page(text, "a page").fits, open_page(text.replace("<p>1", "<p>2"), "a page").fits
    (True, False)
    """
    written = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    held = {_ROWS: _inert_trig(trig), _RECORD: written.replace("<", "\\u003c")}
    blocks = "".join(f"{_OPEN[name]}\n{text}\n{_CLOSE}\n" for name, text in held.items())
    blocks += f'<meta name="monazite-seal" content="{_EMPTY}">\n'
    body, end, rest = page.rpartition("</body>")
    whole = f"{body}{blocks}{end}{rest}" if end else f"{page}{blocks}"
    digest = _digest(whole)
    head, _, tail = whole.rpartition(_EMPTY)
    return f"{head}{digest}{tail}"


def _inert_trig(trig: str) -> str:
    """TriG whose literals cannot end the block: an IRI never holds these characters."""
    return trig.replace("</", "\\u003C/").replace("<!", "\\u003C!")


def open_page(text: str, name: str) -> OpenedPage:
    """Read what a page carries.

    Args:
        text: of the page.
        name: of its file, for the sentence of an error.

    Raises:
        UnreadableError: it carries no brief, or one that cannot be read.
    """
    if len(text) > MAX_BYTES:
        raise UnreadableError(
            f"{name} is larger than a briefing can be ({MAX_BYTES:,} characters)."
        )
    plain = text.replace("\r\n", "\n")
    seals = _SEAL.findall(plain)
    if len(seals) != 1:
        raise UnreadableError(f"{name} {_NO_BRIEF}; take one that monazite brief has written.")
    trig, record = _block(plain, _ROWS, name), _block(plain, _RECORD, name)
    try:
        read = json.loads(record)
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name} carries a record that is no JSON: it was altered.") from None
    if not isinstance(read, dict) or read.get("format") not in {FORMAT, IN_PER_CENT}:
        raise UnreadableError(f"{name} carries a record of a kind that this version cannot read.")
    start = plain.rindex(f'content="{seals[0]}"') + len('content="')
    blank = f"{plain[:start]}{_EMPTY}{plain[start + 64 :]}"
    return OpenedPage(read, trig, _digest(blank) == seals[0], shown_text(plain))


@cache
def code_hash() -> str:
    """Return a hash of the code, which tells two states of one version apart."""
    package = Path(__file__).parents[2]
    digest = sha256()
    for file in sorted(package.rglob("*.py")):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _block(text: str, name: str, file: str) -> str:
    parts = text.split(_OPEN[name])
    if len(parts) != 2 or _CLOSE not in parts[1]:
        raise UnreadableError(f"{file} {_NO_BRIEF}: its block {name} is not there once.")
    return parts[1].split(_CLOSE, 1)[0].strip("\n")


def shown_text(page: str) -> str:
    """Return the text that a reader of a page sees, in one line.

    Footnotes, scripts, styles and frames are left out. It reads from left to right once: a hostile
    page takes no longer than another, which cannot be said of ``html.parser``.

    >>> shown_text("<p>one<sup>1</sup></p><script>no</script><td>t&lt;wo</td>")
    'one t<wo'
    """
    parts: list[str] = []
    place, low = 0, page.translate(_LOWER)
    while (start := page.find("<", place)) >= 0:
        parts.append(page[place:start])
        tag = _TAG.match(page, start)
        name = tag[2].lower() if tag else ""
        if page.startswith("<!--", start):
            end = page.find("-->", start)
        elif tag and not tag[1] and name in _UNSEEN:
            end = low.find(f"</{name}", start)
        else:
            end = start
        end = page.find(">", end) if end >= 0 else -1
        if end < 0:
            break
        parts.append("" if name in _WITHIN else " ")
        place = end + 1
    else:
        parts.append(page[place:])
    return " ".join(unescape("".join(parts)).split())
