"""Acts as the rows give them: who issued them, their dated steps, and how they bear on others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from monazite.core.results import Value
from monazite.store.queries import ask
from monazite.store.store import Store

IN_FORCE, NOT_IN_FORCE, MAY_BE = "in force", "not in force", "may be in force"
VALUES = (IN_FORCE, MAY_BE, NOT_IN_FORCE)
"""The three values of a status."""
NEVER_ENDS = "9999-12-31"
"""The day that stands for none."""


@dataclass(frozen=True)
class PolicyStatus(Value):
    """Whether an act, or a part of it, is in force on a day.

    Attributes:
        value: in force, not in force, or may be in force.
        state: the same by what decided it: in force, in force in part, suspended, ended, not yet,
            announced, start not known, no measure, in force or suspended, in force or ended.
        reason: why, as the end of a sentence.
        since: the date, as printed, since when this has been so; empty where it is not known.
        begins: the date, as printed, on which it took or takes effect; empty where it is not known,
            or where it was stopped before.
        rows: the rows that decide it.
        part: the part that it is of; empty for the whole.
        parts: the status of each part that has dated steps of its own.
    """

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
    """One dated event of an act.

    Attributes:
        part: the part of the act that it is about; empty for the whole.
        until: the last day that it sets, as printed; empty for none.
        until_earliest: the first day that this can mean; empty for none.
        until_latest: the last day that this can mean; empty for none.
    """

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
    """A policy as the rows give it.

    Attributes:
        country: code of the country or union that issued it.
        parties: codes of the countries of its issuers, and its own.
    """

    id: str
    title: str
    kind: str
    kind_label: str
    country: str
    country_label: str
    issuers: tuple[str, ...]
    parties: frozenset[str]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Acts(Value):
    """All acts of a store by id, and the links between them."""

    acts: Mapping[str, Act]
    links: tuple[ActLink, ...]

    def onto(self, policy: str, relation: str) -> tuple[ActLink, ...]:
        """Return the links by which other acts bear on one."""
        return tuple(x for x in self.links if (x.other, x.relation) == (policy, relation))

    def of(self, policy: str, relation: str) -> tuple[ActLink, ...]:
        """Return the links by which an act bears on others."""
        return tuple(x for x in self.links if (x.policy, x.relation) == (policy, relation))


def read_acts(store: Store) -> Acts:
    """Read all acts of a store.

    >>> from monazite.store.opening import open_store
    >>> found = read_acts(open_store())
    >>> [(step.event, step.date) for step in found.acts["mofcom-gac-2025-18"].steps]
    [('announced', '2025-04-04'), ('effective', '2025-04-04')]
    """
    return store.derive(("policy-acts",), lambda: _read(store))


def _read(store: Store) -> Acts:
    steps: dict[str, list[Step]] = defaultdict(list)
    for line in ask(store, "policy-steps"):
        steps[line["policy"]].append(
            Step(
                row=line.row(),
                part=line["part"],
                event=line["event"],
                date=line["date"],
                earliest=line["dateEarliest"],
                latest=line["dateLatest"],
                until=line["until"],
                until_earliest=line["untilEarliest"],
                until_latest=line["untilLatest"],
                note=line["note"],
            )
        )
    acts: dict[str, Act] = {}
    for line in ask(store, "policy-acts"):
        known = acts.get(line["policy"])
        issuers = [*(known.issuers if known else ()), line["issuer_label"]]
        parties = {*(known.parties if known else ()), line["country"], line["issuer_country"]}
        acts[line["policy"]] = Act(
            id=line["policy"],
            title=line["title"],
            kind=line["kind"],
            kind_label=line["kind_label"],
            country=line["country"],
            country_label=line["country_label"],
            issuers=tuple(dict.fromkeys(name for name in issuers if name)),
            parties=frozenset(parties - {""}),
            steps=tuple(steps[line["policy"]]),
        )
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
RULES = EXPORTS | {
    *("end-use-rule", "sanction", "tariff", "procurement-ban", "production-quota"),
    "environment-closure",
}
"""Kinds that limit who may make, sell or buy what."""


def is_rule(act: Act, acts: Acts) -> bool:
    """Tell whether an act limits who may make, sell or buy what.

    What only ends others of its own kind, such as the end of export duties, limits nobody.

    >>> from monazite.analysis.policies.acts import read_acts
    >>> from monazite.store.opening import open_store
    >>> acts = read_acts(open_store())
    >>> names = ("mofcom-gac-2025-18", "china-export-tax-end-2015", "busan-2025")
    >>> [is_rule(acts.acts[name], acts) for name in names]
    [True, False, False]
    """
    if act.kind not in RULES:
        return False
    ended = [acts.acts.get(link.policy) for link in acts.onto(act.id, "ended-by")]
    return not any(other is not None and other.kind == act.kind for other in ended)
