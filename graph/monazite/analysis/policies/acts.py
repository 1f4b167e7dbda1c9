"""Acts as the rows give them: who issued them, their dated steps, and how they bear on others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from monazite.core.results import Value
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

IN_FORCE, NOT_IN_FORCE, MAY_BE = "in force", "not in force", "may be in force"
VALUES = (IN_FORCE, MAY_BE, NOT_IN_FORCE)
NEVER_ENDS = "9999-12-31"


@dataclass(frozen=True)
class PolicyStatus(Value):
    """Whether an act, or a part of it, is in force on a day.

    Attributes:
        value: whether it is in force on the day: in force, not in force, or may be in force.
        state: the same by what decided it: in force, in force in part, suspended, ended, not yet,
            announced, start not known, no measure, in force or suspended, in force or ended.
        reason: why, as the end of a sentence.
        since: the printed date since when this has been so; empty where it is not known.
        begins: the printed date on which it took or takes effect; empty where it is not known, or
            where it was stopped before.
        rows: the rows that decide it.
        part: the part that it is of; empty for the whole.
        parts: the status of each part that has dated steps of its own.
    """

    _words: ClassVar = {"value": VALUES}

    value: str
    state: str
    reason: str
    since: str = ""
    begins: str = ""
    rows: tuple[str, ...] = ()
    part: str = ""
    parts: tuple[PolicyStatus, ...] = ()

    @property
    def words(self) -> str:
        """The value and what it may be instead, without the reason."""
        return _WORDS.get(self.state, self.value)

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


_WORDS = {
    "in force in part": "in force in part",
    "in force or suspended": "may be in force or suspended",
    "in force or ended": "may be in force or ended",
}


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class ActLink(Value):
    """One act bears on another: ``policy`` suspends, amends, is ended by ``other``."""

    policy: str
    relation: str
    other: str
    row: str
    note: str


@dataclass(frozen=True)
class Act(Value):
    """A policy: the country or union that issued it, all countries party to it, steps by time."""

    id: str
    title: str
    kind: str
    kind_label: str
    country: str
    country_label: str
    issuers: tuple[str, ...]
    parties: frozenset[str]
    steps: tuple[Step, ...]

    def steps_of(self, *events: str) -> list[Step]:
        """Its steps of some kinds, those of its parts included."""
        return [step for step in self.steps if step.event in events]


@dataclass(frozen=True)
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


def read_acts(store: Store) -> Acts:
    """Read all acts of a store, once."""
    return store.derive(("policy-acts",), lambda: _read(store))


def _read(store: Store) -> Acts:
    steps: dict[str, list[Step]] = defaultdict(list)
    dates = ("date", "dateEarliest", "dateLatest", "until", "untilEarliest", "untilLatest")
    for line in ask(store, "policy-steps"):
        held = (line[name] for name in ("part", "event", *dates, "note"))
        steps[line["policy"]].append(Step(line.row(), *held))
    lines: dict[str, list[QueryRecord]] = defaultdict(list)
    for line in ask(store, "policy-acts"):
        lines[line["policy"]].append(line)
    acts = {
        name: Act(
            id=name,
            title=told[-1]["title"],
            kind=told[-1]["kind"],
            kind_label=told[-1]["kind_label"],
            country=told[-1]["country"],
            country_label=told[-1]["country_label"],
            issuers=tuple(dict.fromkeys(x["issuer_label"] for x in told if x["issuer_label"])),
            parties=frozenset(x[y] for x in told for y in ("country", "issuer_country")) - {""},
            steps=tuple(steps[name]),
        )
        for name, told in lines.items()
    }
    links = tuple(
        ActLink(line["policy"], line["relation"], line["other"], line.row(), line["note"])
        for line in ask(store, "policy-relations")
    )
    return Acts(acts, links)


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
    """Whether an act limits who may make, sell or buy: the end of others of its kind limits nobody.

    >>> from monazite.store.opening import open_store
    >>> acts = read_acts(open_store())
    >>> [is_rule(acts.acts[x], acts) for x in ("mofcom-gac-2025-18", "china-export-tax-end-2015")]
    [True, False]
    """
    ended = [acts.acts.get(link.policy) for link in acts.onto(act.id, "ended-by")]
    return act.kind in RULES and not any(x is not None and x.kind == act.kind for x in ended)
