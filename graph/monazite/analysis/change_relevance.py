"""What of a change is about an element and a market: what surely is of other goods is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from monazite.analysis.policies.acts import read_goods
from monazite.analysis.policies.selection import CHAIN, ELEMENT, MARKET, PolicySelection, select
from monazite.store.names import find_entity
from monazite.store.queries import ask
from monazite.store.store import Store

_ENDS = ("facility", "owner", "owned", "supplier", "customer")  # of what a dated row is about


@dataclass(frozen=True)
class Relevance:
    """What touches an element and a market."""

    store: Store
    selection: PolicySelection
    day: str

    def of_policy(self, policy: str) -> bool | None:
        """Return whether an act touches the market; None where it does not touch the element."""
        touched = {touch.what for touch in self.selection.touched.get(policy, ())}
        others = self.selection.surely_without(policy, self.selection.members)
        if not touched & {ELEMENT, CHAIN} and (others or MARKET not in touched):
            return None
        return MARKET in touched

    def of_facility(self, facility: str) -> bool | None:
        """Return whether a plant is in the market; None where it makes other goods only."""
        if self._surely_other(self._made.get(facility, frozenset())):
            return None
        return self._is_here(f"id/facility/{facility}")

    def of_row(self, row: str) -> bool | None:
        """Return whether a dated row names the market; None where it is of other goods only."""
        named = self._named.get(row, {})
        goods = frozenset(x.removeprefix("id/material/") for x in named.get("material", ()))
        plants = [
            x.rsplit("/", 1)[-1] for end in _ENDS for x in named.get(end, ()) if "/facility/" in x
        ]
        if self._surely_other(goods) or any(self.of_facility(plant) is None for plant in plants):
            return None
        return any(self._is_here(thing) for end in _ENDS for thing in named.get(end, ()))

    def _surely_other(self, goods: frozenset[str]) -> bool:
        """Tell whether goods are named, and the elements of all are known and are others."""
        held = read_goods(self.store).elements
        members = self.selection.members
        return bool(goods) and all(good in held and not held[good] & members for good in goods)

    def _is_here(self, thing: str) -> bool:
        places = self.selection.places
        kind, _, name = thing.removeprefix("id/").partition("/")
        return (name if kind in ("country", "area") else self._countries.get(thing, "")) in places

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        return {line["thing"]: line["country"] for line in ask(self.store, "entity-countries")}

    @cached_property
    def _named(self) -> Mapping[str, Mapping[str, set[str]]]:
        """What each dated row names, by role."""
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for line in ask(self.store, "network-mentions"):
            found[line.row()][line["as"].removeprefix("ns#")].add(line["thing"])
        return found

    @cached_property
    def _made(self) -> Mapping[str, frozenset[str]]:
        """Goods of which a plant has figures."""
        found: dict[str, set[str]] = defaultdict(set)
        for line in ask(self.store, "network-capacity", date=self.day):
            found[line["facility"]].add(line["material"])
        return {plant: frozenset(goods) for plant, goods in found.items()}


def read_relevance(store: Store, day: str, element: str, market: str) -> Relevance:
    """Read what touches an element and a market."""
    what = find_entity(store, element, "ChemicalElement", "ElementGroup", what="element")
    where = find_entity(store, market, "Country", "Area", what="market")
    return Relevance(store, select(store, what.id, where.id), day)
