"""What a page shows, read strictly: lower-case tags, quoted attributes, no comments.

All else is refused, so that no browser sees another page than is read here.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from monazite.core.errors import UnreadableError
from monazite.core.formats import visible

_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]{0,30})"
    r"((?:[ \n][A-Za-z][A-Za-z0-9:-]{0,40}(?:=\"[^\"<>]*\")?)*) ?(/?)>"
)
_ATTRIBUTE = re.compile(r"[ \n]([A-Za-z][A-Za-z0-9:-]*)(?:=\"([^\"]*)\")?")
_START = "<!doctype html>\n"
_ENDS = {
    "script": re.compile(r"</script>?", re.IGNORECASE),
    "style": re.compile(r"</style>?", re.IGNORECASE),
    "again": re.compile("<script", re.IGNORECASE),
}
_RAW = ("script", "style")
_NO_TAGS = ("iframe", "noembed", "noframes", "plaintext", "textarea", "title", "xmp")
_WITHIN = frozenset({"a", "bdi", "cite", "span", "sup", "b", "strong", "em", "i", "tspan"})
_TEXT_ATTRIBUTES = frozenset({"alt", "aria-label", "title", "placeholder"})
_PICTURE = "data:image/svg+xml;base64,"
_POLICY = "Content-Security-Policy"
_SHORT = 120


@dataclass
class Shown:
    """What a page shows."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    stream: list[str] = field(default_factory=list)
    kinds: set[tuple[str, str]] = field(default_factory=set)
    styles: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)


def read_shown(page: str, *, start: str = _START) -> Shown:
    r"""Read what a page shows.

    >>> shown = read_shown('<!doctype html>\n<p>One <b>two</b> <a href="#x">3</a></p><p>4</p>')
    >>> shown.texts, shown.links
    (['One two 3', '4'], ['#x'])
    """
    if not page.startswith(start):
        raise _strange(page[:_SHORT])
    shown, line, place = Shown(), [""], len(start) if start.endswith("\n") else 0
    while (tag_at := page.find("<", place)) >= 0:
        _text(shown, line, page[place:tag_at])
        tag = _TAG.match(page, tag_at)
        if tag is None:
            raise _strange(page[tag_at : tag_at + _SHORT])
        place = tag.end()
        if tag[2] not in _WITHIN:
            _end_line(shown, line)
        elif tag[2] == "sup":
            line[0] += " "
        attributes: dict[str, str] = {}
        for each in _ATTRIBUTE.finditer(tag[3]):
            if each[1] in attributes:  # browsers and parsers disagree on which counts
                raise _strange(tag[0][:_SHORT])
            attributes[each[1]] = unescape(each[2] or "")
        _note(shown, tag, attributes)
        if start == _START:
            _check_content(page, tag)
        if tag[2] in _RAW and not tag[1] and not tag[4]:
            place = _raw(shown, page, place, tag[2], attributes)
    _text(shown, line, page[place:])
    _end_line(shown, line)
    return shown


def _text(shown: Shown, line: list[str], text: str) -> None:
    if text:
        line[0] += text
        shown.stream.append(text)


def _end_line(shown: Shown, line: list[str]) -> None:
    text = " ".join(unescape(line[0]).split())
    line[0] = ""
    if text:
        shown.texts.append(text)


def _check_content(page: str, tag: re.Match[str]) -> None:
    """Refuse tags where a browser reads none: it would see more, or less, than is read here."""
    name = tag[2].lower()
    if name not in (*_RAW, *_NO_TAGS) or tag[1]:
        return
    place = tag.end()
    end = page.find("<", place)
    empty = name != "iframe" or end == place
    if (
        name != tag[2]
        or tag[4]
        or (name in _NO_TAGS and not (empty and page.startswith(f"</{name}>", end)))
    ):
        raise _strange(page[tag.start() : tag.start() + _SHORT])


def _note(shown: Shown, tag: re.Match[str], attributes: dict[str, str]) -> None:
    name, kept = tag[2], dict(attributes)
    shown.kinds.update((name, each) for each in ("", *attributes))
    said = (" ".join(attributes[each].split()) for each in attributes if each in _TEXT_ATTRIBUTES)
    shown.texts += filter(None, said)
    if name == "a" and "href" in kept:
        shown.links.append(kept["href"])
    if name == "meta" and kept.get("name") == "description":
        shown.texts.append(" ".join(kept.get("content", "").split()))
    if name == "img" and kept.get("src", "").startswith(_PICTURE):
        _take(kept, "src", shown.pictures)
    if name == "iframe" and "srcdoc" in kept:
        _take(kept, "srcdoc", shown.frames)
    if name == "meta" and kept.get("http-equiv") == _POLICY:
        _take(kept, "content", shown.policies)
    rest = "".join(f' {each}="{value}"' for each, value in kept.items())
    shown.stream.append(f"<{tag[1]}{name}{rest}{tag[4]}>")


def _take(kept: dict[str, str], name: str, those: list[str]) -> None:
    """Take the value of an attribute out, and leave a mark in its place."""
    those.append(kept.get(name, ""))
    kept[name] = "*"


def _raw(shown: Shown, page: str, place: int, name: str, attributes: dict[str, str]) -> int:
    """Take the content of a style or script, which a browser ends at the same place."""
    end = _ENDS[name].search(page, place)
    if end is None or end[0] != f"</{name}>":
        raise _strange(page[place : place + _SHORT])
    content = page[place : end.start()]
    if "<!--" in content and _ENDS["again"].search(content):  # a browser would read past the end
        raise _strange(content[content.index("<!--") :][:_SHORT])
    if name == "style":
        shown.styles.append(content)
    elif attributes.get("type") == "application/json":
        shown.data.append(content)
    else:
        shown.scripts.append(content)
    return end.start()


def _strange(text: str) -> UnreadableError:
    return UnreadableError(f'not written as Monazite writes a page: "{visible(text)}"')


def read_frame(page: str) -> Shown:
    """Read what a page in a frame shows, the texts that its programme reads among them."""
    shown = read_shown(page)
    try:
        shown.texts += (text for data in shown.data for text in _texts_of(json.loads(data)))
    except (ValueError, RecursionError):
        raise UnreadableError("the data of the network to explore are no JSON") from None
    return shown


def _texts_of(held: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    waiting = [held]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += reversed([item for pair in each.items() for item in pair])
        elif isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, str):
            yield each


def read_picture(address: str) -> Shown:
    """Read what a picture shows."""
    try:
        svg = b64decode(address.removeprefix(_PICTURE), validate=True).decode()
    except ValueError:
        raise _strange(address[:_SHORT]) from None
    return read_shown(svg, start="<svg ")


_UNSEEN = frozenset({"script", "style", "sup", "iframe", "template", "noscript", "svg"})
_LOOSE = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


def shown_text(page: str) -> str:
    """Return the text that a reader of a page sees, in one line, without footnotes and frames."""
    parts: list[str] = []
    place, low = 0, page.translate(_LOWER)
    while (start := page.find("<", place)) >= 0:
        parts.append(page[place:start])
        tag = _LOOSE.match(page, start)
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
