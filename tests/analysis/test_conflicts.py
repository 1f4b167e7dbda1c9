"""Conflicts by facts of the tables and by the corpus that compilers recorded."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from monazite.analysis.conflicts.conflicts import (
    ALL,
    KIND,
    KINDS,
    Conflict,
    ConflictLine,
    Conflicts,
    check_kind,
    conflicts_about,
    differ_by,
    find_conflicts,
    find_own_conflicts,
)
from monazite.core.errors import UnknownNameError
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.reader import Tables, read_tables
from monazite.data.sameness import SourceAttribution
from tests.golden.lines import lines_of
from tests.results import records_in


@pytest.fixture(scope="module")
def found(shipped: Tables) -> list[Conflict]:
    return find_conflicts(shipped.rows, shipped.schema)


def conflict_of(found: list[Conflict], kind: str, *rows: str) -> Conflict:
    """The one conflict of a kind that holds all of some rows."""
    meant = [c for c in found if c.kind == kind and set(rows) <= set(c.rows)]
    assert len(meant) == 1, [(c.kind, c.rows) for c in found if set(rows) & set(c.rows)]
    return meant[0]


MINE = "production/{}-mine-rare-earths-{}"
GOLDEN: list[tuple[str, tuple[str, ...], float, str]] = [
    # BGS 180,000 t; USGS (as reprinted) and World Mining Data 120,000 t, which is the quota.
    ("real", tuple(MINE.format("chn", f"2018-{s}") for s in ("bgs", "usgs-reprint", "wmd")),
     1 / 3, "part"),
    # USGS 2026 140 t, USGS 2025 and who copies it 130 t, World Mining Data 5,120 t.
    ("real", tuple(MINE.format("mys", f"2024-{s}") for s in ("usgs-mcs-2026", "wmd")),
     (5120 - 130) / 5120, "part"),
    # USGS of 2024 printed 240,000 t, USGS of 2025, BGS and World Mining Data 255,000 t.
    ("edition", tuple(MINE.format("chn", f"2023-{s}") for s in ("usgs-mcs-2024", "bgs", "wmd")),
     15 / 255, "part"),
    # BGS took 0.6 of the 5,400 t that the USGS gives as oxide already.
    ("basis", (MINE.format("usa", "2014-bgs"), MINE.format("usa", "2014-usgs-mcs-2019")),
     0.4, "part"),
    # Mountain Pass in 2014: 5,400 t of concentrate (USGS), 4,785 t mined (a blog).
    ("definition",
     ("capacity/mountain-pass-concentrate-bastnaesite-concentrate-actual-output-2014",
      "capacity/mountain-pass-mine-rare-earth-oxides-actual-output-2014"), 615 / 5400, "part"),
    # Two texts give 100 t a year of feed, one 10.
    ("real", ("capacity/cyclic-hub100-recycling-magnet-scrap-nameplate-2024-06",
              "capacity/cyclic-hub100-recycling-magnet-scrap-nameplate-2024-06-2"), 0.9, "part"),
    # One text gives both: first 1,200 t a year, later 4,800.
    ("definition", ("capacity/usar-stillwater-magnet-ndfeb-magnet-planned-2024",
                    "capacity/usar-stillwater-magnet-ndfeb-magnet-planned-2024-2"), 0.75, "part"),
    # May 2019 against the final index of November.
    ("real", ("quotas/chn-mining-quota-2019-reo", "quotas/chn-mining-quota-2019-reo-2"),
     12 / 132, "part"),
    # The outlooks of 2024 (by way of its copies) and 2025 of the IEA.
    ("edition", ("demand/all-uses-magnet-rare-earths-2050-iea-aps-scenario",
                 "demand/all-uses-magnet-rare-earths-2050-iea-aps-scenario-2"),
     16.314 / 197.314, "part"),
    # Year-end against average of the year, both USGS.
    ("basis", ("prices/dysprosium-oxide-2014-year-end", "prices/dysprosium-oxide-2014-average"),
     35 / 395, "part"),
    # 1992-12-31 to 1994-01-19.
    ("real", ("facility_events/bukit-merah-1992-closed",
              "facility_events/bukit-merah-1994-01-19-closed"), 384, "days"),
    # 0.1644 degrees of latitude and 0.2681 of longitude at 34.8 north.
    ("real", ("coordinates/weishan-historyatlas-ree-2026",
              "coordinates/weishan-ree-sitelayer-2026"), 30.6, "kilometres"),
    ("rounding", ("facility_events/silmet-sillamae-2011-04-01-sold",
                  "facility_events/silmet-sillamae-2011-sold"), 0, "days"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "rows", "size", "measure"), GOLDEN, ids=lambda v: str(v)[:60])
def test_a_conflict_worked_out_by_hand(
    found: list[Conflict], kind: str, rows: tuple[str, ...], size: float, measure: str
) -> None:
    conflict = conflict_of(found, kind, *rows)
    assert conflict.difference == pytest.approx(size, rel=0.01)
    assert conflict.measure == measure
    assert all(line.sources for line in conflict.lines)


def test_reprints_of_one_edition_do_not_stand_beside_it(found: list[Conflict]) -> None:
    """China 2021: two reprints of USGS editions, of which the later one stands."""
    conflict = conflict_of(found, "real", MINE.format("chn", "2021-bgs"))
    stands = {line.row: line.stands for line in conflict.lines}
    assert stands[MINE.format("chn", "2021-usgs-reprint")]
    assert not stands[MINE.format("chn", "2021-usgs-reprint-2")]


def test_the_order(found: list[Conflict]) -> None:
    order = [(KINDS.index(conflict.kind), conflict.measure) for conflict in found]
    assert [kind for kind, _ in order] == sorted(kind for kind, _ in order)
    for kind in KINDS:
        parts = [c.difference for c in found if c.kind == kind and c.measure == "part"]
        assert parts == sorted(parts, reverse=True)  # type: ignore[type-var]
    assert {conflict.kind for conflict in found} == set(KINDS)


def test_every_row_of_a_conflict_is_a_row_of_the_tables(found: list[Conflict]) -> None:
    for conflict in found:
        assert len(set(conflict.rows)) == len(conflict.rows) > 1
        assert set(conflict.rows) <= set(lines_of(conflict.table))
        assert sum(line.stands for line in conflict.lines) >= 1
        for line in conflict.lines:
            own = lines_of(conflict.table)[line.row]["source"].split(";")
            assert sorted(source.id for source in line.sources) == sorted(own)


# The conflicts that the compilers recorded: which of them are found again.
def test_the_recorded_conflicts_are_found_again(found: list[Conflict]) -> None:
    """All that were detected by comparing rows; identity has no other row to read."""
    conflicts = [set(conflict.rows) for conflict in found]
    hits, every, missed = Counter[str](), Counter[str](), []
    for key, line in lines_of("recorded_conflicts").items():
        rows = set(line["rows"].split(";"))
        every[line["found_by"]] += 1
        if any(len(rows & conflict) >= min(2, len(rows)) for conflict in conflicts):
            hits[line["found_by"]] += 1
        elif line["found_by"] == "detected":
            missed.append((key, line["table"]))
    assert {table for _, table in missed} == {"organisations"}
    assert (hits["detected"], every["detected"]) == (195, 200)
    assert hits["parts-or-reading"] >= 18
    assert hits.total() >= 220
    assert every.total() == 286


def test_conflicts_about_something(found: list[Conflict], shipped: Tables) -> None:
    def rows_about(entity: str) -> set[str]:
        about = conflicts_about(found, entity, shipped.rows, shipped.schema)
        return {row for conflict in about for row in conflict.rows}

    base = "https://w3id.org/monazite/id/"
    mountain_pass = rows_about(base + "facility/mountain-pass")
    assert "facility_events/mountain-pass-1997-suspended" in mountain_pass
    assert "assays/mountain-pass-ce-treo" in mountain_pass  # its deposit
    assert not any("mt-weld" in row for row in mountain_pass)
    dysprosium = rows_about(base + "element/Dy")
    assert "prices/dysprosium-oxide-2014-average" in dysprosium
    assert not any("neodymium" in row for row in dysprosium)
    group = rows_about(base + "element-group/ndpr")
    assert {"prices/neodymium-oxide-2014-average"} <= group


def test_rows_of_another_table_are_compared_by_their_shape_alone(small_ontology: Path) -> None:
    """The code names no table: a small ontology, with a second reading of a holding."""
    table = small_ontology / "tables" / "ownership.csv"
    table.write_text(
        table.read_text(encoding="utf-8")
        + "lynas-kuantan-2,lynas,kuantan,90,stated,2012,,,digest,,,\n",
        encoding="utf-8",
    )
    schema = read_schema(small_ontology)
    tables = read_tables(small_ontology / "tables", schema)
    assert tables.faults == []
    (conflict,) = find_conflicts(tables.rows, schema)
    assert (conflict.kind, conflict.fact) == ("real", "Lynas; Kuantan plant; 2012")
    assert [line.value for line in conflict.lines] == [90, 100]
    assert conflict.difference == pytest.approx(0.1)


ROW = "facility_events/bukit-merah-1992-closed"


def test_conflicts_of_a_row_are_those_that_name_it(shipped: Tables) -> None:
    found = find_own_conflicts(shipped.rows, shipped.schema, {ROW})
    every = find_conflicts(shipped.rows, shipped.schema)
    assert found == [each for each in every if ROW in each.rows]
    assert [each.kind for each in found] == ["real"]
    assert find_own_conflicts(shipped.rows, shipped.schema, ()) == []


OURS = "capacity/mountain-pass-separation-ndpr-oxide-actual-output-2024"


@pytest.mark.parametrize(
    ("number", "unit", "as_of", "contradicts"),
    [
        ("9999", "t-per-year", "2024", True),
        ("9.999", "kt", "2024", True),
        ("1294", "t", "2024", False),
        ("9999", "t", "2024-06", False),
    ],
)
def test_tonnes_of_a_year_are_tonnes_per_year(
    shipped: Tables, tmp_path: Path, number: str, unit: str, as_of: str, *, contradicts: bool
) -> None:
    (tmp_path / "capacity.csv").write_text(
        "row,facility,stage,material,kind,as_of,value,unit,basis\n"
        f"own,mountain-pass,separation,ndpr-oxide,actual-output,{as_of},{number},{unit},oxide\n",
        encoding="utf-8",
    )
    rows = read_tables(ontology_folder() / "tables", shipped.schema, tmp_path).rows
    found = find_own_conflicts(rows, shipped.schema, {"capacity/own"})
    real = [each.rows for each in found if each.kind == "real"]
    assert real == ([(OURS, "capacity/own")] if contradicts else [])


COUNTS = {"real": 1, "basis": 2, "definition": 0, "year": 0, "edition": 0, "rounding": 3}


def line(row: str, text: str, *, stands: bool = True, remark: str = "") -> ConflictLine:
    source = SourceAttribution(1, (), "s", "USGS", "2025", "s", "USGS", "2025-12-31")
    return ConflictLine(
        row, text, 1.0, 1.0, 1.0, "REO", "planned", "2024", (source,), stands, remark
    )


CONFLICT = Conflict(
    "real",
    "production",
    "China; Mine",
    0.953,
    "part",
    (
        line("production/a", "130 t"),
        line("production/b", "5,120 t", stands=False, remark="superseded by production/a"),
    ),
)


def test_a_conflict_is_one_line_a_row_with_the_fact_on_the_first() -> None:
    (table,) = Conflicts((CONFLICT,), KIND, COUNTS, label="China").tables()
    assert table.heading == "Sources that disagree: China (1 fact)"
    first, second = records_in(table)
    assert (first["fact"], second["fact"]) == ("China; Mine", "")
    assert (first["differ by"], second["differ by"]) == ("95 %", "")
    assert (first["stands"], second["stands"]) == ("yes", "no, superseded")
    assert first["source"] == "USGS 2025, official or company"
    assert table.remarks == ("Not listed: 2 by basis, 3 by rounding; --kind all lists them.",)


def test_differences_in_their_measure() -> None:
    def of(size: float | None, measure: str) -> str:
        return differ_by(Conflict("real", "t", "f", size, measure, ()))

    assert [of(0.003, "part"), of(1.0, "part"), of(384, "days"), of(30.6, "kilometres")] == [
        "<1 %",
        "100 %",
        "384 days",
        "31 km",
    ]
    assert of(None, "") == ""


def test_a_word_means_one_kind_and_one_word_all() -> None:
    assert [check_kind(kind) for kind in KINDS] == [(kind,) for kind in KINDS]
    assert check_kind(ALL) == KINDS
    assert check_kind(KIND) == ("real",)


def test_what_is_no_kind_is_told_with_what_is() -> None:
    with pytest.raises(UnknownNameError, match='no kind of conflict "edtion"; did you mean "edit'):
        check_kind("edtion")


def test_json_and_csv_have_every_row_with_its_root() -> None:
    found = Conflicts((CONFLICT,), KIND, COUNTS)
    ((first, _),) = (each["rows"] for each in json.loads(found.to_json())["conflicts"])
    assert (first["row"], first["value"], first["stands"]) == ("production/a", 1.0, True)
    assert [source["root"] for source in first["sources"]] == ["s"]
    (table,) = found.csv_tables()
    told = records_in(table)
    assert [each["fact"] for each in told] == ["China; Mine", "China; Mine"]
    assert told[1]["stands"] == "false"
