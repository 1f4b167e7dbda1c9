"""What changed between two views: facilities, policies, holdings, supply links and shares.

Between two days of what is true the rows are the same; between two days of what was known they
differ and the day is one. A change is told only where the two answers differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from monazite.analysis.concentration.by_year import ConcentrationYear, concentration_series
from monazite.analysis.concentration.shares import first_row
from monazite.analysis.policies.acts import IN_FORCE, MAY_BE, PolicyStatus, read_acts, read_goods
from monazite.analysis.policies.policies import CHAIN, ELEMENT, MARKET, PolicySelection, select
from monazite.analysis.policies.status import read_statuses
from monazite.analysis.timeline.dated_events import BEGIN, DatedEvent, read_dated_events
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, counted, grouped, whole
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table
from monazite.data.columns import Schema
from monazite.data.dates import day_words
from monazite.data.filters import NO, PERHAPS, holds
from monazite.model.facilities.status import FacilityStatus, FacilityStatuses, read_lives
from monazite.model.network.facts import read_facts
from monazite.store.names import find_entity
from monazite.store.queries import ask
from monazite.store.store import Store

_ENDS = ("facility", "owner", "owned", "supplier", "customer")  # of what a dated row is about


class Relevance(Struct):
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


GROUPS = {
    "shares": "Shares, ranks and concentration",
    "policies": "Policies",
    "facilities": "Facilities",
    "ownership": "Ownership",
    "supply": "Supply links",
    "sources": "Sources and records that became known",
    "records": "Records of the tables",
}
"""Groups of changes, the most important first."""


class ComparedView(Struct):
    """One of the two views."""

    store: Store
    schema: Schema
    day: str
    name: str


class Change(Struct):
    """One change."""

    group: str  #: shares, policies, facilities, ownership, supply, sources or records
    kind: str  #: what changed, in a word: closed, begun, index
    subject: str  #: whom or what it is about
    text: str  #: in a sentence
    rows: tuple[str, ...]  #: the rows on which the two answers rest, the deciding ones first
    market: bool = False  #: whether it is about the market that is asked about


_LISTED, _SHOWN = 10, 5


def source_changes(before: ComparedView, after: ComparedView) -> list[Change]:
    """Sources that one side has and the other has not, and how many rows rest on them."""
    old, new = _rows_by_source(before), _rows_by_source(after)
    fresh = sorted(set(new) - set(old), key=lambda name: (-len(new[name][2]), name))
    found = []
    earlier = _by_table(old.values())
    more = _by_table(new.values())
    more.subtract(earlier)
    for name, count in sorted(more.items(), key=lambda pair: (-pair[1], pair[0])):
        if count > 0:
            known = f"{counted(count, 'record')} became known ({grouped(earlier[name])} before)"
            found.append(Change("sources", "rows", name, f"{name}: {known}.", ()))
    for name in fresh[:_LISTED]:
        title, tier, rows = new[name]
        text = f"{title}: {counted(len(rows), 'record')} (tier {tier})."
        found.append(Change("sources", "source", name, text, rows[:_SHOWN]))
    if len(fresh) > _LISTED:
        text = f"{counted(len(fresh) - _LISTED, 'more source')} became known."
        found.append(Change("sources", "source", "more", text, ()))
    return found


_NewSource = tuple[str, str, tuple[str, ...]]
"""Title and tier of a source, and the rows that rest on it."""


def _rows_by_source(side: ComparedView) -> dict[str, _NewSource]:
    rows: dict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[str, str]] = {}
    for answer in ask(side.store, "network-evidence"):
        row = answer.row()
        table = side.schema.tables[row.split("/", 1)[0]]
        if table.kind == "record" and not table.in_every_view:
            rows[answer["source"]].append(row)
            about[answer["source"]] = (f"{answer['publisher']}: {answer['title']}", answer["tier"])
    return {
        name.removeprefix("source/"): (*about[name], tuple(found)) for name, found in rows.items()
    }


def _by_table(sources: Iterable[_NewSource]) -> Counter[str]:
    rows = {row for *_, own in sources for row in own}
    return Counter(row.split("/", 1)[0] for row in rows)


LEAST_SHARE_CHANGE, LEAST_INDEX_CHANGE = 0.005, 50.0
"""What moves by less has not moved."""
_RANKED = 5


def share_changes(
    before: ComparedView, after: ComparedView, element: str
) -> tuple[list[Change], list[str]]:
    """Return what moved, by the materials that speak best on both sides, and what has none."""
    old, new = _newest(before, element), _newest(after, element)
    labels = read_facts(after.store, element, after.day).country_labels
    found: list[Change] = []
    notes: list[str] = []
    for stage in dict.fromkeys(stage for stage, _ in (*new, *old)):
        ranks = [rank for where, rank in new if where == stage and (stage, rank) in old]
        if ranks:
            found += _of_stage(labels, old[stage, min(ranks)], new[stage, min(ranks)])
        else:
            notes.append(f"{stage}: no shares of one kind on both sides; nothing is compared.")
    return found, notes


def _newest(side: ComparedView, element: str) -> dict[tuple[str, int], ConcentrationYear]:
    """Return the newest year with shares of each stage and rank of materials."""
    facts = read_facts(side.store, element, side.day)
    with suppress(NotKnownError):
        return {(x.stage, x.rank): x for x in concentration_series(facts) if x.shares}
    return {}


def _of_stage(
    labels: Mapping[str, str], old: ConcentrationYear, new: ConcentrationYear
) -> list[Change]:
    where = f"{new.stage} ({new.material.replace('-', ' ')}, {old.year} to {new.year})"
    told: list[tuple[str, str]] = []
    if old.leader != new.leader and new.leader:
        was = labels.get(old.leader or "", NOT_KNOWN)
        told.append(("leader", f"{labels[new.leader]} leads, before: {was}"))
    indices = [x.hhi for x in (old, new) if len(x.shares) > 1 and x.hhi is not None]
    if len(indices) == 2 and abs(indices[0] - indices[1]) >= LEAST_INDEX_CHANGE:
        told.append(("hhi", f"HHI {whole(indices[0])}, now {whole(indices[1])}"))
    for place in _moved(old, new):
        first, last = _rank(old, place), _rank(new, place)
        ranks = f"rank {last}" if first == last else f"rank {first}, now {last}"
        words = f"{old.share_words(place)}, now {new.share_words(place)} ({ranks})"
        told.append(("share", f"{labels[place]} {words}"))
    rows = tuple(sorted({*old.rows, *new.rows}))
    then, now = (
        f"{x.material.replace('-', ' ')}, {x.basis}, by {' + '.join(x.series)}" for x in (old, new)
    )
    if told and then != now:
        kind, text = told[0]
        told[0] = (kind, f"{text}. Not one series: {then}, then {now}")
    return [
        Change("shares", kind, new.stage, f"{where}: {text}".rstrip(" .") + ".", rows)
        for kind, text in told
    ]


def _moved(old: ConcentrationYear, new: ConcentrationYear) -> list[str]:
    """Countries of the first ranks whose share or rank moved, the largest moves first."""
    first = {*list(old.shares)[:_RANKED], *list(new.shares)[:_RANKED]}
    moves = {place: abs(new.shares.get(place, 0) - old.shares.get(place, 0)) for place in first}
    return sorted(
        (p for p in moves if moves[p] >= LEAST_SHARE_CHANGE), key=lambda p: (-moves[p], p)
    )


def _rank(line: ConcentrationYear, place: str) -> str:
    share = line.shares.get(place, 0.0)
    return str(list(line.shares).index(place) + 1) if share else "none"


_MARKET = Column("market", "market", lambda here: "yes" if here else "")
_LIFE_KINDS = (
    *("closed", "suspended", "restarted", "opened", "commissioned", "shipped-first-product"),
    "construction-started",
)
_POLICY_KINDS = ("begun", "suspended", "resumed", "in doubt", "ended", "announced", "other")


class Changes(Listing[Change]):
    """What changed between two views, grouped, the most important first."""

    before: str  #: name of the earlier view: its day, or what was known by it
    after: str  #: name of the later view
    element: str  #: whose shares were compared, and what the changes touch, as it was asked
    market: str  #: code of the market: what changes for it comes first in each group
    changes: tuple[Change, ...]  #: the most important first

    records_key = "changes"
    _json = "before after element market counts changes notes"

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many changes of each kind, by group, in the order of the changes."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for change in self.changes:
            found[change.group][change.kind] += 1
        return {group: dict(kinds) for group, kinds in found.items()}

    def tables(self) -> list[Table]:
        """Return one table a group, headed by how many changes there are of which kind."""
        columns = (
            Column("kind", "kind"),
            _MARKET,
            Column("what changed", "text"),
            Column("row", "rows", first_row, full=True),
        )
        tables = []
        for group, kinds in self.counts.items():
            counts = ", ".join(f"{grouped(number)} {kind}" for kind, number in kinds.items())
            changes = [change for change in self.changes if change.group == group]
            tables.append(table(f"{GROUPS[group]}: {counts}", changes, columns))
        return tables

    def csv_tables(self) -> list[Table]:
        """Return all changes as one table."""
        group, kind, subject, text = (Column(x, x) for x in ("group", "kind", "subject", "text"))
        rows = Column("rows", "rows", ";".join)
        return [table("", self.changes, (group, kind, _MARKET, subject, text, rows))]

    def headline(self) -> str:
        """Return the two views and how many changes there are."""
        return f"{self.before} to {self.after}: {counted(len(self), 'change')}"


def find_changes(before: ComparedView, after: ComparedView, element: str, market: str) -> Changes:
    """Compare two views."""
    same = before.store is after.store
    lives, lasting = read_lives(after.store), _read_lasting(after)
    old_lives, old_lasting = read_lives(before.store), lasting if same else _read_lasting(before)
    shares, notes = share_changes(before, after, element)
    asked = read_relevance(after.store, after.day, element, market)
    groups = [
        shares,
        _policy_changes(before, after, asked),
        _facility_changes(old_lives, lives, before.day, after.day, asked),
        _lasting_changes("ownership", old_lasting, lasting, before.day, after.day, asked),
        _lasting_changes("supply", old_lasting, lasting, before.day, after.day, asked),
    ]
    if not same:
        groups.append(source_changes(before, after))
    return Changes(
        before=before.name,
        after=after.name,
        element=element,
        market=asked.selection.market,
        changes=tuple(change for group in groups for change in group),
        notes=tuple(notes),
    )


def _ranked(changes: Iterable[Change], kinds: Sequence[str]) -> list[Change]:
    """Sort changes: of the market first, by kind, by subject; kinds not listed come last."""
    rank = {kind: place for place, kind in enumerate(kinds)}
    return sorted(
        changes, key=lambda c: (not c.market, rank.get(c.kind, len(rank)), c.subject, c.rows)
    )


def _facility_changes(
    old: FacilityStatuses, new: FacilityStatuses, then: str, now: str, asked: Relevance
) -> list[Change]:
    """Facilities whose state changed or became sure, or that had an event which set it again."""
    found = []
    for facility in sorted(new.facilities):
        first = old.on(facility, then) if facility in old.facilities else None
        last = new.on(facility, now)
        event, before = new.last_state_change(facility, now), old.last_state_change(facility, then)
        if event and before and before.row == event.row and before.latest <= then:
            event = None  # it had surely happened by the first day
        was = _state(first) if first else NOT_KNOWN
        moved = was != _state(last)
        here = asked.of_facility(facility)
        if here is None or last.state == NOT_KNOWN:
            continue
        if not moved and not (event and event.earliest > then):
            continue
        rows = [event.row] if event else []
        rows += [*last.rows, *(first.rows if first else ())]
        told = f"{was}, now {_state(last)}" if moved else f"still {was}"
        text = f"{last.label} ({last.country}): {told}"
        if len({stage.state for stage in last.stages}) > 1:
            text += f" ({', '.join(f'{stage.stage} {stage.state}' for stage in last.stages)})"
        if event is not None:
            detail = f": {event.detail}" if event.detail else ""
            text += f". {event.label} {event.printed}{detail}"
        kind, held = event.event if event else last.state, tuple(dict.fromkeys(rows))
        found.append(Change("facilities", kind, last.label, _sentence(text), held, here))
    return _ranked(found, _LIFE_KINDS)


def _state(life: FacilityStatus) -> str:
    return f"perhaps {life.state}" if life.certainty == PERHAPS else life.state


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _policy_changes(before: ComparedView, after: ComparedView, asked: Relevance) -> list[Change]:
    old = read_statuses(before.store, before.day)
    new = read_statuses(after.store, after.day)
    acts = read_acts(after.store).acts
    found = []
    for policy, status in sorted(new.items()):
        act, was, here = acts[policy], old.get(policy), asked.of_policy(policy)
        if here is None:
            continue
        if was is not None and was.words == status.words and was.state == status.state:
            continue
        kind = _kind_of_status(was, status)
        words = was.short if was else "no record"
        begun = kind == "begun" and bool(status.since)
        now = f"took effect {day_words(status.since)}" if begun else f"{words}, now {status.text}"
        text = f"{act.title} ({act.country_label}): {now}."
        rows = dict.fromkeys((*status.rows, *(was.rows if was else ())))
        found.append(Change("policies", kind, act.title, text, tuple(rows), here))
    return _ranked(found, _POLICY_KINDS)


def _kind_of_status(was: PolicyStatus | None, status: PolicyStatus) -> str:
    """Return what happened to an act between two days, in a word."""
    if status.value == IN_FORCE:
        stopped = was is not None and was.state in ("suspended", "in force or suspended")
        if was is not None and was.value == IN_FORCE:
            return "other"
        return "resumed" if stopped else "begun"
    if status.state in ("suspended", "ended"):
        return status.state
    if status.state in ("announced", "proposed", "not yet", "start not known"):
        return "announced"
    return "in doubt" if status.value == MAY_BE else "other"


_Lasting = Mapping[str, Mapping[str, list[DatedEvent]]]
"""What lasts, by group and row."""


def _read_lasting(side: ComparedView) -> _Lasting:
    named = {answer.row() for answer in ask(side.store, "network-mentions")}
    rows = {row for row in named if row.startswith(("ownership/", "supply_links/"))}
    lasting: dict[str, dict[str, list[DatedEvent]]] = {"ownership": {}, "supply": {}}
    for line in read_dated_events(side.store, side.schema, rows)[0]:
        lasting[line.kind].setdefault(line.rows[0], []).append(line)
    return lasting


def _lasting_changes(
    group: str, old: _Lasting, new: _Lasting, then: str, now: str, asked: Relevance
) -> list[Change]:
    """Holdings or links that hold, surely or perhaps, on one day only; one change for each pair."""
    lines: dict[str, dict[str, list[DatedEvent]]] = {}
    for row, dated in sorted(new[group].items()):
        if asked.of_row(row) is None:
            continue
        held, holding = _hold(old[group].get(row, []), then), _hold(dated, now)
        if held != holding:
            line = dated[0] if holding else dated[-1]
            kinds = lines.setdefault(line.subject, {})
            kinds.setdefault("begun" if holding else "ended", []).append(line)
    found = []
    for subject, kinds in sorted(lines.items()):
        dated_lines = [line for kind in ("ended", "begun") for line in kinds.get(kind, [])]
        rows = tuple(sorted({row for line in dated_lines for row in line.rows}))
        kind = next(iter(kinds))
        text = "; ".join(f"{line.date}: {line.what}" for line in dated_lines)
        if len(kinds) > 1:
            if len({line.short for line in dated_lines}) == 1:
                continue
            was, own = (
                ", ".join(dict.fromkeys(line.short for line in kinds[each]))
                for each in ("ended", "begun")
            )
            kind, text = "changed", f"{subject}: {was}, now {own} ({kinds['begun'][-1].date})"
        here = any(asked.of_row(row) for row in rows)
        found.append(Change(group, kind, subject, _sentence(text), rows, here))
    return _ranked(found, ("begun", "changed", "ended"))


def _hold(dated: list[DatedEvent], day: str) -> bool:
    """Tell whether what lasts may hold on a day; the line of a begin knows its end."""
    line = next((line for line in dated if line.edge == BEGIN), dated[0] if dated else None)
    return line is not None and holds(line.begins, line.ends, day) != NO
