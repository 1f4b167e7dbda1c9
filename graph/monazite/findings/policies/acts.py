"""Acts as the rows give them: who issued them, their dated steps, and how they bear on others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from monazite.result import Value
from monazite.triples.queries import ask
from monazite.triples.store import Store


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

    >>> from monazite.triples.opening import open_store
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
