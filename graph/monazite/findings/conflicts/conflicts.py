"""Conflicts: facts on which rows differ, told from what only looks like a conflict.

Rows speak of one fact where the vocabulary says so (``mz:sameFactBy``). Of rows on equal terms,
copies of one root count once, and only the last edition of one author stands; what the standing
readings say then contradicts (*real*) or agrees within the digits, days or kilometres printed
(*rounding*). Rows on other terms differ by *basis*, *definition* or *year*, and do not contradict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monazite.findings.conflicts.contradictions import find_superseded, kind_within
from monazite.findings.conflicts.differences_of_basis import differences_between
from monazite.findings.conflicts.kinds import KIND, KINDS, check_kind
from monazite.findings.conflicts.readings import Reading, to_readings
from monazite.findings.conflicts.tables import conflict_dict, conflict_tables, csv_table
from monazite.findings.conflicts.values import PrintedNumber, difference
from monazite.network.preferences import RANGE
from monazite.result import Result
from monazite.rows.columns import Schema
from monazite.rows.iris import NS, local_name
from monazite.rows.reader import Row
from monazite.rows.roots import SourceAttribution, read_attributions
from monazite.rows.sameness import Sameness
from monazite.safe_text import counted
from monazite.tables import Table
from monazite.triples.names import Entity


@dataclass(frozen=True)
class ConflictLine:
    """One row of a conflict: what it says, on what terms, who says so, and whether it stands.

    Attributes:
        row: the row, ``table/key``.
        text: what it says, as printed.
        value: its number in the unit of the text; None for dates, places, names and ranges.
        low: the least that the digits printed can mean; None without a bound.
        high: the most that they can mean.
        basis: on what it counts: contained element, oxide, gross weight.
        defined: what it means: planned, nameplate.
        year: the period that it speaks of.
        sources: who says so.
        stands: whether it counts: no copy of another, and not superseded by a later edition.
        remark: why it does not count.
    """

    row: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    basis: str
    defined: str
    year: str
    sources: tuple[SourceAttribution, ...]
    stands: bool = True
    remark: str = ""


@dataclass(frozen=True)
class Conflict:
    """A fact on which rows differ, the kind of the difference, and the rows.

    Attributes:
        kind: real, basis, definition, year, edition or rounding.
        table: the table of its rows.
        fact: what the rows speak of, in words.
        difference: how far they differ: the part by which the least number falls short of the
            greatest (0 to 1), days between dates, or kilometres between points; None for names.
        measure: part, days or kilometres; empty for names.
        lines: its rows, in the order of what they say.
        mentions: the IRIs of all that its rows speak of.
    """

    kind: str
    table: str
    fact: str
    difference: float | None
    measure: str
    lines: tuple[ConflictLine, ...]
    mentions: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows, as ``table/key``."""
        return tuple(line.row for line in self.lines)


@dataclass(frozen=True)
class Conflicts(Result):
    """Facts on which rows of a view differ.

    Attributes:
        conflicts: those of the kind asked for, the biggest difference first.
        kind: the kind asked for, or ``all``.
        counts: how many conflicts there are of each kind, listed or not.
        entity: id of the entity that they are about; None for all.
        label: its name; empty for all.
    """

    conflicts: tuple[Conflict, ...]
    kind: str
    counts: Mapping[str, int]
    entity: str | None = None
    label: str = ""

    records_key = "conflicts"

    def __len__(self) -> int:
        return len(self.conflicts)

    def __iter__(self) -> Iterator[Conflict]:
        return iter(self.conflicts)

    def content(self) -> dict[str, object]:
        """Return the conflicts as JSON has them; null is not known."""
        return {
            "entity": self.entity,
            "kind": self.kind,
            "counts": self.counts,
            "conflicts": [conflict_dict(conflict) for conflict in self.conflicts],
        }

    def tables(self) -> list[Table]:
        """Return one table a kind; a remark says how many of other kinds are not listed."""
        return conflict_tables(self.conflicts, self.counts, self.label)

    def csv_tables(self) -> list[Table]:
        """Return one line for each row of a conflict."""
        return [csv_table(self.conflicts)]

    def headline(self) -> str:
        """Return the kind, the entity, and on how many facts rows differ."""
        about = f" on {self.entity}" if self.entity else ""
        return f"{self.kind}{about}: {counted(len(self), 'fact')}"


def choose_conflicts(
    found: Sequence[Conflict], kind: str = KIND, entity: Entity | None = None
) -> Conflicts:
    """Choose the conflicts of a kind, and count those of the others.

    >>> choose_conflicts([], "basis")
    <Conflicts basis: 0 facts>
    """
    wanted = check_kind(kind)
    return Conflicts(
        conflicts=tuple(conflict for conflict in found if conflict.kind in wanted),
        kind=kind,
        counts={each: sum(conflict.kind == each for conflict in found) for each in KINDS},
        entity=entity.id if entity else None,
        label=entity.label if entity else "",
    )


def find_conflicts(
    rows: Sequence[Row], schema: Schema, *, sources: frozenset[str] | None = None
) -> list[Conflict]:
    """Find the facts on which rows differ, the biggest difference first.

    >>> from monazite.view import load
    >>> view = load()
    >>> found = find_conflicts(view.rows(), view.schema)
    >>> closing = next(c for c in found if "facility_events/bukit-merah-1992-closed" in c.rows)
    >>> closing.kind, [line.text for line in closing.lines]
    ('real', ['1992', '1994-01-19'])
    """
    sameness = Sameness(schema, list(rows))
    says = read_attributions(rows, schema)
    if sources is not None:
        says = {name: source for name, source in says.items() if name in sources}
    groups: dict[tuple[str, object], list[Reading]] = defaultdict(list)
    for reading in to_readings(rows, sameness, says):
        groups[reading.table, reading.fact].append(reading)
    years = _years(rows, schema)
    found = [
        conflict
        for readings in groups.values()
        if len(readings) > 1
        for conflict in _of_fact(readings, sameness, years)
    ]
    return sorted(found, key=_order)


