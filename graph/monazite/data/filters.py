"""What a reader asks of a view: a day, what was known by a day, a tier, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.results import Struct
from monazite.data.dates import date_bounds

if TYPE_CHECKING:
    from monazite.data.columns import Schema, TableShape
    from monazite.data.reader import Row


class Filters(Struct):
    """What a reader asks of a view; days are ISO days, None filters nothing."""

    valid: str | None = None
    known: str | None = None
    tier: int | None = None
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()

    def narrowed(self, asked: Mapping[str, Any]) -> Filters:
        """Return the filters with those of a question beside them: what is left out stays out."""
        given = {name: value for name, value in asked.items() if value is not None}
        if self.known is not None and "known" in given:
            given["known"] = min(date_bounds(given["known"])[1], self.known)
        if self.tier is not None and given.get("tier") in range(self.tier, 5):
            given["tier"] = self.tier
        return replace(self, **{**given, "without": (*self.without, *given.get("without", ()))})


SURELY, PERHAPS, NO = "surely", "perhaps", "no"
_KINDS = ("table", "source", "publisher", "row")

Bounds = tuple[str, str] | None  # first and last day a partial date can mean
_ALWAYS = "0001-01-01"  # the first day that a plan can have been told where no source has a date


class Entry(NamedTuple):
    """What the filters need of a row: its table and key, its sources, and its time."""

    table: str
    key: str
    sources: tuple[str, ...]
    joint: bool
    begins: Bounds
    ends: Bounds

    @property
    def name(self) -> str:
        """``table/key``."""
        return f"{self.table}/{self.key}"


class SourceEntry(NamedTuple):
    """What the filters need of a source: the first day on which it surely could be read."""

    publisher: str
    tier: int
    known: str
    dated: bool


class Index(Struct):
    """The rows of the tables as the filters see them, in the order of the rows."""

    entries: tuple[Entry, ...]
    sources: Mapping[str, SourceEntry]
    tables: Mapping[str, TableShape]

    def is_claim(self, entry: Entry) -> bool:
        """Tell whether the filters by source and time apply to a row."""
        table = self.tables[entry.table]
        return table.kind == "record" and not table.in_every_view


class KeptRows(Struct):
    """The rows of a view: places in the index, with what each filter cost."""

    kept: tuple[int, ...]
    perhaps: frozenset[int]
    sources: frozenset[str]
    cost: Mapping[str, int]  # rows that each drops alone, and all of them only ``together``
    claims: int
    all_claims: int
    undated: int = 0  # rows that ``known`` drops for want of a dated source


def to_index(rows: Iterable[Row], schema: Schema) -> Index:
    """Return what the filters need of some rows."""
    held = list(rows)
    papers = {row.key: row for row in held if schema.tables[row.table].kind == "source"}
    sources = {}
    for name, row in papers.items():
        published = row.text("published")
        days = [date_bounds(day)[1] for day in (published, row.text("accessed")) if day]
        known, tier = min(days, default=""), int(row.text("tier"))
        sources[name] = SourceEntry(row.text("publisher"), tier, known, bool(published))
    planned, agreed = (_columns_of(schema, x) for x in (schema.plans, schema.contracts))
    entries: list[Entry] = []
    for row in held:
        days_told = (_bounds(row.text(x)) for x in schema.tables[row.table].time_columns)
        begins, ends, *_ = (*days_told, None, None)
        is_plan = any(row.text(column) in codes for column, codes in planned.get(row.table, ()))
        is_agreed = any(row.text(column) in codes for column, codes in agreed.get(row.table, ()))
        if is_plan or (is_agreed and begins and _publication_days(row, papers)):
            begins = _announced_on(row, begins, papers)
        cited = tuple(cell.text for cell in row.cells.get("source", ()))
        joint = row.text("attribution") == "joint"
        entries.append(Entry(row.table, row.key, cited, joint, begins, ends))
    return Index(tuple(entries), sources, schema.tables)


def _columns_of(
    schema: Schema, concepts: frozenset[str]
) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """The columns of each table of claims that may state some concepts, and the codes that do."""
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for table in schema.tables.values():
        for column in table.columns if table.kind == "record" else ():
            codes = frozenset(
                code
                for name in column.classes
                for code, concept in schema.codes.get(name, {}).items()
                if concept in concepts
            )
            if codes and not column.about_row:
                found.setdefault(table.name, []).append((column.name, codes))
    return found


def _announced_on(row: Row, planned: Bounds, papers: Mapping[str, Row]) -> Bounds:
    """When a plan was first told: by its first source, or on its own day, if that is earlier."""
    said = _publication_days(row, papers)
    if not said:
        return (_ALWAYS, planned[1]) if planned else None  # on any day before its own
    days = [*said, planned] if planned else said
    return min(first for first, _ in days), min(last for _, last in days)


def _publication_days(row: Row, papers: Mapping[str, Row]) -> list[tuple[str, str]]:
    """The days on which the sources of a row that have a date may have been published."""
    cited = [papers[cell.text] for cell in row.cells.get("source", ()) if cell.text in papers]
    return [bounds for paper in cited if (bounds := _bounds(paper.text("published")))]


def _bounds(text: str) -> Bounds:
    return date_bounds(text) if text else None


def holds_on(entry: Entry, table: TableShape, day: str) -> str:
    """Tell whether a row holds on a day: surely, perhaps or no.

    An *interval* holds from its first to its last day, both included; without a last day it is
    open. An *event* and the figure of a *period* hold from when they have happened or ended;
    they are perhaps while a partial date leaves that open, or a period has begun. A *part*
    without dates takes those of its whole. A *calendar* (what an act sets for which day) and
    what has no time hold on every day. Without the date that would decide, it is perhaps.

    >>> from monazite.data.columns import TableShape
    >>> table = TableShape("ownership", "", "record", "", "interval", ("from", "until"), ())
    >>> entry = Entry("ownership", "a", (), False, date_bounds("2008"), date_bounds("2015-06"))
    >>> [holds_on(entry, table, day) for day in ("2007-12-31", "2008-03-01", "2010-01-01")]
    ['no', 'perhaps', 'surely']
    """
    if table.time in {"none", "calendar"}:
        return SURELY
    begins, ends = entry.begins, entry.ends
    if table.time == "part" and begins is None and ends is None:
        return SURELY
    return holds(begins, ends if table.time in {"interval", "part"} else None, day)


def select(index: Index, filters: Filters) -> KeptRows:
    """Choose the rows of a view."""
    exclusions = {name: find_exclusion(index, name) for name in filters.without}
    alone = _passing_sources(index, filters, exclusions)
    passing = frozenset(index.sources).intersection(*alone.values())
    valid, entries = filters.valid, index.entries
    tests: dict[str, Callable[[Entry], bool]] = {}
    if valid:
        tests[f"valid {valid}"] = lambda x: holds_on(x, index.tables[x.table], valid) != NO
    tests |= {name: partial(_passes, passing=own) for name, own in alone.items()}
    left_out = {name: out for name, (kind, out) in exclusions.items() if kind in {"table", "row"}}
    tests |= {f"without {name}": partial(_is_not, out=out) for name, out in left_out.items()}
    explicit = {name: test for name, test in tests.items() if name.startswith("without ")}
    cost = dict.fromkeys(tests, 0)
    kept: list[int] = []
    together = 0
    for place, entry in enumerate(index.entries):
        claim = index.is_claim(entry)
        other = explicit if index.tables[entry.table].kind == "record" else {}
        failed = [name for name, test in (tests if claim else other).items() if not test(entry)]
        for name in failed:
            cost[name] += 1
        if not failed:
            passes = not claim or _passes(entry, passing)
            kept += [place] if passes else []
            together += not passes
    if together:
        cost["together"] = together
    perhaps = frozenset(
        place
        for place in kept
        if valid and holds_on(entries[place], index.tables[entries[place].table], valid) == PERHAPS
    )
    claims = [entry for entry in entries if index.is_claim(entry)]
    known = alone.get(f"known {filters.known}", frozenset())
    return KeptRows(
        kept=tuple(kept),
        perhaps=perhaps,
        sources=passing,
        cost=cost,
        claims=sum(index.is_claim(entries[place]) for place in kept),
        all_claims=len(claims),
        undated=sum(
            not any(index.sources[source].dated for source in entry.sources)
            for entry in (claims if filters.known else ())
            if not _passes(entry, known)
        ),
    )


def _passes(entry: Entry, passing: frozenset[str]) -> bool:
    if entry.joint:
        return passing.issuperset(entry.sources)
    return not passing.isdisjoint(entry.sources)


def _passing_sources(
    index: Index, filters: Filters, exclusions: Mapping[str, tuple[str, str]]
) -> dict[str, frozenset[str]]:
    """The sources that pass each filter of sources when it stands alone."""
    sources, found = index.sources.items(), {}
    if known := filters.known:
        found[f"known {known}"] = frozenset(name for name, x in sources if "" < x.known <= known)
    if tier := filters.tier:
        found[f"tier {tier}"] = frozenset(name for name, x in sources if x.tier <= tier)
    for name, (kind, out) in exclusions.items():
        if kind in {"source", "publisher"}:
            found[f"without {name}"] = frozenset(
                own for own, x in sources if out != (own if kind == "source" else x.publisher)
            )
    return found


def _is_not(entry: Entry, out: str) -> bool:
    return out not in (entry.table, entry.name)


def find_exclusion(index: Index, name: str) -> tuple[str, str]:
    """Find what ``without`` names: ``(kind, id)``, the kind a table, source, publisher or row."""
    wanted, _, rest = name.partition(":")
    kinds = (wanted,) if wanted in _KINDS and rest else _KINDS
    text = rest if wanted in _KINDS and rest else name
    publishers = sorted({each.publisher for each in index.sources.values()})
    folded, row = text.casefold(), text.removeprefix("row/")
    known = {
        "table": text if text in index.tables else "",
        "source": text if text in index.sources else "",
        "publisher": next((each for each in publishers if each.casefold() == folded), ""),
        "row": row if any(entry.name == row for entry in index.entries) else "",
    }
    found = [(kind, known[kind]) for kind in kinds if known[kind]]
    if len(found) == 1:
        kind, value = found[0]
        table = index.tables[value.partition("/")[0]] if kind in {"table", "row"} else None
        if table is not None and table.kind != "record":
            raise UnknownNameError(
                f'"{name}" is identity, which is in every view; name a table of facts, a row, '
                "a source or a publisher."
            )
        return kind, value
    if found:
        listed = " or ".join(f"{kind}:{text}" for kind, _ in found)
        raise UnknownNameError(f'"{name}" is more than one thing; write {listed}.')
    fix = did_you_mean(text, [*index.tables, *index.sources, *publishers]) or (
        "list sources with: monazite query sources-by-tier; write a row as table/key."
    )
    raise UnknownNameError(f'There is no row, source, publisher or table "{name}"; {fix}')


PRECISION = {4: "year", 7: "month", 10: "day"}  # what is known of a date, by the length of its text


def holds(begins: Bounds, ends: Bounds, day: str) -> str:
    """Return whether an interval with uncertain ends contains a day: surely, perhaps or no.

    Both ends are included; without a first day it perhaps holds, without a last day it is open.
    """
    if (begins and day < begins[0]) or (ends and ends[1] < day):
        return NO
    sure = begins is not None and begins[1] <= day and (ends is None or day <= ends[0])
    return SURELY if sure else PERHAPS


def bounds_in(answer: Mapping[str, str], name: str) -> Bounds:
    """Return the first and last day that a date in a record of a query can mean."""
    earliest, latest = answer[f"{name}Earliest"], answer[f"{name}Latest"]
    return (earliest, latest) if earliest else None
