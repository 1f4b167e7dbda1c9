"""Which rows a view keeps: partial dates, three-valued time, one source that passes everything."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import BadDateError, UnknownNameError
from monazite.core.package import ontology_folder
from monazite.data.columns import TableShape, read_schema
from monazite.data.dates import DATATYPES, date_bounds, dates_in_words, read_today
from monazite.data.filters import (
    NO,
    PERHAPS,
    SURELY,
    Bounds,
    Entry,
    Filters,
    Index,
    SourceEntry,
    find_exclusion,
    holds_on,
    select,
    to_index,
)
from monazite.data.reader import Cell, Row, Tables
from monazite.store.quads import days_in, time_columns

ANY_DAY = st.dates(min_value=date(1000, 1, 1))


@given(ANY_DAY)
def test_a_month_contains_its_days_and_a_year_its_months(day: date) -> None:
    text = day.isoformat()
    first_of_year, last_of_year = date_bounds(text[:4])
    first_of_month, last_of_month = date_bounds(text[:7])
    assert first_of_year <= first_of_month <= text <= last_of_month <= last_of_year


@given(ANY_DAY)
def test_the_bounds_are_tight(day: date) -> None:
    first, last = (date.fromisoformat(bound) for bound in date_bounds(day.isoformat()[:7]))
    assert (first.day, first.month) == (1, day.month)
    assert date.fromordinal(min(last.toordinal() + 1, date.max.toordinal())).day in {1, 31}
    assert (last.year, last.month) == (day.year, day.month)


@given(ANY_DAY, ANY_DAY)
def test_bounds_keep_the_order_of_time(one: date, other: date) -> None:
    sooner, later = sorted([one.isoformat(), other.isoformat()])
    for length in DATATYPES:
        first, last = date_bounds(sooner[:length]), date_bounds(later[:length])
        assert first[0] <= last[0]
        assert first[1] <= last[1]


@given(st.text(max_size=12))
def test_any_text_has_bounds_or_is_no_date(text: str) -> None:
    try:
        first, last = date_bounds(text)
    except ValueError:
        return
    assert len(text) in DATATYPES
    assert date.fromisoformat(first) <= date.fromisoformat(last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "25", "2025-13", "2025-00", "2025-4", "2025-04-31", "2023-02-29", "0000"),
        *("20250404", "2025-04-04T00:00:00", " 2025", "-2025", "12025", "2025/04", "2025\n"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(BadDateError, match="is not a date"):
        date_bounds(text)


def test_dates_in_a_sentence_are_in_words_and_other_numbers_stay() -> None:
    said = "Since 2025-04-04 (in 2026-09), by GB 26451-2011, id a-2025-04, budget 2026-27, 2026-1"
    assert dates_in_words(said) == (
        "Since 4 Apr 2025 (in Sep 2026), by GB 26451-2011, id a-2025-04, budget 2026-27, 2026-1"
    )


def test_today_is_the_date_of_the_clock_and_all_else_stays() -> None:
    before, found, after = date.today(), read_today("today"), date.today()
    assert found in {before.isoformat(), after.isoformat()}
    assert [read_today(each) for each in (None, "", "2025", "Today")] == [None, "", "2025", "Today"]


TABLES = read_schema(ontology_folder()).tables


def days(table: str, **cells: str) -> tuple[str, str]:
    """First and last day of a row of a table with some cells."""
    row = Row(table, "a", f"{table}.csv", 2, {name: (Cell(text),) for name, text in cells.items()})
    begins, ends = time_columns(TABLES[table])
    return days_in(row, begins)[0], days_in(row, ends)[1]


@pytest.mark.parametrize(
    ("table", "cells", "wanted"),
    [
        ("ownership", {"valid_from": "2008", "valid_until": "2012-06"}, "2008-01-01 2012-06-30"),
        ("operations", {"until": "2015-08"}, "- 2015-08-31"),
        ("facility_events", {"date": "1952"}, "1952-01-01 1952-12-31"),
        ("policy_events", {"date": "2025-11-07", "until": "2026-11-10"}, "2025-11-07 2025-11-07"),
        ("policy_scope", {"from": "2025-12"}, "2025-12-01 -"),
        ("capacity", {"as_of": "2024-02"}, "2024-02-01 2024-02-29"),
        (
            "trade",
            {"year": "2025", "period_from": "2025-05", "period_until": "2025-06"},
            "2025-05-01 2025-06-30",
        ),
        ("trade", {"year": "2025"}, "2025-01-01 2025-12-31"),
        ("monthly", {"period_from": "2025-05", "period_until": "2025-05"}, "2025-05-01 2025-05-31"),
        ("compositions", {}, "- -"),
    ],
)
def test_a_row_starts_and_ends_as_its_kind_of_time_says(
    table: str, cells: dict[str, str], wanted: str
) -> None:
    assert " ".join(day or "-" for day in days(table, **cells)) == wanted


def test_no_row_ends_before_it_starts(shipped: Tables) -> None:
    columns = {name: time_columns(table) for name, table in shipped.schema.tables.items()}
    days = [
        (days_in(row, columns[row.table][0])[0], days_in(row, columns[row.table][1])[1])
        for row in shipped.rows
    ]
    dated = [(starts, ends) for starts, ends in days if starts and ends]
    assert len(dated) > 15_000
    assert all(starts <= ends for starts, ends in dated)


def table_of(time: str, name: str = "facts", *, in_every_view: bool = False) -> TableShape:
    columns = ("from", "until")
    return TableShape(name, "", "record", "", time, columns, (), in_every_view=in_every_view)


def entry_of(begins: str = "", ends: str = "", *, table: str = "facts", key: str = "a") -> Entry:
    bounds: list[Bounds] = [date_bounds(text) if text else None for text in (begins, ends)]
    return Entry(table, key, ("s",), False, bounds[0], bounds[1])


def cells_of(**cells: str) -> dict[str, tuple[Cell, ...]]:
    return {name: (Cell(text),) for name, text in cells.items() if text}


def days_between(bounds: tuple[str, str]) -> list[date]:
    first, last = map(date.fromisoformat, bounds)
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


PARTIAL = st.one_of(
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: day.isoformat()),
    st.integers(1, 12).map(lambda month: f"2024-{month:02}"),
)
DAYS = st.dates(date(2023, 12, 15), date(2025, 1, 15))


@given(begins=PARTIAL, ends=PARTIAL, day=DAYS)
def test_an_interval_is_what_all_or_some_of_its_possible_days_say(
    begins: str, ends: str, day: date
) -> None:
    possible = [
        first <= day <= last
        for first, last in product(
            days_between(date_bounds(begins)), days_between(date_bounds(ends))
        )
    ]
    expected = SURELY if all(possible) else PERHAPS if any(possible) else NO
    # An interval that must end before it begins holds on no day; each end alone decides.
    if date_bounds(ends)[0] >= date_bounds(begins)[1]:
        entry = entry_of(begins, ends)
        assert holds_on(entry, table_of("interval"), day.isoformat()) == expected


@given(when=PARTIAL, day=DAYS)
@pytest.mark.parametrize("time", ["event", "period"])
def test_what_has_happened_is_what_all_or_some_of_its_possible_days_say(
    time: str, when: str, day: date
) -> None:
    possible = [other <= day for other in days_between(date_bounds(when))]
    expected = SURELY if all(possible) else PERHAPS if any(possible) else NO
    assert holds_on(entry_of(when), table_of(time), day.isoformat()) == expected


@pytest.mark.parametrize(
    ("time", "begins", "ends", "expected"),
    [
        ("interval", "", "", PERHAPS),
        ("interval", "2008", "", SURELY),  # open: no end is known
        ("interval", "", "2015", PERHAPS),
        ("interval", "", "2009", NO),
        ("part", "", "", SURELY),  # the time of its whole
        ("part", "2011", "", NO),
        ("part", "", "2009", NO),
        ("event", "", "", PERHAPS),
        ("calendar", "2025", "", SURELY),
        ("none", "", "", SURELY),
    ],
)
def test_blank_dates_on_the_last_day_of_2010(
    time: str, begins: str, ends: str, expected: str
) -> None:
    assert holds_on(entry_of(begins, ends), table_of(time), "2010-12-31") == expected


SOURCES = {
    "law": SourceEntry("Ministry", 1, "2024-06-30", True),
    "study": SourceEntry("University", 2, "2020-12-31", True),
    "daily": SourceEntry("Daily", 3, "2019-05-05", True),
    "blog": SourceEntry("Blog", 4, "2026-11-24", False),
}
NAMES = sorted(SOURCES)


def index_of(*entries: Entry) -> Index:
    tables = {
        "facts": table_of("none"),
        "rules": table_of("none", "rules", in_every_view=True),
        "places": TableShape("places", "", "entity", "id/place/", "none", (), ()),
    }
    return Index(tuple(entries), SOURCES, tables)


def fact(key: str, *sources: str, joint: bool = False, table: str = "facts") -> Entry:
    return Entry(table, key, sources, joint, None, None)


def keys_kept(index: Index, filters: Filters) -> list[str]:
    return [index.entries[place].key for place in select(index, filters).kept]


@given(
    rows=st.lists(
        st.tuples(st.lists(st.sampled_from(NAMES), min_size=1, unique=True), st.booleans()),
        max_size=8,
    ),
    known=st.sampled_from([None, "2019-05-05", "2020-12-31", "2024-06-29", "2026-11-24"]),
    tier=st.sampled_from([None, 1, 2, 3, 4]),
    without=st.lists(st.sampled_from([*NAMES, "Ministry", "Blog"]), unique=True, max_size=2),
)
def test_one_source_passes_all_filters_at_once(
    rows: list[tuple[list[str], bool]], known: str | None, tier: int | None, without: list[str]
) -> None:
    def passes(name: str) -> bool:
        source = SOURCES[name]
        return (
            (known is None or source.known <= known)
            and (tier is None or source.tier <= tier)
            and name not in names_out
            and source.publisher not in publishers_out
        )

    names_out = {name for name in without if name in SOURCES and name.lower() == name}
    publishers_out = {name for name in without if name not in SOURCES}
    index = index_of(
        *(fact(str(place), *names, joint=joint) for place, (names, joint) in enumerate(rows))
    )
    asked = tuple(f"source:{name}" if name in SOURCES else f"publisher:{name}" for name in without)
    chosen = select(index, Filters(known=known, tier=tier, without=asked))
    expected = [
        place
        for place, (names, joint) in enumerate(rows)
        if (all if joint else any)(passes(name) for name in names)
    ]
    assert list(chosen.kept) == expected
    assert chosen.claims == len(expected)
    assert chosen.sources == {name for name in SOURCES if passes(name)}
    # What a filter costs alone is what the view loses when it stands alone.
    for name in asked:
        alone = select(index, Filters(without=(name,)))
        assert chosen.cost[f"without {name}"] == len(rows) - alone.claims
    assert chosen.claims >= len(rows) - sum(chosen.cost.values())


def test_tier_and_day_are_asked_of_the_same_source() -> None:
    index = index_of(fact("both", "law", "daily"), fact("one", "study"))
    filters = Filters(known="2020-12-31", tier=2)
    assert keys_kept(index, filters) == ["one"]
    assert dict(select(index, filters).cost) == {"known 2020-12-31": 0, "tier 2": 0, "together": 1}


def test_rows_without_a_dated_source_are_counted() -> None:
    index = index_of(fact("a", "blog"), fact("b", "law"), fact("c", "blog", "law"))
    chosen = select(index, Filters(known="2020-01-01"))
    assert (chosen.claims, chosen.cost["known 2020-01-01"], chosen.undated) == (0, 3, 1)


def test_identity_and_rules_are_in_every_view_unless_named() -> None:
    index = index_of(
        fact("place", "blog", table="places"), fact("rule", "blog", table="rules"), fact("a", "law")
    )
    assert keys_kept(index, Filters(tier=1)) == ["place", "rule", "a"]
    assert keys_kept(index, Filters(without=("rules",))) == ["place", "a"]
    assert keys_kept(index, Filters(without=("rules/rule",))) == ["place", "a"]
    assert keys_kept(index, Filters(without=("source:blog",))) == ["place", "a"]


def test_a_name_finds_a_table_a_source_a_publisher_or_a_row() -> None:
    index = index_of(fact("a", "law"), fact("place", "law", table="places"))
    assert find_exclusion(index, "facts") == ("table", "facts")
    assert find_exclusion(index, "law") == ("source", "law")
    assert find_exclusion(index, "university") == ("publisher", "University")
    assert find_exclusion(index, "row/facts/a") == ("row", "facts/a")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("daily", '"daily" is more than one thing; write source:daily or publisher:daily.'),
        ("lawe", 'There is no row, source, publisher or table "lawe"; did you mean "law"?'),
        ("places", '"places" is identity, which is in every view'),
        ("places/place", '"places/place" is identity'),
        ("source:facts", 'There is no row, source, publisher or table "source:facts"'),
    ],
)
def test_what_is_not_there_is_a_sentence(name: str, said: str) -> None:
    index = index_of(fact("a", "law"), fact("place", "law", table="places"))
    with pytest.raises(UnknownNameError) as caught:
        find_exclusion(index, name)
    assert str(caught.value).startswith(said)


def test_a_source_is_known_from_its_date_or_from_the_day_it_was_read(shipped: Tables) -> None:
    index = to_index(shipped.rows, shipped.schema)
    assert index.sources["article-2025-06"].known == "2025-06-11"
    assert index.sources["usgs-mcs2019-docslib"].known == "2019-12-31"  # printed as a year
    undated = next(each for each in index.sources.values() if not each.dated)
    assert undated.known == "2026-11-24"  # the day it was read


@pytest.mark.whole
def test_a_view_of_the_shipped_tables_is_what_plain_loops_say(shipped: Tables) -> None:
    index = to_index(shipped.rows, shipped.schema)
    chosen = select(index, Filters(valid="2010-12-31", known="2015-12-31", tier=2))
    sources = {row.key: row for row in shipped.of("sources")}

    def passes(name: str) -> bool:
        published = sources[name].text("published")
        known = min(date_bounds(day)[1] for day in (published, "2026-11-24") if day)
        return known <= "2015-12-31" and int(sources[name].text("tier")) <= 2

    def holds(table: str, cells: dict[str, str], names: list[str]) -> bool:
        time, columns = shipped.schema.tables[table].time, shipped.schema.tables[table].time_columns
        begins = cells.get(columns[0], "") if columns else ""
        ends = cells.get(columns[1], "") if len(columns) > 1 else ""
        if time in {"none", "calendar"}:
            return True
        plan = "planned" in (cells.get("event"), cells.get("kind")) or (
            cells.get("kind") == "target" or cells.get("status") == "announced"
        )
        papers = [sources[name].text("published") for name in names]
        told = min((date_bounds(day)[0] for day in papers if day), default="")
        if begins and date_bounds(begins)[0] > "2010-12-31" and (not plan or told > "2010-12-31"):
            return False
        return not (time in {"interval", "part"} and ends and date_bounds(ends)[1] < "2010-12-31")

    expected = []
    for place, row in enumerate(shipped.rows):
        table = shipped.schema.tables[row.table]
        if table.kind != "record" or table.in_every_view:
            continue
        cells = {name: values[0].text for name, values in row.cells.items()}
        names = [cell.text for cell in row.cells["source"]]
        every = all if cells.get("attribution") == "joint" else any
        if holds(row.table, cells, names) and every(passes(name) for name in names):
            expected.append(place)
    kept = [place for place in chosen.kept if index.is_claim(index.entries[place])]
    assert kept == expected
    assert 100 < len(kept) < 1000


@pytest.mark.parametrize(
    ("published", "date", "day", "expected"),
    [
        (("2024-06-11",), "2027", "2024-06-10", NO),
        (("2024-06-11",), "2027", "2024-06-11", SURELY),
        (("2024-06",), "2027", "2024-06-11", PERHAPS),
        (("", "2026", "2024-06-11"), "2027", "2024-06-11", SURELY),  # the first that says it
        (("",), "2027", "2024-06-11", PERHAPS),  # no source has a date
        (("",), "2027", "2028-01-01", SURELY),
        (("",), "", "2024-06-11", PERHAPS),
        (("2026",), "2022-04", "2023-01-01", SURELY),  # the day of the announcement
    ],
)
def test_when_a_plan_was_told(
    shipped: Tables, published: tuple[str, ...], date: str, day: str, expected: str
) -> None:
    papers = [
        Row("sources", f"s{place}", "sources.csv", 2, cells_of(published=said, tier="1"))
        for place, said in enumerate(published)
    ]
    cells = cells_of(event="planned", date=date)
    cells["source"] = tuple(Cell(paper.key) for paper in papers)
    plan = Row("facility_events", "p", "facility_events.csv", 2, cells)
    index = to_index([*papers, plan], shipped.schema)
    assert holds_on(index.entries[-1], index.tables["facility_events"], day) == expected


@pytest.mark.parametrize(
    ("published", "first", "day", "expected"),
    [
        ("2025-03-17", "2027", "2025-03-16", NO),
        ("2025-03-17", "2027", "2026-11-24", SURELY),  # agreed, to begin in 2027
        ("2025-03-17", "2011", "2012-01-01", SURELY),  # told late
        ("", "2027", "2026-11-24", NO),  # nobody knows since when it was told
        ("2025-03-17", "", "2012-01-01", PERHAPS),  # without a first day it may be older
    ],
)
def test_when_a_contract_was_told(
    shipped: Tables, published: str, first: str, day: str, expected: str
) -> None:
    paper = Row("sources", "s", "sources.csv", 2, cells_of(published=published, tier="1"))
    cells = {**cells_of(kind="offtake", valid_from=first), "source": (Cell("s"),)}
    link = Row("supply_links", "p", "supply_links.csv", 2, cells)
    index = to_index([paper, link], shipped.schema)
    assert holds_on(index.entries[-1], index.tables["supply_links"], day) == expected
