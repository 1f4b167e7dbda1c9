"""Conflicts: facts on which rows differ, told from what only looks like a conflict.

Of rows on equal terms, copies of one root count once, and only an author's last edition stands;
what then disagrees is *real*. Rows on other terms differ by *basis*, *definition* or *year*.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import isfinite
from typing import NamedTuple

from monazite.analysis.conflicts.readings import (
    SHARE,
    PrintedNumber,
    Reading,
    apart,
    difference,
    to_readings,
)
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import counted, fixed
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.columns import Schema
from monazite.data.iris import NS, local_name
from monazite.data.reader import Row
from monazite.data.sameness import Sameness, SourceAttribution, read_attributions
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


class ConflictLine(Struct):
    """One row of a conflict: what it says, on what terms, who says so, and whether it stands."""

    row: str  #: the row, ``table/key``
    text: str  #: what it says, as printed
    #: its number in the unit of the text; None for dates, places, names and ranges
    value: float | None
    low: float | None  #: the least that the digits printed can mean; None without a bound
    high: float | None  #: the most that they can mean
    basis: str  #: on what it counts: contained element, oxide, gross weight
    defined: str  #: what it means: planned, nameplate
    year: str  #: the period that it speaks of
    sources: tuple[SourceAttribution, ...]
    #: whether it counts: no copy of another, and not superseded by a later edition
    stands: bool = True
    remark: str = ""  #: why it does not count

    _json = "row says=text value low high basis defined year stands remark sources"


class Conflict(Struct):
    """A fact on which rows differ, the kind of the difference, and the rows."""

    kind: str  #: real, basis, definition, year, edition or rounding
    table: str  #: the table of its rows
    fact: str  #: what the rows speak of, in words
    #: how far they differ: the part by which the least number falls short of the greatest (0 to 1),
    #: days between dates, or kilometres between points; None for names
    difference: float | None
    measure: str  #: part, days or kilometres; empty for names
    lines: tuple[ConflictLine, ...]  #: its rows, in the order of what they say
    mentions: frozenset[str] = frozenset()  #: the IRIs of all that its rows speak of

    _json = "kind table fact difference measure rows=lines"

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows, as ``table/key``."""
        return tuple(line.row for line in self.lines)


class Conflicts(Listing[Conflict]):
    """Facts on which rows of a view differ."""

    conflicts: tuple[Conflict, ...]  #: those of the kind asked for, the biggest difference first
    kind: str  #: the kind asked for, or ``all``
    counts: Mapping[str, int]  #: how many conflicts there are of each kind, listed or not
    entity: str | None = None  #: id of the entity that they are about; None for all
    label: str = ""  #: its name; empty for all

    records_key = "conflicts"
    _json = "entity kind counts conflicts"

    def tables(self) -> list[Table]:
        """Return one table a kind; a remark says how many of other kinds are not listed."""
        tables = []
        for kind in KINDS:
            if found := [each for each in self.conflicts if each.kind == kind]:
                heading = f"{HEADINGS[kind]}{f': {self.label}' if self.label else ''}"
                facts = counted(len(found), "fact")
                tables.append(table(f"{heading} ({facts})", _lines(found), _COLUMNS))
        if not tables:
            heading = f"No sources disagree{f' on {self.label}' if self.label else ''}"
            tables = [Table(heading, ("fact",), [])]
        listed = {each.kind for each in self.conflicts}
        others = [kind for kind in KINDS if kind not in listed and self.counts.get(kind)]
        if others:
            told = ", ".join(f"{self.counts[kind]} by {kind}" for kind in others)
            remark = f"Not listed: {told}; --kind all lists them."
            tables[-1] = replace(tables[-1], remarks=(remark,))
        return tables

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
    """Return the conflicts on an entity, on others of its id, and on materials of its elements."""
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


def find_superseded(cell: list[Reading]) -> dict[str, str]:
    """Return the rows that count for nothing: copies of one root, and superseded editions."""

    def rank(reading: Reading) -> tuple[bool, tuple[SourceAttribution, ...]]:
        original = any(source.root == source.id for source in reading.sources)
        return not original, reading.sources[:1]

    remarks: dict[str, str] = {}
    kept: list[Reading] = []
    for reading in sorted(cell, key=rank):
        first = next((one for one in kept if one.roots & reading.roots), None)
        if first is not None and not share_source(first, reading):
            remarks[reading.row] = f"copy of the root of {first.row}"
        else:
            kept.append(reading)
    authors: dict[str, list[Reading]] = defaultdict(list)
    for reading in cell:
        if reading.row not in remarks and reading.author:
            authors[reading.author].append(reading)
    for editions in authors.values():
        last = max(editions, key=lambda reading: (reading.known, reading.row))
        for reading in editions:
            if reading is not last and not share_source(reading, last):
                remarks[reading.row] = f"superseded by {last.row}"
    return remarks


def share_source(one: Reading, other: Reading) -> bool:
    """Tell whether one source says both."""
    return bool({source.id for source in one.sources} & {source.id for source in other.sources})


def kind_within(cell: list[Reading], stand: list[Reading]) -> str:
    """The kind of the strongest difference among rows on equal terms, or an empty text."""
    sides: dict[str, list[Reading]] = defaultdict(list)
    for reading in stand:
        sides[reading.author or reading.row].append(reading)
    kinds = {_against(one, other) for one, other in combinations(sides.values(), 2)}
    if any(len(side) > 1 and _differ(side) for side in sides.values()):
        kinds.add("definition")
    if _differ(cell):
        kinds.add("edition")
    elif len({reading.printed for reading in cell}) > 1:
        kinds.add("rounding")
    order = ("real", "definition", "edition", "rounding")
    return next((kind for kind in order if kind in kinds), "")


