"""Which acts touch an element, a market or a firm of the chain, and the acts of a day as lines.

An element is touched by what covers it, a group, material or code that holds it, or a class whose
licences cover it; and by an act without goods that changes one that does. A market is touched where
it, a union of it, all destinations or a firm there is the aim; by a border without destination; and
where it is party or issuer. The chain is touched where a plant, its operator or holder is the aim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from monazite.analysis.policies.acts import (
    EXPORTS,
    VALUES,
    Act,
    Acts,
    Goods,
    PolicyStatus,
    is_rule,
    named_as,
    read_acts,
    read_goods,
)
from monazite.analysis.policies.status import read_statuses, stopped_starts
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import all_at_once
from monazite.core.results import Listing, Struct, Value
from monazite.core.tables import Table
from monazite.data.columns import TableShape
from monazite.data.dates import date_bounds
from monazite.data.iris import BASE
from monazite.model.wording import capital
from monazite.store.cards import SourceLine, read_cards
from monazite.store.names import find_entity
from monazite.store.queries import NamedQuery, ask, day_of
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


class Touch(Value):
    """That an act touches an element, market or chain, the scope through which, and the rows."""

    what: str
    way: str
    rows: tuple[str, ...]


class PolicySelection(Struct):
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
    """Acts aimed at some plants and firms (class/id), or that touch the countries of others."""
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


_SYMBOL = 2  # letters of a symbol at most; what is longer is a group, and has a name
_NAMED = 3  # things that a line names before it counts the rest


class PolicyLine(Value):
    """An act on a day."""

    _json = (
        "policy title kind country issuers status=status.value words=status.with_state "
        "reason=status.reason since?=status.since begins?=status.begins "
        "parts=status.parts(part,status=value,words=with_state,reason,since?,begins?) "
        "covers aimed_at touches last? sources(id,text,url?,original?) rows"
    )

    policy: str  #: its id
    title: str
    kind: str  #: a code of the scheme ``policy-kind``
    country: str  #: code of the country or union that issued it
    country_label: str
    issuers: tuple[str, ...]  #: names of those who issued it
    status: PolicyStatus
    covers: str  #: what it covers, in words
    aimed_at: str  #: whom it hits, in words
    touches: tuple[str, ...]  #: what of the question it touches, and how: ``element: material``
    #: printed date of its last step up to the day, but for a start that never came; empty for none
    last: str
    sources: tuple[SourceLine, ...]  #: who says its status
    rows: tuple[str, ...]  #: the rows of its status and its scope
    kind_label: str = ""
    rule: bool = True  #: whether it limits who may make, sell or buy what

    @property
    def says_so(self) -> str:
        """Who says its status: publishers, the best first."""
        names = dict.fromkeys(source.publisher for source in self.sources)
        return _counted(names, "more") or "no source"

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of its sources, and of the originals that they repeat."""
        places = (at for each in self.sources for at in (each.url, each.original) if at)
        return tuple(dict.fromkeys(places))

    @property
    def text(self) -> str:
        """The line as a sentence or two."""
        status = f"{capital(self.status.text)}. Covers: {self.covers}."
        return f"{status} Aimed at: {self.aimed_at}. Says: {self.says_so}."


class Policies(Listing[PolicyLine]):
    """Acts on a day, those in force first, the newest first among them."""

    day: str  #: the day asked about, an ISO date
    element: str | None  #: id of the element or group asked about; None for any
    to: str | None  #: code of the country or union that they hit; None for any
    by: str | None  #: code of the country or union that issued them; None for any
    since: str | None  #: only what has been so, or has a dated step, from this day on; None for any
    policies: tuple[PolicyLine, ...]  #: the acts

    records_key = "policies"
    _json = "day element to by since policies"

    def tables(self) -> list[Table]:
        """Return the acts as one table."""
        columns = (
            Column("status", "status.with_state"),
            Column("since", "status.since"),
            Column("act", lambda each: f"{each.title} ({each.country_label})"),
            Column("covers", "covers"),
            Column("aimed at", "aimed_at"),
            Column("says so", "says_so"),
            Column("why", "status.reason", spare=2),
            Column("id", "policy", spare=1),
        )
        return [table("", self.policies, columns)]

    def csv_tables(self) -> list[Table]:
        """Return the acts as one table of plain values."""
        return [
            bare_table(self.policies, _BARE, seps={"issuers": "; ", "touches": "; ", "urls": " "})
        ]

    def headline(self) -> str:
        """Return the day, and how many acts there are of each status."""
        held = [line.status.value for line in self.policies]
        return f"{self.day}: " + ", ".join(f"{held.count(value)} {value}" for value in VALUES)


_BARE = (
    "policy status=status.value words=status.with_state since=status.since reason=status.reason "
    "begins=status.begins title kind country issuers covers aimed_at touches last "
    "sources=sources.id urls rows"
)


