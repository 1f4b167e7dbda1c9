"""Texts of cards as parts: the things that a text names are links to their own cards."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from monazite.safe_text import visible

Part = dict[str, str]
"""A piece of a text, and the kind and id of the card that it links to; empty for none."""
_ASKED = re.compile(r"[a-z-]+/\S+ \((.+)\)")
"""How a terminal names a thing that can be asked for; a page has its name alone."""


def linked_parts(
    text: str, named: Iterable[tuple[str, str]], held: Container[str], own: str = ""
) -> list[Part]:
    """Return a text as parts, each with the card that it links to.

    Which thing is meant is told by what the text was made from, not by its name: two things of
    one name are never taken for each other. Where names overlap, the longest is the link.

    >>> named = [("China", "country/CHN"), ("China Minmetals", "organisation/minmetals")]
    >>> [part["text"] for part in linked_parts("Of China Minmetals in China", named, dict(
    ...     (place, 1) for _, place in named)) if part["card"]]
    ['China Minmetals', 'China']
    """
    places: dict[str, str] = {}
    meant: dict[str, set[str]] = {}
    for shown, place in named:
        words = visible(shown)
        meant.setdefault(words, set()).add(place)
        if words and place in held and place != own:
            places[words] = place
    links = {words: place for words, place in places.items() if len(meant[words]) == 1}
    plain = visible(text)
    asked = _ASKED.fullmatch(plain)
    if asked and plain in links:
        return [{"text": asked[1], "card": links[plain]}]
    spans: list[tuple[int, int, str]] = []
    for words in sorted(links, key=lambda each: (-len(each), each)):
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", plain):
            if all(found.end() <= first or last <= found.start() for first, last, _ in spans):
                spans.append((*found.span(), links[words]))
    parts: list[Part] = []
    at = 0
    for first, last, place in sorted(spans):
        parts.append({"text": plain[at:first], "card": ""})
        parts.append({"text": plain[first:last], "card": place})
        at = last
    return [part for part in (*parts, {"text": plain[at:], "card": ""}) if part["text"]]