def _differ(side: list[Reading]) -> bool:
    return any(not one.printed.agrees(other.printed) for one, other in combinations(side, 2))


def _against(ours: list[Reading], theirs: list[Reading]) -> str:
    """Whether two authors contradict each other; parts, repeatable events and zeros do not."""
    if not apart([reading.printed for reading in ours], [reading.printed for reading in theirs]):
        return ""
    both = ours + theirs
    zeros = (x for x in both if isinstance(x.printed, PrintedNumber) and x.printed.ends == (0, 0))
    if any(reading.special for reading in both) or any(zeros):
        return "definition"
    both_said = any(share_source(one, other) for one in ours for other in theirs)
    return "definition" if both_said else "real"


def differences_between(
    standing: list[Reading], sameness: Sameness, years: int
) -> Iterator[tuple[str, list[Reading]]]:
    """Return differences between rows on other terms, with their kind: basis, definition, year."""
    found: dict[tuple[str, ...], list[tuple[Reading, Reading]]] = defaultdict(list)
    spoken_of = {(reading.author, reading.period) for reading in standing}
    for one, other in combinations(standing, 2):
        repeated = one.roots & other.roots or share_source(one, other)
        if repeated or one.unit != other.unit or one.printed == other.printed:
            continue
        kind = _terms_between(one, other, sameness)
        if kind and one.printed.agrees(other.printed):
            kind = "rounding" if one.period == other.period else ""
        if kind and _set_side_by_side(one, other, kind, spoken_of, years):
            basis = one.basis if one.basis == other.basis else ()
            period = one.period if one.period == other.period else ()
            found[kind, one.unit, *basis, *period].append((one, other))
    for (kind, *_), pairs in found.items():
        for readings in _joined(pairs):
            yield kind, readings


def _joined(pairs: Iterable[tuple[Reading, Reading]]) -> list[list[Reading]]:
    """Join pairs that share a reading."""
    groups: list[dict[str, Reading]] = []
    for pair in pairs:
        joined = {reading.row: reading for reading in pair}
        touched = [group for group in groups if group.keys() & joined.keys()]
        for group in touched:
            joined = {**group, **joined}
        groups = [*(group for group in groups if group not in touched), joined]
    return [list(group.values()) for group in groups]


def _terms_between(one: Reading, other: Reading, sameness: Sameness) -> str:
    """The first term in which two readings differ, if they measure one dimension."""
    if one.special == "repeats":
        return ""
    if one.basis != other.basis:
        return "basis" if _comparable(one, other, sameness) else ""
    if one.defined != other.defined:
        return "definition"
    return "year" if one.period != other.period else ""


def _set_side_by_side(
    one: Reading, other: Reading, kind: str, spoken_of: Container[object], within: int
) -> bool:
    """Whether a reader would set two readings side by side at all.

    Of one period: those on other bases or by other authors. Of near years: by other authors who do
    not speak of the other's year; shares, which move slowly, also where another term differs.
    """
    if one.period == other.period:
        return one.basis != other.basis or one.author != other.author
    if one.author == other.author or not _near(one.period, other.period, within):
        return False
    if kind != "year" and one.unit != SHARE:
        return False
    pairs = ((one.author, other.period), (other.author, one.period))
    return not any(pair in spoken_of for pair in pairs)


def _near(one: tuple[str, ...], other: tuple[str, ...], within: int) -> bool:
    """Whether two periods are the same part of two near years."""
    if [text[4:] for text in one] != [text[4:] for text in other]:
        return False
    years = [int(next((text[:4] for text in period if text), "0")) for period in (one, other)]
    return 0 < abs(years[0] - years[1]) <= within


def _comparable(one: Reading, other: Reading, sameness: Sameness) -> bool:
    """Whether two bases measure one dimension: mass with mass, a share with a share of it."""
    if len(one.basis) != len(other.basis):
        return False
    concepts = sameness.concepts
    dimensions = {concepts.one(reading.basis[0], "dimension") for reading in (one, other)}
    goods = zip(one.basis[1:], other.basis[1:], strict=True)
    return len(dimensions) == 1 and all(
        mine == theirs or _nested(mine, theirs, sameness) for mine, theirs in goods
    )


def _nested(mine: str, theirs: str, sameness: Sameness) -> bool:
    """Whether one thing is next above the other, and is more than one element of many."""
    for narrow, wide in ((mine, theirs), (theirs, mine)):
        if wide in sameness.linked(narrow, "broader"):
            return len(sameness.linked(narrow, "element")) != 1
    return False


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
        basis=_unsaid(reading, reading.basis, sameness),
        defined=_unsaid(reading, reading.defined, sameness),
        year=_period(reading.period),
        sources=reading.sources,
        stands=reading.row not in remarks,
        remark=remarks.get(reading.row, ""),
    )


def _unsaid(reading: Reading, terms: Iterable[str], sameness: Sameness) -> str:
    """Labels of terms that the words for the fact do not say already."""
    labels = map(sameness.label, terms)
    return ", ".join(label for label in labels if label and label not in reading.labels)


def find_own_conflicts(rows: Sequence[Row], schema: Schema, own: Collection[str]) -> list[Conflict]:
    """Find the facts on which some rows differ from others, as :func:`find_conflicts` does."""
    if not own:
        return []
    return [each for each in find_conflicts(rows, schema) if {*each.rows} & {*own}]
