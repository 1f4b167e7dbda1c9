"""The method page says what the tables and the code say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monazite.findings.flow_model.constraints import HIGHEST_WEIGHT, LOWEST_WEIGHT, STEPS
from tests.golden.lines import lines_of

PAGE = (Path(__file__).resolve().parents[1] / "graph" / "METHOD.md").read_text(encoding="utf-8")
PACKAGE = Path(__file__).resolve().parents[1] / "graph" / "monazite"


def test_every_file_it_names_is_there() -> None:
    headings = re.findall(r"^## .*\((.*)\)$", PAGE, re.MULTILINE)
    named = {name for line in headings for name in re.findall(r"`([\w/]+)`", line)}
    assert len(named) > 8
    findings = PACKAGE / "findings"
    assert [name for name in sorted(named) if not (findings / f"{name}.py").is_file()] == []
    paths = {*re.findall(r"`([a-z_]+(?:/[a-z_]+)+)`", PAGE)}
    bracketed = {*re.findall(r"`([a-z_]+)`", PAGE)}
    assert bracketed == set(), "a file is named with its room"
    beside = paths - named - {"graph/monazite/findings"}
    homes = (PACKAGE, findings)
    missing = [x for x in beside if not any((home / f"{x}.py").is_file() for home in homes)]
    assert sorted(missing) == []


@pytest.mark.parametrize("horizon", ["immediate", "short-run", "medium-run"])
def test_horizons_are_those_of_the_assumptions(horizon: str) -> None:
    (line,) = [x for x in PAGE.splitlines() if x.startswith(f"| {horizon}")]
    rows = [
        row
        for row in lines_of("assumptions").values()
        if row["property"].startswith("horizon-") and row["subject_text"] == horizon
    ]
    assert len(rows) >= 2
    for row in rows:
        numbers = [row[f"value{end}"] or row[f"percent{end}"] for end in ("", "_low", "_high")]
        unit = " %" if row["percent"] else ""
        value, low, high = numbers
        shown = f"{value}{unit}" if low == high else f"{value}{unit} ({low} to {high}{unit})"
        assert shown in line, row["row"]


def test_steps_are_those_of_the_programme() -> None:
    assert (
        f"{STEPS} equal steps whose weight falls from {HIGHEST_WEIGHT} to {LOWEST_WEIGHT}" in PAGE
    )
