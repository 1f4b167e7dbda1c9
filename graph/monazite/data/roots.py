"""Who says a row in the end: sources that copy one another have one root and count once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.data.columns import Schema
from monazite.data.dates import date_bounds
from monazite.data.reader import Row

_WORDS = {"1": "official or company", "2": "agency or study", "3": "news", "4": "weak"}


def tier_word(tier: str) -> str:
    """Return a tier of sources in words; what is none stays as it is."""
    return _WORDS.get(tier, tier)


@dataclass(frozen=True, order=True)
class SourceAttribution:
    """A source as a conflict prints it: best tier first, then the newest.

    Attributes:
        tier: 1 primary to 4 weak.
        newest: sorts the newest first.
        id: its id.
        publisher: who publishes it.
        published: its date as printed; empty where it has none.
        root: id of the source that it repeats in the end, or its own.
        author: the publisher of that root.
        known: the last day on which the root can have been published.
    """

    _json = "id publisher published tier root"

    tier: int
    newest: tuple[int, ...]
    id: str
    publisher: str
    published: str
    root: str
    author: str
    known: str

    def __str__(self) -> str:
        return f"{self.publisher} {self.published[:4] or 'undated'}, tier {self.tier}"

    @property
    def in_words(self) -> str:
        """The same with its tier in words, as a report has it."""
        year = self.published[:4] or "undated"
        return f"{self.publisher} {year}, {tier_word(str(self.tier))}"


def root_of(source: str, roots: Mapping[str, str]) -> str:
    """Follow the roots of a source to the last one; a circle ends where it closes."""
    seen = {source}
    while (further := roots.get(source, "")) and further not in seen:
        seen.add(further)
        source = further
    return source


def read_attributions(rows: Iterable[Row], schema: Schema) -> dict[str, SourceAttribution]:
    """Return the sources among some typed rows, by id."""
    lines = {row.key: row for row in rows if schema.tables[row.table].kind == "source"}
    roots = {key: row.text("root") for key, row in lines.items()}
    found = {}
    for key, row in lines.items():
        root = root_of(key, roots)
        original = lines.get(root, row)
        day = original.text("published")
        known = date_bounds(day)[1] if day else ""
        found[key] = SourceAttribution(
            tier=int(row.text("tier")),
            newest=tuple(-ord(character) for character in known) or (0,),
            id=key,
            publisher=row.text("publisher"),
            published=row.text("published"),
            root=root,
            author=original.text("publisher"),
            known=known,
        )
    return found