def find_policies(
    store: Store,
    tables: Mapping[str, TableShape],
    day: str,
    element: str | None = None,
    *,
    to: str | None = None,
    by: str | None = None,
    since: str | None = None,
) -> Policies:
    """Find the acts of a day: on an element, aimed at a country, issued by one, new since a day."""

    def id_of(name: str | None, what: str, *classes: str) -> str | None:
        return None if name is None else find_entity(store, name, *classes, what=what).id

    what, target, issuer, _ = all_at_once(
        lambda: id_of(element, "element", "ChemicalElement", "ElementGroup"),
        lambda: id_of(to, "country", "Country", "Area"),
        lambda: id_of(by, "country", "Country", "Area"),
        lambda: None if since is None else day_of(since),
    )
    chosen, acts = select(store, what or "", target or ""), read_acts(store).acts
    kept = set(acts)
    if what:
        kept &= chosen.touching(ELEMENT)
    if target:
        kept &= chosen.aimed
    if issuer:
        kept &= {name for name in kept if acts[name].country == issuer}
    if since is not None:
        first, statuses = date_bounds(since)[0], read_statuses(store, day)
        kept = {
            name
            for name in kept
            if happened(acts[name], first, day) or _so_since(statuses[name], first, day)
        }
    lines = lines_of(store, tables, day, kept, chosen)
    return Policies(day=day, element=what, to=target, by=issuer, since=since, policies=lines)


def lines_of(
    store: Store,
    tables: Mapping[str, TableShape],
    day: str,
    policies: Iterable[str],
    chosen: PolicySelection | None = None,
) -> tuple[PolicyLine, ...]:
    """Return a line for each of some acts, those in force first, the newest first among them."""
    acts, statuses, never = read_acts(store), read_statuses(store, day), stopped_starts(store)
    names = sorted(set(policies) & set(acts.acts))
    cards = read_cards(store, tables, {row for name in names for row in statuses[name].rows})
    lines = []
    for name in names:
        act, status = acts.acts[name], statuses[name]
        said = {source for row in status.rows if row in cards for source in cards[row].sources}
        touches = chosen.touched.get(name, ()) if chosen else ()
        past = [step.date for step in act.steps if step.earliest <= day and step.row not in never]
        lines.append(
            PolicyLine(
                policy=name,
                title=act.title,
                kind=act.kind,
                country=act.country,
                country_label=act.country_label,
                issuers=act.issuers,
                status=status,
                covers=covers_in_words(act),
                aimed_at=aims_in_words(act),
                touches=tuple(sorted({f"{touch.what}: {touch.way}" for touch in touches})),
                last=past[-1] if past else "",
                sources=tuple(sorted(said, key=lambda source: (source.tier, source.id))),
                rows=tuple(dict.fromkeys((*status.rows, *(row.row for row in act.reach)))),
                kind_label=act.kind_label,
                rule=is_rule(act, acts),
            )
        )
    lines.sort(key=lambda line: line.last, reverse=True)
    return tuple(sorted(lines, key=lambda line: VALUES.index(line.status.value)))


def happened(act: Act, first: str, last: str) -> bool:
    """Tell whether a dated step of an act may fall between two days, both included."""
    return any(step.earliest <= last and step.latest >= first for step in act.steps)


def _so_since(status: PolicyStatus, first: str, last: str) -> bool:
    """Tell whether a status, or that of a part, may be so only since a day between two."""
    dated = [date_bounds(each.since) for each in (status, *status.parts) if each.since]
    return any(earliest <= last and latest >= first for earliest, latest in dated)


def covers_in_words(act: Act) -> str:
    """Say what an act covers: elements by symbol, goods by name, codes by number."""
    things = named_as(act.reach, "covers")
    elements = [x.id if len(x.id) <= _SYMBOL else x.label for x in things if x.kind == "element"]
    materials = [thing.label for thing in things if thing.kind == "material"]
    codes = len({thing.id for thing in things if thing.kind == "code"})
    technology = [row.text for row in act.reach if row.kind == "technology"]
    parts = [
        ", ".join(dict.fromkeys(elements)),
        _counted(dict.fromkeys(materials), "more goods"),
        f"{codes} customs code{'s' if codes > 1 else ''}" if codes else "",
        f"technology: {_counted(technology, 'more')}" if technology else "",
    ]
    said = "; ".join(filter(None, parts)) or "not stated"
    free = dict.fromkeys(x.id for x in named_as(act.reach, "exempts") if x.kind == "element")
    return f"{said}; not {', '.join(free)}" if free else said


def aims_in_words(act: Act) -> str:
    """Say at whom an act is aimed: countries, firms, groups of users."""
    aims = named_as(act.reach, "targets")
    whole = [thing.label for thing in aims if thing.kind == "country"]
    if any(thing.id == ALL_PLACES for thing in aims):
        whole = ["all destinations"]
    firms = [thing.label for thing in aims if thing.kind in ("organisation", "facility")]
    unnamed = [row for row in act.reach if not row.named_as("targets")]
    groups = [row.text for row in unnamed if row.kind.startswith("target-")]
    none = "all destinations, none is named" if act.kind in BORDER_KINDS else "not stated"
    return _counted(dict.fromkeys((*whole, *firms, *groups)), "more") or none


def _counted(names: Iterable[str], rest: str) -> str:
    """Name the first of some things and count the rest."""
    held = list(names)
    shown, more = ", ".join(held[:_NAMED]), len(held) - _NAMED
    return f"{shown} and {more} {rest}" if more > 0 else shown
