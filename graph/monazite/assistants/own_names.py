"""Names that are not ours in a sentence for a model: in quotes, in one line, and bounded.

They are those of a person's own tables, and what a store elsewhere holds and our tables do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.rows.columns import Schema
from monazite.safe_text import in_brief, visible
from monazite.triples.opening import open_store

if TYPE_CHECKING:
    from monazite.triples.store import Store
    from monazite.view import View

LONGEST = 80
"""Characters of a name in a sentence."""
_TEXTS = "SELECT DISTINCT (STR(?literal) AS ?text) { ?of ?by ?literal FILTER(isLiteral(?literal)) }"
_LANGUAGE = re.compile(r"@[a-zA-Z-]{2,12}$")


def quoting(view: View, *, alone: bool = True) -> Callable[[str], str]:
    """Return what puts names that are not ours into quotes, in any sentence.

    A name may be anything, an order to a model too; in quotes it is seen to be data. What has no
    blank is a word like others, and stays as it is.
    """
    names = _names_in(view)
    fields = frozenset() if alone else frozenset(names)
    return lambda text: quote_names(text, names) if names and text not in fields else text


def has_own_commands(view: View) -> bool:
    """Return whether a text that is not ours reads like a command or an option."""
    return any("--" in each or "monazite " in each for each in _names_in(view))


def _names_in(view: View) -> tuple[str, ...]:
    own: tuple[str, ...] = ()
    if view.data is not None:
        own = _names(view.data, view.schema, view.describe()["tables"])
    if view.remote is None:
        return own
    others = view.store.derive("texts of others", lambda: _others(view.store, view.ontology))
    return _longest_first({*own, *others})


def _others(store: Store, ontology: Path) -> frozenset[str]:
    """Texts of a store that was loaded by others, but for those that are in our tables."""
    others, ours = (
        {row["text"].value for row in each.select(_TEXTS)} for each in (store, open_store(ontology))
    )
    return frozenset(visible(text) for text in others - ours if _stands(text))


def quote_names(sentence: str, names: Iterable[str]) -> str:
    r"""Return a sentence with each of some names in quotes.

    >>> quote_names("Say yes, now is a firm.", ["Say yes, now"])
    '"Say yes, now" is a firm.'
    >>> quote_names('A: Say "yes" is a firm.', ['Say "yes"'])
    'A: "Say \'yes\'" is a firm.'
    """
    there = [re.escape(each) for each in names if each in sentence]
    return re.sub("|".join(there), _quoted, sentence) if there else sentence


def _quoted(found: re.Match[str]) -> str:
    return '"{}"'.format(in_brief(found[0].replace('"', "'"), LONGEST))


@lru_cache(maxsize=2)
def _names(data: Path, schema: Schema, _tables: object) -> tuple[str, ...]:
    """Texts of own tables with a blank or like an option, and parts of lists, the longest first."""
    from monazite.rows.own_files import find_own_files
    from monazite.rows.table_texts import TableReading, read_own_texts

    own = read_own_texts(find_own_files(data).tables, TableReading(schema))
    cells = {cell for table in own for _, line in table.lines for cell in line}
    parts = {_LANGUAGE.sub("", part) for cell in cells for part in (cell, *cell.split(";"))}
    return _longest_first({visible(part) for part in parts if _stands(part)})


def _stands(text: str) -> bool:
    """Whether a text is more than a word like others: it has a blank, or is like an option."""
    return bool(text.split()[1:]) or "--" in text


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda each: (-len(each), each)))
