"""What two pages show, read strictly, and whether it is the same, character by character."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from monazite.core.errors import UnreadableError
from monazite.core.formats import shorten, visible
from monazite.report.drawing.templates import framing_policy

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


STYLE, PICTURES, FRAME = (  # what a page of another version may have otherwise
    "its style",
    "the drawing of its pictures",
    "the programme of its network to explore",
)
_WIDE = 110
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,30}")
_COUNTS = re.compile(
    r"\b(\d{1,3}(?:,\d{3}){0,4} of \d{1,3}(?:,\d{3}){0,4} facts)"
    r"((?:; news read to [-\d]{10})?); tables ([^ .]{1,40})"
)


@dataclass
class ShownDifferences:
    """What one page shows and another does not."""

    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    counts: tuple[str, str] | None = None


@dataclass(frozen=True)
class Allowed:
    """How a page may differ from the one that is rendered anew."""

    strict: bool = False  # whether the same code wrote it, so that nothing explains another style
    versions: tuple[str, str] = ("", "")  # of Monazite that wrote the one and the other
    tables: tuple[str, str] = ("", "")  # hashes that the one and the other were written from


def compare_shown(then: str, now: str, allowed: Allowed) -> ShownDifferences:
    """Compare a page with the same rendered anew, but for version and, of other tables, counts."""
    found = ShownDifferences()
    old, new = _normalised(then, now, allowed, found)
    if old != new:
        _explain(old, new, allowed, found)
    return found


def compare_texts(then: str, now: str, allowed: Allowed) -> ShownDifferences:
    """Compare the texts that a document shows with those of the same rendered anew.

    >>> compare_texts("One", "Two", Allowed()).missing
    ['The file does not show what it records: "Two".']
    """
    found = ShownDifferences()
    old, new = (text.split("\n") for text in _normalised(then, now, allowed, found))
    found.added += _unequal('The file shows what the tables do not say: "{}".', old, new)
    found.missing += _unequal('The file does not show what it records: "{}".', new, old)
    found.added += _order(old, new, "The file")
    return found


def _normalised(then: str, now: str, allowed: Allowed, found: ShownDifferences) -> tuple[str, str]:
    """Both without what may differ: the version and, of other tables, their hash and counts."""
    sides = zip((then, now), allowed.versions, strict=True)
    old, new = (_without_version(page, version) for page, version in sides)
    counts = _counts(old, allowed.tables[0]), _counts(new, allowed.tables[1])
    if allowed.tables[0] != allowed.tables[1] and all(counts):
        found.counts = counts
        old, new = map(_without_counts, (old, new), allowed.tables)
    return old, new


def _without_version(page: str, version: str) -> str:
    """A page without the version that wrote it, which the verdict names."""
    if _VERSION.fullmatch(version):
        return page.replace(f"Written by Monazite {version}.", "Written by Monazite.")
    return page


def _counts(page: str, tables: str) -> str:
    """The counts of facts that a page says of tables; empty where it says none, or two."""
    found = {match[1] for match in _COUNTS.finditer(page) if match[3] == tables}
    return found.pop() if len(found) == 1 else ""


def _without_counts(page: str, tables: str) -> str:
    """A page without what rightly is another with other tables, the hash of which it records."""
    return _COUNTS.sub(
        lambda match: f"# of # facts{match[2]}; tables #" if match[3] == tables else match[0], page
    )


def _explain(then: str, now: str, allowed: Allowed, found: ShownDifferences) -> None:
    new = read_shown(now)
    try:
        old = read_shown(then)
    except UnreadableError as error:
        found.added.append(f"The page is {error}.")
        return
    _compare(old, new, "The page", found)
    _structure(old, new, "The page", found)
    style, frame = "".join(old.styles), "".join(old.frames)
    if old.policies not in ([], new.policies, [framing_policy(style, frame)]):
        found.added.append("The page may load and run what its style and its network do not need.")
    _otherwise(old.styles != new.styles, STYLE, allowed, found)
    _each(old.pictures, new.pictures, read_picture, PICTURES, allowed, found)
    _each(old.frames, new.frames, read_frame, FRAME, allowed, found)
    if not (found.added or found.missing or found.unlike):
        found.added.append("The page is written otherwise than it is rendered anew.")


def _compare(old: Shown, new: Shown, where: str, found: ShownDifferences) -> None:
    said = f'{where} shows what the tables do not say: "{{}}".'
    found.added += _unequal(said, old.texts, new.texts)
    said = f'{where} does not show what it records: "{{}}".'
    missing = list(_unequal(said, new.texts, old.texts))
    found.missing += missing
    if not missing:
        found.added += _order(old.texts, new.texts, where)
    linked = _unequal(f"{where} links to {{}}, as this briefing does not.", old.links, new.links)
    found.added += linked
    found.missing += _unequal(f"{where} lacks the link to {{}}.", new.links, old.links)
    if Counter(old.links) == Counter(new.links) and old.links != new.links:
        found.added.append(f"{where} has its links at other places.")
    for name, attribute in sorted(old.kinds - new.kinds):
        kind = f"<{name} {attribute}>" if attribute else f"<{name}>"
        found.added.append(f"{where} holds {visible(kind)}, as no briefing does.")


def _structure(old: Shown, new: Shown, where: str, found: ShownDifferences) -> None:
    """The order of elements and texts, and what programmes read; said where nothing else is."""
    if found.added or found.missing:
        return
    said = f'{where} has its elements otherwise than it is rendered anew, from "{{}}" on.'
    found.added += _parting(old.stream, new.stream, said)
    if old.data != new.data:
        found.added.append(f"{where} holds other numbers than the tables have.")


def _unequal(sentence: str, those: Sequence[str], these: Sequence[str]) -> Iterator[str]:
    """A sentence of each text that is there more often than here."""
    for text, count in (Counter(those) - Counter(these)).items():
        told = sentence.format(shorten(visible(text), _WIDE))
        yield told if count == 1 else f"{told} ({count} times)"


def _order(old: Sequence[str], new: Sequence[str], where: str) -> Iterator[str]:
    if Counter(old) == Counter(new):
        yield from _parting(old, new, f'{where} has its texts in another order, from "{{}}".')


def _parting(old: Sequence[str], new: Sequence[str], sentence: str) -> Iterator[str]:
    """A sentence of the first place where two sequences part; none if they are the same."""
    for one, other in zip_longest(old, new, fillvalue=""):
        if one != other:
            yield sentence.format(shorten(visible(one or "its end"), _WIDE))
            return


def _otherwise(differs: bool, what: str, allowed: Allowed, found: ShownDifferences) -> None:
    if differs and allowed.strict:
        found.added.append(f"The page has {what} otherwise than the same code writes it.")
    elif differs and what not in found.unlike:
        found.unlike.append(what)


def _each(
    old: Sequence[str],
    new: Sequence[str],
    read: Callable[[str], Shown],
    what: str,
    allowed: Allowed,
    found: ShownDifferences,
) -> None:
    """Pictures or frames, one by one; where they are not the same, what they say."""
    for number, (one, other) in enumerate(zip_longest(old, new), start=1):
        if one == other:
            continue
        if one is None or other is None:
            missing = f"The page has {len(old)} of {len(new)} pictures and frames."
            (found.missing if one is None else found.added).append(missing)
            return
        before = len(found.added) + len(found.missing)
        where = "The network to explore" if what == FRAME else f"Picture {number}"
        try:
            shown, anew = read(one), read(other)
            _compare(shown, anew, where, found)
            if what == FRAME:
                _structure(shown, anew, where, found)
        except UnreadableError as error:
            found.added.append(f"{where} is {error}.")
        if len(found.added) + len(found.missing) == before:
            _otherwise(True, what, allowed, found)
