"""Japan: two quantity columns, thousands of yen, months to come, Japanese headers, Shift JIS."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError
from monazite.imports.imported import import_file
from tests.imports.importing import EXAMPLES, example, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("japan-customs", "japan-customs.csv", tmp_path)
    held = {(row["exporter"], row["year"], row["unit"]): row for row in rows(folder, "trade")}
    assert held["CHN", "2024", "t"]["value"] == "12"
    assert held["CHN", "2024", "jpy"]["value"] == "6000000"
    part = held["CHN", "2025", "t"]
    assert (part["value"], part["period_until"]) == ("1.7", "2025-02")
    assert held["USA", "2024", "t"]["value"] == "24"  # MT in the first column, pieces in the second
    assert held["JPN", "2024", "t"]["importer"] == "PHL"
    assert "recalled, not read" in held["JPN", "2024", "t"]["note"]
    assert any("code 999" in why for _, why in found.left_out)
    assert "thousands of yen" in rows(folder, "sources")[0]["note"]


def test_japanese_headers_in_shift_jis(tmp_path: Path) -> None:
    _, folder = example("japan-customs", "japan-customs-sjis.csv", tmp_path)
    assert [row["value"] for row in rows(folder, "trade")] == ["12", "6000000"]
    content = (EXAMPLES / "japan-customs-sjis.csv").read_bytes()
    with pytest.raises(FaultyTablesError, match="the text is not UTF-8"):
        import_file("comtrade", written(tmp_path, "x.csv", content), tmp_path / "none")
