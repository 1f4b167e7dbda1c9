"""The method page says what the tables and the code say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.data.parameters import Contingency
from monazite.model.chemistry import read_chemistry
from monazite.model.flow.constraints import HIGHEST_WEIGHT, LOWEST_WEIGHT, STEPS
from monazite.model.flow.programme import Programme
from monazite.model.network.facts import read_facts
from monazite.model.reconciliation.programme import YearProgramme
from monazite.model.reconciliation.year import reconcile_members
from tests.conftest import view_in_memory
from tests.golden.lines import lines_of
from tests.model.sample import Draw

PAGE = (Path(__file__).resolve().parents[1] / "graph" / "METHOD.md").read_text(encoding="utf-8")
PACKAGE = Path(__file__).resolve().parents[1] / "graph" / "monazite"


def test_every_file_it_names_is_there() -> None:
    headings = re.findall(r"^## .*\((.*)\)$", PAGE, re.MULTILINE)
    named = {name for line in headings for name in re.findall(r"`([\w/]+)`", line)}
    assert len(named) > 8
    paths = {*re.findall(r"`([a-z_]+(?:/[a-z_]+)+)`", PAGE)}
    bracketed = {*re.findall(r"`([a-z_]+)`", PAGE)}
    names = names_of_the_programme() | steps_of_the_programme() | names_of_the_flow_model()
    assert bracketed <= names, "a file is named with its room"
    assert [
        name
        for name in sorted((paths | named) - {"graph/monazite"})
        if not (PACKAGE / f"{name}.py").is_file()
    ] == []


def test_the_way_of_a_record_leads_through_what_is_there() -> None:
    page = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\| .* \| `([\w/]+)` \| `(\w+)` \|$", page, re.MULTILINE)
    assert len(steps) > 12
    lost = [
        (file, name)
        for file, name in steps
        if not re.search(rf"^(?:def|class) {name}\b", (PACKAGE / f"{file}.py").read_text(), re.M)
    ]
    assert lost == []


def names_of_the_programme() -> set[str]:
    """Names of the columns and rows of the reconciled year, of magnets and of other elements."""
    found: set[str] = set()
    for element in ("MREE", "La"):
        facts = read_facts(view_in_memory().store, element, "2026-11-24")
        for year in reconcile_members(facts, read_chemistry(facts), 2024).values():
            assert year.model is not None
            named = (*year.model.names.values(), *year.model.row_names.values())
            found |= {name[0] for name in named}
    return found


def flow_models() -> Iterator[Programme]:
    """Of magnets, and of a drawn chain where who mines two ores keeps and sells."""
    view, asked = view_in_memory(), Contingency(horizon="medium-run")
    model = LossModel(view.network("Dy"), view.facts("Dy"), asked, 2024)
    yield model.study.programme(model.horizon)
    drawn = (Programme(Draw(seed).chain()) for seed in range(100))
    yield next(each for each in drawn if "ore_kept" in names_of(each))


def names_of(programme: Programme) -> set[str]:
    columns = programme.columns
    return {name[0] for name in (*columns.all_names().values(), *columns.row_names.values())}


def names_of_the_flow_model() -> set[str]:
    """Names of its columns and rows, of which none lacks one."""
    found: set[str] = set()
    for each in flow_models():
        assert len(each.columns.all_names()) == len(each.columns.cost)
        assert len(each.columns.row_names) == len(each.columns.row_upper)
        found |= names_of(each)
    return found


def steps_of_the_programme() -> set[str]:
    return {name for name in vars(YearProgramme) if name.startswith("add_")}


@pytest.mark.whole
def test_the_names_of_the_programme_are_those_of_the_page() -> None:
    tables = [line for line in PAGE.splitlines() if line.startswith("| `")]
    told = {name for line in tables for name in re.findall(r"`([a-z_]+)`", line)}
    reconciled = names_of_the_programme() | steps_of_the_programme()
    assert told == reconciled | names_of_the_flow_model()


@pytest.mark.parametrize("horizon", ["immediate", "short-run", "medium-run"])
def test_horizons_and_steps_are_those_of_the_assumptions(horizon: str) -> None:
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
    steps = f"{STEPS} equal steps whose weight falls from {HIGHEST_WEIGHT} to {LOWEST_WEIGHT}"
    assert steps in PAGE
