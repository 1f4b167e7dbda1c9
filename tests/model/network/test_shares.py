"""Which rows speak for a stage: hand-made rows, and a preferred series from other hands."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from monazite.model.network.facts import read_facts
from monazite.model.network.shares import (
    OutputFigure,
    Preferences,
    Split,
    read_preferences,
    split_stage,
)
from monazite.store.queries import QueryRecord
from monazite.view.view import View
from tests.golden.lines import line_of, lines_of

NOTHING = (None, None, None)
RULE = read_preferences(map(QueryRecord, lines_of("preferences").values()))
OLDEST = next(int(v["limit"]) for v in lines_of("preferences").values() if v["choice"] == "year")
PREFERRED = Path(__file__).parents[2] / "golden" / "preferred-series.csv"


def tonnes(place: str, value: float, **other: object) -> OutputFigure:
    """A row in tonnes; its place, series and number make its key."""
    figure = OutputFigure(
        row=f"production/{place}-{value:g}",
        place=place,
        total=place in {"WLD", "ROW"},
        stage="mine",
        rank=1,
        year=2024,
        series="s",
        basis="reo",
        tier=1,
        published="2025-01-31",
        preference=99,
        material="rare-earths",
        tonnes=(value, None, None),
        percent=NOTHING,
        rule=RULE,
    )
    found = replace(figure, **other)  # type: ignore[arg-type]
    return replace(found, row=f"{found.row}-{found.series}-{found.year}-{found.rank}")


def percent(
    place: str,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    **o: object,
) -> OutputFigure:
    """A row in percent; a range without a value stands with its middle, as the reader gives it."""
    middle = value if value is not None else ((low or 0) + (high or 0)) / 2
    found = tonnes(place, middle, basis="share-of-world-output", **o)
    return replace(found, tonnes=NOTHING, percent=(middle, low, high))


def split_of(*figures: OutputFigure, year: int = 2025) -> Split:
    found = split_stage(figures, "mine", year)
    assert found is not None
    return found


def shares_of(split: Split) -> dict[str, float]:
    return {place: round(share.share, 6) for place, share in split.shares.items()}


@pytest.mark.parametrize(
    ("figures", "shares", "rest", "denominator"),
    [
        # Shares of the printed total.
        ([tonnes("A", 60), tonnes("B", 30), tonnes("WLD", 100)], (0.6, 0.3), 0.1, "printed total"),
        # Lines above the printed total are their own denominator.
        ([tonnes("A", 90), tonnes("B", 30), tonnes("WLD", 100)], (0.75, 0.25), 0, "line sum"),
        # What a row prints for the rest is the rest.
        ([tonnes("A", 60), tonnes("B", 30), tonnes("ROW", 10)], (0.6, 0.3), 0.1, "line sum"),
        ([percent("A", 90), percent("B", 30)], (0.75, 0.25), 0, "line sum"),
        # One series in two bases is two series.
        (
            [*(tonnes(p, v) for p, v in (("A", 60), ("B", 40), ("WLD", 100))),
             tonnes("C", 500, basis="gross")],
            *((0.6, 0.4), 0, "printed total"),
        ),
    ],
)  # fmt: skip
def test_lines_are_shares_of_their_denominator(
    figures: list[OutputFigure], shares: tuple[float, float], rest: float, denominator: str
) -> None:
    split = split_of(*figures)
    assert shares_of(split) == dict(zip("AB", shares, strict=True))
    assert (round(split.rest, 6), split.denominator) == (rest, denominator)
    rests = tuple(each.row for each in figures if each.place == "ROW")
    assert split.rest_rows == rests


def test_lines_that_differ_from_the_total_in_the_last_binary_digit_are_equal_to_it() -> None:
    lines = [tonnes(place, value) for place, value in (("A", 0.1), ("B", 0.2), ("C", 0.3))]
    assert 0.1 + 0.2 + 0.3 > 0.6
    assert split_of(*lines, tonnes("WLD", 0.6)).denominator == "printed total"


def test_one_country_without_a_world_total_says_nothing() -> None:
    assert split_stage([tonnes("A", 60)], "mine", 2025) is None
    assert shares_of(split_of(tonnes("A", 60), tonnes("WLD", 80))) == {"A": 0.75}
    assert shares_of(split_of(percent("A", 94))) == {"A": 0.94}


def test_countries_of_two_series_are_never_mixed() -> None:
    one = [tonnes("A", 60, series="x", preference=1), tonnes("B", 40, series="x", preference=1)]
    other = [tonnes("C", 70, series="y"), tonnes("A", 20, series="y"), tonnes("D", 9, series="y")]
    split = split_of(*one, *other)
    assert shares_of(split) == {"A": 0.6, "B": 0.4}
    assert all(row.endswith("-x-2024-1") for row in split.rows)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"preference": 1, "tier": 3}, {"preference": 2, "tier": 1}),  # the rule
        ({"tier": 1, "published": "2020"}, {"tier": 2, "published": "2025"}),  # the better tier
        ({"published": "2025-06-30"}, {"published": "2025-05-31"}),  # the newer source
    ],
)
def test_the_order_of_the_series(better: dict[str, object], worse: dict[str, object]) -> None:
    figures = [
        tonnes(place, value, series=series, **given)
        for series, given, value in (("zz", better, 60), ("aa", worse, 70))
        for place in ("A", "B")
    ]
    assert {row.split("-")[2] for row in split_of(*figures).rows} == {"zz"}
    assert split_of(*figures) == split_of(*reversed(figures))


def test_two_countries_of_a_weak_source_speak_before_one_of_a_strong_one() -> None:
    strong = [percent("A", 90, series="strong", tier=1)]
    weak = [percent(place, 50, series="weak", tier=3) for place in "AB"]
    assert shares_of(split_of(*strong, *weak)) == {"A": 0.5, "B": 0.5}


def test_the_narrow_group_speaks_before_the_wide_one_even_if_it_is_older() -> None:
    narrow = [tonnes("A", 60, year=2020, rank=1), tonnes("B", 40, year=2020, rank=1)]
    wide = [tonnes("A", 10, year=2024, rank=3), tonnes("B", 90, year=2024, rank=3)]
    split = split_of(*narrow, *wide)
    assert (split.rank, split.year, shares_of(split)["A"]) == (1, 2020, 0.6)


@pytest.mark.parametrize("kind", ["proxy of rare earths", "upper bound", "forecast"])
def test_what_is_not_measured_leads_only_where_nothing_else_does_and_says_so(kind: str) -> None:
    measured = percent("CHN", 98, series="a", year=2023, tier=4)
    bound = percent("CHN", 99.9, series="b", year=2025, kind=kind)
    both, alone = split_of(measured, bound), split_of(bound)
    assert (both.year, both.shares["CHN"].kind) == (2023, "")
    assert (alone.year, alone.shares["CHN"].kind) == (2025, kind)
    of_one_year = split_of(measured, replace(bound, year=2023))
    assert of_one_year.shares["CHN"].share == pytest.approx(0.98)
    one_series = split_of(percent("CHN", 94, kind=kind), percent("CHN", 90, tier=3))
    assert one_series.shares["CHN"].share == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("kind", "value", "ends"),
    [
        ("lower bound", 80, (0.85, 0.85)),  # 85 is 80 or more
        ("lower bound", 90, (0.85, 0.9)),
        ("upper bound", 99.9, (0.85, 0.85)),
        ("upper bound", 80, (0.8, 0.85)),
        ("proxy of rare earths", 60, (0.85, 0.85)),
        ("forecast", 60, (0.6, 0.85)),
    ],
)
def test_a_bound_widens_a_range_only_by_what_it_forbids(
    kind: str, value: float, ends: tuple[float, float]
) -> None:
    split = split_of(percent("A", 85, series="x"), percent("A", value, series="y", kind=kind))
    assert (split.shares["A"].low, split.shares["A"].high) == pytest.approx(ends)
    assert bool(split.shares["A"].others) == (ends != (0.85, 0.85))


def test_rows_after_the_year_and_rows_too_old_do_not_speak() -> None:
    pair = [tonnes("A", 60), tonnes("B", 40)]
    assert split_stage(pair, "mine", 2023) is None
    assert split_stage(pair, "mine", 2024 + OLDEST) is not None
    assert split_stage(pair, "mine", 2024 + OLDEST + 1) is None
    newer = [tonnes("A", 10, year=2025), tonnes("B", 90, year=2025)]
    assert split_of(*pair, *newer, year=2024).year == 2024
    assert split_of(*pair, *newer, year=2025).year == 2025


def test_rows_that_contradict_make_the_range() -> None:
    chosen = percent("A", 85, preference=1, series="x")
    high, low = percent("A", 94, series="y", year=2023), percent("A", None, 80, 90, series="z")
    others = [
        percent("A", 50, series="old", year=2021),  # more than two years before: another world
        percent("B", 30, series="w"),
    ]
    share = split_of(chosen, high, low, *others).shares["A"]
    assert (share.share, share.low, share.high) == (0.85, 0.80, 0.94)
    assert (share.low_row, share.high_row) == (low.row, high.row)
    assert sorted(share.others) == sorted([high.row, low.row])
    alone = split_of(chosen).shares["A"]
    assert (alone.low_row, alone.high_row) == (chosen.row, chosen.row)


def test_rows_that_copy_one_root_count_once() -> None:
    chosen = percent("A", 85, preference=1, series="x", roots=frozenset({"report"}))
    copy = percent("A", 84, series="y", roots=frozenset({"report"}))
    rivals = [
        percent("A", 94, series=series, tier=tier, roots=frozenset({"agency"}))
        for series, tier in (("better", 2), ("worse", 3))
    ]
    share = split_of(chosen, copy, *rivals).shares["A"]
    assert (share.low, share.high) == (0.85, 0.94)
    assert share.others == (rivals[0].row,)


def test_the_rule_is_rows_and_not_code() -> None:
    """With another rule the same rows give another answer; without one, the first by name."""
    better = [tonnes(place, 60, series="zz", published="2020") for place in "AB"]
    worse = [tonnes(place, 70, series="aa", published="2025", tier=2) for place in "AB"]
    by_tier = Preferences({"series": (("better-tier", None), ("name", None))})
    for rule, series in ((by_tier, "zz"), (Preferences(), "aa")):
        split = split_of(*(replace(figure, rule=rule) for figure in (*better, *worse)))
        assert {row.split("-")[2] for row in split.rows} == {series}
    ancient = [replace(tonnes(place, 50, year=1900), rule=Preferences()) for place in "AB"]
    assert split_of(*ancient).year == 1900


def test_a_printed_value_stands_before_the_middle_of_a_range() -> None:
    split = split_of(percent("A", None, 80, 100, tier=1), percent("A", 85, tier=3))
    assert split.shares["A"].share == 0.85


# The preferred series, marked row by row by the people who compiled the tables.


@cache
def preferred() -> dict[str, str]:
    with PREFERRED.open(encoding="utf-8", newline="") as file:
        return {line["row"]: line["reason"] for line in csv.DictReader(file)}


def _is_mined(row: str) -> bool:
    line = line_of(row)
    return (
        row.startswith("production/")
        and (line["stage"], line["material"]) == ("mine", "rare-earths")
        and 1992 <= int(line["year"]) <= 2025
    )


@pytest.fixture(scope="module")
def mined(view: View) -> dict[int, Split]:
    figures = read_facts(view.store, "TREO", view.valid).figures("treo")
    found = {year: split_stage(figures, "mine", year) for year in range(1992, 2026)}
    return {year: split for year, split in found.items() if split and split.year == year}


def test_the_rule_picks_every_row_of_the_default_series_and_nothing_else(
    mined: dict[int, Split],
) -> None:
    """The collection's own marks, with the United States of 2012 to 2017 taken from the USGS."""
    reasons = {"default-series": 295, "usgs-for-usa": 6}
    for reason, count in reasons.items():
        rows = [row for row, why in preferred().items() if why == reason and _is_mined(row)]
        assert len(rows) == count
        for row in rows:
            line = line_of(row)
            assert mined[int(line["year"])].shares[line["country"]].rows == (row,)
    assert set(mined) == set(range(1992, 2026))
    picked = {row for split in mined.values() for s in split.shares.values() for row in s.rows}
    assert {preferred()[row] for row in picked} == {*reasons}


