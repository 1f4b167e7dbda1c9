"""The acts of a day in a line each: status, since when, what is covered, at whom, who says so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from monazite.analysis.policies.acts import VALUES, Act, Acts, PolicyStatus, is_rule, read_acts
from monazite.analysis.policies.reach import ReachRow, read_reach
from monazite.analysis.policies.selection import (
    ALL_PLACES,
    BORDER_KINDS,
    ELEMENT,
    PolicySelection,
    select,
)
from monazite.analysis.policies.status import read_statuses, status_of, stopped_starts
from monazite.core.errors import all_at_once
from monazite.core.results import Result, Value
from monazite.core.tables import Table
from monazite.data.dates import date_bounds
from monazite.store.cards import SourceLine, read_cards
from monazite.store.names import find_entity
from monazite.store.queries import day_of
from monazite.store.store import Store

if TYPE_CHECKING:
    from monazite.data.columns import TableShape


def policies_tables(found: Policies) -> list[Table]:
    """Return one line an act."""
    rows = [
        [
            line.status.with_state,
            line.status.since,
            f"{line.title} ({line.country_label})",
            line.covers,
            line.aimed_at,
            line.says_so,
            line.status.reason,
            line.policy,
        ]
        for line in found.policies
    ]
    columns = ("status", "since", "act", "covers", "aimed at", "says so", "why", "id")
    return [Table("", columns, rows, spare=("id", "why"))]


def policies_csv(found: Policies) -> Table:
    """Return one line an act, with plain values."""
    columns = (
        *("policy", "status", "words", "since", "reason", "begins", "title", "kind", "country"),
        *("issuers", "covers", "aimed_at", "touches", "last", "sources", "urls", "rows"),
    )
    rows = [
        [
            *(line.policy, line.status.value, line.status.with_state, line.status.since),
            *(line.status.reason, line.status.begins, line.title, line.kind, line.country),
            *("; ".join(line.issuers), line.covers, line.aimed_at, "; ".join(line.touches)),
            *(line.last, ";".join(source.id for source in line.sources)),
            *(_addresses(line.sources), ";".join(line.rows)),
        ]
        for line in found.policies
    ]
    return Table("", columns, rows)


def policies_dict(found: Policies) -> dict[str, object]:
    """Return the acts as JSON takes them."""
    return {
        "day": found.day,
        "element": found.element,
        "to": found.to,
        "by": found.by,
        "since": found.since,
        "policies": [_line(line) for line in found.policies],
    }


def _line(line: PolicyLine) -> dict[str, object]:
    return {
        "policy": line.policy,
        "title": line.title,
        "kind": line.kind,
        "country": line.country,
        "issuers": list(line.issuers),
        **_status(line.status),
        "parts": [{"part": part.part, **_status(part)} for part in line.status.parts],
        "covers": line.covers,
        "aimed_at": line.aimed_at,
        "touches": list(line.touches),
        "last": line.last or None,
        "sources": [
            {
                "id": source.id,
                "text": str(source),
                "url": source.url or None,
                "original": source.original or None,
            }
            for source in line.sources
        ],
        "rows": list(line.rows),
    }


def _status(status: PolicyStatus) -> dict[str, object]:
    return {
        "status": status.value,
        "words": status.with_state,
        "reason": status.reason,
        "since": status.since or None,
        "begins": status.begins or None,
    }


def _addresses(sources: Iterable[SourceLine]) -> str:
    """Where the sources were read, and where their originals stand."""
    found = [address for source in sources for address in (source.url, source.original) if address]
    return " ".join(dict.fromkeys(found))


_BY_TEXT = {
    "in force or suspended": "Suspension ended by its own text",
    "in force or ended": "Its stated last day",
}
"""What has happened, by the state that an end leaves which no step tells."""


@dataclass(frozen=True)
class OwnEnd(Value):
    """That a suspension or a run of an act ended on the day that its text had set."""

    policy: str
    date: str
    what: str
    rows: tuple[str, ...]


def own_ends(act: Act, acts: Acts, first: str, last: str) -> Iterator[OwnEnd]:
    """Find the ends of an act, or of parts of it, that its texts set within some days.

    >>> from monazite.analysis.policies.acts import read_acts
    >>> from monazite.store.opening import open_store
    >>> acts = read_acts(open_store())
    >>> [(each.date, each.what)
    ...     for each in own_ends(acts.acts["mofcom-2025-62"], acts, "2025-11-24", "2026-11-24")]
    [('2026-11-10', 'Suspension ended by its own text')]
    """
    for day in sorted(_set_days(act, acts)):
        if not first <= day < last:
            continue
        after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
        before = _by_part(status_of(act, acts, day))
        for part, status in _by_part(status_of(act, acts, after)).items():
            known = before.get(part, before.get("", status))
            if status.state in _BY_TEXT and status.since == day and known.state != status.state:
                within = f" in part ({part})" if part else ""
                yield OwnEnd(act.id, day, f"{_BY_TEXT[status.state]}{within}", status.rows)


def _set_days(act: Act, acts: Acts) -> set[str]:
    """The last days that the steps of an act set, and those of acts that suspend or extend it."""
    held, found = {act.id}, set[str]()
    for _ in range(2):  # what extends an act, and what extends the act that suspends it
        held |= {link.policy for link in acts.links if link.other in held}
    for name in held & acts.acts.keys():
        found |= {step.until_latest for step in acts.acts[name].steps}
    return found - {""}


def _by_part(status: PolicyStatus) -> Mapping[str, PolicyStatus]:
    """The status of each part; of the whole where its parts share it."""
    shared = all(part.state == status.state for part in status.parts)
    return {"": status} if shared else {part.part: part for part in status.parts}


NOT_STATED = "not stated"
_SYMBOL = 2
"""Letters of a symbol at most; what is longer is a group, and has a name."""
_NAMED = 3
"""Things that a line names before it counts the rest."""


@dataclass(frozen=True)
class PolicyLine(Value):
    """An act on a day.

    Attributes:
        policy: its id.
        title: its name.
        kind: a code of the scheme ``policy-kind``.
        country: code of the country or union that issued it.
        country_label: its name.
        issuers: names of those who issued it.
        status: whether it is in force on the day, and why.
        covers: what it covers, in words.
        aimed_at: whom it hits, in words.
        touches: what of the question it touches, and how: ``element: material``.
        last: the date, as printed, of its last dated step up to the day, but for a start that never
            came; empty for none.
        sources: who says its status.
        rows: the rows of its status and its scope.
        kind_label: its kind in words.
        rule: whether it limits who may make, sell or buy what.
    """

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
        return _counted(list(names), "more") or "no source"

    @property
    def text(self) -> str:
        """The line as a sentence or two."""
        status = f"{self.status.text[0].upper()}{self.status.text[1:]}."
        return f"{status} Covers: {self.covers}. Aimed at: {self.aimed_at}. Says: {self.says_so}."


@dataclass(frozen=True)
class Policies(Result):
    """Acts on a day, those in force first, the newest first among them.

    Attributes:
        day: the day.
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

    records_key = "policies"

    def __len__(self) -> int:
        return len(self.policies)

    def __iter__(self) -> Iterator[PolicyLine]:
        return iter(self.policies)

    def content(self) -> dict[str, object]:
        """Return the acts as JSON has them."""
        return policies_dict(self)

    def tables(self) -> list[Table]:
        """Return the acts as one table."""
        return policies_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return the acts as one table of plain values."""
        return [policies_csv(self)]

    def headline(self) -> str:
        """Return the day, and how many acts there are of each status."""
        counts = dict.fromkeys(VALUES, 0)
        for line in self.policies:
            counts[line.status.value] += 1
        said = ", ".join(f"{count} {value}" for value, count in counts.items())
        return f"{self.day}: {said}"


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
    """Find the acts of a day.

    >>> from monazite.data.columns import TableShapes
    >>> from monazite.core.package import ontology_folder
    >>> from monazite.store.opening import open_store
    >>> found = find_policies(open_store(), TableShapes(ontology_folder()), "2026-11-24", "Dy",
    ...     to="USA", by="CHN", since="2026-01")
    >>> [(line.policy, line.status.words) for line in found][:2]
    [('mofcom-2026-us-ten', 'in force'), ('truce-extension-2026', 'may be in force')]
    """
    what, target, issuer, _ = all_at_once(
        lambda: _id_of(store, element, "element", "ChemicalElement", "ElementGroup"),
        lambda: _id_of(store, to, "country", "Country", "Area"),
        lambda: _id_of(store, by, "country", "Country", "Area"),
        lambda: None if since is None else day_of(since),
    )
    chosen = select(store, what or "", target or "")
    acts = read_acts(store).acts
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
    return Policies(
        day=day,
        element=what,
        to=target,
        by=issuer,
        since=since,
        policies=lines_of(store, tables, day, kept, chosen),
    )


def _id_of(store: Store, name: str | None, what: str, *classes: str) -> str | None:
    return None if name is None else find_entity(store, name, *classes, what=what).id


def lines_of(
    store: Store,
    tables: Mapping[str, TableShape],
    day: str,
    policies: Iterable[str],
    chosen: PolicySelection | None = None,
) -> tuple[PolicyLine, ...]:
    """Return a line for each of some acts, those in force first, the newest first among them."""
    read = read_acts(store)
    acts, statuses, reach = read.acts, read_statuses(store, day), read_reach(store)
    never = stopped_starts(store)
    names = sorted(set(policies) & set(acts))
    cards = read_cards(store, tables, {row for name in names for row in statuses[name].rows})
    lines = []
    for name in names:
        act, status, rows = acts[name], statuses[name], reach.get(name, ())
        said = {source for row in status.rows if row in cards for source in cards[row].sources}
        touches = chosen.touched.get(name, ()) if chosen else ()
        lines.append(
            PolicyLine(
                policy=name,
                title=act.title,
                kind=act.kind,
                country=act.country,
                country_label=act.country_label,
                issuers=act.issuers,
                status=status,
                covers=covers_in_words(rows),
                aimed_at=aims_in_words(act, rows),
                touches=tuple(sorted({f"{touch.what}: {touch.way}" for touch in touches})),
                last=_last_step(act, day, never),
                sources=tuple(sorted(said, key=lambda source: (source.tier, source.id))),
                rows=tuple(dict.fromkeys((*status.rows, *(row.row for row in rows)))),
                kind_label=act.kind_label,
                rule=is_rule(act, read),
            )
        )
    by_date = sorted(lines, key=lambda line: line.last, reverse=True)
    return tuple(sorted(by_date, key=lambda line: VALUES.index(line.status.value)))


def happened(act: Act, first: str, last: str) -> bool:
    """Tell whether a dated step of an act may fall between two days, both included."""
    return any(step.earliest <= last and step.latest >= first for step in act.steps)


def _so_since(status: PolicyStatus, first: str, last: str) -> bool:
    """Tell whether a status, or that of a part, may be so only since a day between two."""
    dated = [date_bounds(each.since) for each in (status, *status.parts) if each.since]
    return any(earliest <= last and latest >= first for earliest, latest in dated)


def _last_step(act: Act, day: str, never: Container[str]) -> str:
    past = [step.date for step in act.steps if step.earliest <= day and step.row not in never]
    return past[-1] if past else ""


def covers_in_words(rows: Iterable[ReachRow]) -> str:
    """Say what an act covers: elements by symbol, goods by name, codes by number."""
    held = list(rows)
    things = [thing for row in held for thing in row.named_as("covers")]
    exempt = [thing for row in held for thing in row.named_as("exempts")]
    elements = dict.fromkeys(
        thing.id if len(thing.id) <= _SYMBOL else thing.label
        for thing in things
        if thing.kind == "element"
    )
    materials = dict.fromkeys(thing.label for thing in things if thing.kind == "material")
    codes = {thing.id for thing in things if thing.kind == "code"}
    technology = [row.text for row in held if row.kind == "technology"]
    parts = [
        ", ".join(elements),
        _counted(list(materials), "more goods"),
        f"{len(codes)} customs code{'s' if len(codes) > 1 else ''}" if codes else "",
        f"technology: {_counted(technology, 'more')}" if technology else "",
    ]
    said = "; ".join(filter(None, parts)) or NOT_STATED
    free = [thing.id for thing in exempt if thing.kind == "element"]
    return f"{said}; not {', '.join(dict.fromkeys(free))}" if free else said


def aims_in_words(act: Act, rows: Iterable[ReachRow]) -> str:
    """Say at whom an act is aimed: countries, firms, groups of users."""
    held = list(rows)
    aims = [thing for row in held for thing in row.named_as("targets")]
    if any(thing.id == ALL_PLACES for thing in aims):
        whole = ["all destinations"]
    else:
        whole = [thing.label for thing in aims if thing.kind == "country"]
    firms = [thing.label for thing in aims if thing.kind in ("organisation", "facility")]
    groups = [
        row.text for row in held if row.kind.startswith("target-") and not row.named_as("targets")
    ]
    said = _counted(list(dict.fromkeys((*whole, *firms, *groups))), "more")
    if said:
        return said
    return "all destinations, none is named" if act.kind in BORDER_KINDS else NOT_STATED


def _counted(names: list[str], rest: str) -> str:
    """Name the first of some things and count the rest."""
    more = len(names) - _NAMED
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {more} {rest}" if more > 0 else shown
