"""Conflicts: facts on which rows differ, told from what only looks like a conflict.

Of rows on equal terms, copies of one root count once, and only an author's last edition stands;
what then disagrees is *real*. Rows on other terms differ by *basis*, *definition* or *year*.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import NamedTuple

from monazite.analysis.conflicts.contradictions import (
    differences_between,
    find_superseded,
    kind_within,
)
from monazite.analysis.conflicts.readings import PrintedNumber, Reading, difference, to_readings
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import counted, fixed
from monazite.core.results import Listing
from monazite.core.tables import Table, percent_cell
from monazite.data.columns import Schema
from monazite.data.iris import NS, local_name
from monazite.data.reader import Row
from monazite.data.roots import SourceAttribution, read_attributions
from monazite.data.sameness import Sameness
from monazite.model.network.shares import RANGE
from monazite.store.names import Entity

KINDS = ("real", "basis", "definition", "year", "edition", "rounding")
KIND, ALL = "real", "all"  # the kind that is listed where none is named, and the word for all kinds


def check_kind(kind: str) -> tuple[str, ...]:
    """Return the kinds that a word means: one, or ``all``."""
    if kind == ALL:
        return KINDS
    if kind in KINDS:
        return (kind,)
    fix = did_you_mean(kind, (*KINDS, ALL)) or f"kinds are {', '.join(KINDS)} and {ALL}."
    raise UnknownNameError(f'There is no kind of conflict "{kind}"; {fix}')


HEADINGS = {
    "real": "Sources that disagree",
    "basis": "Records that differ because they count on another basis",
    "definition": "Records that differ because they mean another thing by it",
    "year": "Records that differ because they speak of another year",
    "edition": "Records that a later edition, or the original of a copy, revises",
    "rounding": "Records that agree within the digits, days or kilometres printed",
}
_BY = re.compile(r" (?:by|of|from) [a-z_]+/\S+")
"""Which record stands instead, by its key."""


def conflict_tables(
    conflicts: Sequence[Conflict], counts: Mapping[str, int], about: str = ""
) -> list[Table]:
    """Return one table a kind, each row of a conflict on a line of its own."""
    tables, listed = [], []
    for kind in KINDS:
        if found := [each for each in conflicts if each.kind == kind]:
            heading = f"{HEADINGS[kind]}{f': {about}' if about else ''}"
            facts = counted(len(found), "fact")
            tables.append(table(f"{heading} ({facts})", _lines(found), _COLUMNS))
            listed.append(kind)
    if not tables:
        heading = f"No sources disagree{f' on {about}' if about else ''}"
        tables = [Table(heading, ("fact",), [])]
    others = remark(counts, listed)
    tables[-1] = replace(tables[-1], remarks=(others,) if others else ())
    return tables


def remark(counts: Mapping[str, int], listed: Sequence[str]) -> str:
    """Say how many conflicts of other kinds there are."""
    others = [f"{counts[x]} by {x}" for x in KINDS if x not in listed and counts.get(x)]
    return f"Not listed: {', '.join(others)}; --kind all lists them." if others else ""


class _LineOfFact(NamedTuple):
    """A line of a table: what one row says of a fact, which stands before its first row alone."""

    of: Conflict
    line: ConflictLine

    @property
    def sources(self) -> str:
        return "; ".join(dict.fromkeys(map(str, self.line.sources)))

    def first(self, text: str) -> str:
        return text if self.line is self.of.lines[0] else ""


def _lines(conflicts: Iterable[Conflict]) -> list[_LineOfFact]:
    return [_LineOfFact(each, line) for each in conflicts for line in each.lines]


_COLUMNS = (
    Column("fact", lambda told: told.first(told.of.fact)),
    Column("differ by", lambda told: told.first(differ_by(told.of)), right=True),
    Column("says", "line.text"),
    Column("basis", lambda x: "; ".join(filter(None, (x.line.basis, x.line.defined))), spare=1),
    Column("year", "line.year", spare=2),
    Column("stands", lambda x: "yes" if x.line.stands else f"no, {_BY.sub('', x.line.remark)}"),
    Column("source", lambda x: "; ".join(dict.fromkeys(y.in_words for y in x.line.sources))),
    Column("remark", "line.remark", full=True),
    Column("row", "line.row", full=True),
)
_BARE = (
    "kind=of.kind fact=of.fact difference=of.difference measure=of.measure says=line.text "
    "value=line.value low=line.low high=line.high basis=line.basis defined=line.defined "
    "year=line.year stands=line.stands remark=line.remark source=sources row=line.row"
)


def differ_by(conflict: Conflict) -> str:
    """Return the difference as text: whole percent, days or kilometres; empty for names."""
    if conflict.difference is None:
        return ""
    size = conflict.difference
    if conflict.measure == "part":
        return percent_cell(size)
    unit = {"days": "days", "kilometres": "km"}[conflict.measure]
    return f"{fixed(size, 1)} {unit}" if 0 < size < 1 else f"{fixed(size, 0)} {unit}"


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

    _json = "row says=text value low high basis defined year stands remark sources"


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

    _json = "kind table fact difference measure rows=lines"

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows, as ``table/key``."""
        return tuple(line.row for line in self.lines)


