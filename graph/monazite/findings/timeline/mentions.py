"""Which dated rows name an entity, and as what: owner, supplier, target of a policy ..."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.findings.plants.lives import Lives, read_lives
from monazite.findings.policies.on_sites import acts_on_sites
from monazite.rows.columns import Schema
from monazite.triples.queries import ask
from monazite.triples.store import Store

_STEPS_UP = 6
"""Longest chain of holders that is followed upward."""


@dataclass(frozen=True)
class Mentions:
    """The dated rows of a store by what they name; IRIs are without the base.

    Attributes:
        mentions: the rows that name a thing in a role, by role (owner, supplier) and thing.
    """

    store: Store
    schema: Schema
    day: str
    lives: Lives
    mentions: Mapping[tuple[str, str], frozenset[str]]

    def naming(self, entity: str, *roles: str, tables: Iterable[str] = ()) -> set[str]:
        """Return the rows that name a thing in one of some roles."""
        found = set().union(*(self.mentions.get((role, entity), frozenset()) for role in roles))
        starts = tuple(f"{table}/" for table in tables)
        return {row for row in found if row.startswith(starts)} if starts else found

    def of_policies(self, policies: Iterable[str]) -> set[str]:
        """Return the events of policies and the statements on them."""
        found: set[str] = set()
        for policy in policies:
            found |= self.naming(policy, "policy", tables=["policy_events"])
            found |= self.naming(policy, "subject", tables=["statements"])
        return found

    def touching(self, entities: Iterable[str], standing: Iterable[str]) -> set[str]:
        """Return the policies that touch plants and firms, or the countries of some of them."""
        named, placed = ([each.removeprefix("id/") for each in x] for x in (entities, standing))
        return {f"id/policy/{policy}" for policy in acts_on_sites(self.store, named, placed)}

    def holders_above(self, entity: str) -> dict[str, set[str]]:
        """Return the rows of ownership above a thing, by owner: all of them, whenever they held."""
        found: dict[str, set[str]] = defaultdict(set)
        level = {entity}
        for _ in range(_STEPS_UP):
            rows = {row for held in level for row in self.naming(held, "owned")}
            owners = {row: self._owner(row) for row in rows}
            level = {owner for owner in owners.values() if owner not in found}
            for row, owner in owners.items():
                found[owner].add(row)
        return found

    def _owner(self, row: str) -> str:
        return next(
            entity
            for (role, entity), rows in self.mentions.items()
            if role == "owner" and row in rows
        )


def read_mentions(store: Store, schema: Schema, day: str) -> Mentions:
    """Read what the dated rows of a store name."""
    mentions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for answer in ask(store, "network-mentions"):
        mentions[answer["as"].removeprefix("ns#"), answer["thing"]].add(answer.row())
    fixed = {key: frozenset(rows) for key, rows in mentions.items()}
    return Mentions(store, schema, day, read_lives(store), fixed)
