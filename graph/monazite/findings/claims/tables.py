"""Claims as text and JSON: the list with its verdicts, and the card of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from monazite.findings.claims.verdicts import RELATIONS
from monazite.rows.roots import tier_word
from monazite.tables import Table, markdown_text
from monazite.triples.cards import RowCard, SourceLine

if TYPE_CHECKING:
    from monazite.findings.claims.claims import Claim, ClaimLink

_AGAINST = ("contradicts", "partly-contradicts")
_INDENT = " " * 24


def claims_table(claims: Sequence[Claim]) -> Table:
    """Return the list of claims: the verdict, how much stands behind it, who says what."""
    return Table(
        heading="",
        columns=(
            "claim",
            "verdict",
            "for",
            "against",
            "related, not counted",
            "speaker",
            "about",
            "statement",
            "answers",
        ),
        rows=[
            [
                claim.id,
                claim.verdict,
                _weight(claim.cards("supports")),
                _weight(claim.cards(*_AGAINST)),
                _weight(claim.cards("bears-on")),
                claim.speaker,
                claim.time,
                claim.statement,
                "; ".join(f"{each.stance.lower()} by {each.by}" for each in claim.responses),
            ]
            for claim in claims
        ],
        remarks=(
            "For, against: records of the data used, with the best tier of a source among them; "
            "a record that partly contradicts counts against.",
            "All records of one claim: monazite claims ID",
        ),
        spare=("related, not counted", "about", "answers", "speaker"),
    )


def claims_csv(claims: Iterable[Claim]) -> Table:
    """Return every link of some claims as one flat table; a claim without links has one line."""
    head = ("claim", "verdict", "speaker", "role", "about", "statement", "answers")
    columns = (*head, "relation", "counts", "row", "when", "text", "reason", "sources")
    rows: list[list[str]] = []
    for claim in claims:
        answers = "; ".join(f"{each.stance.lower()} by {each.by}" for each in claim.responses)
        own = [claim.id, claim.verdict, claim.speaker, claim.role, claim.time, claim.statement]
        links = [_cells(link) for link in claim.links] or [[""] * (len(columns) - len(head))]
        rows += [[*own, answers, *cells] for cells in links]
    return Table("", columns, rows)


def _cells(link: ClaimLink) -> list[str]:
    card = link.card
    time, text = (card.time, card.text) if card else ("", "")
    sources = "; ".join(map(str, card.sources)) if card else ""
    counts = "yes" if card else "no"
    return [link.relation, counts, link.fact, time, text, link.reason, sources]


def write_claim(claim: Claim, fmt: str, *, view: str = "") -> str:
    """Return the card of a claim as ``table`` or ``markdown`` text."""
    marked = fmt == "markdown"
    numbers: dict[SourceLine, int] = {}
    lines = [_heading(f"{claim.id}: {claim.verdict}", 1, marked=marked)]
    lines += _items(_about(claim, numbers), marked=marked)
    for relation in RELATIONS:
        links = [link for link in claim.counted if link.relation == relation]
        if links:
            lines += ["", _heading(relation.replace("-", " "), 2, marked=marked)]
            for link in links:
                lines += _link_lines(link, numbers, marked=marked)
    for each in claim.worked_out:
        told = f"{each.reason} {each.command}"
        lines += ["", _heading(f"worked out: {each.relation.replace('-', ' ')}", 2, marked=marked)]
        lines += _items([told], marked=marked)
    left = [link for link in claim.links if link.card is None]
    if left:
        lines += ["", _heading("left out by the data used: they do not count", 2, marked=marked)]
        lines += _items(
            (f"{link.relation.replace('-', ' ')}: {link.fact}" for link in left), marked=marked
        )
    lines += ["", _heading("sources", 2, marked=marked)]
    for source, number in numbers.items():
        text = source.in_words
        lines.append(f"{number}. {markdown_text(text)}" if marked else f"  [{number}] {text}")
    lines += ["", markdown_text(view) if marked else view] if view else []
    return "\n".join(lines) + "\n"


def _about(claim: Claim, numbers: dict[SourceLine, int]) -> Iterator[str]:
    yield f'"{claim.statement}" {_references(claim.sources, numbers)}'
    yield f"{claim.stance.lower()} by {', '.join(filter(None, (claim.speaker, claim.role)))}"
    for label, text in (
        ("time it speaks of", claim.time),
        ("about", claim.subject),
        ("whose action", claim.actor),
        ("numbers", claim.numbers),
    ):
        if text:
            yield f"{label}: {text}"
    for answer in claim.responses:
        yield f"{answer.stance.lower()} by {answer.by}: {answer.text}"


def _link_lines(link: ClaimLink, numbers: dict[SourceLine, int], *, marked: bool) -> Iterator[str]:
    card = link.card
    assert card is not None
    text = f"{card.text} ({card.note})" if card.note else card.text
    text = f"perhaps: {text}" if card.perhaps else text
    refs = _references(card.sources, numbers)
    if marked:
        when = f"**{card.time}** " if card.time else ""
        yield f"- {when}{markdown_text(link.reason)} {refs}  "
        yield f"  {markdown_text(link.fact)}: {markdown_text(text)}"
    else:
        yield f"  {card.time or '':<21} {link.reason} {refs}"
        yield f"{_INDENT}{link.fact}: {text}"


def _references(sources: Iterable[SourceLine], numbers: dict[SourceLine, int]) -> str:
    """Number sources as they come; the numbers are kept."""
    return "".join(f"[{numbers.setdefault(source, len(numbers) + 1)}]" for source in sources)


def _heading(text: str, level: int, *, marked: bool) -> str:
    return f"{'#' * level} {markdown_text(text)}\n" if marked else text


def _items(texts: Iterable[str], *, marked: bool) -> list[str]:
    return [f"- {markdown_text(text)}" if marked else f"  {text}" for text in texts]


def claims_dict(claims: Iterable[Claim]) -> list[dict[str, object]]:
    """Return claims as plain values; ``counts`` is false for a row that is not in the view."""
    return [
        {
            "claim": claim.id,
            "row": claim.row,
            "verdict": claim.verdict,
            "speaker": claim.speaker,
            "role": claim.role or None,
            "actor": claim.actor or None,
            "subject": claim.subject,
            "from": claim.date_from or None,
            "until": claim.date_until or None,
            "stance": claim.stance,
            "statement": claim.statement,
            "numbers": claim.numbers or None,
            "sources": _sources(claim.sources),
            "answers": [
                {"by": answer.by, "stance": answer.stance, "text": answer.text, "row": answer.row}
                for answer in claim.responses
            ],
            "links": [_link_dict(link) for link in claim.links],
            "worked_out": [
                {"relation": each.relation, "reason": each.reason, "command": each.command}
                for each in claim.worked_out
            ],
        }
        for claim in claims
    ]


def _link_dict(link: ClaimLink) -> dict[str, object]:
    card = link.card
    found: dict[str, object] = {
        "relation": link.relation,
        "counts": card is not None,
        "fact": link.fact,
        "reason": link.reason,
        "link": link.row,
    }
    if card is not None:
        found |= {
            "time": card.time,
            "text": card.text,
            "note": card.note or None,
            "perhaps": card.perhaps,
            "sources": _sources(card.sources),
        }
    return found


def _sources(sources: Iterable[SourceLine]) -> list[dict[str, str]]:
    return [
        {"id": source.id, "text": str(source), "tier": source.tier, "url": source.url}
        for source in sources
    ]


def _weight(cards: Sequence[RowCard]) -> str:
    """How many rows, and the best tier among their sources."""
    tiers = sorted(source.tier for card in cards for source in card.sources)
    return f"{len(cards)}, {tier_word(tiers[0])}" if tiers else str(len(cards))