@dataclass(frozen=True)
class Conflicts(Listing[Conflict]):
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

    _items = "conflicts"
    records_key = "conflicts"
    _json = "entity kind counts conflicts"

    def tables(self) -> list[Table]:
        """Return one table a kind; a remark says how many of other kinds are not listed."""
        return conflict_tables(self.conflicts, self.counts, self.label)

    def csv_tables(self) -> list[Table]:
        """Return one line for each row of a conflict."""
        return [bare_table(_lines(self.conflicts), _BARE, digits=10)]

    def headline(self) -> str:
        """Return the kind, the entity, and on how many facts rows differ."""
        about = f" on {self.entity}" if self.entity else ""
        return f"{self.kind}{about}: {counted(len(self), 'fact')}"


def choose_conflicts(
    found: Sequence[Conflict], kind: str = KIND, entity: Entity | None = None
) -> Conflicts:
    """Choose the conflicts of a kind, and count those of the others."""
    wanted = check_kind(kind)
    return Conflicts(
        conflicts=tuple(conflict for conflict in found if conflict.kind in wanted),
        kind=kind,
        counts={each: sum(conflict.kind == each for conflict in found) for each in KINDS},
        entity=entity.id if entity else None,
        label=entity.label if entity else "",
    )


def find_conflicts(
    rows: Sequence[Row], schema: Schema, says: Mapping[str, SourceAttribution] | None = None
) -> list[Conflict]:
    """Find the facts on which rows differ, by the sources that speak, the biggest first."""
    sameness = Sameness(schema, list(rows))
    says = read_attributions(rows, schema) if says is None else says
    groups: dict[tuple[str, object], list[Reading]] = defaultdict(list)
    for reading in to_readings(rows, sameness, says):
        groups[reading.table, reading.fact].append(reading)
    years = _years(rows, schema)
    measures = ("part", "days", "kilometres", "")
    found = [
        conflict
        for readings in groups.values()
        if len(readings) > 1
        for conflict in _of_fact(readings, sameness, years)
    ]
    return sorted(
        found,
        key=lambda each: (
            *(KINDS.index(each.kind), measures.index(each.measure)),
            *(-(each.difference or 0.0), each.table, each.rows),
        ),
    )


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

    Meant is its IRI, what has the same id (a mine and its deposit), and materials of its elements
    alone.
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
    shared = first.period if len({reading.period for reading in ordered}) == 1 else ()
    return Conflict(
        kind=kind,
        table=first.table,
        fact="; ".join((*first.labels, *filter(None, [_period(shared)]))),
        difference=size,
        measure=measure,
        lines=tuple(_line(reading, sameness, remarks) for reading in ordered),
        mentions=frozenset(iri for reading in ordered for iri in reading.mentions),
    )


def _period(texts: Iterable[str]) -> str:
    """A period in words; a year that the months of it stand beside says nothing more."""
    parts = sorted(set(filter(None, texts)))
    longer = [part for part in parts if not any(p != part and p.startswith(part) for p in parts)]
    return " to ".join(longer)


def _line(reading: Reading, sameness: Sameness, remarks: Mapping[str, str]) -> ConflictLine:
    said = reading.printed
    number = said if isinstance(said, PrintedNumber) else None
    return ConflictLine(
        row=reading.row,
        text=reading.text,
        value=number.value if number else None,
        low=number.low if number and isfinite(number.low) else None,
        high=number.high if number and isfinite(number.high) else None,
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


def find_own_conflicts(rows: Sequence[Row], schema: Schema, own: Collection[str]) -> list[Conflict]:
    """Find the facts on which some rows differ from others, as :func:`find_conflicts` does."""
    if not own:
        return []
    return [each for each in find_conflicts(rows, schema) if {*each.rows} & {*own}]
