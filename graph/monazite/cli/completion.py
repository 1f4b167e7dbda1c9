"""What a shell offers after the Tab key: ids and words, from files, without the engine.

Ids come from what is kept beside the store. Where nothing is kept yet, none are offered: a Tab
builds no store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import typer

Complete = Callable[[str], list[str]]


def complete_word(words: Callable[[], Iterable[str]]) -> Complete:
    """Return what completes a word of a closed list.

    >>> complete_word(lambda: ("outage", "embargo"))("e")
    ['embargo']
    """

    def complete(incomplete: str) -> list[str]:
        return _beginning(words(), incomplete)

    return complete


def complete_id(*kinds: str) -> Complete:
    """Return what completes an id of some kinds of entities; of any where none is named."""
    return complete_word(lambda: (each for _, each in _kept(*kinds)))


def complete_element(incomplete: str) -> list[str]:
    """Complete the symbol of an element, or the short name of a group of them."""
    found = _kept("element", "element-group")
    # A symbol is the id of an element; a group is written by its name: NdPr.
    short = (own if own[:1].isupper() else label for label, own in found)
    return _beginning((each for each in short if " " not in each), incomplete)


def complete_question(incomplete: str) -> list[str]:
    """Complete the name of a question."""
    from monazite.triples.queries import read_queries

    return _beginning(read_queries(), incomplete)


def complete_parameter(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a parameter of the question that stands before it."""
    from monazite.triples.queries import read_queries

    known = read_queries()
    words = [str(context.params.get("question")), *context.args]  # an open -p leaves it in args
    asked = next((known[word] for word in words if word in known), None)
    return _beginning([f"{each.name}=" for each in asked.parameters] if asked else (), incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted({word for word in words if word.startswith(incomplete)})


def _kept(*kinds: str) -> list[tuple[str, str]]:
    """Label and id of what is kept beside the store; nothing where that cannot be read."""
    from monazite.errors import MonaziteError
    from monazite.triples.names import kept_entities
    from monazite.triples.opening import is_built, open_store

    try:
        if is_built():
            return [(each.label, each.id) for each in kept_entities(open_store(), *kinds)]
    except (MonaziteError, OSError):
        pass  # whoever asks in earnest is told
    return []