def _years(rows: Iterable[Row], schema: Schema) -> int:
    """How many years apart two rows may be to read one share, by the rule of preference."""
    tables = {table.name for table in schema.tables_of(NS + "Preference")}
    limits = [
        int(row.text("limit"))
        for row in rows
        if row.table in tables and row.text("choice") == RANGE and row.text("limit")
    ]
    return min(limits, default=0)


def conflicts_about(
    conflicts: Iterable[Conflict], entity: str, rows: Sequence[Row], schema: Schema
) -> list[Conflict]:
    """Return the conflicts on an entity, in their order.

    Meant is what rows speak of by its IRI, or by the IRI of what has the same id (a mine and its
    deposit); for an element or a group also the materials that consist of it alone.

    >>> from monazite.view import load
    >>> view = load()
    >>> found = find_conflicts(view.rows(), view.schema)
    >>> deposit = "https://w3id.org/monazite/id/facility/weishan"
    >>> about = conflicts_about(found, deposit, view.rows(), view.schema)
    >>> sorted({conflict.table for conflict in about})
    ['assays', 'coordinates']
    """
    sameness = Sameness(schema, list(rows))
    same_id = {iri for iri in sameness.entities if local_name(iri) == local_name(entity)}
    parts = {entity, *sameness.linked(entity, "member")}
    made_of_it = {
        iri
        for iri in sameness.entities
        if (elements := set(sameness.linked(iri, "element"))) and elements <= parts
    }
    meant = {entity, *same_id, *made_of_it}
    return [conflict for conflict in conflicts if conflict.mentions & meant]


def _order(conflict: Conflict) -> tuple[object, ...]:
    measures = ("part", "days", "kilometres", "")
    return (
        KINDS.index(conflict.kind),
        measures.index(conflict.measure),
        -(conflict.difference or 0.0),
        conflict.table,
        conflict.rows,
    )


def _of_fact(readings: list[Reading], sameness: Sameness, years: int) -> Iterator[Conflict]:
    """The conflicts of one fact: at most one on each set of terms, and one between terms a kind."""
    cells: dict[tuple[object, ...], list[Reading]] = defaultdict(list)
    for reading in readings:
        cells[reading.unit, reading.basis, reading.defined, reading.period].append(reading)
    standing: list[Reading] = []
    for cell in cells.values():
        remarks = find_superseded(cell)
        stand = [reading for reading in cell if reading.row not in remarks]
        standing += stand
        kind = kind_within(cell, stand)
        if kind:
            yield _conflict(kind, cell, sameness, remarks)
    for kind, other_terms in differences_between(standing, sameness, years):
        yield _conflict(kind, other_terms, sameness, {})


def _conflict(
    kind: str, readings: Iterable[Reading], sameness: Sameness, remarks: Mapping[str, str]
) -> Conflict:
    ordered = sorted(readings, key=lambda r: (r.printed.ends, r.sources[:1], r.row))
    stand = [reading for reading in ordered if reading.row not in remarks] or ordered
    compared = ordered if kind in {"edition", "rounding"} else stand
    size, measure = difference([reading.printed for reading in compared])
    first = ordered[0]
    return Conflict(
        kind=kind,
        table=first.table,
        fact="; ".join((*first.labels, *filter(None, _when(ordered)))),
        difference=size,
        measure=measure,
        lines=tuple(_line(reading, sameness, remarks) for reading in ordered),
        mentions=frozenset(iri for reading in ordered for iri in reading.mentions),
    )


def _when(readings: Sequence[Reading]) -> tuple[str, ...]:
    """The period that all readings share."""
    periods = {reading.period for reading in readings}
    return (_period(periods.pop()),) if len(periods) == 1 else ()


def _period(texts: Iterable[str]) -> str:
    """A period in words; a year that the months of it stand beside says nothing more."""
    parts = sorted(set(filter(None, texts)))
    longer = [part for part in parts if not any(p != part and p.startswith(part) for p in parts)]
    return " to ".join(longer)


def _line(reading: Reading, sameness: Sameness, remarks: Mapping[str, str]) -> ConflictLine:
    said = reading.printed
    number = said if isinstance(said, PrintedNumber) else None
    ends = list(number.ends) if number else []
    return ConflictLine(
        row=reading.row,
        text=reading.text,
        value=number.value if number else None,
        low=_finite(ends[0]) if number else None,
        high=_finite(ends[1]) if number else None,
        basis=", ".join(_unsaid(reading, reading.basis, sameness)),
        defined=", ".join(_unsaid(reading, reading.defined, sameness)),
        year=_period(reading.period),
        sources=reading.sources,
        stands=reading.row not in remarks,
        remark=remarks.get(reading.row, ""),
    )


def _unsaid(reading: Reading, terms: Iterable[str], sameness: Sameness) -> Iterator[str]:
    """Labels of terms that the words for the fact do not say already."""
    for term in terms:
        label = sameness.label(term)
        if label and label not in reading.labels:
            yield label


def _finite(end: float) -> float | None:
    return None if abs(end) == float("inf") else end
