"""Claims that people make in public, and what the rows of a view say to them.

Which claims there are does not depend on a view; a link counts only while its row is in the view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import NOT_KNOWN, counted
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table, markdown_text, wrapped_lines
from monazite.data.columns import TableShape
from monazite.data.iris import local_name
from monazite.data.parameters import check_text
from monazite.data.sameness import tier_word
from monazite.store.cards import RowCard, SourceLine, read_cards, read_sources
from monazite.store.queries import ask
from monazite.store.store import Store

SUPPORTED, PARTLY, CONTRADICTED, UNDECIDED = VERDICTS = (
    "supported",
    "partly contradicted",
    "contradicted",
    NOT_KNOWN,
)
RELATIONS = ("supports", "contradicts", "partly-contradicts", "bears-on")
"""Codes of the scheme ``statement-relation``, in the order in which a reader wants them."""


def find_verdict(relations: Iterable[str]) -> str:
    """Return the verdict of rows by their relations; partly contradicts is for and against."""
    found = set(relations)
    speaks_for = bool(found & {"supports", "partly-contradicts"})
    speaks_against = bool(found & {"contradicts", "partly-contradicts"})
    if speaks_for and speaks_against:
        return PARTLY
    if speaks_for:
        return SUPPORTED
    return CONTRADICTED if speaks_against else UNDECIDED


def check_verdict(text: str) -> str:
    """Return a verdict as it is written here; empty stays empty."""
    check_text(text, "verdict")
    wanted = text.casefold().replace("-", " ").strip()
    if wanted and wanted not in VERDICTS:
        fix = did_you_mean(wanted, VERDICTS) or f"verdicts are {', '.join(VERDICTS)}."
        raise UnknownNameError(f'There is no verdict "{text}"; {fix}')
    return wanted


_SOURCE = "id,text,tier,url"


def _cells(link: ClaimLink | None) -> list[str]:
    if link is None:
        return [""] * 7
    card = link.card
    time, text = (card.time, card.text) if card else ("", "")
    sources = "; ".join(map(str, card.sources)) if card else ""
    counts = "yes" if card else "no"
    return [link.relation, counts, link.fact, time, text, link.reason, sources]


def write_claim(claim: Claim, fmt: str, *, view: str = "") -> str:
    """Return the card of a claim as ``table`` or ``markdown`` text."""
    marked = fmt == "markdown"
    numbers: dict[SourceLine, int] = {}
    heading = f"{claim.id}: {claim.verdict}"
    lines = [f"# {markdown_text(heading)}\n" if marked else heading]

    def section(heading: str) -> None:
        lines.extend(("", f"## {markdown_text(heading)}\n" if marked else heading))

    def items(texts: Iterable[str]) -> None:
        lines.extend(f"- {markdown_text(text)}" if marked else f"  {text}" for text in texts)

    items(_about(claim, numbers))
    for relation in RELATIONS:
        links = [link for link in claim.counted if link.relation == relation]
        if links:
            section(relation.replace("-", " "))
            for link in links:
                lines += _link_lines(link, numbers, marked=marked)
    for each in claim.worked_out:
        section(f"worked out: {each.relation.replace('-', ' ')}")
        items([f"{each.reason} {each.command}"])
    left = [link for link in claim.links if link.card is None]
    if left:
        section("left out by the data used: they do not count")
        items(f"{link.relation.replace('-', ' ')}: {link.fact}" for link in left)
    section("sources")
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
        yield f"{'':<24}{link.fact}: {text}"


def _references(sources: Iterable[SourceLine], numbers: dict[SourceLine, int]) -> str:
    """Number sources as they come; the numbers are kept."""
    return "".join(f"[{numbers.setdefault(source, len(numbers) + 1)}]" for source in sources)


def _weight(cards: Sequence[RowCard]) -> str:
    """How many rows, and the best tier among their sources."""
    tiers = sorted(source.tier for card in cards for source in card.sources)
    return f"{len(cards)}, {tier_word(tiers[0])}" if tiers else str(len(cards))


class Response(Struct):
    """What somebody else says of a claim."""

    by: str  #: who answers
    stance: str  #: how the answer stands to the claim, in the words of its scheme: Denied
    text: str  #: in a few words
    row: str  #: row key, table/key


class ClaimLink(Struct):
    """How a row stands to a claim."""

    _json = (
        "relation counts fact reason link=row time=card.time text=card.text note?=card.note "
        f"perhaps=card.perhaps sources=card.sources({_SOURCE})"
    )

    relation: str  #: how the row stands to the claim
    reason: str  #: why, in a sentence
    fact: str  #: the row that speaks to the claim
    row: str  #: the row of the link itself
    #: the text and sources of ``fact``; None where the fact or the link is not in the view, so that
    #: the link does not count
    card: RowCard | None

    @property
    def counts(self) -> bool:
        """Whether the row is in the view, and so counts."""
        return self.card is not None


class Forecast(Struct):
    """What a claim foretells that can be worked out: who does without a country, and by when."""

    market: str
    country: str
    by: int


class WorkedOut(Struct):
    """What is worked out from the rows of the view, and how it stands to a claim."""

    _json = "relation reason command"

    relation: str  #: supports, contradicts or partly-contradicts
    reason: str  #: what was found, in sentences
    command: str  #: that shows it
    rows: tuple[str, ...]


class Claim(Struct):
    """A statement with who makes it, who answers, and the rows that speak to it."""

    _json = (
        "claim=id row verdict speaker role? actor? subject from?=date_from until?=date_until "
        f"stance statement numbers? sources({_SOURCE}) answers=responses links worked_out"
    )

    row: str  #: row key, table/key
    speaker: str  #: who makes it; the article itself where that is no person or firm
    role: str  #: of the speaker; empty for none
    actor: str  #: who acts, as the claim has it; empty where it names nobody
    subject: str  #: whom or what it is about
    #: the first day of what it speaks of, as printed. When it was made, its sources say
    date_from: str
    date_until: str  #: the last day, as printed; empty for none on record
    stance: str  #: how the speaker stands to it, in the words of its scheme: Asserted
    statement: str  #: what is claimed
    numbers: str  #: those that it names; empty for none
    sources: tuple[SourceLine, ...]
    responses: tuple[Response, ...]  #: what others say of it
    links: tuple[ClaimLink, ...]  #: the rows that speak to it, those that support it first
    forecast: Forecast | None = None  #: what of it can be worked out; None for what cannot
    #: what was worked out, which counts for the verdict as a row does
    worked_out: tuple[WorkedOut, ...] = ()

    @property
    def id(self) -> str:
        """The id of the claim."""
        return local_name(self.row)

    @property
    def time(self) -> str:
        """The time that it speaks of, as printed."""
        if self.date_until in {"", self.date_from}:
            return self.date_from
        return f"{self.date_from} to {self.date_until}"

    @property
    def counted(self) -> tuple[ClaimLink, ...]:
        """The links whose rows are in the view."""
        return tuple(link for link in self.links if link.card is not None)

    @property
    def verdict(self) -> str:
        """What comes of it: supported, partly contradicted, contradicted or not known."""
        by_rows = [each.relation for each in self.counted]
        return find_verdict([*by_rows, *(each.relation for each in self.worked_out)])

    @property
    def answered(self) -> str:
        """Who answers, and how."""
        return "; ".join(f"{each.stance.lower()} by {each.by}" for each in self.responses)

    def cards(self, *relations: str) -> list[RowCard]:
        """Return the rows in the view that stand in some relations to the claim."""
        return [link.card for link in self.links if link.card and link.relation in relations]


class Claims(Listing[Claim]):
    """Claims with their verdicts by the rows of a view."""

    records_key = "claims"
    _json = "claims"

    claims: tuple[Claim, ...]  #: those that were asked for, in the order of their keys
    known: int  #: how many claims there are in all; the same in every view

    @property
    def is_tabular(self) -> bool:
        """Whether it is written as tables; a single claim is a card."""
        return len(self) != 1

    def tables(self) -> list[Table]:
        """Return the list: the verdict, how much stands behind it, who says what."""
        columns = (
            Column("claim", "id"),
            Column("verdict", "verdict"),
            Column("for", lambda claim: _weight(claim.cards("supports"))),
            Column("against", lambda x: _weight(x.cards("contradicts", "partly-contradicts"))),
            Column("related, not counted", lambda claim: _weight(claim.cards("bears-on")), spare=1),
            Column("speaker", "speaker", spare=4),
            Column("about", "time", spare=2),
            Column("statement", "statement"),
            Column("answers", "answered", spare=3),
        )
        remarks = (
            "For, against: records of the data used, with the best tier of a source among them; "
            "a record that partly contradicts counts against.",
            "All records of one claim: monazite claims ID",
        )
        return [table("", self.claims, columns, remarks)]

    def csv_tables(self) -> list[Table]:
        """Return every link of the claims as one flat table; a claim without links has a line."""
        names = "claim=id verdict speaker role about=time statement answers=answered"
        own = bare_table(self.claims, names)
        links = ("relation", "counts", "row", "when", "text", "reason", "sources")
        rows = [
            [*cells, *each]
            for claim, cells in zip(self.claims, own.rows, strict=True)
            for each in map(_cells, claim.links or [None])
        ]
        return [Table("", (*own.columns, *links), rows)]

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return the list of claims as text; a single claim with all its records and sources.

        Args:
            fmt: table or markdown.
            width: columns of the terminal; nothing wraps if None.
            full: all columns and remarks, and nothing wraps.
        """
        if not self.is_tabular:
            view = "" if self.view is None else self.view.text
            text = write_claim(self.claims[0], fmt, view=view)
            return wrapped_lines(text, width) if width and not full and fmt == "table" else text
        return super().to_text(fmt, width=width, full=full)

    def headline(self) -> str:
        """Return how many of the claims are here; of a single one its id and verdict."""
        if len(self) == 1:
            return f"{self.claims[0].id}: {self.claims[0].verdict}"
        return f"{len(self)} of {counted(self.known, 'claim')}"


