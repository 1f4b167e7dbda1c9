"""Whether two pages show the same: character by character, but for what other tables may change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from monazite.core.errors import UnreadableError
from monazite.core.formats import shorten, visible
from monazite.report.brief.page_text import Shown, read_frame, read_picture, read_shown
from monazite.report.drawing.templates import framing_policy

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
