"""Acts as the rows give them: dated steps, links between acts, what they cover, whom they hit."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import ClassVar

from monazite.core.results import Value
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

IN_FORCE, NOT_IN_FORCE, MAY_BE = "in force", "not in force", "may be in force"
VALUES = (IN_FORCE, MAY_BE, NOT_IN_FORCE)
NEVER_ENDS = "9999-12-31"
_DIGITS = re.compile(r"\D")
_SYMBOL = 2  # letters at most: a longer word of a customs code is the name of goods


class PolicyStatus(Value):
    """Whether an act, or a part of it, is in force on a day."""

    _words: ClassVar = {"value": VALUES}

    value: str  #: whether it is in force on the day: in force, not in force, or may be in force
    #: the same by what decided it: in force, in force in part, suspended, ended, not yet,
    #: announced, start not known, no measure, in force or suspended, in force or ended
    state: str
    reason: str  #: why, as the end of a sentence
    since: str = ""  #: the printed date since when this has been so; empty where it is not known
    #: the printed date on which it took or takes effect; empty where it is not known, or where it
    #: was stopped before
    begins: str = ""
    rows: tuple[str, ...] = ()  #: the rows that decide it
    part: str = ""  #: the part that it is of; empty for the whole
    parts: tuple[PolicyStatus, ...] = ()  #: the status of each part that has dated steps of its own

    @property
    def words(self) -> str:
        """The value and what it may be instead, without the reason."""
        if self.state.startswith("in force or "):  # suspended, ended
            return f"may be {self.state}"
        return self.state if self.state == "in force in part" else self.value

    @property
    def with_state(self) -> str:
        """The words, and of what is not in force why not, in a word: announced, ended."""
        return f"{self.words} ({self.state})" if self.value == NOT_IN_FORCE else self.words

    @property
    def stands(self) -> bool:
        """Whether it is or may be in force on the day, or is only suspended."""
        return self.value != NOT_IN_FORCE or self.state == "suspended"

    @property
    def short(self) -> str:
        """What it is on the day in a word or two, as a cell of a table has it."""
        if self.value != NOT_IN_FORCE:
            return self.words
        return "not yet" if self.state == "announced" else self.state

    @property
    def text(self) -> str:
        """The value and its reason in one line."""
        return f"{self.words}: {self.reason}"


class Step(Value):
    """A dated event of an act, or of a part; each date as printed, and the days it can mean."""

    row: str
    part: str
    event: str
    date: str
    earliest: str
    latest: str
    until: str
    until_earliest: str
    until_latest: str
    note: str


class ActLink(Value):
    """One act bears on another: ``policy`` suspends, amends, is ended by ``other``."""

    policy: str
    relation: str
    other: str
    row: str
    note: str


class Named(Value):
    """A thing that a scope row covers, exempts or targets."""

    relation: str
    kind: str  # element (or a group), material, code, country, organisation, facility
    id: str
    label: str
    country: str  # of an organisation or facility
    form: str  # of a material; "other" is outside the chain, "group" may hold some of it
    notation: str  # of a code
    words: str  # of a code: the goods it covers


class ReachRow(Value):
    """A row of the scope of an act."""

    row: str
    kind: str
    text: str
    detail: str
    named: tuple[Named, ...]

    def named_as(self, relation: str) -> tuple[Named, ...]:
        """What it covers, exempts or targets."""
        return tuple(each for each in self.named if each.relation == relation)


def named_as(rows: Iterable[ReachRow], relation: str) -> list[Named]:
    """What some rows cover, exempt or target."""
    return [thing for row in rows for thing in row.named_as(relation)]


class Act(Value):
    """A policy: who issued it, the countries party to it, its steps by time, and its scope."""

    id: str
    title: str
    kind: str
    kind_label: str
    country: str
    country_label: str
    issuers: tuple[str, ...]
    parties: frozenset[str]
    steps: tuple[Step, ...]
    reach: tuple[ReachRow, ...] = ()

    def steps_of(self, *events: str) -> list[Step]:
        """Its steps of some kinds, those of its parts included."""
        return [step for step in self.steps if step.event in events]


class Acts(Value):
    """All acts of a store by id, and the links between them."""

    acts: Mapping[str, Act]
    links: tuple[ActLink, ...]

    def onto(self, policy: str, *relations: str) -> list[ActLink]:
        """The links by which other acts bear on one, by relation."""
        return [
            x for name in relations for x in self.links if (x.other, x.relation) == (policy, name)
        ]

    def of(self, policy: str, relation: str) -> list[ActLink]:
        """The links by which an act bears on others."""
        return [x for x in self.links if (x.policy, x.relation) == (policy, relation)]

    def ends_its_kind(self, act: Act) -> bool:
        """Whether an act ends another of its own kind."""
        ended = [self.acts.get(link.policy) for link in self.onto(act.id, "ended-by")]
        return any(x is not None and x.kind == act.kind for x in ended)

    def licensed(self, country: str, goods: Goods) -> frozenset[str]:
        """What a state controls by licences under its regulations: a class of a list names none."""
        carried_out = [self.acts[x.policy] for x in self.links if x.relation == "implements"]
        licences = [x for x in carried_out if (x.country, x.kind) == (country, "export-licence")]
        return goods.covered_by(row for act in licences for row in act.reach)


class Goods(Value):
    """Which elements are in goods: by id of a group or material, and by customs code of one."""

    elements: Mapping[str, frozenset[str]]
    codes: Mapping[str, frozenset[str]]

    def of(self, thing: Named) -> frozenset[str]:
        """The symbols in what a row covers; a code holds what its goods hold and its text lists."""
        if thing.kind != "code":
            return self.elements.get(thing.id, frozenset({thing.id}))
        digits = _DIGITS.sub("", thing.notation)
        under = [held for code, held in self.codes.items() if code.startswith(digits)]
        listed = {word.strip() for word in re.split(r"[;,]", thing.words)}
        return frozenset[str]().union(*under, listed - {""})

    def surely_without(self, rows: Iterable[ReachRow], elements: frozenset[str]) -> bool:
        """Whether rows cover goods all known to hold none of some elements; unread codes aside."""
        held = [(thing, self._known(thing)) for thing in named_as(rows, "covers")]
        told = [known for _, known in held if known is not None]
        unknown = any(known is None and thing.kind != "code" for thing, known in held)
        return bool(told) and not unknown and not any(known & elements for known in told)

    def _known(self, thing: Named) -> frozenset[str] | None:
        """The elements in what a row covers; None where they are not known."""
        held = self.of(thing)
        if thing.kind == "code":
            return held if held and all(len(name) <= _SYMBOL for name in held) else None
        if thing.kind == "element" or thing.id in self.elements:
            return held
        return frozenset() if thing.form == "other" else None

    def covered_by(self, rows: Iterable[ReachRow]) -> frozenset[str]:
        """The symbols of the elements that rows cover, in whatever goods."""
        return frozenset[str]().union(*map(self.of, named_as(rows, "covers")))


def read_acts(store: Store) -> Acts:
    """Read all acts of a store, once."""

    def read() -> Acts:
        steps: dict[str, list[Step]] = defaultdict(list)
        dates = ("date", "dateEarliest", "dateLatest", "until", "untilEarliest", "untilLatest")
        for line in ask(store, "policy-steps"):
            held = (line[name] for name in ("part", "event", *dates, "note"))
            steps[line["policy"]].append(Step(line.row(), *held))
        reach: dict[str, dict[str, ReachRow]] = defaultdict(dict)
        own = ("relation", "class", "item", "label", "country", "form", "notation", "words")
        for line in ask(store, "policy-reach"):
            rows, row = reach[line["policy"]], line.row()
            known = rows[row].named if row in rows else ()
            named = (Named(*(line[name] for name in own)),) if line["item"] else ()
            rows[row] = ReachRow(row, line["kind"], line["text"], line["detail"], (*known, *named))
        lines: dict[str, list[QueryRecord]] = defaultdict(list)
        for line in ask(store, "policy-acts"):
            lines[line["policy"]].append(line)
        names = ("title", "kind", "kind_label", "country", "country_label")
        acts = {
            name: Act(
                id=name,
                issuers=tuple(dict.fromkeys(x["issuer_label"] for x in told if x["issuer_label"])),
                parties=frozenset(x[y] for x in told for y in ("country", "issuer_country")) - {""},
                steps=tuple(steps[name]),
                reach=tuple(reach[name].values()),
                **{x: told[-1][x] for x in names},
            )
            for name, told in lines.items()
        }
        links = tuple(
            ActLink(line["policy"], line["relation"], line["other"], line.row(), line["note"])
            for line in ask(store, "policy-relations")
        )
        return Acts(acts, links)

    return store.derive(("policy-acts",), read)


def read_goods(store: Store) -> Goods:
    """Read which elements are in which goods, once."""

    def read() -> Goods:
        elements: dict[str, set[str]] = defaultdict(set)
        codes: dict[str, set[str]] = defaultdict(set)
        for line in ask(store, "goods-elements"):
            elements[line["item"]].add(line["element"])
            if line["notation"]:
                codes[_DIGITS.sub("", line["notation"])].add(line["element"])
        return Goods(
            {name: frozenset(held) for name, held in elements.items()},
            {code: frozenset(held) for code, held in codes.items()},
        )

    return store.derive(("goods-elements",), read)


EXPORTS = frozenset(
    {"export-licence", "export-quota", "export-ban", "export-tax", "informal-embargo"}
    | {"technology-export-ban"}
)
"""Kinds that limit what leaves a country."""
RULES = (
    EXPORTS
    | {"end-use-rule", "sanction", "tariff", "procurement-ban", "production-quota"}
    | {"environment-closure"}
)
"""Kinds that limit who may make, sell or buy what."""


def is_rule(act: Act, acts: Acts) -> bool:
    """Return whether an act limits who may make, sell or buy, and does not only end such acts."""
    return act.kind in RULES and not acts.ends_its_kind(act)
