"""Whether two pages show the same: text by text, link by link, picture by picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from monazite.errors import UnreadableError
from monazite.pages.brief.shown import Shown, read_frame, read_picture, read_shown
from monazite.pages.drawing.policy import framing_policy
from monazite.safe_text import shorten, visible

STYLE, PICTURES, FRAME = "its style", "the drawing of its pictures", "the network to explore"
"""What a page of another version may have otherwise, and nobody can compare."""
_WIDE = 110
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,30}")
_OF_TABLES = re.compile(r"\b[0-9a-f]{12}\b|\d[\d,-]*")


@dataclass
class ShownDifferences:
    """What one page shows and another does not.

    Attributes:
        added: sentences of what is there and should not be, or is there in another way.
        missing: sentences of what should be there.
        unchecked: what was not compared.
    """

    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Allowed:
    """How a page may differ from the one that is rendered anew.

    Attributes:
        strict: not at all, but for the counts of other tables; else as another version may.
        versions: of Monazite that wrote the one and the other.
    """

    strict: bool = False
    versions: tuple[str, str] = ("", "")


def compare_shown(then: str, now: str, allowed: Allowed) -> ShownDifferences:
    r"""Compare what a page shows with what the same page shows rendered anew.

    Args:
        then: the page, from wherever.
        now: the page rendered anew.
        allowed: how they may differ.

    >>> page = "<!doctype html>\n<p>{}</p>"
    >>> compare_shown(page.format("One"), page.format("Two"), Allowed()).added
    ['The page shows what the tables do not say: "One".']
    """
    found = ShownDifferences()
    new = read_shown(now)
    try:
        old = read_shown(then)
    except UnreadableError as error:
        found.added.append(f"The page is {error}.")
        return found
    for shown, version in zip((old, new), allowed.versions, strict=True):
        shown.texts = [_steady(text, version) for text in shown.texts]
    _compare(old, new, "The page", found)
    found.added += _unequal("The page holds {}, as no briefing does.", old.fixed, new.fixed)
    found.missing += _unequal("The page lacks {}.", new.fixed, old.fixed)
    _policy(old, found)
    _otherwise(old.styles + old.passive != new.styles + new.passive, STYLE, allowed, found)
    _each(old.pictures, new.pictures, read_picture, PICTURES, allowed, found)
    _each(old.frames, new.frames, read_frame, FRAME, allowed, found)
    return found


def _steady(text: str, version: str) -> str:
    """A text without what rightly is another in the page of other tables, or another version."""
    if text.startswith("View: "):
        return _OF_TABLES.sub("#", text)
    if _VERSION.fullmatch(version):
        return text.replace(f"Written by Monazite {version}.", "Written by Monazite.")
    return text


def _compare(old: Shown, new: Shown, where: str, found: ShownDifferences) -> None:
    """Texts, links and kinds of elements."""
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


def _unequal(sentence: str, those: Sequence[str], these: Sequence[str]) -> Iterator[str]:
    """A sentence of each text that is there more often than here."""
    for text, count in (Counter(those) - Counter(these)).items():
        told = sentence.format(shorten(visible(text), _WIDE))
        yield told if count == 1 else f"{told} ({count} times)"


def _order(old: Sequence[str], new: Sequence[str], where: str) -> Iterator[str]:
    if Counter(old) != Counter(new):
        return
    for text, other in zip(old, new, strict=True):
        if text != other:
            yield f'{where} has its texts in another order, from "{shorten(visible(text), _WIDE)}".'
            return


def _policy(old: Shown, found: ShownDifferences) -> None:
    style, frame = "".join(old.styles), "".join(old.frames)
    if old.policies and old.policies != [framing_policy(style, frame)]:
        found.added.append("The page may load and run what its style and its network do not need.")


def _otherwise(differs: bool, what: str, allowed: Allowed, found: ShownDifferences) -> None:
    if differs and allowed.strict:
        found.added.append(f"The page has {what} otherwise than the same code writes it.")
    elif differs and what not in found.unchecked:
        found.unchecked.append(what)


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
            _compare(read(one), read(other), where, found)
        except UnreadableError as error:
            found.added.append(f"{where} is {error}.")
        if len(found.added) + len(found.missing) == before:
            _otherwise(True, what, allowed, found)