def find_claims(
    every_row: Store, view_rows: Store, tables: Mapping[str, TableShape]
) -> tuple[Claim, ...]:
    """Find the claims that are made, and judge each by the rows of a view."""
    responses: dict[str, list[Response]] = defaultdict(list)
    for answer in ask(every_row, "claim-responses"):
        response = Response(answer["by"], answer["stance"], answer["text"], answer.row())
        responses[answer.row("claim")].append(response)
    answers = ask(every_row, "claim-links")
    linked = {each.row() for each in ask(view_rows, "claim-links")}
    counted = {each.row(): each.row("fact") for each in answers if each.row() in linked}
    cards = read_cards(view_rows, tables, counted.values())
    links: dict[str, list[ClaimLink]] = defaultdict(list)
    for answer in answers:
        fact, row = answer.row("fact"), answer.row()
        card = cards.get(fact) if row in counted else None
        link = ClaimLink(answer["relation"], answer["reason"], fact, row, card)
        links[answer.row("claim")].append(link)
    statements = ask(every_row, "claim-statements")
    sources = read_sources(every_row, [answer.row() for answer in statements])
    names = ("speaker", "role", "actor", "subject", "stance", "statement", "numbers")
    claims = []
    for answer in statements:
        row, forecast = answer.row(), None
        if answer["without"] and answer["by"] and answer["subjectId"]:
            forecast = Forecast(answer["subjectId"], answer["without"], answer.integer("by"))
        found = sorted(links[row], key=lambda link: (RELATIONS.index(link.relation), link.row))
        claims.append(
            Claim(
                row=row,
                date_from=answer["from"],
                date_until=answer["until"],
                sources=sources[row],
                responses=tuple(responses[row]),
                links=tuple(found),
                forecast=forecast,
                worked_out=(),
                **{name: answer[name] for name in names},
            )
        )
    return tuple(claims)


def choose_claims(
    claims: Iterable[Claim], text: str = "", *, verdict: str = "", speaker: str = ""
) -> list[Claim]:
    """Choose claims by their id or its number, by words, by verdict and by who makes them."""
    check_text(text, "claim")
    check_text(speaker, "speaker")
    wanted = check_verdict(verdict)
    found = [
        (claim, f"{claim.id} {claim.statement} {claim.subject} {claim.numbers} {speakers}")
        for claim in claims
        for speakers in [f"{claim.speaker} {claim.role}"]
        if wanted in {"", claim.verdict} and speaker.casefold() in speakers.casefold()
    ]
    named = text.casefold().strip()
    exact = [claim for claim, _ in found if named in {claim.id, claim.id.split("-")[0]}]
    words = named.split()
    return exact or [x for x, told in found if all(word in told.casefold() for word in words)]
