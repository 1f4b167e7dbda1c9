"""The short card of an entity as text: a status line, then a heading and what is told a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass

from monazite.result import Value
from monazite.rows.roots import tier_word
from monazite.safe_text import reveal
from monazite.tables import markdown_text
from monazite.text_columns import wrapped
from monazite.triples.cards import Names, SourceLine

WIDTH = 80
"""Columns of a card where no terminal says otherwise."""
_MARGIN = 10
_OURS = "Monazite"
"""The publisher of lists that we made, which stand at no address."""


@dataclass(frozen=True)
class CardFact(Value):
    """Something that a card says, with who says it, the best source first.

    Attributes:
        text: a phrase.
        sources: who says so; the first is printed.
        named: the things that the phrase names, as it shows them and by kind and id.
    """

    text: str
    sources: tuple[SourceLine, ...] = ()
    named: Names = ()


@dataclass(frozen=True)
class CardLine(Value):
    """A line of a card: makes, how much, owner.

    Attributes:
        heading: a word or two.
        facts: what is told, each a phrase.
    """

    heading: str
    facts: tuple[CardFact, ...]


@dataclass(frozen=True)
class ShortCard(Value):
    """The short card of an entity.

    Attributes:
        status: name, place and state on the day.
        lines: in the order in which they are read.
        named: the things that the status names, as it shows them and by kind and id.
    """

    status: str
    lines: tuple[CardLine, ...]
    named: Names = ()

    @property
    def sources(self) -> tuple[SourceLine, ...]:
        """The sources that are printed, in the order of their numbers."""
        told = (fact.sources[0] for line in self.lines for fact in line.facts if fact.sources)
        return tuple(dict.fromkeys(told))

    def to_bytes(self) -> bytes:
        """Return the card for :func:`read_short`, in another process."""
        told = [
            [line.heading, [[x.text, [*map(astuple, x.sources)], x.named] for x in line.facts]]
            for line in self.lines
        ]
        return json.dumps([self.status, told, self.named]).encode()

    def content(self) -> dict[str, object]:
        """Return the card as JSON has it."""
        return {
            "status": self.status,
            "lines": [
                {
                    "heading": line.heading,
                    "facts": [
                        {"text": fact.text, "sources": [each.id for each in fact.sources]}
                        for fact in line.facts
                    ],
                }
                for line in self.lines
            ],
        }


def read_short(content: bytes) -> ShortCard:
    """Read back what :meth:`ShortCard.to_bytes` wrote.

    >>> read_short(ShortCard("Mount Weld", ()).to_bytes()).status
    'Mount Weld'
    """
    status, lines, named = json.loads(content)
    return ShortCard(
        status,
        tuple(
            CardLine(
                heading,
                tuple(
                    CardFact(text, tuple(SourceLine(*each) for each in sources), _names(things))
                    for text, sources, things in facts
                ),
            )
            for heading, facts in lines
        ),
        _names(named),
    )


def _names(pairs: list[list[str]]) -> Names:
    return tuple((shown, place) for shown, place in pairs)


def write_short(card: ShortCard, fmt: str, *, width: int | None = None, view: str = "") -> str:
    """Return a short card as ``table`` or ``markdown`` text.

    >>> card = ShortCard("Mount Weld, Australia. Operating", (CardLine("Makes", ()),))
    >>> write_short(card, "table").splitlines()
    ['Mount Weld, Australia. Operating']
    """
    numbers = {source: place for place, source in enumerate(card.sources, 1)}
    told = [(line.heading, _facts(line, numbers)) for line in card.lines if line.facts]
    if numbers:
        told.append(("Sources", [f"[{n}] {source_words(each)}" for each, n in numbers.items()]))
    if fmt == "markdown":
        lines = [f"# {markdown_text(reveal(card.status))}", ""]
        lines += [
            f"- **{name}**: {markdown_text(reveal('; '.join(facts)))}" for name, facts in told
        ]
        lines += ["", markdown_text(reveal(view))] if view else []
    else:
        lines = wrapped(reveal(card.status), width or WIDTH, whole=True)
        margin = max(_MARGIN, *(len(name) + 1 for name, _ in told), 0)
        for name, facts in told:
            lines += _plain(name, [reveal(each) for each in facts], margin, width or WIDTH)
        lines += ["", *wrapped(reveal(view), width or WIDTH, "  ")] if view else []
    return "\n".join(lines) + "\n"


def _facts(line: CardLine, numbers: dict[SourceLine, int]) -> list[str]:
    return [
        f"{fact.text} [{numbers[fact.sources[0]]}]" if fact.sources else fact.text
        for fact in line.facts
    ]


def _plain(name: str, facts: list[str], margin: int, width: int) -> Iterator[str]:
    begins = name
    for fact in facts:
        for text in wrapped(fact, max(width - margin, _MARGIN), whole=True):
            yield f"{begins:<{margin}}{text}"
            begins = ""


def source_words(source: SourceLine) -> str:
    """Return a source in a few words: publisher, year, what its tier is called, where it is.

    >>> source_words(SourceLine("a", "Monazite", "Lists", "2026-11-24", "4", ""))
    'Monazite 2026, our own compilation'
    """
    when = source.published[:4] or "undated"
    if source.publisher == _OURS and not source.url:
        return f"{_OURS} {when}, our own compilation"
    tier = tier_word(source.tier)
    return f"{source.publisher} {when}, {tier}, {source.url}".rstrip(", ")
