"""Words that a query can hold: terms of the vocabulary, concepts of its lists, and things."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from monazite.core.formats import visible
from monazite.store.names import entity_names

if TYPE_CHECKING:
    from monazite import View

_LONGEST = 160  # letters of what is said of a word


def query_words(view: View, _: Mapping[str, object]) -> bytes:
    """Return the words as JSON, compressed: what is written, its kind, and what it is."""
    text = json.dumps([*_words(view)], ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _words(view: View) -> Iterator[tuple[str, str, str]]:
    from monazite.data.vocabulary import read_vocabulary

    spaces = sorted(view.prefixes.items(), key=lambda pair: (-len(pair[1]), -len(pair[0])))
    vocabulary = read_vocabulary(view.schema)
    for term in vocabulary.terms:
        yield from _word(spaces, term.iri, term.kind, f"{term.label}: {term.comment}")
    for scheme in vocabulary.schemes:
        for concept in scheme.concepts:
            yield from _word(spaces, concept.iri, "concept", f"{scheme.label}: {concept.label}")
    things = {each.iri: each for _, each in entity_names(view.store)}
    names: dict[str, set[str]] = {}
    for name, each in entity_names(view.store):
        names.setdefault(each.iri, set()).add(name)
    for iri in sorted(things):
        others = sorted(names[iri] - {things[iri].label, things[iri].id})
        yield from _word(spaces, iri, things[iri].kind, " | ".join([things[iri].label, *others]))


def _word(
    spaces: list[tuple[str, str]], iri: str, kind: str, about: str
) -> Iterator[tuple[str, str, str]]:
    """A word with its prefix; nothing of what none shortens."""
    for name, space in spaces:
        if iri.startswith(space) and "/" not in iri[len(space) :]:
            yield f"{name}:{iri[len(space) :]}", kind, visible(about)[:_LONGEST]
            return
