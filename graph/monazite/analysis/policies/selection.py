"""Which acts touch an element, a market, or a firm of the chain, and through which scope.

One selection serves briefs, pages, timelines and the list of policies. An act touches an element
where it covers it, a group, material or customs code that holds it, or a controlled class whose
licences cover it; and where it names no goods and suspends, amends or ends an act that does. It
touches a market where it is aimed at it, at a union it belongs to, at all destinations, or at a
firm there; where it guards a border and names no destination; and where the market is a party to it
or issued it. It touches the chain where it is aimed at a plant, at who runs one, or at who holds
one of these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from monazite.analysis.policies.acts import Act, Acts, read_acts
from monazite.analysis.policies.reach import (
    Goods,
    Named,
    ReachRow,
    licensed_elements,
    read_goods,
    read_reach,
)
from monazite.core.results import Value
from monazite.data.iris import BASE
from monazite.store.names import find_entity
from monazite.store.queries import NamedQuery, ask
from monazite.store.store import Store

ELEMENT, MARKET, CHAIN = "element", "market", "chain"
"""What an act may touch."""
DESTINATION = "destination"
"""The way of an act that names the market as where goods go."""
_ITS_OWN = ("issuer",)
"""Ways that touch a market without being aimed at it."""
ALL_PLACES, WORLD = "ALL", "WLD"
RARE_EARTHS = "ree"
"""The group of all rare earths."""
BORDER_KINDS = frozenset(
    {
        *("export-licence", "export-quota", "export-ban", "export-tax", "informal-embargo"),
        *("technology-export-ban", "end-use-rule"),
    }
)
"""Kinds of acts that guard a border: without a destination they are aimed at all."""
CHANGES_OTHERS = ("suspends", "amends", "says-extends")
"""Relations of an act to the one that it changes."""


_TOUCHES = "policy-touches"
"""What a question asks for that has the acts bound in it that touch an element."""
_WAYS = {
    "material": "only through a material that contains it",
    "code": "through a customs code of goods that contain it",
    "controlled list": "through a list whose licences cover it",
    "another act": "through an act that it changes",
}
"""How an act reaches an element, in words, where the columns of its scope alone do not say so."""


@dataclass(frozen=True)
class Touch(Value):
    """That an act touches something.

    Attributes:
        way: the scope through which: element, material, code, controlled list, destination, all
            destinations, organisation, facility, agreement, issuer, or another act.
    """

    what: str
    way: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class PolicySelection:
    """The acts of a store, and what they touch.

    Attributes:
        members: symbols of the element, or of the members of the group; none for no element.
        market: code of the market; empty or the world for none.
    """

    store: Store
    members: frozenset[str] = frozenset()
    market: str = ""

    @cached_property
    def touched(self) -> Mapping[str, tuple[Touch, ...]]:
        """What each act touches, by its id; acts that touch nothing are left out."""
        found = {policy: list(self._of(act)) for policy, act in self._acts.acts.items()}
        for policy, touch in self._through_others(found):
            found[policy].append(touch)
        return {policy: tuple(touches) for policy, touches in found.items() if touches}

    def touching(self, what: str, *, without: Iterable[str] = ()) -> set[str]:
        """Return the acts that touch the element, the market or the chain."""
        return {
            policy
            for policy, touches in self.touched.items()
            if any(touch.what == what and touch.way not in without for touch in touches)
        }

    def rows(self, policy: str, what: str) -> tuple[str, ...]:
        """Return the rows by which an act touches the element, the market or the chain."""
        touches = self.touched.get(policy, ())
        return tuple(dict.fromkeys(row for x in touches if x.what == what for row in x.rows))

    @cached_property
    def aimed(self) -> set[str]:
        """Acts aimed at the market; where there is none, those that guard a border."""
        if self.places:
            return self.touching(MARKET, without=_ITS_OWN)
        return {act.id for act in self._acts.acts.values() if act.kind in BORDER_KINDS}

    def act(self, policy: str) -> Act:
        """Return an act by its id."""
        return self._acts.acts[policy]

    def surely_without(self, policy: str, elements: frozenset[str]) -> bool:
        """Tell whether an act names goods, all known to hold none of some elements."""
        return self._goods.surely_without(self._reach.get(policy, ()), elements)

    @cached_property
    def of_other_goods(self) -> frozenset[str]:
        """Acts on goods that surely hold no rare earth, and aimed at no one of the chain."""
        every = self._goods.elements.get(RARE_EARTHS, frozenset())
        of_chain = self.touching(CHAIN)
        return frozenset(
            policy
            for policy in self._acts.acts
            if policy not in of_chain and self.surely_without(policy, every)
        )

    @cached_property
    def _acts(self) -> Acts:
        return read_acts(self.store)

    @cached_property
    def _goods(self) -> Goods:
        return read_goods(self.store)

    @cached_property
    def _reach(self) -> Mapping[str, tuple[ReachRow, ...]]:
        return read_reach(self.store)

    @cached_property
    def places(self) -> frozenset[str]:
        """The market, the unions that it belongs to, and its members."""
        if self.market in ("", WORLD):
            return frozenset()
        pairs = [(x["area"], x["country"]) for x in ask(self.store, "network-area-members")]
        unions = {area for area, country in pairs if country == self.market}
        members = {country for area, country in pairs if area == self.market}
        return frozenset({self.market, *unions, *members})

    def _of(self, act: Act) -> Iterator[Touch]:
        rows = self._reach.get(act.id, ())
        yield from self._of_goods(act, rows)
        yield from self._of_market(act, rows)
        for row in rows:
            for thing in row.named_as("targets"):
                if (thing.kind, thing.id) in chain_of(self.store):
                    yield Touch(CHAIN, thing.kind, (row.row,))

    def _of_goods(self, act: Act, rows: tuple[ReachRow, ...]) -> Iterator[Touch]:
        exempt = {thing.id for row in rows for thing in row.named_as("exempts")}
        asked = self.members - exempt
        for row in rows:
            for thing in row.named_as("covers"):
                named = thing.kind == "element"
                if self._goods.of(thing) & (asked if named else self.members):
                    yield Touch(ELEMENT, thing.kind, (row.row,))
                elif self._is_list(thing) and self._listed(act.country) & self.members:
                    yield Touch(ELEMENT, "controlled list", (row.row,))

    def _is_list(self, thing: Named) -> bool:
        """Tell whether a thing is a class whose elements no row gives."""
        return thing.form == "group" and thing.id not in self._goods.elements

    def _listed(self, country: str) -> frozenset[str]:
        return licensed_elements(country, self._acts, self._reach, self._goods)

    def _of_market(self, act: Act, rows: tuple[ReachRow, ...]) -> Iterator[Touch]:
        if not self.places:
            return
        aims = [(row.row, thing) for row in rows for thing in row.named_as("targets")]
        for row, thing in aims:
            if thing.id == ALL_PLACES and act.country not in self.places:
                yield Touch(MARKET, "all destinations", (row,))
            elif thing.kind == "country" and thing.id in self.places:
                yield Touch(MARKET, DESTINATION, (row,))
            elif thing.country in self.places and thing.kind in ("organisation", "facility"):
                yield Touch(MARKET, thing.kind, (row,))
        if act.country not in self.places and act.kind in BORDER_KINDS and not aims:
            yield Touch(MARKET, "all destinations", (f"policies/{act.id}",))
        if act.parties & self.places:
            way = "agreement" if act.kind in ("agreement", "meeting") else "issuer"
            yield Touch(MARKET, way, (f"policies/{act.id}",))

    def _through_others(self, found: Mapping[str, list[Touch]]) -> list[tuple[str, Touch]]:
        """Acts without goods of their own touch what the acts touch that they change."""
        bare = {
            policy
            for policy in found
            if not any(row.named_as("covers") for row in self._reach.get(policy, ()))
        }
        held = {x for x, touches in found.items() if any(t.what == ELEMENT for t in touches)}
        added: list[tuple[str, Touch]] = []
        while True:
            more = [
                (mover, Touch(ELEMENT, "another act", (link.row,)))
                for link in self._acts.links
                for mover, moved in [
                    (link.other, link.policy)
                    if link.relation == "ended-by"
                    else (link.policy, link.other)
                ]
                if link.relation in (*CHANGES_OTHERS, "ended-by")
                and moved in held
                and mover in bare
                and mover not in held
            ]
            if not more:
                return added
            added += more
            held |= {mover for mover, _ in more}


def chain_of(store: Store) -> frozenset[tuple[str, str]]:
    """Return the plants of the chain, who runs them, and who holds these: class and id."""
    return store.derive(("chain-firms",), lambda: _chain_of(store))


def _chain_of(store: Store) -> frozenset[tuple[str, str]]:
    runs = [line for line in ask(store, "network-operators") if line["stage"]]
    plants = {line["facility"] for line in runs}
    holders: dict[str, set[str]] = defaultdict(set)
    for line in ask(store, "network-holdings"):
        holders[line["owned"]].add(line["owner"])
    firms = {line["operator"] for line in runs if line["operator"]}
    level = plants | firms
    while level:
        above = set[str]().union(*(holders[held] for held in level))
        level = above - firms
        firms |= above
    return frozenset(
        {*(("facility", each) for each in plants), *(("organisation", each) for each in firms)}
    )


def with_touches(query: NamedQuery, store: Store, given: Mapping[str, str]) -> NamedQuery:
    """Return a named question with the acts that touch an element bound, if it asks for them."""
    if not query.works_out(_TOUCHES):
        return query
    default = next(each.default for each in query.parameters if each.name == ELEMENT)
    element = given.get(ELEMENT) or default
    what = find_entity(store, element, "ChemicalElement", "ElementGroup", what="element")
    reach, made = read_reach(store), ask(store, "goods-of-element", element=what.id)
    own = {line["item"] for line in made}  # these the question finds itself
    told = {
        row.row
        for rows in reach.values()
        for row in rows
        if any(thing.kind == "material" and thing.id in own for thing in row.named_as("covers"))
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
    return query.with_lines(dict.fromkeys(lines), _TOUCHES)


def select(store: Store, element: str = "", market: str = "") -> PolicySelection:
    """Select the acts that touch an element, a market, or a firm of the chain.

    >>> from monazite.store.opening import open_store
    >>> found = select(open_store(), "Dy", "JPN").touched["mofcom-2026-1"]
    >>> sorted({(touch.what, touch.way) for touch in found})
    [('element', 'controlled list'), ('market', 'destination')]
    """
    asked = ask(store, "network-members", element=element) if element else ()
    return PolicySelection(store, frozenset(line["member"] for line in asked), market)


def acts_on_sites(store: Store, named: Iterable[str], standing: Iterable[str]) -> set[str]:
    """Return the acts that touch some plants and firms.

    >>> from monazite.store.opening import open_store
    >>> found = acts_on_sites(open_store(), ["facility/mountain-pass"], ["facility/mountain-pass"])
    >>> sorted(found & {"mofcom-gac-2025-18", "mountain-pass-closure", "mofcom-2026-1"})
    ['mofcom-gac-2025-18', 'mountain-pass-closure']
    """
    wanted = set(named)
    aimed = {
        policy
        for policy, rows in read_reach(store).items()
        for row in rows
        for thing in row.named_as("targets")
        if f"{thing.kind}/{thing.id}" in wanted
    }
    places = {f"id/{each}" for each in standing}
    lines = ask(store, "entity-countries")
    countries = {line["country"] for line in lines if line["thing"] in places}
    selections = [select(store, market=country) for country in sorted(countries)]
    return aimed.union(*(each.touching(MARKET) - each.of_other_goods for each in selections))
