"""What changed between two views: facilities, policies, holdings, supply links and shares.

The same comparison serves both clocks. Between two days of what is true, both views have the
same rows and are asked on different days; between two days of what was known, the rows differ
and the day asked about is one. A change is told only where the two answers differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monazite.findings.changes.comparison import Change, ComparedView
from monazite.findings.changes.new_sources import source_changes
from monazite.findings.changes.relevance import Relevance, read_relevance
from monazite.findings.changes.share_changes import share_changes
from monazite.findings.changes.tables import changes_csv, changes_dict, changes_tables
from monazite.findings.partial_dates import holds
from monazite.findings.plants.lives import Life, Lives, read_lives
from monazite.findings.plants.states import FacilityEvent
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.status import IN_FORCE, MAY_BE, PolicyStatus, read_statuses
from monazite.findings.timeline.dated_events import BEGIN, DatedEvent, read_dated_events
from monazite.parameters import ELEMENT, MARKET
from monazite.result import Result
from monazite.rows.dates import day_words
from monazite.rows.filters import NO, PERHAPS
from monazite.safe_text import NOT_KNOWN, counted
from monazite.tables import Table
from monazite.triples.queries import ask

_LIFE_KINDS = (
    *("closed", "suspended", "restarted", "opened", "commissioned", "shipped-first-product"),
    "construction-started",
)
_POLICY_KINDS = ("begun", "suspended", "resumed", "in doubt", "ended", "announced", "other")


@dataclass(frozen=True)
class Changes(Result):
    """What changed between two views, grouped, the most important first.

    Attributes:
        before: name of the earlier view: its day, or what was known by it.
        after: name of the later view.
        element: whose shares were compared, and what the changes touch.
        market: what changes for it comes first in each group.
        changes: all changes.
    """

    before: str
    after: str
    element: str
    market: str
    changes: tuple[Change, ...]

    records_key = "changes"

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many changes of each kind, by group, in the order of the changes."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for change in self.changes:
            found[change.group][change.kind] += 1
        return {group: dict(kinds) for group, kinds in found.items()}

    def content(self) -> dict[str, object]:
        """Return the comparison as JSON has it."""
        return changes_dict(self)

    def tables(self) -> list[Table]:
        """Return one table a group, headed by how many changes there are of which kind."""
        return changes_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return all changes as one table."""
        return [changes_csv(self)]

    def headline(self) -> str:
        """Return the two views and how many changes there are."""
        return f"{self.before} to {self.after}: {counted(len(self), 'change')}"


def find_changes(
    before: ComparedView, after: ComparedView, element: str = ELEMENT, market: str = MARKET
) -> Changes:
    """Compare two views.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> from monazite.triples.opening import open_store
    >>> store, schema = open_store(), read_schema(ontology_folder())
    >>> sides = [ComparedView(store, schema, day, day) for day in ("2017-06-30", "2019-06-30")]
    >>> found = [change for change in find_changes(*sides).changes if "Pass" in change.subject]
    >>> found[0].kind, found[0].text.split(". ")[0].split(": ")[1]
    ('restarted', 'suspended, now partly operating (mine operating, separation suspended)')
    """
    same = before.store is after.store
    old = _read(before)
    new = old if same else _read(after)
    shares, notes = share_changes(before, after, element)
    asked = read_relevance(after.store, after.day, element, market)
    groups = [
        shares,
        _policy_changes(before, after, asked),
        _facility_changes(old.lives, new.lives, before.day, after.day, asked),
        _lasting_changes("ownership", old.lasting, new.lasting, before.day, after.day, asked),
        _lasting_changes("supply", old.lasting, new.lasting, before.day, after.day, asked),
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
    old: Lives, new: Lives, then: str, now: str, asked: Relevance
) -> list[Change]:
    """Facilities whose state changed or became sure, or that had an event which set it again."""
    found = []
    for facility in sorted(new.facilities):
        first = old.on(facility, then) if facility in old.facilities else None
        last = new.on(facility, now)
        event = _new_state_change(
            old.last_state_change(facility, then), new.last_state_change(facility, now), then
        )
        was = _state(first) if first else NOT_KNOWN
        moved = was != _state(last)
        here = asked.of_facility(facility)
        if last.state == NOT_KNOWN or not (moved or (event and event.earliest > then)):
            continue
        if here is None:
            continue
        rows = [event.row] if event else []
        rows += [*last.rows, *(first.rows if first else ())]
        found.append(
            Change(
                group="facilities",
                kind=event.event if event else last.state,
                subject=last.label,
                text=_life_change(was, last, event),
                rows=tuple(dict.fromkeys(rows)),
                market=here,
            )
        )
    return _ranked(found, _LIFE_KINDS)


