"""A row of a control's scope: what it names, and where in the chain what it covers stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from monazite.findings.reconciliation.line import STAGES, balanced_stage
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

COUNTRY, ELEMENT, EVERYBODY = "target-country", "element", "ALL"
RESALE, ONLY_ABROAD, FOREIGN_MADE = "resale", "only-abroad", "foreign-made"
EXPORT = "export"
NO_VOLUME_LIMIT = "no-volume-limit"

Places = tuple[tuple[str, str], ...]
"""Stages and elements."""


@dataclass(frozen=True, order=True)
class ScopeTarget:
    """What a row covers, exempts or targets; a member stands beside its group."""

    relation: str
    kind: str
    id: str


@dataclass(frozen=True)
class ScopeRow:
    """A row of policy_scope, what it names, and where in the chain what it covers stands.

    Attributes:
        kind: a code of the scheme ``scope-kind``: element, threshold, target-country.
        percent: the threshold that it prints, 0 to 100; empty for none.
        begins: its first day as printed; empty for that of the policy.
        forms: stages of the forms that it states of a covered element: metal, of metal and alloy.
        reach: what it binds beyond goods that leave the country (scheme ``scope-reach``).
        users: at whom within its target it is aimed (scheme ``scope-users``); none is everybody.
        directions: export, import or both; none where it states none.
        meaning: a code of the scheme ``scope-class`` where it names nothing with an identifier.
        covered: each thing that it covers, with its stages and elements.
    """

    id: str
    kind: str
    text: str
    detail: str
    percent: str
    begins: str
    ends: str
    things: tuple[ScopeTarget, ...]
    forms: tuple[str, ...]
    reach: frozenset[str]
    users: frozenset[str]
    directions: frozenset[str]
    meaning: str
    covered: tuple[tuple[ScopeTarget, Places], ...]

    @property
    def goods(self) -> list[tuple[str, str]]:
        """Stages and elements that it covers."""
        return [place for _, places in self.covered for place in places]

    @property
    def exports(self) -> bool:
        """Whether it speaks of exports, and not of imports alone."""
        return not self.directions or EXPORT in self.directions

    @property
    def words(self) -> str:
        """Its text as printed, in quotation marks, and its detail."""
        return f'"{self.text}"' + (f" ({self.detail})" if self.detail else "")

    def named(self, relation: str) -> frozenset[str]:
        """Return what the row names in one relation."""
        return frozenset(thing.id for thing in self.things if thing.relation == relation)

    def runs(self, day: str) -> bool:
        """Return whether this part of the scope is in force on a day."""
        return self.begins <= day <= (self.ends or "9999-12-31")


def read_places(store: Store) -> Mapping[tuple[str, str], Places]:
    """Read the stages and elements for which goods stand."""
    places: dict[tuple[str, str], Places] = {}
    for answer in ask(store, "policy-goods"):
        stage = balanced_stage(answer["stage"])
        if stage in STAGES:
            key = answer["class"], answer["item"]
            places[key] = (*places.get(key, ()), (stage, answer["element"]))
    return places


def to_scope_rows(
    answers: Iterable[QueryRecord], places: Mapping[tuple[str, str], Places]
) -> Iterator[ScopeRow]:
    """Take the answers of the query ``policy-scopes`` on one policy, a row at a time."""
    for row, lines in groupby(answers, key=lambda answer: answer["row"]):
        if row:
            yield _to_row(list(lines), places)


def _to_row(lines: list[QueryRecord], places: Mapping[tuple[str, str], Places]) -> ScopeRow:
    first = lines[0]
    forms = {place for form in _all(lines, "form") for place, _ in places.get(("form", form), ())}
    things = {
        ScopeTarget(line["relation"], line["class"], thing)
        for line in lines
        for thing in (line["item"], line["member"])
        if thing
    }

    def stand(thing: ScopeTarget) -> Places:
        if thing.kind == ELEMENT and forms and (thing.kind, thing.id) in places:
            return tuple((stage, thing.id) for stage in sorted(forms))
        return places.get((thing.kind, thing.id), ())

    return ScopeRow(
        id=first.row(),
        kind=first["kind"],
        text=first["text"],
        detail=first["detail"],
        percent=first["percent"],
        begins=first["from"],
        ends=first["until"],
        things=tuple(sorted(things)),
        forms=tuple(sorted(forms)),
        reach=_all(lines, "reach"),
        users=_all(lines, "users"),
        directions=_all(lines, "direction"),
        meaning=first["meaning"],
        covered=tuple(
            (thing, stand(thing)) for thing in sorted(things) if thing.relation == "covers"
        ),
    )


def _all(lines: Iterable[QueryRecord], column: str) -> frozenset[str]:
    return frozenset(line[column] for line in lines) - {""}
