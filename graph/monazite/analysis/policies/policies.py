"""The acts of a day in a line each: status, since when, what is covered, at whom, who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.analysis.policies.acts import VALUES, Act, PolicyStatus, is_rule, named_as, read_acts
from monazite.analysis.policies.selection import (
    ALL_PLACES,
    BORDER_KINDS,
    ELEMENT,
    PolicySelection,
    select,
)
from monazite.analysis.policies.status import read_statuses, stopped_starts
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import all_at_once
from monazite.core.results import Listing, Value
from monazite.core.tables import Table
from monazite.data.columns import TableShape
from monazite.data.dates import date_bounds
from monazite.model.wording import capital
from monazite.store.cards import SourceLine, read_cards
from monazite.store.names import find_entity
from monazite.store.queries import day_of
from monazite.store.store import Store

_SYMBOL = 2  # letters of a symbol at most; what is longer is a group, and has a name
_NAMED = 3  # things that a line names before it counts the rest


@dataclass(frozen=True)
class PolicyLine(Value):
    """An act on a day.

    Attributes:
        policy: its id.
        title: its name.
        kind: a code of the scheme ``policy-kind``.
        country: code of the country or union that issued it.
        issuers: names of those who issued it.
        covers: what it covers, in words.
        aimed_at: whom it hits, in words.
        touches: what of the question it touches, and how: ``element: material``.
        last: printed date of its last step up to the day, but for a start that never came; empty
            for none.
        sources: who says its status.
        rows: the rows of its status and its scope.
        rule: whether it limits who may make, sell or buy what.
    """

    _json = (
        "policy title kind country issuers status=status.value words=status.with_state "
        "reason=status.reason since?=status.since begins?=status.begins "
        "parts=status.parts(part,status=value,words=with_state,reason,since?,begins?) "
        "covers aimed_at touches last? sources(id,text,url?,original?) rows"
    )

    policy: str
    title: str
    kind: str
    country: str
    country_label: str
    issuers: tuple[str, ...]
    status: PolicyStatus
    covers: str
    aimed_at: str
    touches: tuple[str, ...]
    last: str
    sources: tuple[SourceLine, ...]
    rows: tuple[str, ...]
    kind_label: str = ""
    rule: bool = True

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


@dataclass(frozen=True)
class Policies(Listing[PolicyLine]):
    """Acts on a day, those in force first, the newest first among them.

    Attributes:
        day: the day asked about, an ISO date.
        element: id of the element or group asked about; None for any.
        to: code of the country or union that they hit; None for any.
        by: code of the country or union that issued them; None for any.
        since: only what has been so, or has a dated step, from this day on; None for any.
        policies: the acts.
    """

    day: str
    element: str | None
    to: str | None
    by: str | None
    since: str | None
    policies: tuple[PolicyLine, ...]

    _items = "policies"
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