def _state(life: Life) -> str:
    return f"perhaps {life.state}" if life.certainty == PERHAPS else life.state


def _new_state_change(
    before: FacilityEvent | None, event: FacilityEvent | None, then: str
) -> FacilityEvent | None:
    """Return the last event that set a state, unless it had surely happened by the first day."""
    if event is None or (before and before.row == event.row and before.latest <= then):
        return None
    return event


def _life_change(was: str, last: Life, event: FacilityEvent | None) -> str:
    text = f"{last.label} ({last.country}): "
    text += f"still {was}" if was == _state(last) else f"{was}, now {_state(last)}"
    if len({stage.state for stage in last.stages}) > 1:
        text += f" ({', '.join(f'{stage.stage} {stage.state}' for stage in last.stages)})"
    if event is not None:
        detail = f": {event.detail}" if event.detail else ""
        text += f". {event.label} {event.printed}{detail}"
    return _sentence(text)


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


@dataclass(frozen=True)
class _Compared:
    """What is read of one store: lives of facilities, and what lasts, by group and row."""

    lives: Lives
    lasting: Mapping[str, Mapping[str, list[DatedEvent]]]


def _read(side: ComparedView) -> _Compared:
    rows: dict[str, set[str]] = {"ownership": set(), "supply_links": set()}
    for answer in ask(side.store, "network-mentions"):
        row = answer.row()
        rows.get(row.split("/", 1)[0], set()).add(row)
    lasting: dict[str, dict[str, list[DatedEvent]]] = {"ownership": {}, "supply": {}}
    for line in read_dated_events(side.store, side.schema, set().union(*rows.values()))[0]:
        lasting[line.kind].setdefault(line.rows[0], []).append(line)
    return _Compared(read_lives(side.store), lasting)


def _lasting_changes(
    group: str,
    old: Mapping[str, Mapping[str, list[DatedEvent]]],
    new: Mapping[str, Mapping[str, list[DatedEvent]]],
    then: str,
    now: str,
    asked: Relevance,
) -> list[Change]:
    """Holdings or supply links that hold, surely or perhaps, on one of the two days only."""
    lines: dict[str, dict[str, list[DatedEvent]]] = {}
    for row, dated in sorted(new[group].items()):
        if asked.of_row(row) is None:
            continue
        held, holding = _hold(old[group].get(row, []), then), _hold(dated, now)
        if held != holding:
            line = dated[0] if holding else dated[-1]
            kinds = lines.setdefault(line.subject, {})
            kinds.setdefault("begun" if holding else "ended", []).append(line)
    found = [
        _lasting_change(group, subject, kinds)
        for subject, kinds in sorted(lines.items())
        if len(kinds) == 1 or len({line.short for dated in kinds.values() for line in dated}) > 1
    ]
    told = [replace(each, market=any(asked.of_row(row) for row in each.rows)) for each in found]
    return _ranked(told, ("begun", "changed", "ended"))


def _lasting_change(group: str, subject: str, kinds: Mapping[str, list[DatedEvent]]) -> Change:
    """One change for one holder and one holding, or one supplier and one customer."""
    dated = [line for kind in ("ended", "begun") for line in kinds.get(kind, [])]
    rows = tuple(sorted({row for line in dated for row in line.rows}))
    if len(kinds) > 1:
        was, now = (
            ", ".join(dict.fromkeys(line.short for line in kinds[kind]))
            for kind in ("ended", "begun")
        )
        text = f"{subject}: {was}, now {now} ({kinds['begun'][-1].date})"
        return Change(group, "changed", subject, _sentence(text), rows)
    text = "; ".join(f"{line.date}: {line.what}" for line in dated)
    return Change(group, next(iter(kinds)), subject, _sentence(text), rows)


def _hold(dated: list[DatedEvent], day: str) -> bool:
    """Tell whether what lasts may hold on a day; the line of a begin knows its end."""
    line = next((line for line in dated if line.edge == BEGIN), dated[0] if dated else None)
    return line is not None and holds(line.begins, line.ends, day) != NO
