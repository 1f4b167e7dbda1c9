"""Which acts touch an element, a market, or a firm of the chain, and through which scope.

An element is touched by what covers it, a group, material or code that holds it, or a class whose
licences cover it; and by an act without goods that changes one that does. A market is touched where
it, a union of it, all destinations or a firm there is the aim; by a border without destination; and
where it is party or issuer. The chain is touched where a plant, its operator or holder is the aim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from monazite.analysis.policies.acts import (
    EXPORTS,
    Act,
    Acts,
    Goods,
    named_as,
    read_acts,
    read_goods,
)
from monazite.core.results import Value
from monazite.data.iris import BASE
from monazite.store.names import find_entity
from monazite.store.queries import NamedQuery, ask
from monazite.store.store import Store

ELEMENT, MARKET, CHAIN = "element", "market", "chain"
DESTINATION = "destination"
ALL_PLACES = "ALL"
BORDER_KINDS = EXPORTS | {"end-use-rule"}
"""Kinds of acts that guard a border: without a destination they are aimed at all."""
_WAYS = {
    "material": "only through a material that contains it",
    "code": "through a customs code of goods that contain it",
    "controlled list": "through a list whose licences cover it",
    "another act": "through an act that it changes",
}
"""How an act reaches an element, where the columns of its scope alone do not say so."""


@dataclass(frozen=True)
class Touch(Value):
    """That an act touches an element, market or chain, the scope through which, and the rows."""

    what: str
    way: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class PolicySelection:
    """The acts of a store, and what they touch of an element or group, and of a market."""

    store: Store
    members: frozenset[str] = frozenset()
    market: str = ""

    @cached_property
    def touched(self) -> Mapping[str, tuple[Touch, ...]]:
        """What each act touches, by its id; acts that touch nothing are left out."""
        chain = chain_of(self.store)
        found = {}
        for policy, act in self._acts.acts.items():
            aims = [(row.row, x.kind, x.id) for row in act.reach for x in row.named_as("targets")]
            of_chain = [Touch(CHAIN, kind, (row,)) for row, kind, x in aims if (kind, x) in chain]
            found[policy] = [*self._of_goods(act), *self._of_market(act), *of_chain]
        bare = {x.id for x in self._acts.acts.values() if not named_as(x.reach, "covers")}
        held = {policy for policy, each in found.items() if any(x.what == ELEMENT for x in each)}
        moves = [
            (x.other, x.policy, x.row) if x.relation == "ended-by" else (x.policy, x.other, x.row)
            for x in self._acts.links
            if x.relation in ("suspends", "amends", "says-extends", "ended-by")
        ]
        # Acts without goods of their own touch what the acts touch that they change.
        while more := [x for x in moves if x[1] in held and x[0] in bare - held]:
            for mover, _, row in more:
                found[mover].append(Touch(ELEMENT, "another act", (row,)))
            held |= {mover for mover, *_ in more}
        return {policy: tuple(each) for policy, each in found.items() if each}

    def touching(self, what: str, *, without: Iterable[str] = ()) -> set[str]:
        """The acts that touch the element, the market or the chain, but for some ways."""
        return {
            policy
            for policy, touches in self.touched.items()
            if any(touch.what == what and touch.way not in without for touch in touches)
        }

    def rows(self, policy: str, what: str) -> tuple[str, ...]:
        """The rows by which an act touches the element, the market or the chain."""
        touches = self.touched.get(policy, ())
        return tuple(dict.fromkeys(row for x in touches if x.what == what for row in x.rows))

    @cached_property
    def aimed(self) -> set[str]:
        """Acts aimed at the market; where there is none, those that guard a border."""
        if self.places:
            return self.touching(MARKET, without=("issuer",))
        return {act.id for act in self._acts.acts.values() if act.kind in BORDER_KINDS}

    def surely_without(self, policy: str, elements: frozenset[str]) -> bool:
        """Tell whether an act names goods, all known to hold none of some elements."""
        return self._goods.surely_without(self._acts.acts[policy].reach, elements)

    @cached_property
    def of_other_goods(self) -> frozenset[str]:
        """Acts on goods that surely hold no rare earth, and aimed at no one of the chain."""
        every = self._goods.elements.get("ree", frozenset())
        others = self._acts.acts.keys() - self.touching(CHAIN)
        return frozenset(policy for policy in others if self.surely_without(policy, every))

    @cached_property
    def _acts(self) -> Acts:
        return read_acts(self.store)

    @cached_property
    def _goods(self) -> Goods:
        return read_goods(self.store)

    @cached_property
    def places(self) -> frozenset[str]:
        """The market, the unions that it belongs to, and its members; none of the world."""
        if self.market in ("", "WLD"):
            return frozenset()
        pairs = [(x["area"], x["country"]) for x in ask(self.store, "network-area-members")]
        return frozenset({self.market, *(x for pair in pairs if self.market in pair for x in pair)})

    def _of_goods(self, act: Act) -> Iterator[Touch]:
        goods = self._goods
        asked = self.members - {thing.id for thing in named_as(act.reach, "exempts")}
        for row in act.reach:
            for thing in row.named_as("covers"):
                is_list = thing.form == "group" and thing.id not in goods.elements
                if goods.of(thing) & (asked if thing.kind == "element" else self.members):
                    yield Touch(ELEMENT, thing.kind, (row.row,))
                elif is_list and self._acts.licensed(act.country, goods) & self.members:
                    yield Touch(ELEMENT, "controlled list", (row.row,))

    def _of_market(self, act: Act) -> Iterator[Touch]:
        if not self.places:
            return
        abroad = act.country not in self.places
        for row in act.reach:
            for thing in row.named_as("targets"):
                if thing.id == ALL_PLACES and abroad:
                    yield Touch(MARKET, "all destinations", (row.row,))
                elif thing.kind == "country" and thing.id in self.places:
                    yield Touch(MARKET, DESTINATION, (row.row,))
                elif thing.country in self.places and thing.kind in ("organisation", "facility"):
                    yield Touch(MARKET, thing.kind, (row.row,))
        if abroad and act.kind in BORDER_KINDS and not named_as(act.reach, "targets"):
            yield Touch(MARKET, "all destinations", (f"policies/{act.id}",))
        if act.parties & self.places:
            way = "agreement" if act.kind in ("agreement", "meeting") else "issuer"
            yield Touch(MARKET, way, (f"policies/{act.id}",))


def chain_of(store: Store) -> frozenset[tuple[str, str]]:
    """Return the plants of the chain, who runs them, and who holds these: class and id."""

    def found() -> frozenset[tuple[str, str]]:
        runs = [line for line in ask(store, "network-operators") if line["stage"]]
        plants = {line["facility"] for line in runs}
        firms = {line["operator"] for line in runs if line["operator"]}
        holders: dict[str, set[str]] = defaultdict(set)
        for line in ask(store, "network-holdings"):
            holders[line["owned"]].add(line["owner"])
        level = plants | firms
        while level:
            level = {owner for held in level for owner in holders[held]} - firms
            firms |= level
        kinds = (("facility", plants), ("organisation", firms))
        return frozenset((kind, each) for kind, ids in kinds for each in ids)

    return store.derive(("chain-firms",), found)


def with_touches(query: NamedQuery, store: Store, given: Mapping[str, str]) -> NamedQuery:
    """Return a named question with the acts that touch an element bound, if it asks for them."""
    if not query.works_out("policy-touches"):
        return query
    default = next(each.default for each in query.parameters if each.name == ELEMENT)
    name = given.get(ELEMENT) or default
    what = find_entity(store, name, "ChemicalElement", "ElementGroup", what="element")
    own = {line["item"] for line in ask(store, "goods-of-element", element=what.id)}
    told = {  # these the question finds itself
        row.row
        for act in read_acts(store).acts.values()
        for row in act.reach
        if any(x.kind == "material" and x.id in own for x in row.named_as("covers"))
    }
    selection = select(store, what.id)
    singles = sorted({what.iri.removeprefix(BASE), *(f"id/element/{x}" for x in selection.members)})
    lines = [
        (f"id/policy/{policy}", single, _WAYS[touch.way], f"row/{row}")
        for policy, touches in sorted(selection.touched.items())
        for touch in touches
        for row in touch.rows
        if touch.what == ELEMENT and touch.way in _WAYS and row not in told
        for single in singles
    ]
    return query.with_lines(dict.fromkeys(lines), "policy-touches")


def select(store: Store, element: str = "", market: str = "") -> PolicySelection:
    """Select the acts that touch an element or group, a market, or a firm of the chain."""
    asked = ask(store, "network-members", element=element) if element else ()
    return PolicySelection(store, frozenset(line["member"] for line in asked), market)


def acts_on_sites(store: Store, named: Iterable[str], standing: Iterable[str]) -> set[str]:
    """Acts aimed at some plants and firms (class/id), or that touch the countries of others.

    >>> from monazite.store.opening import open_store
    >>> found = acts_on_sites(open_store(), ["facility/mountain-pass"], ["facility/mountain-pass"])
    >>> sorted(found & {"mofcom-gac-2025-18", "mountain-pass-closure", "mofcom-2026-1"})
    ['mofcom-gac-2025-18', 'mountain-pass-closure']
    """
    wanted, places = set(named), {f"id/{each}" for each in standing}
    found = {
        act.id
        for act in read_acts(store).acts.values()
        if any(f"{thing.kind}/{thing.id}" in wanted for thing in named_as(act.reach, "targets"))
    }
    lines = ask(store, "entity-countries")
    for country in sorted({line["country"] for line in lines if line["thing"] in places}):
        chosen = select(store, market=country)
        found |= chosen.touching(MARKET) - chosen.of_other_goods
    return found
