"""Concentration as tables, CSV and JSON, of two years by hand."""

from __future__ import annotations

from monazite.findings.shares.tables import (
    CSV_COLUMNS,
    concentration_csv,
    concentration_dict,
    concentration_tables,
)
from tests.pages.drawings import year

OLD = year(year=2019, rows=("production/a", "production/b"), hhi_low=4000.0, hhi_high=6000.0)
NEW = year(
    year=2020, hhi=None, hhi_low=None, hhi_high=None, share=None, leader_label="", rows=(),
    note="Nobody prints it.", broken="series: a to b",
)  # fmt: skip


def cells(*, series: bool) -> list[dict[str, str]]:
    (table,) = concentration_tables([OLD, NEW], "Dysprosium", series=series)
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_ranges_first_rows_and_what_is_not_known() -> None:
    old, new = cells(series=False)
    assert (old["HHI"], old["range"], old["row"]) == ("5,000", "4,000 to 6,000", "production/a +1")
    assert (new["HHI"], new["range"], new["share"], new["leader"]) == ("not known",) * 4
    assert "break" not in old


def test_a_series_has_a_table_for_each_stage_and_material() -> None:
    other = year(stage="magnet", rank=2, shares={})
    tables = concentration_tables([OLD, NEW, other], "Dysprosium", series=True)
    assert [table.heading for table in tables] == [
        "Dysprosium: dysprosium at stage mine",
        "Dysprosium: shares not known at stage magnet",
    ]
    assert [row[tables[0].columns.index("break")] for row in tables[0].rows] == ["", "break"]
    assert tables[0].remarks == (
        "2020: Nobody prints it.",
        "2020 breaks the series; series: a to b.",
    )


def test_a_table_of_the_newest_years_says_of_which_stage_a_note_is() -> None:
    (table,) = concentration_tables([NEW], "Dysprosium", series=False)
    assert table.remarks == ("mine 2020: Nobody prints it.",)


def test_csv_has_plain_values_and_json_none_for_what_is_not_known() -> None:
    table = concentration_csv([OLD, NEW])
    old, new = (dict(zip(CSV_COLUMNS, row, strict=True)) for row in table.rows)
    assert (old["hhi"], old["rows"]) == ("5000.0", "production/a;production/b")
    assert (new["hhi"], new["rows"]) == ("", "")
    assert concentration_dict([NEW])[0]["hhi"] is None