@pytest.mark.parametrize("element", ["MREE", "Dy", "NdPr", "Tb", "Sm", "TREO"])
def test_a_split_of_the_shipped_tables_is_one_series_of_one_material(
    view: View, element: str
) -> None:
    """And a leader that is not measured is said to be so."""
    for split in read_facts(view.store, element, view.valid).splits.values():
        lines = [line_of(row) for share in split.shares.values() for row in share.rows]
        for column in ("series", "basis", "year", "material"):
            assert len({line[column] for line in lines}) == 1, (split.stage, column)
        for share in split.shares.values():
            kinds = line_of(share.rows[0])["figure_kind"].split(";")
            assert bool(share.kind) == {"measured", "imports", "use"}.isdisjoint(kinds)


def test_the_usgs_world_of_2025(mined: dict[int, Split]) -> None:
    """USGS, Mineral Commodity Summaries 2026: world 390,000 t, China 270,000, USA 51,000."""
    split = mined[2025]
    assert split.world_tonnes == pytest.approx(390_000, rel=0.005)
    assert split.shares["CHN"].tonnes == 270_000
    assert split.shares["USA"].tonnes == 51_000
    assert set(split.total_rows) <= set(lines_of("production_totals"))


def criterion(choice: str, rank: int, criterion: str, limit: str = "") -> QueryRecord:
    return QueryRecord(
        {"choice": choice, "rank": str(rank), "criterion": criterion, "limit": limit}
    )


BY_HAND = read_preferences(
    [
        criterion("series", 2, "name"),
        criterion("series", 1, "more-countries", "3"),
        criterion("year", 1, "not-older", "5"),
    ]
)


def test_criteria_decide_in_the_order_of_their_ranks() -> None:
    assert BY_HAND.choices["series"] == (("more-countries", 3), ("name", None))


def test_past_its_limit_a_count_makes_no_difference() -> None:
    few, some, many = (
        BY_HAND.order("series", {"more-countries": -n, "name": name})
        for n, name in ((2, "a"), (3, "c"), (9, "b"))
    )
    assert sorted([few, some, many]) == [many, some, few]


@pytest.mark.parametrize(("age", "speaks"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_row_speaks_up_to_its_age_and_never_of_the_future(age: int, speaks: bool) -> None:
    assert BY_HAND.speaks("year", age) is speaks
