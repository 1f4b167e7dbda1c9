"""Claims that people make in public, and what the rows of a view say to them.

A statement is not a fact: which statements there are does not depend on a view. What answers
them does. Links tie a statement to the rows that speak to it; a link counts only while its row
is in the view, and the verdict follows from the links that count, by one rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.errors import UnknownNameError, did_you_mean
from monazite.rows.columns import Schema
from monazite.rows.iris import PREFIXES, local_name, row_iri
from monazite.triples.answers import to_answer
from monazite.triples.cards import RowCard, SourceLine, read_cards
from monazite.triples.store import Store

SUPPORTED, PARTLY, CONTRADICTED, UNDECIDED = VERDICTS = (
    "supported",
    "partly contradicted",
    "contradicted",
    "not known",
)
RELATIONS = ("supports", "contradicts", "partly-contradicts", "bears-on")
"""Codes of the scheme ``statement-relation``, in the order in which a reader wants them."""

_PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
_STATEMENTS = """SELECT DISTINCT ?row ?speaker ?role ?actor ?subject ?from ?until ?stance
  ?statement ?numbers WHERE {
  ?row a mz:Statement ; mz:speaker ?who ; mz:subject ?about ; mz:statement ?statement ;
    mz:stance/skos:prefLabel ?stance .
  OPTIONAL { ?who rdfs:label ?name } OPTIONAL { ?who mz:publisher ?publisher }
  OPTIONAL { ?about rdfs:label ?aboutLabel }
  BIND(COALESCE(?name, ?publisher) AS ?speaker)
  BIND(COALESCE(?aboutLabel, REPLACE(STR(?about), "^.*/", "")) AS ?subject)
  OPTIONAL { ?row mz:speakerRole ?role } OPTIONAL { ?row mz:actor/rdfs:label ?actor }
  OPTIONAL { ?row mz:dateFrom ?from } OPTIONAL { ?row mz:dateUntil ?until }
  OPTIONAL { ?row mz:numbers ?numbers }
}"""
_RESPONSES = """SELECT DISTINCT ?row ?claim ?by ?stance ?text WHERE {
  ?row a mz:StatementResponse ; mz:aboutStatement ?claim ; mz:responderText ?by ;
    mz:stance/skos:prefLabel ?stance ; mz:text ?text .
}"""
_LINKS = """SELECT DISTINCT ?row ?claim ?relation ?fact ?reason WHERE {
  ?row a mz:StatementLink ; mz:aboutStatement ?claim ; mz:fact ?fact ; mz:reason ?reason ;
    mz:statementRelation/skos:notation ?relation .
}"""


@dataclass(frozen=True)
class Response:
    """What somebody else says of a claim."""

    by: str
    stance: str
    text: str
    row: str


@dataclass(frozen=True)
class ClaimLink:
    """How a row stands to a claim: its relation (a code), the reason, and the row as a card.

    ``card`` is None where the row, or the link itself, is not in the view: it does not count.
    """

    relation: str
    reason: str
    fact: str
    row: str
    card: RowCard | None


@dataclass(frozen=True)
class Claim:
    """A statement with who makes it, who answers, and the rows that speak to it.

    ``date_from`` and ``date_until`` are those of what it speaks of, as printed; when it was
    made, its sources say. A speaker that is no person or firm is the article itself.
    """

    row: str
    speaker: str
    role: str
    actor: str
    subject: str
    date_from: str
    date_until: str
    stance: str
    statement: str
    numbers: str
    sources: tuple[SourceLine, ...]
    responses: tuple[Response, ...]
    links: tuple[ClaimLink, ...]

    @property
    def id(self) -> str:
        """The key of the statement."""
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
        """One of ``VERDICTS``, by the rule of :func:`find_verdict`."""
        return find_verdict(link.relation for link in self.counted)

    def cards(self, *relations: str) -> list[RowCard]:
        """Return the rows in the view that stand in some relations to the claim."""
        return [link.card for link in self.links if link.card and link.relation in relations]


def find_verdict(relations: Iterable[str]) -> str:
    """Return the verdict on a claim from the relations of the rows that speak to it.

    A row that partly contradicts bears one part out and denies another: it stands on both sides.
    Rows that only bear on a claim decide nothing.

    >>> find_verdict(["supports", "bears-on"]), find_verdict(["contradicts"])
    ('supported', 'contradicted')
    >>> find_verdict(["supports", "contradicts"]), find_verdict(["partly-contradicts"])
    ('partly contradicted', 'partly contradicted')
    >>> find_verdict(["bears-on"]), find_verdict([])
    ('not known', 'not known')
    """
    found = set(relations)
    speaks_for = bool(found & {"supports", "partly-contradicts"})
    speaks_against = bool(found & {"contradicts", "partly-contradicts"})
    if speaks_for and speaks_against:
        return PARTLY
    if speaks_for:
        return SUPPORTED
    return CONTRADICTED if speaks_against else UNDECIDED


def find_claims(said: Store, seen: Store, schema: Schema) -> tuple[Claim, ...]:
    """Find the claims that are made, and judge each by the rows of a view.

    Args:
        said: the store that holds the statements, answers and links: all rows.
        seen: the store of the view whose rows answer them; may be the same.
        schema: the tables, for the text of the rows.

    Returns:
        The claims in the order of their keys.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> from monazite.triples.store import open_store
    >>> store = open_store()
    >>> claims = find_claims(store, store, read_schema(ontology_folder()))
    >>> {claim.id: claim.verdict for claim in claims}["c17-france-1994"]
    'partly contradicted'
    """
    responses: dict[str, list[Response]] = defaultdict(list)
    for answer in _ask(said, _RESPONSES):
        response = Response(answer["by"], answer["stance"], answer["text"], answer["row"])
        responses[answer["claim"]].append(response)
    links = _read_links(said, seen, schema)
    statements = _ask(said, _STATEMENTS)
    cards = read_cards(said, schema, [answer["row"] for answer in statements])
    return tuple(
        _claim(answer, cards[row].sources, responses[row], links[row])
        for answer in statements
        for row in [answer["row"]]
    )


def _ask(store: Store, query: str) -> list[dict[str, str]]:
    """Answer a query, rows of the tables by ``table/key``, sorted."""
    answers = [
        {name: text.removeprefix("row/") for name, text in answer.items()}
        for answer in to_answer(store.select(_PREFIX + query)).dicts()
    ]
    return sorted(answers, key=lambda answer: answer["row"])


def _read_links(said: Store, seen: Store, schema: Schema) -> dict[str, list[ClaimLink]]:
    answers = _ask(said, _LINKS)
    counted = {answer["row"]: answer["fact"] for answer in answers if _holds(seen, answer["row"])}
    cards = read_cards(seen, schema, counted.values())
    links: dict[str, list[ClaimLink]] = defaultdict(list)
    for answer in answers:
        relation, reason, fact, row = (
            answer[name] for name in ("relation", "reason", "fact", "row")
        )
        card = cards.get(fact) if row in counted else None
        links[answer["claim"]].append(ClaimLink(relation, reason, fact, row, card))
    return links


def _holds(store: Store, row: str) -> bool:
    return store.has_graph(row_iri(*row.split("/", 1)))


def _claim(
    answer: dict[str, str],
    sources: tuple[SourceLine, ...],
    responses: list[Response],
    links: list[ClaimLink],
) -> Claim:
    return Claim(
        row=answer["row"],
        speaker=answer["speaker"],
        role=answer["role"],
        actor=answer["actor"],
        subject=answer["subject"],
        date_from=answer["from"],
        date_until=answer["until"],
        stance=answer["stance"],
        statement=answer["statement"],
        numbers=answer["numbers"],
        sources=sources,
        responses=tuple(responses),
        links=tuple(sorted(links, key=lambda link: (RELATIONS.index(link.relation), link.row))),
    )


def choose_claims(
    claims: Iterable[Claim], text: str = "", *, verdict: str = "", speaker: str = ""
) -> list[Claim]:
    """Choose claims by their id or its number, by words, by verdict and by who makes them.

    Raises:
        UnknownNameError: there is no such verdict.

    >>> choose_claims([], verdict="suported")
    Traceback (most recent call last):
    monazite.errors.UnknownNameError: There is no verdict "suported"; did you mean "supported"?
    """
    wanted = verdict.casefold().replace("-", " ").strip()
    if wanted and wanted not in VERDICTS:
        fix = did_you_mean(wanted, VERDICTS) or f"verdicts are {', '.join(VERDICTS)}."
        raise UnknownNameError(f'There is no verdict "{verdict}"; {fix}')
    found = [
        claim
        for claim in claims
        if wanted in {"", claim.verdict} and speaker.casefold() in _speakers(claim)
    ]
    named = text.casefold().strip()
    exact = [claim for claim in found if named in {claim.id, claim.id.split("-")[0]}]
    return exact or [claim for claim in found if _matches(claim, named)]


def _speakers(claim: Claim) -> str:
    return f"{claim.speaker} {claim.role}".casefold()


def _matches(claim: Claim, text: str) -> bool:
    words = f"{claim.id} {claim.statement} {claim.subject} {claim.numbers} {_speakers(claim)}"
    return all(word in words.casefold() for word in text.split())
